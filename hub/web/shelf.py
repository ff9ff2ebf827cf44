"""The read-only door that the pages have to what was published; ``hub.store.published.Published`` is one."""

from typing import Final, Protocol

from contracts.base import Day, Slug
from contracts.charter import SignedCharter
from contracts.edition import AuditEntry, PublishedEdition, SignedCheckpoint
from hub.store.charters import Version
from hub.store.ledger import BudgetState
from hub.web.kept import Kept


class Shelf(Protocol):
    """Everything that a page may read; nothing in it writes, and nothing tells of a person."""

    def mark(self) -> tuple[object, ...]:
        """Return what changes when anything that a page may show changes, weeks of batches once a day; for caches."""
        ...

    def editions(self) -> list[str]:
        """Return the editions that stand published, the oldest first."""
        ...

    def withdrawn(self) -> list[str]:
        """Return the editions that an erratum withdrew."""
        ...

    def edition(self, edition: Slug) -> bytes | None:
        """Return the canonical PublishedEdition, or None."""
        ...

    def model(self, edition: Slug) -> bytes | None:
        """Return the canonical SignedModel of an edition, or None: it has none, or does not stand."""
        ...

    def charter(self) -> SignedCharter | None:
        """Return the charter in force, or None."""
        ...

    def charter_of(self, sha256: str) -> SignedCharter | None:
        """Return the charter of that fingerprint, or None."""
        ...

    def charters(self) -> list[Version]:
        """Return every revision of the charter, the newest first, with its signatures so far."""
        ...

    def budgets(self) -> list[BudgetState]:
        """Return what each scope may spend and has spent."""
        ...

    def weeks(self) -> dict[str, Day]:
        """Return for each venue the Monday of the week in which its last batch was accepted."""
        ...

    def checkpoint(self) -> SignedCheckpoint | None:
        """Return the latest head that the hub signed."""
        ...

    def chain(self, after: int = 0, limit: int | None = None) -> list[AuditEntry]:
        """Return the audit entries that follow sequence *after*."""
        ...


_OPENED: Final[Kept[PublishedEdition]] = Kept(8)


def opened(body: bytes) -> PublishedEdition:
    """Return a published edition from its bytes; parsing one takes longer than drawing a page."""
    return _OPENED.get(body, lambda: PublishedEdition.model_validate_json(body))
