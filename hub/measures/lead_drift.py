"""Lead drift (Q04): have people come to buy later, or earlier, than the season before.

Question: le délai médian a-t-il raccourci par rapport à la saison précédente ? / Has the median lead
time shortened since last season?

Keys: the two seasons of the window × age bands with unknown × twenty-four bins of days; public.

Bounds and sensitivity, add or remove one person_key with all her rows: she counts once in each *different*
cell that her rows fall in, n of them, with w = ⌊1000·min(1, √(c/n))⌋, c = 2, or ``bounds.cells``
where that is less (``laws.once``).
- ``lead-drift-cell``: squared norm n·w² ≤ c·10⁶. Nobody else's weight moves, for n is hers alone. Remove
  one season of hers only: her cells of the other stay and weigh more; the plan doubles the square
  (``seasons.for_one_season``) and the ledger charges both seasons.

Noise: discrete Gaussian, the whole rho on one vector; medians and their difference are read from it.

Estimand: median delay of the later season less that of the earlier, persons by cell of known delay, at
most c whole cells in weight each. Its interval holds when both medians' do: each is taken at 97.5 %.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contracts.charter import MeasureSpec
from contracts.edition import Table
from contracts.visit import LEAD_CAP_DAYS, AgeBand
from hub.measures import lead_drift_words as words
from hub.measures.base import Parameter, Query
from hub.measures.frame import Frame
from hub.measures.laws import once
from hub.measures.seasons import seasons_of, turn
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.intervals import Floats, Interval, amounts, sigma, simultaneous
from hub.privacy.quantiles import Bins, quantile
from hub.privacy.values import Noised, VectorPlan

AGES: Final = tuple(band.value for band in AgeBand)
FIRST_DAYS: Final = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 21, 26, 31, 38, 46, 61, 76, 91, 121, 181, 241)  # fmt: skip
BINS: Final = Bins(FIRST_DAYS, (*(day - 1 for day in FIRST_DAYS[1:]), LEAD_CAP_DAYS))
"""Finer than those of ``lead_time``: fewer segments share the noise, and a drift is small."""
ALL: Final = "all"
CELLS: Final = 2
"""Cells of one person that count whole: most buy once or twice a season, and the noise is that of c."""
MEDIAN: Final = 0.5

_CELLS = """
SELECT person_key, (((event_day >= $turn)::INTEGER * $ages + age) * $bins
                    + $bin_of[least(lead_days, $cap) + 1])::INTEGER AS cell
FROM visit WHERE lead_days >= 0
"""


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure.

    Raises:
        ConfigError: the window does not read two seasons.
    """
    turn(frame)
    days = tuple(str(day) for day in FIRST_DAYS)
    keys = tuple(product(seasons_of(frame), AGES, days))
    room = room_of(frame) * UNIT_MILLI**2
    return (VectorPlan("lead-drift-cell", keys, UNIT_MILLI, room, spec.rho_micro),)


def room_of(frame: Frame) -> int:
    """Return how many cells a person fills before she weighs less."""
    return min(CELLS, frame.bounds.cells)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    days = np.arange(LEAD_CAP_DAYS + 1)
    bins: NDArray[np.int64] = np.searchsorted(FIRST_DAYS, days, side="right") - 1
    parameters: dict[str, Parameter] = {
        "turn": turn(frame),
        "ages": len(AGES),
        "bins": len(FIRST_DAYS),
        "bin_of": bins.tolist(),
        "cap": LEAD_CAP_DAYS,
    }
    rows = Query("lead-drift-cell", _CELLS, parameters)
    return (once(rows, cells=len(plan[0].keys), room=room_of(frame)),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the two medians of everybody, and the difference for everybody and each age."""
    cells = noised["lead-drift-cell"]
    counts = amounts(cells).reshape(2, len(AGES), len(FIRST_DAYS))
    every = counts.sum(axis=1)
    wide = sigma(cells) * len(AGES) ** 0.5
    medians: list[Row] = [
        ((season,), quantile(own, MEDIAN, spread=wide, bins=BINS))
        for season, own in zip(seasons_of(frame), every, strict=True)
    ]
    return write(words.MEDIANS, medians), write(words.DRIFT, _drifts(counts, sigma(cells), wide))


def _drifts(counts: Floats, spread: float, wide: float) -> Iterator[Row]:
    yield (ALL,), _drift(counts.sum(axis=1), wide)
    for place, age in enumerate(AGES[:-1]):
        yield (age,), _drift(counts[:, place], spread)


def _drift(both: Floats, spread: float) -> Interval:
    before, after = (
        quantile(own, MEDIAN, spread=spread, bins=BINS, z=simultaneous(2)) for own in both
    )
    return Interval(after.value - before.value, after.low - before.high, after.high - before.low)
