"""Crossing of disciplines (Q19): of those who go to one, what share also goes to another, elsewhere.

Question: quelle part des amateurs de ballet va aussi à l'opéra, ailleurs dans le réseau ? / What share
of ballet-goers also attends opera elsewhere in the network?

Keys: unordered pairs of disciplines of the frame, each with itself too; public.

Bounds and sensitivity, add or remove one person_key with all her rows, m different disciplines,
k = ``bounds.venues``, room k(k+1)/2:
- ``crossing-pair``: weight w = ⌊1000·min(1, √(room/(m(m+1)/2)))⌋ in each of her m disciplines and in
  those of their m(m-1)/2 pairs that she saw in two different places. Squared norm at most
  m(m+1)/2·w² ≤ room·10⁶. Nobody else's weight moves, for m is hers alone.

Noise: discrete Gaussian, the whole rho on one vector; a share is a pair over one of its disciplines,
both with the same weights.

Estimand: share of the distinct linked persons with consent to statistics who saw the first
discipline, whoever sees more than k disciplines weighing less.
"""

from collections.abc import Mapping
from itertools import combinations_with_replacement, permutations
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.errors import ConfigError
from hub.measures import crossing_words as words
from hub.measures.base import Parameter, Query
from hub.measures.frame import DISCIPLINES, Frame
from hub.measures.relations import MAX_PLACES
from hub.measures.shares import share
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI, pairs_of, weight_of
from hub.privacy.intervals import amounts, sigma
from hub.privacy.values import Noised, VectorPlan

_TWO: Final = 2

# A taste is packed as discipline, first place and last place: two tastes are of one place only when
# all four places are the same.
_CELL = """
SELECT person_key, (a * $disciplines - a * (a - 1) // 2 + b - a)::INTEGER AS cell, weight
FROM (SELECT person_key, (x >> 20)::INTEGER AS a, (y >> 20)::INTEGER AS b, weight,
             (x >> 10) & 1023 = x & 1023 AND x & 1048575 = y & 1048575 AS same_place
      FROM (SELECT person_key, x, unnest(tastes) AS y, weight
            FROM (SELECT person_key, tastes, unnest(tastes) AS x, $weights[len(tastes)] AS weight
                  FROM (SELECT person_key, list(taste) AS tastes
                        FROM (SELECT person_key, (discipline << 20) | (min(place) << 10) | max(place) AS taste
                              FROM (SELECT person_key, $position[discipline + 1]::BIGINT AS discipline,
                                           $place_of[venue + 1]::BIGINT AS place FROM visit)
                              WHERE discipline >= 0 GROUP BY person_key, discipline)
                        GROUP BY person_key))))
WHERE a = b OR (a < b AND NOT same_place)
"""


def room_of(frame: Frame) -> int:
    """Return the cells in which a person still weighs one: those of k disciplines."""
    return cells_of(min(frame.bounds.venues, len(frame.disciplines)))


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure.

    Raises:
        ConfigError: the network has one discipline, or more places than a taste can hold.
    """
    if len(frame.disciplines) < _TWO:
        raise ConfigError("The network has one discipline; crossing needs two at least.")
    if len(frame.places) > MAX_PLACES:
        raise ConfigError(
            "Crossing takes {max_places} places at most; gather venues in clusters.",
            max_places=MAX_PLACES,
        )
    keys = tuple(combinations_with_replacement(frame.disciplines, 2))
    room = room_of(frame) * UNIT_MILLI**2
    return (VectorPlan("crossing-pair", keys, UNIT_MILLI, room, spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    del plan
    known = {slug: place for place, slug in enumerate(frame.disciplines)}
    counts = range(1, len(frame.disciplines) + 1)
    parameters: dict[str, Parameter] = {
        "disciplines": len(frame.disciplines),
        "position": [known.get(slug, -1) for slug in DISCIPLINES],
        "place_of": list(frame.place_of),
        "weights": [weight_of(cells_of(count), room_of(frame)) for count in counts],
    }
    return (Query("crossing-pair", _CELL, parameters),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return, for every ordered pair of disciplines, the share of the first that sees the second."""
    pairs = noised["crossing-pair"]
    at = {key: place for place, key in enumerate(pairs.plan.keys)}
    counts, spread = amounts(pairs), sigma(pairs)
    rows: list[Row] = []
    for a, b in permutations(frame.disciplines, 2):
        both = at[(a, b)] if (a, b) in at else at[(b, a)]
        rows.append(((a, b), share(counts, spread, (both,), (at[(a, a)],))))
    return (write(words.CROSSING, rows),)


def cells_of(disciplines: int) -> int:
    """Return the disciplines and their pairs."""
    return pairs_of(disciplines) + disciplines
