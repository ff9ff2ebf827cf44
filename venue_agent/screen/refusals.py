"""The vault's reasons to refuse a row, in words: its receipt gives slugs, and never a value."""

from types import MappingProxyType
from typing import Final

from contracts.visit import PERSON_COLUMNS, VISIT_COLUMNS
from venue_agent.screen.fields import label
from venue_agent.words import _, mark

WORDS: Final = MappingProxyType(
    {
        "activations-not-known": mark("activations, which this vault does not read yet"),
        "no-statistics-consent": mark("no consent to statistics"),
        "duplicate-contribution": mark("the same person twice in one month"),
        "bad-tokens": mark("pseudonyms that are not well formed"),
        "person-not-in-batch": mark("a visit whose person was refused or is missing"),
        "bad-erasure": mark("a withdrawal that is not well formed"),
        "bad-width": mark("too few or too many columns"),
    }
)
_BAD: Final = "bad-"


def words(reason: str) -> str:
    """Return what *reason* means; the slug itself when this version does not know it."""
    if reason in WORDS:
        return _(WORDS[reason])
    name = reason.removeprefix(_BAD).replace("-", "_")
    if reason.startswith(_BAD) and name in {*PERSON_COLUMNS, *VISIT_COLUMNS}:
        return _("{field}: a value that the charter's vocabulary does not have").format(
            field=label(name)
        )
    return reason
