"""How far the figures of an edition stand from the truth of its people, at the price that an edition pays."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from contracts.edition import Estimate, Table
from hub.forecast import BOUNDS, OPT_IN, SHARES
from hub.measures.catalogue import MEASURES
from hub.measures.frame import DISCIPLINES, Frame
from hub.measures.lead_time import AGES
from hub.privacy.values import Noised
from tests.support import measuring, town

PRICES = {name: 100 * weight for name, weight in (*SHARES, *OPT_IN)}
"""Micro-rho of each measure beside the usual edition at ρ 0.10."""
WIDE = {"venues": 64, "visits": 366, "cells": 366, "pairs_total": 2016}
"""Bounds under which nobody of a test weighs less than she is."""

Keys = tuple[str, ...]
Figures = dict[Keys, float]
Sizes = Mapping[Keys, int]


@dataclass(frozen=True)
class Target:
    """What the catalogue of questions asks of one table."""

    question: str
    measure: str
    table: str
    within: float  # of the table's unit; or of the truth itself, where relative
    least: int = 0  # people behind a figure, below which nothing is asked of it
    sizes: str = ""  # how they are counted: see ``SIZES``
    relative: bool = False

    @property
    def name(self) -> str:
        return f"{self.question} {self.table}"


@dataclass(frozen=True)
class Found:
    """What was found of a target at one price."""

    figures: int
    share: float  # of figures within what was asked
    far: float  # error that 95 % of figures stay under, over what was asked: 1 or less is met

    def rho_micro(self, price: int) -> int:
        """Return the price at which it would be met, if noise alone were the matter: as the square."""
        return round(price * self.far**2)


class Truth:
    """One network, the exact vectors of a measure at the charter's bounds, and what is true of its people."""

    def __init__(self, measure: str, frame: Frame, visits: pa.Table) -> None:
        self.measure, self.frame, self.visits = measure, frame, visits
        wide = town.wider(frame, **WIDE)
        with town.opened(visits) as connection:
            _, plan = measuring.plan_of(measure, wide)
            exact = measuring.exact(connection, measure, wide, plan)
            _, own = measuring.plan_of(measure, frame)
            self.exact = measuring.exact(connection, measure, frame, own)
        still = {p.name: Noised(p, 1, exact[p.name]) for p in plan}
        self.tables = self.read(still, wide)

    def read(self, noised: Mapping[str, Noised], frame: Frame) -> dict[str, Figures]:
        suited = measuring.suited(self.measure, frame)
        return {t.table: figures(t) for t in MEASURES[self.measure].read(noised, suited)}

    def draws(
        self, draws: int, *, rho_micro: int, seed: int = 1
    ) -> list[dict[str, list[Estimate]]]:
        """Return the rows of each table of so many editions at a price."""
        spec, plan = measuring.plan_of(self.measure, self.frame, rho_micro=rho_micro)
        suited, rng = measuring.suited(self.measure, self.frame), np.random.default_rng(seed)
        return [
            {t.table: t.rows for t in MEASURES[self.measure].read(noised, suited)}
            for noised in (measuring.drawn(self.exact, spec, plan, rng) for _ in range(draws))
        ]


def figures(table: Table) -> Figures:
    return {tuple(row.keys): row.value_milli / 1000 for row in table.rows}


def found(target: Target, truth: Truth, *, draws: int, rho_micro: int = 0) -> Found:
    """Return how near the figures of a target's table come, over so many editions at a price."""
    true, sizes = truth.tables[target.table], SIZES[target.sizes](truth.visits, truth.frame)
    off = []
    for tables in truth.draws(draws, rho_micro=rho_micro or PRICES[target.measure]):
        for row in tables[target.table]:
            keys = tuple(row.keys)
            if keys in true and "rest" not in keys and sizes[keys] >= target.least:
                scale = target.within * (abs(true[keys]) if target.relative else 1)
                off.append(abs(row.value_milli / 1000 - true[keys]) / scale)
    told = np.array(off)
    return Found(len(told), float(np.mean(told <= 1 + 1e-9)), float(np.quantile(told, 0.95)))


class _All(dict[Keys, int]):
    def __missing__(self, _key: Keys) -> int:
        return 10**9


def _people(visits: pa.Table, keep: np.ndarray, *names: np.ndarray) -> Counter[Keys]:
    """Count different people by the names of their rows."""
    persons = visits["person_key"].to_numpy()[keep]
    told = sorted(
        {(int(p), *map(str, n)) for p, *n in zip(persons, *(x[keep] for x in names), strict=True)}
    )
    return Counter(names for _, *names in ((p, *n) for p, *n in told) for names in [tuple(names)])


def _columns(visits: pa.Table, frame: Frame) -> dict[str, np.ndarray]:
    columns = {name: visits[name].to_numpy() for name in ("venue", "discipline", "age", "distance", "lead_days", "first_time", "channel", "satisfaction")}  # fmt: skip
    columns["place"] = np.array(frame.places)[np.array(frame.place_of)[columns["venue"]]]
    columns["kind"] = np.array(DISCIPLINES)[columns["discipline"]]
    columns["band"] = np.array([*AGES, "unknown"])[columns["age"]]
    return columns


def _near(visits: pa.Table, frame: Frame) -> Sizes:
    c = _columns(visits, frame)
    keep = (c["lead_days"] >= 0) & (c["distance"] < 2) & (c["age"] < 5)
    counts = _people(visits, keep, c["band"], c["kind"])
    return Counter({(*k, s): n for k, n in counts.items() for s in ("first-quartile", "median", "third-quartile")})  # fmt: skip


def _groups(column: str, keep: Callable[[dict[str, np.ndarray]], np.ndarray], more: int) -> Callable[[pa.Table, Frame], Sizes]:  # fmt: skip
    """Return a count of people by a column; figures whose first key it is have that size."""

    def sizes(visits: pa.Table, frame: Frame) -> Sizes:
        c = _columns(visits, frame)
        counts = _people(visits, keep(c), c[column])
        whole = len(np.unique(visits["person_key"].to_numpy()))
        return _First({k[0]: n for k, n in counts.items()}, whole) if more else counts

    return sizes


class _First(dict[Keys, int]):
    """Sizes by first key alone; « all » is everybody."""

    def __init__(self, counts: Mapping[str, int], whole: int) -> None:
        super().__init__()
        self._counts, self._whole = counts, whole

    def __missing__(self, key: Keys) -> int:
        return self._whole if key[0] == "all" else self._counts.get(key[0], 0)


def _every(c: dict[str, np.ndarray]) -> np.ndarray:
    return np.ones(len(c["venue"]), dtype=bool)


SIZES: Mapping[str, Callable[[pa.Table, Frame], Sizes]] = {
    "": lambda _visits, _frame: _All(),
    "near": _near,
    "place": _groups("place", _every, 0),
    "new": _groups("place", lambda c: c["first_time"] == 0, 0),
    "kind": _groups("kind", lambda c: (c["lead_days"] >= 0) & (c["age"] < 5) & (c["distance"] < 5), 1),
    "band": _groups("band", _every, 1),
    "discipline": _groups("kind", _every, 1),
    "marked": _groups("kind", lambda c: c["satisfaction"] < 255, 0),
}  # fmt: skip


def network(venues: int = 12) -> Frame:
    """Return the frame of a network whose charter bounds people as the demonstration's does."""
    return town.frame(venues, bounds=BOUNDS)


def declaring(frame: Frame, visits: pa.Table) -> Frame:
    """Return the frame in which each venue says it sold twice what its known people hold, to two digits."""
    rows = Counter(visits["venue"].to_numpy().tolist())
    told = tuple((v.slug, _round(6 * rows[n])) for n, v in enumerate(frame.venues))
    return replace(frame, attendance=told)


def _round(count: int) -> int:
    digits = max(0, len(str(count)) - 2)
    return max(10, round(count, -digits))
