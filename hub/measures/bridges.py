"""Bridges (Q21): which programmes brought to a discipline people who saw others and not that one.

Question: quels spectacles ont fait venir vers la danse des personnes qui n'y allaient jamais ? / Which
events brought to dance people who never went?

Keys: disciplines of the frame × places × months of the window; public. A month of a place's programme in
one discipline, not the show: an event of which few would come has no honest figure of its own.

Bounds and sensitivity, add or remove one person_key with all her rows: for each discipline that she met
after another one, the place and month of her first visit to it in the window, n of them, unless that place
knew her; w = ⌊1000·min(1, √(c/n))⌋, c = ``bounds.cells`` (``laws.once``).
- ``bridges-cell``: w in each of n distinct cells. Squared norm n·w² ≤ c·10⁶. Nobody else's weight moves,
  for n is hers alone.

Noise: discrete Gaussian, the whole rho on one vector.

Estimand: distinct linked persons with consent to statistics whose first visit of the window to the
discipline was there and then, who had come to another discipline on an earlier day; whoever discovers more
than c disciplines weighs less. What is shown is chosen by noisy size, so its intervals hold together.
"""

from collections.abc import Mapping
from itertools import product
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.errors import ConfigError
from hub.measures import bridges_words as words
from hub.measures.assiduous import positions
from hub.measures.base import Parameter, Query
from hub.measures.frame import Frame
from hub.measures.laws import once
from hub.measures.season_spread import months
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.intervals import Z95, amounts, around, sigma, simultaneous
from hub.privacy.values import Noised, VectorPlan

TOP: Final = 5
"""Programmes of one discipline that are shown."""
_TWO: Final = 2

# Packed: day, place, and whether that place knew her (no = 1, in the order of contracts.visit.YesNo).
_ROWS = """
SELECT person_key, ((position * $places + place) * $months + month)::INTEGER AS cell
FROM (SELECT person_key, position, (packed >> 2) & 1023 AS place, packed >> 12 AS day,
             packed & 3 AS first_time, min(packed >> 12) OVER (PARTITION BY person_key) AS began,
             year(DATE '1970-01-01' + (packed >> 12)::INTEGER) * 12
                 + month(DATE '1970-01-01' + (packed >> 12)::INTEGER) - $first AS month
      FROM (SELECT person_key, $position[discipline + 1] AS position, discipline,
                   min((event_day::BIGINT << 12) | ($place_of[venue + 1] << 2) | first_time) AS packed
            FROM visit GROUP BY person_key, discipline))
WHERE position >= 0 AND day > began AND first_time <> 1 AND month BETWEEN 0 AND $months - 1
"""


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure.

    Raises:
        ConfigError: the network has one discipline: nothing leads from another to it.
    """
    if len(frame.disciplines) < _TWO:
        raise ConfigError("The network has one discipline; bridges need two at least.")
    keys = tuple(product(frame.disciplines, frame.places, months(frame)))
    room = frame.bounds.cells * UNIT_MILLI**2
    return (VectorPlan("bridges-cell", keys, UNIT_MILLI, room, spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    del plan
    parameters: dict[str, Parameter] = {
        "places": len(frame.places),
        "place_of": list(frame.place_of),
        "months": len(months(frame)),
        "first": frame.first_day.year * 12 + frame.first_day.month,
        "position": positions(frame),
    }
    rows = Query("bridges-cell", _ROWS, parameters)
    return (once(rows, cells=len(frame.disciplines), room=frame.bounds.cells),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the first programmes of each discipline, those that stand out from chance."""
    cells = noised["bridges-cell"]
    z, spread = simultaneous(len(cells.plan.keys)), sigma(cells)
    found: dict[str, list[Row]] = {slug: [] for slug in frame.disciplines}
    for key, value in zip(cells.plan.keys, amounts(cells).tolist(), strict=True):
        if value >= z * spread:
            found[key[0]].append((key, around(value, spread * z / Z95)))
    best = [row for rows in found.values() for row in sorted(rows, key=lambda r: -r[1].value)[:TOP]]
    return (write(words.BRIDGES, best),)
