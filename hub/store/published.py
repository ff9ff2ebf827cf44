"""The public pages' read-only door: what was published, what it cost, and the chain that proves it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from contracts.charter import SignedCharter
from contracts.clock import Clock, SystemClock
from contracts.edition import AuditEntry, SignedCheckpoint
from hub.store import audit, charters, checkpoints, editions, inbox, ledger, marks, members, models
from hub.store.ledger import BudgetState
from hub.store.transaction import Reading

Quickly = Callable[[], tuple[str | int, ...] | None]


class Published:
    """Everything that may be seen of the control database; nothing in it writes."""

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[Reading]],
        clock: Clock | None = None,
        *,
        quickly: Quickly = lambda: None,
    ) -> None:
        self._reading = reading
        self._clock = clock or SystemClock()
        self._quickly = quickly  # the mark's question on a connection kept open, where there is one

    def mark(self) -> marks.Mark:
        """Return what changes when anything that a page may show changes, weeks of batches once a day; for caches."""
        day = self._clock.now().date().isoformat()
        known = self._quickly()
        if known is not None:
            return (*known, day)
        with self._reading() as reading:
            return marks.mark(reading, day)

    def editions(self) -> list[str]:
        """Return the editions that stand published, the oldest first."""
        with self._reading() as reading:
            return editions.published(reading)

    def withdrawn(self) -> list[str]:
        """Return the editions that an erratum withdrew."""
        with self._reading() as reading:
            return editions.withdrawn(reading)

    def edition(self, edition: str) -> bytes | None:
        """Return the canonical PublishedEdition, the same bytes for ever; None unless it stands."""
        with self._reading() as reading:
            return editions.published_bytes(reading, edition)

    def model(self, edition: str) -> bytes | None:
        """Return the canonical SignedModel, the same bytes for ever; None unless the edition stands."""
        with self._reading() as reading:
            return models.model_bytes(reading, edition)

    def budgets(self) -> list[BudgetState]:
        """Return what each scope may spend and has spent."""
        with self._reading() as reading:
            return ledger.budgets(reading)

    def weeks(self) -> dict[str, str]:
        """Return for each venue the Monday of the week in which its last accepted batch came."""
        with self._reading() as reading:
            return inbox.weeks(reading)

    def chain(self, after: int = 0, limit: int | None = None) -> list[AuditEntry]:
        """Return the audit entries that follow sequence *after*, at most *limit* of them."""
        with self._reading() as reading:
            return audit.entries(reading, after=after, limit=limit)

    def checkpoint(self) -> SignedCheckpoint | None:
        """Return the latest head that the hub signed."""
        with self._reading() as reading:
            return checkpoints.latest(reading)

    def charter(self) -> SignedCharter | None:
        """Return the newest charter that every member signed."""
        with self._reading() as reading:
            return charters.in_force(reading)

    def charter_of(self, sha256: str) -> SignedCharter | None:
        """Return the charter of that fingerprint, whether a later one stands or not: an edition names its own."""
        with self._reading() as reading:
            return charters.by_hash(reading, sha256)

    def charters(self) -> list[charters.Version]:
        """Return every revision of the charter, the newest first, with its signatures so far."""
        with self._reading() as reading:
            return charters.history(reading)

    def draft(self) -> SignedCharter | None:
        """Return the newest charter with the signatures that it has so far."""
        with self._reading() as reading:
            return charters.current(reading)

    def member_key(self, venue: str) -> str | None:
        """Return the Ed25519 key with which *venue* enrolled."""
        with self._reading() as reading:
            return members.member_key(reading, venue)
