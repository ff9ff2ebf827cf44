"""Sends what was prepared, as `push` and `run` do alike: charter first, then the public catalogue, then the spool."""

import importlib
from dataclasses import dataclass

from contracts.batch import SignedReceipt
from contracts.charter import Charter
from venue_agent.desk import Desk
from venue_agent.errors import NotApproved, SeasonTurning
from venue_agent.outbox.journal import Journal
from venue_agent.push import Patience, push
from venue_agent.tasks.gates import held_back, refuse_stale
from venue_agent.words import _, several


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
        PreviewStale: something was prepared more than a day ago; nothing was sent.
        NotApproved: some months wait for the DPO; the others were sent.
        SeasonTurning: the season is new, and the vault has not confirmed the suppression list; nothing else was sent.
        CharterRefused, ReceiptWrong, BatchRefused, HubDown…: as ``push``; nothing is lost, again later.
    """
    waiting = desk.spool.unsent()
    if not waiting:
        return Sending(0, ())
    _list_first(desk, desk.charter(), patience)
    waiting = desk.spool.unsent()
    refuse_stale(desk, waiting)
    held = {packed.month for packed in held_back(desk, waiting)}
    free = [packed.month for packed in waiting if packed.month not in held]
    desk.hub.put_catalogue(desk.catalogue().public)
    receipts = push(desk.spool, desk.hub, desk.config.hub_fingerprint, patience, free)
    sending = Sending(len(free), tuple(receipts))
    book.write("push", sent=sending.before, receipts=len(receipts), waiting=sending.waiting,
               refused_rows=sending.refused_rows, unapproved=len(held))  # fmt: skip
    if held:
        raise _not_approved(sorted(held), len(free))
    return sending


def _list_first(desk: Desk, charter: Charter, patience: Patience) -> None:
    """Send the whole suppression list before anything of a new season: nobody who was forgotten comes back."""
    rights = importlib.import_module(
        "venue_agent.rights.erasure"
    )  # loads pandas: not for every command
    if not rights.owes_whole(desk, charter):
        return
    rights.announce(desk, patience)
    if rights.owes_whole(desk, charter):
        raise SeasonTurning(
            _(
                "The season has turned. This venue's suppression list was sent first, and the vault has "
                "not confirmed it yet: it does so once the hub has opened season {season}. Nothing else "
                "was sent, nothing is lost; run `venue-agent push` later."
            ).format(season=charter.pseudonym_season)
        )


def _not_approved(months: list[str], sent: int) -> NotApproved:
    told = _(
        "{months}: the DPO has not approved these bytes, and they were not sent. To read and "
        "approve them: `venue-agent review` (a page) or `venue-agent approve` (here)."
    ).format(months=", ".join(months))
    others = several("{count} other batch was sent.", "{count} other batches were sent.", sent)
    return NotApproved(f"{told} {others}" if sent else told)
