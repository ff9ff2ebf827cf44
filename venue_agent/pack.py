"""Pack pseudonymised rows into one sealed batch a month: what is previewed is what is sealed."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from contracts.base import canonical, digest
from contracts.batch import Commit, FileEntry, Manifest, Part, SignedManifest
from contracts.charter_check import charter_hash
from contracts.clock import stamp
from contracts.payload import BatchHead, seal_parts
from contracts.payload import pack as pack_payload
from contracts.seal import sealing_key_digest, sign
from contracts.season import month_of
from contracts.visit import (
    ACTIVATION_COLUMNS,
    ALWAYS_SENT,
    ERASURE_COLUMNS,
    VISIT_COLUMNS,
    person_columns,
)
from venue_agent.arms import leaving
from venue_agent.errors import FieldRefused
from venue_agent.frames import Activation, Pseudonymised
from venue_agent.hearing import Heard, unheard
from venue_agent.outbox.batches import Batch, Sealing, Sent
from venue_agent.words import _

BLANK: Final = frozenset({"", "unknown", "-1"})
"""What a column that the charter does not allow may hold."""

_ACTIVATIONS: Final = "activations.csv"
_ERASURES: Final = "erasures.csv"


def pack(
    pseudonymised: Pseudonymised,
    sealing: Sealing,
    heard: Heard = unheard,
    activations: Iterable[Activation] = (),
) -> tuple[Batch, ...]:
    """Return one batch for each month that is new, changed or gone since it was last confirmed.

    Each is the full snapshot of its month. Rows are sorted by random handle, so that their order
    tells nothing of the export. Erasures travel in the last batch, *activations* in the month of
    their day, with the persons whom they name; a month without any is as if there were none. *heard*
    hears of the months, first as they are written down, then as they are sealed.

    Raises:
        FieldRefused: a column holds values that the charter does not allow to leave.
        SealError: the charter's vault key or the venue's key is not one.
    """
    arms = leaving(activations, pseudonymised.persons, sealing.charter)
    snapshots = {
        month: files
        for month, files in _snapshots(pseudonymised, arms, sealing, heard)
        if not _confirmed(files, sealing, sealing.sent.get(month))
    }
    erasures = _erasures(pseudonymised)
    if erasures and not _announced(erasures, sealing):
        last = max(snapshots, default=month_of(sealing.now.date()))
        handles = pd.Index(pseudonymised.persons["contribution_id"])
        files = snapshots.get(last) or _snapshot(pseudonymised, last, handles, arms.get(last))
        snapshots[last] = {**files, _ERASURES: erasures}
    batches: list[Batch] = []
    for index, (month, files) in enumerate(sorted(snapshots.items())):
        sequence = sealing.first_sequence + index
        batches.append(
            seal(month, files, pseudonymised.read_at, sealing=sealing, sequence=sequence)
        )
        heard(len(snapshots) + index + 1, 2 * len(snapshots))
    return tuple(batches)


def _snapshots(
    pseudonymised: Pseudonymised,
    arms: Mapping[str, pd.DataFrame],
    sealing: Sealing,
    heard: Heard,
) -> Iterator[tuple[str, dict[str, bytes]]]:
    allowed = ALWAYS_SENT | set(sealing.charter.fields)
    persons = pseudonymised.persons
    _check_fields(persons, person_columns(persons.columns), allowed)
    _check_fields(pseudonymised.visits, VISIT_COLUMNS, allowed)
    months = {str(month) for month in pseudonymised.visits["month"].unique()}
    every = sorted(months | arms.keys() | sealing.sent.keys())
    places = pd.Index(pseudonymised.persons["contribution_id"])
    for at, month in enumerate(every):
        heard(at, 2 * len(every))
        yield month, _snapshot(pseudonymised, month, places, arms.get(month))


def _snapshot(
    pseudonymised: Pseudonymised, month: str, places: pd.Index, arms: pd.DataFrame | None
) -> dict[str, bytes]:
    """Return the files of *month*; ``places``: the handles of the persons, in their order."""
    visits = pseudonymised.visits
    here = visits[visits["month"] == month]
    named = here["contribution_id"]
    if arms is not None:
        named = pd.concat([named, arms["contribution_id"]])
    whose = places.get_indexer(pd.Index(named.unique()))
    persons = pseudonymised.persons
    files = {
        "persons.csv": _csv(persons.iloc[whose[whose >= 0]], person_columns(persons.columns)),
        "visits.csv": _csv(here, VISIT_COLUMNS),
    }
    if arms is not None:
        files[_ACTIVATIONS] = _csv(arms, ACTIVATION_COLUMNS)
    return files


def _erasures(pseudonymised: Pseudonymised) -> bytes:
    erasures = pseudonymised.erasures
    if erasures.empty:
        return b""
    return _csv(erasures, ERASURE_COLUMNS)


def _announced(erasures: bytes, sealing: Sealing) -> bool:
    """Return whether the vault confirmed this very list already: withdrawals are kept for ever."""
    confirmed = (entry for sent in sealing.sent.values() for entry in sent.files)
    return digest(erasures) in {entry.sha256 for entry in confirmed if entry.name == _ERASURES}


def _check_fields(frame: pd.DataFrame, columns: tuple[str, ...], allowed: frozenset[str]) -> None:
    for column in columns:
        if column not in allowed and not set(frame[column].astype(str).unique()) <= BLANK:
            raise FieldRefused(
                _(
                    "Column {column} holds values; expected none, for the charter does not name "
                    "that field. Nothing was packed. Have the charter amended, or mend the "
                    "minimising step."
                ).format(column=column)
            )


def _csv(frame: pd.DataFrame, columns: tuple[str, ...]) -> bytes:
    """Return the rows as CSV, in the order of their lines: a random handle, or a scope, is first in each.

    No value has anything to quote: they are codes, bands, numbers and slugs.
    """
    texts = pa.table({name: pa.array(frame[name], pa.string()) for name in columns})
    plain = csv.WriteOptions(include_header=False, quoting_style="none")
    with pa.BufferOutputStream() as lines:
        csv.write_csv(texts, lines, plain)
        rows = sorted(lines.getvalue().to_pybytes().splitlines(keepends=True))
    return b"".join([",".join(columns).encode() + b"\n", *rows])


def _confirmed(files: dict[str, bytes], sealing: Sealing, sent: Sent | None) -> bool:
    if sent is None or sent.charter_sha256 != charter_hash(sealing.charter):
        return False
    known = {entry.name: entry.sha256 for entry in sent.files if entry.name != _ERASURES}
    return known == {name: digest(data) for name, data in files.items()}


def seal(
    month: str,
    files: Mapping[str, bytes],
    read_at: dt.datetime,
    *,
    sealing: Sealing,
    sequence: int,
) -> Batch:
    """Return the batch of one month: its files as they are, listed, signed and sealed.

    Args:
        month: of the events.
        files: CSV by name, columns of ``contracts.visit``; the whole snapshot.
        read_at: when the export was read.
        sealing: who packs, under which charter.
        sequence: above every earlier one of this venue and month.
    """
    charter = sealing.charter
    head = BatchHead(
        venue=sealing.venue,
        season=charter.pseudonym_season,
        month=month,
        charter_sha256=charter_hash(charter),
        sequence=sequence,
        key_sha256=sealing_key_digest(charter.hub.vault_key),
    )
    manifest = Manifest(
        normaliser_version=sealing.normaliser_version,
        venue=head.venue,
        season=head.season,
        month=head.month,
        charter_sha256=head.charter_sha256,
        sequence=head.sequence,
        created=stamp(sealing.now),
        export_read=stamp(read_at),
        files=[FileEntry.model_validate(_entry(name, data)) for name, data in files.items()],
        suppressions=sealing.suppressions,
    )
    signed = SignedManifest(
        manifest=manifest, signature=sign(sealing.signing_key, canonical(manifest))
    )
    parts = tuple(seal_parts(pack_payload(signed, files), head, charter.hub.vault_key))
    commit = Commit(
        **head.__dict__, parts=[Part(sha256=digest(part), size=len(part)) for part in parts]
    )
    return Batch(month=month, files=files, manifest=signed, commit=commit, parts=parts)


def _entry(name: str, data: bytes) -> dict[str, object]:
    # No value of a batch holds a line break, so lines are rows; the first one is the header.
    return {
        "name": name,
        "size": len(data),
        "rows": data.count(b"\n") - 1,
        "sha256": digest(data),
    }
