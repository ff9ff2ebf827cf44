"""An invented world of sparse tastes at any size: items of houses, people of about three visits."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DISCIPLINES: Final = 8
LATENT: Final = 4  # hidden tastes beyond disciplines
STYLES: Final = 18
MOST_VISITS: Final = 24
_CHUNK: Final = 10_000


@dataclass(frozen=True)
class Size:
    """How large a world is; ``houses`` own the items between them."""

    items: int
    persons: int
    houses: int
    regions: int = 4
    tested: int = 1000


@dataclass(frozen=True)
class World:
    """Who went where: ``known`` trains, ``tested`` are other people, of whom nothing is trained."""

    discipline: Integers  # items
    house: Integers  # items
    known: Integers  # persons × MOST_VISITS: items, -1 after the last
    tested: Integers  # other persons × 7: distinct items, in the order of visiting
    tags: tuple[Integers, ...] = ()  # what the catalogue says: items → group, for each tag

    @property
    def items(self) -> int:
        """The number of items."""
        return len(self.discipline)


@dataclass(frozen=True)
class _Public:
    """What draws people: public properties of the items, and the tastes that they answer to."""

    discipline: Integers
    region: Integers
    appeal: Floats  # log popularity
    latent: Floats  # items × LATENT


TEST_VISITS: Final = 7


def draw_world(size: Size, seed: int) -> World:
    """Return a world, the same for a seed; visits are 2 + a negative binomial, 3.2 on average."""
    source = np.random.default_rng(seed)
    house = np.sort(source.integers(0, size.houses, size.items))
    of_house = source.integers(0, DISCIPLINES, size.houses)
    region = source.integers(0, size.regions, size.houses)[house]
    own = source.random(size.items) < 0.7  # noqa: PLR2004 - of a house's items, the rest is guests
    discipline = np.where(own, of_house[house], source.integers(0, DISCIPLINES, size.items))
    appeal = -0.8 * np.log(1.0 + source.permutation(size.items))
    public = _Public(discipline, region, appeal, source.normal(size=(size.items, LATENT)))
    counts = np.minimum(2 + source.negative_binomial(0.6, 1 / 3, size.persons), MOST_VISITS)
    known = _visits(public, size.regions, np.minimum(counts, size.items), source)
    tested = np.full(size.tested, min(TEST_VISITS, size.items - 1))
    tags = (discipline * size.regions + region, _styles(public.latent, seed))
    return World(discipline, house, known, _visits(public, size.regions, tested, source), tags)


def _styles(latent: Floats, seed: int) -> Integers:
    """Return the style of each item: the nearest of 18 points among the hidden tastes.

    What a catalogue tells of a work by its author, its period or its company, and no discipline does.
    """
    points = np.random.default_rng([seed, STYLES]).normal(size=(STYLES, LATENT))
    away = ((latent[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
    styles: Integers = away.argmin(axis=1)
    return styles


def _visits(
    public: _Public, regions: int, counts: Integers, source: np.random.Generator
) -> Integers:
    """Draw each person's distinct items by Gumbel's top-k of appeal, taste and distance."""
    width = int(counts.max())
    drawn = np.full((len(counts), width), -1, dtype=np.int64)
    for at in range(0, len(counts), _CHUNK):
        some = counts[at : at + _CHUNK]
        keys = _utility(public, regions, len(some), source)
        keys += source.gumbel(size=keys.shape)
        best = np.argpartition(-keys, min(width, keys.shape[1] - 1), axis=1)[:, :width]
        order = np.argsort(-np.take_along_axis(keys, best, 1), axis=1)
        best = np.take_along_axis(best, order, 1)
        drawn[at : at + _CHUNK, : best.shape[1]] = best
    drawn[np.arange(width)[None, :] >= counts[:, None]] = -1
    return drawn


def _utility(public: _Public, regions: int, people: int, source: np.random.Generator) -> Floats:
    mix = source.gamma(0.6, size=(people, DISCIPLINES))  # few disciplines each
    mix /= mix.sum(axis=1, keepdims=True)
    home = source.integers(0, regions, people)
    taste = source.normal(size=(people, LATENT)) * 0.8
    near = np.where(public.region[None, :] == home[:, None], 0.0, -0.8)
    keys: Floats = taste @ public.latent.T + near + public.appeal[None, :]
    keys += np.log(mix + 0.05)[:, public.discipline]
    return keys
