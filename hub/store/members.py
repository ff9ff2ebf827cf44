"""Who belongs to the network: one-time codes, enrolment, and each venue's signing key."""

import base64
import datetime as dt
import secrets
from collections.abc import Callable
from typing import Final

from sqlalchemy import delete, insert, select, update

from contracts.api import Enrolment
from contracts.base import digest
from contracts.clock import stamp
from contracts.problems import ProblemType
from contracts.succession import KIND, SignedSuccession, SuccessionError, check, statements
from hub.errors import CodeRefused, IntakeRefused
from hub.store import audit, tables
from hub.store.transaction import Reading, Transaction

CODE_BYTES: Final = 15  # 120 bits: beyond guessing, so that a plain digest may be stored
CODE_GROUP: Final = 4
CODE_LIFETIME: Final = dt.timedelta(days=7)


def issue_code(
    tx: Transaction,
    venue: str,
    *,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """Return a one-time code for *venue*, valid seven days; an unused earlier one dies.

    Only its digest is kept: show it now or never.
    """
    text = base64.b32encode(random_bytes(CODE_BYTES)).decode()
    code = "-".join(text[i : i + CODE_GROUP] for i in range(0, len(text), CODE_GROUP))
    tx.run(delete(tables.code).where(tables.code.c.venue == venue, tables.code.c.used_by.is_(None)))
    tx.run(
        insert(tables.code).values(
            code_sha256=_digest(code),
            venue=venue,
            expires_at=stamp(tx.clock.now() + CODE_LIFETIME),
        )
    )
    audit.append(tx, "code-issued", {"venue": venue})
    return code


def enrol(tx: Transaction, enrolment: Enrolment) -> None:
    """Take the venue's key in exchange for its code; the same message again changes nothing.

    Raises:
        CodeRefused: the code is unknown, of another venue, used with another key, or expired.
    """
    code = tables.code.c
    row = tx.run(select(tables.code).where(code.code_sha256 == _digest(enrolment.code))).first()
    if row is not None and row.venue == enrolment.venue and row.used_by == enrolment.signing_key:
        return  # the answer was lost on its way; the key is enrolled
    if (
        row is None
        or row.venue != enrolment.venue
        or row.used_by is not None
        or row.expires_at <= tx.now()
    ):
        raise CodeRefused(
            "The one-time code is unknown, used or expired; expected the newest one issued for this "
            "venue. Ask the hub's operator for another."
        )
    tx.run(
        update(tables.code)
        .where(code.code_sha256 == row.code_sha256)
        .values(used_by=enrolment.signing_key)
    )
    _keep(tx, enrolment)
    audit.append(
        tx, "member-enrolled", {"venue": enrolment.venue, "signing_key": enrolment.signing_key}
    )


def succeed(tx: Transaction, signed: SignedSuccession) -> None:
    """Let a venue's new key stand in the place of the one that is enrolled; the same statement again changes nothing.

    The statement goes into the public chain: the vault follows it from the charter, whatever stands here.

    Raises:
        IntakeRefused: it is not signed by both keys, starts from another key than the enrolled one, or names a
            key that stood before.
    """
    said = signed.succession
    told = statements(audit.of_kind(tx, KIND), "venue", said.name)
    if told and told[-1] == signed:
        return  # the answer was lost on its way
    used = set(member_keys(tx).values()) | {key for s in told for key in _keys(s)}
    try:
        check(signed)
    except SuccessionError:
        raise IntakeRefused(ProblemType.SUCCESSION) from None
    if member_key(tx, said.name) != said.former or said.key in used:
        raise IntakeRefused(ProblemType.SUCCESSION)
    tx.run(
        update(tables.member).where(tables.member.c.venue == said.name).values(signing_key=said.key)
    )
    audit.append(tx, KIND, signed.model_dump(mode="json"))


def _keys(signed: SignedSuccession) -> tuple[str, str]:
    return signed.succession.former, signed.succession.key


def member_key(reading: Reading, venue: str) -> str | None:
    """Return the Ed25519 public key that *venue* enrolled, or None."""
    return reading.run(
        select(tables.member.c.signing_key).where(tables.member.c.venue == venue)
    ).scalar_one_or_none()


def member_keys(reading: Reading) -> dict[str, str]:
    """Return every enrolled venue's key, by slug in alphabetical order."""
    rows = reading.run(select(tables.member).order_by(tables.member.c.venue))
    return {row.venue: row.signing_key for row in rows}


def _keep(tx: Transaction, enrolment: Enrolment) -> None:
    """Write the venue's key, in place of an earlier one: a fresh code is how a lost key is replaced."""
    values = {"signing_key": enrolment.signing_key, "enrolled_at": tx.now()}
    kept = tx.run(
        update(tables.member).where(tables.member.c.venue == enrolment.venue).values(values)
    )
    if kept.rowcount == 0:
        tx.run(insert(tables.member).values(venue=enrolment.venue, **values))


def _digest(code: str) -> str:
    return digest(code.encode())
