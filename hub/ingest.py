"""Bring waiting commits from the web's inbox to the vault, and the vault's receipts back."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.batch import Commit, Envelope
from contracts.clock import Clock
from contracts.succession import KIND, statements
from hub.errors import StateConflict
from hub.receive import Inbox
from hub.store import audience_orders, audit, charters, inbox, work
from hub.store.database import Control
from hub.vault.open import Terms


@dataclass(frozen=True)
class StoredInbox:
    """The control database and the folder of sealed parts, as the vault's worker sees them."""

    control: Control
    folder: Inbox
    clock: Clock

    def waiting(self) -> Sequence[Commit]:
        """Return commits without an answer, each venue's in order of sequence."""
        with self.control.reading() as reading:
            return inbox.waiting(reading)

    def terms(self, commit: Commit) -> Terms:
        """Return the charter that the batch names, if members signed it, and its sensitive events.

        Raises:
            StateConflict: no charter with that fingerprint was ever signed by all.
        """
        with self.control.reading() as reading:
            signed = charters.by_hash(reading, commit.charter_sha256)
            catalogue = inbox.catalogue_of(reading, commit.venue)
            told = statements(audit.of_kind(reading, KIND), "venue", commit.venue)
            orders = tuple(audience_orders.every(reading, commit.venue))
        if signed is None or len(signed.signatures) < len(signed.charter.members):
            raise StateConflict("A batch names a charter that not every member signed; it waits.")
        events = catalogue.events if catalogue is not None else []
        sensitive = frozenset(e.event for e in events if e.sensitive)
        return Terms(signed.charter, sensitive, successions=tuple(told), orders=orders)

    def load(self, commit: Commit) -> Sequence[bytes]:
        """Return the sealed parts, in order, and say that a batch of this venue is being opened."""
        with self.control.transaction(self.clock) as tx:
            work.begin(tx, work.BATCHES, commit.venue, "open", 1)
            tx.commit()
        return [self.folder.path(commit.venue, p.sha256).read_bytes() for p in commit.parts]

    def settle(self, commit: Commit, receipt: Envelope) -> None:
        """Store the receipt, then delete the sealed parts; again is harmless."""
        with self.control.transaction(self.clock) as tx:
            inbox.settle(tx, receipt)
            work.end(tx, work.BATCHES, commit.venue, "done")
            tx.commit()
        for part in commit.parts:
            self.folder.path(commit.venue, part.sha256).unlink(missing_ok=True)
