"""Sends what was prepared, as `push` and `run` do alike: charter first, then the public catalogue, then the spool."""

from dataclasses import dataclass

from contracts.batch import SignedReceipt
from venue_agent.desk import Desk
from venue_agent.journal import Journal
from venue_agent.push import Patience, push


@dataclass(frozen=True)
class Sending:
    """How many months waited, and which of them the vault has answered."""

    before: int
    receipts: tuple[SignedReceipt, ...]

    @property
    def waiting(self) -> int:
        """How many were sent and have no receipt yet."""
        return self.before - len(self.receipts)

    @property
    def refused_rows(self) -> int:
        """How many rows the vault refused, of the batches that it accepted."""
        return sum(refusal.rows for s in self.receipts for refusal in s.receipt.refusals)


def send(desk: Desk, patience: Patience, book: Journal) -> Sending:
    """Send every month that has no receipt yet; one line of the journal says how many.

    Raises:
        CharterRefused, ReceiptWrong, BatchRefused, HubDown…: as ``push``; nothing is lost, again later.
    """
    before = len(desk.spool.unsent())
    if not before:
        return Sending(0, ())
    desk.charter()
    desk.hub.put_catalogue(desk.catalogue().public)
    receipts = push(desk.spool, desk.hub, desk.config.hub_fingerprint, patience)
    sending = Sending(before, tuple(receipts))
    book.write("push", sent=before, receipts=len(receipts), waiting=sending.waiting,
               refused_rows=sending.refused_rows)  # fmt: skip
    return sending
