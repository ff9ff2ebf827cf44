"""One answer from many noisy tables: weighted least squares, exact, and the variance of what it says.

A table of counts over some traits is the sum of parts that do not overlap: one for each subset of them,
what the subset adds to its own subsets. Noise that is alike in all cells of a table stays independent from
one part to the other. So each part is estimated alone, as the mean of what the tables that hold it say of
it, weighed by precision (the best linear unbiased estimate: Gauss and Markov; the parts are those of the
analysis of variance, as in Xiao et al. 2023, arXiv 2305.08175, "ResidualPlanner").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np

from hub.cube.design import WEIGHTS, Axes, Design, Floats


@dataclass(frozen=True)
class Part:
    """What some traits add to their subsets; ``variance`` is that of the noise before it was centred."""

    values: Floats
    variance: float


@dataclass(frozen=True)
class Fit:
    """Tables that agree with each other exactly, over every subset of a crossing."""

    design: Design
    parts: Mapping[Axes, Part]

    def knows(self, axes: Axes) -> bool:
        """Tell whether some crossing holds all these traits."""
        return axes in self.parts

    def table(self, axes: Axes) -> Floats:
        """Return the table of some traits, in persons; it may hold negative cells.

        Raises:
            KeyError: no crossing holds all of them.
        """
        if not self.knows(axes):
            raise KeyError(axes)
        found: Floats = np.zeros(self.design.shape(axes))
        for subset in _subsets(axes):
            over = prod(self.design.sizes[axis] for axis in axes if axis not in subset)
            shape = [self.design.sizes[a] if a in subset else 1 for a in axes]
            found = found + self.parts[subset].values.reshape(shape) / over
        return found

    def variance(self, chosen: Mapping[int, int]) -> float:
        """Return the variance of the sum over a block of cells, in persons².

        Args:
            chosen: by trait, how many of its values are in the block.
        """
        axes = tuple(sorted(chosen))
        total = 0.0
        for subset in _subsets(axes):
            inside, outside = 1.0, 1.0
            for axis in axes:
                size, some = self.design.sizes[axis], chosen[axis]
                if axis in subset:
                    inside *= some - some**2 / size
                else:
                    outside *= (some / size) ** 2
            total += self.parts[subset].variance * inside * outside
        return total


def fit(design: Design, tables: Sequence[Floats], spreads: Sequence[float]) -> Fit:
    """Return the best agreement of noisy tables.

    Args:
        design: what they cross.
        tables: people by cell, one table a crossing.
        spreads: standard deviation of the noise of one cell of each, in persons.
    """
    sums: dict[Axes, Floats] = {}
    precisions: dict[Axes, float] = {}
    for crossing, table, spread in zip(design.crossings, tables, spreads, strict=True):
        for subset in _subsets(crossing):
            away = tuple(place for place, axis in enumerate(crossing) if axis not in subset)
            gathered = prod(table.shape[place] for place in away)
            precision = 1.0 / (spread**2 * gathered)
            own = _centred(table.sum(axis=away)) * precision
            sums[subset] = sums[subset] + own if subset in sums else own
            precisions[subset] = precisions.get(subset, 0.0) + precision
    parts = {s: Part(sums[s] / precisions[s], 1.0 / precisions[s]) for s in sums}
    return Fit(design, parts)


def _centred(table: Floats) -> Floats:
    """Take off what fewer traits say already: the mean along each of them."""
    for axis in range(np.ndim(table)):
        table = table - table.mean(axis=axis, keepdims=True)
    return np.asarray(table)


def _subsets(axes: Axes) -> list[Axes]:
    return [subset for size in range(len(axes) + 1) for subset in combinations(axes, size)]


def agreement(design: Design, counts: Floats, spread: float) -> Fit:
    """Return the agreement of a cube's cells as they were drawn.

    Args:
        design: what they cross.
        counts: weighed people by cell, one of weight 1000 being one.
        spread: standard deviation of the noise of each, in the same.
    """
    spreads = [spread * WEIGHTS[2] / weight for weight in design.weights]
    return fit(design, design.tables(counts), spreads)
