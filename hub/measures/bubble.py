"""The bubble index (Q26): does the network open up, what share of visits is outside one's usual discipline.

Question: le réseau ouvre-t-il ? Quelle part des visites se fait hors de la discipline habituelle de la
personne ? / Is the network opening up? What share of visits is outside a person's usual discipline?

Keys: disciplines of the public list that the network has, and others, × usual or outside; public.

Bounds and sensitivity, add or remove one person_key with all her rows, n visits of which t to the
discipline that she sees most (the first of the public list where several tie):
- ``bubble-cell``: o = ⌊1000·(n-t)/n⌋ outside and 1000-o in the usual one, both under that discipline.
  Squared norm o² + (1000-o)² ≤ 10⁶, for their sum is 1000. Nobody else's weight moves. Remove either
  season of hers only: she is not assiduous any more and her whole term goes, no more. The ledger charges
  both seasons.

Noise: discrete Gaussian, the whole rho on one vector.

Estimand: mean, over the distinct linked persons with consent to statistics who are assiduous (two visits
at least in each of two seasons), of the share of her visits outside her usual discipline: each person
counts as one, however often she comes.
"""

from collections.abc import Mapping
from itertools import product
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures import assiduous_words as words
from hub.measures.assiduous import positions, tastes
from hub.measures.base import Query
from hub.measures.frame import Frame
from hub.measures.seasons import turn
from hub.measures.shares import share
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.intervals import amounts, sigma
from hub.privacy.values import Noised, VectorPlan

OTHERS: Final = "others"
SIDES: Final = ("usual", "outside")

_CELL = """
SELECT person_key, cell + unnest([0, 1]) AS cell, unnest([$unit - outside, outside]) AS weight
FROM (SELECT person_key, 2 * $position[usual + 1] AS cell, $unit * (total - most) // total AS outside
      FROM (SELECT person_key, max(visits) AS most, sum(visits)::BIGINT AS total,
                   arg_max(discipline, (visits << 8) - discipline) AS usual
            FROM tastes GROUP BY person_key))
"""


def keys_of(frame: Frame) -> tuple[str, ...]:
    """Return the usual disciplines that are told apart."""
    return (*frame.disciplines, OTHERS)


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure.

    Raises:
        ConfigError: the window does not read two seasons.
    """
    turn(frame)
    keys = tuple(product(keys_of(frame), SIDES))
    return (VectorPlan("bubble-cell", keys, UNIT_MILLI, UNIT_MILLI**2, spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    del plan
    others = len(frame.disciplines)
    position = [others if place < 0 else place for place in positions(frame)]
    return (
        Query("bubble-cell", _CELL, {"position": position, "unit": UNIT_MILLI}, (tastes(frame),)),
    )


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the share of visits outside the usual discipline: of everybody, and by that discipline."""
    cells = noised["bubble-cell"]
    counts, spread = amounts(cells).reshape(-1, len(SIDES)), sigma(cells)
    every = share(counts.sum(axis=0), spread * len(counts) ** 0.5, (1,), (0, 1))
    rows: list[Row] = []
    for name, own in zip(frame.disciplines, counts, strict=False):
        rows.append(((name,), share(own, spread, (1,), (0, 1))))
    return write(words.BUBBLE, [(("network",), every)]), write(words.BUBBLES, rows)
