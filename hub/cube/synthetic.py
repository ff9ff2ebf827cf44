"""People who never were, with a cube's traits: for training, demonstrations and « what if », never a figure.

They start trait by trait, each drawn beside the earlier one that it goes with most (Chow and Liu 1968); then
two of them exchange a trait whenever that brings the crossings nearer to the cube's, until nothing improves
(a local search, after the record by record correction of Zhang et al. 2021, "PrivSyn", arXiv 2012.15128). Nothing is read but the published
cube, so whatever may be learnt here of a person could be learnt there, at the price that was paid.
"""

from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.cube.design import Axes, Floats
from hub.cube.estimate import Book
from hub.cube.whole import meeting
from hub.privacy.consistency import Integers, sum_to

ROUNDS: Final = 30
_EAGER: Final = 0.3  # of the exchanges that would help, made at once: too many would overshoot
_PATIENCE: Final = 3  # rounds without progress after which it stops
_SWEEPS: Final = 10
_FLOOR: Final = (
    0.05  # of a mean cell, added to what is wanted: a cell of nobody is no infinite error
)
_LEAST: Final = 1e-2  # progress of a round, over the error that is left


@dataclass(frozen=True)
class Crowd:
    """Made-up people: one line each, a code by trait; and how far their crossings are from the cube's."""

    people: NDArray[np.int64]
    gaps: dict[Axes, float]  # by two traits: half of the sum of differences, over the people

    @property
    def mean_gap(self) -> float:
        """The mean over the crossings of two."""
        return float(np.mean(list(self.gaps.values())))

    @property
    def worst_gap(self) -> float:
        """The largest of them."""
        return max(self.gaps.values())


@dataclass
class _Search:
    """People as they stand, what is wanted, the cell of each person in each crossing and its error."""

    people: NDArray[np.int64]
    sizes: tuple[int, ...]
    wanted: dict[Axes, Floats]
    draw: np.random.Generator
    cells: dict[Axes, NDArray[np.int64]] = field(init=False)
    errors: dict[Axes, Floats] = field(init=False)
    floors: dict[Axes, Floats] = field(init=False)
    steps: dict[Axes, dict[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.steps = {axes: _steps(axes, self.sizes) for axes in self.wanted}
        self.cells = {
            axes: np.sum([self.people[:, axis] * step for axis, step in steps.items()], axis=0)
            for axes, steps in self.steps.items()
        }
        self.errors = {axes: self._error(axes) for axes in self.wanted}
        self.floors = {
            axes: wanted + _FLOOR * wanted.mean() + 1.0 for axes, wanted in self.wanted.items()
        }

    @property
    def total(self) -> float:
        """The errors of all crossings, squared, over what is wanted: χ², so that empty cells stay empty."""
        return float(sum((e**2 / self.floors[axes]).sum() for axes, e in self.errors.items()))

    def _prices(self, axes: Axes) -> tuple[Floats, Floats]:
        """Return what it brings that one person leaves each cell, and what it costs that one comes."""
        twice, floor = 2.0 * self.errors[axes], self.floors[axes]
        return (twice - 1.0) / floor, (twice + 1.0) / floor

    def exchange(self, given: list[int], eager: float) -> bool:
        """Let pairs of people exchange some traits where that helps; tell whether the whole is nearer."""
        order = self.draw.permutation(len(self.people))
        half = len(order) // 2
        one, other = order[:half], order[half : 2 * half]
        moves = self._moves(given, one, other)
        gain = np.zeros(half)
        for axes, move in moves.items():
            a, b = self.cells[axes][one], self.cells[axes][other]
            leave, come = self._prices(axes)
            own = leave[a] - come[a + move] + leave[b] - come[b - move]
            gain += np.where((move == 0) | (a + move == b), 0.0, own)  # nothing changes in all
        chosen = (gain > 0) & (self.draw.random(half) < eager)
        if not chosen.any():
            return False
        total = self.total
        self._apply(moves, one, other, chosen)
        if self.total < total:
            first, second = one[chosen], other[chosen]
            for axis in given:
                line = self.people[:, axis]
                line[first], line[second] = line[second].copy(), line[first].copy()
            return True
        self._apply({axes: -move for axes, move in moves.items()}, one, other, chosen)
        return False

    def _moves(
        self, given: list[int], one: NDArray[np.int64], other: NDArray[np.int64]
    ) -> dict[Axes, NDArray[np.int64]]:
        """Return, for each crossing that an exchange changes, how far the first of a pair moves; the other moves back."""
        apart = {axis: self.people[other, axis] - self.people[one, axis] for axis in given}
        return {
            axes: np.sum([apart[a] * step for a, step in steps.items() if a in apart], axis=0)
            for axes, steps in self.steps.items()
            if apart.keys() & steps.keys()
        }

    def _apply(
        self,
        moves: dict[Axes, NDArray[np.int64]],
        one: NDArray[np.int64],
        other: NDArray[np.int64],
        chosen: NDArray[np.bool_],
    ) -> None:
        for axes, move in moves.items():
            self.cells[axes][one[chosen]] += move[chosen]
            self.cells[axes][other[chosen]] -= move[chosen]
            self.errors[axes] = self._error(axes)

    def _error(self, axes: Axes) -> Floats:
        error: Floats = (
            np.bincount(self.cells[axes], minlength=len(self.wanted[axes])) - self.wanted[axes]
        )
        return error


def _steps(axes: Axes, sizes: tuple[int, ...]) -> dict[int, int]:
    """Return by how much the cell of a crossing moves with each of its traits."""
    steps, step = {}, 1
    for axis in reversed(axes):
        steps[axis] = step
        step *= sizes[axis]
    return steps


def crowd(book: Book, people: int, seed: int) -> Crowd:
    """Return so many made-up people with the cube's crossings; the same call, the same people.

    Args:
        book: the published cube.
        people: how many; the cube's own number keeps its sizes.
        seed: which of the crowds that fit.

    Raises:
        ValueError: fewer than two people.
    """
    if people < len(("one", "other")):
        raise ValueError("at least two people are needed")
    draw = np.random.default_rng(seed)
    ones = _margins(book, people)
    wanted, sizes = _wanted(book, people, ones), book.design.sizes
    search = _Search(_start(ones, wanted, draw), sizes, wanted, draw)
    eager, still = _EAGER, 0
    for _round in range(ROUNDS):
        before = search.total
        moved = [search.exchange(some, eager) for some in _exchanges(len(sizes), draw)]
        if not all(moved):
            eager = max(eager * 0.8, 0.02)
        still = still + 1 if before - search.total < _LEAST * before else 0
        if still > _PATIENCE or search.total == 0:
            break
    gaps: dict[Axes, float] = {
        axes: float(np.abs(error).sum()) / 2 / people
        for axes, error in search.errors.items()
        if axes in book.counts
    }
    return Crowd(search.people, gaps)


def _exchanges(traits: int, draw: np.random.Generator) -> list[list[int]]:
    """Return what to exchange in one round: each trait alone, then as many sets of two to four."""
    alone = [[axis] for axis in range(traits)]
    several = [
        draw.choice(traits, int(size), replace=False).tolist()
        for size in draw.integers(2, max(3, traits // 2 + 1), traits)
    ]
    return alone + several


def _margins(book: Book, people: int) -> list[Integers]:
    whole = max(float(book.counts[()]), 1.0)
    singles = (book.counts[(axis,)] for axis in range(len(book.design.axes)))
    return [sum_to(single * (people / whole), people) for single in singles]


def _start(
    ones: list[Integers], wanted: dict[Axes, Floats], draw: np.random.Generator
) -> NDArray[np.int64]:
    """Return people with the right number of each value, and the right crossing of each trait with one before."""
    lines = [draw.permutation(np.repeat(np.arange(len(ones[0])), ones[0]))]
    for axis in range(1, len(ones)):
        tables = {
            a: wanted[a, axis].reshape(len(ones[a]), len(ones[axis]))
            for a in range(axis)
            if (a, axis) in wanted
        }
        beside = max(tables, key=lambda a: _dependence(tables[a]))
        line = np.empty(len(lines[0]), dtype=np.int64)
        for value, row in enumerate(tables[beside]):
            own = np.repeat(np.arange(len(row)), row.astype(np.int64))
            line[lines[beside] == value] = draw.permutation(own)
        lines.append(line)
    return np.column_stack(lines)


def _dependence(table: Floats) -> float:
    chance = np.outer(table.sum(axis=1), table.sum(axis=0)) / max(float(table.sum()), 1.0)
    return float(np.abs(table - chance).sum())


def _wanted(book: Book, people: int, ones: list[Integers]) -> dict[Axes, Floats]:
    """Return what each crossing should be: whole for two traits, as near as may be for three."""
    scale = people / max(float(book.counts[()]), 1.0)
    found: dict[Axes, Floats] = {}
    for a, b in combinations(range(len(ones)), 2):
        if (a, b) in book.counts:
            met = meeting(book.counts[a, b] * scale, ones[a], ones[b])
            found[a, b] = met.astype(np.float64).ravel()
    for crossing in book.design.crossings:
        if crossing not in book.counts:
            found[crossing] = _fitted(
                np.maximum(book.found[crossing], 0.0), crossing, found
            ).ravel()
    return found


def _fitted(table: Floats, crossing: Axes, wanted: dict[Axes, Floats]) -> Floats:
    """Return a table of three scaled to its crossings of two, which noise cut at nought has left."""
    for _sweep in range(_SWEEPS):
        for away, axis in enumerate(crossing):
            two = tuple(other for other in crossing if other != axis)
            have = table.sum(axis=away)
            if two in wanted:
                target = wanted[two].reshape(have.shape)
                ratio = np.divide(target, have, out=np.zeros_like(have), where=have > 0)
                table = table * np.expand_dims(ratio, away)
    return table
