"""What a program holds and how often it asks, in the database, so that every worker knows the same.

Tokens stand as digests. A call is counted before it is judged. A repeated request gets the answer of the first one:
its key is taken before anything is done.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, insert, select, update

from contracts.base import digest
from contracts.clock import stamp
from hub.errors import BudgetExceeded, ChargeConflict
from hub.people.programs import ACTS_A_DAY, REPEATED_FOR, TOKEN_SECONDS
from hub.store.tables_partners import access, client, idempotency, rate
from hub.store.transaction import Reading, Transaction

MINUTE: Final = 60
UNDER_WAY: Final = 0
ABANDONED: Final = dt.timedelta(minutes=2)
"""A worker that was killed holds a key no longer than that."""


@dataclass(frozen=True)
class Held:
    """What a valid token says: whose program asks, for whom, to do what, and whether it is only trying."""

    client: str
    partner: str
    sandbox: bool
    scope: str


@dataclass(frozen=True)
class Answer:
    """What a request was answered with."""

    status: int
    body: bytes


def give(tx: Transaction, token: str, name: str, scope: str) -> None:
    """Keep a token's digest for its ten minutes; those that are over leave."""
    now = tx.clock.now()
    tx.run(delete(access).where(access.c.expires_at <= stamp(now)))
    until = stamp(now + dt.timedelta(seconds=TOKEN_SECONDS))
    sha256 = digest(token.encode())
    tx.run(insert(access).values(token_sha256=sha256, client=name, scope=scope, expires_at=until))


def held(reading: Reading, token: str, now: dt.datetime) -> Held | None:
    """Return what a token says, unless it is over or its program was shut out."""
    query = (
        select(client.c.client, client.c.partner, client.c.sandbox, access.c.scope)
        .join(access, access.c.client == client.c.client)
        .where(
            access.c.token_sha256 == digest(token.encode()),
            access.c.expires_at > stamp(now),
            client.c.state == "active",
        )
    )
    row = reading.run(query).one_or_none()
    return None if row is None else Held(row.client, row.partner, row.sandbox, row.scope)


def count(tx: Transaction, name: str) -> int:
    """Count a call of a program, and return how many it made in this minute; earlier minutes leave."""
    window = minute_of(tx.clock.now())
    tx.run(delete(rate).where(rate.c.client == name, rate.c.window < window))
    here = (rate.c.client == name, rate.c.window == window)
    if tx.run(update(rate).where(*here).values(count=rate.c.count + 1)).rowcount == 0:
        tx.run(insert(rate).values(client=name, window=window, count=1))
    return int(tx.run(select(rate.c.count).where(*here)).scalar_one())


def minute_of(now: dt.datetime) -> int:
    """Return the minute of an instant, since 1970."""
    return int(now.timestamp()) // MINUTE


def reserve(tx: Transaction, who: tuple[str, str], request: bytes) -> Answer | None:
    """Take a key for a request, or return what the same request was answered with before.

    Args:
        tx: the unit of work.
        who: the program, and its key for this request.
        request: all that decides what is done.

    Raises:
        ChargeConflict: the key was used for another request, or the same one is being carried out just now.
        BudgetExceeded: the program did as much as it may in a day.
    """
    name, key = who
    now = tx.clock.now()
    left = (idempotency.c.status == UNDER_WAY) & (idempotency.c.at <= stamp(now - ABANDONED))
    tx.run(delete(idempotency).where((idempotency.c.at <= stamp(now - REPEATED_FOR)) | left))
    row = tx.run(
        select(idempotency).where(idempotency.c.client == name, idempotency.c.key == key)
    ).one_or_none()
    sha256 = digest(request)
    if row is None:
        _require_room(tx, name)
        values = {"client": name, "key": key, "request_sha256": sha256, "at": tx.now()}
        tx.run(insert(idempotency).values(**values, status=UNDER_WAY, body=b""))
        return None
    if row.request_sha256 != sha256 or row.status == UNDER_WAY:
        raise ChargeConflict("This key is taken by another request, or by this one just now.")
    return Answer(row.status, bytes(row.body))


def _require_room(tx: Transaction, name: str) -> None:
    done = select(func.count()).select_from(idempotency).where(idempotency.c.client == name)
    if int(tx.run(done).scalar_one()) >= ACTS_A_DAY:
        raise BudgetExceeded("This program did as much as it may in a day. Wait.")


def settle(tx: Transaction, who: tuple[str, str], made: Answer | None) -> None:
    """Keep what a reserved request was answered with; None gives the key back, for nothing was done."""
    here = (idempotency.c.client == who[0], idempotency.c.key == who[1])
    if made is None:
        tx.run(delete(idempotency).where(*here))
    else:
        tx.run(update(idempotency).where(*here).values(status=made.status, body=made.body))
