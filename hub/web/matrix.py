"""A table of pairs of places as a square to read by row: who shares how many people with whom."""

from dataclasses import dataclass

from contracts.edition import Estimate, Table
from hub.web.words import WORDINGS, Labels, figure, unit_of

STEPS = 6  # shades; the lightest is for almost nothing, the figure is always written
PAIR = 2


@dataclass(frozen=True)
class Cell:
    """One pair: its figure, its shade from 0 to STEPS, and the whole sentence for a screen reader."""

    text: str
    shade: int
    sentence: str


@dataclass(frozen=True)
class Matrix:
    """Names in order, and for each the row of its cells; None on the diagonal and where nothing is known."""

    names: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]


def matrix_of(table: Table, labels: Labels) -> Matrix | None:
    """Return the square of a table whose every row is a pair of distinct places, each pair once; else None."""
    pairs = {tuple(row.keys): row for row in table.rows if len(row.keys) == PAIR}
    places = sorted({place for pair in pairs for place in pair})
    if not places or len(pairs) != len(table.rows) or not set(places) <= labels.places:
        return None
    if any((b, a) in pairs for a, b in pairs):
        return None  # directed, or pairs with themselves: a square would mislead
    top = max(row.value_milli for row in table.rows)
    rows = tuple(
        tuple(_cell(pairs.get((a, b)) or pairs.get((b, a)), (a, b), table=table, top=top, labels=labels) for b in places)
        for a in places
    )  # fmt: skip
    return Matrix(tuple(labels.key(place, "place") for place in places), rows)


def _cell(
    row: Estimate | None, pair: tuple[str, str], *, table: Table, top: int, labels: Labels
) -> Cell | None:
    if row is None:
        return None
    names = " et ".join(labels.key(place, "place") for place in pair)
    low, high = figure(row.low_milli, unit_of(table)), figure(row.high_milli, unit_of(table))
    if row.wording == "trop-peu":
        return Cell("·", 0, f"{names} : {WORDINGS['trop-peu']}, entre {low} et {high}")
    value = figure(row.value_milli, unit_of(table))
    # Square root: a few large pairs must not leave all the others in one shade.
    share = max(0.0, row.value_milli / top) ** 0.5 if top > 0 else 0.0
    sentence = f"{names} : {value}, entre {low} et {high}, {WORDINGS[row.wording]}"
    return Cell(value, max(1, round(share * STEPS)), sentence)
