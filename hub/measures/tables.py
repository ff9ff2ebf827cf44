"""Write figures as the tables of an edition: whole numbers, an interval and words for each."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from contracts.edition import Estimate, Table
from hub.privacy.intervals import Interval, wording

_GRAIN: Final = {
    "persons": 1000,
    "visits": 1000,
    "percent": 100,
    "days": 100,
    "per-10000": 100,
    "score": 100,
    "points": 100,
}
"""Thousandths below which a figure of that unit is not written."""


@dataclass(frozen=True)
class Heading:
    """What stands above a table; the last column is the unit of the value, the others its keys."""

    table: str
    question: str
    title_fr: str
    title_en: str
    how_fr: str
    how_en: str
    columns: tuple[str, ...]
    estimand: str
    estimand_en: str

    @property
    def unit(self) -> str:
        """persons, visits, percent, days, per-10000 (of inhabitants), score (0 to 10) or points (of per cent)."""
        return self.columns[-1]


Row = tuple[tuple[str, ...], Interval]


def write(heading: Heading, rows: Iterable[Row]) -> Table:
    """Return the table in the order of *rows*: that of public keys, or of noisy values."""
    return Table(
        table=heading.table,
        question=heading.question,
        title_fr=heading.title_fr,
        title_en=heading.title_en,
        how_to_read_fr=heading.how_fr,
        how_to_read_en=heading.how_en,
        columns=list(heading.columns),
        estimand=heading.estimand,
        estimand_en=heading.estimand_en,
        rows=[_estimate(keys, interval, heading.unit) for keys, interval in rows],
    )


def _estimate(keys: tuple[str, ...], interval: Interval, unit: str) -> Estimate:
    grain = _GRAIN[unit]
    scale = 1000 / grain
    value = round(interval.value * scale)
    return Estimate(
        keys=list(keys),
        value_milli=value * grain,
        low_milli=min(math.floor(interval.low * scale), value) * grain,
        high_milli=max(math.ceil(interval.high * scale), value) * grain,
        wording=wording(interval, unit),
    )


def holding(value: float, interval: Interval) -> Interval:
    """Return the interval around another value, stretched to hold it."""
    return Interval(value, min(interval.low, value), max(interval.high, value))
