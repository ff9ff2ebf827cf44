"""Is this order one to look at: addressed here, within its dates and signed by the charter's hub.

A sound order is still only what the hub says; the house's own policy decides whether anything is done.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from contracts.audience import (
    Ages,
    Bought,
    Contacted,
    Distances,
    Histories,
    Homes,
    Incident,
    Predicate,
    Subscribers,
    Tastes,
)
from contracts.base import Instant, Slug, canonical
from contracts.charter import Charter
from contracts.charter_check import charter_hash
from contracts.order import Order, Request, SignedOrder
from contracts.phrase import Phrase
from contracts.seal import SealError, sign, verify
from contracts.visit import PARTNER_DISTANCE

_FIELD: Final[Mapping[type[Predicate], str]] = {
    Ages: "age_band",
    Distances: PARTNER_DISTANCE,
    Homes: "departement",
    Histories: "first_time_here",
    Tastes: "discipline",
    Subscribers: "subscriber",
    Bought: "event_id",
}
"""The charter's field that a predicate reads; steps of loyalty and houses are read in visits, which always travel."""
LIKENESS: Final = "discipline"
"""The charter's field that « people like those » reads, besides visits."""
_LOCAL: Final = (Contacted, Incident)
"""Predicates on what a house alone knows: no charter sends it."""


class OrderError(Exception):
    """This order must not be run."""


def is_measured(request: Request, fields: Iterable[str]) -> bool:
    """Say whether arms of *request* tell the vault nothing that the charter's *fields* do not name.

    Who was written to fulfils the spec; an arm may therefore come back only where each predicate reads a field
    that the members agreed to send. A likeness is a score of visits by discipline.
    """
    named, spec = set(fields), request.spec
    return (request.like is None or LIKENESS in named) and all(
        not isinstance(predicate, _LOCAL) and _FIELD.get(type(predicate)) in named | {None}
        for predicate in (*spec.include, *spec.exclude)
    )


def dates_wrong(request: Request) -> bool:
    """Say whether a day of the campaign never was, or it ends before it begins or after the request has expired.

    The wire's pattern lets 31 November through, on which whoever counts days would stumble.
    """
    days = request.first_day, request.last_day, request.expires[:10]
    return list(days) != sorted(days) or not all(map(is_day, days))


def is_day(text: str) -> bool:
    """Say whether *text*, as 2025-11-30, is a day of the calendar."""
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def sign_order(order: Order, private: bytes) -> SignedOrder:
    """Return *order* as it travels, signed with the hub's 32-byte Ed25519 key."""
    return SignedOrder(order=order, signature=sign(private, canonical(order)))


def check_order(signed: SignedOrder, charter: Charter, venue: Slug, now: Instant) -> Order:
    """Return the order: whole, this *venue*'s, under *charter*, in its dates, signed by the charter's hub.

    Raises:
        OrderError: names the first thing that is not so.
    """
    order = signed.order
    try:
        verify(charter.hub.signing_key, canonical(order), signed.signature)
    except SealError:
        raise OrderError(
            Phrase("The charter's hub did not sign this order; fetch it again from the hub.")
        ) from None
    for is_wrong, message in _faults(order, charter, venue, now):
        if is_wrong:
            raise OrderError(message)
    return order


def _faults(
    order: Order, charter: Charter, venue: Slug, now: Instant
) -> tuple[tuple[bool, Phrase], ...]:
    asked = order.request
    return (
        (
            (order.network, order.venue) != (charter.network, venue),
            Phrase("The order is addressed to another house or network."),
        ),
        (
            order.charter_sha256 != charter_hash(charter),
            Phrase("The order was made under another charter; fetch it again from the hub."),
        ),
        (
            charter.dpo_approves_audiences and not order.approved_by_dpo,
            Phrase("The charter asks the DPO's word for audiences; this order does not carry it."),
        ),
        (now < order.issued_at, Phrase("The order is not issued yet; wait for its day.")),
        (
            now >= min(order.expires, asked.expires),
            Phrase("The order has expired; nothing may be sent for it."),
        ),
        (
            order.submitted_at > order.issued_at or not is_day(order.submitted_at[:10]) or dates_wrong(asked),
            Phrase("The order's dates contradict each other."),
        ),
        (
            asked.partner == venue or asked.sources != [venue] or not {venue}.issuperset(asked.codes),
            Phrase("The order names other houses than the one that it is addressed to."),
        ),
        (
            order.measured and not is_measured(asked, charter.fields),
            Phrase("The order asks to be measured by what the charter does not let travel."),
        ),
    )  # fmt: skip
