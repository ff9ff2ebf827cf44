"""Reach (Q15, Q16): how many different people came, to each place and to the network.

Question: combien de personnes distinctes sont venues dans chaque lieu, et dans le réseau ?
Quelle part en fréquente au moins 2, 3, 5 ? / How many distinct people came to each place and to
the network; what share of them goes to at least 2, 3, 5 places?

Keys: the places of the frame (venues that stand alone, clusters of small ones) and four classes
of number of places; public.

Bounds and sensitivity, add or remove one person_key with all her rows, n different places, of
which m = min(n, 32) are read:
- ``reach-venue``: weight w = ⌊1000·min(1, √(k/m))⌋ in each of m distinct cells, k =
  ``bounds.venues``. Squared norm m·w² ≤ k·10⁶: for m ≤ k it is m·10⁶, above it is
  m·⌊10⁶k/m⌋ at most. Nobody else's weight moves, for m is hers alone.
- ``reach-spread``: 1 in exactly one of four cells. Squared norm 1.
- ``reach-slack``: 1 - w_m (1 when n > 32), one number: what she may lack in any one cell.
- ``reach-missing``: m·(1 - w_m), one number: what she lacks over all. For both the squared norm
  is that of the largest entry of a public table.
The last two are absent where nobody can be clipped (no more places than k).

Noise: discrete Gaussian on each vector, rho shared 60/30/5/5.

Estimand: distinct linked persons with consent to statistics, of all places, uncapped: the
interval holds the noise and the clipping (``clipped.Correction``); sampling and coverage are
not in it.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures import reach_words as words
from hub.measures.base import Query
from hub.measures.clipped import clip_of, correction, correction_plan, correction_query
from hub.measures.frame import Frame
from hub.measures.relations import bounded, visible_places
from hub.measures.tables import Row, holding, write
from hub.privacy.bound import HARD_CAP, UNIT_MILLI, Clip
from hub.privacy.budget import split
from hub.privacy.consistency import Integers, sum_to, whole_number
from hub.privacy.intervals import Interval, Noisy, amounts, around, ratio, sigma
from hub.privacy.values import Noised, VectorPlan

CLASSES: Final = ("1", "2", "3-4", "5+")
CLASS_OF: Final = (0, 1, 2, 2, 3)
"""Class of whoever has 1, 2, 3, 4, and 5 or more places."""
AT_LEAST: Final = (("2+", 1), ("3+", 2), ("5+", 3))
"""Name of a share and the first class that it takes in."""

_SHARES = (60, 30, 5, 5)

_VENUE = """
SELECT person_key, ((item >> 16) & 1023)::INTEGER AS cell, weight
FROM (SELECT person_key, unnest(items) AS item, $weights[len(items)] AS weight FROM bounded)
"""
_SPREAD = "SELECT person_key, $class_of[least(places, $last)] AS cell, 1 AS weight FROM bounded"


def clip(frame: Frame) -> Clip:
    """Return the weights by number of places: one cell for each."""
    cells = tuple(range(1, visible_places(frame) + 1))
    beyond = len(frame.places) > HARD_CAP
    return clip_of(cells, frame.bounds.venues, beyond=beyond, most_missing=HARD_CAP)


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the vectors: reach by place, spread of people, and the two corrections."""
    clipping = clip(frame)
    rho = split(spec.rho_micro, _SHARES if clipping.clips else _SHARES[:2])
    venue = VectorPlan(
        name="reach-venue",
        keys=tuple((place,) for place in frame.places),
        unit_milli=UNIT_MILLI,
        l2_sensitivity_squared=clipping.l2_squared,
        rho_micro=rho[0],
    )
    spread = VectorPlan(
        name="reach-spread",
        keys=tuple((name,) for name in CLASSES),
        unit_milli=1,
        l2_sensitivity_squared=1,
        rho_micro=rho[1],
    )
    if not clipping.clips:
        return venue, spread
    return (
        venue,
        spread,
        correction_plan("reach-slack", clipping.slack, rho[2]),
        correction_plan("reach-missing", clipping.missing, rho[3]),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    clipping, relation = clip(frame), bounded(frame)
    known = (
        Query("reach-venue", _VENUE, {"weights": list(clipping.weights)}, (relation,)),
        Query(
            "reach-spread",
            _SPREAD,
            {"class_of": list(CLASS_OF), "last": len(CLASS_OF)},
            (relation,),
        ),
        correction_query("reach-slack", clipping.slack, relation),
        correction_query("reach-missing", clipping.missing, relation),
    )
    return tuple(query for vector in plan for query in known if query.vector == vector.name)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the reach of the network, of each place, and how people spread over places."""
    network = network_reach(noised)
    return (
        write(words.NETWORK, [(("network",), network)]),
        write(words.VENUES, _venue_rows(noised, frame)),
        write(words.SPREAD, _spread_rows(noised, network)),
        write(words.SHARES, _share_rows(noised, network)),
    )


def network_reach(noised: Mapping[str, Noised]) -> Interval:
    """Return the number of distinct people of the network, a whole number, and its interval."""
    spread = noised["reach-spread"]
    total = around(float(amounts(spread).sum()), sigma(spread) * np.sqrt(len(CLASSES)))
    return holding(whole_number(total.value), total)


def venue_reach(noised: Mapping[str, Noised], frame: Frame) -> tuple[Interval, ...]:
    """Return the reach of each place, in the frame's order, clipping included."""
    venue = noised["reach-venue"]
    clipped = amounts(venue)
    taken = correction(noised, "reach", clipped, clip(frame))
    return tuple(taken.interval(float(clipped[i]), sigma(venue)) for i in range(len(frame.places)))


def place_figures(noised: Mapping[str, Noised], frame: Frame) -> tuple[Interval, ...]:
    """Return the reach of each place as it is published.

    No place draws more people than the network: the figure is held to that, its interval kept.
    """
    network = network_reach(noised).value
    return tuple(
        holding(min(whole_number(reach.value), network), reach)
        for reach in venue_reach(noised, frame)
    )


def _venue_rows(noised: Mapping[str, Noised], frame: Frame) -> list[Row]:
    figures = place_figures(noised, frame)
    return [((place,), reach) for place, reach in zip(frame.places, figures, strict=True)]


def _spread_rows(noised: Mapping[str, Noised], network: Interval) -> list[Row]:
    spread, counts = noised["reach-spread"], _spread_counts(noised, network)
    return [
        ((name,), holding(float(count), around(float(noisy), sigma(spread))))
        for name, count, noisy in zip(CLASSES, counts, amounts(spread), strict=True)
    ]


def _spread_counts(noised: Mapping[str, Noised], network: Interval) -> Integers:
    return sum_to(amounts(noised["reach-spread"]), int(network.value))


def _share_rows(noised: Mapping[str, Noised], network: Interval) -> list[Row]:
    """Each share is that of the published counts, so that more places are never said of more people."""
    spread, counts = noised["reach-spread"], _spread_counts(noised, network)
    noisy = Noisy(amounts(spread), np.full(len(CLASSES), sigma(spread)))
    every = [1.0] * len(CLASSES)
    rows: list[Row] = []
    for name, first in AT_LEAST:
        part = [float(position >= first) for position in range(len(CLASSES))]
        value = 100.0 * float(counts[first:].sum()) / max(network.value, 1.0)
        rows.append(((name,), holding(value, ratio(part, every, noisy))))
    return rows
