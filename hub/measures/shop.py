"""The shop's forecast (Q12): where the visitors of a month come from, as the same month told last time.

Question: quelle sera la provenance (département, pays) des visiteurs du mois prochain ? / Where will next
month's visitors come from?

Keys: months of the window × the public list of départements, with abroad and unknown.

Bounds and sensitivity, add or remove one person_key with all her rows: she counts once in each month of
hers, n of them, under one département (the least of hers), with w = ⌊1000·min(1, √(c/n))⌋,
c = ``bounds.cells`` (``laws.once``).
- ``shop-cell``: w in each of n distinct cells. Squared norm n·w² ≤ c·10⁶.
- ``shop-month``: w in each of n distinct cells. Squared norm n·w² ≤ c·10⁶.
Nobody else's weight moves, for n is hers alone.

Noise: discrete Gaussian on each vector, rho shared 85/15.

Estimand: share of the month's distinct linked persons with consent to statistics, by département, whoever
comes in more than c months weighing less. Read as a forecast: the coming month is taken for the same month
of the window. The three first are chosen by their noisy size, so their intervals hold together.
"""

from collections.abc import Mapping
from itertools import product
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures import shop_words as words
from hub.measures.base import Parameter, Query
from hub.measures.frame import Frame
from hub.measures.laws import once
from hub.measures.provenance import Whole, home, leading
from hub.measures.season_spread import months
from hub.measures.tables import write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.budget import split
from hub.privacy.intervals import amounts, sigma
from hub.privacy.values import Noised, VectorPlan

TOP: Final = 3

_SHARES = (85, 15)
_MONTHS = """
SELECT person_key, ({cell})::INTEGER AS cell
FROM (SELECT person_key, year(date) * 12 + month(date) - $first AS month, home
      FROM (SELECT person_key, DATE '1970-01-01' + event_day AS date, home
            FROM visit JOIN home USING (person_key)))
WHERE month BETWEEN 0 AND $months - 1
"""


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the two vectors: people by month and département, and by month."""
    cells, month = split(spec.rho_micro, _SHARES)
    room = frame.bounds.cells * UNIT_MILLI**2
    keys = tuple(product(months(frame), frame.departements))
    names = tuple((name,) for name in months(frame))
    return (
        VectorPlan("shop-cell", keys, UNIT_MILLI, room, cells),
        VectorPlan("shop-month", names, UNIT_MILLI, room, month),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    del plan
    count, room = len(months(frame)), frame.bounds.cells
    first = frame.first_day.year * 12 + frame.first_day.month
    parameters: dict[str, Parameter] = {"first": first, "months": count}
    homes: dict[str, Parameter] = {"homes": len(frame.departements)}
    by_home = _MONTHS.format(cell="month * $homes + home")
    cells = Query("shop-cell", by_home, parameters | homes, (home(frame),))
    month = Query("shop-month", _MONTHS.format(cell="month"), parameters, (home(frame),))
    return once(cells, cells=count, room=room), once(month, cells=count, room=room)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return, for each month, its three first départements and the rest, in per cent."""
    month = noised["shop-month"]
    whole = Whole(months(frame), amounts(month), sigma(month))
    return (write(words.SHOP, leading(noised["shop-cell"], whole, len(frame.departements), TOP)),)
