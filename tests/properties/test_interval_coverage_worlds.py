"""Two hundred networks, half sparse and half dense: of every table, nine to ten intervals in ten hold the truth."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from contracts.edition import Estimate
from deploy.demo.pass_world import make_pass_world
from deploy.demo.world import World, make_world
from hub.forecast import OPT_IN
from hub.measures.catalogue import OVER_TWO_SEASONS
from tests.properties import test_interval_coverage as usual
from tests.properties import test_interval_coverage_added as added
from tests.support import worlds

PEOPLE, DRAWS, RHO_MICRO = 1000, 3, 20_000
MAKERS = {"theatres": make_world, "citypass": make_pass_world}
OF_REQUESTS = {"cooperation", "reciprocity"}
"""Nobody asks for an audience in these worlds: ``test_measures_effect`` has worlds of their own."""
TOO_SMALL, TOO_LARGE = 0.90, 0.97

Held = dict[str, list[bool]]


def rows_held(world: World, rng: np.random.Generator) -> Iterator[tuple[str, list[bool]]]:
    """Yield, for each table of a few editions of one world, whether each interval held the truth."""
    frame, visits = worlds.frame_of(world), worlds.visits_of(world)
    network = usual.World(frame, visits, rho_micro=RHO_MICRO)
    for _ in range(DRAWS):
        tables = network.draw(rng)
        for name, truth in network.truth.items():
            yield name, usual.hits(tables[name], truth)
    for measure, _ in OPT_IN:
        two = measure in OVER_TWO_SEASONS
        if measure in OF_REQUESTS or (two and not world.history):
            continue  # nobody of a city pass comes back
        if two:
            frame, visits = (
                worlds.frame_of(world, seasons=2),
                worlds.visits_of(world, seasons=2),
            )
        yield from added_held(added.World(measure, frame, visits, rho_micro=RHO_MICRO), rng)


def added_held(world: added.World, rng: np.random.Generator) -> Iterator[tuple[str, list[bool]]]:
    """Yield the same for one measure that a charter may add."""
    for _ in range(DRAWS):
        for name, rows in world.draw(rng).items():
            yield name, [_held(row, world.truth[name]) for row in rows if _known(row, world, name)]


def _known(row: Estimate, world: added.World, name: str) -> bool:
    return tuple(row.keys) in world.truth[name] and "rest" not in row.keys


def _held(row: Estimate, truth: added.Figures, grain: int = 50) -> bool:
    return row.low_milli - grain <= truth[tuple(row.keys)] <= row.high_milli + grain


def coverage(make: Callable[..., World], seeds: range) -> dict[str, tuple[float, int]]:
    """Return, by table, the share of intervals that hold and how many editions told it."""
    held: Held = defaultdict(list)
    editions: dict[str, int] = defaultdict(int)
    for seed in seeds:
        rng = np.random.default_rng((seed, 3))
        for name, each in rows_held(make(seed, people=PEOPLE), rng):
            held[name] += each
            editions[name] += bool(each)
    return {name: (float(np.mean(each)), editions[name]) for name, each in held.items() if each}


def least(editions: int) -> float:
    """Return what chance allows of a table whose figures all lean on one another."""
    return 0.95 - 4.5 * math.sqrt(0.95 * 0.05 / editions)


def test_intervals_hold_in_one_world() -> None:
    found = coverage(make_world, range(1))
    assert {name: c for name, (c, editions) in found.items() if c < least(editions)} == {}


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", MAKERS)
def test_intervals_hold_in_a_hundred_worlds(name, capsys) -> None:
    found = coverage(MAKERS[name], range(100))
    with capsys.disabled():
        for table, (share, editions) in sorted(found.items()):
            mark = "" if share <= TOO_LARGE else "  wide"
            print(f"{name} {table}: {share:.3f} in {editions} editions{mark}", flush=True)
    assert {table: share for table, (share, _) in found.items() if share < TOO_SMALL} == {}
