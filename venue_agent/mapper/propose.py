"""Proposes which column says what, from what it is called and from what it looks like."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from venue_agent.mapper.formats import are_times, find_dates
from venue_agent.mapper.known import TIMES, Layout
from venue_agent.mapper.shapes import shapes
from venue_agent.settings.headers import CONSENT, NAMES, is_sensitive, likeness, speaks_of
from venue_agent.settings.mapping import NO, YES
from venue_agent.sources.checks import PLAUSIBLE
from venue_agent.sources.tables import same_words

SURE: Final = 0.6  # at least this much is proposed; less is asked, or left
BY_NAME: Final = 0.7  # weight of the header's words; the rest is what the cells look like
NO_CELL: Final = 0.9  # of the name's weight, when every cell is blank
WITHOUT_NAME: Final = {
    "email": 0.75,
    "phone": 0.62,
    "postcode": 0.62,
}  # when nearly all cells agree
NEARLY_ALL: Final = 0.9
HALF: Final = 0.5
SEEN: Final = 0.99  # confidence in a column of a layout that was seen
DISTINCT: Final = {"ticket": 0.98}  # share of distinct values that a key must have
DATES: Final = frozenset({"booked", "event_date", "birth_date"})
CONTACTS: Final = ("email", "phone", "customer", "last_name", "first_name")


@dataclass(frozen=True)
class Proposal:
    """A column for a field, how sure that is (0 to 1), and three shapes of its cells."""

    field: str
    column: str
    confidence: float
    shapes: tuple[str, ...]


def propose(
    cells: pd.DataFrame, layout: Layout | None, wanted: Iterable[str] = NAMES
) -> dict[str, Proposal]:
    """Return the best column of *cells* for each of the *wanted* fields that has one.

    ``cells``: categorical text, one column per column of the file, under its header. A column is
    proposed for one field; one of a known layout goes before all others.
    """
    scored = [
        (_confidence(field, column, cells[column], layout), -place, field, column)
        for place, column in enumerate(cells.columns)
        if list(cells.columns).count(column) == 1 and not is_sensitive(column)
        for field in wanted
    ]
    found: dict[str, Proposal] = {}
    taken: set[str] = set()
    for confidence, _place, field, column in sorted(scored, reverse=True):
        if confidence >= SURE and field not in found and column not in taken:
            taken.add(column)
            found[field] = Proposal(field, column, confidence, look(cells[column]))
    return found


def look(column: pd.Series) -> tuple[str, ...]:
    """Return the three most frequent shapes of a column."""
    return shapes(column.astype("str").head(2000))


def answers(cells: pd.DataFrame) -> list[str]:
    """Return the columns that may hold a consent: called so, or saying yes and no; best first."""
    named = [column for column in cells.columns if speaks_of(column, CONSENT)]
    return [column for column in named if _yes_no(cells[column]) or not _texts(cells[column])]


def sensitive(cells: pd.DataFrame) -> list[str]:
    """Return the columns of a special category (health, religion, opinion), that are never read."""
    return [column for column in cells.columns if is_sensitive(column)]


def _confidence(field: str, column: str, cells: pd.Series, layout: Layout | None) -> float:
    if layout and same_words(layout.columns.get(field, "")) == same_words(column):
        return 0.0 if fit_of(field, cells) == 0 else SEEN
    name = likeness(column, field)
    if not name and field not in WITHOUT_NAME:
        return 0.0
    fit = fit_of(field, cells)
    if fit is None:
        return NO_CELL * BY_NAME * name
    if fit < HALF:
        return 0.0
    if not name:
        return WITHOUT_NAME[field] if fit >= NEARLY_ALL else 0.0
    return BY_NAME * name + (1 - BY_NAME) * fit


def fit_of(field: str, cells: pd.Series) -> float | None:
    """Return the share of the distinct cells that look like *field*; None when all are blank."""
    texts = _texts(cells)
    if not texts:
        return None
    if field in TIMES:
        return float(are_times(cells))
    if field in DATES:
        return find_dates(cells).share
    if field in DISTINCT:
        filled = cells[cells.astype("str").str.strip() != ""]
        return 1.0 if filled.nunique() >= DISTINCT[field] * len(filled) else 0.0
    if field in PLAUSIBLE:
        return sum(PLAUSIBLE[field].fullmatch(text) is not None for text in texts) / len(texts)
    return NEARLY_ALL  # any text will do


def _texts(cells: pd.Series) -> list[str]:
    return [text.strip() for text in cells.cat.categories if text.strip()]


def _yes_no(cells: pd.Series) -> bool:
    words = [same_words(text) for text in _texts(cells)]
    return bool(words) and sum(word in YES + NO for word in words) >= NEARLY_ALL * len(words)


def unmapped(cells: pd.DataFrame, found: Mapping[str, Proposal]) -> list[str]:
    """Return the columns that nothing was found for: they are never read."""
    taken = {proposal.column for proposal in found.values()}
    return [column for column in cells.columns if column not in taken]
