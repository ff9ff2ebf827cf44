"""The custodian's own enrolment of venues: one-time codes, kept as digests, exchanged once for a signing key."""

import base64
import datetime as dt
import secrets
from typing import Final

from sqlalchemy import insert, select, update

from contracts.api import Enrolment
from contracts.base import digest
from contracts.clock import stamp
from hub.custodian import log, tables
from hub.custodian.errors import CodeRefused
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


def signing_key(tx: Transaction, venue: str) -> str | None:
    """Return the Ed25519 public key that *venue* enrolled, or None."""
    row = tables.venue.c
    return tx.run(select(row.signing_key).where(row.venue == venue)).scalar_one_or_none()


_REFUSED: Final = (
    "Found a one-time code that is unknown, used or expired; expected the newest one of this venue. "
    "Issue another with `farandole-custodian enrol`."
)
