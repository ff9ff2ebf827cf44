"""Answers a question of the catalogue from an edition's tables: a sentence, its interval, and the blanks that may be filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.edition import COVERED, Estimate, Table
from hub.web.labels import Labels, unit_of
from hub.web.tongue import about
from hub.web.words import said
from hub.web.words.answers import PARTS, SENTENCES

PREFERRED: Final = ("median", "18-25", "contemporary-art", "network", "all", "0-90", "2+", "5-20")
"""Keys that a blank holds until it is filled, the first that the table has."""
UNORDERED: Final = (("place_a", "place_b"), ("discipline_a", "discipline_b"))
KNOWN: Final = "-known"  # tables that say of whom something is known: they come last
MILLI: Final = 1000
NEAREST: Final = 3


@dataclass(frozen=True)
class Blank:
    """One menu: the column that it fills, its name, its options as (key, label), and what is chosen."""

    column: str
    name: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True)
class Answered:
    """A row of a table said aloud, or the nearest rows when the choice is in none."""

    sentence: str  # "" when there is no such row
    row: Estimate | None
    blanks: tuple[Blank, ...]
    nearest: tuple[tuple[str, Mapping[str, str]], ...]  # names, and the choices that lead there
    same: bool  # the two ends of a pair are one


def ordered(tables: Sequence[Table], question: str) -> list[Table]:
    """Return the tables that answer *question*, those of its own number first, « known » ones last."""
    own = [t for t in tables if t.question == question] or list(tables)
    return sorted(own, key=lambda table: table.table.endswith(KNOWN))


def answered(table: Table, choices: Mapping[str, str], labels: Labels) -> Answered:
    """Return the answer that *choices* (column to key) pick in *table*; blanks left empty fill themselves."""
    columns = table.columns[:-1]
    options = [
        list(dict.fromkeys(row.keys[at] for row in table.rows)) for at in range(len(columns))
    ]
    if tuple(columns[:2]) in UNORDERED:  # either end of a pair may be named first
        options[:2] = [list(dict.fromkeys([*options[0], *options[1]]))] * 2
    if not table.rows:
        return Answered("", None, (), (), same=False)
    chosen = _chosen(table, choices, options)
    blanks = tuple(
        Blank(column, labels.column(column), _options(column, keys, labels), key)
        for column, keys, key in zip(columns, options, chosen, strict=True)
        if len(keys) > 1
    )
    row = _row(table, chosen)
    if row is not None:
        return Answered(_sentence(table, row, labels), row, blanks, (), same=False)
    same = tuple(columns[:2]) in UNORDERED and chosen[0] == chosen[1]
    return Answered("", None, blanks, _nearest(table, chosen, labels), same)


def _options(column: str, keys: list[str], labels: Labels) -> tuple[tuple[str, str], ...]:
    return tuple((key, _capital(labels.key(key, column))) for key in keys)


def _chosen(table: Table, choices: Mapping[str, str], options: list[list[str]]) -> list[str]:
    """Return the key of each blank: the asked one where it exists, else that of the most telling row."""
    columns = table.columns[:-1]
    asked = {at: choices[c] for at, c in enumerate(columns) if choices.get(c) in options[at]}
    fitting = [r for r in table.rows if all(r.keys[at] == key for at, key in asked.items())]
    best = max(fitting or table.rows, key=_telling)
    return [asked.get(at, best.keys[at]) for at in range(len(columns))]


def _telling(row: Estimate) -> tuple[int, bool, int]:
    """Put first the rows that people ask for most, then those that say something, then the largest."""
    return sum(key in PREFERRED for key in row.keys), row.wording != COVERED, row.value_milli


def _row(table: Table, chosen: Sequence[str]) -> Estimate | None:
    ways = [list(chosen)]
    if tuple(table.columns[:2]) in UNORDERED:
        ways.append([chosen[1], chosen[0], *chosen[2:]])
    return next((row for row in table.rows if row.keys in ways), None)


def _nearest(
    table: Table, chosen: Sequence[str], labels: Labels
) -> tuple[tuple[str, Mapping[str, str]], ...]:
    def alike(row: Estimate) -> tuple[int, bool]:
        return sum(a == b for a, b in zip(row.keys, chosen, strict=True)), row.wording != COVERED

    columns = table.columns[:-1]
    rows = sorted(table.rows, key=alike, reverse=True)[:NEAREST]
    return tuple(
        (", ".join(labels.key(k, c) for k, c in zip(row.keys, columns, strict=True)),
         dict(zip(columns, row.keys, strict=True)))
        for row in rows
    )  # fmt: skip


def _sentence(table: Table, row: Estimate, labels: Labels) -> str:
    """Return one row as a sentence that may be quoted; a covered figure is not said at all."""
    tongue, unit = labels.tongue, unit_of(table)
    span = tongue.span(row.low_milli, row.high_milli, unit)
    names = [labels.key(k, c) for k, c in zip(row.keys, table.columns[:-1], strict=True)]
    title = tongue.polished(table.title_fr if tongue.code == "fr" else table.title_en)
    said_of = said(SENTENCES, tongue)
    parts = said(PARTS, tongue)
    part = next((parts[key] for key in row.keys if key in parts), "")
    keys = dict(zip(table.columns[:-1], names, strict=True))
    pattern = said_of.get(table.table, said_of["any"])
    if any(
        f"{{{name}}}" in pattern and name not in keys for name in ("place", "age", "discipline")
    ):
        pattern = said_of["any"]  # an edition from before had other keys
    values = {"title": title, "names": f"({', '.join(names)})", "value": _value(row, labels, unit), "span": span, "part": part, "part_first": _capital(part)}  # fmt: skip
    return _capital(tongue.polished(pattern.format_map(_Or({**keys, **values}))))


class _Or(dict[str, str]):
    """Blanks that an older edition's table does not have stay empty."""

    def __missing__(self, key: str) -> str:
        return "…"


def _value(row: Estimate, labels: Labels, unit: str) -> str:
    """Return the figure as one says it: whole people are rounded as far as the interval allows."""
    tongue = labels.tongue
    if unit not in ("persons", "visits"):
        return tongue.told(row.value_milli, unit)
    low, high = -(-row.low_milli // MILLI), row.high_milli // MILLI
    near = about(round(row.value_milli / MILLI), low, high)
    return tongue.grouped(near) if low <= near <= high else tongue.bare(row.value_milli, unit)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
