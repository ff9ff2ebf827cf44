"""How many people have such traits together: read in the crossings, or modelled between their bounds.

- A crossing holds all the traits: the answer is the unbiased estimate, its interval that of the noise.
- None does: the figure is that of the table of greatest entropy among those with the cube's crossings
  (iterative proportional fitting: Deming and Stephan 1940), over the named traits alone. A model has no
  honest interval of its own, so the interval is what the crossings leave possible: no more people than any
  of them counts, no fewer than inclusion and exclusion demand, all of them held together.
- Too few people for the noise, or too many traits: a refusal, and the nearest question with an answer.

Nothing but the cube is read; the same question always has the same answer.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import Final, Literal

import numpy as np

from contracts.cube import MICRO, MILLI, Cube
from contracts.edition import COVERED
from hub.cube.asked import Asked
from hub.cube.design import Axes, Design, Floats, design_of
from hub.cube.fit import Fit, Part
from hub.privacy.intervals import Interval, around, simultaneous, wording

MOST_CELLS: Final = 200_000
"""Cells of a modelled table at most: five traits, or six small ones."""
_SWEEPS: Final = 60
_MOST_CROSSED: Final = 3
_Z95: Final = simultaneous(1)

Cause = Literal["too-few", "too-many-traits"]


@dataclass(frozen=True)
class Estimate:
    """So many people, and where the truth lies in 95 % of draws; ``measured`` says that a crossing holds it."""

    asked: Asked
    people: int
    low: int
    high: int
    measured: bool


@dataclass(frozen=True)
class Refusal:
    """Why there is no figure, and the nearest question that has one."""

    asked: Asked
    cause: Cause
    nearest: Asked | None


@dataclass(frozen=True)
class Book:
    """A cube, ready to be asked; make it once and ask it often."""

    cube: Cube

    @cached_property
    def design(self) -> Design:
        """What it crosses."""
        traits = self.cube.traits
        keys = [
            tuple(
                f"{traits[axis].trait}={value}" for axis, value in zip(c.traits, cell, strict=True)
            )
            for c in self.cube.crossings
            for cell in product(*(traits[axis].values for axis in c.traits))
        ]
        return design_of(keys)

    @cached_property
    def doubts(self) -> Fit:
        """The variances of its parts; their values stay in ``found``."""
        nothing = np.zeros(())
        parts = {
            tuple(doubt.traits): Part(nothing, doubt.variance_micro / MICRO)
            for doubt in self.cube.doubts
        }
        return Fit(self.design, parts)

    @cached_property
    def found(self) -> Mapping[Axes, Floats]:
        """The unbiased table of every subset of a crossing."""
        return self._subsets(
            {tuple(c.traits): np.array(c.found_milli) / MILLI for c in self.cube.crossings}
        )

    @cached_property
    def counts(self) -> Mapping[Axes, Floats]:
        """The whole people of every two traits that are crossed, of each alone, and of all."""
        return self._subsets(
            {tuple(c.traits): np.array(c.counts) for c in self.cube.crossings if c.counts}
        )

    def _subsets(self, tables: Mapping[Axes, Floats]) -> dict[Axes, Floats]:
        known: dict[Axes, Floats] = {}
        for axes, cells in tables.items():
            table = cells.reshape(self.design.shape(axes)).astype(np.float64)
            for size in range(len(axes) + 1):
                for subset in combinations(axes, size):
                    away = tuple(place for place, axis in enumerate(axes) if axis not in subset)
                    known.setdefault(subset, np.asarray(table.sum(axis=away)))
        return known


def estimate(book: Book, asked: Asked) -> Estimate | Refusal:
    """Return how many people are meant, or why that cannot be said and what can be."""
    found = _answer(book, asked)
    if isinstance(found, Estimate):
        return found
    return Refusal(asked, found, _nearest(book, asked))


def _answer(book: Book, asked: Asked) -> Estimate | Cause:
    if asked.axes in book.found:
        interval = measured(book, asked)
        return "too-few" if _covered(interval) else _told(asked, interval, measured=True)
    if math.prod(book.design.shape(asked.axes)) > MOST_CELLS:
        return "too-many-traits"
    tightest = min((measured(book, part) for part in _blocks(book, asked)), key=lambda i: i.high)
    if _covered(tightest):
        return "too-few"
    interval = _modelled(book, asked)
    return "too-few" if interval.value < 1 else _told(asked, interval, measured=False)


def measured(book: Book, asked: Asked, z: float = _Z95) -> Interval:
    """Return the figure of a question that some crossing holds, and its interval at *z*."""
    axes = asked.axes
    block = np.ix_(*(values for _, values in asked.chosen))
    noisy = float(book.found[axes][block].sum())
    spread = math.sqrt(book.doubts.variance({axis: len(v) for axis, v in asked.chosen}))
    held = around(noisy, spread * z / _Z95)
    if axes in book.counts:
        figure = float(book.counts[axes][block].sum())
    else:
        parts = (asked.only(part) for part in combinations(axes, len(axes) - 1))
        figure = min(max(noisy, 0.0), *(measured(book, part).value for part in parts))
    return Interval(figure, min(held.low, figure), max(held.high, figure))


def _modelled(book: Book, asked: Asked) -> Interval:
    """Return the figure of greatest entropy, between what the crossings allow."""
    low, high = _bounds(book, asked)
    block = np.ix_(*(values for _, values in asked.chosen))
    value = float(_joint(book, asked.axes)[block].sum())
    return Interval(min(max(value, low), high), low, high)


def _bounds(book: Book, asked: Asked) -> tuple[float, float]:
    """Return the least and the most people that the crossings allow, all of them at once in 95 % of draws.

    For blocks X and Y on traits that make up all of the question, and Z on those they share:
    X and Y lie within Z, so at least X + Y - Z people are in both.
    """
    blocks = [part.axes for part in _blocks(book, asked)]
    z = simultaneous(len(blocks))
    held = {axes: measured(book, asked.only(axes), z) for axes in blocks}
    high = min(interval.high for interval in held.values())
    low = 0.0
    for one, other in combinations(held, 2):
        if set(one) | set(other) == set(asked.axes):
            shared = tuple(axis for axis in one if axis in other)
            low = max(low, held[one].low + held[other].low - held[shared].high)
    return min(low, high), high


def _blocks(book: Book, asked: Asked) -> Iterator[Asked]:
    """Yield the question about every subset of its traits that a crossing holds, nobody's too."""
    axes = asked.axes
    for size in range(len(axes) + 1):
        for subset in combinations(axes, size):
            if subset in book.found:
                yield asked.only(subset)


def _joint(book: Book, axes: Axes) -> Floats:
    """Return the table of greatest entropy with the crossings of these traits."""
    inside = [c for c in book.design.crossings if set(c) <= set(axes)]
    wanted = [
        (c, book.counts.get(c, _positive(book, c))) for c in sorted(inside, key=len, reverse=True)
    ]
    table: Floats = np.full(book.design.shape(axes), 1.0)
    table *= float(book.counts[()]) / table.size
    for _sweep in range(_SWEEPS):
        for crossing, target in wanted:
            away = tuple(place for place, axis in enumerate(axes) if axis not in crossing)
            have = table.sum(axis=away)
            ratio = np.divide(target, have, out=np.zeros_like(have), where=have > 0)
            shape = [book.design.sizes[axis] if axis in crossing else 1 for axis in axes]
            table = table * ratio.reshape(shape)
    return table


def _positive(book: Book, crossing: Axes) -> Floats:
    """Return a three's table without the cells that noise took below nought, of as many people."""
    cells = np.maximum(book.found[crossing], 0.0)
    scaled: Floats = cells * (float(book.counts[()]) / max(float(cells.sum()), 1.0))
    return scaled


def _nearest(book: Book, asked: Asked) -> Asked | None:
    """Return the question on most of its traits that a crossing answers, of fewest people."""
    for size in range(min(len(asked.axes), _MOST_CROSSED), 0, -1):
        parts = (asked.only(axes) for axes in combinations(asked.axes, size))
        known = [part for part in parts if part.axes in book.found and part != asked]
        found = [
            answer for answer in (_answer(book, p) for p in known) if isinstance(answer, Estimate)
        ]
        if found:
            return min(found, key=lambda answer: (answer.people, answer.asked.chosen)).asked
    return None


def _covered(interval: Interval) -> bool:
    return wording(interval, "persons") == COVERED


def _told(asked: Asked, interval: Interval, *, measured: bool) -> Estimate:
    people = round(interval.value)
    return Estimate(
        asked,
        people,
        min(math.floor(interval.low), people),
        max(math.ceil(interval.high), people),
        measured,
    )
