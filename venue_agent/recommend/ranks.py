"""The best of each row, in order: one number holds a value and its place, so that ranking is sorting whole numbers."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from contracts.model import MAX_ITEMS
from venue_agent.recommend.people import Floats

PLACES: Final = MAX_ITEMS - 1  # the last bits of a number, where its place is written
NOTHING: Final = np.float64(-np.inf).view(np.int64) | PLACES  # comes after every value
_BLOCK: Final = 1 << 17  # values that stay in a processor's own memory


def best_of(values: Floats, length: int) -> NDArray[np.int64]:
    """Return the positions of each row's *length* greatest values, the greatest first."""
    return PLACES - (keys_of(values, length) & PLACES)


def keys_of(values: Floats, length: int) -> NDArray[np.int64]:
    """Return numbers that hold each row's *length* greatest values and their places, the greatest first.

    The bits of floating-point numbers that are not negative order as whole numbers do (IEEE 754), so the
    twelve least of them give way to the place: what is equal to one part in 10¹² stands in the items' order.

    Args:
        values: rows × at most 4096 items; noughts and more, or -inf for what comes last.
        length: how many; all of them where a row has fewer.
    """
    rows, count = values.shape
    least = max(count - length, 0)
    best = np.empty((rows, count - least), dtype=np.int64)
    step = max(_BLOCK // max(count, 1), 1)
    for at in range(0, rows, step):
        keys = as_keys(values[at : at + step])
        if least:
            keys.partition(least, axis=1)
        top = keys[:, least:]
        top.sort(axis=1)
        best[at : at + step] = top[:, ::-1]
    return best


def as_keys(values: Floats) -> NDArray[np.int64]:
    """Return numbers that hold each value and its place in its row, in no other order."""
    keys = np.ascontiguousarray(values).view(np.int64) & ~PLACES
    keys |= PLACES - np.arange(values.shape[1])
    return keys


def value_of(keys: NDArray[np.int64]) -> Floats:
    """Return the values in numbers that hold a value and its place, to one part in 10¹²."""
    values: Floats = np.ascontiguousarray(keys & ~PLACES).view(np.float64)
    return values
