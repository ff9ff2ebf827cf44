"""Leaves the network: empties every month at the hub, withdraws every handle, and keeps the vault's word for it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.batch import SignedReceipt
from contracts.charter import Charter
from contracts.charter_check import charter_hash
from contracts.clock import stamp
from venue_agent.desk import LEFT, Desk
from venue_agent.home.lists import discard
from venue_agent.outbox.batches import Batch
from venue_agent.outbox.spool import Packed
from venue_agent.pack import seal
from venue_agent.people.handles import Handles
from venue_agent.people.tellings import Tellings
from venue_agent.push import Patience, push
from venue_agent.rights.erasure import (
    ERASURES,
    announce,
    empty_month,
    erasures_file,
    owes_whole,
    proof,
    quiet_month,
    sealing_of,
)


@dataclass(frozen=True)
class Farewell:
    """What the vault has confirmed; the proof is written once everything is."""

    receipts: tuple[SignedReceipt, ...]
    waiting: int
    proof: Path | None


def leave(desk: Desk, patience: Patience) -> Farewell:
    """Empty the hub of this venue's rows; after a failure, again does what is left to do.

    Raises:
        HubDown, CharterRefused…: nothing is lost, again later.
    """
    charter = desk.charter()
    if owes_whole(desk, charter):
        announce(desk, patience)
    handles = Handles(desk.home.state, desk.config.venue)
    handles.retire_all()
    discard(desk.home)
    Tellings(handles).forget_all()
    spool = desk.spool
    for batch in _batches(desk, charter, handles.withdrawn()):
        spool.write(batch)
    push(spool, desk.hub, desk.config.hub_fingerprint, patience)
    receipts = tuple(p.receipt for p in spool.months() if p.receipt is not None)
    waiting = len(spool.unsent())
    if waiting:
        return Farewell(receipts, waiting, None)
    written = proof(desk, charter, "leave", receipts, "")
    (desk.home.path / LEFT).write_text(json.dumps({"left": stamp(desk.clock.now())}))
    return Farewell(receipts, 0, written)


def _batches(desk: Desk, charter: Charter, handles: list[str]) -> Iterator[Batch]:
    """Yield an empty snapshot of each month that is not empty yet; the last carries the withdrawals."""
    months = desk.spool.months()
    files = {p.month: empty_month(charter) for p in months if not _is_emptied(p, charter)}
    erasures = erasures_file(f"venue,{handle}," for handle in handles)
    if handles and not any(_holds(p, erasures) for p in months):
        now = desk.clock.now()
        last = max(files, default=max((p.month for p in months), default=quiet_month(charter, now)))
        files[last] = {**empty_month(charter), ERASURES: erasures}
    sealing = sealing_of(desk, charter)
    for more, (month, inside) in enumerate(sorted(files.items())):
        sequence = sealing.first_sequence + more
        yield seal(month, inside, sealing.now, sealing=sealing, sequence=sequence)


def _is_emptied(packed: Packed, charter: Charter) -> bool:
    """Return whether an empty snapshot of that month was accepted, or waits and may be sent."""
    rows = {entry.name: entry.rows for entry in packed.manifest.manifest.files}
    if rows["persons.csv"] or rows["visits.csv"]:
        return False
    if packed.receipt is None:
        return packed.commit.charter_sha256 == charter_hash(charter)
    return packed.receipt.receipt.state == "accepted"


def _holds(packed: Packed, erasures: bytes) -> bool:
    path = packed.plaintext / ERASURES
    return path.exists() and path.read_bytes() == erasures
