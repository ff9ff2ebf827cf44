"""In worlds where the much visited are ever more told of, the dial opens the catalogue for a small price."""

import pytest

from hub.evaluate.world import Size
from tests.support.dial_world import dial_world
from venue_agent.recommend.dial import choose
from venue_agent.recommend.gauges import most_relevant


@pytest.mark.long
@pytest.mark.parametrize(("persons", "opened"), [(30_000, 60), (100_000, 40)])
def test_the_dial_doubles_what_is_covered_for_one_percent_and_gives_small_houses_their_turn(
    persons: int, opened: int
) -> None:
    """docs/reference/figures.md, « Cadran »; seeded, so the same figures each time."""
    world = dial_world(Size(200, persons, 20, tested=2000))
    plain = world.judged(most_relevant(world.scorer.scores(world.people), 10))
    half, full = (world.judged(choose(world.scorer, world.people, o, 10)) for o in (opened, 100))
    assert half[1] >= 2 * plain[1]
    assert half[0] >= 0.99 * plain[0]
    assert full[2] >= 3 * max(plain[2], 0.01)
    assert full[0] >= 0.92 * plain[0]
