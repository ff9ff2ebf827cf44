"""A sound order of the three-venue network, and the same with something else in it."""

from typing import Any

from contracts.base import canonical
from contracts.charter import Charter
from contracts.charter_check import charter_hash
from contracts.order import Order, Request, SignedOrder
from contracts.order_check import is_measured, sign_order
from tests.support.control_world import VENUES, charter, keys

PARTNER = "theatre-du-quai"
HOUSE = VENUES[0]
SUBMITTED, ISSUED, WITHIN, EXPIRES = (
    "2025-09-03T10:00:00Z",
    "2025-09-17T00:00:00Z",
    "2025-09-20T09:00:00Z",
    "2025-12-01T00:00:00Z",
)
DANCE: dict[str, Any] = {"include": [{"trait": "taste", "values": ["dance"], "level": "once"}], "exclude": []}  # fmt: skip


def request_plain(**changes: Any) -> dict[str, Any]:
    """A partner's request to one house, as JSON."""
    return {
        "request": "danse-automne",
        "partner": PARTNER,
        "partner_name": "Théâtre du Quai",
        "aim": "discovery",
        "spec": DANCE,
        "sources": [HOUSE],
        "channel": "email",
        "first_day": "2025-09-20",
        "last_day": "2025-11-30",
        "cap": 1000,
        "offer": "Deux places pour une.",
        "codes": {HOUSE: "QUAI-7F3K"},
        "expires": EXPIRES,
    } | changes


def order_of(terms: Charter | None = None, **changes: Any) -> Order:
    """An order to the first house; *changes* are of the order's own fields."""
    terms = terms or charter()
    plain: dict[str, Any] = {
        "order": "danse-automne-1",
        "network": terms.network,
        "venue": HOUSE,
        "charter_sha256": charter_hash(terms),
        "request": request_plain(),
        "holdout_key": "5a" * 32,
        "approved_by_dpo": False,
        "submitted_at": SUBMITTED,
        "issued_at": ISSUED,
        "expires": EXPIRES,
    }
    plain |= changes
    asked = Request.model_validate_json(canonical(plain["request"]))
    plain.setdefault("measured", is_measured(asked, terms.fields))
    return Order.model_validate_json(canonical(plain))


def signed_order(terms: Charter | None = None, **changes: Any) -> SignedOrder:
    """The same, signed by the network's hub."""
    return sign_order(order_of(terms, **changes), keys().private["hub"])
