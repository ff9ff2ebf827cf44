"""The suppression list: whom the venue forgot, as keyed hashes, and what the hub is told of them.

It holds no address and no number. What must be named again in another season is kept as s·H1(x), a point
masked with a secret of this venue: the custodian evaluates it without anybody reading x there.
"""

import hashlib
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from contracts import ristretto, voprf
from contracts.linkage import identifier
from venue_agent.people.handles import HANDLE_BYTES, Handles
from venue_agent.people.known import IsBarred, nobody
from venue_agent.rights.named import Name

VENUE, NETWORK = "venue", "network"
_PERSON: Final = b"farandole-supprs"

TABLES: Final = """
CREATE TABLE IF NOT EXISTS barred (
  digest BLOB PRIMARY KEY,       -- keyed hash of a local key of somebody who was forgotten
  since TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS withdrawal (
  digest BLOB PRIMARY KEY,       -- keyed hash of the identifier that was named
  scope TEXT NOT NULL,
  contribution_id TEXT NOT NULL, -- the handle; a random one where none was known: it must not tell
  kind TEXT NOT NULL,
  masked BLOB NOT NULL,          -- s·H1(x); empty for a customer number, which links nothing
  element BLOB NOT NULL,         -- N = k·H1(x) of the epoch below, once the custodian has evaluated it
  epoch BLOB NOT NULL,
  since TEXT NOT NULL,
  sequence INTEGER NOT NULL,     -- of the batch that it travels in; 0 none yet
  confirmed INTEGER NOT NULL     -- 1: the vault's receipt of that batch is here
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS whole (
  epoch BLOB PRIMARY KEY,        -- the season's public key under which the whole list is owed
  sequence INTEGER NOT NULL,     -- of the batch that it travels in; 0 none yet
  confirmed INTEGER NOT NULL     -- 1: the vault's receipt of that batch is here
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Withdrawal:
    """One identifier that the hub is told to forget."""

    scope: str
    contribution_id: str
    kind: str
    masked: bytes
    element: bytes = b""
    sequence: int = 0

    @property
    def token(self) -> str:
        """The identifier as it is sent; "" for a customer number."""
        return f"{self.kind}:{self.element.hex()}" if self.masked else ""

    @property
    def row(self) -> str:
        """The line of ``erasures.csv``: always as long, whether the handle is one or not."""
        return f"{self.scope},{self.contribution_id},{self.token}"


@dataclass(frozen=True)
class Known:
    """Elements N that an epoch's key gave to some names, from earlier sendings."""

    epoch: bytes
    elements: Mapping[Name, bytes]


UNKNOWN: Final = Known(b"", MappingProxyType({}))


class Suppressions:
    """The suppression list of one venue, in the same file as its handles."""

    def __init__(self, handles: Handles) -> None:
        self._handles = handles
        with handles.session() as session:
            for statement in TABLES.split(";\n")[:-1]:
                session.execute(statement)

    def forget(self, names: Sequence[Name], scope: str, now: str, known: Known = UNKNOWN) -> None:
        """Bar these people here for ever and retire their handles; the hub is told by what ``waiting`` gives.

        All that was known under the same handle is barred too: an export that has only the telephone
        of somebody forgotten by e-mail does not bring her back.
        """
        masked = self._masked(names)
        with self._handles.session() as session:
            for name, point in zip(names, masked, strict=True):
                element = known.elements.get(name, b"")
                asked = Withdrawal(scope, "", name.kind, point, element)
                self._one(session, name, asked, (known.epoch, now))
            # Only now: several names of one request may be known under one handle.
            session.execute(
                "DELETE FROM known WHERE handle IN (SELECT id FROM handle WHERE withdrawn = 1)"
            )

    def barred(self) -> IsBarred:
        """Return the predicate that the pipeline holds an export against."""
        with self._handles.session() as session:
            digests = {bytes(row[0]) for row in session.execute("SELECT digest FROM barred")}
        if not digests:
            return nobody
        digest = self._handles.digest
        return lambda key: digest(key) in digests

    def since(self, names: Iterable[Name]) -> str:
        """Return since when one of *names* is barred; "" if none is."""
        with self._handles.session() as session:
            query = "SELECT since FROM barred WHERE digest = ?"
            rows = [session.execute(query, (self._digest(name),)).fetchone() for name in names]
        return min((str(row[0]) for row in rows if row), default="")

    def waiting(self, epoch: bytes = b"") -> list[Withdrawal]:
        """Return what the vault has not confirmed yet, with the elements of *epoch* that are known."""
        with self._handles.session() as session:
            rows = session.execute(
                "SELECT scope, contribution_id, kind, masked,"
                " CASE epoch WHEN ? THEN element ELSE x'' END, sequence"
                " FROM withdrawal WHERE confirmed = 0 ORDER BY digest",  # an order that tells nothing
                (epoch,),
            ).fetchall()
        return [Withdrawal(*row) for row in rows]

    def keep(self, evaluated: Sequence[Withdrawal], epoch: bytes) -> None:
        """Keep the elements of *epoch*, so that sending again to a restored hub costs nothing."""
        with self._handles.session() as session:
            session.executemany(
                "UPDATE withdrawal SET element = ?, epoch = ? WHERE masked = ?",
                [(each.element, epoch, each.masked) for each in evaluated],
            )

    def carry(self, withdrawals: Sequence[Withdrawal], sequence: int) -> None:
        """Note in which batch these travel."""
        with self._handles.session() as session:
            session.executemany(
                "UPDATE withdrawal SET sequence = ? WHERE scope = ? AND contribution_id = ?"
                " AND masked = ?",
                [(sequence, each.scope, each.contribution_id, each.masked) for each in withdrawals],
            )

    def confirm(self, sequence: int) -> None:
        """Note that the vault has confirmed that batch."""
        with self._handles.session() as session:
            for table in ("withdrawal", "whole"):
                session.execute(f"UPDATE {table} SET confirmed = 1 WHERE sequence = ?", (sequence,))  # noqa: S608 - two names of ours

    def moved(self, before: int, now: int) -> None:
        """Note that what travelled in one batch travels in another."""
        with self._handles.session() as session:
            for statement in (
                "UPDATE withdrawal SET sequence = ? WHERE sequence = ?",
                "UPDATE whole SET sequence = ? WHERE sequence = ?",
            ):
                session.execute(statement, (now, before))

    def again(self) -> None:
        """Take everything as unconfirmed: a new season or a restored hub must hear it anew."""
        with self._handles.session() as session:
            session.execute("UPDATE withdrawal SET confirmed = 0, sequence = 0")

    def is_of_another(self, epoch: bytes) -> bool:
        """Return whether the vault confirmed some identifier under another season's key than *epoch*."""
        with self._handles.session() as session:
            query = "SELECT 1 FROM withdrawal WHERE confirmed = 1 AND masked <> x'' AND epoch <> ?"
            return session.execute(query + " LIMIT 1", (epoch,)).fetchone() is not None

    def owe_whole(self, epoch: bytes, *, anew: bool = False) -> None:
        """Note that the whole list must come under the season's key *epoch*; *anew*: even if it came already."""
        with self._handles.session() as session:
            known = "SELECT 1 FROM whole WHERE epoch = ?"
            if not anew and session.execute(known, (epoch,)).fetchone():
                return
            session.execute("INSERT OR REPLACE INTO whole VALUES (?, 0, 0)", (epoch,))
            session.execute("UPDATE withdrawal SET confirmed = 0, sequence = 0")

    def owed_whole(self, epoch: bytes) -> int | None:
        """Return the sequence in which the whole list travels, 0 for none yet; None when it is not owed."""
        with self._handles.session() as session:
            query = "SELECT sequence FROM whole WHERE epoch = ? AND confirmed = 0"
            row = session.execute(query, (epoch,)).fetchone()
        return None if row is None else int(row[0])

    def carry_whole(self, epoch: bytes, sequence: int) -> None:
        """Note in which batch the whole list travels."""
        with self._handles.session() as session:
            session.execute("UPDATE whole SET sequence = ? WHERE epoch = ?", (sequence, epoch))

    def unmask(self, withdrawals: Sequence[Withdrawal]) -> voprf.Blinded:
        """Return the points to evaluate, blinded afresh, and the blinds that unmask too."""
        fresh = ristretto.random_scalars(len(withdrawals))
        points = ristretto.multiply_each(fresh, b"".join(w.masked for w in withdrawals))
        mask = int.from_bytes(self._mask(), "little")
        blinds = (int.from_bytes(r, "little") * mask for r in fresh)
        return voprf.Blinded(tuple(map(ristretto.to_scalar, blinds)), points)

    def _one(
        self, session: sqlite3.Connection, name: Name, asked: Withdrawal, told: tuple[bytes, str]
    ) -> None:
        digest, (epoch, now) = self._digest(name), told
        found = session.execute(
            "SELECT handle.id, contribution_id FROM known JOIN handle ON handle.id = known.handle"
            " WHERE digest = ?",
            (digest,),
        ).fetchone()
        if found:
            bar = "INSERT OR IGNORE INTO barred SELECT digest, ? FROM known WHERE handle = ?"
            session.execute(bar, (now, found[0]))
            session.execute("UPDATE handle SET withdrawn = 1 WHERE id = ?", (found[0],))
        session.execute("INSERT OR IGNORE INTO barred VALUES (?, ?)", (digest, now))
        handle = found[1] if found else secrets.token_hex(HANDLE_BYTES)
        session.execute(
            "INSERT INTO withdrawal VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)"
            " ON CONFLICT (digest) DO UPDATE SET sequence = 0, confirmed = 0,"
            " scope = min(scope, excluded.scope),"  # "network" holds "venue"
            " contribution_id = CASE WHEN ? THEN excluded.contribution_id ELSE contribution_id END",
            (
                digest,
                asked.scope,
                handle,
                asked.kind,
                asked.masked,
                asked.element,
                epoch,
                now,
                bool(found),
            ),
        )

    def _masked(self, names: Sequence[Name]) -> list[bytes]:
        mask = self._mask()
        return [
            ristretto.multiply(mask, voprf.hash_to_group(identifier(name.linking, name.value)))
            if name.linking
            else b""
            for name in names
        ]

    def _mask(self) -> bytes:
        wide = hashlib.blake2b(key=self._handles.salt, person=_PERSON, digest_size=64).digest()
        return ristretto.reduce_wide(wide)

    def _digest(self, name: Name) -> bytes:
        return self._handles.digest(name.key)
