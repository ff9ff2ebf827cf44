"""Affinity (Q19): of the assiduous who see one of two disciplines, who sees the first, the second or both.

Question: parmi les assidus du ballet ou de l'opéra, combien ne voient que le ballet, surtout le ballet,
les deux, surtout l'opéra, que l'opéra ? / Of the assiduous of ballet or opera, how many see ballet only,
mostly ballet, both, mostly opera, opera only?

Keys: disciplines of the frame, each alone, and their unordered pairs × mostly the first, both, mostly the
second; public. "Only" is read from these: who saw the first less who saw both.

Bounds and sensitivity, add or remove one person_key with all her rows, m disciplines of the frame,
k = ``bounds.venues``, room k(k+1)/2:
- ``affinity-cell``: weight w = ⌊1000·min(1, √(room/(m(m+1)/2)))⌋ in the cells of her m disciplines and in
  one of three cells for each of their m(m-1)/2 pairs. Squared norm m(m+1)/2·w² ≤ room·10⁶. Nobody else's
  weight moves, for m is hers alone. Remove either season of hers only: she is not assiduous any more and
  her whole term goes, no more. The ledger charges both seasons.

Noise: discrete Gaussian, the whole rho on one vector.

Estimand: share of the distinct linked persons with consent to statistics, assiduous (two visits at least
in each of two seasons), who saw either discipline, by the levels of ``contracts.typology``; whoever sees
more than k disciplines weighs less. The five shares sum to 100.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

import numpy as np

from contracts.charter import MeasureSpec
from contracts.edition import Table
from contracts.typology import LEVELS
from hub.errors import ConfigError
from hub.measures import assiduous_words as words
from hub.measures.assiduous import positions, tastes
from hub.measures.base import Parameter, Query
from hub.measures.crossing import cells_of, room_of
from hub.measures.frame import Frame
from hub.measures.seasons import turn
from hub.measures.shares import parts
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI, pairs_of, weight_of
from hub.privacy.intervals import Floats, Noisy, amounts, sigma
from hub.privacy.values import Noised, VectorPlan

TOGETHER: Final = LEVELS[1:4]
ANY: Final = "any"
_TWO: Final = 2

# A taste is packed as discipline and visits; the pairs follow the disciplines, three cells each.
_CELL = """
SELECT person_key, CASE WHEN x = y THEN a ELSE $disciplines
           + 3 * (a * (2 * $disciplines - a - 1) // 2 + b - a - 1)
           + CASE WHEN many >= 2 * often THEN 0 WHEN often >= 2 * many THEN 2 ELSE 1 END END AS cell, weight
FROM (SELECT person_key, x, y, (x >> 32)::INTEGER AS a, (y >> 32)::INTEGER AS b,
             x & 4294967295 AS many, y & 4294967295 AS often, weight
      FROM (SELECT person_key, x, unnest(tastes) AS y, weight
            FROM (SELECT person_key, tastes, unnest(tastes) AS x, $weights[len(tastes)] AS weight
                  FROM (SELECT person_key, list((position << 32) | visits) AS tastes
                        FROM (SELECT person_key, $position[discipline + 1]::BIGINT AS position, visits FROM tastes)
                        WHERE position >= 0 GROUP BY person_key))))
WHERE a <= b
"""


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure.

    Raises:
        ConfigError: the network has one discipline, or the window does not read two seasons.
    """
    if len(frame.disciplines) < _TWO:
        raise ConfigError("The network has one discipline; affinities need two at least.")
    turn(frame)
    alone = tuple((slug, slug, ANY) for slug in frame.disciplines)
    both = tuple((a, b, level) for a, b in combinations(frame.disciplines, 2) for level in TOGETHER)
    room = room_of(frame) * UNIT_MILLI**2
    return (VectorPlan("affinity-cell", (*alone, *both), UNIT_MILLI, room, spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    del plan
    counts = range(1, len(frame.disciplines) + 1)
    parameters: dict[str, Parameter] = {
        "disciplines": len(frame.disciplines),
        "position": positions(frame),
        "weights": [weight_of(cells_of(count), room_of(frame)) for count in counts],
    }
    return (Query("affinity-cell", _CELL, parameters, (tastes(frame),)),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return, for every unordered pair of disciplines, the five shares of those who see either."""
    cells = noised["affinity-cell"]
    return (write(words.LEVELS, _rows(amounts(cells), sigma(cells), frame)),)


def _rows(counts: Floats, spread: float, frame: Frame) -> Iterator[Row]:
    alone = len(frame.disciplines)
    together = counts[alone:].reshape(pairs_of(alone), len(TOGETHER))
    pairs = combinations(enumerate(frame.disciplines), 2)
    only = np.array([[1, 0, -1, -1, -1], [0, 1, -1, -1, -1]], dtype=float)
    both = np.eye(5)[2:]
    coefficients = np.vstack([only[:1], both, only[1:]])
    for ((i, a), (j, b)), three in zip(pairs, together, strict=True):
        noisy = Noisy(np.array([counts[i], counts[j], *three]), np.full(5, spread))
        for level, found in zip(LEVELS, parts(coefficients, noisy), strict=True):
            yield (a, b, level), found
