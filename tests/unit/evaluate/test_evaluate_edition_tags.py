"""Small networks by the edition's own measure of tags, through its SQL, its plan and its integers, against the best without privacy."""

import numpy as np
import pytest

from hub.evaluate.metrics import hold_out, one_house
from hub.evaluate.protocol import exact
from hub.evaluate.world import Size, World, draw_world
from tests.support.tagged_edition import edition, judged


def best_of(world: World, held: dict) -> dict[str, float]:
    best: dict[str, float] = {}
    for _method, level, found in exact(world, held):
        best[level] = max(best.get(level, 0.0), found.ndcg)
    return best


def test_the_measure_says_more_than_popularity_in_a_small_world() -> None:
    world = draw_world(Size(items=60, persons=2000, houses=10, tested=300), 1)
    held = hold_out(world.tested, 3)
    said = edition(world, 4.0, seed=1)
    alone = type(said)(said.popularity, [], [])
    assert judged(said, held) > 1.1 * judged(alone, held)
    assert judged(edition(world, 4.0, None), held) > judged(said, held)


@pytest.mark.long
@pytest.mark.parametrize(("items", "persons", "goal"), [(200, 3_000, 0.82), (800, 10_000, 0.85)])
def test_small_networks_keep_what_their_tags_say(items, persons, goal, capsys) -> None:
    """Prints what is kept, for docs/reference/figures.md; five draws, whose mean hangs little on the seed."""
    world = draw_world(Size(items=items, persons=persons, houses=max(12, items // 16)), 1)
    held = {"3": hold_out(world.tested, 3), "house": one_house(world.tested, world.house)}
    best = best_of(world, held)
    draws = [edition(world, 1.0, seed) for seed in range(1, 6)]
    with capsys.disabled():
        for level, each in held.items():
            kept = np.mean([judged(said, each) for said in draws]) / best[level]
            clear = judged(edition(world, 1.0, None), each) / best[level]
            print(
                f"\n{items} x {persons}, {level}: kept {kept:.3f}, without noise {clear:.3f}",
                end="",
            )
            if level == "3":
                assert kept >= goal
