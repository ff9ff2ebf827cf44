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

Noise: discrete Gaussian on each vector, rho shared 80/10/10: a twentieth for the slack made intervals an eighth wider, and jumpier.

Estimand: distinct linked persons with consent to statistics seen in both places in the window,
uncapped: the interval holds noise and clipping. The figure is de-biased by one factor for the
whole matrix and held under either place's reach where the edition has it. It is never shrunk, for shrunk
matrices have no honest interval. Beside it, for ranking and recommending, stands the denoised matrix
(``hub.privacy.denoise``), read from the same noisy figures: its values are nearer to the truth on the whole,
and each bears the interval of the figure that was not shrunk, the only one that holds.
"""

import math
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.errors import ConfigError
from hub.measures import pairs_words as words
from hub.measures.base import Parameter, Query
from hub.measures.clipped import clip_of, correction, correction_plan, correction_query
from hub.measures.frame import Frame
from hub.measures.reach import place_figures
from hub.measures.relations import bounded, visible_places
from hub.measures.tables import Row, holding, write
from hub.privacy.bound import HARD_CAP, UNIT_MILLI, Clip, pairs_of
from hub.privacy.budget import split
from hub.privacy.consistency import whole_number
from hub.privacy.denoise import NoisyPairs, denoised
from hub.privacy.intervals import amounts, sigma
from hub.privacy.values import Noised, VectorPlan

FEWEST: Final = 6
"""Places from which a matrix says more than its cells do."""

_SHARES: Final = (80, 10, 10)
_TWO: Final = 2

_CELL = """
SELECT person_key, before + (y >> 16) AS cell, weight
FROM (SELECT person_key, x, before, unnest(items) AS y, weight
      FROM (SELECT person_key, items, x, $before[(x >> 16) + 1]::INTEGER AS before, weight
            FROM (SELECT person_key, items, unnest(items) AS x,
                         ($weights::INTEGER[])[len(items)] AS weight
                  FROM bounded WHERE len(items) > 1)))
WHERE x < y
"""
"""What depends on the first place alone is worked out before the second comes, of which there are many; a
place stands above the day in an item and comes once, so items stand in the order of their places."""


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
        "before": [pairs_before(a, len(frame.places)) for a in range(len(frame.places))],
        "weights": list(clipping.weights),
    }
    known = (
        Query("pairs-cell", _CELL, parameters, (relation,)),
        correction_query("pairs-slack", clipping.slack, relation),
        correction_query("pairs-missing", clipping.missing, relation),
    )
    return known[: len(plan)]


def pairs_before(first: int, places: int) -> int:
    """Return what to add to the second place of a pair for its cell, pairs being in the order of the keys."""
    return first * (2 * places - first - 1) // 2 - first - 1


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the people that each pair of places shares."""
    matrix = noised["pairs-cell"]
    clipped = amounts(matrix)
    taken = correction(noised, "pairs", clipped, clip(frame))
    ceiling = _ceilings(noised, frame)
    pairs = list(combinations(frame.places, 2))
    held = [taken.interval(float(value), sigma(matrix)) for value in clipped]
    most = [min(ceiling.get(a, math.inf), ceiling.get(b, math.inf)) for a, b in pairs]

    def rows(values: Iterable[float]) -> list[Row]:
        told = zip(pairs, values, most, held, strict=True)
        return [(k, holding(whole_number(min(value, m)), found)) for k, value, m, found in told]

    unshrunk = write(words.PAIRS, rows(interval.value for interval in held))
    if len(frame.places) < FEWEST:
        return (unshrunk,)
    return unshrunk, write(words.RANKING, rows(_shrunk(noised, frame, taken.factor)))


def _shrunk(noised: Mapping[str, Noised], frame: Frame, factor: float) -> list[float]:
    """Return the denoised cells, from the noisy ones brought back to whole persons by *factor*."""
    matrix = noised["pairs-cell"]
    square = np.zeros((len(frame.places), len(frame.places)))
    above = np.triu_indices(len(frame.places), 1)
    square[above] = amounts(matrix) * factor
    square = square + square.T
    people = square.sum(axis=1)  # without the reach, who shares much stands for who draws many
    if "reach-venue" in noised:
        people = amounts(noised["reach-venue"])
    noisy = NoisyPairs(square, sigma(matrix) * factor, people, _blocks(frame))
    return [float(value) for value in denoised(noisy).pairs[above]]


def _blocks(frame: Frame) -> NDArray[np.int64]:
    """Return the discipline of each place; a group of several disciplines is a block of its own."""
    kinds: list[set[str]] = [set() for _ in frame.places]
    for venue, place in zip(frame.venues, frame.place_of, strict=True):
        kinds[place].add(venue.discipline)
    names = sorted({"+".join(sorted(kind)) for kind in kinds})
    return np.array([names.index("+".join(sorted(kind))) for kind in kinds], dtype=np.int64)


def _ceilings(noised: Mapping[str, Noised], frame: Frame) -> dict[str, float]:
    """Return each place's reach as published, where this edition has drawn it already."""
    if "reach-venue" not in noised:
        return {}
    figures = place_figures(noised, frame)
    return {place: reach.value for place, reach in zip(frame.places, figures, strict=True)}
