"""What the model is made from: the noisy pairs and popularity that an edition published, and their noise."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Observed:
    """Noisy figures in whole persons; ``pairs`` is symmetric with nothing on its diagonal."""

    pairs: Floats  # items × items
    popularity: Floats  # items
    sigma: float  # standard deviation of the noise of one pair
    categories: NDArray[np.int64]  # items → position of its discipline

    def __post_init__(self) -> None:
        """Refuse figures that do not belong together."""
        count = len(self.popularity)
        if self.pairs.shape != (count, count) or self.categories.shape != (count,):
            raise ValueError("one row, one column and one category for each item were expected")
        if not np.array_equal(self.pairs, self.pairs.T) or self.pairs.diagonal().any():
            raise ValueError("the pair matrix must be symmetric, with nothing on its diagonal")

    @property
    def items(self) -> int:
        """The number of items."""
        return len(self.popularity)

    @cached_property
    def floored(self) -> Floats:
        """Popularity, at least one person: noise may have made less of it."""
        return np.maximum(self.popularity, 1.0)

    @property
    def mean_popularity(self) -> float:
        """The mean of the floored popularity, in persons."""
        return float(self.floored.mean())

    @property
    def edge(self) -> float:
        """Where the spectrum of the noise alone ends: 2σ√n (Wigner; Füredi and Komlós 1981)."""
        return float(2.0 * self.sigma * np.sqrt(self.items))

    @property
    def eta(self) -> float:
        """The noise edge over the mean popularity: what decides how much quality is kept."""
        return self.edge / self.mean_popularity


def symmetric(cells: Floats, items: int) -> Floats:
    """Return the symmetric matrix of the cells (0, 1), (0, 2), … (n-2, n-1)."""
    matrix = np.zeros((items, items))
    above = np.triu_indices(items, 1)
    matrix[above] = cells
    return matrix + matrix.T
