"""Counts that can be read: whole, never negative, each table adding up to the others' margins exactly."""

from collections.abc import Mapping
from itertools import combinations
from typing import Final

import numpy as np

from hub.cube.design import Axes, Floats
from hub.cube.fit import Fit
from hub.privacy.consistency import Integers, sum_to

_ROUNDS: Final = 40
_SEED: Final = (
    1e-3  # people spread over cells that noise emptied, so that margins can always be met
)


def margins(fitted: Fit, total: int, known: Mapping[str, Integers]) -> tuple[Integers, ...]:
    """Return the count of each value of each trait; each trait's counts sum to *total*.

    Args:
        fitted: the agreement of the noisy tables.
        total: people in all, non-negative.
        known: by trait, counts that stand published already and sum to *total*.
    """
    return tuple(
        known[axis.name] if axis.name in known else sum_to(fitted.table((place,)), total)
        for place, axis in enumerate(fitted.design.axes)
    )


def pairs(fitted: Fit, ones: tuple[Integers, ...]) -> dict[Axes, Integers]:
    """Return the counts of every two traits that are crossed; their margins are *ones*."""
    every = combinations(range(len(ones)), 2)
    return {
        (a, b): meeting(fitted.table((a, b)), ones[a], ones[b])
        for a, b in every
        if fitted.knows((a, b))
    }


def meeting(noisy: Floats, rows: Integers, columns: Integers) -> Integers:
    """Return a whole non-negative table near *noisy* with these margins exactly.

    Rows, then columns, are projected on what they must sum to, some rounds of it; then rescaled until
    both hold. Rounded down, what is missing goes to the cells that lost most: any row and column
    that both lack one can take it, so the margins are met whatever the noise.

    Raises:
        ValueError: the margins have not the same sum.
    """
    if int(rows.sum()) != int(columns.sum()):
        raise ValueError("rows and columns must count the same people")
    near = _rescaled(_projected(noisy, rows, columns), rows, columns)
    found: Integers = np.floor(near).astype(np.int64)
    lack_rows, lack_columns = rows - found.sum(axis=1), columns - found.sum(axis=0)
    while lack_rows.any():
        open_cells = (lack_rows > 0)[:, None] & (lack_columns > 0)[None, :]
        lost = np.where(open_cells, near - found, -np.inf)
        a, b = np.unravel_index(int(np.argmax(lost)), lost.shape)
        found[a, b] += 1
        lack_rows[a] -= 1
        lack_columns[b] -= 1
    return found


def _projected(table: Floats, rows: Integers, columns: Integers) -> Floats:
    for _round in range(_ROUNDS):
        table = _lines_onto(_lines_onto(table, rows).T, columns).T
    return table


def _lines_onto(table: Floats, totals: Integers) -> Floats:
    """Return each line's nearest non-negative one with its total: ``onto_simplex``, all lines at once."""
    ordered = -np.sort(-table, axis=1)
    excess = (np.cumsum(ordered, axis=1) - totals[:, None]) / np.arange(1, table.shape[1] + 1)
    kept = (ordered - excess >= 0).cumsum(axis=1).argmax(axis=1)
    projected: Floats = np.maximum(table - np.take_along_axis(excess, kept[:, None], axis=1), 0.0)
    return projected


def _rescaled(table: Floats, rows: Integers, columns: Integers) -> Floats:
    """Return the table with nearly these margins, never above them."""
    chance = np.outer(rows, columns) / max(int(rows.sum()), 1)
    table = (table + _SEED * chance) * (chance > 0)
    for _round in range(_ROUNDS):
        table = table * _ratio(rows, table.sum(axis=1))[:, None]
        table = table * _ratio(columns, table.sum(axis=0))[None, :]
    table = table * np.minimum(_ratio(rows, table.sum(axis=1)), 1.0)[:, None]
    lower: Floats = table * (1.0 - 1e-12)
    return lower


def _ratio(wanted: Integers, found: Floats) -> Floats:
    ratio: Floats = np.divide(wanted, found, out=np.zeros(len(wanted)), where=found > 0)
    return ratio
