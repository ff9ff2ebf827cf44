"""What the public page shows: a published edition turned into labels, figures and bars, nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from contracts.charter import Charter
from contracts.edition import Estimate, PublishedEdition, Release, Table
from contracts.loss import display_delta_pico, epsilon
from hub.web.bars import Bar, Scale
from hub.web.matrix import Matrix, matrix_of
from hub.web.words import MEASURES, UNITS, WORDINGS, Labels, day, decimal, figure, unit_of

ORDER = ("reach", "ladder", "pairs", "flows", "lead_time", "provenance")
LONG, SHOWN, SHOWN_IN_GROUP = (
    16,
    12,
    6,
)  # a table longer than LONG shows the largest figures in the chart
GROUPED = (
    "lag",
    "discipline",
    "place",
)  # a long table is drawn in groups by the first of these that it has
STATISTIC = "statistic"
MOST = 80  # rows that a reader can still take in as bars
MICRO = 1_000_000


@dataclass(frozen=True)
class Row:
    """One figure with its interval, in French; ``wording`` is the slug, ``says`` its words."""

    labels: tuple[str, ...]
    value: str
    low: str
    high: str
    wording: str
    says: str
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
    unit: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    chart: tuple[Group, ...]
    kind: Literal["single", "bars", "matrix"]
    medians: bool  # the chart shows medians; quartiles stay in the data
    directed: bool  # the first two keys are where from and where to
    matrix: Matrix | None

    @property
    def hidden(self) -> int:
        """Return how many rows the chart leaves to the table of data."""
        return len(self.rows) - self.drawn

    @property
    def silent(self) -> bool:
        """Return whether chance outweighs every figure of the table."""
        return all(row.wording == "trop-peu" for row in self.rows)

    @property
    def drawn(self) -> int:
        """Return how many rows the chart shows."""
        return sum(len(group.rows) for group in self.chart)


@dataclass(frozen=True)
class Section:
    """One paid measure."""

    anchor: str
    title: str
    lead: str
    tables: tuple[TableView, ...]
    rho: str
    epsilon: str


@dataclass(frozen=True)
class Page:
    """Everything that the template reads."""

    edition: str
    title: str
    network: str
    period: str
    prepared: str
    demonstration: bool
    headline: TableView | None
    sections: tuple[Section, ...]
    rho: str
    epsilon: str
    delta: str
    cap: str  # of the season, all uses; "" when the charter is not known
    share: str
    members: int
    hub: str
    custodian: str
    sha256: str
    head: str
    witnessed: bool


def page_of(published: PublishedEdition, charter: Charter | None) -> Page:
    """Return the page of *published*; names come from *charter* when there is one."""
    edition = published.edition
    labels = Labels(charter)
    delta = display_delta_pico(charter.persons_bound) if charter else MICRO
    releases = sorted(edition.releases, key=lambda r: _rank(r.measure))
    sections = tuple(_section(release, labels, delta) for release in releases)
    rho = sum(release.rho_micro for release in edition.releases)
    cap = _cap(charter, edition.season)
    return Page(
        edition=edition.edition,
        title=edition.title,
        network=charter.name if charter else edition.network,
        period=f"du {day(edition.first_day)} au {day(edition.last_day)}",
        prepared=day(edition.prepared),
        demonstration=edition.demonstration,
        headline=next((t for s in sections for t in s.tables if t.kind == "single"), None),
        sections=sections,
        rho=decimal(rho / MICRO, 4),
        epsilon=decimal(epsilon(rho, delta), 2),
        delta=f"1/{round(1e12 / delta):,}".replace(",", "\u202f"),
        cap=decimal(cap / MICRO, 4) if cap else "",
        share=decimal(100 * rho / cap, 0) if cap else "",
        members=len(charter.members) if charter else 0,
        hub=charter.hub.operator if charter else "",
        custodian=charter.custodian.operator if charter else "",
        sha256=published.edition_sha256,
        head=published.checkpoint.checkpoint.head_sha256,
        witnessed=published.checkpoint.custodian_signature is not None,
    )


def _rank(measure: str) -> int:
    name = measure.replace("-", "_")
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _cap(charter: Charter | None, season: str) -> int:
    budgets = charter.budgets if charter else []
    return next((b.total_rho_micro for b in budgets if b.season == season), 0)


def _section(release: Release, labels: Labels, delta: int) -> Section:
    name = release.measure.replace("-", "_")
    title, lead = MEASURES.get(name, (release.measure, ""))
    return Section(
        anchor=release.measure,
        title=title,
        lead=lead,
        tables=tuple(table_view(table, labels) for table in release.tables),
        rho=decimal(release.rho_micro / MICRO, 4),
        epsilon=decimal(epsilon(release.rho_micro, delta), 2),
    )


def table_view(table: Table, labels: Labels) -> TableView:
    """Return one table ready to draw: a single figure, a matrix of places, or bars."""
    keys, unit = table.columns[:-1], unit_of(table)
    scale = Scale.of([table.rows[i] for i in _drawable(table)])
    rows = tuple(_row(row, keys=keys, unit=unit, labels=labels, scale=scale) for row in table.rows)
    matrix = matrix_of(table, labels)
    return TableView(
        slug=table.table,
        title=table.title_fr,
        how=table.how_to_read_fr,
        estimand=table.estimand,
        unit=UNITS[unit],
        columns=tuple(labels.column(c) for c in keys),
        rows=rows,
        chart=_chart(table, rows),
        kind=_kind(table, matrix),
        medians=STATISTIC in keys,
        directed=keys[:2] == ["from", "to"],
        matrix=matrix,
    )


def _kind(table: Table, matrix: Matrix | None) -> Literal["single", "bars", "matrix"]:
    if matrix is not None:
        return "matrix"
    return "single" if len(table.rows) == 1 else "bars"


def _chart(table: Table, rows: tuple[Row, ...]) -> tuple[Group, ...]:
    """Return the rows to draw; none when too many would have something to say: then the data are the chart."""
    keys = table.columns[:-1]
    drawable = _drawable(table)
    hidden = {keys.index(STATISTIC)} if STATISTIC in keys else set()
    if len(drawable) <= LONG:
        return (Group("", tuple(_without(rows[i], hidden) for i in drawable)),)
    by = next((keys.index(column) for column in GROUPED if column in keys and len(keys) > 1), None)
    members: dict[str, list[int]] = {}
    for i in drawable:
        members.setdefault("" if by is None else rows[i].labels[by], []).append(i)
    most = SHOWN if by is None else SHOWN_IN_GROUP
    drawn = {title: _telling(table, inside, most) for title, inside in members.items()}
    if sum(map(len, drawn.values())) > MOST:
        return ()
    hidden |= set() if by is None else {by}
    groups = (
        Group(title, tuple(_without(rows[i], hidden) for i in some))
        for title, some in drawn.items()
    )
    return tuple(group for group in groups if group.rows)


def _drawable(table: Table) -> list[int]:
    """Return the rows that a chart may hold: where there are several statistics, the medians."""
    if STATISTIC not in table.columns:
        return list(range(len(table.rows)))
    at = table.columns.index(STATISTIC)
    return [i for i, row in enumerate(table.rows) if row.keys[at] == "median"]


def _telling(table: Table, inside: Iterable[int], most: int) -> list[int]:
    """Return rows that say something: every median, or the largest counts and shares."""
    sure = [i for i in inside if table.rows[i].wording != "trop-peu"]
    unit = unit_of(table)
    if unit == "days":
        return sure
    largest = sorted(sure, key=lambda i: -table.rows[i].value_milli)[:most]
    return sorted(largest) if unit == "percent" else largest


def _without(row: Row, hidden: set[int]) -> Row:
    return replace(row, labels=tuple(name for i, name in enumerate(row.labels) if i not in hidden))


def _row(row: Estimate, *, keys: Sequence[str], unit: str, labels: Labels, scale: Scale) -> Row:
    return Row(
        labels=tuple(labels.key(key, column) for key, column in zip(row.keys, keys, strict=True)),
        value=figure(row.value_milli, unit),
        low=figure(row.low_milli, unit),
        high=figure(row.high_milli, unit),
        wording=row.wording,
        says=WORDINGS[row.wording],
        bar=scale.bar(row),
    )
