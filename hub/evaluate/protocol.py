"""One comparison: the same world, the same people held out, every method, a few draws of the noise."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from contracts.model_rules import kappa_of, popularity_percent
from hub.evaluate import methods
from hub.evaluate.metrics import Held, Quality, hold_out, one_house, quality_of
from hub.evaluate.sums import Sums, observe, rho_of, sums_of
from hub.evaluate.world import World
from hub.recommend.observed import Observed

EVERYTHING: Final = 64  # places within which nobody is clipped
LEVELS: Final = ("1", "2", "3", "house")
"""What is known of somebody: one, two, three visits anywhere, or her visits to one house alone."""


@dataclass(frozen=True)
class Terms:
    """What a comparison is made under."""

    epsilon: float = 1.0
    places: int = 2  # k
    draws: int = 3
    seed: int = 1


@dataclass(frozen=True)
class Line:
    """One method at one level of evidence; ``kept`` is NDCG over the best without privacy there."""

    method: str
    private: bool
    level: str
    quality: Quality
    kept: float


def compare(world: World, terms: Terms) -> list[Line]:
    """Return every method's quality at every level of evidence."""
    held = {level: _held(world, level) for level in LEVELS}
    lines = [
        Line(name, private=False, level=level, quality=found, kept=1.0)
        for name, level, found in exact(world, held)
    ]
    best = {level: max(x.quality.ndcg for x in lines if x.level == level) for level in LEVELS}
    lines += _private(world, held, terms)
    return [replace(line, kept=line.quality.ndcg / best[line.level]) for line in lines]


def _held(world: World, level: str) -> Held:
    if level == "house":
        return one_house(world.tested, world.house)
    return hold_out(world.tested, int(level))


def exact(world: World, held: dict[str, Held]) -> list[tuple[str, str, Quality]]:
    """Return, without privacy, popularity, then the best of each family by what it reaches on the people held out."""
    raw = sums_of(world, EVERYTHING)
    found = [("popularity", level, quality_of(methods.popularity(raw.popularity), each)) for level, each in held.items()]  # fmt: skip
    families: dict[tuple[str, str], Quality] = {}
    for name, weights in methods.without_privacy(raw):
        family = name.rstrip("0123456789 ")
        for level, each in held.items():
            judged = quality_of(weights, each)
            known = families.get((family, level))
            if known is None or judged.ndcg > known.ndcg:
                families[family, level] = judged
    return found + [(family, level, judged) for (family, level), judged in families.items()]


def _private(world: World, held: dict[str, Held], terms: Terms) -> list[Line]:
    sums = sums_of(world, terms.places)
    found: dict[tuple[str, str], list[Quality]] = {}
    for draw in range(terms.draws):
        observed, kappa = published(sums, len(world.known), terms, draw)
        for name, weights in methods.with_privacy(observed, kappa):
            for level, each in held.items():
                found.setdefault((name, level), []).append(quality_of(weights, each))
    return [
        Line(name, private=True, level=level, quality=_mean(each), kept=0.0)
        for (name, level), each in found.items()
    ]


def published(sums: Sums, persons: int, terms: Terms, draw: int) -> tuple[Observed, float]:
    """Return what an edition would publish at that price, and κ; the split of the price follows κ."""
    rho = rho_of(terms.epsilon)
    kappa = kappa_of(persons, len(sums.popularity), math.sqrt(1 / (2 * rho)))
    return observe(sums, rho, popularity_percent(kappa) / 100, terms.seed * 1000 + draw), kappa


def _mean(each: list[Quality]) -> Quality:
    return Quality(
        ndcg=float(np.mean([q.ndcg for q in each])),
        recall=float(np.mean([q.recall for q in each])),
        hit=float(np.mean([q.hit for q in each])),
        coverage=float(np.mean([q.coverage for q in each])),
    )
