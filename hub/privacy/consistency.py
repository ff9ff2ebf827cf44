"""Make noisy figures agree with one another: post-processing of noisy values alone, free of charge."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def whole_number(value: float) -> int:
    """Return a count that can be read: a whole number, never negative."""
    return max(0, round(value))


def sum_to(values: Floats, total: int) -> Integers:
    """Return the non-negative integers nearest to *values* (least squares) that sum to *total*.

    The projection on the simplex (Held, Wolfe and Crowder 1974), then the largest remainders
    get what rounding left; ties go to the first cell.

    Raises:
        ValueError: the total is negative or there is no cell.
    """
    if total < 0 or not len(values):
        raise ValueError("a non-negative total and at least one cell are needed")
    projected = onto_simplex(np.asarray(values, dtype=np.float64), float(total))
    floors = np.floor(projected).astype(np.int64)
    left = total - int(floors.sum())
    order = np.argsort(-(projected - floors), kind="stable")
    floors[order[:left]] += 1
    return floors


def onto_simplex(values: Floats, total: float) -> Floats:
    """Return the non-negative values nearest to *values* that sum to *total*, itself non-negative."""
    ordered = np.sort(values)[::-1]
    excess = (np.cumsum(ordered) - total) / np.arange(1, len(values) + 1)
    kept = int(np.nonzero(ordered - excess >= 0)[0].max(initial=0))
    projected: Floats = np.maximum(values - excess[kept], 0.0)
    return projected
