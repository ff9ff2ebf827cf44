"""Tells partners' own servers of their requests' states, signed, at the instants that the calendar fixed at submission.

Signatures follow Standard Webhooks 1.0.0: ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``, an HMAC-SHA256 under
a secret that is derived from the office's own key, so that no database holds it.
"""

import base64
import hashlib
import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from contracts.clock import Clock
from hub.audiences.states import State
from hub.outbound import AddressRefused, NotDelivered, Sender
from hub.store import audiences, webhooks
from hub.store.database import Control
from hub.store.transaction import Reading
from hub.store.webhooks import Change, Delivery

log = logging.getLogger(__name__)
PREFIX: Final = "whsec_"
Changes = Callable[[Reading, str], list[Change]]
"""What a partner's requests come to, by their calendars."""


@dataclass(frozen=True)
class Post:
    """What sending needs of the world."""

    control: Control
    clock: Clock
    secret_of: Callable[[str], bytes]
    changes: Changes
    sender: Sender


def send_due(post: Post) -> int:
    """Send what is due, each at most once in this look; return how much was taken."""
    with post.control.reading() as reading:
        found = [
            change
            for partner in webhooks.partners(reading)
            for change in post.changes(reading, partner)
        ]
    with post.control.transaction(post.clock) as tx:
        if webhooks.announce(tx, found):
            tx.commit()
    with post.control.reading() as reading:
        waiting = webhooks.due(reading, post.clock.now())
    return sum(_send(post, one) for one in waiting)


def _send(post: Post, one: Delivery) -> bool:
    headers = signed(one, post.secret_of(one.webhook), int(post.clock.now().timestamp()))
    sent = True
    try:
        post.sender.post(one.url, one.body, headers)
    except (AddressRefused, NotDelivered) as error:
        sent = False
        log.warning("webhook %s: %s", one.webhook, error)
    with post.control.transaction(post.clock) as tx:
        webhooks.settle(tx, one, sent=sent)
        tx.commit()
    return sent


def signed(one: Delivery, secret: bytes, now: int) -> dict[str, str]:
    """Return the headers that prove a delivery; *now* in seconds since 1970."""
    text = f"{one.delivery}.{now}.".encode() + one.body
    mark = base64.b64encode(hmac.new(secret, text, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": one.delivery,
        "webhook-timestamp": str(now),
        "webhook-signature": f"v1,{mark}",
    }


def by_calendar(reading: Reading, partner: str) -> list[Change]:
    """Return the states that a partner's requests come to, each at the instant fixed at submission."""
    found = []
    for kept in audiences.of_partner(reading, partner):
        dates = kept.dates
        if dates is None or kept.state is not State.SUBMITTED:
            continue
        for state, at in (
            (State.SUBMITTED, dates.submitted_at),
            (State.ANSWERED, dates.issued_at),
            (State.ACTIVE, dates.first_at),
            (State.MEASURED, dates.counted_at),
            (State.CLOSED, dates.closed_at),
        ):
            found.append(Change(partner, kept.request, state.value, at))
    return found


def secret_of(mac: Callable[[str, str], str]) -> Callable[[str], bytes]:
    """Return what derives a webhook's secret from the office's key, by its keyed digest *mac*."""
    return lambda name: bytes.fromhex(mac("webhook", name))


def told(secret: bytes) -> str:
    """Return a secret as its owner keeps it."""
    return PREFIX + base64.b64encode(secret).decode()
