"""The custodian's own enrolment of venues: one-time codes, kept as digests, exchanged once for a signing key."""

import base64
import datetime as dt
import secrets
from typing import Final

from sqlalchemy import insert, select, update

from contracts.api import Enrolment
from contracts.base import digest
from contracts.clock import stamp
from contracts.phrase import Phrase
from contracts.succession import KIND, SignedSuccession, SuccessionError, check, statements
from hub.custodian import log, tables
from hub.custodian.errors import CodeRefused, SuccessionRefused
from hub.custodian.store import Transaction

CODE_LIFETIME: Final = dt.timedelta(days=14)
_CODE_BYTES: Final = 15  # 120 bits: beyond guessing, so that a plain digest may be stored
_GROUP: Final = 4


def issue_code(tx: Transaction, venue: str, *, daily_cap: int) -> str:
    """Return a one-time code for *venue*, valid a fortnight; an earlier one dies. Show it now or never."""
    text = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()
    code = "-".join(text[i : i + _GROUP] for i in range(0, len(text), _GROUP))
    values = {
        "code_sha256": digest(code.encode()),
        "code_expires": stamp(tx.clock.now() + CODE_LIFETIME),
        "code_key": None,
        "daily_cap": daily_cap,
    }
    kept = tx.run(update(tables.venue).where(tables.venue.c.venue == venue).values(values))
    if kept.rowcount == 0:
        tx.run(insert(tables.venue).values(venue=venue, **values))
    log.append(tx, "code-issued", {"venue": venue, "daily_cap": daily_cap})
    return code


def enrol(tx: Transaction, enrolment: Enrolment) -> None:
    """Take the venue's key in exchange for its code; the same message again changes nothing.

    Raises:
        CodeRefused: the code is unknown, of another venue, used with another key, or expired.
    """
    row = tx.run(select(tables.venue).where(tables.venue.c.venue == enrolment.venue)).first()
    if row is None or row.code_sha256 != digest(enrolment.code.encode()):
        raise CodeRefused(_REFUSED)
    if row.code_key == enrolment.signing_key:
        return  # the answer was lost on its way; the key is enrolled
    if row.code_key is not None or row.code_expires <= tx.now():
        raise CodeRefused(_REFUSED)
    tx.run(
        update(tables.venue)
        .where(tables.venue.c.venue == enrolment.venue)
        .values(signing_key=enrolment.signing_key, code_key=enrolment.signing_key)
    )
    log.append(tx, "enrolled", {"venue": enrolment.venue, "signing_key": enrolment.signing_key})


def succeed(tx: Transaction, signed: SignedSuccession) -> None:
    """Let a venue's new key stand in the place of the one enrolled here; the same statement again changes nothing.

    Raises:
        SuccessionRefused: it is not signed by both keys, starts from another key than the enrolled one, or names
            a key that stood before.
    """
    said = signed.succession
    told = successions(tx, said.name)
    if told and told[-1] == signed:
        return
    stood = {key for s in told for key in (s.succession.former, s.succession.key)}
    try:
        check(signed)
    except SuccessionError:
        raise SuccessionRefused(_NOT_FOLLOWING) from None
    if signing_key(tx, said.name) != said.former or said.key in stood:
        raise SuccessionRefused(_NOT_FOLLOWING)
    row = tables.venue
    tx.run(update(row).where(row.c.venue == said.name).values(signing_key=said.key))
    log.append(tx, KIND, signed.model_dump(mode="json"))


def successions(tx: Transaction, venue: str) -> list[SignedSuccession]:
    """Return the statements by which the venue's key moved, oldest first."""
    return statements(log.of_kind(tx, KIND), "venue", venue)


def signing_key(tx: Transaction, venue: str) -> str | None:
    """Return the Ed25519 public key that *venue* enrolled, or None."""
    row = tables.venue.c
    return tx.run(select(row.signing_key).where(row.venue == venue)).scalar_one_or_none()


_NOT_FOLLOWING: Final = Phrase(
    "Found a key statement that does not follow from the venue's enrolled key; expected one signed by that key "
    "and a new one. If the key is lost or stolen, issue a code with `farandole-custodian enrol`."
)
_REFUSED: Final = Phrase(
    "Found a one-time code that is unknown, used or expired; expected the newest one of this venue. "
    "Issue another with `farandole-custodian enrol`."
)
