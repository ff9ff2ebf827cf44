"""First times (Q05, Q06): who is new to a place, and who of these the network knew already.

Question: quelle part des personnes de la saison vient pour la première fois dans ce lieu ? Parmi ces
nouvelles, quelle part est déjà venue dans un autre lieu du réseau ? / What share of this season's
people is new to this place? Of those newcomers, what share had already visited another place?

Keys: places of the frame × known, new here and seen elsewhere before, new here only, unknown; public.

Bounds and sensitivity, add or remove one person_key with all her rows, m places read (at most 32), in
each of them exactly one class, by her own rows alone, weight w = ⌊1000·min(1, √(k/m))⌋,
k = ``bounds.venues``:
- ``firsts-cell``: w in each of m distinct cells. Squared norm m·w² ≤ k·10⁶. Nobody else's weight
  moves, for m is hers alone.

Noise: discrete Gaussian, the whole rho on one vector: two questions for one price.

Estimand: share of each place's distinct linked persons with consent to statistics; whoever goes to
more than k places weighs less. New = on the day of her first visit of the window no venue of the place
knew her, in the history that it keeps and may send (36 months at most); where it cannot tell, she is
left out of the shares, and a table says how many are not. Seen elsewhere = her first visit of the
window to another place is earlier, or that place knew her already. In a group of venues, by the venue
where she came first.
"""

from collections.abc import Mapping
from itertools import product
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures import firsts_words as words
from hub.measures.base import Parameter, Query
from hub.measures.frame import Frame
from hub.measures.reach import clip
from hub.measures.relations import arrivals, bounded
from hub.measures.shares import share
from hub.measures.tables import Heading, Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.intervals import amounts, sigma
from hub.privacy.values import Noised, VectorPlan

CLASSES: Final = ("known", "new-elsewhere", "new-only", "unknown")
KNOWN, ELSEWHERE, ONLY, UNKNOWN = range(4)

# Another place saw her before when its first day of the window is earlier, or when it knew her on that
# day: what it knew her by is then before the window. She is new here, so a place that knew her is another.
_CLASSED = """
SELECT person_key, place,
       CASE standing
           WHEN 0 THEN 0
           WHEN 1 THEN CASE WHEN day > min(day) OVER mine OR count(*) FILTER (standing = 0) OVER mine > 0
                            THEN 1 ELSE 2 END
           ELSE 3 END AS class
FROM arrivals WINDOW mine AS (PARTITION BY person_key)
"""
_CELL = f"""
SELECT person_key, (place * $classes + class)::INTEGER AS cell, weight
FROM (SELECT person_key, ((item >> 16) & 1023)::INTEGER AS place, weight
      FROM (SELECT person_key, unnest(items) AS item, $weights[len(items)] AS weight FROM bounded))
JOIN ({_CLASSED}) USING (person_key, place)
"""  # noqa: S608 - our text twice, bound values


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure."""
    keys = tuple(product(frame.places, CLASSES))
    room = clip(frame).l2_squared
    return (VectorPlan("firsts-cell", keys, UNIT_MILLI, room, spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    del plan
    parameters: dict[str, Parameter] = {
        "weights": list(clip(frame).weights),
        "classes": len(CLASSES),
    }
    return (Query("firsts-cell", _CELL, parameters, (bounded(frame), arrivals(frame))),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return, for each place, the new, those of them seen elsewhere, and how many it can tell of."""
    cells = noised["firsts-cell"]
    counts = amounts(cells).reshape(-1, len(CLASSES))
    asked: tuple[tuple[Heading, tuple[int, ...], tuple[int, ...]], ...] = (
        (words.NEW, (ELSEWHERE, ONLY), (KNOWN, ELSEWHERE, ONLY)),
        (words.ELSEWHERE, (ELSEWHERE,), (ELSEWHERE, ONLY)),
        (words.TOLD, (KNOWN, ELSEWHERE, ONLY), (KNOWN, ELSEWHERE, ONLY, UNKNOWN)),
    )
    tables = []
    for heading, part, whole in asked:
        rows: list[Row] = [
            ((place,), share(own, sigma(cells), part, whole))
            for place, own in zip(frame.places, counts, strict=True)
        ]
        tables.append(write(heading, rows))
    return tuple(tables)
