"""Evaluation sessions: points in and out, kept an hour so that a proof can be asked for them and for nothing else."""

import datetime as dt
import secrets
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import delete, insert, select, update

from contracts.clock import stamp
from contracts.ristretto import POINT_BYTES
from hub.custodian import tables
from hub.custodian.errors import Replayed, SessionUnknown
from hub.custodian.store import Transaction

LIFETIME: Final = dt.timedelta(hours=1)
MAX_PROOFS: Final = 3
"""One is the rule; two more for answers lost on their way."""
NONCE_LIFETIME: Final = dt.timedelta(minutes=11)
"""Just above twice the age that a signature may have."""
_SESSION_BYTES: Final = 32


@dataclass(frozen=True)
class Session:
    """What one request had evaluated."""

    session: str
    season: str
    points: bytes = field(repr=False)
    evaluated: bytes = field(repr=False)

    def pick(self, indices: list[int]) -> tuple[bytes, bytes]:
        """Return the points and evaluated points at *indices*.

        Raises:
            SessionUnknown: an index is beyond the session, or stands twice.
        """
        count = len(self.points) // POINT_BYTES
        if max(indices) >= count or len(set(indices)) != len(indices):
            raise SessionUnknown(
                "Found indices outside the session, or twice; expected its own, once."
            )
        chosen = [slice(i * POINT_BYTES, (i + 1) * POINT_BYTES) for i in indices]
        return b"".join(self.points[s] for s in chosen), b"".join(self.evaluated[s] for s in chosen)


def remember_nonce(tx: Transaction, venue: str, nonce: str) -> None:
    """Keep the nonce of a signed request for as long as its signature could be presented again.

    Raises:
        Replayed: it is known already.
    """
    row = tables.nonce.c
    tx.run(delete(tables.nonce).where(row.expires <= tx.now()))
    if tx.run(select(tables.nonce).where(row.venue == venue, row.nonce == nonce)).first():
        raise Replayed("Found a request that was received before; expected a newly signed one.")
    expires = stamp(tx.clock.now() + NONCE_LIFETIME)
    tx.run(insert(tables.nonce).values(venue=venue, nonce=nonce, expires=expires))


def answered(tx: Transaction, venue: str, request_sha256: str) -> Session | None:
    """Return what the same request was answered before, if it has not expired."""
    row = tables.session.c
    found = tx.run(
        select(tables.session).where(
            row.venue == venue, row.request_sha256 == request_sha256, row.expires > tx.now()
        )
    ).first()
    return Session(found.session, found.season, found.points, found.evaluated) if found else None


def keep(tx: Transaction, venue: str, request_sha256: str, made: Session) -> None:
    """Store one session and forget the expired ones."""
    row = tables.session.c
    tx.run(delete(tables.session).where(row.expires <= tx.now()))
    tx.run(
        insert(tables.session).values(
            session=made.session,
            venue=venue,
            season=made.season,
            request_sha256=request_sha256,
            points=made.points,
            evaluated=made.evaluated,
            expires=stamp(tx.clock.now() + LIFETIME),
            proofs=0,
        )
    )


def take_for_proof(tx: Transaction, venue: str, session: str) -> Session:
    """Return a stored session of this venue and count one proof against it.

    Raises:
        SessionUnknown: there is none, it has expired, or it was proven often enough.
    """
    row = tables.session.c
    here = (row.session == session, row.venue == venue, row.expires > tx.now())
    counted = tx.run(
        update(tables.session).where(*here, row.proofs < MAX_PROOFS).values(proofs=row.proofs + 1)
    )
    if counted.rowcount != 1:
        raise SessionUnknown("Found no such session of this venue; expected one of the last hour.")
    found = tx.run(select(tables.session).where(*here)).one()
    return Session(found.session, found.season, found.points, found.evaluated)


def new_session_id() -> str:
    """Return 32 random bytes in hexadecimal."""
    return secrets.token_bytes(_SESSION_BYTES).hex()
