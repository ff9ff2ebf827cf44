"""Lead time (Q01-Q03): how many days before the event people buy, by age, distance and discipline.

Question: les 18-25 ans qui habitent à moins de 20 km d'un musée d'art contemporain achètent-ils
leur billet combien de jours avant ? / How many days ahead do 18-25-year-olds living within 20 km
of a contemporary-art museum buy?

Keys: five age bands × five bands of distance from home to the venue × disciplines of the frame ×
eleven bins of days; public. Unknown age, distance or lead falls in no cell.

Bounds and sensitivity, add or remove one person_key with all her rows: she counts once in each
*different* cell that her visits fall in, n of them, with weight w = ⌊1000·min(1, √(c/n))⌋,
c = ``bounds.cells``. ``lead-time-cell``: squared norm n·w² ≤ c·10⁶, whatever her rows say. Nobody
else's weight moves, for n is hers alone.

Noise: discrete Gaussian, the whole rho on one vector; medians, quartiles and shares are read from
it at no cost.

Estimand: persons by cell, at most c whole cells in weight each: somebody who buys forty times at
the same delay counts once, and a very assiduous one weighs less in each cell. Intervals hold for
that law; sampling and coverage are not in them.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contracts.charter import MeasureSpec
from contracts.edition import Table
from contracts.visit import LEAD_CAP_DAYS, AgeBand, DistanceBand
from hub.measures import lead_words as words
from hub.measures.base import Query, Relation
from hub.measures.frame import DISCIPLINES, Frame
from hub.measures.shares import parts
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI, weight_of
from hub.privacy.intervals import Floats, Noisy, amounts, sigma
from hub.privacy.quantiles import Bins, quantile
from hub.privacy.values import Noised, VectorPlan

AGES: Final = tuple(band.value for band in AgeBand if band is not AgeBand.UNKNOWN)
DISTANCES: Final = tuple(band.value for band in DistanceBand if band is not DistanceBand.UNKNOWN)
FIRST_DAYS: Final = (0, 1, 2, 3, 4, 8, 15, 31, 61, 121, 241)
BINS: Final = Bins(FIRST_DAYS, (*(day - 1 for day in FIRST_DAYS[1:]), LEAD_CAP_DAYS))
CLASSES: Final = (("0", 0, 1), ("1-3", 1, 4), ("4-14", 4, 6), ("15-60", 6, 8), ("61+", 8, 11))
"""Name of a class of days, first bin and bin after the last: « J, J-1 à J-3… »."""
STATISTICS: Final = (("first-quartile", 0.25), ("median", 0.5), ("third-quartile", 0.75))
NEAR: Final = 2
"""Distance bands that are within 20 km."""

_CLASSED: Final = np.array(
    [[float(first <= b < after) for b in range(len(FIRST_DAYS))] for _, first, after in CLASSES]
)
_ENOUGH: Final = 3.0  # a detailed segment is written when its noisy size is so many σ

_CELLS = """
SELECT person_key, list(cell) AS cells
FROM (
    SELECT DISTINCT person_key,
           (((age * $distances + distance) * $disciplines + $position[discipline + 1]) * $bins
               + $bin_of[least(lead_days, $cap) + 1])::INTEGER AS cell
    FROM visit
    WHERE lead_days >= 0 AND age < $ages AND distance < $distances
      AND $position[discipline + 1] >= 0)
GROUP BY person_key
"""
_WEIGHED = """
SELECT person_key, unnest(cells) AS cell, $weights[len(cells)] AS weight FROM lead_cells
"""


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure."""
    days = tuple(str(day) for day in FIRST_DAYS)
    return (
        VectorPlan(
            name="lead-time-cell",
            keys=tuple(product(AGES, DISTANCES, frame.disciplines, days)),
            unit_milli=UNIT_MILLI,
            l2_sensitivity_squared=frame.bounds.cells * UNIT_MILLI**2,
            rho_micro=spec.rho_micro,
        ),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query; the weights cover as many cells as there are keys."""
    cells = range(1, len(plan[0].keys) + 1)
    weights = [weight_of(count, frame.bounds.cells) for count in cells]
    return (Query("lead-time-cell", _WEIGHED, {"weights": weights}, (_relation(frame),)),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return medians and quartiles, and the shares by class of days."""
    cells = noised["lead-time-cell"]
    shape = (len(AGES), len(DISTANCES), len(frame.disciplines), len(FIRST_DAYS))
    counts = amounts(cells).reshape(shape)
    spread = sigma(cells)
    return (
        write(words.NEAR, _near_rows(counts, spread, frame)),
        write(words.DISTANCE, _distance_rows(counts, spread)),
        write(words.SHARES, _share_rows(counts, spread, frame)),
        write(words.DETAIL, _detail_rows(counts, spread, frame)),
    )


def _relation(frame: Frame) -> Relation:
    """Return one row per person: her different cells."""
    known = {slug: place for place, slug in enumerate(frame.disciplines)}
    days = np.arange(LEAD_CAP_DAYS + 1)
    bins: NDArray[np.int64] = np.searchsorted(FIRST_DAYS, days, side="right") - 1
    return Relation(
        "lead_cells",
        _CELLS,
        {
            "ages": len(AGES),
            "distances": len(DISTANCES),
            "disciplines": len(frame.disciplines),
            "bins": len(FIRST_DAYS),
            "cap": LEAD_CAP_DAYS,
            "position": [known.get(slug, -1) for slug in DISCIPLINES],
            "bin_of": bins.tolist(),
        },
    )


def _gathered(segment: Floats, spread: float) -> tuple[Floats, float]:
    """Return the segment's histogram of days, and the noise of each of its bins."""
    cells = segment.reshape(-1, len(FIRST_DAYS))
    histogram: Floats = cells.sum(axis=0)
    return histogram, spread * float(np.sqrt(len(cells)))


def _quantile_rows(keys: tuple[str, ...], segment: Floats, spread: float) -> Iterator[Row]:
    counts, noise = _gathered(segment, spread)
    for statistic, share in STATISTICS:
        yield (*keys, statistic), quantile(counts, share, spread=noise, bins=BINS)


def _near_rows(counts: Floats, spread: float, frame: Frame) -> Iterator[Row]:
    for (i, age), (j, slug) in product(enumerate(AGES), enumerate(frame.disciplines)):
        yield from _quantile_rows((age, slug), counts[i, :NEAR, j], spread)


def _distance_rows(counts: Floats, spread: float) -> Iterator[Row]:
    for i, band in enumerate(DISTANCES):
        yield from _quantile_rows((band,), counts[:, i], spread)


def _detail_rows(counts: Floats, spread: float, frame: Frame) -> Iterator[Row]:
    """Only segments that are there beyond doubt, by their noisy size."""
    segments = product(enumerate(AGES), enumerate(DISTANCES), enumerate(frame.disciplines))
    least = _ENOUGH * spread * len(FIRST_DAYS) ** 0.5
    for (i, age), (j, band), (k, slug) in segments:
        if float(counts[i, j, k].sum()) >= least:
            yield from _quantile_rows((age, band, slug), counts[i, j, k], spread)


def _share_rows(counts: Floats, spread: float, frame: Frame) -> Iterator[Row]:
    everything = [("all", counts)]
    by_discipline = [(slug, counts[:, :, k]) for k, slug in enumerate(frame.disciplines)]
    for slug, segment in everything + by_discipline:
        histogram, noise = _gathered(segment, spread)
        noisy = Noisy(histogram, np.full(len(histogram), noise))
        for (name, _, _), found in zip(CLASSES, parts(_CLASSED, noisy), strict=True):
            yield (slug, name), found
