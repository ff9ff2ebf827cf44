"""Who is likest to come: ranked by the share of a place in each person's scores, from the private model."""

import numpy as np
import pytest

from hub.evaluate.metrics import hold_out
from hub.evaluate.sums import observe, presence, rho_of, sums_of
from hub.evaluate.world import Size, draw_world
from hub.recommend.fit import fit
from venue_agent.recommend.scores import shares


def lift(size: Size, places: int, seed: int = 1) -> float:
    """How many more of the first tenth of people come to a place than of all, over its *places* most visited."""
    world = draw_world(size, seed)
    sums = sums_of(world, 2)
    weights = fit(observe(sums, rho_of(1.0), 0.05, 1000)).weights
    assert weights is not None
    held = hold_out(world.tested, 3)
    seen = presence(held.shown, size.items) > 0
    wanted = presence(held.wanted, size.items) > 0
    scores = np.where(seen, -np.inf, np.maximum(seen @ weights.matrix, 0.0))
    share, found = shares(scores), []
    for place in np.argsort(-sums.popularity)[:places]:
        open_ = ~seen[:, place]
        came = wanted[open_, place]
        first = np.argsort(-share[open_, place], kind="stable")[: len(came) // 10]
        found.append(came[first].mean() / came.mean())
    return float(np.mean(found))


def test_the_first_tenth_comes_more_often_than_the_others() -> None:
    assert lift(Size(50, 10_000, 12, tested=2000), 20) > 1.5


@pytest.mark.long
def test_the_figure_of_lookalikes() -> None:
    """docs/reference/figures.md; seeded, so the same figure each time."""
    assert lift(Size(200, 100_000, 20, tested=10_000), 60) >= 1.60
