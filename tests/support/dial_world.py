"""An invented world scored by a house's own code: the private model of its people, and people held out."""

from dataclasses import dataclass

import numpy as np

from contracts.model import ModelItem
from contracts.visit import Discipline
from hub.evaluate.metrics import Held, hold_out
from hub.evaluate.sums import observe, presence, rho_of, sums_of
from hub.evaluate.world import Size, draw_world
from hub.recommend.fit import fit
from tests.bench.bench_recommend import plain_model
from venue_agent.recommend.dial import Lists
from venue_agent.recommend.scores import People, Scorer

KINDS = list(Discipline)


@dataclass(frozen=True)
class DialWorld:
    """A scorer, people of whom three visits are known, and the places that they went to besides."""

    scorer: Scorer
    people: People
    held: Held
    small: np.ndarray  # items: the less visited half

    def judged(self, lists: Lists) -> tuple[float, float, float]:
        """NDCG@10, coverage@10, and the share of places told that are of the less visited half."""
        items = len(self.small)
        wanted = presence(self.held.wanted, items) > 0
        hits = np.take_along_axis(wanted, np.maximum(lists.items, 0), 1) & lists.told
        gain = 1.0 / np.log2(np.arange(10) + 2)
        ideal = np.cumsum(gain)[np.minimum(wanted.sum(axis=1), 10) - 1]
        told = lists.items[lists.told]
        return (
            float((hits @ gain / ideal).mean()),
            len(np.unique(told)) / items,
            float(self.small[told].mean()),
        )


def dial_world(size: Size, seed: int = 1) -> DialWorld:
    """Return a world whose model was made at ε = 1, k = 2, and drawn from *seed*."""
    world = draw_world(size, seed)
    observed = observe(sums_of(world, 2), rho_of(1.0), 0.05, seed)
    weights = fit(observed).weights
    assert weights is not None
    kinds = [KINDS[kind] for kind in world.discipline]
    present = [kind for kind in Discipline if kind in kinds]
    model = plain_model(world, weights).model_copy(
        update={
            "items": [ModelItem(item=f"v{n}", discipline=kind) for n, kind in enumerate(kinds)],
            "disciplines": present,
            "lifts_milli": [[1000] * len(present)] * len(present),
            "popularity_milli": [round(value * 1000) for value in observed.floored],
        }
    )
    scorer, held = Scorer(model), hold_out(world.tested, 3)
    seen = presence(held.shown, size.items) > 0
    mix = seen @ np.eye(len(present))[scorer.discipline]
    people = People(mix / mix.sum(axis=1, keepdims=True), seen, np.full(len(seen), 3))
    return DialWorld(scorer, people, held, scorer.small)
