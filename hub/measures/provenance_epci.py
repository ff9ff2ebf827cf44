"""Provenance by intercommunalité (Q10): which groups of communes the audience of each place comes from.

Question: de quelles intercommunalités viennent les publics de ce lieu (les dix premières et le reste) ? / Which
groups of communes do this place's audiences come from (top ten and the rest)?

Read only where the charter names the field ``epci``, for it is finer than the département: elsewhere the plan is
refused, and ``provenance`` is the nearest question.

Keys: places of the frame × the intercommunalités of the public list (``contracts.epci``) whose centre is within
100 km of a venue, with all the farther ones together and unknown. They follow from the charter alone, so every cell
bears noise whoever is in the data, and none appears because of anybody: no delta is spent on keys, and a delta in
the price buys nothing. The threshold below which nothing is told looks at noisy values alone.

Bounds and sensitivity, add or remove one person_key with all her rows, m places read (at most 32), one
intercommunalité (the least code of her rows, so hers alone), weight w = ⌊1000·min(1, √(k/m))⌋, k = ``bounds.venues``:
- ``provenance-epci-cell``: w in each of m distinct cells. Squared norm m·w² ≤ k·10⁶, as ``provenance-cell``: one
  person is in one row of cells, however fine they are.
- ``provenance-epci-place``: w in each of m distinct cells. Squared norm m·w² ≤ k·10⁶.

Noise: discrete Gaussian; rho shared 85/15.

Estimand: as in ``provenance``. Only cells are told that noise alone would not reach in any cell of the table, in
95 % of editions; of the figures told, 95 % lie in their intervals on average (false coverage rate: the cells are
chosen by their own noisy size). A place none of whose intercommunalités is so large has no row at all: the table
refuses rather than say « reste : 100 ».
"""

from collections.abc import Mapping
from itertools import product
from typing import Final

import numpy as np

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.errors import ConfigError
from hub.measures import provenance_epci_words as words
from hub.measures.base import Parameter, Query, Relation
from hub.measures.departements import UNKNOWN
from hub.measures.frame import Frame
from hub.measures.provenance import NOWHERE, REST, TOP, Whole, leading
from hub.measures.reach import clip
from hub.measures.relations import bounded
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.budget import split
from hub.privacy.intervals import among, amounts, sigma, simultaneous
from hub.privacy.values import Noised, VectorPlan

ELSEWHERE: Final = "elsewhere"
"""All the intercommunalités that are too far to be told apart."""

_SHARES = (85, 15)
_WHOLES = ("provenance-epci-place", "reach-venue", "provenance-place")
"""Vectors that count the people of each place by the same weights."""
_HOME = """
SELECT person_key, CASE WHEN epci = '' THEN $unknown
    ELSE coalesce(nullif(list_position($epcis, epci), 0), $elsewhere) END - 1 AS home
FROM (SELECT person_key, coalesce(min(nullif(epci, '')), '') AS epci FROM visit GROUP BY person_key)
"""
_CELL = """
SELECT person_key, (((item >> 16) & 1023)::INTEGER * $homes + home)::INTEGER AS cell, weight
FROM (SELECT person_key, unnest(items) AS item, home, $weights[len(items)] AS weight
      FROM bounded JOIN home_epci USING (person_key))
"""
_PLACE = """
SELECT person_key, ((item >> 16) & 1023)::INTEGER AS cell, weight
FROM (SELECT person_key, unnest(items) AS item, $weights[len(items)] AS weight FROM bounded)
"""


def homes(frame: Frame) -> tuple[str, ...]:
    """Return the keys of residence: those that are told apart, all the others, unknown."""
    return (*frame.epcis, ELSEWHERE, UNKNOWN)


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the vectors: people by place and intercommunalité, and people by place.

    Raises:
        ConfigError: the charter does not let the intercommunalité leave, or none lies near a venue.
    """
    if not frame.epcis:
        raise ConfigError(
            "The measure provenance-epci reads the intercommunalité, which this charter does not let leave the "
            "venues, or none of which lies within 100 km of one. Plan provenance, which tells départements, or "
            "have the members sign a charter whose fields name epci."
        )
    room = clip(frame).l2_squared
    rho = split(spec.rho_micro, _SHARES)
    by_home = tuple(product(frame.places, homes(frame)))
    by_place = tuple((place,) for place in frame.places)
    return (
        VectorPlan("provenance-epci-cell", by_home, UNIT_MILLI, room, rho[0]),
        VectorPlan("provenance-epci-place", by_place, UNIT_MILLI, room, rho[1]),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    del plan
    weights = list(clip(frame).weights)
    relation, count = bounded(frame), len(homes(frame))
    return (
        Query(
            "provenance-epci-cell",
            _CELL,
            {"weights": weights, "homes": count},
            (relation, home(frame)),
        ),
        Query("provenance-epci-place", _PLACE, {"weights": weights}, (relation,)),
    )


def home(frame: Frame) -> Relation:
    """Return the relation of one row per person: the place of her intercommunalité among the keys."""
    count = len(homes(frame))
    parameters: dict[str, Parameter] = {
        "epcis": list(frame.epcis),
        "elsewhere": count - 1,
        "unknown": count,
    }
    return Relation("home_epci", _HOME, parameters)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return, for each place, its ten first intercommunalités and the rest, in per cent; no row where none passes."""
    own = min((noised[name] for name in _WHOLES if name in noised), key=sigma)
    whole = Whole(frame.places, amounts(own), sigma(own))
    cells = noised["provenance-epci-cell"]
    every = len(cells.plan.keys)
    hold = among(_chosen(cells, frame, simultaneous(every) * sigma(cells)), every)
    rows = leading(cells, whole, every, TOP, hold=hold)
    told = {keys[0] for keys, _ in rows if keys[1] not in {REST, NOWHERE, ELSEWHERE}}
    return (write(words.PROVENANCE_EPCI, _of(rows, told)),)


def _chosen(cells: Noised, frame: Frame, least: float) -> int:
    """Return how many cells are told: of each place those that pass, ten at most."""
    passing = (amounts(cells).reshape(len(frame.places), -1) >= least).sum(axis=1)
    return int(np.minimum(passing, TOP).sum())


def _of(rows: list[Row], places: set[str]) -> list[Row]:
    return [row for row in rows if row[0][0] in places]
