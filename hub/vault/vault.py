"""The vault: takes opened batches in and keeps out people who withdrew; every change under one lock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from sqlalchemy import Connection

from contracts.base import canonical, digest
from contracts.batch import Commit, Envelope, Receipt, SignedReceipt
from contracts.clock import Clock, stamp
from contracts.problems import ProblemType
from contracts.receipts import enclose, in_clear
from contracts.seal import sign
from hub.errors import BatchRefused
from hub.vault import epochs, graves, index
from hub.vault.database import VaultDatabase
from hub.vault.erase import Graves, Withdrawal, log_tombstones, logged_tombstones, withdraw, without
from hub.vault.facts import FactStore, Kind, PartRef, Place
from hub.vault.keys import VaultKeys
from hub.vault.open import Opened, Terms, open_batch
from hub.vault.quota import exceeds, sketch
from hub.vault.rewrite import living, purge
from hub.vault.rows import Erasure

Reached = Callable[[str], None]
"""Told the name of each point that the work passes; tests kill the process there."""

POINTS: Final = (
    "ingest.opened",
    "ingest.locked",
    "ingest.buried",
    "ingest.purged",
    "ingest.written",
    "ingest.recorded",
    "ingest.committed",
    "ingest.cleaned",
)
LOG: Final = "tombstones.log"


def pass_by(_point: str) -> None:
    """Do nothing at a named point: what production does."""


@dataclass(frozen=True)
class Vault:
    """Keys, database, facts and clock of one vault; the only object that can reach a visit row."""

    keys: VaultKeys
    database: VaultDatabase
    facts: FactStore
    folder: Path
    clock: Clock
    reached: Reached = pass_by

    def start(self) -> None:
        """Make tables, bury again whom an old backup brought back, remove what a killed process left.

        Raises:
            ConfigError: the database is of another version.
            VaultUnavailable: it does not answer.
        """
        self.database.migrate()
        with self.database.locked() as connection:
            forgotten = logged_tombstones(self.folder / LOG) - index.tombstones(connection)
            if forgotten:
                index.put_tombstones(connection, forgotten, self._now())
                made = Graves(self.keys)
                purge(
                    connection,
                    self.facts,
                    lambda venue, persons, tokens: made.barred(venue, persons, tokens, forgotten),
                    self._now(),
                )
            connection.commit()
        with self.database.locked() as connection:  # so that no other process is writing a part
            frozen = [ref for _, *refs in index.snapshots(connection).values() for ref in refs]
            self.facts.sweep([*index.parts(connection), *frozen])

    def receive(
        self, commit: Commit, load: Callable[[], Sequence[bytes]], terms: Terms
    ) -> Envelope:
        """Open, check and keep one batch; the same commit again gets the same receipt.

        Args:
            commit: what the web acknowledged.
            load: reads the sealed parts, in order; not called for a commit that is known.
            terms: the charter in force and the sensitive events.

        Raises:
            VaultUnavailable: nothing was decided; try again.
        """
        with self.database.reading() as connection:
            known = index.receipt_of(connection, digest(canonical(commit)))
        if known is not None:
            return known
        at = self._now()  # before anything of others is looked at: how long that takes is not told
        try:
            opened = open_batch(commit, load(), terms=terms, keys=self.keys)
            self.reached("ingest.opened")
            return self._admit(commit, opened, at)
        except BatchRefused as refused:
            return self._refuse(commit, refused.problem, at)

    def erase(self, venue: str, erasures: Sequence[Erasure]) -> None:
        """Withdraw people at once, outside any batch; says nothing of what was found."""
        with self.database.locked() as connection:
            withdrawal = self._bury(connection, venue, erasures)
            stale = purge(connection, self.facts, withdrawal.bars, self._now(), withdrawal.reach)
            connection.commit()
            self.facts.delete(stale)

    def _admit(self, commit: Commit, opened: Opened, at: str) -> Envelope:
        registers = sketch(self.keys, commit.venue, opened.rows.tokens)
        with self.database.locked() as connection:
            self.reached("ingest.locked")
            known = index.receipt_of(connection, digest(canonical(commit)))
            if known is not None:  # another worker had the same commit
                return known
            epochs.check(connection, commit, opened.manifest, at)
            if commit.sequence <= index.last_sequence(connection, commit.venue, commit.month):
                raise BatchRefused(ProblemType.SEQUENCE.slug)
            others = [np.frombuffer(c, np.uint8) for c in index.claims(connection, commit)]
            if exceeds([registers, *others], opened.most):
                raise BatchRefused(ProblemType.QUOTA.slug)
            stale = self._replace(connection, commit, opened)
            receipt = enclose(self._sign(self._receipt(commit, opened, at)), opened.signature)
            index.put_claim(connection, commit, registers.tobytes())
            index.put_month(connection, commit)
            index.put_batch(connection, commit, receipt)
            epochs.note(connection, opened.manifest, at)
            self.reached("ingest.recorded")
            connection.commit()
            self.reached("ingest.committed")
            self.facts.delete(stale)
            self.reached("ingest.cleaned")
            return receipt

    def _replace(self, connection: Connection, commit: Commit, opened: Opened) -> list[PartRef]:
        """Bury whom the batch withdraws, then let its rows stand for the month; return the files to delete."""
        rows, venue = opened.rows, commit.venue
        withdrawal = self._bury(connection, venue, rows.erasures, opened)
        self.reached("ingest.buried")
        stale: list[PartRef] = []
        if rows.erasures:  # before the old month goes: frozen views know people by its files
            stale += purge(connection, self.facts, withdrawal.bars, self._now(), withdrawal.reach)
        self.reached("ingest.purged")
        macs = index.tombstones(connection)  # under the lock: no erasure can slip in between
        gone = Graves(self.keys).barred(venue, rows.persons, rows.tokens, macs)
        stale += [
            ref for ref in index.parts(connection, [venue]) if ref.place.month == commit.month
        ]
        kinds: tuple[Kind, ...] = ("persons", "tokens", "visits")
        for kind, table in zip(kinds, (rows.persons, rows.tokens, rows.visits), strict=True):
            place = Place(kind, venue, commit.month)
            index.put_part(connection, self.facts.write(place, without(table, gone)))
        place = Place("arms", venue, commit.month)  # most months have none, and no file of them
        index.drop_part(connection, place)
        if rows.arms.num_rows:
            index.put_part(connection, self.facts.write(place, without(rows.arms, gone)))
        self.reached("ingest.written")
        return stale

    def _bury(
        self,
        connection: Connection,
        venue: str,
        erasures: Sequence[Erasure],
        arriving: Opened | None = None,
    ) -> Withdrawal:
        network = any(erasure.network for erasure in erasures)
        refs = index.parts(connection) if network else []
        more = [(venue, arriving.rows.tokens)] if arriving and network else []
        withdrawal = withdraw(venue, erasures, living(self.facts, refs, more))
        macs = withdrawal.macs(Graves(self.keys))
        if macs:
            log_tombstones(self.folder / LOG, macs)
            index.put_tombstones(connection, macs, self._now())
            graves.put(connection, self.keys, withdrawal.barred())
        return withdrawal

    def _refuse(self, commit: Commit, problem: str, at: str) -> Envelope:
        receipt = in_clear(self._sign(self._receipt(commit, problem, at)))
        with self.database.locked() as connection:
            known = index.receipt_of(connection, receipt.commit_sha256)
            if known is not None:
                return known
            index.put_batch(connection, commit, receipt)
            connection.commit()
        return receipt

    def _receipt(self, commit: Commit, outcome: Opened | str, at: str) -> Receipt:
        refused = isinstance(outcome, str)
        state: Literal["accepted", "refused"] = "refused" if refused else "accepted"
        return Receipt(
            venue=commit.venue,
            month=commit.month,
            sequence=commit.sequence,
            commit_sha256=digest(canonical(commit)),
            state=state,
            problem=outcome if isinstance(outcome, str) else None,
            files=[] if isinstance(outcome, str) else outcome.files,
            refusals=[] if isinstance(outcome, str) else outcome.refusals,
            opened=at,
        )

    def _sign(self, receipt: Receipt) -> SignedReceipt:
        signature = sign(self.keys.signing_private, canonical(receipt))
        return SignedReceipt(receipt=receipt, signature=signature)

    def _now(self) -> str:
        return stamp(self.clock.now())


def open_vault(url: str, folder: Path, keys: VaultKeys, clock: Clock) -> Vault:
    """Return the vault with its database at *url* and its files in *folder*; call ``start()`` first."""
    return Vault(keys, VaultDatabase(url), FactStore(folder, keys), folder, clock)
