"""Calendar conflicts (Q24): when two places that share an audience are both at their fullest.

Question: pour deux lieux dont les publics se recoupent, quelles semaines se concurrencent-elles ? / For two
places whose audiences overlap, which weeks compete?

Keys: places of the frame × weeks of the window, named by their Monday; public. Not evenings: one evening of
a small house is never a figure.

Bounds and sensitivity, add or remove one person_key with all her rows: she counts once in each *different*
cell of place and week, n of them, with w = ⌊1000·min(1, √(c/n))⌋, c = ``bounds.cells`` (``laws.once``).
- ``conflicts-week``: squared norm n·w² ≤ c·10⁶. Nobody else's weight moves, for n is hers alone.

Noise: discrete Gaussian, the whole rho on one vector. Which pairs overlap is read from the pair matrix
where the edition has drawn it, at no cost; else every pair is looked at.

Estimand: people of the week in the less visited of the two places, whoever fills more than c cells weighing
less. A week is shown when, beyond doubt, both places draw more people than in their middling week, the
weeks of the strongest overlap first; intervals hold together for all weeks and places.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Final

import numpy as np

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.errors import ConfigError
from hub.measures import conflicts_words as words
from hub.measures.base import Parameter, Query
from hub.measures.frame import Frame
from hub.measures.laws import once
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.intervals import Z95, Floats, amounts, around, sigma, simultaneous
from hub.privacy.values import Noised, VectorPlan

TOP: Final = 20
_ENOUGH: Final = 3.0  # σ: a pair whose overlap chance could have made competes for nobody
_TWO: Final = 2
_EPOCH: Final = dt.date(1970, 1, 1)

_ROWS = """
SELECT person_key, ($place_of[venue + 1] * $weeks + (event_day - $monday) // 7)::INTEGER AS cell FROM visit
WHERE event_day - $monday BETWEEN 0 AND 7 * $weeks - 1
"""


def mondays(frame: Frame) -> tuple[dt.date, ...]:
    """Return the Monday of each week that the window touches."""
    first = frame.first_day - dt.timedelta(days=frame.first_day.weekday())
    weeks = (frame.last_day - first).days // 7 + 1
    return tuple(first + dt.timedelta(weeks=week) for week in range(weeks))


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure.

    Raises:
        ConfigError: the network shows one place only.
    """
    if len(frame.places) < _TWO:
        raise ConfigError("The network shows one place; conflicts need two at least.")
    keys = tuple(product(frame.places, (day.isoformat() for day in mondays(frame))))
    room = frame.bounds.cells * UNIT_MILLI**2
    return (VectorPlan("conflicts-week", keys, UNIT_MILLI, room, spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    weeks = mondays(frame)
    parameters: dict[str, Parameter] = {
        "place_of": list(frame.place_of),
        "weeks": len(weeks),
        "monday": (weeks[0] - _EPOCH).days,
    }
    rows = Query("conflicts-week", _ROWS, parameters)
    return (once(rows, cells=len(plan[0].keys), room=frame.bounds.cells),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the weeks in which both of two overlapping places peak, the strongest overlaps first."""
    weeks = noised["conflicts-week"]
    counts = amounts(weeks).reshape(len(frame.places), -1)
    found = _peaks(counts, sigma(weeks), _overlaps(noised, frame), frame)
    best = sorted(found, key=lambda each: -each[0])[:TOP]
    return (write(words.CONFLICTS, [row for _, row in best]),)


def _peaks(
    counts: Floats, spread: float, overlaps: Mapping[tuple[int, int], float], frame: Frame
) -> Iterator[tuple[float, Row]]:
    """Yield (score, row) of each pair and week that stand out."""
    z = simultaneous(counts.size)
    above = counts - np.median(counts, axis=1, keepdims=True) - z * spread
    for (a, b), overlap in overlaps.items():
        for week in np.flatnonzero((above[a] > 0) & (above[b] > 0)).tolist():
            fewer = around(float(min(counts[a, week], counts[b, week])), spread * z / Z95)
            names = (frame.places[a], frame.places[b], mondays(frame)[week].isoformat())
            yield overlap * float(min(above[a, week], above[b, week])), (names, fewer)


def _overlaps(noised: Mapping[str, Noised], frame: Frame) -> dict[tuple[int, int], float]:
    """Return how many people each pair shares, where that is more than chance; one for all without a matrix."""
    pairs = list(combinations(range(len(frame.places)), 2))
    if "pairs-cell" not in noised:
        return dict.fromkeys(pairs, 1.0)
    matrix = noised["pairs-cell"]
    shared = zip(pairs, amounts(matrix).tolist(), strict=True)
    return {pair: people for pair, people in shared if people > _ENOUGH * sigma(matrix)}
