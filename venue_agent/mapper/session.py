"""Turns an export and a few answers into a mapping that was tried on the export itself."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from venue_agent.consents.answers import refuse_unreadable
from venue_agent.errors import (
    ColumnMissing,
    ColumnSwapped,
    ConfigError,
    FieldRefused,
    MappingUnsure,
)
from venue_agent.mapper.formats import Dates, find_dates
from venue_agent.mapper.known import TIMES, Layout, recognised
from venue_agent.mapper.propose import CONTACTS, HALF, Proposal, fit_of, look, propose
from venue_agent.mapper.vocabulary import values_of
from venue_agent.settings.headers import NAMES, is_sensitive
from venue_agent.settings.mapping import REQUIRED_FIELDS, FileRule
from venue_agent.sources import dates
from venue_agent.sources.checks import check_content, check_order
from venue_agent.sources.tables import file_table, same_words, sample_table
from venue_agent.words import _

ROWS: Final = 20_000
REACHABLE: Final = ("email", "phone", "customer")
DIGITS: Final = re.compile(r"\d[\d_.-]*")
DATA: Final = re.compile(r"@|^[\d\s.,/:+-]+$")  # what no column is called, and people are
TOLD: Final = 1.0  # confidence in what somebody says


@dataclass(frozen=True)
class Seen:
    """A file that was looked at: its first rows, what it is, and what was found in it."""

    path: Path
    rule: FileRule
    cells: pd.DataFrame
    layout: Layout | None
    found: Mapping[str, Proposal]
    dates: Mapping[str, Dates] = field(default_factory=dict)

    @property
    def header(self) -> list[str]:
        """The columns of the file, as written."""
        return list(self.cells.columns)


def look_at(path: Path, sheet: str = "", *, contacts: bool = False) -> Seen:
    """Return what the first rows of a file tell; nothing is written.

    Raises:
        ColumnMissing: its first line is no header; it is not repeated, it may be somebody's data.
        AgentError: the file cannot be read as a table (see ``venue_agent.sources.tables``).
    """
    rule = FileRule(pattern=pattern_of(path.name), sheet=sheet)
    cells = sample_table(file_table(path), rule, ROWS)
    if any(DATA.search(name) for name in cells.columns):
        raise ColumnMissing(
            _(
                "The first line of {file} holds data, not the names of its columns. Export it "
                "with a header, or write one above it."
            ).format(file=path.name)
        )
    known = recognised(list(cells.columns))
    layout = known[1] if known and (known[1].kind == "contacts") == contacts else None
    found = propose(cells, layout, CONTACTS if contacts else NAMES)
    return _with_dates(Seen(path, rule, cells, layout, found))


def pattern_of(name: str) -> str:
    """Return the pattern of next month's file: « ventes_2025-09.csv » is ``ventes_*.csv``."""
    stem, dot, suffix = name.rpartition(".")
    return re.sub(r"\*+", "*", DIGITS.sub("*", re.sub(r"[\[\]?*]", "?", stem or suffix))) + (
        dot + suffix if stem else ""
    )


def put(seen: Seen, name: str, column: str) -> Seen:
    """Return *seen* with *column* for the field *name* ("" for none), once its cells agree.

    Raises:
        ConfigError: there is no such field.
        ColumnMissing: there is no such column.
        ColumnSwapped: the column holds something else, birth dates in the place of postcodes.
        FieldRefused: the column is of a special category (health, religion, opinion).
    """
    if name not in NAMES:
        raise ConfigError(
            _("There is no field {name}. Known: {known}.").format(name=name, known=", ".join(NAMES))
        )
    others = {f: p for f, p in seen.found.items() if f != name}
    if not column:
        return _with_dates(replace(seen, found=others))
    places = [c for c in seen.header if same_words(c) == same_words(column)]
    if not places:
        raise ColumnMissing(
            _("There is no column « {column} » in {file}.").format(
                column=column, file=seen.path.name
            )
        )
    if is_sensitive(places[0]):
        raise FieldRefused(
            _(
                "The column « {column} » tells of health, religion or opinions: the agent never "
                "reads such a column, whatever it is mapped to."
            ).format(column=places[0])
        )
    check_content(seen.cells, {name: places[0]})
    fit = fit_of(name, seen.cells[places[0]])
    if (
        fit is not None and fit < HALF
    ):  # the reader says nothing of very few values; here one may ask
        dated = find_dates(seen.cells[places[0]]).share > HALF
        raise ColumnSwapped(
            _(
                "The column « {column} » is mapped to {field}, but most of its values look "
                "like {seen}. Correct the mapping."
            ).format(
                column=places[0], field=name, seen=_("dates") if dated else _("something else")
            )
        )
    chosen = Proposal(name, places[0], TOLD, look(seen.cells[places[0]]))
    return _with_dates(replace(seen, found={**others, name: chosen}))


def missing(seen: Seen) -> tuple[str, ...]:
    """Return the fields without which the export cannot be used, that have no column yet."""
    lacks = [name for name in REQUIRED_FIELDS if name not in seen.found]
    if not any(name in seen.found for name in REACHABLE):
        lacks.append("email")
    return tuple(lacks)


def complete(seen: Seen, ask: Callable[[Seen, str], str] | None) -> Seen:
    """Return *seen* once nothing is missing and the export agrees with it; *ask* names columns.

    Raises:
        MappingUnsure: something is missing, and there is nobody to ask.
        AgentError: the columns hold something else than what they are mapped to.
    """
    while lacks := missing(seen):
        if ask is None:
            raise MappingUnsure(
                _(
                    "{file}: no column was recognised for {fields}. Name them: {options}. "
                    "Columns: {columns}."
                ).format(
                    file=seen.path.name,
                    fields=", ".join(lacks),
                    options=" ".join(f"--set {name}=…" for name in lacks),
                    columns=", ".join(f"« {name} »" for name in seen.header),
                )
            )
        seen = put(seen, lacks[0], ask(seen, lacks[0]))
    _try(seen)
    return seen


def columns_of(seen: Seen) -> dict[str, str | tuple[str, str]]:
    """Return the ``[columns]`` of the mapping: an hour joins its date unless the date says it."""
    columns: dict[str, str | tuple[str, str]] = {}
    for name, proposal in seen.found.items():
        if name in TIMES:
            continue
        time = {date: t for t, date in TIMES.items()}.get(name, "")
        apart = time in seen.found and not seen.dates[name].hours
        columns[name] = (proposal.column, seen.found[time].column) if apart else proposal.column
    return {name: columns[name] for name in NAMES if name in columns}


def values(seen: Seen) -> dict[str, Any]:
    """Return the ``[values]`` of the mapping: of the layout, and the known words of the cells."""
    cells = {name: list(seen.cells[p.column].cat.categories) for name, p in seen.found.items()}
    told = values_of(cells)
    if seen.layout:
        told = {**told, **seen.layout.words.model_dump(mode="json", exclude_defaults=True)}
    return told


def _with_dates(seen: Seen) -> Seen:
    found = {
        name: find_dates(seen.cells[seen.found[name].column])
        for name in ("booked", "event_date")
        if name in seen.found
    }
    return replace(seen, dates=found)


def _try(seen: Seen) -> None:
    """Read the first rows as the mapping says; raise what reading them all would."""
    check_content(seen.cells, {f: p.column for f, p in seen.found.items() if f not in TIMES})
    read: dict[str, pd.Series] = {}
    for name, how in seen.dates.items():
        column = seen.found[name].column
        read[name] = dates.parse(seen.cells[column], how.formats)
        refuse_unreadable(seen.cells[column], read[name], column)
    if len(read) == len(("booked", "event_date")):
        check_order(read["booked"], read["event_date"])


def choose(header: Sequence[str], typed: str) -> str:
    """Return the column that somebody typed, by its name or its number from 1; "" for neither."""
    if typed.strip().isdigit() and 0 < int(typed) <= len(header):
        return header[int(typed) - 1]
    return next((name for name in header if same_words(name) == same_words(typed)), "")
