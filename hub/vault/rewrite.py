"""Reads and rewrites the live files of many months at once: who lives, and who must go."""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection

from hub.vault import index
from hub.vault.erase import Keys, without, without_frozen
from hub.vault.facts import FactStore, PartRef, Readable
from hub.vault.rows import TOKENS_SCHEMA

Bars = Callable[[str, pa.Table, pa.Table], Keys]
"""Given a venue, its persons and its identifiers of one month: the contribution keys that must go."""

LIVING_SCHEMA = TOKENS_SCHEMA.append(pa.field("venue", pa.int64()))


def months(refs: Sequence[PartRef]) -> dict[tuple[str, str], dict[str, PartRef]]:
    """Return the files by (venue, month), then by kind."""
    found: dict[tuple[str, str], dict[str, PartRef]] = {}
    for ref in refs:
        found.setdefault((ref.place.venue, ref.place.month), {})[ref.place.kind] = ref
    return found


def living(
    facts: Readable, refs: Sequence[PartRef], arriving: Sequence[tuple[str, pa.Table]] = ()
) -> pa.Table:
    """Return every identifier of the files and of what arrives, with the code of its venue.

    Codes are the positions in the sorted list of venues met here.
    """
    held = [(r.place.venue, facts.read(r)) for r in refs if r.place.kind == "tokens"]
    held += arriving
    codes = {venue: code for code, venue in enumerate(sorted({venue for venue, _ in held}))}
    tables = [
        table.append_column("venue", pa.array(np.full(table.num_rows, codes[venue], np.int64)))
        for venue, table in held
    ]
    return pa.concat_tables([LIVING_SCHEMA.empty_table(), *tables])


def purge(
    connection: Connection,
    facts: FactStore,
    bars: Bars,
    at: str,
    venues: Sequence[str] | None = None,
) -> list[PartRef]:
    """Rewrite every file that holds somebody whom *bars* names; return the files to delete after the commit.

    Args:
        connection: holds the vault head.
        facts: the files.
        bars: who must go.
        at: the instant, as the wire writes it.
        venues: where to look; None is everywhere. Frozen views are always looked at.
    """
    stale: list[PartRef] = []
    everyone = [np.zeros(0, np.uint64)]
    for (venue, _), refs in months(index.parts(connection, venues)).items():
        persons = facts.read(refs["persons"], ["contribution_key"])
        gone = bars(venue, persons, facts.read(refs["tokens"]))
        everyone.append(gone)
        if len(gone):
            for ref in refs.values():
                kept = without(facts.read(ref), gone)
                index.put_part(connection, facts.write(ref.place, kept))
                stale.append(ref)
    return stale + _purge_frozen(connection, facts, (bars, np.concatenate(everyone)), at)


def _purge_frozen(
    connection: Connection, facts: FactStore, named: tuple[Bars, Keys], at: str
) -> list[PartRef]:
    """Do the same to frozen views; they hold no identifier, only contributions and persons."""
    stale: list[PartRef] = []
    bars, found = named
    for request, visits, linkage in index.snapshots(connection).values():
        who = facts.read(linkage)
        gone = np.union1d(found, bars("", who, TOKENS_SCHEMA.empty_table()))
        if np.isin(who["contribution_key"].to_numpy(), gone).any():
            rest = facts.write(visits.place, without_frozen(facts.read(visits), who, gone))
            left = facts.write(linkage.place, without(who, gone))
            index.put_snapshot(connection, rest, left, request_sha256=request, at=at)
            stale += [visits, linkage]
    return stale
