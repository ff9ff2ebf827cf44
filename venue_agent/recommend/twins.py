"""Finds, among people looked at in turn by a compiled loop (extra ``fast``), an earlier one in everything alike.

A hash says where to look; whoever stands there is compared whole, so that two people whom it confuses stay two.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Each = TypeVar("Each", bound=Callable[..., object])
Whole = NDArray[np.int64]
_HALF: Final = np.uint64(32)
_LOOKS: Final = 8  # places looked at for one person; a hash that fails costs time, and no more


def loop(function: Each) -> Each:
    """Return the function compiled, when it is first called."""
    return cast(Each, numba.njit(nogil=True, error_model="numpy")(function))


def slots_for(people: int) -> NDArray[np.int32]:
    """Return room to remember so many people in, twice as many as there are: -1 where nobody stands."""
    return np.full(1 << max(2 * people - 1, 1).bit_length(), -1, dtype=np.int32)


@loop
def _sum(table: Any, n: int, spread: Any, start: int) -> Any:
    """Return the sum of a row's numbers, each times one that is odd: its highest bits say most of who it is.

    Stirred first: shares of visits differ in their highest bits alone, which no product brings down.
    """
    total = np.uint64(0)
    for j in range(table.shape[1]):
        bits = np.uint64(table[n, j])
        total += (bits ^ (bits >> _HALF)) * spread[start + j]
    return total


@loop
def _same(table: Any, one: Any, other: Any) -> bool:
    """Return whether two rows are the same: without a branch on each number."""
    apart = 0
    for j in range(table.shape[1]):
        apart += int(table[one, j] != table[other, j])
    return apart == 0


@loop
def look_back(before: Whole, slots: NDArray[np.int32], spread: NDArray[np.uint64], people: tuple[Any, Any, Any]) -> None:  # fmt: skip
    """Write who among those looked at before is the same as each person; herself where nobody is found.

    *people*: the bits of their mixes, the places that they know, those that they were told of lately. Nobody is looked
    for whose *before* is -1. Whoever is not found is remembered in *slots*, unless too many stand where she would.
    *spread*: as many odd numbers as there are columns, to hash with.
    """
    mixes, places, told = people
    for n in range(len(before)):
        total = _sum(mixes, n, spread, 0) + _sum(places, n, spread, mixes.shape[1])
        total += _sum(told, n, spread, mixes.shape[1] + places.shape[1])
        at, found = np.int64((total >> _HALF) * np.uint64(len(slots)) >> _HALF), np.int64(n)
        for _look in range(_LOOKS * int(before[n] >= 0)):
            other = np.int64(slots[at])
            if other < 0:
                slots[at] = n
                break
            if _same(places, n, other) and _same(mixes, n, other) and _same(told, n, other):
                found = other
                break
            at = (at + 1) & (len(slots) - 1)
        before[n] = found if before[n] >= 0 else -1
