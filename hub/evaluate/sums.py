"""The weighted sums that an edition would take of an invented world, and its noise at a given price."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from contracts.loss import epsilon
from hub.evaluate.world import Floats, Integers, World
from hub.recommend.observed import Observed

DELTA_PICO: Final = 10**6  # δ 1e-6, as in the study
_CHUNK: Final = 200_000
_MICRO: Final = 10**6


@dataclass(frozen=True)
class Sums:
    """Exact clipped sums: one person's norm is ``pair_bound`` in the pairs, ``place_bound`` in the places."""

    pairs: Floats
    popularity: Floats
    pair_bound: float
    place_bound: float
    categories: Integers


def sums_of(world: World, places: int) -> Sums:
    """Return the sums under the weight rule of an edition, w = min(1, √(room/cells)), for k = *places*."""
    count = world.items
    pairs, popularity = np.zeros(count * count), np.zeros(count)
    room = places * (places - 1) / 2
    for at in range(0, len(world.known), _CHUNK):
        some = -np.sort(-world.known[at : at + _CHUNK], axis=1)  # what is not there comes last
        each = (some >= 0).sum(axis=1)
        for width in np.unique(each[each > 0]).tolist():
            known, cells = some[each == width, :width], max(width * (width - 1) / 2, 1.0)
            popularity += min(1.0, np.sqrt(places / width)) * np.bincount(
                known.ravel(), minlength=count
            )
            a, b = np.triu_indices(width, 1)
            met = (known[:, a] * count + known[:, b]).ravel()
            pairs += min(1.0, np.sqrt(room / cells)) * np.bincount(met, minlength=count * count)
    square = pairs.reshape(count, count)
    square = square + square.T
    return Sums(square, popularity, float(np.sqrt(room)), float(np.sqrt(places)), world.discipline)


def presence(rows: Integers, items: int) -> Floats:
    """Return persons × items of nought and one."""
    went = np.zeros((len(rows), items + 1), dtype=np.float32)
    went[np.arange(len(rows))[:, None], rows] = 1.0  # -1 is the last column, taken off
    return went[:, :items]  # type: ignore[return-value]


def rho_of(wanted: float) -> float:
    """Return the ρ that reads as that ε at δ 1e-6."""
    low, high = 1, 10 * _MICRO
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if epsilon(middle, DELTA_PICO) <= wanted else (low, middle)
    return low / _MICRO


def observe(sums: Sums, rho: float, share: float, seed: int) -> Observed:
    """Return what an edition would publish for *rho*, *share* of it for popularity (rounded continuous noise)."""
    source = np.random.default_rng(seed)
    sigma = sums.pair_bound / np.sqrt(2 * rho * (1 - share))
    own = sums.place_bound / np.sqrt(2 * rho * share)
    noise = np.triu(source.normal(scale=sigma, size=sums.pairs.shape), 1)
    return Observed(
        pairs=sums.pairs + noise + noise.T,
        popularity=sums.popularity + source.normal(scale=own, size=sums.popularity.shape),
        sigma=float(sigma),
        categories=sums.categories,
    )
