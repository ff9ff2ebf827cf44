"""Tells whoever signs in which stage publishing is at: the steps of the public plan, never what passes through them."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from contracts.charter import Charter
from contracts.clock import Clock
from hub.store import work
from hub.store.database import Control

log = logging.getLogger(__name__)
OPEN: Final = "open"
DRAW: Final = "draw "
_AFTER: Final = ("store", "witness")


def steps_of(charter: Charter, edition: str) -> tuple[str, ...]:
    """Return the stages of an edition, in their order; none of its own when the charter plans no such edition."""
    spec = next((e for e in charter.editions if e.edition == edition), None)
    drawn = [DRAW + one.measure for one in spec.measures] if spec else []
    return (OPEN, work.CHARGE, *drawn, *_AFTER)


@dataclass(frozen=True)
class Told:
    """Writes each step of one edition into the control database, and passes it on."""

    control: Control
    clock: Clock
    edition: str
    steps: tuple[str, ...]
    also: Callable[[str], None] = lambda _step: None

    def __call__(self, step: str) -> None:
        """Say that *step* begins; the charge says so itself, in the unit of work that pays."""
        if step != work.CHARGE and step in self.steps:
            with self.control.transaction(self.clock) as tx:
                work.reach(tx, work.EDITION, self.edition, step, self.steps.index(step))
                tx.commit()
        self.also(step)

    @contextmanager
    def under_way(self, *, asked: bool) -> Iterator[None]:
        """Say that the edition is under way while the block runs, and how it ended.

        Args:
            asked: whether it is done because the office asked, so that who calls off in time is heard.

        Raises:
            StateConflict: it was called off.
        """
        with self.control.transaction(self.clock) as tx:
            if asked:
                work.take(tx, self.edition, OPEN, len(self.steps))
            else:
                work.begin(tx, work.EDITION, self.edition, OPEN, len(self.steps))
            tx.commit()
        try:
            yield
        except Exception:
            self._end("failed")
            raise
        self._end("done")

    def _end(self, state: str) -> None:
        with self.control.transaction(self.clock) as tx:
            work.end(tx, work.EDITION, self.edition, state)
            tx.commit()
