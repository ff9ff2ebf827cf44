"""A table of an edition as the page shows it: labels, figures with their intervals, ranks and bars."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from contracts.edition import COVERED, Estimate, Table
from hub.web.bars import Bar, Scale
from hub.web.drawn import STATISTIC, Drawing, drawing, ranked
from hub.web.labels import Labels, unit_of
from hub.web.matrix import Matrix, grid_of, matrix_of
from hub.web.ranks import ranks

Kind = Literal["single", "bars", "matrix"]
FOLDED = 24  # more bars than this are folded away until they are asked for


@dataclass(frozen=True)
class Row:
    """One figure with its interval, in words; ``wording`` is the slug, ``says`` its words."""

    labels: tuple[str, ...]
    value: str  # "–" when chance covers it
    low: str
    high: str
    shown: str  # the figure that stands alone; "" when chance covers it
    span: str  # the interval in words; "" when the figure says it all
    wording: str
    says: str
    rank: str  # "" where there is none, "3" or "2–4"
    bar: Bar


@dataclass(frozen=True)
class Group:
    """Some rows of a table, drawn together; the title is "" when the table is one group."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class TableView:
    """One readable table and how to draw it."""

    slug: str
    title: str
    how: str
    estimand: str
    foreign: bool  # the estimand is there in French only: editions from before
    unit: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    chart: tuple[Group, ...]
    quiet: tuple[str, ...]  # groups in which chance covers everything
    kind: Kind
    medians: bool  # the chart shows medians; quartiles stay in the data
    ranked: bool
    directed: bool  # the first two keys are where from and where to
    matrix: Matrix | None

    @property
    def hidden(self) -> int:
        """Return how many rows the chart leaves to the table of data."""
        return len(self.rows) - self.drawn

    @property
    def silent(self) -> bool:
        """Return whether chance outweighs every figure of the table."""
        return all(row.wording == COVERED for row in self.rows)

    @property
    def drawn(self) -> int:
        """Return how many rows the chart shows."""
        return sum(len(group.rows) for group in self.chart)

    @property
    def folded(self) -> bool:
        """Return whether the chart waits to be asked for: it is long, or says only what could be known, or ranks."""
        return self.drawn > FOLDED or self.slug.endswith(("-known", "-ranking"))


def table_view(table: Table, labels: Labels) -> TableView:
    """Return one table ready to draw: a single figure, a matrix, or bars."""
    keys, tongue = table.columns[:-1], labels.tongue
    draw = drawing(table)
    rows = _rows(table, labels, Scale.of([table.rows[i] for i in draw.rows]))
    matrix = matrix_of(table, labels) or grid_of(table, labels)
    french = tongue.code == "fr"
    return TableView(
        slug=table.table,
        title=tongue.polished(table.title_fr if french else table.title_en),
        how=tongue.polished(table.how_to_read_fr if french else table.how_to_read_en),
        estimand=table.estimand if french else table.estimand_en or table.estimand,
        foreign=not french and not table.estimand_en,
        unit=tongue.units[unit_of(table)],
        columns=tuple(labels.column(c) for c in keys),
        rows=rows,
        chart=_chart(keys, rows, draw, labels),
        quiet=matrix.quiet if matrix else _quiet(keys, draw, labels),
        kind=_kind(table, matrix),
        medians=STATISTIC in keys,
        ranked=ranked(table),
        directed=keys[:2] == ["from", "to"],
        matrix=matrix,
    )


def _quiet(keys: Sequence[str], draw: Drawing, labels: Labels) -> tuple[str, ...]:
    return tuple(labels.key(key, keys[draw.by]) for key in draw.quiet if draw.by is not None)


def _kind(table: Table, matrix: Matrix | None) -> Kind:
    if matrix is not None:
        return "matrix"
    return "single" if len(table.rows) == 1 else "bars"


def _chart(
    keys: Sequence[str], rows: tuple[Row, ...], draw: Drawing, labels: Labels
) -> tuple[Group, ...]:
    hidden = {keys.index(STATISTIC)} if STATISTIC in keys else set()
    hidden |= set() if draw.by is None else {draw.by}
    return tuple(
        Group(
            labels.key(key, keys[draw.by]) if draw.by is not None else "",
            tuple(_without(rows[i], hidden) for i in inside),
        )
        for key, inside in draw.groups
    )


def _without(row: Row, hidden: set[int]) -> Row:
    return replace(row, labels=tuple(name for i, name in enumerate(row.labels) if i not in hidden))


def _rows(table: Table, labels: Labels, scale: Scale) -> tuple[Row, ...]:
    order = ranks(table.rows) if ranked(table) else [(0, 0)] * len(table.rows)
    return tuple(
        replace(_row(row, table=table, labels=labels, scale=scale), rank=_rank(*standing))
        for row, standing in zip(table.rows, order, strict=True)
    )


def _rank(best: int, worst: int) -> str:
    return "" if not best else str(best) if best == worst else f"{best}–{worst}"


def _row(row: Estimate, *, table: Table, labels: Labels, scale: Scale) -> Row:
    keys, unit, tongue = table.columns[:-1], unit_of(table), labels.tongue
    covered = row.wording == COVERED
    shown, span = (
        tongue.told(row.value_milli, unit),
        tongue.span(row.low_milli, row.high_milli, unit),
    )
    if unit != "days" and row.low_milli == 0 and shown == tongue.told(0, unit):
        shown, span = span, ""  # nought with an interval is "at most": « 0,0 % » would say "nobody"
    return Row(
        labels=tuple(labels.key(key, column) for key, column in zip(row.keys, keys, strict=True)),
        value="–" if covered else tongue.figure(row.value_milli, unit),
        low=tongue.figure(row.low_milli, unit),
        high=tongue.figure(row.high_milli, unit),
        shown="" if covered else shown,
        span=(span or shown) if covered else span,
        wording=row.wording,
        says=tongue.wordings[row.wording],
        rank="",
        bar=scale.bar(row),
    )
