"""Tables with two ways in, as a square to read by row: pairs of places, or medians by age and discipline."""

import math
from dataclasses import dataclass

from contracts.edition import COVERED, Estimate, Table
from hub.web.labels import Labels, unit_of
from hub.web.tongue import NARROW

STEPS = 6  # shades; the lightest is for almost nothing, the figure is always written
PAIR = 2
MEDIAN = "median"
AXES = frozenset(("age", "also", "channel", "discipline", "distance", "lead_days", "month", "origin", "period", "weekday"))  # fmt: skip
"""Keys short enough to stand at the head of a column."""


@dataclass(frozen=True)
class Cell:
    """One figure, its interval where there is room, its shade from 0 to STEPS, the whole sentence, and how sure it is."""

    text: str
    span: str
    shade: int
    sentence: str
    wording: str = COVERED


@dataclass(frozen=True)
class Matrix:
    """Names of lines and columns, and for each line its cells; None where there is nothing to know."""

    names: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    numbered: bool  # columns bear the numbers of the lines
    quiet: tuple[str, ...] = ()  # lines left out, for chance covers all of them


def matrix_of(table: Table, labels: Labels) -> Matrix | None:
    """Return the square of a table whose every row is a pair of distinct places, each pair once; else None."""
    pairs = {(row.keys[0], row.keys[1]): row for row in table.rows if len(row.keys) == PAIR}
    places = sorted({place for pair in pairs for place in pair})
    if not places or len(pairs) != len(table.rows) or not set(places) <= labels.places:
        return None
    if any((b, a) in pairs for a, b in pairs):
        return None  # directed, or pairs with themselves: a square would mislead
    top = max(row.value_milli for row in table.rows)
    names = {place: labels.key(place, "place") for place in places}
    pencil = _Pencil(labels, unit_of(table), top)
    rows = tuple(
        tuple(
            pencil.cell(
                pairs.get((a, b)) or pairs.get((b, a)),
                f" {labels.tongue.phrases['and']} ".join((names[a], names[b])),
            )
            for b in places
        )
        for a in places
    )
    return Matrix(tuple(names.values()), tuple(names.values()), rows, numbered=True)


def directed_of(table: Table, labels: Labels) -> Matrix | None:
    """Return the square of a table of passages, lines from and columns to; None when it is not one."""
    flows = {(row.keys[0], row.keys[1]): row for row in table.rows if len(row.keys) == PAIR}
    places = sorted({place for pair in flows for place in pair})
    if not places or len(flows) != len(table.rows) or not set(places) <= labels.places:
        return None
    pencil = _Pencil(labels, unit_of(table), max(row.value_milli for row in table.rows))
    names = tuple(labels.key(place, "place") for place in places)
    rows = tuple(
        tuple(
            pencil.cell(flows.get((a, b)), f"{names[i]} → {names[j]}") for j, b in enumerate(places)
        )
        for i, a in enumerate(places)
    )
    return Matrix(names, names, rows, numbered=True)


def grid_of(table: Table, labels: Labels) -> Matrix | None:
    """Return the shares or medians of a table with two short keys, as lines and columns; else None."""
    axes = _axes(table)
    if axes is None:
        return None
    down, across = axes
    told = [r for r in table.rows if len(r.keys) == PAIR or r.keys[PAIR] == MEDIAN]
    found = {(r.keys[down], r.keys[across]): r for r in told}
    names = {r.keys[down]: labels.key(r.keys[down], table.columns[down]) for r in told}
    order = [
        key for key in names if any(r.keys[across] == key for r in told)
    ]  # a square, in one order
    order = list(dict.fromkeys([*order, *(r.keys[across] for r in told)]))
    heads = {key: labels.key(key, table.columns[across]) for key in order}
    # A line on which chance covers everything teaches nothing: it is in the data.
    telling = {r.keys[down] for r in told if r.wording != COVERED}
    top = max((r.value_milli for r in told if r.wording != COVERED), default=0)
    pencil = _Pencil(labels, unit_of(table), top)
    rows = tuple(
        tuple(pencil.cell(found.get((a, b)), f"{names[a]}, {heads[b]}") for b in heads)
        for a in names
        if a in telling
    )
    if not rows:
        return None
    lines = tuple(name for key, name in names.items() if key in telling)
    quiet = tuple(name for key, name in names.items() if key not in telling)
    return Matrix(lines, tuple(heads.values()), rows, numbered=False, quiet=quiet)


def _axes(table: Table) -> tuple[int, int] | None:
    """Return which key makes the lines and which the columns."""
    if len(table.columns) < PAIR or not AXES.issuperset(table.columns[:PAIR]):
        return None
    shapes = {("percent",): (0, 1), ("statistic", "days"): (1, 0)}
    return shapes.get(tuple(table.columns[PAIR:]))


@dataclass(frozen=True)
class _Pencil:
    """Writes the cells of one matrix, shaded up to *top* (thousandths)."""

    labels: Labels
    unit: str
    top: int

    def cell(self, row: Estimate | None, names: str) -> Cell | None:
        """Return the cell of one figure."""
        if row is None:
            return None
        tongue = self.labels.tongue
        low, high = (tongue.figure(end, self.unit) for end in (row.low_milli, row.high_milli))
        words = tongue.wordings[row.wording]
        if row.wording == COVERED:
            said = tongue.phrases["cell_few"].format(names=names, words=words, low=low, high=high)
            return Cell("·", "", 0, said)
        value = tongue.figure(row.value_milli, self.unit)
        said = tongue.phrases["cell"].format(
            names=names, value=value, words=words, low=low, high=high
        )
        # Square root: a few large figures must not leave all the others in one shade.
        share = math.sqrt(max(0.0, row.value_milli / self.top)) if self.top > 0 else 0.0
        ends = (tongue.bare(end, self.unit) for end in (row.low_milli, row.high_milli))
        span = "–".join(ends) if self.unit in ("days", "percent") else ""
        if self.unit == "percent" and row.low_milli == 0 and value == tongue.figure(0, self.unit):
            value, span = f"≤{NARROW}{high}", ""  # nought with an interval is "at most"
        return Cell(value, span, max(1, round(share * STEPS)), said, row.wording)
