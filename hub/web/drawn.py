"""Which rows of a table its chart shows, in which groups, and what is left to the table of data."""

from dataclasses import dataclass

from contracts.edition import COVERED, Estimate, Table
from hub.web.labels import unit_of

LONG = 16  # a table longer than this shows in its chart what stands out from chance
SHOWN, SHOWN_IN_GROUP = 12, 6
MOST = 80  # rows that a reader can still take in as bars
GROUPED = ("lag", "discipline", "place")  # a long table is drawn in groups by the first that it has
STATISTIC, MEDIAN = "statistic", "median"
PLACES = ("place", "venue")


@dataclass(frozen=True)
class Drawing:
    """Rows to draw, by group (its key, "" for the only one); and the groups that have nothing to say."""

    groups: tuple[tuple[str, tuple[int, ...]], ...]
    quiet: tuple[str, ...]
    by: int | None  # which key makes the groups

    @property
    def rows(self) -> list[int]:
        """Return every row that is drawn."""
        return [i for _, inside in self.groups for i in inside]


def drawing(table: Table) -> Drawing:
    """Return what to draw of *table*; nothing when too much would stand out: then the data are the chart."""
    drawable = _drawable(table)
    if len(drawable) <= LONG:
        return Drawing((("", tuple(_ordered(table, drawable))),), (), None)
    keys = table.columns[:-1]
    by = next((keys.index(column) for column in GROUPED if column in keys and len(keys) > 1), None)
    members: dict[str, list[int]] = {}
    for i in drawable:
        members.setdefault("" if by is None else table.rows[i].keys[by], []).append(i)
    most = SHOWN if by is None else SHOWN_IN_GROUP
    found = {key: _telling(table, inside, most) for key, inside in members.items()}
    groups = tuple((key, tuple(rows)) for key, rows in found.items() if rows)
    if sum(len(rows) for _, rows in groups) > MOST:
        groups = ()
    quiet = tuple(key for key, rows in found.items() if key and not rows)
    return Drawing(groups, quiet if groups else (), by)


def ranked(table: Table) -> bool:
    """Return whether the rows are places to be put in order."""
    return len(table.columns) == len(("place", "figure")) and table.columns[0] in PLACES


def _drawable(table: Table) -> list[int]:
    """Return the rows that a chart may hold: where there are several statistics, the medians."""
    if STATISTIC not in table.columns:
        return list(range(len(table.rows)))
    at = table.columns.index(STATISTIC)
    return [i for i, row in enumerate(table.rows) if row.keys[at] == MEDIAN]


def _ordered(table: Table, inside: list[int]) -> list[int]:
    """Return places from the largest; those whose figure is covered come last, in the order of their intervals."""
    if not ranked(table):
        return inside
    return sorted(inside, key=lambda i: _standing(table.rows[i]))


def _standing(row: Estimate) -> tuple[bool, int]:
    if row.wording == COVERED:
        return True, -(row.low_milli + row.high_milli)
    return False, -row.value_milli


def _telling(table: Table, inside: list[int], most: int) -> list[int]:
    """Return rows that say something: medians, the largest counts; of shares, the whole or nothing."""
    sure = [i for i in inside if table.rows[i].wording != COVERED]
    unit = unit_of(table)
    if unit == "days":
        return sure
    if unit == "percent" and 2 * len(sure) < len(inside):
        return []  # a few small shares without the large ones would give a false picture
    if unit == "percent" and len(inside) <= most:
        return inside
    largest = sorted(sure, key=lambda i: -table.rows[i].value_milli)[:most]
    return sorted(largest) if unit == "percent" else largest
