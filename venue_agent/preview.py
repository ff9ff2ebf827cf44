"""Prepares the batches, puts them in the spool and shows what they hold: all that loads pandas."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from types import MappingProxyType
from typing import Final

from rich.markup import escape
from rich.table import Table

from contracts.charter import Charter
from contracts.visit import PERSON_COLUMNS, VISIT_COLUMNS
from venue_agent import tally
from venue_agent.config import source_of
from venue_agent.desk import Desk
from venue_agent.elements import FILE, ElementStore
from venue_agent.handles import Handles
from venue_agent.hearing import Progress
from venue_agent.mapper.drift import notice
from venue_agent.pipeline import House, Prepared, epoch_of, prepare
from venue_agent.resume import to_write
from venue_agent.suppress import Suppressions
from venue_agent.words import _, mark, number

ALWAYS: Final = frozenset(
    {"contribution_id", "tokens", "statistics", "recommendation", "partner_offers"}
)
WHY: Final = MappingProxyType(
    {
        "contribution_id": mark("random number of this venue alone: the person can be withdrawn"),
        "tokens": mark("pseudonym made with the custodian: joins a person's venues"),
        "statistics": mark("consent to statistics (without it, nothing leaves)"),
        "recommendation": mark("consent to recommendation"),
        "partner_offers": mark("named partners to whom the person said yes"),
        "age_band": mark("age band, for booking times and the young"),
        "departement": mark("département, for where people come from"),
        "country": mark("country, for addresses abroad"),
        "subscriber": mark("subscription, for loyalty"),
        "qpv": mark("priority neighbourhood, computed here"),
        "event_id": mark("event of the public catalogue; blank if sensitive"),
        "discipline": mark("discipline, for how audiences cross"),
        "event_date": mark("day or week of the visit, for how audiences move"),
        "lead_days": mark("days from purchase to visit"),
        "channel": mark("sales channel"),
        "party_band": mark("size of the party, as a band"),
        "price_band": mark("price, as a band; never the amount"),
        "distance_band": mark("distance to the venue, as a band"),
        "first_time_here": mark("first visit here, computed here"),
        "satisfaction": mark("satisfaction mark, if there is one"),
    }
)


def run(desk: Desk, *, full: bool, progress: Progress) -> Iterator[Table]:
    """Prepare every month into the spool, then yield the tables of the preview; nothing is sent.

    ``full``: months that have not changed since the vault confirmed them are packed again.

    Raises:
        AgentError: one class and exit code for each kind of defect; the spool is as it was.
    """
    charter = desk.charter()
    progress("read")
    changes = notice(source_of(desk.home, desk.config), desk.home.path, desk.clock.now())
    prepared = prepare(
        _house(desk, charter, full=full), charter, desk.custodian, desk.clock, progress
    )
    spool = desk.spool
    for batch in to_write(desk, charter, prepared.batches):
        spool.write(batch)
    return chain(_changes(changes), tables(prepared, charter))


def _changes(changes: list[str]) -> Iterator[Table]:
    if changes:
        table = Table(title=_("The exports have changed"), show_header=False, title_justify="left")
        for change in changes:
            table.add_row(escape(change))
        yield table


def tables(prepared: Prepared, charter: Charter) -> Iterator[Table]:
    """Yield where each line went, what leaves and why, and what each month holds."""
    yield from _counts(prepared)
    yield _fields(charter)
    if prepared.batches:
        yield _months(prepared)


def _house(desk: Desk, charter: Charter, *, full: bool) -> House:
    """Return what this venue brings to the pipeline.

    Raises:
        ConfigError, NoConsentSource: the mapping or the catalogue cannot be used.
        StateDamaged: the local memory belongs to another venue.
    """
    spool = desk.spool
    handles = Handles(desk.home.state, desk.config.venue)
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


def _fields(charter: Charter) -> Table:
    fields = _table(_("What leaves, and nothing else"), (_("field"), 0), (_("why it leaves"), 0))
    for name in dict.fromkeys((*PERSON_COLUMNS, *VISIT_COLUMNS)):
        if name in ALWAYS or name in charter.fields:
            fields.add_row(name, _(WHY[name]))
    return fields


def _months(prepared: Prepared) -> Table:
    headings = ((_("month"), 0), (_("persons"), 1), (_("visits"), 1), (_("withdrawals"), 1))
    months = _table(_("Batches prepared"), *headings)
    for batch in prepared.batches:
        rows = Counter({str(entry.name): entry.rows for entry in batch.manifest.manifest.files})
        counts = (number(rows[f"{name}.csv"]) for name in ("persons", "visits", "erasures"))
        months.add_row(batch.month, *counts)
    return months


def _table(title: str, *columns: tuple[str, int]) -> Table:
    """Return a table; a column of counts (1) is set to the right."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for heading, counts in columns:
        table.add_column(heading, justify="right" if counts else "left", no_wrap=bool(counts))
    return table
