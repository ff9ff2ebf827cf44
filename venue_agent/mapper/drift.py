"""Remembers the header of each source, and explains what changed before anything is prepared."""

import datetime as dt
import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from venue_agent.config import SourceConfig
from venue_agent.consents.answers import answer_columns
from venue_agent.errors import LayoutChanged, SourceMissing
from venue_agent.settings.mapping import FileRule
from venue_agent.settings.mapping import Mapping as VenueMapping
from venue_agent.sources.tables import Table, find_tables, header_of, same_words
from venue_agent.words import _

MEMORY_FILE: Final = "layouts.json"
ALIKE: Final = 0.6


def notice(source: SourceConfig, home: Path, now: dt.datetime) -> list[str]:
    """Compare each source's newest header with the last one, remember it, return what changed.

    Only headers in which every mapped column was found are remembered: the first line of a file
    without header is somebody's data.

    Raises:
        LayoutChanged: a mapped column is gone; which one, since when, and what it may be now.
        AgentError: a file cannot be read as a table.
    """
    memory, told = look(source, home, now)
    _save(memory, home)
    return told


def look(source: SourceConfig, home: Path, now: dt.datetime) -> tuple[dict[str, Any], list[str]]:
    """Return the headers as ``notice`` would remember them, and what changed; write nothing.

    Raises:
        AgentError: as ``notice``.
    """
    memory = _load(home / MEMORY_FILE)
    told: list[str] = []
    for rule, wanted in _sources(source.mapping):
        table = _newest(source.folder, rule, now)
        if table is not None:
            header = header_of(table, rule, wanted)
            before = memory.get(_key(rule), {})
            told += _compared(table.name, before, header, wanted)
            if not _lost(header, wanted):
                memory[_key(rule)] = _entry(header, now)
    return memory, told


def digest(header: Sequence[str]) -> str:
    """Return the SHA-256 of a header, whatever the case, the spaces and the order of its columns."""
    return hashlib.sha256("\n".join(sorted(map(same_words, header))).encode()).hexdigest()


def remember(rule: FileRule, header: list[str], home: Path, now: dt.datetime) -> None:
    """Keep the header of a source that was just mapped: changes are told from here on."""
    _save({**_load(home / MEMORY_FILE), _key(rule): _entry(header, now)}, home)


def _entry(header: list[str], now: dt.datetime) -> dict[str, Any]:
    return {"digest": digest(header), "columns": header, "seen": now.date().isoformat()}


def _save(memory: Mapping[str, Any], home: Path) -> None:
    draft = home / (MEMORY_FILE + ".new")
    draft.write_text(json.dumps(memory, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(home / MEMORY_FILE)


def _lost(header: Sequence[str], wanted: Sequence[str]) -> list[str]:
    present = {same_words(column) for column in header}
    return [column for column in wanted if same_words(column) not in present]


def _compared(
    name: str, before: Mapping[str, Any], header: list[str], wanted: Sequence[str]
) -> Iterator[str]:
    present = {same_words(column) for column in header}
    old = {same_words(column): column for column in before.get("columns", ())}
    new = [column for column in header if same_words(column) not in old]
    gone = [old[words] for words in old if words not in present]
    lost = _lost(header, wanted)
    if lost and before:
        raise LayoutChanged(_explained(name, lost[0], new, before["seen"]))
    if lost or not before or digest(header) == before["digest"]:
        return  # a column that was never there is for the reader to refuse
    if new:
        yield _("{file}: new columns since {day}, not read: {columns}.").format(
            file=name, day=before["seen"], columns=", ".join(new)
        )
    if gone:
        yield _("{file}: columns gone since {day}, that were not read: {columns}.").format(
            file=name, day=before["seen"], columns=", ".join(gone)
        )


def _explained(name: str, lost: str, new: Sequence[str], day: str) -> str:
    alike = difflib.get_close_matches(lost, new, n=1, cutoff=ALIKE) or (
        new if len(new) == 1 else []
    )
    if alike:
        return _(
            "{file}: the column « {column} » was there on {day} and is gone; « {other} » is new "
            "and may be the same. Nothing was prepared. If it is, write its new name in the "
            "mapping or run `venue-agent map` again."
        ).format(file=name, column=lost, day=day, other=alike[0])
    return _(
        "{file}: the column « {column} » was there on {day} and is gone. Nothing was prepared. "
        "Export it again, or run `venue-agent map` again."
    ).format(file=name, column=lost, day=day)


def _sources(mapping: VenueMapping) -> Iterator[tuple[FileRule, list[str]]]:
    columns = [
        c for name in mapping.columns.values() for c in ([name] if isinstance(name, str) else name)
    ]
    yield mapping.tickets, columns + [c for rule in mapping.consent for c in answer_columns(rule)]
    for file in mapping.consent_files:
        yield file, [*file.columns.values(), *(c for r in file.consent for c in answer_columns(r))]
    for opposition in mapping.oppositions:
        yield opposition, list(opposition.columns.values())


def _newest(folder: Path, rule: FileRule, now: dt.datetime) -> Table | None:
    try:
        return max(find_tables(folder, rule, now.timestamp()), key=lambda table: table.written)
    except SourceMissing:
        return None  # the reader says so, where it matters


def _key(rule: FileRule) -> str:
    return rule.pattern or hashlib.sha256((rule.url + rule.query).encode()).hexdigest()[:16]


def _load(path: Path) -> dict[str, Any]:
    try:
        memory = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return memory if isinstance(memory, dict) else {}
