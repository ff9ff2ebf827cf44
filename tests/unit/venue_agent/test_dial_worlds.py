"""In a world where the much visited are ever more told of, the dial opens the catalogue for a small price."""

import pytest

from hub.evaluate.world import Size
from tests.support.dial_world import DialWorld, dial_world
from venue_agent.recommend.dial import choose
from venue_agent.recommend.gauges import most_relevant


@pytest.fixture(scope="module")
def world() -> DialWorld:
    return dial_world(Size(200, 30_000, 20, tested=2000))


@pytest.mark.long
def test_the_dial_doubles_what_is_covered_for_one_percent_and_gives_small_houses_their_turn(
    world: DialWorld,
) -> None:
    """docs/reference/figures.md, « Cadran »; seeded, so the same figures each time."""
    plain = world.judged(most_relevant(world.scorer.scores(world.people), 10))
    half, full = (world.judged(choose(world.scorer, world.people, o, 10)) for o in (60, 100))
    assert half[1] >= 2 * plain[1]
    assert half[0] >= 0.99 * plain[0]
    assert full[2] >= 3 * max(plain[2], 0.01)
    assert full[0] >= 0.92 * plain[0]
