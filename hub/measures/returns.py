"""Returns (Q08, Q09): of those who were new one season, who comes back the next, here or elsewhere.

Question: quelle part des personnes nouvelles d'une saison revient dans le même lieu la saison suivante ?
Quelle part n'est revue dans aucun lieu du réseau ? / What share of one season's newcomers returns to the
same place the next season? What share is seen at no place of the network? (Repère : 70 %, Philadelphie.)

Keys: places of the frame × back here, back elsewhere only, not seen again; for the network, seen again
or not. Public. The window reads two seasons; newcomers are those of the first.

Bounds and sensitivity, add or remove one person_key with all her rows, m places that were new to her in
the first season, in each of them exactly one class, by her own rows alone, w = ⌊1000·min(1, √(k/m))⌋,
k = 2 (few are new to more, and the noise is that of k):
- ``returns-cell``: w in each of m distinct cells. Squared norm m·w² ≤ k·10⁶.
- ``returns-network``: 1 in one of two cells, or none. Squared norm 1.
Nobody else's weight moves, for m is hers alone. Remove one season of hers only: without the first she is
in no cell; without the second she may change class in all m, 2·m·w². The plan doubles both squares
(``seasons.for_one_season``) and the ledger charges both seasons.

Noise: discrete Gaussian on each vector, rho shared 80/20.

Estimand: share of each place's newcomers of the first season (the place did not know her on her first day
of the window), distinct linked persons with consent to statistics in both seasons; whoever was new to more
than two places weighs less. New to the network = new to each place that she came to in the first season.
"""

from collections.abc import Mapping
from itertools import product
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures import returns_words as words
from hub.measures.base import Query, Relation
from hub.measures.frame import Frame
from hub.measures.relations import STANDING_OF
from hub.measures.seasons import turn
from hub.measures.shares import share
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI, weight_of
from hub.privacy.budget import split
from hub.privacy.intervals import amounts, sigma
from hub.privacy.values import Noised, VectorPlan

CLASSES: Final = ("here", "elsewhere", "lost")
HERE, ELSEWHERE, LOST = range(3)
AGAIN: Final = ("seen", "lost")
NEW_PLACES: Final = 2
"""Places of one newcomer that count whole; no charter bounds venues under it."""

_SHARES = (80, 20)

# Of each place that she came to: the day of her first visit and what it says of her, and whether she came
# back in the later season, to this place or else to another.
_COHORT = """
SELECT person_key, place, packed >> 2 AS day, packed & 3 AS standing,
       CASE WHEN last >= $turn THEN 0 WHEN max(last) OVER (PARTITION BY person_key) >= $turn THEN 1
            ELSE 2 END AS class
FROM (SELECT person_key, $place_of[venue + 1] AS place, max(event_day) AS last,
             min((event_day::BIGINT << 2) | $standing_of[first_time + 1]) AS packed
      FROM visit GROUP BY person_key, place)
"""
_CELL = """
SELECT person_key, (place * $classes + class)::INTEGER AS cell,
       $weights[count(*) OVER (PARTITION BY person_key)] AS weight
FROM cohort WHERE day < $turn AND standing = 1
"""
_NETWORK = """
SELECT person_key, min(class) // 2 AS cell, 1 AS weight FROM cohort WHERE day < $turn
GROUP BY person_key HAVING bool_and(standing = 1)
"""


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the two vectors: newcomers by place, and of the network.

    Raises:
        ConfigError: the window does not read two seasons.
    """
    turn(frame)
    cells, network = split(spec.rho_micro, _SHARES)
    keys = tuple(product(frame.places, CLASSES))
    room = room_of(frame) * UNIT_MILLI**2
    return (
        VectorPlan("returns-cell", keys, UNIT_MILLI, room, cells),
        VectorPlan("returns-network", tuple((name,) for name in AGAIN), 1, 1, network),
    )


def room_of(frame: Frame) -> int:
    """Return how many places a newcomer has before she weighs less."""
    return min(NEW_PLACES, len(frame.places))


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    del plan
    later = turn(frame)
    cohort = Relation(
        "cohort",
        _COHORT,
        {"place_of": list(frame.place_of), "standing_of": list(STANDING_OF), "turn": later},
    )
    counts = range(1, len(frame.places) + 1)
    weights = [weight_of(count, room_of(frame)) for count in counts]
    return (
        Query(
            "returns-cell",
            _CELL,
            {"classes": len(CLASSES), "weights": weights, "turn": later},
            (cohort,),
        ),
        Query("returns-network", _NETWORK, {"turn": later}, (cohort,)),
    )


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the shares of newcomers that come back here, and that are not seen again anywhere."""
    cells, network = noised["returns-cell"], noised["returns-network"]
    counts = amounts(cells).reshape(-1, len(CLASSES))
    whole = share(amounts(network), sigma(network), (1,), (0, 1))
    back: list[Row] = []
    lost: list[Row] = []
    for place, own in zip(frame.places, counts, strict=True):
        back.append(((place,), share(own, sigma(cells), (HERE,), range(len(CLASSES)))))
        lost.append(((place,), share(own, sigma(cells), (LOST,), range(len(CLASSES)))))
    return (
        write(words.NETWORK, [(("network",), whole)]),
        write(words.BACK, back),
        write(words.LOST, lost),
    )
