"""Draws one world's vectors many times, by the function with which publishing draws them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.audit.worlds import World
from hub.measures.base import Query
from hub.plan import EditionPlan, PlannedMeasure
from hub.privacy.charge import Charge
from hub.privacy.values import Exact, Noised, VectorPlan
from hub.publish import asked, draw

AT_ONCE: Final = 50
"""Copies of a vector, under keys of their own, in one call: cells are drawn apart, and a call costs as much as
a hundred cells."""
Floats = NDArray[np.float64]
Drawn = dict[str, Floats]
"""By vector name, draws × cells of the public keys; a key that a threshold kept back is not a number."""


class _Copies:
    """What ``Relations`` promises, from sums made once: each exact vector, once for each copy."""

    def __init__(self, plan: EditionPlan, world: World) -> None:
        self._copies = {
            vector.name: _tiled(world.sums.run(query, vector)) for query, vector in asked(plan)
        }

    def run(self, _query: Query, plan: VectorPlan) -> Exact:
        """Return the exact vector's copies."""
        return self._copies[plan.name]


def drawn(plan: EditionPlan, charges: Mapping[str, Charge], world: World, draws: int) -> Drawn:
    """Return at least so many draws of every vector of the edition.

    Whatever does not depend on the noise is made once: sums, plans of copies, where keys stand.

    Args:
        plan: the edition.
        charges: what was paid for it, by measure.
        world: whose sums are drawn.
        draws: how many; whole calls of ``AT_ONCE`` are made.
    """
    copies = _Copies(plan, world)
    calls = [(_copied(planned), charges[planned.spec.measure]) for planned in plan.measures]
    lay = {v.name: _layout(v) for planned in plan.measures for v in planned.vectors}
    found: dict[str, list[Floats]] = {name: [] for name in lay}
    for _ in range(-(-draws // AT_ONCE)):
        for planned, charge in calls:
            for name, noised in draw(copies, plan, planned, charge).items():
                found[name].append(lay[name](noised))
    return {name: np.concatenate(each) for name, each in found.items()}


def _tiled(exact: Exact) -> Exact:
    values = np.tile(exact.values, AT_ONCE)
    values.setflags(write=False)  # it serves every call: whoever wrote into it would be seen
    return replace(exact, values=values)


def _copied(planned: PlannedMeasure) -> PlannedMeasure:
    vectors = tuple(
        replace(v, keys=tuple((*key, str(copy)) for copy in range(AT_ONCE) for key in v.keys))
        for v in planned.vectors
    )
    return replace(planned, vectors=vectors)


def _layout(plan: VectorPlan) -> Callable[[Noised], Floats]:
    """Return what lays a call's values out as copies × cells."""
    cells = len(plan.keys)
    if plan.threshold is None:
        return lambda noised: noised.values.reshape(AT_ONCE, cells).astype(np.float64)
    place = {key: at for at, key in enumerate(plan.keys)}

    def seen(noised: Noised) -> Floats:
        table = np.full((AT_ONCE, cells), np.nan)
        for key, value in zip(noised.plan.keys, noised.values.tolist(), strict=True):
            table[int(key[-1]), place[key[:-1]]] = value
        return table

    return seen
