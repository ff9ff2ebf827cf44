"""Who draws and publishes for the audit: this process, or several beside it, each with a ledger of its own."""

import signal
import tempfile
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory
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

_Of = TypeVar("_Of")
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Progress:
    """What is being worked at, and how much of it is done: findings, draws or editions, as the step counts."""

    step: str
    without: bool = False  # the side without whoever leaves
    done: int = 0
    of: int = 1


OnProgress = Callable[[Progress], None]


def silent(_progress: Progress) -> None:
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
class Workers:
    """Takes work in pieces: in turn in this process, or in several at once."""

    pool: Executor | None
    on_progress: OnProgress = silent

    def draws(self, of: Progress, side: Side, count: int) -> Drawn:
        """Return so many draws of a side; *of* is what is told meanwhile."""
        pieces = [min(PIECE, count - begun) for begun in range(0, count, PIECE)]
        found = self._each(of, _drawn_of, side, pieces)
        return {name: np.concatenate([part[name] for part in found]) for name in found[0]}

    def published(self, of: Progress, shape: Shape, runs: int) -> Files:
        """Return so many whole editions of each side of a shape."""
        pieces = [min(A_STAGE, runs - begun) for begun in range(0, runs, A_STAGE)]
        found = self._each(of, _published_of, sides(shape), pieces)
        return [f for part in found for f in part[0]], [f for part in found for f in part[1]]

    def _each(
        self, of: Progress, work: Callable[[_Of, int], _Made], side: _Of, pieces: list[int]
    ) -> list[_Made]:
        found: list[_Made] = []
        self.on_progress(replace(of, of=sum(pieces)))
        each = self.pool.map if self.pool else map
        for made in each(work, [side] * len(pieces), pieces):
            found.append(made)
            self.on_progress(replace(of, done=sum(pieces[: len(found)]), of=sum(pieces)))
        return found


@contextmanager
def open_workers(processes: int, on_progress: OnProgress = silent) -> Iterator[Workers]:
    """Give as many processes as asked until the end of the block; one is this very one."""
    if processes == 1:
        yield Workers(None, on_progress)
        return
    with TemporaryDirectory() as folder:  # theirs: a worker that is stopped empties nothing itself
        # Spawned, not forked: nothing that this process holds, a generator least of all, is theirs too.
        spawned = get_context("spawn")
        pool = ProcessPoolExecutor(processes, spawned, initializer=_begin, initargs=(folder,))
        others = set(active_children())
        try:
            yield Workers(pool, on_progress)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _stop(set(active_children()) - others)
            raise
        pool.shutdown()


def _begin(folder: str) -> None:
    """Leave Ctrl-C to the process that waits: here it would end one task and begin the next."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = folder


def _stop(workers: Collection[BaseProcess]) -> None:
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()


# What the workers run stands at the top of the module, by name: a method or a closure does not pickle.


def _drawn_of(side: Side, draws: int) -> Drawn:
    """Return draws of one side, taken through the whole pipeline and paid for on a ledger of its own."""
    with stage(QUICK) as made:
        return drawn(made.plans[0], made.pay(), world(made.plans[0], side.people), draws)


def _published_of(both: tuple[Side, Side], runs: int) -> Files:
    """Return whole editions of both sides: each linked, frozen, summed, drawn and published by itself."""
    files: Files = ([], [])
    with stage(QUICK) as made:
        for number in range(2 * runs):
            people = both[number % 2].people
            file = made.publish(world(made.plans[number], people), number)
            files[number % 2].append(file)
    return files
