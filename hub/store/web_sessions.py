"""Sessions of the office, kept here and not in the browser: a deleted row ends one at its next request, on every worker.

The browser holds 256 random bits; here stands their digest, so that who reads the database signs in as nobody.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, insert, select, update

from contracts.base import digest
from contracts.clock import stamp
from hub.people.states import SESSION_IDLE, SESSION_LIFETIME
from hub.store.tables_people import attempt, session_
from hub.store.transaction import Reading, Transaction

MOST_STRANGERS: Final = 2_000
STRANGER_KEPT: Final = dt.timedelta(minutes=5)
SEEN_EVERY: Final = dt.timedelta(minutes=2)  # a page that only reads writes no more often than this


@dataclass(frozen=True)
class Kept:
    """A session as kept: the office's own text, and whether its last sight should be renewed."""

    body: str
    person: str | None
    stale: bool


def find(reading: Reading, token: str, now: dt.datetime) -> Kept | None:
    """Return the session of a browser's token unless it is over, idle or unknown."""
    row = reading.run(
        select(session_).where(session_.c.token_sha256 == digest(token.encode()))
    ).one_or_none()
    if row is None or row.expires_at <= stamp(now) or row.seen_at <= stamp(now - SESSION_IDLE):
        return None
    return Kept(row.body, row.person, stale=row.seen_at <= stamp(now - SEEN_EVERY))


def start(tx: Transaction, token: str, body: str, person: str | None) -> None:
    """Keep a new session, and drop those that are over."""
    now = tx.clock.now()
    idle = session_.c.seen_at <= stamp(now - SESSION_IDLE)
    tx.run(delete(session_).where((session_.c.expires_at <= stamp(now)) | idle))
    if person is None:
        _make_room(tx, now)
    tx.run(
        insert(session_).values(
            token_sha256=digest(token.encode()),
            person=person,
            body=body,
            seen_at=stamp(now),
            expires_at=stamp(now + SESSION_LIFETIME),
        )
    )


def _make_room(tx: Transaction, now: dt.datetime) -> None:
    """Drop strangers' sessions of a few minutes ago when too many stand at the door: visits alone fill no disk."""
    strangers = session_.c.person.is_(None)
    count = select(func.count()).select_from(session_).where(strangers)
    if int(tx.run(count).scalar_one()) >= MOST_STRANGERS:
        tx.run(delete(session_).where(strangers, session_.c.seen_at <= stamp(now - STRANGER_KEPT)))


def keep(tx: Transaction, token: str, body: str) -> bool:
    """Write a session's text; False when it was ended meanwhile: a revoked session never comes back."""
    kept = tx.run(
        update(session_)
        .where(session_.c.token_sha256 == digest(token.encode()))
        .values(body=body, seen_at=tx.now())
    )
    return kept.rowcount == 1


def end(tx: Transaction, token: str) -> bool:
    """End one session; say whether it was there."""
    ended = tx.run(delete(session_).where(session_.c.token_sha256 == digest(token.encode())))
    return ended.rowcount == 1


def try_once(tx: Transaction, key: str, window: dt.timedelta, most: int) -> bool:
    """Count a try under *key*, before it is judged; False when there were *most* in the window already."""
    since = stamp(tx.clock.now() - window)
    tx.run(delete(attempt).where(attempt.c.at <= since))
    count = select(func.count()).select_from(attempt).where(attempt.c.key == key)
    if int(tx.run(count).scalar_one()) >= most:
        return False
    tx.run(insert(attempt).values(key=key, at=tx.now()))
    return True


def forgive(tx: Transaction, key: str) -> None:
    """Forget the tries under *key*: one of them was right."""
    tx.run(delete(attempt).where(attempt.c.key == key))
