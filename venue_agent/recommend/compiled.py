"""The best items of many people by a compiled loop (extra ``fast``): the same lists as numpy's, several times sooner.

Single precision first says which items may be among the best, within a bound on its rounding; only those few, a dozen
as a rule, are scored as numpy scores them. Items stand discipline by discipline, so that one factor of
taste holds for a run of them. Nothing is kept of what was compiled: it takes a few seconds anew in each process, so
that only many people are worth it.
"""

from collections.abc import Callable
from typing import Final, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from venue_agent.recommend.people import Floats
from venue_agent.recommend.ranks import NOTHING, PLACES

Each = TypeVar("Each", bound=Callable[..., object])
Singles = NDArray[np.float32]
Whole = NDArray[np.int64]
_HIGH: Final = np.int64(~PLACES)
_SHUT: Final = np.float32(-np.inf)  # the guess of an item that may not be told
_OPEN: Final = float(np.finfo(np.float32).min)  # a bar that every other guess reaches
_ROUNDING: Final = 2.0**-22  # relative: four times that of one number in single precision
_WIDE: Final = 128  # values looked at together
_NARROW: Final = 32


def _loop(function: Each) -> Each:
    return cast(Each, numba.njit(nogil=True, error_model="numpy")(function))


@_loop
def _guess(guess: Singles, table: Singles, named: Whole) -> None:
    """Write the sum of the named rows to *guess*."""
    guess[:] = 0
    for n in range(1, len(named), 2):
        one, other = table[named[n - 1]], table[named[n]]
        for j in range(len(guess)):
            guess[j] += one[j] + other[j]
    if len(named) % 2:
        last = table[named[-1]]
        for j in range(len(guess)):
            guess[j] += last[j]


@_loop
def _weigh(guess: Singles, drawn: Floats, edges: Whole) -> None:
    """Multiply by how each discipline draws."""
    for kind in range(len(drawn)):
        times, some = np.float32(drawn[kind]), guess[edges[kind] : edges[kind + 1]]
        for j in range(len(some)):
            some[j] *= times


@_loop
def _heads(heads: Singles, values: Singles) -> None:
    """Write the greatest of the values that stand as many apart as there are heads."""
    heads[:] = _SHUT
    for start in range(0, len(values), len(heads)):
        run = values[start : start + len(heads)]
        for j in range(len(run)):
            heads[j] = run[j] if run[j] > heads[j] else heads[j]  # noqa: FURB136 - max() would look for nan


@_loop
def _least(heads: Singles, length: int) -> np.float32:
    """Return the least of the *length* greatest, without sorting: by counting what is above each."""
    least = np.float32(np.inf)
    for i in range(len(heads)):
        above = np.int32(0)
        for j in range(len(heads)):
            above += np.int32(heads[j] > heads[i])
        least = heads[i] if above < length and heads[i] < least else least
    return least


@_loop
def _insert(best: Whole, key: int) -> None:
    """Put a key where it belongs among those that ascend; the least one goes."""
    at = 1
    while at < len(best) and best[at] < key:
        best[at - 1] = best[at]
        at += 1
    best[at - 1] = key


@_loop
def _furthest(reach: Floats, named: Whole) -> float:
    """Return how far from nought the sum of the named rows may be, and one more for the trace."""
    far = 1.0
    for item in named:
        far += reach[item]
    return far


@_loop
def _close(guess: Singles, column: Whole, some: Whole) -> None:
    """Put the items named, -1 for none, out of reach."""
    for item in some:
        if item >= 0:
            guess[column[item]] = _SHUT


@_loop
def _bar(guess: Singles, heads: tuple[Singles, Singles], slack: float, length: int) -> float:
    """Return what the guess of any item among the best reaches; write the heads of all guesses."""
    wide, narrow = heads
    _heads(wide, guess)
    _heads(narrow, wide)
    bar = _least(narrow, length) - slack
    return _OPEN if bar <= 0 or length > _NARROW else float(bar)


@_loop
def _score(weights: Singles, named: Whole, column: int) -> float:
    """Return the sum of a column's named weights, none below nought."""
    said = 0.0
    for item in named:
        said += weights[item, column]
    return max(0.0, said)


@_loop
def _within(found: Whole, guess: Singles, heads: Singles, bar: float) -> Whole:
    """Return the columns whose guess reaches the bar, written to *found*."""
    count, least = 0, np.float32(bar)
    for head in range(len(heads)):
        if heads[head] >= least:
            for j in range(head, len(guess), len(heads)):
                if guess[j] >= least:
                    found[count] = j
                    count += 1
    return found[:count]


@_loop
def fill(
    best: Whole, tables: tuple[Singles, Floats, Floats, Whole, Whole, Whole, Whole], people: tuple[Whole, Whole, Floats, Whole],
) -> None:  # fmt: skip
    """Write to *best* (people × length) the keys of each person's best items, the greatest last.

    *tables*: the weights, the furthest of each row from nought, the trace, where each discipline begins, each column's
    discipline and place, and each item's column. *people*: how many items each person knows, and which; how
    disciplines draw her; and which items she was told of lately, -1 for none.
    """
    weights, reach, trace, edges, kinds, place, column = tables
    counts, items, drawn, told = people
    guess, found, value = np.empty(len(place), np.float32), np.empty_like(place), np.empty(1)
    heads, bits = (np.empty(_WIDE, np.float32), np.empty(_NARROW, np.float32)), value.view(np.int64)
    top, end = trace.max(), 0
    for n in range(len(best)):
        named = items[end : end + counts[n]]
        end += counts[n]
        _guess(guess, weights, named)
        _weigh(guess, drawn[n], edges)
        _close(guess, column, named)
        _close(guess, column, told[n])
        furthest = _furthest(reach, named) * max(1.0, drawn[n].max())
        bar = _bar(guess, heads, (len(named) + 8) * _ROUNDING * furthest + top, best.shape[1])
        best[n] = NOTHING
        for j in _within(found, guess, heads[0], bar):
            value[0] = _score(weights, named, j) * drawn[n, kinds[j]] + trace[j]
            key = (bits[0] & _HIGH) | place[j]
            if key > best[n, 0]:
                _insert(best[n], key)
