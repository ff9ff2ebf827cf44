"""The loyalty ladder (Q07): how many people come once, twice, often, and what share of visits they make.

Question: combien de personnes viennent 1, 2, 3-5, 6 fois ou plus par saison dans le réseau, et
quelle part des visites font-elles ? / How many people come 1, 2, 3-5, 6 times or more a season,
and what share of visits do they make?

Keys: six classes of number of visits (1, 2, 3, 4, 5, 6+); public.

Bounds and sensitivity, add or remove one person_key with all her rows, x visits in all places:
- ``ladder-rungs``: 1 in exactly one of six cells. Squared norm 1.
- ``ladder-extra``: min(x, v) - 6 when x > 6, one number, v = ``bounds.visits``. Squared norm at
  most (v - 6)². The visits of the lower rungs follow from the first vector (three visits are
  three visits), so nothing is paid for them.

Noise: discrete Gaussian on each vector, rho shared 60/40.

Estimand: distinct linked persons with consent to statistics; visits = distinct (person, venue,
event, day), at most v a person. Where the edition also holds the reach, the rungs sum to it
exactly.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.errors import ConfigError
from hub.measures import ladder_words as words
from hub.measures.base import Query
from hub.measures.frame import Frame
from hub.measures.reach import network_reach
from hub.measures.relations import bounded
from hub.measures.shares import parts
from hub.measures.tables import Row, holding, write
from hub.privacy.budget import split
from hub.privacy.consistency import Integers, sum_to, whole_number
from hub.privacy.intervals import Floats, Noisy, amounts, around, sigma
from hub.privacy.values import Noised, VectorPlan

TOP: Final = 6
CELLS: Final = ("1", "2", "3", "4", "5", "6+")
RUNGS: Final = (("1", (0,)), ("2", (1,)), ("3-5", (2, 3, 4)), ("6+", (5,)))
"""Name of a rung and the cells that it gathers."""

_SHARES = (60, 40)
_RUNGS = "SELECT person_key, (least(visits, $top) - 1)::INTEGER AS cell, 1 AS weight FROM bounded"
_EXTRA = """
SELECT person_key, 0 AS cell, least(visits, $most) - $top AS weight
FROM bounded WHERE visits > $top
"""


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the two vectors: people by number of visits, and visits beyond the sixth.

    Raises:
        ConfigError: the charter bounds a person to six visits or fewer.
    """
    beyond = frame.bounds.visits - TOP
    if beyond < 1:
        raise ConfigError(
            "The charter bounds a person to {visits} visits; the ladder needs at least {top}. Raise "
            "bounds.visits or drop the measure.",
            visits=frame.bounds.visits,
            top=TOP + 1,
        )
    rungs, extra = split(spec.rho_micro, _SHARES)
    return (
        VectorPlan("ladder-rungs", tuple((cell,) for cell in CELLS), 1, 1, rungs),
        VectorPlan("ladder-extra", (("all",),), 1, beyond**2, extra),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    del plan
    needs = (bounded(frame),)
    most = frame.bounds.visits
    return (
        Query("ladder-rungs", _RUNGS, {"top": TOP}, needs),
        Query("ladder-extra", _EXTRA, {"top": TOP, "most": most}, needs),
    )


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return people by rung, and the share of visits that each rung makes."""
    del frame
    return (
        write(words.PERSONS, _person_rows(noised)),
        write(words.VISITS, _visit_rows(noised)),
    )


def rung_counts(noised: Mapping[str, Noised]) -> Integers:
    """Return the people of each rung as they are published; they sum to the reach where it is known."""
    return sum_to(_gathered(noised), _total(noised))


def _person_rows(noised: Mapping[str, Noised]) -> list[Row]:
    """The rungs are moved alike so that they sum to the reach, or to their own sum without it."""
    spread = sigma(noised["ladder-rungs"])
    told = zip(RUNGS, rung_counts(noised), _gathered(noised), strict=True)
    return [
        ((name,), holding(float(count), around(float(noisy), spread * np.sqrt(len(cells)))))
        for (name, cells), count, noisy in told
    ]


def _gathered(noised: Mapping[str, Noised]) -> Floats:
    values = amounts(noised["ladder-rungs"])
    return np.array([values[list(cells)].sum() for _, cells in RUNGS])


def _total(noised: Mapping[str, Noised]) -> int:
    if "reach-spread" in noised:
        return int(network_reach(noised).value)
    return whole_number(float(amounts(noised["ladder-rungs"]).sum()))


def _visit_rows(noised: Mapping[str, Noised]) -> list[Row]:
    rungs, extra = noised["ladder-rungs"], noised["ladder-extra"]
    noisy = Noisy(
        np.concatenate([amounts(rungs), amounts(extra)]),
        np.array([sigma(rungs)] * len(CELLS) + [sigma(extra)]),
    )
    found = parts(np.stack([_visits_of(cells) for _, cells in RUNGS]), noisy)
    return [((name,), each) for (name, _), each in zip(RUNGS, found, strict=True)]


def _visits_of(cells: tuple[int, ...]) -> Floats:
    """Return the coefficients of the visits of *cells*: their number each, and the extra of the last."""
    coefficients = np.zeros(len(CELLS) + 1)
    for cell in cells:
        coefficients[cell] = cell + 1
    coefficients[len(CELLS)] = float(len(CELLS) - 1 in cells)
    return coefficients
