"""The best items of many people by a compiled loop (extra ``fast``): the same lists as numpy's, several times sooner.

Items stand discipline by discipline, so that one factor of taste holds for a run of them. Nothing is kept of what was
compiled: it takes a few seconds anew in each process, so that only many people are worth it.
"""

from collections.abc import Callable
from typing import Final, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from contracts.model import MAX_ITEMS
from venue_agent.recommend.people import Floats

Each = TypeVar("Each", bound=Callable[..., object])
Whole = NDArray[np.int64]
_PLACES: Final = MAX_ITEMS - 1  # as in ranks.py
_HIGH: Final = np.int64(~_PLACES)
_LEAST: Final = np.int64(np.iinfo(np.int64).min)
_RUN: Final = 64  # values looked at together: most runs hold none of the best


def _loop(function: Each) -> Each:
    return cast(Each, numba.njit(nogil=True, error_model="numpy")(function))


@_loop
def _insert(best: Whole, key: int) -> None:
    """Put a key where it belongs among those that ascend; the least one goes."""
    at = 1
    while at < len(best) and best[at] < key:
        best[at - 1] = best[at]
        at += 1
    best[at - 1] = key


@_loop
def _add(sums: Floats, table: NDArray[np.float32], named: Whole) -> None:
    """Write the sum of the named rows to *sums*."""
    sums[:] = 0.0
    for n in range(len(named)):
        row = table[named[n]]
        for j in range(len(sums)):
            sums[j] += row[j]


@_loop
def _weigh(sums: Floats, drawn: Floats, edges: Whole, trace: Floats) -> None:
    """Make scores of sums: none below nought, times how each discipline draws, plus the trace."""
    for kind in range(len(drawn)):
        times = drawn[kind]
        some, traces = sums[edges[kind] : edges[kind + 1]], trace[edges[kind] : edges[kind + 1]]
        for j in range(len(some)):
            value = some[j]
            some[j] = (max(0.0, value)) * times + traces[j]


@_loop
def _rank(keys: Whole, place: Whole, best: Whole) -> None:
    """Write to *best* the greatest of keys and places, the greatest last."""
    for j in range(len(keys)):
        keys[j] = (keys[j] & _HIGH) | place[j]
    best[:] = _LEAST
    for start in range(0, len(keys), _RUN):
        run = keys[start : start + _RUN]
        most = _LEAST
        for j in range(len(run)):
            most = max(most, run[j])
        if most > best[0]:
            for key in run:
                if key > best[0]:
                    _insert(best, key)


@_loop
def fill(
    best: Whole, tables: tuple[NDArray[np.float32], Floats, Whole, Whole], people: tuple[Whole, Whole, Floats, Whole, Whole],
) -> None:  # fmt: skip
    """Write to *best* (people × length) the keys of each person's best items, the greatest last.

    *tables*: the weights, the trace, where each discipline begins, and each item's place. *people*: where each
    person's known items begin, and which they are; how disciplines draw her; and likewise where the items that
    she may not be told begin, and which they are.
    """
    weights, trace, edges, place = tables
    starts, known, drawn, shut_starts, shut = people
    sums = np.empty(len(place))
    keys = sums.view(np.int64)
    for n in range(len(best)):
        _add(sums, weights, known[starts[n] : starts[n + 1]])
        _weigh(sums, drawn[n], edges, trace)
        for item in shut[shut_starts[n] : shut_starts[n + 1]]:
            sums[item] = -np.inf
        _rank(keys, place, best[n])
