"""Intervals of the measures that a charter may add hold the truth in 95 % of draws, table by table."""

import math
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from contracts.edition import Estimate
from hub.forecast import OPT_IN
from hub.measures.catalogue import MEASURES
from hub.measures.frame import Frame
from hub.privacy.values import Noised
from tests.support import measuring, town
from tests.support.oracle_places import potential_terms

Figures = dict[tuple[str, ...], float]
CHOSEN = {"bridges", "conflicts", "shop", "penetration"}
"""Tables that show what noise made large: the figures that are not in the truth's own table are passed over."""

DESCRIBED = "cooperation-doubt"
"""A table that says how wide an interval is: it has no truth of its own."""


class World:
    """One fixed network, the exact vectors of one measure, and what it says without noise."""

    def __init__(self, measure: str, frame: Frame, visits: pa.Table, *, rho_micro: int) -> None:
        self.measure, self.frame = measure, frame
        self.spec, self.plan = measuring.plan_of(measure, self.frame, rho_micro=rho_micro)
        with town.opened(visits) as connection:
            self.exact = measuring.exact(connection, measure, self.frame, self.plan)
        # Without noise a table says its estimand; only what is uncapped needs the people themselves.
        still = {p.name: Noised(p, 1, self.exact[p.name]) for p in self.plan}
        self.truth = self._values(still)
        if measure == "potential":
            self.truth["potential"] = potential(town.rows_of(visits), self.frame)

    def draw(self, rng: np.random.Generator) -> dict[str, list[Estimate]]:
        """Return the rows of every table, from noise of their own."""
        noised = measuring.drawn(self.exact, self.spec, self.plan, rng)
        tables = MEASURES[self.measure].read(noised, self.frame)
        return {t.table: t.rows for t in tables if t.table != DESCRIBED}

    def _values(self, noised: dict[str, Noised]) -> dict[str, Figures]:
        tables = MEASURES[self.measure].read(noised, self.frame)
        told = [t for t in tables if t.table != DESCRIBED]
        return {t.table: {tuple(r.keys): r.value_milli for r in t.rows} for t in told}


def potential(rows: list[town.Row], frame: Frame) -> Figures:
    """Return the people that each place could draw, each counting as one."""
    hers: dict[int, list[town.Row]] = {}
    for row in rows:
        hers.setdefault(row.person_key, []).append(row)
    people = Counter({(place,): 0 for place in frame.places})  # a place may have nobody to draw
    for mine in hers.values():
        people.update(dict.fromkeys(potential_terms(mine, frame)["potential-place"], 1000))
    return {key: float(count) for key, count in people.items()}


def check(world: World, draws: int, *, grain: int = 50) -> None:
    """Fail where a table's coverage is below what chance allows; a figure may be rounded by half its grain."""
    held: dict[str, list[bool]] = {name: [] for name in world.truth}
    rng = np.random.default_rng(draws)
    for _ in range(draws):
        for name, rows in world.draw(rng).items():
            for row in rows:
                truth = world.truth[name].get(tuple(row.keys))
                if truth is not None and "rest" not in row.keys:
                    held[name].append(row.low_milli - grain <= truth <= row.high_milli + grain)
    for name, hits in held.items():
        assert hits or name in CHOSEN, name
        if hits:
            coverage = sum(hits) / len(hits)
            least = 0.95 - 4.5 * math.sqrt(0.95 * 0.05 / draws)
            assert coverage >= least, (name, coverage, least)


def of_a_town(measure: str, persons: int, *, seed: int, rho_micro: int) -> World:
    frame = measuring.suited(measure, town.frame(8))
    return World(measure, frame, town.town(persons, frame, seed=seed), rho_micro=rho_micro)


@pytest.mark.parametrize("measure", [name for name, _ in OPT_IN])
def test_intervals_hold(measure) -> None:
    check(of_a_town(measure, 1200, seed=21, rho_micro=20_000), 25)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("measure", [name for name, _ in OPT_IN])
def test_intervals_hold_in_many_worlds(measure, seed) -> None:
    check(of_a_town(measure, 4000, seed=seed, rho_micro=5_000 * (1 + 3 * seed)), 400)
