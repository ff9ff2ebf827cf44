"""Where partners are told, and what they are to be told: a request's states at the instants of its calendar, nothing else.

What is delivered is fixed when the request is submitted; no house's act or silence moves an instant of it.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update

from contracts.base import canonical, digest
from contracts.clock import stamp
from hub.errors import StateConflict
from hub.people.programs import WEBHOOKS_EACH
from hub.store.tables_partners import delivery, webhook
from hub.store.transaction import Reading, Transaction

WAITS: Final = (1, 5, 30, 120, 720, 1440)  # minutes until the next try; then it is given up
KEPT: Final = dt.timedelta(days=30)


@dataclass(frozen=True)
class Webhook:
    """One place where a partner's own server is told."""

    webhook: str
    partner: str
    url: str
    state: str
    made_by: str
    made_at: str


@dataclass(frozen=True)
class Change:
    """A state that a request comes to at an instant of its calendar."""

    partner: str
    request: str
    state: str
    at: str


@dataclass(frozen=True)
class Delivery:
    """What is to be sent, and where."""

    delivery: str
    webhook: str
    url: str
    body: bytes
    tries: int


def add(tx: Transaction, partner: str, url: str, *, by: str) -> Webhook:
    """Keep a place to tell; its address was judged by ``hub.outbound``, and is judged again at each sending.

    Raises:
        StateConflict: the partner has too many.
    """
    if len(of_partner(tx, partner)) >= WEBHOOKS_EACH:
        raise StateConflict(
            "This partner has {webhooks_each} webhooks; expected fewer.",
            webhooks_each=WEBHOOKS_EACH,
        )
    name = f"w{secrets.token_hex(8)}"
    values = {"webhook": name, "partner": partner, "url": url, "state": "active", "made_by": by}
    tx.run(insert(webhook).values(**values, made_at=tx.now()))
    return next(one for one in of_partner(tx, partner) if one.webhook == name)


def remove(tx: Transaction, name: str, partner: str) -> bool:
    """Forget a place to tell, and what waits for it; say whether it was this partner's."""
    if name not in {one.webhook for one in of_partner(tx, partner)}:
        return False
    tx.run(delete(delivery).where(delivery.c.webhook == name))
    tx.run(delete(webhook).where(webhook.c.webhook == name))
    return True


def remove_of(tx: Transaction, person: str, partner: str | None = None) -> None:
    """Forget the places that a person gave, of one partner or of all: they may be her own, and she has left."""
    mine = select(webhook).where(webhook.c.made_by == person)
    for row in tx.run(mine if partner is None else mine.where(webhook.c.partner == partner)).all():
        remove(tx, row.webhook, row.partner)


def of_partner(reading: Reading, partner: str) -> list[Webhook]:
    """Return a partner's webhooks, the oldest first."""
    order = webhook.c.made_at, webhook.c.webhook
    rows = reading.run(select(webhook).where(webhook.c.partner == partner).order_by(*order))
    return [_webhook(row) for row in rows]


def partners(reading: Reading) -> list[str]:
    """Return the partners who are told anything."""
    query = select(webhook.c.partner).where(webhook.c.state == "active").distinct()
    return sorted(reading.run(query).scalars())


def announce(tx: Transaction, changes: list[Change]) -> int:
    """Put into the queue what came due and was not put there yet; return how much that was.

    A webhook is told of what comes after it was made.
    """
    added, now, since = 0, tx.now(), stamp(tx.clock.now() - KEPT)
    for change in changes:
        if not since < change.at <= now:  # an older one was told, and its line has left
            continue
        for hook in of_partner(tx, change.partner):
            if hook.state != "active" or change.at < hook.made_at:
                continue
            added += _put(tx, hook, change)
    return added


def _put(tx: Transaction, hook: Webhook, change: Change) -> int:
    said = {
        "type": "request.state",
        "request": change.request,
        "state": change.state,
        "at": change.at,
    }
    name = digest(canonical({**said, "webhook": hook.webhook}))[:32]
    if tx.run(select(delivery.c.delivery).where(delivery.c.delivery == name)).first() is not None:
        return 0
    row = {"delivery": name, "webhook": hook.webhook, "body": canonical(said), "due_at": change.at}
    tx.run(insert(delivery).values(**row, tries=0, state="waiting"))
    return 1


def due(reading: Reading, now: dt.datetime) -> list[Delivery]:
    """Return what is to be sent now, the oldest first."""
    query = (
        select(delivery, webhook.c.url)
        .join(webhook, webhook.c.webhook == delivery.c.webhook)
        .where(delivery.c.state == "waiting", delivery.c.due_at <= stamp(now))
        .order_by(delivery.c.due_at, delivery.c.delivery)
    )
    return [
        Delivery(row.delivery, row.webhook, row.url, bytes(row.body), row.tries)
        for row in reading.run(query)
    ]


def settle(tx: Transaction, one: Delivery, *, sent: bool) -> None:
    """Note what came of a try, and when to try again; what is over leaves after a month."""
    now = tx.clock.now()
    over = ("sent", "given-up")
    tx.run(
        delete(delivery).where(delivery.c.state.in_(over), delivery.c.due_at < stamp(now - KEPT))
    )
    tries = one.tries + 1
    if sent or tries > len(WAITS):
        values: dict[str, Any] = {"state": "sent" if sent else "given-up"}
    else:
        values = {"due_at": stamp(now + dt.timedelta(minutes=WAITS[tries - 1]))}
    here = (delivery.c.delivery == one.delivery, delivery.c.state == "waiting")
    tx.run(update(delivery).where(*here).values(**values, tries=tries))


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
