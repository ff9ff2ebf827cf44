"""The vault's reasons to refuse a row, in words: its receipt gives slugs, and never a value."""

from types import MappingProxyType
from typing import Final

from contracts.visit import ACTIVATION_COLUMNS, EPCI, PERSON_COLUMNS, VISIT_COLUMNS
from venue_agent.screen.fields import label
from venue_agent.words import _, mark

WORDS: Final = MappingProxyType(
    {
        "activations-not-known": mark("activations, which this vault does not read yet"),
        "arm-not-in-charter": mark("activations, which the charter does not let leave"),
        "order-not-issued": mark(
            "an order that the hub has not issued to this venue, or does not measure"
        ),
        "day-out-of-campaign": mark("a day outside the dates of the order"),
        "duplicate-arm": mark("the same person twice for one order"),
        "no-statistics-consent": mark("no consent to statistics"),
        "duplicate-contribution": mark("the same person twice in one month"),
        "bad-tokens": mark("pseudonyms that are not well formed"),
        "person-not-in-batch": mark("a row whose person was refused or is missing"),
        "bad-erasure": mark("a withdrawal that is not well formed"),
        "bad-width": mark("too few or too many columns"),
    }
)
_BAD: Final = "bad-"
_COLUMNS: Final = frozenset({*PERSON_COLUMNS, EPCI, *VISIT_COLUMNS, *ACTIVATION_COLUMNS})


def words(reason: str) -> str:
    """Return what *reason* means; the slug itself when this version does not know it."""
    if reason in WORDS:
        return _(WORDS[reason])
    name = reason.removeprefix(_BAD).replace("-", "_")
    if reason.startswith(_BAD) and name in _COLUMNS:
        return _("{field}: a value that the charter's vocabulary does not have").format(
            field=label(name)
        )
    return reason
