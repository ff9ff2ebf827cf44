"""The audit from end to end: every shape, exact and drawn; then the noise, forks and editions."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

from contracts.edition import PublishedEdition
from hub.audit import checks, fresh
from hub.audit.checkpoints import Checkpoints, NoCheckpoints
from hub.audit.checks import Finding
from hub.audit.crowd import crowd
from hub.audit.draws import Drawn
from hub.audit.shapes import SHAPES, Shape
from hub.audit.stage import FULL, QUICK, Stage, stage
from hub.audit.workers import OnProgress, Progress, Side, Workers, open_workers, sides, silent
from hub.audit.worlds import World, gaps, neighbours, world

QUICK_DRAWS: Final = 300
FULL_DRAWS: Final = 20_000
RUNS: Final = 300
"""Whole publications on each side, in the full audit."""


@dataclass(frozen=True)
class Terms:
    """How much the audit takes on."""

    draws: int = QUICK_DRAWS  # a side
    runs: int = 0  # whole publications a side
    processes: int = 1
    shapes: tuple[str, ...] = tuple(shape.name for shape in SHAPES)


def steps(terms: Terms) -> tuple[str, ...]:
    """Return the names of the findings that such an audit makes, in their order: what takes longest comes last.

    Forks come before any other process is at work: one that is born among threads may inherit a lock that is held.
    """
    whole = ("published",) if terms.runs else ()
    return ("sensitivity", "fork", "editions", "noise", *terms.shapes, *whole)


def audit(
    terms: Terms, checkpoints: Checkpoints | None = None, on_progress: OnProgress = silent
) -> Iterator[Finding]:
    """Yield what each shape and each check came to, as it comes; nothing but made-up people is ever read.

    Args:
        terms: how much it takes on.
        checkpoints: what it found before it was stopped, and where it keeps what it finds.
        on_progress: hears how far it is.
    """
    checkpoints = checkpoints or NoCheckpoints()
    with open_workers(terms.processes, on_progress) as workers:
        work = _Audit(terms, workers)
        for name in steps(terms):
            found = checkpoints.read(name)
            if found is None:
                found = work.finding(name)
                checkpoints.write(found)
            yield found


@dataclass(frozen=True)
class _Audit:
    terms: Terms
    workers: Workers

    def finding(self, name: str) -> Finding:
        """Return what one shape or one check comes to."""
        shape = next((shape for shape in SHAPES if shape.name == name), None)
        if shape is not None:
            return self._drawn(shape)
        checks_of: dict[str, Callable[[], Finding]] = {
            "sensitivity": partial(exact_everywhere, self.terms.shapes),
            "noise": self._noise,
            "fork": partial(_with_the_crowd, fresh.forked),
            "editions": partial(_with_the_crowd, fresh.editions),
            "published": self._published,
        }
        self.workers.on_progress(Progress(name))
        return checks_of[name]()

    def _drawn(self, shape: Shape) -> Finding:
        """Return how far the draws of both worlds of a shape stand apart."""
        present, absent = sides(shape)
        without = (
            self.workers.draws(Progress(shape.name, without=True), absent, self.terms.draws)
            if shape.stays
            else self._crowd
        )
        drawn = self.workers.draws(Progress(shape.name), present, self.terms.draws), without
        with stage(QUICK) as made:
            plan = made.plans[0]
            pair = neighbours(plan, shape, world(plan, crowd()))
            return checks.compare(plan, pair, gaps(pair), drawn)

    @cached_property
    def _crowd(self) -> Drawn:
        """Draws of the crowd alone, which serve every shape that only leaves it, and the check of the noise."""
        return self.workers.draws(Progress("crowd"), Side(), self.terms.draws)

    def _noise(self) -> Finding:
        with stage(QUICK) as made:
            plan = made.plans[0]
            return checks.noise(plan, world(plan, crowd()).exact, self._crowd)

    def _published(self) -> Finding:
        """Publish whole editions of the heaviest shape on both sides, from records to file, ledger and chain included."""
        shape = next(each for each in SHAPES if each.name == "everything")
        files = self.workers.published(Progress("published"), shape, self.terms.runs)
        with stage(QUICK) as made:
            plan = made.plans[0]
            pair = neighbours(plan, shape, world(plan, crowd()))
            present, absent = (
                fresh.laid_out(made, [PublishedEdition.model_validate_json(f) for f in side])
                for side in files
            )
            found = checks.compare(plan, pair, gaps(pair), (present, absent))
        return replace(found, name="published")


def _with_the_crowd(check: Callable[[Stage, World], Finding]) -> Finding:
    with stage(QUICK) as made:
        return check(made, world(made.plans[0], crowd()))


def exact_everywhere(shapes: Iterable[str]) -> Finding:
    """Check, without a draw, that no shape moves any vector of any measure by more than its sensitivity."""
    problems: list[str] = []
    largest = 0.0
    with stage(FULL) as made:
        plan = made.plans[0]
        alone = world(plan, crowd())
        for shape in SHAPES:
            if shape.name in shapes:
                pair = neighbours(plan, shape, alone)
                problems += checks.distances(plan, pair, gaps(pair))
                largest = max(largest, checks.farthest(plan, pair, gaps(pair)))
    return Finding("sensitivity", problems=tuple(problems), figures={"most of the bound": largest})
