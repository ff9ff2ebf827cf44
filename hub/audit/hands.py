"""Who draws and publishes for the audit: this process, or several beside it, each with a ledger of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final, TypeVar

import numpy as np

from hub.audit.crowd import Records, crowd
from hub.audit.draws import Drawn, drawn
from hub.audit.shapes import Shape
from hub.audit.stage import EDITIONS, QUICK, stage
from hub.audit.worlds import world

PIECE: Final = 2_000
"""Draws of one task: ten seconds or so, which hides what a ledger of one's own costs."""
Files = tuple[list[bytes], list[bytes]]
"""Whole editions, with the person and without."""
A_STAGE: Final = EDITIONS // 2
"""Whole editions of each side that one made-up charter holds."""
Told = Callable[[str, int, int], None]
"""Told what is being worked at, how much of it is done, and how much it is."""

_Of = TypeVar("_Of")
_Made = TypeVar("_Made")


def silent(_step: str, _done: int, _of: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Side:
    """The crowd, and who stays or leaves beside it."""

    beside: Records = ()

    @property
    def people(self) -> Records:
        """All of them."""
        return (*crowd(), *self.beside)


def sides(shape: Shape) -> tuple[Side, Side]:
    """Return both sides of a shape: with whoever leaves, and without."""
    return Side((*shape.stays, *shape.leaves)), Side(shape.stays)


@dataclass(frozen=True)
class Hands:
    """Takes work in pieces: in turn in this process, or in several at once."""

    pool: Executor | None
    told: Told = silent

    def draws(self, step: str, side: Side, count: int) -> Drawn:
        """Return at least so many draws of a side; *step* is what is told meanwhile."""
        pieces = [min(PIECE, count - begun) for begun in range(0, count, PIECE)]
        found = self._each(step, drawn_of, side, pieces)
        return {name: np.concatenate([part[name] for part in found]) for name in found[0]}

    def published(self, step: str, shape: Shape, runs: int) -> Files:
        """Return so many whole editions of each side of a shape."""
        pieces = [min(A_STAGE, runs - begun) for begun in range(0, runs, A_STAGE)]
        found = self._each(step, published_of, sides(shape), pieces)
        return [f for part in found for f in part[0]], [f for part in found for f in part[1]]

    def _each(
        self, step: str, work: Callable[[_Of, int], _Made], of: _Of, pieces: list[int]
    ) -> list[_Made]:
        found: list[_Made] = []
        self.told(step, 0, sum(pieces))
        each = self.pool.map if self.pool else map
        for made in each(work, [of] * len(pieces), pieces):
            found.append(made)
            self.told(step, sum(pieces[: len(found)]), sum(pieces))
        return found


@contextmanager
def hands(processes: int, told: Told = silent) -> Iterator[Hands]:
    """Give as many processes as asked until the end of the block; one is this very one."""
    if processes == 1:
        yield Hands(None, told)
        return
    # Spawned, not forked: nothing that this process holds, a generator least of all, is theirs too.
    pool = ProcessPoolExecutor(processes, get_context("spawn"))
    try:
        yield Hands(pool, told)
    finally:
        pool.shutdown(cancel_futures=True)


def drawn_of(side: Side, draws: int) -> Drawn:
    """Return draws of one side, taken through the whole pipeline and paid for on a ledger of its own."""
    with stage(QUICK) as made:
        return drawn(made.plans[0], made.pay(), world(made.plans[0], side.people), draws)


def published_of(both: tuple[Side, Side], runs: int) -> Files:
    """Return whole editions of both sides: each linked, frozen, summed, drawn and published by itself."""
    files: Files = ([], [])
    with stage(QUICK) as made:
        for number in range(2 * runs):
            people = both[number % 2].people
            file = made.publish(world(made.plans[number], people), number)
            files[number % 2].append(file)
    return files
