"""Published intervals hold the truth in 95 % of draws: the truth of people, not of clipped weights."""

import math
from collections import Counter
from collections.abc import Callable
from itertools import combinations, permutations

import numpy as np
import pyarrow as pa
import pytest

from contracts.edition import Estimate
from hub.forecast import SHARES
from hub.measures import lead_time
from hub.measures.catalogue import MEASURES
from hub.measures.frame import Frame
from hub.privacy.values import Noised
from tests.support import measuring, oracle, town

Truth = dict[tuple[str, ...], float]

CELLS_APART = {
    "reach-venues",
    "reach-spread",
    "ladder-persons",
    "pairs",
    "flows-balance",
    "channels-new",
    "young-places",
    "firsts",
    "firsts-known",
    "tourists-places",
    "tourists-known",
}
"""Tables whose rows have noise of their own; in the others one draw is one trial."""


class World:
    """One fixed network: its exact vectors, and the plain truth of its people."""

    def __init__(self, frame: Frame, visits: pa.Table, *, rho_micro: int) -> None:
        self.frame = frame
        self.rows = town.rows_of(visits)
        self.plans, self.exact = {}, {}
        with town.opened(visits) as connection:
            for name, _ in SHARES:
                spec, plan = measuring.plan_of(name, frame, rho_micro=rho_micro)
                self.plans[name] = (spec, plan)
                self.exact[name] = measuring.exact(connection, name, frame, plan)
        self.truth = self._people() | self._weighted()

    def draw(self, rng: np.random.Generator) -> dict[str, list[Estimate]]:
        """Return the rows of every table, from noise of their own."""
        noised: dict[str, Noised] = {}
        tables = {}
        for name, (spec, plan) in self.plans.items():
            noised |= measuring.drawn(self.exact[name], spec, plan, rng)
            tables |= {t.table: t.rows for t in MEASURES[name].read(noised, self.frame)}
        return tables

    def _people(self) -> dict[str, Truth]:
        hers = {}
        for row in self.rows:
            hers.setdefault(row.person_key, []).append(row)
        reach, pairs, flows, spread, rungs, visits = (Counter() for _ in range(6))
        for mine in hers.values():
            first = {}
            for row in mine:
                place = oracle.place_name(self.frame.venues[row.venue].slug, self.frame)
                first[place] = min(first.get(place, row.event_day), row.event_day)
            reach.update((place,) for place in first)
            pairs.update(combinations(sorted(first, key=self.frame.places.index), 2))
            for a, b in permutations(first, 2):
                for days in (30, 90, 365):
                    flows[a, b, f"0-{days}"] += 1 <= first[b] - first[a] <= days
            spread[(oracle.spread_class(len(first)),)] += 1
            count = len(mine)
            rung = ("1" if count == 1 else "2" if count == 2 else "3-5" if count < 6 else "6+",)
            rungs[rung] += 1
            visits[rung] += min(count, self.frame.bounds.visits)
        people, total = len(hers), sum(visits.values())
        wide = sum(spread.values()) - spread[("1",)]
        return {
            "reach-network": {("network",): people},
            "reach-venues": dict(reach),
            "reach-spread": dict(spread),
            "reach-shares": {
                ("2+",): 100 * wide / people,
                ("3+",): 100 * (wide - spread[("2",)]) / people,
                ("5+",): 100 * spread[("5+",)] / people,
            },
            "ladder-persons": dict(rungs),
            "ladder-visits": {rung: 100 * count / total for rung, count in visits.items()},
            "pairs": dict(pairs),
            "flows": dict(flows),
        }

    def _weighted(self) -> dict[str, Truth]:
        """Return the truth of tables whose estimand is weighted, from exact vectors."""
        cells = self.exact["provenance"]["provenance-cell"].reshape(len(self.frame.places), -1)
        with np.errstate(invalid="ignore"):
            shares = 100 * cells / cells.sum(axis=1, keepdims=True)
        lags = self.exact["flows"]["flows-cell"].reshape(-1, 3).sum(axis=1) / 1000
        balance = Counter()
        for (a, b), people in zip(permutations(self.frame.places, 2), lags, strict=True):
            balance[(b,)] += float(people)
            balance[(a,)] -= float(people)
        return {
            "provenance": {
                (place, home or "unknown"): float(shares[i, j])
                for i, place in enumerate(self.frame.places)
                for j, home in enumerate(self.frame.departements)
            },
            "flows-balance": dict(balance),
            **self._channels(),
            **self._by_place(),
            **self._visits(),
        }

    def cells(self, measure: str, vector: str) -> dict[tuple[str, ...], int]:
        """Return an exact vector by key."""
        plan = next(p for p in self.plans[measure][1] if p.name == f"{measure}-{vector}")
        values = self.exact[measure][plan.name].tolist()
        return dict(zip(plan.keys, values, strict=True))

    def _channels(self) -> dict[str, Truth]:
        cells, new = self.cells("channels", "cell"), self.cells("channels", "new")
        return {
            "channels-age": gathered(cells, lambda k: (k[1], k[0]))
            | gathered(cells, lambda k: ("all", k[0])),
            "channels-discipline": gathered(cells, lambda k: (k[2], k[0])),
            "channels-new": among(new, {"new"}, {"new", "known"}),
        }

    def _by_place(self) -> dict[str, Truth]:
        young, network = self.cells("young", "place"), self.cells("young", "network")
        network = {("network", *key): value for key, value in network.items()}
        firsts, aged = self.cells("firsts", "cell"), {"18-25", "older"}
        new = {"new-elsewhere", "new-only"}
        pairs = {(a, b): both for (a, b), both in self.cells("crossing", "pair").items()}
        return {
            "young-network": among(network, {"18-25"}, aged),
            "young-places": among(young, {"18-25"}, aged),
            "young-known": among(young | network, aged, {*aged, "unknown"}),
            "firsts": among(firsts, new, {*new, "known"}),
            "firsts-elsewhere": among(firsts, {"new-elsewhere"}, new),
            "firsts-known": among(firsts, {*new, "known"}, {*new, "known", "unknown"}),
            "crossing": {
                (a, b): percent(pairs.get((a, b), pairs.get((b, a), 0)), pairs[a, a])
                for a, b in permutations(self.frame.disciplines, 2)
            },
        }

    def _visits(self) -> dict[str, Truth]:
        season, origins = self.cells("season-spread", "cell"), self.cells("tourists", "cell")
        known = {key: value for key, value in origins.items() if key[2] != "unknown"}
        by_place = Counter()
        for (place, _, origin), value in origins.items():
            by_place[place, origin] += value
        near = {"near", "far", "abroad"}
        return {
            "season-months": gathered(season, lambda k: ("", k[0]), drop=True),
            "season-weekdays": gathered(season, lambda k: ("", k[1]), drop=True),
            "season-cells": gathered(season, lambda k: ("", *k), drop=True),
            "tourists": gathered(known, lambda k: k[1:]) | gathered(known, lambda k: ("all", k[2])),
            "tourists-places": among(by_place, {"far", "abroad"}, near),
            "tourists-known": among(by_place, near, {*near, "unknown"}),
        }


def gathered(cells: Truth, name: Callable[..., tuple[str, ...]], *, drop: bool = False) -> Truth:
    """Return the share of each name in its group, in per cent; the group is the name's first word."""
    sums, wholes = Counter(), Counter()
    for key, value in cells.items():
        sums[name(key)] += value
        wholes[name(key)[0]] += value
    return {key[1:] if drop else key: percent(value, wholes[key[0]]) for key, value in sums.items()}


def among(cells: Truth, part: set[str], whole: set[str]) -> Truth:
    """Return, for each first word, the share that some last words make of others, in per cent."""
    tops, bottoms = Counter(), Counter()
    for (first, last), value in cells.items():
        tops[(first,)] += value if last in part else 0
        bottoms[(first,)] += value if last in whole else 0
    return {key: percent(tops[key], bottoms[key]) for key in bottoms}


def percent(part: float, whole: float) -> float:
    """Return a share in per cent; of nobody it is no number, and no interval can miss it."""
    return 100 * part / whole if whole else math.nan


def hits(rows: list[Estimate], truth: Truth) -> list[bool]:
    """Return, for each row whose truth is known, whether its interval holds it."""
    known = [(row, truth.get(tuple(row.keys), 0.0)) for row in rows if "rest" not in row.keys]
    return [
        row.low_milli - 0.001 <= 1000 * value <= row.high_milli + 0.001
        for row, value in known
        if not math.isnan(value)
    ]


def check(world: World, draws: int) -> dict[str, float]:
    """Return the coverage of every table, and fail where it is below what chance allows."""
    found: dict[str, list[bool]] = {name: [] for name in world.truth}
    rng = np.random.default_rng(draws)
    for _ in range(draws):
        tables = world.draw(rng)
        for name, truth in world.truth.items():
            found[name] += hits(tables[name], truth)
    coverage = {name: sum(held) / len(held) for name, held in found.items()}
    for name, held in found.items():
        trials = len(held) if name in CELLS_APART else draws
        least = 0.95 - 4.5 * math.sqrt(0.95 * 0.05 / trials)
        assert coverage[name] >= least, (name, coverage[name], least)
    return coverage


SPARSE = town.BOUNDS.model_copy(update={"venues": 8})


def test_intervals_hold_in_a_sparse_network() -> None:
    frame = town.frame(12, bounds=SPARSE)
    check(World(frame, town.town(1500, frame, seed=11), rho_micro=20_000), 40)


def test_intervals_hold_where_many_are_clipped_and_some_places_are_not_read() -> None:
    frame = town.frame(40, clusters=1, bounds=town.BOUNDS.model_copy(update={"venues": 3}))
    check(World(frame, town.town(300, frame, seed=12), rho_micro=200_000), 12)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("k", [2, 5, 12])
def test_intervals_hold_in_many_worlds(seed, k) -> None:
    frame = town.frame(12, bounds=town.BOUNDS.model_copy(update={"venues": k}))
    visits = town.town(4000, frame, seed=seed)
    world = World(frame, visits, rho_micro=10_000 * (1 + seed))
    print(check(world, 400))


@pytest.mark.parametrize("seed", [1, 2])
def test_quantile_intervals_hold_the_bin_of_the_exact_quantile(seed) -> None:
    frame = town.frame(3)
    world = World(frame, town.town(1500, frame, seed=seed), rho_micro=50_000)
    spec, plan = world.plans["lead-time"]
    exact = world.exact["lead-time"]["lead-time-cell"]
    by_distance = exact.reshape(5, 5, len(world.frame.disciplines), 11).sum(axis=(0, 2))
    held = []
    rng = np.random.default_rng(seed)
    for _ in range(40):
        noised = measuring.drawn(world.exact["lead-time"], spec, plan, rng)
        rows = {tuple(r.keys): r for t in lead_time.read(noised, world.frame) for r in t.rows}
        for band, counts in zip(lead_time.DISTANCES, by_distance, strict=True):
            for statistic, share in lead_time.STATISTICS:
                below = np.cumsum(counts)
                truth = int(np.searchsorted(below, share * below[-1]))
                row = rows[band, statistic]
                first, last = lead_time.BINS.first[truth], lead_time.BINS.last[truth]
                held.append(row.low_milli <= 1000 * first and 1000 * last <= row.high_milli)
    assert sum(held) / len(held) >= 0.95 - 4.5 * math.sqrt(0.95 * 0.05 / 40)
