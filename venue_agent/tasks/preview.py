"""Prepares the batches, puts them in the spool and shows what they hold: all that loads pandas."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from rich.markup import escape
from rich.table import Table

from contracts.charter import Charter
from venue_agent import tally
from venue_agent.audiences.orders import measured_under
from venue_agent.config import source_of
from venue_agent.desk import Desk
from venue_agent.frames import Activation
from venue_agent.hearing import Progress
from venue_agent.home.durable import write_private
from venue_agent.home.elements import FILE, ElementStore
from venue_agent.mapper.drift import notice
from venue_agent.outbox import marks
from venue_agent.pages.preview import preview_page
from venue_agent.people import merge_report
from venue_agent.people.handles import Handles
from venue_agent.people.merge_report import MergeReport, write_report
from venue_agent.people.offers import Offers
from venue_agent.pipeline import House, Prepared, epoch_of, prepare
from venue_agent.rights import proofs
from venue_agent.rights.erasure import owes_whole
from venue_agent.rights.suppress import Suppressions
from venue_agent.screen import fields
from venue_agent.screen.sheet import FOLDER, Sheet, keep_counts, sheet_of
from venue_agent.tasks.resume import to_write
from venue_agent.words import _, number

PAGE: Final = "apercu.html"


@dataclass(frozen=True)
class Preview:
    """What was prepared: tables for a terminal, the sheet of what would leave, and its page."""

    tables: tuple[Table, ...]
    sheet: Sheet
    page: Path


def run(desk: Desk, *, full: bool, progress: Progress) -> Preview:
    """Prepare every month into the spool and write the page of what would leave; nothing is sent.

    ``full``: months that have not changed since the vault confirmed them are packed again.

    Raises:
        AgentError: one class and exit code for each kind of defect; the spool is as it was.
    """
    charter = desk.charter()
    owes_whole(desk, charter)  # noted before the months of an earlier season leave the spool
    progress("read")
    changes = notice(source_of(desk.home, desk.config), desk.home.path, desk.clock.now())
    prepared = prepare(
        _house(desk, charter, full=full), charter, desk.custodian, desk.clock, progress
    )
    _write(desk, charter, prepared, progress)
    keep_counts(desk.home, prepared.tally)
    write_report(desk.home.path, prepared.merging)
    proofs.keep(desk, charter, prepared)
    sheet = sheet_of(desk, charter, desk.spool.unsent())
    page = desk.home.path / FOLDER / PAGE
    write_private(page, preview_page(sheet).encode())
    shown = chain(_changes(changes), tables(prepared, sheet))
    return Preview(tuple(shown), sheet, page)


def _write(desk: Desk, charter: Charter, prepared: Prepared, progress: Progress) -> None:
    spool = desk.spool
    before = {packed.month: packed for packed in spool.months()}
    for at, batch in enumerate(to_write(desk, charter, prepared.batches)):
        progress("spool", at, len(prepared.batches))
        marks.keep(desk.home, desk.cache_key, before.get(batch.month))
        spool.write(batch)


def _changes(changes: list[str]) -> Iterator[Table]:
    if changes:
        table = Table(title=_("The exports have changed"), show_header=False, title_justify="left")
        for change in changes:
            table.add_row(escape(change))
        yield table


def tables(prepared: Prepared, sheet: Sheet) -> Iterator[Table]:
    """Yield where each line went, what leaves and why, and what each month holds."""
    yield from _counts(prepared)
    yield _merging(prepared.merging)
    yield _fields(sheet.charter)
    if sheet.months:
        yield _months(sheet)


def _house(desk: Desk, charter: Charter, *, full: bool) -> House:
    """Return what this venue brings to the pipeline.

    Raises:
        ConfigError, NoConsentSource: the mapping or the catalogue cannot be used.
        StateDamaged: the local memory belongs to another venue.
    """
    spool = desk.spool
    handles = Handles(desk.home.state, desk.config.venue)
    offers = Offers(handles)
    counted = measured_under(desk.home, offers, charter)
    return House(
        venue=desk.config.venue,
        signing_key=desk.key,
        source=source_of(desk.home, desk.config),
        catalogue=desk.catalogue(),
        handles=handles,
        elements=ElementStore(desk.home.path / FILE, desk.cache_key, epoch_of(charter).public_key),
        sent={} if full else spool.sent(),
        first_sequence=spool.next_sequence(desk.clock),
        barred=Suppressions(handles).barred(),
        activations=tuple(
            Activation(*astuple(row)) for row in offers.arms() if row.order in counted
        ),
    )


def _counts(prepared: Prepared) -> Iterator[Table]:
    counts = _table(_("Read = kept + dropped"), (_("ticket lines"), 0), (_("number"), 1))
    told = prepared.tally
    counts.add_row(_("read"), number(told.read))
    for reason, lines in sorted(told.dropped.items(), key=lambda item: -item[1]):
        counts.add_row("− " + tally.words(reason), number(lines))
    counts.add_row("[bold]= " + _("kept") + "[/]", f"[bold]{number(told.kept)}[/]")
    yield counts
    if told.notes:
        notes = _table(_("Seen on the way"), ("", 0), ("", 1))
        notes.show_header = False
        for what, count in sorted(told.notes.items(), key=lambda item: tally.rank(item[0])):
            notes.add_row(tally.words(what), number(count))
        yield notes


def _merging(report: MergeReport) -> Table:
    table = _table(_("From records to persons"), ("", 0), ("", 1))
    table.show_header = False
    for what, count in merge_report.lines(report):
        table.add_row(what, number(count))
    return table


def _fields(charter: Charter) -> Table:
    shown = _table(_("What leaves, and nothing else"), (_("field"), 0), (_("why it leaves"), 0))
    for name in fields.leaving(charter):
        shown.add_row(name, _(fields.WHY[name]))
    return shown


def _months(sheet: Sheet) -> Table:
    headings = ((_("month"), 0), (_("persons"), 1), (_("new, changed, gone"), 1), (_("visits"), 1),
                (_("withdrawals"), 1))  # fmt: skip
    shown = _table(_("Batches prepared"), *headings)
    for month in sheet.months:
        change = month.change
        told = (change.persons_new, change.persons_changed, change.persons_gone) if change else ()
        differs = ", ".join(map(number, told)) or _("first time")
        counts = [number(count) for count in (month.visits, month.withdrawals)]
        shown.add_row(month.month, number(month.persons), differs, *counts)
    return shown


def _table(title: str, *columns: tuple[str, int]) -> Table:
    """Return a table; a column of counts (1) is set to the right."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for heading, counts in columns:
        table.add_column(heading, justify="right" if counts else "left", no_wrap=bool(counts))
    return table
