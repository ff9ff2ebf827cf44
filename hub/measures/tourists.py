"""Visitors from afar (Q23): what share of visits is from over 100 km or abroad, in holidays and out.

Question: quelle part des visites vient de plus de 100 km ou de l'étranger, pendant et hors vacances
scolaires ? / What share of visits is from over 100 km or abroad, in and out of school holidays?

Keys: places of the frame × holidays or term (one class where the calendar is not known for the whole
window, or the charter keeps weeks only) × near, far, abroad, unknown; public.

Bounds and sensitivity, add or remove one person_key with all her rows: c visits, five at most, in
each cell; w = ⌊1000·min(1, √(b/Σc²))⌋ a visit, b = ``bounds.cells`` (``laws.counted``).
- ``tourists-cell``: squared norm Σc²·w² ≤ b·10⁶. Nobody else's weight moves, for c is hers alone.

Noise: discrete Gaussian, the whole rho on one vector.

Estimand: share of visits (a person, a venue, an event, a day) whose origin is known, five of one
person at most in a cell and whoever comes more than b times weighing less a visit. Far = the centre
of her postcode is more than 100 km from the venue; abroad = département 99 or a foreign country.
"""

import datetime as dt
from collections.abc import Mapping
from itertools import product
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from contracts.visit import DistanceBand
from hub.measures import holidays
from hub.measures import tourists_words as words
from hub.measures.base import Parameter, Query
from hub.measures.departements import ABROAD as ABROAD_CODE
from hub.measures.frame import Frame
from hub.measures.laws import counted
from hub.measures.shares import share, shares
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.intervals import Floats, amounts, sigma
from hub.privacy.values import Noised, VectorPlan

ORIGINS: Final = ("near", "far", "abroad", "unknown")
NEAR, FAR, ABROAD, UNKNOWN = range(4)
PERIODS: Final = ("holidays", "term")
ALWAYS: Final = ("all",)

_ORIGIN_OF: Final = [
    {DistanceBand.D100: FAR, DistanceBand.UNKNOWN: UNKNOWN}.get(band, NEAR) for band in DistanceBand
]
_ROWS = """
SELECT person_key, ((place * $periods + CASE WHEN $periods = 1 OR away THEN 0 ELSE 1 END) * 4
                   + origin)::INTEGER AS cell
FROM (SELECT person_key, $place_of[venue + 1] AS place,
             coalesce($away[greatest(event_day - $first + 1, 0)], 0) = 1 AS away,
             CASE WHEN departement = $abroad[1] OR country NOT IN ('', 'FR') THEN 2
                  ELSE $origin_of[distance + 1] END AS origin
      FROM visit)
"""


def periods(frame: Frame) -> tuple[str, ...]:
    """Return the periods that visits can be told apart by."""
    known = holidays.covers(frame.first_day, frame.last_day) and not frame.by_week
    return PERIODS if known else ALWAYS


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure."""
    keys = tuple(product(frame.places, periods(frame), ORIGINS))
    room = frame.bounds.cells * UNIT_MILLI**2
    return (VectorPlan("tourists-cell", keys, UNIT_MILLI, room, spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    del plan
    parameters: dict[str, Parameter] = {
        "place_of": list(frame.place_of),
        "periods": len(periods(frame)),
        "away": holidays.days(holidays.FIRST, holidays.LAST),
        "first": (holidays.FIRST - dt.date(1970, 1, 1)).days,
        "origin_of": _ORIGIN_OF,
        "abroad": [ABROAD_CODE],
    }
    return (counted(Query("tourists-cell", _ROWS, parameters), room=frame.bounds.cells),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the origins by period, the share from afar by place, and how many origins are known."""
    cells, names = noised["tourists-cell"], periods(frame)
    spread = sigma(cells)
    counts = amounts(cells).reshape(len(frame.places), len(names), len(ORIGINS))
    every = counts.sum(axis=0)
    wide = spread * len(frame.places) ** 0.5
    rows = [row for name, own in zip(names, every, strict=True) for row in _mix(name, own, wide)]
    if len(names) > 1:
        rows = [*_mix(ALWAYS[0], every.sum(axis=0), wide * len(names) ** 0.5), *rows]
    tables: list[tuple[list[Row], list[Row]]] = []
    for place, own in zip(frame.places, counts.sum(axis=1), strict=True):
        noise = spread * len(names) ** 0.5
        afar = share(own, noise, (FAR, ABROAD), (NEAR, FAR, ABROAD))
        known = share(own, noise, (NEAR, FAR, ABROAD), range(4))
        tables.append(([((place,), afar)], [((place,), known)]))
    return (
        write(words.PERIODS, rows),
        write(words.PLACES, [row for afar, _ in tables for row in afar]),
        write(words.KNOWN, [row for _, known in tables for row in known]),
    )


def _mix(period: str, counts: Floats, spread: float) -> list[Row]:
    """Return the origins of a period, known ones alone, which sum to 100."""
    found = shares(counts[:UNKNOWN], spread)
    return [((period, name), each) for name, each in zip(ORIGINS[:UNKNOWN], found, strict=True)]
