"""Bars of the public page: a figure and its interval, placed on one scale that always holds zero."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.edition import COVERED, Estimate


@dataclass(frozen=True)
class Bar:
    """A bar from zero and its interval, in a box 100 units wide; below zero it runs to the left."""

    x: float
    width: float
    low: float
    high: float
    zero: float = 0.0
    cut_low: bool = False  # the interval goes on beyond the box
    cut_high: bool = False


@dataclass(frozen=True)
class Scale:
    """Thousandths to hundredths of the box; zero is always in it."""

    least: int
    most: int

    @classmethod
    def of(cls, drawn: Sequence[Estimate]) -> "Scale":
        """Return the scale that fits the rows of a chart."""
        # A row that says nothing must not squeeze the others: its value counts, not its interval.
        told = [r for r in drawn if r.wording != COVERED] or drawn
        ends = [r.value_milli for r in drawn] + [r.high_milli for r in told]
        starts = [r.value_milli for r in drawn] + [r.low_milli for r in told]
        return cls(min(0, *starts), max(0, *ends)) if drawn else cls(0, 0)

    def at(self, milli: int) -> float:
        """Return where a figure stands, from 0 to 100."""
        width = self.most - self.least
        return round(max(0, min(100, 100 * (milli - self.least) / width)), 2) if width > 0 else 0.0

    def bar(self, row: Estimate) -> Bar:
        """Return the bar of one figure."""
        zero, value = self.at(0), self.at(row.value_milli)
        left, right = min(zero, value), max(zero, value)
        return Bar(
            x=left,
            width=round(right - left, 2),
            low=self.at(row.low_milli),
            high=self.at(row.high_milli),
            zero=zero,
            cut_low=row.low_milli < self.least,
            cut_high=row.high_milli > self.most,
        )
