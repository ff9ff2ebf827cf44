"""Draws one world's vectors many times, by the function with which publishing draws them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.audit.worlds import World
from hub.measures.base import Query
from hub.plan import EditionPlan, PlannedMeasure
from hub.privacy.charge import Charge
from hub.privacy.values import Exact, Noised, VectorPlan
from hub.publish import asked, draw

AT_ONCE: Final = 25
"""Copies of a vector, under keys of their own, in one call: cells are drawn apart, and a call costs as much as
a hundred cells."""
Floats = NDArray[np.float64]
Drawn = dict[str, Floats]
"""By vector name, draws × cells of the public keys; a key that a threshold kept back is not a number."""


@dataclass(frozen=True)
class _Copies:
    world: World
    announced: Mapping[str, tuple[Query, VectorPlan]]

    def run(self, _query: Query, plan: VectorPlan) -> Exact:
        """Return the exact vector, once for each copy."""
        exact = self.world.sums.run(*self.announced[plan.name])
        return replace(exact, values=np.tile(exact.values, AT_ONCE))


def drawn(plan: EditionPlan, charges: Mapping[str, Charge], world: World, draws: int) -> Drawn:
    """Return at least so many draws of every vector of the edition.

    Args:
        plan: the edition.
        charges: what was paid for it, by measure.
        world: whose sums are drawn.
        draws: how many; whole calls of ``AT_ONCE`` are made.
    """
    plans = {v.name: v for planned in plan.measures for v in planned.vectors}
    copies = _Copies(world, {vector.name: (query, vector) for query, vector in asked(plan)})
    found: dict[str, list[Floats]] = {name: [] for name in plans}
    for _ in range(-(-draws // AT_ONCE)):
        for planned in plan.measures:
            charge = charges[planned.spec.measure]
            for name, noised in draw(copies, plan, _copied(planned), charge).items():
                found[name].append(_laid_out(noised, plans[name]))
    return {name: np.concatenate(each) for name, each in found.items()}


def _copied(planned: PlannedMeasure) -> PlannedMeasure:
    vectors = tuple(
        replace(v, keys=tuple((*key, str(copy)) for copy in range(AT_ONCE) for key in v.keys))
        for v in planned.vectors
    )
    return replace(planned, vectors=vectors)


def _laid_out(noised: Noised, plan: VectorPlan) -> Floats:
    if plan.threshold is None:
        return noised.values.reshape(AT_ONCE, len(plan.keys)).astype(np.float64)
    place = {key: at for at, key in enumerate(plan.keys)}
    table = np.full((AT_ONCE, len(plan.keys)), np.nan)
    for key, value in zip(noised.plan.keys, noised.values.tolist(), strict=True):
        table[int(key[-1]), place[key[:-1]]] = value
    return table
