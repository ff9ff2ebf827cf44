"""What a cube counts: traits with public values, and which of them are crossed; its keys say all of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Axes = tuple[int, ...]
"""Positions of traits, ascending."""

WEIGHTS: Final = {2: 1000, 3: 1400}
"""What one person weighs in the one cell of hers, by how many traits the crossing has, in thousandths.

Twice the squared weight where cells are many: they hold fewer people each.
"""
_SIGN: Final = "="


@dataclass(frozen=True)
class Axis:
    """One trait of a person: every person has exactly one of its values."""

    name: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a trait that says nothing or names a value twice."""
        if len(self.values) < len(("one", "other")) or len(set(self.values)) != len(self.values):
            raise ValueError(f"the trait {self.name} needs distinct values, two at least")


@dataclass(frozen=True)
class Design:
    """Traits and the crossings of them that are released together."""

    axes: tuple[Axis, ...]
    crossings: tuple[Axes, ...]

    def __post_init__(self) -> None:
        """Refuse a crossing twice, or of another number of traits than two or three."""
        if len(set(self.crossings)) != len(self.crossings) or not self.crossings:
            raise ValueError("crossings must be distinct, one at least")
        if any(len(c) not in WEIGHTS or list(c) != sorted(set(c)) for c in self.crossings):
            raise ValueError("a crossing has two or three distinct traits, in their order")

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many values each trait has."""
        return tuple(len(axis.values) for axis in self.axes)

    def shape(self, axes: Axes) -> tuple[int, ...]:
        """Return the shape of the table of some traits."""
        return tuple(self.sizes[axis] for axis in axes)

    @cached_property
    def weights(self) -> tuple[int, ...]:
        """One person's weight in each crossing, in thousandths."""
        return tuple(WEIGHTS[len(crossing)] for crossing in self.crossings)

    @property
    def l2_squared(self) -> int:
        """The squared norm of every person's term: she is in one cell of each crossing, whatever she does."""
        return sum(weight**2 for weight in self.weights)

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """The position of each crossing's first cell."""
        sizes = [int(np.prod(self.shape(crossing))) for crossing in self.crossings]
        return tuple(int(start) for start in np.cumsum([0, *sizes[:-1]]))

    def keys(self) -> Iterator[tuple[str, ...]]:
        """Yield the key of each cell, crossing by crossing, the last trait running fastest."""
        for crossing in self.crossings:
            yield from product(*(self.named(axis) for axis in crossing))

    def named(self, axis: int) -> tuple[str, ...]:
        """Return a trait's values as they stand in keys: ``age=18-25``."""
        trait = self.axes[axis]
        return tuple(f"{trait.name}{_SIGN}{value}" for value in trait.values)

    def tables(self, cells: Floats) -> list[Floats]:
        """Return the table of each crossing, in whole persons, from the cells of all of them.

        Args:
            cells: weighed people by cell, a whole person of weight 1000 being one.
        """
        found = []
        for crossing, start, weight in zip(self.crossings, self.offsets, self.weights, strict=True):
            shape = self.shape(crossing)
            own = cells[start : start + int(np.prod(shape))]
            found.append(own.reshape(shape) / (weight / WEIGHTS[2]))
        return found


def crossed(axes: Sequence[Axis], threes: Iterable[tuple[str, str, str]]) -> Design:
    """Return the design of every two traits, and of some threes by name."""
    at = {axis.name: place for place, axis in enumerate(axes)}
    pairs = tuple(combinations(range(len(axes)), 2))
    triples = tuple(tuple(sorted(at[name] for name in three)) for three in threes)
    return Design(tuple(axes), (*pairs, *triples))


def design_of(keys: Iterable[Sequence[str]]) -> Design:
    """Return the design whose keys these are.

    Raises:
        ValueError: they are no cube's keys.
    """
    keys = [tuple(key) for key in keys]
    values: dict[str, dict[str, None]] = {}
    for key in keys:
        for part in key:
            name, sign, value = part.partition(_SIGN)
            if not sign:
                raise ValueError(f"found the key {part!r}; a cube's keys are trait=value")
            values.setdefault(name, {})[value] = None
    axes = tuple(Axis(name, tuple(known)) for name, known in values.items())
    at = {axis.name: place for place, axis in enumerate(axes)}
    crossings = dict.fromkeys(tuple(at[part.partition(_SIGN)[0]] for part in key) for key in keys)
    design = Design(axes, tuple(crossings))
    if list(design.keys()) != keys:
        raise ValueError("the keys are not all cells of each crossing, in their order")
    return design
