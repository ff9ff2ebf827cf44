"""Takes waiting commits to the vault one by one; a killed worker starts again where the rows say."""

import functools
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from contracts.batch import Commit, Envelope
from contracts.problems import ProblemType
from hub.vault.open import Terms
from hub.vault.vault import Vault

log = logging.getLogger(__name__)
_QUOTA: Final = ProblemType.QUOTA.slug


class Intake(Protocol):
    """The control database's side of the inbox: what waits, and where answers go."""

    def waiting(self) -> Sequence[Commit]:
        """Return commits without an answer, each venue's in order of sequence."""
        ...

    def terms(self, commit: Commit) -> Terms:
        """Return what the batch is held against: the charter in force."""
        ...

    def load(self, commit: Commit) -> Sequence[bytes]:
        """Return the sealed parts, in order."""
        ...

    def settle(self, commit: Commit, receipt: Envelope) -> None:
        """Store the receipt, then delete the sealed parts; again is harmless."""
        ...


def run_once(vault: Vault, intake: Intake) -> int:
    """Open everything that waits; return how many commits got their answer.

    A commit that fails for a reason of ours (disk, database) stays and does not hold up others.
    Its venue's later commits wait with it, so that snapshots keep their order.
    """
    answered, held = 0, set[str]()
    for commit in intake.waiting():
        if commit.venue in held:
            continue
        try:
            load = functools.partial(intake.load, commit)
            receipt = vault.receive(commit, load, intake.terms(commit))
            intake.settle(commit, receipt)
        except Exception as error:  # noqa: BLE001 - one venue's batch must not stop the others
            held.add(commit.venue)  # the error's own words may hold what was sent
            log.warning("a batch of %s waits: %s", commit.venue, type(error).__name__)
        else:
            answered += 1
            if receipt.receipt is not None and receipt.receipt.receipt.problem == _QUOTA:
                log.warning("a batch of %s is over its quota: ask the venue why", commit.venue)
            log.info("a batch of %s: %s", commit.venue, receipt.state)
    return answered


def run_forever(
    vault: Vault,
    intake: Intake,
    stop: threading.Event,
    seconds: float,
    then: Callable[[], None] = lambda: None,
) -> None:
    """Look at the inbox every *seconds* until *stop* is set; do *then* after each look."""
    while not stop.is_set():
        run_once(vault, intake)
        then()
        stop.wait(seconds)
