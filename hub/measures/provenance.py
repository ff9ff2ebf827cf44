"""Provenance (Q10): which départements the audience of each place comes from.

Question: de quels départements ou pays viennent les publics de ce lieu (les dix premiers et le
reste) ? / Where do this place's audiences come from (top ten and the rest)?

Keys: places of the frame × the public list of départements (with abroad and unknown). With a
delta in the charter's price, the mechanism shows only the pairs whose noisy count passes a
threshold, so that one person alone never makes a pair appear but with probability delta; without
one, all the pairs are drawn, and the reading hides what noise could have made.

Bounds and sensitivity, add or remove one person_key with all her rows, m places read (at most
32), one département (the least of her rows, so hers alone), weight w = ⌊1000·min(1, √(k/m))⌋,
k = ``bounds.venues``:
- ``provenance-cell``: w in each of m distinct cells. Squared norm m·w² ≤ k·10⁶; at most
  min(32, places) cells, none above 1000: this fixes the threshold.
- ``provenance-place``: w in each of m distinct cells. Squared norm m·w² ≤ k·10⁶.

Noise: discrete Gaussian, with OpenDP's threshold on the first vector when there is a delta; rho
shared 85/15, the whole delta on the first.

Estimand: share of each place's distinct linked persons with consent to statistics, by
département of residence, whoever goes to more than k places weighing less. The figures shown are
chosen by their noisy size, so their intervals hold together for all départements of a place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures import provenance_words as words
from hub.measures.base import Query, Relation
from hub.measures.departements import UNKNOWN
from hub.measures.frame import Frame
from hub.measures.reach import clip
from hub.measures.relations import bounded, visible_places
from hub.measures.tables import Row, holding, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.budget import sigma_micro, split
from hub.privacy.consistency import sum_to
from hub.privacy.intervals import Floats, Noisy, amounts, ratio, sigma, simultaneous
from hub.privacy.threshold import threshold
from hub.privacy.values import Noised, VectorPlan

TOP: Final = 10
REST: Final = "rest"
NOWHERE: Final = "unknown"
"""How a table names the empty code."""

_SHARES = (85, 15)
_TENTHS: Final = 1000  # of one per cent in the whole: figures are written to 0.1 %

_HOME = """
SELECT person_key,
       coalesce(nullif(list_position($departements, min(departement)), 0), $unknown) - 1 AS home
FROM visit GROUP BY person_key
"""
PLACE_CELL: Final = """
SELECT person_key, ((item >> 16) & 1023)::INTEGER AS cell, weight
FROM (SELECT person_key, unnest(items) AS item, $weights[len(items)] AS weight FROM bounded)
"""
"""People by place, each weighing what her number of places leaves her."""


def home_cell(homes: str) -> str:
    """Return the query of the same people by place and residence; *homes* names the relation that says where each lives."""
    return f"""
SELECT person_key, (((item >> 16) & 1023)::INTEGER * $homes + home)::INTEGER AS cell, weight
FROM (SELECT person_key, unnest(items) AS item, home, $weights[len(items)] AS weight
      FROM bounded JOIN {homes} USING (person_key))
"""  # noqa: S608 -- the name is ours


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the vectors: people by place and département, and people by place."""
    room = clip(frame).l2_squared
    rho = split(spec.rho_micro, _SHARES)
    cells = visible_places(frame)
    least = None
    if spec.delta_pico:
        scale = sigma_micro(room, rho[0])
        least = threshold(UNIT_MILLI, scale, cells=cells, delta_pico=spec.delta_pico)
    by_home = VectorPlan(
        name="provenance-cell",
        keys=tuple(product(frame.places, frame.departements)),
        unit_milli=UNIT_MILLI,
        l2_sensitivity_squared=room,
        rho_micro=rho[0],
        delta_pico=spec.delta_pico,
        threshold=least,
        max_cells=cells,
    )
    by_place = VectorPlan(
        name="provenance-place",
        keys=tuple((place,) for place in frame.places),
        unit_milli=UNIT_MILLI,
        l2_sensitivity_squared=room,
        rho_micro=rho[1],
    )
    return by_home, by_place


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    del plan
    weights = list(clip(frame).weights)
    homes = len(frame.departements)
    relation = bounded(frame)
    return (
        Query(
            "provenance-cell",
            home_cell("home"),
            {"weights": weights, "homes": homes},
            (relation, home(frame)),
        ),
        Query("provenance-place", PLACE_CELL, {"weights": weights}, (relation,)),
    )


def home(frame: Frame) -> Relation:
    """Return the relation of one row per person: the place of her département in the public list."""
    homes = list(frame.departements)
    return Relation("home", _HOME, {"departements": homes, "unknown": homes.index(UNKNOWN) + 1})


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return, for each place, its ten first départements and the rest, in per cent."""
    own = _wholes(noised)
    whole = Whole(frame.places, amounts(own), sigma(own))
    rows = leading(noised["provenance-cell"], whole, len(frame.departements), TOP)
    return (write(words.PROVENANCE, rows),)


@dataclass(frozen=True)
class Whole:
    """What départements are parts of: noisy people of each place, or month, and the noise."""

    names: tuple[str, ...]
    counts: Floats
    spread: float


def leading(
    cells: Noised, whole: Whole, homes: int, most: int, *, z: float | None = None
) -> list[Row]:
    """Return, for each name of *whole*, its first départements and the rest, in per cent.

    Args:
        cells: noisy people by name and département.
        whole: noisy people by name.
        homes: how many départements there are to choose from.
        most: how many are shown.
        z: standard deviations to either side of the intervals; by default they hold together for all that one could have been told of a name.
    """
    together = simultaneous(homes)
    least = together * sigma(cells)
    found: dict[str, list[tuple[float, str]]] = {name: [] for name in whole.names}
    for (name, code), value in zip(cells.plan.keys, amounts(cells), strict=True):
        if value >= least:
            found[name].append((float(value), code or NOWHERE))
    rows: list[Row] = []
    for name, count in zip(whole.names, whole.counts, strict=True):
        first = sorted(found[name], key=lambda each: -each[0])[:most]
        noisy = Noisy(
            np.array([value for value, _ in first] + [float(count)]),
            np.array([sigma(cells)] * len(first) + [whole.spread]),
        )
        rows += _place_rows(name, [code for _, code in first], noisy, z or together)
    return rows


def _wholes(noised: Mapping[str, Noised]) -> Noised:
    """Return people by place with the least noise: the reach counts them by the same weights."""
    own = noised["provenance-place"]
    reach = noised.get("reach-venue", own)
    return reach if sigma(reach) < sigma(own) else own


def _place_rows(place: str, homes: list[str], noisy: Noisy, z: float) -> list[Row]:
    """Return the rows of one place; the figures sum to 100 exactly."""
    size = len(homes) + 1
    whole = np.eye(size)[-1]
    parts = np.eye(size)
    parts[-1, :-1] = -1.0  # the rest is the whole less those that are shown
    found = [ratio(part.tolist(), whole.tolist(), noisy, z=z) for part in parts]
    values: Floats = np.array([interval.value for interval in found]) * (_TENTHS / 100)
    tenths = sum_to(values, _TENTHS)
    names = [*homes, REST]
    return [
        ((place, name), holding(float(tenth) / (_TENTHS / 100), interval))
        for name, tenth, interval in zip(names, tenths, found, strict=True)
    ]
