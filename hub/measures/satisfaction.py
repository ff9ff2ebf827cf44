"""Satisfaction (Q28): how pleased people are by discipline, how many are not, and whether they come again.

Question: satisfaction moyenne et part d'insatisfaits par discipline, et lien avec le retour ? / Mean
satisfaction and share of the dissatisfied by discipline, and how it goes with coming again?

Keys: disciplines of the frame × marks from 0 to 10; three classes of marks × came again or not, and not
surveyed; public.

Bounds and sensitivity, add or remove one person_key with all her rows:
- ``satisfaction-mark``: for each of n disciplines that she marked, the mean of her marks rounded to a whole
  one, w = ⌊1000·min(1, √(c/n))⌋ in that cell, c = ``bounds.cells`` (``laws.once``). Squared norm
  n·w² ≤ c·10⁶. Nobody else's weight moves, for n is hers alone.
- ``satisfaction-again``: 1 in exactly one of seven cells. Squared norm 1.

Noise: discrete Gaussian on each vector, rho shared 70/30; means and shares are read from them.

Estimand: distinct linked persons with consent to statistics who answered a survey, each once a discipline;
whoever marked more than c disciplines weighs less. Dissatisfied = 0 to 4. Came again = a visit to the
network on a later day of the window than her first mark, the lowest of that day. Who answers a survey is
not everybody: the share of people surveyed is a table beside it.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

import numpy as np

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures import satisfaction_words as words
from hub.measures.assiduous import positions
from hub.measures.base import Parameter, Query
from hub.measures.frame import Frame
from hub.measures.laws import once
from hub.measures.shares import share
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.budget import split
from hub.privacy.intervals import Floats, Interval, Noisy, amounts, ratio, sigma
from hub.privacy.values import Noised, VectorPlan

MARKS: Final = tuple(str(mark) for mark in range(11))
BEST: Final = 10
LOW: Final = range(5)
CLASSES: Final = ("0-4", "5-7", "8-10")
AGAIN: Final = ("again", "not-again")
SILENT: Final = ("none", "none")
ALL: Final = "all"

_SHARES = (70, 30)
_MARK = """
SELECT person_key, (position * 11 + (2 * sum(satisfaction) + count(*)) // (2 * count(*)))::INTEGER AS cell
FROM (SELECT person_key, $position[discipline + 1] AS position, satisfaction FROM visit)
WHERE satisfaction <= $best AND position >= 0 GROUP BY person_key, position
"""
_AGAIN = """
SELECT person_key, 1 AS weight, CASE WHEN first IS NULL THEN 6 ELSE
           2 * CASE WHEN first & 255 <= 4 THEN 0 WHEN first & 255 <= 7 THEN 1 ELSE 2 END
           + (last <= first >> 8)::INTEGER END AS cell
FROM (SELECT person_key, max(event_day) AS last,
             min((event_day::BIGINT << 8) | satisfaction) FILTER (satisfaction <= $best) AS first
      FROM visit GROUP BY person_key)
"""


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the two vectors: marks by discipline, and coming again by mark."""
    mark, again = split(spec.rho_micro, _SHARES)
    room = frame.bounds.cells * UNIT_MILLI**2
    keys = tuple(product(frame.disciplines, MARKS))
    return (
        VectorPlan("satisfaction-mark", keys, UNIT_MILLI, room, mark),
        VectorPlan("satisfaction-again", (*product(CLASSES, AGAIN), SILENT), 1, 1, again),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    del plan
    parameters: dict[str, Parameter] = {"position": positions(frame), "best": BEST}
    marks = Query("satisfaction-mark", _MARK, parameters)
    return (
        once(marks, cells=len(frame.disciplines), room=frame.bounds.cells),
        Query("satisfaction-again", _AGAIN, {"best": BEST}),
    )


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return mean marks, shares of the dissatisfied, of who came again, and of who was asked."""
    marks, again = noised["satisfaction-mark"], noised["satisfaction-again"]
    counts = amounts(marks).reshape(-1, len(MARKS))
    spread, wide = sigma(marks), sigma(marks) * len(counts) ** 0.5
    lines = [(ALL, counts.sum(axis=0), wide)]
    lines += [(slug, own, spread) for slug, own in zip(frame.disciplines, counts, strict=True)]
    low: list[Row] = [
        ((name,), share(own, noise, LOW, range(len(MARKS)))) for name, own, noise in lines
    ]
    came = amounts(again)
    asked = share(came, sigma(again), range(6), range(7))
    return (
        write(words.MEAN, [((name,), mean(own, noise)) for name, own, noise in lines]),
        write(words.LOW, low),
        write(words.AGAIN, _again(came, sigma(again))),
        write(words.ASKED, [(("network",), asked)]),
    )


def mean(counts: Floats, spread: float) -> Interval:
    """Return the mean mark of a noisy histogram of marks, from 0 to 10."""
    weights = [mark / BEST for mark in range(len(MARKS))]
    noisy = Noisy(counts, np.full(len(counts), spread))
    found = ratio(weights, [1.0] * len(counts), noisy)
    return Interval(*(each * BEST / 100 for each in (found.value, found.low, found.high)))


def _again(counts: Floats, spread: float) -> Iterator[Row]:
    for place, name in enumerate(CLASSES):
        yield (name,), share(counts, spread, (2 * place,), (2 * place, 2 * place + 1))
