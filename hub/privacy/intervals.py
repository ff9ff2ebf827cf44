"""95 % intervals for noisy integers and their ratios: noise and clipping included, sampling not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contracts.edition import COVERED, INDICATIVE, SURE, Wording
from hub.privacy.budget import MICRO, sigma_micro
from hub.privacy.values import Noised, VectorPlan

Z95: Final = 1.959964
"""97.5 % quantile of the normal law; a discrete Gaussian of scale ≥ 1 is as narrow or narrower."""
Z9875: Final = 2.241403
"""98.75 % quantile: for either of two one-sided bounds that hold together in 97.5 %."""

COUNTS: Final = ("persons", "visits", "per-10000")
Floats = NDArray[np.float64]

_SURE, _INDICATIVE = 0.10, 0.50  # farther end from the value, over the value
_SURE_POINTS, _INDICATIVE_POINTS = 3.0, 10.0  # the same for a share, in points of per cent
_SURE_SHARE = 0.50  # and no sure share may be half as much again: « 0,0 % » is never "presque sûr"
_SURE_MARK, _INDICATIVE_MARK = 0.2, 1.0  # of ten
_INDICATIVE_LIFT = 2.5  # points to either side: one still learns what the offer cannot have done
_SURE_DAYS, _INDICATIVE_DAYS = 0.5, 1.5  # good enough whatever the delay
_DAYS_APART = 4.0  # two neighbouring bins: from 3 to 7 days, or from 15 to 60, one can still act


@dataclass(frozen=True)
class Interval:
    """A figure and where the truth lies in 95 % of draws; in persons, visits, per cent or days."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse an interval that leaves its own value out."""
        if not self.low <= self.value <= self.high:
            raise ValueError("a value must lie inside its interval")


def sigma(noised: Noised) -> float:
    """Return the noise standard deviation in whole persons or visits."""
    return noised.sigma_micro / MICRO / noised.plan.unit_milli


def half_width(plan: VectorPlan) -> float:
    """Return what a cell's 95 % interval will be, ±, in persons: known before anything is paid."""
    return Z95 * sigma_micro(plan.l2_sensitivity_squared, plan.rho_micro) / MICRO / plan.unit_milli


def amounts(noised: Noised) -> Floats:
    """Return the noisy values in whole persons or visits."""
    return noised.values / noised.plan.unit_milli


def around(
    value: float, spread: float, *, inside: tuple[float, float] = (0.0, math.inf)
) -> Interval:
    """Return value ± 1.96 spread, cut to where the truth can be at all."""
    floor, ceiling = inside
    low = min(max(value - Z95 * spread, floor), ceiling)
    high = min(max(value + Z95 * spread, floor), ceiling)
    return Interval(min(max(value, low), high), low, high)


def simultaneous(figures: int) -> float:
    """Return the z of intervals that hold together for that many figures, in 95 % of draws.

    For figures that are chosen by their noisy size (a top ten): whichever are chosen, they hold.
    """
    return -NormalDist().inv_cdf(0.025 / figures)


def false_coverage(chosen: int, figures: int) -> float:
    """Return the z of the intervals of so many figures *chosen* of so many by their own noisy size.

    Of those that are told, 95 % hold on average (false coverage rate: Benjamini and Yekutieli, JASA 100, 2005), where
    ``simultaneous`` has all of them hold in 95 % of draws. The choice must look at each figure's own value alone, or
    at its rank among as many as are told in any case.
    """
    return -NormalDist().inv_cdf(0.025 * max(1, chosen) / figures)


@dataclass(frozen=True)
class Noisy:
    """Independent noisy values and their standard deviations."""

    values: Floats
    spread: Floats


def ratio(
    part: Sequence[float], whole: Sequence[float], noisy: Noisy, *, z: float = Z95
) -> Interval:
    """Return 100 · (part·values)/(whole·values) in per cent, with Fieller's interval in [0, 100].

    Fieller (1954): the ratios r for which (part - r·whole)·values is within 1.96 standard
    deviations of nought. It holds for any size of the denominator: when that is lost in the
    noise, the interval is all of [0, 100].

    Args:
        part: coefficients of the numerator over the noisy values.
        whole: coefficients of the denominator.
        noisy: the values, whole persons or visits.
        z: standard deviations to either side.
    """
    top, bottom, variance = np.asarray(part), np.asarray(whole), (z * noisy.spread) ** 2
    above, below = float(top @ noisy.values), float(bottom @ noisy.values)
    a = below**2 - float(variance @ bottom**2)
    b = -2 * (above * below - float(variance @ (top * bottom)))
    c = above**2 - float(variance @ top**2)
    if a <= 0 or below <= 0:
        value = min(max(100 * above / below, 0.0), 100.0) if below > 0 else 50.0
        return Interval(value, 0.0, 100.0)
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    low, high = (min(max(50 * (-b + sign * root) / a, 0.0), 100.0) for sign in (-1, 1))
    return Interval(min(max(100 * above / below, low), high), low, high)


def wording(interval: Interval, unit: str) -> Wording:
    """Return the words that go with a figure: they follow its distance to the farther end."""
    far, size = (
        max(interval.high - interval.value, interval.value - interval.low),
        abs(interval.value),
    )
    sure, indicative = _SURE * size, _INDICATIVE * size
    if unit == "percent":
        sure, indicative = min(_SURE_POINTS, _SURE_SHARE * size), _INDICATIVE_POINTS
    if unit == "points":  # a difference: what is asked of it is whether it is one
        return _of_difference(interval)
    if unit == "score":
        sure, indicative = _SURE_MARK, _INDICATIVE_MARK
    if unit == "days":
        sure, indicative = max(sure, _SURE_DAYS), max(indicative, _INDICATIVE_DAYS)
        near, away = sorted((abs(interval.low), abs(interval.high)))  # a drift may be negative
        if interval.low * interval.high >= 0 and away + 1 <= _DAYS_APART * (near + 1):
            indicative = max(indicative, far)  # bins of days widen fourfold in two steps
    if size == 0 and unit in COUNTS:
        return COVERED  # an interval cut at nought may look narrow: nought people is no find
    if far <= sure:
        return SURE
    return INDICATIVE if far <= indicative else COVERED


def _of_difference(interval: Interval) -> Wording:
    """Return the words of a difference: it is there when its interval leaves nought out."""
    if interval.low > 0 or interval.high < 0:
        return SURE
    narrow = interval.high - interval.low <= 2 * _INDICATIVE_LIFT
    return INDICATIVE if narrow else COVERED
