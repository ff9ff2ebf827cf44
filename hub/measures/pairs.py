"""Pairs (Q15, Q14): how many people two places share, whatever the order.

Question: combien de personnes ont fréquenté à la fois A et B ? / How many people went to both A
and B?

Keys: unordered pairs of places of the frame; public.

Bounds and sensitivity, add or remove one person_key with all her rows, m places read (at most
32, by her keyed order), P = m(m-1)/2 pairs, room D² = k(k-1)/2 with k = ``bounds.venues``:
- ``pairs-cell``: weight w = ⌊1000·min(1, √(D²/P))⌋ in each of P distinct cells. Squared norm
  P·w² ≤ D²·10⁶. Nobody else's weight moves. (One weight rule with the recommendation model,
  which reads this very matrix.)
- ``pairs-slack``: 1 - w (1 when she has more places than are read): what she may lack in any
  one cell. One number, squared norm that of the largest entry of a public table.
- ``pairs-missing``: min(P·(1 - w), ``bounds.pairs_total``): what she lacks over all. Likewise.
The last two are absent where nobody can be clipped (no more places than k).

Noise: discrete Gaussian on each vector, rho shared 85/5/10.

Estimand: distinct linked persons with consent to statistics seen in both places in the window,
uncapped: the interval holds noise and clipping. The figure is de-biased by one factor for the
whole matrix and held under either place's reach where the edition has it. Never shrunk: shrunk
matrices have no honest interval.
"""

from collections.abc import Mapping
from itertools import combinations
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.errors import ConfigError
from hub.measures import pairs_words as words
from hub.measures.base import Parameter, Query
from hub.measures.clipped import clip_of, correction, correction_plan, correction_query
from hub.measures.frame import Frame
from hub.measures.reach import place_figures
from hub.measures.relations import bounded, visible_places
from hub.measures.tables import holding, write
from hub.privacy.bound import HARD_CAP, UNIT_MILLI, Clip, pairs_of
from hub.privacy.budget import split
from hub.privacy.consistency import whole_number
from hub.privacy.intervals import amounts, sigma
from hub.privacy.values import Noised, VectorPlan

_SHARES: Final = (85, 5, 10)
_TWO: Final = 2

_CELL = """
SELECT person_key, a * (2 * $places - a - 1) // 2 + b - a - 1 AS cell, weight
FROM (SELECT person_key, ((x >> 16) & 1023)::INTEGER AS a, ((y >> 16) & 1023)::INTEGER AS b, weight
      FROM (SELECT person_key, x, unnest(items) AS y, weight
            FROM (SELECT person_key, items, unnest(items) AS x, $weights[len(items)] AS weight
                  FROM bounded WHERE len(items) > 1)))
WHERE a < b
"""


def clip(frame: Frame) -> Clip:
    """Return the weights by number of places: a cell for each pair of them.

    Raises:
        ConfigError: the network shows one place only.
    """
    visible = visible_places(frame)
    if visible < _TWO:
        raise ConfigError("The network shows one place; pairs and flows need two at least.")
    cells = tuple(pairs_of(places) for places in range(1, visible + 1))
    beyond = len(frame.places) > HARD_CAP
    room = pairs_of(frame.bounds.venues)
    return clip_of(cells, room, beyond=beyond, most_missing=frame.bounds.pairs_total)


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the vectors: the matrix, and the two corrections.

    Raises:
        ConfigError: the network shows one place only.
    """
    clipping = clip(frame)
    rho = split(spec.rho_micro, _SHARES if clipping.clips else _SHARES[:1])
    matrix = VectorPlan(
        name="pairs-cell",
        keys=tuple(combinations(frame.places, 2)),
        unit_milli=UNIT_MILLI,
        l2_sensitivity_squared=clipping.l2_squared,
        rho_micro=rho[0],
    )
    if not clipping.clips:
        return (matrix,)
    return (
        matrix,
        correction_plan("pairs-slack", clipping.slack, rho[1]),
        correction_plan("pairs-missing", clipping.missing, rho[2]),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    clipping, relation = clip(frame), bounded(frame)
    parameters: dict[str, Parameter] = {
        "places": len(frame.places),
        "weights": list(clipping.weights),
    }
    known = (
        Query("pairs-cell", _CELL, parameters, (relation,)),
        correction_query("pairs-slack", clipping.slack, relation),
        correction_query("pairs-missing", clipping.missing, relation),
    )
    return known[: len(plan)]


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the people that each pair of places shares."""
    matrix = noised["pairs-cell"]
    clipped = amounts(matrix)
    taken = correction(noised, "pairs", clipped, clip(frame))
    ceiling = _ceilings(noised, frame)
    rows = []
    for (a, b), value in zip(combinations(frame.places, 2), clipped, strict=True):
        found = taken.interval(float(value), sigma(matrix))
        most = min(ceiling.get(a, found.value), ceiling.get(b, found.value))
        rows.append(((a, b), holding(whole_number(min(found.value, most)), found)))
    return (write(words.PAIRS, rows),)


def _ceilings(noised: Mapping[str, Noised], frame: Frame) -> dict[str, float]:
    """Return each place's reach as published, where this edition has drawn it already."""
    if "reach-venue" not in noised:
        return {}
    figures = place_figures(noised, frame)
    return {place: reach.value for place, reach in zip(frame.places, figures, strict=True)}
