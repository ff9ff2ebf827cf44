"""The reciprocity ledger (Q30): visits that each house's letters brought to each partner, and each house's balance.

Question: qui envoie et qui reçoit des publics ? / Who sends audiences, who receives them?

Keys: ordered pairs (place that answered a request, place of the partner) of the operations whose campaign lies in
the window; public, as their orders are. A pair of two houses of one cluster is none.

Bounds and sensitivity, add or remove one person_key with all her rows, visits and activations alike: t visits of hers
that the letters of one place brought to another, five at most for a pair; w = ⌊1000·min(1, √(c/Σt²))⌋ a visit,
c = ``bounds.cells`` (``laws.counted``):
- ``reciprocity-visit``: squared norm Σt²·w² ≤ c·10⁶, over all houses and operations together.
A visit counts once: for the house that wrote to her last before it. Which one depends on her rows alone, so
nobody else's weight moves.

Noise: discrete Gaussian, the whole rho on one vector. The budget's share of audiences pays.

Estimand: visits to the partner of distinct linked persons with consent to statistics, from the day of a letter to the
campaign's end. They came after it, not always because of it: the lift (``cooperation``) tells that. Sent and received
are sums of the same cells, so that balances cancel out exactly.
"""

import math
from collections.abc import Mapping
from itertools import product
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures import reciprocity_words as words
from hub.measures.base import Parameter, Query
from hub.measures.frame import Frame
from hub.measures.laws import counted
from hub.measures.operations import CONTACTED, OUTSIDE, calendar, partner_places, source_places
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.intervals import amounts, around, sigma
from hub.privacy.values import Noised, VectorPlan

_EVERYWHERE: Final = (-math.inf, math.inf)

# The last letter before a visit is the greatest of day, priority and place, packed in that order: 64 bits of
# priority and 10 of place.
_ROWS = """
SELECT person_key, cell
FROM (SELECT person_key, $cell_of[source * $places + place + 1] AS cell, unnest(range(visits))
      FROM (SELECT seen.person_key, seen.place, any_value(seen.visits) AS visits,
                   (max(letter.packed) % 1024)::INTEGER AS source
            FROM (SELECT person_key, $place_of[venue + 1] AS place, event_day, count(*) AS visits
                  FROM visit GROUP BY person_key, place, event_day) AS seen
            JOIN (SELECT person_key, event_day AS since, $partner[operation + 1] AS place,
                         $until[operation + 1] AS until,
                         event_day::HUGEINT * 18889465931478580854784 + priority::HUGEINT * 1024
                             + $place_of[venue + 1] AS packed
                  FROM activation
                  WHERE arm = $contacted AND $partner[operation + 1] >= 0
                      AND $place_of[venue + 1] <> $partner[operation + 1]) AS letter
                ON letter.person_key = seen.person_key AND letter.place = seen.place
                AND seen.event_day BETWEEN letter.since AND letter.until
            GROUP BY seen.person_key, seen.place, seen.event_day))
WHERE cell >= 0
"""


def routes(frame: Frame) -> list[tuple[int, int]]:
    """Return each pair of places by which an operation could send visits: source, partner."""
    found = {
        (source, partner)
        for operation, partner in zip(frame.operations, partner_places(frame), strict=True)
        for source in source_places(operation, frame)
        if partner not in (OUTSIDE, source)
    }
    return sorted(found)


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure; none where no operation could send a visit."""
    keys = tuple((frame.places[a], frame.places[b]) for a, b in routes(frame))
    if not keys:
        return ()
    room = frame.bounds.cells * UNIT_MILLI**2
    return (VectorPlan("reciprocity-visit", keys, UNIT_MILLI, room, spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    known = {route: cell for cell, route in enumerate(routes(frame))}
    places = len(frame.places)
    parameters: dict[str, Parameter] = {
        **calendar(frame),
        "cell_of": [known.get(each, -1) for each in product(range(places), range(places))],
        "places": places,
        "contacted": CONTACTED,
    }
    rows = Query("reciprocity-visit", _ROWS, parameters)
    return tuple(counted(rows, room=frame.bounds.cells) for _ in plan)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the visits sent from house to house, and each house's balance: received less sent."""
    cells = noised["reciprocity-visit"]
    counts, spread = amounts(cells).tolist(), sigma(cells)
    sent: list[Row] = [
        (key, around(count, spread)) for key, count in zip(cells.plan.keys, counts, strict=True)
    ]
    balance: list[Row] = []
    for place in frame.places:
        ends = [(b == place) - (a == place) for a, b in cells.plan.keys]
        touched = sum(map(abs, ends))
        if touched:
            value = sum(end * count for end, count in zip(ends, counts, strict=True))
            wide = spread * math.sqrt(touched)
            balance.append(((place,), around(value, wide, inside=_EVERYWHERE)))
    return write(words.SENT, sent), write(words.BALANCE, balance)
