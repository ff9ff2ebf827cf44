"""The best items of many people by a compiled loop (extra ``fast``): the same lists as numpy's, several times sooner.

Short whole numbers first say which items may be among the best, within a bound on their rounding; only those few, a
dozen as a rule, are scored as numpy scores them. Items stand in runs of one discipline, side by side, so that the greatest
of all runs are found together and one factor of taste holds for each. What depends on the people takes no branch where it
can be helped: a processor that guesses wrong waits. Nothing is kept of what was compiled: it takes a few seconds anew in
each process, so that only many people are worth it, and nobody at a counter ever waits for it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from venue_agent.recommend.people import Floats
from venue_agent.recommend.ranks import NOTHING, PLACES
from venue_agent.recommend.twins import Whole, loop

Singles = NDArray[np.float32]
Shorts = NDArray[np.int16]
Bits = NDArray[np.int32]
_HIGH: Final = np.int64(~PLACES)
_SHUT: Final = np.int16(-(2**15))  # the guess of an item that may not be told
_GREATEST: Final = np.int32(2**31 - 1)
_NARROW: Final = 32  # heads among which the bar is sought
_FEW: Final = 64  # keys that are sooner put in order by counting what is above each


@loop
def _guess(guess: Shorts, table: Shorts, named: Shorts) -> None:
    """Write the sum of the named rows to *guess*, four at a time; the last row of the table is noughts."""
    nought, guess[:] = len(table) - 1, 0
    for n in range(0, len(named), 4):
        one = table[named[n]]
        two = table[named[n + 1] if n + 1 < len(named) else nought]
        three = table[named[n + 2] if n + 2 < len(named) else nought]
        four = table[named[n + 3] if n + 3 < len(named) else nought]
        for j in range(len(guess)):
            guess[j] += one[j] + two[j] + three[j] + four[j]


@loop
def _close(guess: Shorts, column: Whole, some: Whole | Shorts) -> None:
    """Put the items named, -1 for none, out of reach."""
    for item in some:
        if item >= 0:
            guess[column[item]] = _SHUT


@loop
def _tops(tops: Shorts, guess: Shorts) -> None:
    """Write the greatest guess of each run."""
    tops[:] = _SHUT
    for start in range(0, len(guess), len(tops)):
        row = guess[start : start + len(tops)]
        for j in range(len(tops)):
            tops[j] = row[j] if row[j] > tops[j] else tops[j]  # noqa: FURB136 - max() is not made a vector's


@loop
def _weigh(heads: Singles, times: Singles, tops: Shorts, shelf: Whole, drawn: Floats) -> None:
    """Write by how much each run counts, and the greatest of each times that."""
    for run in range(len(heads)):
        times[run] = drawn[shelf[run]]
    for run in range(len(heads)):
        heads[run] = times[run] * np.float32(tops[run])


@loop
def _least(narrow: Bits, ranks: Bits, heads: Bits, length: int) -> Bits:
    """Return the bits of a number that *length* heads reach at least, at the first place; not above nought where fewer do.

    The least of the *length* greatest among the heads of the heads: not by sorting, but by counting, for all at once,
    what is above each. The bits of numbers above nought order as whole numbers do.
    """
    narrow[:] = -1
    for start in range(0, len(heads), _NARROW):
        some = heads[start : start + _NARROW]
        for j in range(len(some)):
            narrow[j] = some[j] if some[j] > narrow[j] else narrow[j]  # noqa: FURB136 - max() is not made a vector's
    ranks[:] = 0
    for n in range(0, _NARROW, 4):
        a, b, c, d = narrow[n], narrow[n + 1], narrow[n + 2], narrow[n + 3]
        for j in range(_NARROW):
            above = np.int32(a > narrow[j]) + np.int32(b > narrow[j]) + np.int32(c > narrow[j])
            ranks[j] += above + np.int32(d > narrow[j])
    least = _GREATEST
    for j in range(_NARROW):
        one = narrow[j] if ranks[j] < length else _GREATEST
        least = min(least, one)
    narrow[0] = least
    return narrow[:1]


@loop
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


@loop
def _open(columns: Whole, guess: Shorts) -> Whole:
    """Return all columns that may be told, written to *columns*."""
    count = 0
    for column in range(len(guess)):
        columns[count] = column
        count += int(guess[column] > _SHUT)
    return columns[:count]


@loop
def _score(scores: Floats, weights: Singles, named: Shorts, columns: Whole) -> None:
    """Write the sum of each column's named weights, in the order in which numpy adds them."""
    scores[:] = 0.0
    for item in named:
        row = weights[item]
        for n in range(len(columns)):
            scores[n] += row[columns[n]]


@loop
def _insert(best: Whole, key: int) -> None:
    """Put a key where it belongs among those that descend; the least one goes."""
    at = len(best) - 1
    while at > 0 and best[at - 1] < key:
        best[at] = best[at - 1]
        at -= 1
    best[at] = key


@loop
def _order(best: Whole, keys: Whole, ranks: Whole) -> None:
    """Write the greatest keys to *best*, the greatest first; its last place is of no account. *ranks* has room for _FEW."""
    best[:] = NOTHING
    last = len(best) - 1
    if len(keys) > _FEW:
        for key in keys:
            if key > best[last - 1]:
                _insert(best[:last], key)
        return
    ranks[:] = 0
    for key in keys:
        for j in range(len(keys)):
            ranks[j] += np.int64(key > keys[j])
    for j in range(len(keys)):
        best[min(last, ranks[j])] = keys[j]


@loop
def _draw(drawn: Floats, some: Floats, lifts: Floats, kinds: Whole, named: Shorts) -> None:
    """Write how *some* disciplines draw, against how those of the items named do: as ``Scorer.drawn`` says."""
    drawn[:] = 0.0
    for item in named:
        row = lifts[kinds[item]]
        for j in range(len(drawn)):
            drawn[j] += row[j]
    for j in range(len(drawn)):
        drawn[j] = some[j] * len(named) / drawn[j] if len(named) else 1.0


@loop
def _write(items: Whole, relevance: Floats, best: Whole) -> None:
    """Write a person's list of the keys that stand in order: as ``gauges.lists_of`` does."""
    for j in range(len(items)):
        items[j] = PLACES - (best[j] & PLACES) if best[j] >= 0 else -1
        best[j] &= _HIGH
    values = best.view(np.float64)
    for j in range(len(items)):
        relevance[j] = values[j] / values[0] if items[j] >= 0 else 0.0


@loop
def _count(named: Shorts) -> int:
    count = 0
    while count < len(named) and named[count] >= 0:
        count += 1
    return count


@loop
def _copy(items: Whole, relevance: Floats, n: int, before: int) -> None:
    """Write what was written before; nothing where that is -1."""
    if before >= 0:
        for j in range(items.shape[1]):
            items[n, j], relevance[n, j] = items[before, j], relevance[before, j]


@loop
def fill(
    start: int, before: Whole, lists: tuple[Whole, Floats],
    tables: tuple[Shorts, float, Singles, Floats, Whole, Whole, Whole, Whole, Floats, Whole],
    people: tuple[Shorts, Whole, Floats],
) -> None:  # fmt: skip
    """Write the lists of the people from *start* on: items and their relevance (people × length).

    *before*: who was looked at already and is like her, so that the list is the same: herself for nobody, -1 to be left out.

    *tables*: the roundings of the weights, a row of noughts last, and what one step of them is worth; the weights; the
    trace, each column's discipline and place; each item's column; each run's discipline; how disciplines draw; each
    item's discipline. *people*: which items each knows, MOST at most, and which she was told of lately, -1 for none; and,
    of these people alone, how their mixes draw.

    The bar: a weight's rounding is half a step away at most, so that a guess of n rows is n/2 steps away. As many items as
    are asked for score at least that of the heads less n/2 steps, times what draws most; whatever scores as much has a
    guess of n/2 steps less again, and less the trace. What single precision loses, 2⁻²² of n × 32,767 steps, is n/128.
    """
    table, step, weights, trace, kinds, places, column, shelf, lifts, kind = tables
    (items, relevance), (seen, told, some) = lists, people
    length, wide, most = items.shape[1], len(shelf), np.maximum(trace.max(), 0.0) / step
    guess, tops, narrow = (
        np.empty(len(trace), np.int16),
        np.empty(wide, np.int16),
        np.empty(_NARROW, np.int32),
    )
    heads, times = np.empty(wide, np.float32), np.empty(wide, np.float32)
    ranks, above, numbers = (
        np.empty(_NARROW, np.int32),
        np.empty(_FEW, np.int64),
        heads.view(np.int32),
    )
    found = (np.empty(wide + 1, np.int64), np.empty(len(trace) + 1, np.int64))
    values, ordered, drawn = (
        np.empty(len(trace)),
        np.empty(length + 1, np.int64),
        np.empty(len(lifts)),
    )
    for n in range(start, start + len(some)):
        if before[n] != n:
            _copy(items, relevance, n, before[n])
            continue
        named = seen[n, : _count(seen[n])]
        _draw(drawn, some[n - start], lifts, kind, named)
        _guess(guess, table, named)
        _close(guess, column, named)
        _close(guess, column, told[n])
        _tops(tops, guess)
        _weigh(heads, times, tops, shelf, drawn)
        bar = _least(narrow, ranks, numbers, length).view(np.float32)[0] - np.float32(
            (1.125 * len(named) + 2) * drawn.max() + most
        )
        few = bar > 0 and length <= _NARROW
        columns = _within(found, guess, heads, times, bar) if few else _open(found[1], guess)
        scores = values[: len(columns)]
        _score(scores, weights, named, columns)
        keys = scores.view(np.int64)
        for j in range(len(columns)):
            at = columns[j]
            scores[j] = max(0.0, scores[j]) * drawn[kinds[at]] + trace[at]
            keys[j] = (keys[j] & _HIGH) | places[at]
        _order(ordered, keys, above)
        _write(items[n], relevance[n], ordered)
