"""One unattended round: withdrawals first, then the export, then what changed; what fails waits for the next round."""

from dataclasses import dataclass, field

from venue_agent.audiences.files import tidy
from venue_agent.audiences.orders import offers_of
from venue_agent.audiences.waiting import News, fetch
from venue_agent.desk import Desk
from venue_agent.hearing import Progress
from venue_agent.outbox.journal import Journal
from venue_agent.push import Patience
from venue_agent.rights.erasure import announce, owes_whole, suppressions
from venue_agent.tasks import preview
from venue_agent.tasks.sending import Sending, send


@dataclass(frozen=True)
class Round:
    """What one round did."""

    withdrawals: int  # confirmed by the vault
    withdrawals_waiting: int
    sending: Sending
    orders: News = field(default_factory=News)


def go_round(desk: Desk, book: Journal, progress: Progress, patience: Patience) -> Round:
    """Fetch the charter, announce withdrawals, fetch partners' orders, prepare the export and send what is new.

    A broken export does not hold up a withdrawal: it has gone before the export is read. No order is decided or run.

    Raises:
        AgentError: as each of the steps; what the steps before it did stays done.
    """
    charter = desk.charter()
    book.write("charter", revision=charter.revision)
    if gone := tidy(desk.home, offers_of(desk), desk.clock.now(), charter.retention_months):
        book.write("audiences", erased=gone)
    confirmed, waiting = 0, 0
    if owes_whole(desk, charter) or suppressions(desk).waiting():
        progress("push")
        told = announce(desk, patience)
        confirmed, waiting = len(told.receipts), told.waiting
        book.write("forget", receipts=confirmed, waiting=waiting)
    found = fetch(desk, charter, book)
    preview.run(desk, full=False, progress=progress)
    book.write("preview", waiting=len(desk.spool.unsent()))
    progress("push")
    return Round(confirmed, waiting, send(desk, patience, book), found)
