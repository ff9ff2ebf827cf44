"""Checks of what the venue itself puts there: mapping, newest export and its header, files of consent, catalogue."""

import datetime as dt
import importlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from venue_agent.catalogue import read_catalogue
from venue_agent.config import SourceConfig, source_of
from venue_agent.doctor.causes import ill
from venue_agent.doctor.finding import Finding, skipped, well
from venue_agent.doctor.patient import Patient, attempted
from venue_agent.errors import (
    AgentError,
    LayoutChanged,
    SourceMissing,
)
from venue_agent.words import _, several

OLD_DAYS: Final = 8
STALE_HOURS: Final = 24
"""As ``read`` refuses it (design, promise 7)."""
_DEFAULT: Final = "mapping.toml"


def mapping(patient: Patient) -> Iterator[Finding]:
    """Check that the mapping can be read, and that the newest export still has its columns; remember nothing."""
    source = _source(patient)
    if source is None:
        yield ill("mapping-missing", file=_file(patient))
    elif isinstance(source, AgentError):
        yield ill("mapping-broken", error=source, file=_file(patient).name)
    else:
        now, home = patient.clock.now(), patient.home.path
        seen = attempted(partial(_heavy("mapper.drift").look, source, home, now))
        if isinstance(seen, LayoutChanged):
            yield ill("layout-changed", error=seen)
        elif isinstance(seen, AgentError):
            yield ill("export-unreadable", error=seen)
        else:
            yield from _layout(source, seen[1], now)


def _layout(source: SourceConfig, changes: list[str], now: dt.datetime) -> Iterator[Finding]:
    yield from (ill("layout-new", change=change) for change in changes)
    lost = attempted(partial(_lost, source, now))
    if isinstance(lost, SourceMissing):
        lost = ""  # no export yet: the next check says so
    if isinstance(lost, AgentError):
        yield ill("export-unreadable", error=lost)
    elif lost:
        yield ill("layout-changed", error=_("the newest export has no column « {column} »").format(column=lost))  # fmt: skip
    elif not changes:
        count = len(source.mapping.columns)
        yield well("mapping", several("{count} column named", "{count} columns named", count))


def _lost(source: SourceConfig, now: dt.datetime) -> str:
    """Return a column that the mapping names and that the newest export never had; "" when all are there."""
    tables, rule = _heavy("sources.tables"), source.mapping.tickets
    newest = max(tables.find_tables(source.folder, rule, now.timestamp()), key=lambda t: t.written)
    named = source.mapping.columns.values()
    wanted = [c for name in named for c in ((name,) if isinstance(name, str) else name)]
    there = {tables.same_words(column) for column in tables.header_of(newest, rule, wanted)}
    return next((column for column in wanted if tables.same_words(column) not in there), "")


def export(patient: Patient) -> Iterator[Finding]:
    """Check that the newest export is there, and of this week."""
    source = _source(patient)
    if not isinstance(source, SourceConfig):
        yield skipped("export", _("not checked: no mapping"))
        return
    rule, now = source.mapping.tickets, patient.clock.now()
    tables = attempted(
        partial(_heavy("sources.tables").find_tables, source.folder, rule, now.timestamp())
    )
    if isinstance(tables, AgentError):
        yield ill("export-missing", pattern=rule.pattern, folder=source.folder, file=_file(patient).name)  # fmt: skip
    else:
        newest = max(tables, key=lambda table: table.written)
        yield judge_age(newest.name, newest.written, now)


def judge_age(name: str, written: float, now: dt.datetime) -> Finding:
    """Judge the age of the newest export, by the seconds since 1970 at which it was written."""
    days = int((now.timestamp() - written) / 86400)
    if days >= OLD_DAYS:
        return ill("export-old", file=name, days=days)
    return well("export", _("{file}, {age} old").format(file=name, age=several("{count} day", "{count} days", days)))  # fmt: skip


def consent(patient: Patient) -> Iterator[Finding]:
    """Check that each file of answers is there, and not older than the export by more than a day."""
    source = _source(patient)
    if not isinstance(source, SourceConfig):
        yield skipped("consent", _("not checked: no mapping"))
        return
    now = patient.clock.now().timestamp()
    tables = partial(_heavy("sources.tables").find_tables, source.folder)
    exports = attempted(partial(tables, source.mapping.tickets, now))
    if isinstance(exports, AgentError):
        yield skipped("consent", _("not checked: no export"))
        return
    newest = max(table.written for table in exports)
    if not source.mapping.consent_files:
        yield well("consent", _("in the export itself: as old as it"))
    for rule in source.mapping.consent_files:
        files = attempted(partial(tables, rule, now))
        if isinstance(files, AgentError):
            yield ill("consent-missing", pattern=rule.pattern, folder=source.folder, file=_file(patient).name)  # fmt: skip
        else:
            yield from (judge_consent(each.name, each.written, newest) for each in files)


def judge_consent(name: str, written: float, export_written: float) -> Finding:
    """Judge a file of answers against the export that it goes with; both in seconds since 1970."""
    hours = int((export_written - written) / 3600)
    if written < export_written - STALE_HOURS * 3600:
        return ill("consent-old", file=name, hours=hours)
    return well("consent", _("{file}: not older than the export by 24 h").format(file=name))


def catalogue(patient: Patient) -> Iterator[Finding]:
    """Check that the catalogue of public events can be read."""
    config = patient.settings
    if config is None:
        return
    path = patient.home.inside(config.catalogue)
    if not path.exists():
        yield ill("catalogue-missing", file=path.name)
        return
    found = attempted(partial(read_catalogue, path, config.venue))
    if isinstance(found, AgentError):
        yield ill("catalogue-broken", error=found, file=path.name)
    else:
        count = len(found.public.events)
        yield well("catalogue", several("{count} event", "{count} events", count))


def _source(patient: Patient) -> SourceConfig | AgentError | None:
    """Return what the mapping names; None before there is one; the error when it cannot be read."""
    if not _file(patient).exists():
        return None
    if patient.settings is None:
        loaded = attempted(partial(_heavy("settings.mapping").load_mapping, _file(patient)))
        return loaded if isinstance(loaded, AgentError) else SourceConfig(loaded, patient.home.inside("exports"))  # fmt: skip
    return attempted(partial(source_of, patient.home, patient.settings))


def _file(patient: Patient) -> Path:
    name = patient.settings.mapping if patient.settings else _DEFAULT
    return patient.home.inside(name)


def _heavy(name: str) -> Any:
    """Load what loads pandas, for the checks that read an export."""
    return importlib.import_module(f"venue_agent.{name}")
