"""Erasure: tombstones that hold for ever, and the removal of what they name from every file.

A tombstone is a keyed digest, so that a stolen database names nobody. Scope "venue" bars a
contribution, or an identifier at that venue; scope "network" bars the identifiers of the person as
the vault links her, everywhere. They are also appended to a log beside the facts *before* the
database commits: a database restored from an older backup finds there what it has forgotten.
"""

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hub.vault.keys import VaultKeys
from hub.vault.link import Guards, hold, link
from hub.vault.rows import Erasure

Keys = NDArray[np.uint64]
NETWORK = ""
Barred = tuple[str, bytes]
"""Where an identifier P is barred, and P."""


class Graves:
    """Makes and recognises tombstones."""

    def __init__(self, keys: VaultKeys) -> None:
        self._keys = keys

    def of_contribution(self, contribution_key: int) -> str:
        """Return the tombstone of one contribution."""
        return self._keys.mac("tombstone", "contribution", contribution_key).hex()

    def of_point(self, point: bytes, venue: str = NETWORK) -> str:
        """Return the tombstone of one identifier, at one venue or everywhere."""
        return self._keys.mac("tombstone", "point", venue, point.hex()).hex()

    def barred(self, venue: str, persons: pa.Table, tokens: pa.Table, macs: frozenset[str]) -> Keys:
        """Return the contribution keys of one venue that a tombstone bars."""
        if not macs:
            return np.zeros(0, np.uint64)
        handles = persons["contribution_key"].to_pylist()
        out = {key for key in handles if self.of_contribution(key) in macs}
        pairs = zip(
            tokens["contribution_key"].to_pylist(), tokens["point"].to_pylist(), strict=True
        )
        for key, point in pairs:
            if self.of_point(point) in macs or self.of_point(point, venue) in macs:
                out.add(key)
        return np.array(sorted(out), np.uint64)


@dataclass(frozen=True)
class Withdrawal:
    """Whom the erasures of one venue name, in the vault's own terms; never at rest in this form."""

    venue: str
    contributions: frozenset[int]
    here: frozenset[bytes]  # identifiers P barred at the venue
    everywhere: frozenset[bytes]
    network: bool

    @property
    def reach(self) -> list[str] | None:
        """The venues whose files it may touch; None is all of them."""
        return None if self.network else [self.venue]

    def macs(self, graves: Graves) -> frozenset[str]:
        """Return the tombstones."""
        return frozenset(
            {graves.of_contribution(key) for key in self.contributions}
            | {graves.of_point(point, self.venue) for point in self.here}
            | {graves.of_point(point) for point in self.everywhere}
        )

    def barred(self) -> frozenset[Barred]:
        """Return each identifier with the venue at which it is barred; "" is everywhere."""
        return frozenset(
            {(self.venue, point) for point in self.here}
            | {(NETWORK, point) for point in self.everywhere}
        )

    def bars(self, venue: str, persons: pa.Table, tokens: pa.Table) -> Keys:
        """Return the contributions of one month of *venue* that it bars."""
        points = self.everywhere | (self.here if venue == self.venue else frozenset())
        handles = persons["contribution_key"].to_numpy()
        named = handles[np.isin(handles, np.array(sorted(self.contributions), np.uint64))]
        held = tokens["contribution_key"].to_numpy()[_one_of(tokens, points)]
        return np.union1d(named, held)


def withdraw(venue: str, erasures: Sequence[Erasure], living: pa.Table) -> Withdrawal:
    """Return what *erasures* bar; a withdrawal from the network follows the person's links.

    Args:
        venue: who sends them.
        erasures: what is withdrawn.
        living: every live identifier (contribution_key, kind, point, venue code).
    """
    network = [erasure for erasure in erasures if erasure.network]
    linked = _linked(network, living)
    handles = {e.contribution_key for e in erasures if e.contribution_key is not None}
    return Withdrawal(
        venue=venue,
        contributions=frozenset(handles | set(linked["contribution_key"].to_pylist())),
        here=frozenset(p for e in erasures if not e.network for p in e.points),
        everywhere=frozenset(linked["point"].to_pylist()) | {p for e in network for p in e.points},
        network=bool(network),
    )


def without(table: pa.Table, contributions: Keys) -> pa.Table:
    """Return *table* without the rows of those contributions."""
    gone = np.isin(table["contribution_key"].to_numpy(), contributions)
    return table.filter(pa.array(~gone)) if gone.any() else table


def without_frozen(visits: pa.Table, linkage: pa.Table, contributions: Keys) -> pa.Table:
    """Return frozen *visits* without those that the contributions brought to their venue."""
    gone = np.isin(linkage["contribution_key"].to_numpy(), contributions)
    lost = (
        linkage.filter(pa.array(gone))
        .select(["person_key", "venue"])
        .group_by(["person_key", "venue"])
        .aggregate([])
    )
    columns = visits.column_names
    return visits.join(lost, ["person_key", "venue"], join_type="left anti").select(columns)


def log_tombstones(path: Path, macs: Iterable[str]) -> None:
    """Append *macs* to the log, on the disk when this returns.

    A full disk or a power cut may have left half a line at the end: it is closed first, or it would
    swallow the first mac of this call.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "rb+") as file:
        if _is_torn(file):
            file.write(b"\n")
        file.writelines(f"{mac}\n".encode() for mac in sorted(macs))
        file.flush()
        os.fsync(file.fileno())


def logged_tombstones(path: Path) -> frozenset[str]:
    """Return the macs of the log; a line cut short by a crash is left out, it was not acknowledged."""
    return frozenset(lines_of(path))


def lines_of(path: Path) -> list[str]:
    """Return the whole lines of the log, oldest first."""
    text = path.read_text() if path.exists() else ""
    return [line for line in text.split("\n")[:-1] if len(line) == len("0" * 64)]


def _is_torn(file: BinaryIO) -> bool:
    """Tell whether the log's last line has no end."""
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read() != b"\n"


def _linked(erasures: Sequence[Erasure], living: pa.Table) -> pa.Table:
    """Return the live rows of the persons whom *erasures* name, as the vault links them."""
    if not erasures or not living.num_rows:
        return living.slice(0, 0)
    holder = living["contribution_key"].to_numpy()
    keys, first = np.unique(holder, return_index=True)
    persons = link(living["venue"].to_numpy()[first], hold(keys, living), Guards()).persons
    handles = [e.contribution_key for e in erasures if e.contribution_key is not None]
    named = _one_of(living, {point for erasure in erasures for point in erasure.points})
    seeds = np.isin(keys, holder[named]) | np.isin(keys, np.array(handles, np.uint64))
    hers = keys[np.isin(persons, np.unique(persons[seeds]))]
    return living.filter(pa.array(np.isin(holder, hers)))


def _one_of(tokens: pa.Table, points: Collection[bytes]) -> NDArray[np.bool_]:
    values = pa.array(sorted(points), tokens["point"].type)
    found: NDArray[np.bool_] = pc.is_in(tokens["point"], values).to_numpy()
    return found
