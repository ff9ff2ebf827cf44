"""The best items of many people by a compiled loop (extra ``fast``): the same lists as numpy's, several times sooner.

Short whole numbers first say which items may be among the best, within a bound on their rounding; only those few, a
dozen as a rule, are scored as numpy scores them. Items stand in runs of one discipline, side by side, so that the greatest
of all runs are found together and one factor of taste holds for each. What depends on the people takes no branch where it
can be helped: a processor that guesses wrong waits. Nothing is kept of what was compiled: it takes a few seconds anew in
each process, so that only many people are worth it, and nobody at a counter ever waits for it.
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
Shorts = NDArray[np.int16]
Whole = NDArray[np.int64]
_HIGH: Final = np.int64(~PLACES)
_SHUT: Final = np.int16(-(2**15))  # the guess of an item that may not be told
_NEVER: Final = np.float32(-np.inf)
_NARROW: Final = 32  # heads among which the bar is sought
_FEW: Final = 64  # keys that are sooner put in order by counting what is above each


def _loop(function: Each) -> Each:
    return cast(Each, numba.njit(nogil=True, error_model="numpy")(function))


@_loop
def _guess(guess: Shorts, table: Shorts, named: Whole) -> None:
    """Write the sum of the named rows to *guess*, four at a time; the last row of the table is noughts."""
    nought, guess[:] = len(table) - 1, 0
    for n in range(0, len(named), 4):
        one = table[named[n]]
        two = table[named[n + 1] if n + 1 < len(named) else nought]
        three = table[named[n + 2] if n + 2 < len(named) else nought]
        four = table[named[n + 3] if n + 3 < len(named) else nought]
        for j in range(len(guess)):
            guess[j] += one[j] + two[j] + three[j] + four[j]


@_loop
def _close(guess: Shorts, column: Whole, some: Whole) -> None:
    """Put the items named, -1 for none, out of reach."""
    for item in some:
        if item >= 0:
            guess[column[item]] = _SHUT


@_loop
def _tops(tops: Shorts, guess: Shorts) -> None:
    """Write the greatest guess of each run."""
    tops[:] = _SHUT
    for start in range(0, len(guess), len(tops)):
        row = guess[start : start + len(tops)]
        for j in range(len(tops)):
            tops[j] = row[j] if row[j] > tops[j] else tops[j]  # noqa: FURB136 - max() is not made a vector's


@_loop
def _weigh(heads: Singles, times: Singles, tops: Shorts, shelf: Whole, drawn: Floats) -> None:
    """Write by how much each run counts, and the greatest of each times that."""
    for run in range(len(heads)):
        times[run] = drawn[shelf[run]]
    for run in range(len(heads)):
        heads[run] = times[run] * np.float32(tops[run])


@_loop
def _least(narrow: Singles, heads: Singles, length: int) -> np.float32:
    """Return a number that *length* heads reach at least; -inf where there are fewer.

    The least of the *length* greatest among the heads of the heads: not by sorting, but by counting what is above each.
    """
    narrow[:] = _NEVER
    for start in range(0, len(heads), len(narrow)):
        some = heads[start : start + len(narrow)]
        for j in range(len(some)):
            narrow[j] = some[j] if some[j] > narrow[j] else narrow[j]  # noqa: FURB136 - max() would look for nan
    least = np.float32(np.inf)
    for one in narrow:
        above = np.int32(0)
        for j in range(len(narrow)):
            above += np.int32(narrow[j] > one)
        least = one if above < length and one < least else least
    return least


@_loop
def _within(found: tuple[Whole, Whole], guess: Shorts, heads: Singles, times: Singles, bar: np.float32) -> Whole:  # fmt: skip
    """Return the columns whose weighed guess reaches the bar; *found* has room for the runs and for the columns."""
    runs, columns = found
    many, count, wide = 0, 0, len(heads)
    for run in range(wide):
        runs[many] = run
        many += int(heads[run] >= bar)
    for run in runs[:many]:
        for at in range(len(guess) // wide):
            column = run + at * wide
            columns[count] = column
            count += int(np.float32(guess[column]) * times[run] >= bar)
    return columns[:count]


@_loop
def _open(columns: Whole, guess: Shorts) -> Whole:
    """Return all columns that may be told, written to *columns*."""
    count = 0
    for column in range(len(guess)):
        columns[count] = column
        count += int(guess[column] > _SHUT)
    return columns[:count]


@_loop
def _score(scores: Floats, weights: Singles, named: Whole, columns: Whole) -> None:
    """Write the sum of each column's named weights, in the order in which numpy adds them."""
    scores[:] = 0.0
    for item in named:
        row = weights[item]
        for n in range(len(columns)):
            scores[n] += row[columns[n]]


@_loop
def _insert(best: Whole, key: int) -> None:
    """Put a key where it belongs among those that descend; the least one goes."""
    at = len(best) - 1
    while at > 0 and best[at - 1] < key:
        best[at] = best[at - 1]
        at -= 1
    best[at] = key


@_loop
def _order(best: Whole, keys: Whole) -> None:
    """Write the greatest keys to *best*, the greatest first; its last place is of no account."""
    best[:] = NOTHING
    last = len(best) - 1
    if len(keys) > _FEW:
        for key in keys:
            if key > best[last - 1]:
                _insert(best[:last], key)
        return
    for key in keys:
        above = 0
        for n in range(len(keys)):
            above += int(keys[n] > key)
        best[min(last, above)] = key


@_loop
def fill(
    best: Whole, tables: tuple[Shorts, float, Singles, Floats, Whole, Whole, Whole, Whole],
    people: tuple[Whole, Whole, Floats, Whole],
) -> None:  # fmt: skip
    """Write to *best* (people × length) the keys of each person's best items, the greatest first.

    *tables*: the roundings of the weights, a row of noughts last, and what one step of them is worth; the weights; the
    trace, each column's discipline and place; each item's column; and each run's discipline. *people*: how many items
    each person knows, and which; how disciplines draw her; and which items she was told of lately, -1 for none.

    The bar: a weight's rounding is half a step away at most, so that a guess of n rows is n/2 steps away. As many items as
    are asked for score at least that of the heads less n/2 steps, times what draws most; whatever scores as much has a
    guess of n/2 steps less again, and less the trace. What single precision loses, 2⁻²² of n × 32,767 steps, is n/128.
    """
    table, step, weights, trace, kinds, places, column, shelf = tables
    counts, items, drawn, told = people
    length, wide, most = best.shape[1], len(shelf), np.maximum(trace.max(), 0.0) / step
    guess, tops, narrow = (
        np.empty(len(trace), np.int16),
        np.empty(wide, np.int16),
        np.empty(_NARROW, np.float32),
    )
    heads, times = np.empty(wide, np.float32), np.empty(wide, np.float32)
    found = (np.empty(wide + 1, np.int64), np.empty(len(trace) + 1, np.int64))
    values, ordered, end = np.empty(len(trace)), np.empty(length + 1, np.int64), 0
    for n in range(len(best)):
        named = items[end : end + counts[n]]
        end += counts[n]
        _guess(guess, table, named)
        _close(guess, column, named)
        _close(guess, column, told[n])
        _tops(tops, guess)
        _weigh(heads, times, tops, shelf, drawn[n])
        bar = _least(narrow, heads, length) - np.float32(
            (1.125 * len(named) + 2) * drawn[n].max() + most
        )
        some = bar > 0 and length <= _NARROW
        columns = _within(found, guess, heads, times, bar) if some else _open(found[1], guess)
        scores = values[: len(columns)]
        _score(scores, weights, named, columns)
        keys = scores.view(np.int64)
        for j in range(len(columns)):
            at = columns[j]
            scores[j] = max(0.0, scores[j]) * drawn[n, kinds[at]] + trace[at]
            keys[j] = (keys[j] & _HIGH) | places[at]
        _order(ordered, keys)
        best[n] = ordered[:length]
