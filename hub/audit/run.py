"""The audit from end to end: every shape, exact and drawn; then the noise, forks and editions."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from typing import Final

from contracts.edition import PublishedEdition
from hub.audit import checks, fresh
from hub.audit.checks import Finding
from hub.audit.crowd import crowd
from hub.audit.draws import drawn
from hub.audit.shapes import SHAPES, Shape
from hub.audit.stage import FULL, QUICK, Stage, stage
from hub.audit.worlds import gaps, neighbours, world

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


def audit(terms: Terms) -> Iterator[Finding]:
    """Yield what each shape and each check came to; nothing but made-up people is ever read."""
    yield exact_everywhere(terms.shapes)
    shapes = [shape for shape in SHAPES if shape.name in terms.shapes]
    work = partial(shapes_drawn, draws=terms.draws)
    if terms.processes == 1:
        yield from work(shapes)
    else:
        halves = [shapes[at :: terms.processes] for at in range(terms.processes)]
        with ProcessPoolExecutor(terms.processes, get_context("spawn")) as pool:
            for found in pool.map(work, halves):
                yield from found
    with stage(QUICK) as made:
        yield from noise_of(made, terms.draws)
    if terms.runs:
        yield published_whole(terms.runs)


def exact_everywhere(shapes: Iterable[str]) -> Finding:
    """Check, without a draw, that no shape moves any vector of any measure by more than its sensitivity."""
    problems: list[str] = []
    with stage(FULL) as made:
        plan = made.plans[0]
        alone = world(plan, crowd())
        for shape in SHAPES:
            if shape.name in shapes:
                pair = neighbours(plan, shape, alone)
                problems += checks.distances(plan, pair, gaps(pair))
    return Finding("sensitivity", problems=tuple(problems))


def shapes_drawn(shapes: Sequence[Shape], draws: int) -> list[Finding]:
    """Return how far the draws of both worlds of each shape stand apart; the crowd alone is drawn once for all."""
    found = []
    with stage(QUICK) as made:
        plan, charges = made.plans[0], made.pay()
        alone = world(plan, crowd())
        without = drawn(plan, charges, alone, draws)
        for shape in shapes:
            pair = neighbours(plan, shape, alone)
            absent = drawn(plan, charges, pair.absent, draws) if shape.stays else without
            sides = drawn(plan, charges, pair.present, draws), absent
            found.append(checks.compare(plan, pair, gaps(pair), sides))
    return found


def noise_of(made: Stage, draws: int) -> Iterator[Finding]:
    """Check the noise of one crowd: its size, that cells and draws are apart, forks, editions."""
    plan = made.plans[0]
    alone = world(plan, crowd())
    yield checks.noise(plan, alone.exact, drawn(plan, made.pay(), alone, draws))
    yield fresh.forked(made, alone)
    yield fresh.editions(made, alone)


def published_whole(runs: int) -> Finding:
    """Publish whole editions of the heaviest shape on both sides, ledger, chain and file included."""
    shape = next(each for each in SHAPES if each.name == "everything")
    sides: tuple[list[PublishedEdition], list[PublishedEdition]] = ([], [])
    while len(sides[0]) < runs:
        with stage(QUICK) as made:
            plan = made.plans[0]
            pair = neighbours(plan, shape, world(plan, crowd()))
            for number in range(len(made.plans) // 2 * 2):
                chosen = (pair.present, pair.absent)[number % 2]
                file = made.publish(chosen, number)
                sides[number % 2].append(PublishedEdition.model_validate_json(file))
            shown = (fresh.laid_out(made, sides[0]), fresh.laid_out(made, sides[1]))
            found = checks.compare(plan, pair, gaps(pair), shown)
    return replace(found, name="published")
