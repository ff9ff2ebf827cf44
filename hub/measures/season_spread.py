"""Season spread (Q22): which months and days of the week the network fills, and where it is hollow.

Question: quels mois et quels jours de la semaine le réseau remplit-il, et où restent les creux ? /
Which months and days of the week does the network fill, and where are the troughs?

Keys: months of the window × days of the week (one class where the charter keeps weeks only); public.
Hours never leave a venue.

Bounds and sensitivity, add or remove one person_key with all her rows: c visits, five at most, in
each cell; w = ⌊1000·min(1, √(b/Σc²))⌋ a visit, b = ``bounds.cells`` (``laws.counted``).
- ``season-spread-cell``: squared norm Σc²·w² ≤ b·10⁶. Nobody else's weight moves, for c is hers alone.

Noise: discrete Gaussian, the whole rho on one vector; months and days are sums of its cells.

Estimand: share of visits (a person, a venue, an event, a day), five of one person at most in a cell
and whoever comes more than b times weighing less a visit.
"""

from collections.abc import Mapping
from itertools import product
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures import season_words as words
from hub.measures.base import Query
from hub.measures.frame import Frame
from hub.measures.laws import counted
from hub.measures.shares import shares
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.intervals import Floats, amounts, sigma
from hub.privacy.values import Noised, VectorPlan

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK: Final = ("week",)
"""The one class of days of a charter that keeps the Monday of each week only."""

_ROWS = """
SELECT person_key, (month * $days + day)::INTEGER AS cell
FROM (SELECT person_key, (year(date) * 12 + month(date) - $first) AS month,
             CASE WHEN $days = 1 THEN 0 ELSE isodow(date) - 1 END AS day
      FROM (SELECT person_key, DATE '1970-01-01' + event_day AS date FROM visit))
WHERE month BETWEEN 0 AND $months - 1
"""


def months(frame: Frame) -> tuple[str, ...]:
    """Return the months that the window touches, as ``2025-09``."""
    first, last = (day.year * 12 + day.month - 1 for day in (frame.first_day, frame.last_day))
    return tuple(f"{month // 12}-{month % 12 + 1:02d}" for month in range(first, last + 1))


def days(frame: Frame) -> tuple[str, ...]:
    """Return the classes of days."""
    return WEEK if frame.by_week else WEEKDAYS


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure."""
    keys = tuple(product(months(frame), days(frame)))
    room = frame.bounds.cells * UNIT_MILLI**2
    return (VectorPlan("season-spread-cell", keys, UNIT_MILLI, room, spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    del plan
    first = frame.first_day.year * 12 + frame.first_day.month
    parameters = {"first": first, "months": len(months(frame)), "days": len(days(frame))}
    rows = Query("season-spread-cell", _ROWS, {**parameters})
    return (counted(rows, room=frame.bounds.cells),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the shares of visits by month, by day of the week, and by both."""
    cells = noised["season-spread-cell"]
    names, classes, spread = months(frame), days(frame), sigma(cells)
    counts = amounts(cells).reshape(len(names), len(classes))
    by_month = write(words.MONTHS, _rows(names, counts.sum(axis=1), spread * len(classes) ** 0.5))
    if frame.by_week:
        return (by_month,)
    by_day = write(words.WEEKDAYS, _rows(classes, counts.sum(axis=0), spread * len(names) ** 0.5))
    both = shares(counts.ravel(), spread)
    return by_month, by_day, write(words.BOTH, zip(product(names, classes), both, strict=True))


def _rows(names: tuple[str, ...], counts: Floats, spread: float) -> list[Row]:
    return [((name,), found) for name, found in zip(names, shares(counts, spread), strict=True)]
