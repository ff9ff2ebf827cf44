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
chosen by their own noisy size; ``_chosen`` says how). A place none of whose intercommunalités is so large has no row
at all: the table refuses rather than say « reste : 100 ».
"""

from collections.abc import Mapping
from itertools import product
from typing import Final

import numpy as np

from contracts.charter import MeasureSpec
from contracts.edition import Table
from contracts.visit import BY_EPCI
from hub.errors import ConfigError
from hub.measures import provenance_epci_words as words
from hub.measures.base import Parameter, Query, Relation
from hub.measures.departements import UNKNOWN
from hub.measures.frame import Frame
from hub.measures.provenance import NOWHERE, PLACE_CELL, REST, TOP, Whole, home_cell, leading
from hub.measures.reach import clip
from hub.measures.relations import bounded
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.budget import split
from hub.privacy.intervals import amounts, false_coverage, sigma, simultaneous
from hub.privacy.values import Noised, VectorPlan

ELSEWHERE: Final = "elsewhere"
"""All the intercommunalités that are too far to be told apart."""
_OTHERS: Final = 2  # keys that name none: elsewhere and unknown, the last of ``homes``

_NOT_SENT = (
    f"The measure {BY_EPCI} reads the intercommunalité, which this charter does not let leave the venues. Plan "
    "provenance, which tells départements, or have the members sign a charter whose fields name epci."
)
_NONE_NEAR = (
    f"The measure {BY_EPCI} tells intercommunalités apart, and none of them lies within 100 km of a venue of "
    "this charter. Plan provenance, which tells départements, or mend the coordinates of the members."
)
_SHARES = (85, 15)
_HOMES = "home_epci"
_CELLS, _PLACES = f"{BY_EPCI}-cell", f"{BY_EPCI}-place"
_WHOLES = (_PLACES, "reach-venue", "provenance-place")
"""Vectors that count the people of each place by the same weights."""
_HOME = """
SELECT person_key, CASE WHEN epci = '' THEN $unknown
    ELSE coalesce(nullif(list_position($epcis, epci), 0), $elsewhere) END - 1 AS home
FROM (SELECT person_key, coalesce(min(nullif(epci, '')), '') AS epci FROM visit GROUP BY person_key)
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
        raise ConfigError(_NONE_NEAR if frame.epci_leaves else _NOT_SENT)
    room = clip(frame).l2_squared
    rho = split(spec.rho_micro, _SHARES)
    by_home = tuple(product(frame.places, homes(frame)))
    by_place = tuple((place,) for place in frame.places)
    return (
        VectorPlan(_CELLS, by_home, UNIT_MILLI, room, rho[0]),
        VectorPlan(_PLACES, by_place, UNIT_MILLI, room, rho[1]),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    del plan
    weights = list(clip(frame).weights)
    relation, count = bounded(frame), len(homes(frame))
    return (
        Query(
            _CELLS,
            home_cell(_HOMES),
            {"weights": weights, "homes": count},
            (relation, home(frame)),
        ),
        Query(_PLACES, PLACE_CELL, {"weights": weights}, (relation,)),
    )


def home(frame: Frame) -> Relation:
    """Return the relation of one row per person: the place of her intercommunalité among the keys."""
    count = len(homes(frame))
    parameters: dict[str, Parameter] = {
        "epcis": list(frame.epcis),
        "elsewhere": count - 1,
        "unknown": count,
    }
    return Relation(_HOMES, _HOME, parameters)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return, for each place, its ten first intercommunalités and the rest, in per cent; no row where none passes."""
    own = min((noised[name] for name in _WHOLES if name in noised), key=sigma)
    whole = Whole(frame.places, amounts(own), sigma(own))
    cells = noised[_CELLS]
    every = len(cells.plan.keys)
    z = false_coverage(_chosen(cells, frame, simultaneous(every) * sigma(cells)), every)
    rows = leading(cells, whole, every, TOP, z=z)
    told = {keys[0] for keys, _ in rows if keys[1] not in {REST, NOWHERE, ELSEWHERE}}
    return (write(words.PROVENANCE_EPCI, _of(rows, told)),)


def _chosen(cells: Noised, frame: Frame, least: float) -> int:
    """Return at least how many intercommunalités are told, of the public list: what the intervals may be narrowed by.

    A place is told because one of its intercommunalités passes, and then says its « plus loin » and « non renseigné »
    where they pass too. With the other noises held, how far a cell that is told passes changes this count by nothing:
    an intercommunalité has made its place told already, and the two others never make one told (so their rows may be
    counted or not; they are not, for blanks that nobody asked about would narrow what one reads). Benjamini and
    Yekutieli's rule needs no more: z from R of m cells lets each of the m be told and missed with a share of 0.05/m
    of R, hence 0.05 of R over all, the two others' rows with them. Of more than ten that pass, the two others may
    take two places: at least TOP - 2 are told, and these are counted.
    """
    passing = amounts(cells).reshape(len(frame.places), -1)[:, : len(frame.epcis)] >= least
    return int(np.minimum(passing.sum(axis=1), TOP - _OTHERS).sum())


def _of(rows: list[Row], places: set[str]) -> list[Row]:
    return [row for row in rows if row[0][0] in places]
