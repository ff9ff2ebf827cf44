"""How far two series of draws stand apart, and the least that chance leaves of it."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_NORMAL: Final = NormalDist()
_STEPS: Final = 60  # of bisection: to the last bit of a double


@dataclass(frozen=True)
class Apart:
    """μ of Gaussian differential privacy as drawn: by how many σ the best attacker tells two worlds apart."""

    mu: float
    low: float  # lower bound by the two means and the pooled deviation
    low_counted: (
        float  # lower bound by counting alone (Clopper and Pearson), whatever the law of the noise
    )


def apart(present: Floats, absent: Floats, alarm: float) -> Apart:
    """Return how far apart two series of one statistic are; a statistic that never moves tells nothing.

    Dong, Roth and Su (2019): ρ-zCDP by Gaussian noise is μ-GDP with μ = √(2ρ), and the likelihood ratio is
    the projection on the difference of the worlds, which is what both series hold.

    Args:
        present: the statistic of each draw with the person.
        absent: the statistic of each draw without her.
        alarm: probability of a bound above the truth, for this test alone.
    """
    count = len(present)
    spread = math.sqrt((present.var(ddof=1) + absent.var(ddof=1)) / 2)
    gap = float(present.mean() - absent.mean())
    if spread == 0:  # no noise at all: either nothing moves, or everything shows
        told = math.inf if gap else 0.0
        return Apart(told, told, told)
    mu = gap / spread
    deviation = math.sqrt(2 / count + mu**2 / (4 * count))
    return Apart(mu, mu + _NORMAL.inv_cdf(alarm) * deviation, _counted(present, absent, alarm))


def _counted(present: Floats, absent: Floats, alarm: float) -> float:
    """Choose a cut on one half of the draws, count on the other: Φ⁻¹(least hits) - Φ⁻¹(most false alarms)."""
    half = len(present) // 2
    cut = (present[:half].mean() + absent[:half].mean()) / 2
    hits, false = ((each[half:] > cut) for each in (present, absent))
    least = rarest(int(hits.sum()), len(hits), alarm / 2)
    most = 1 - rarest(int((~false).sum()), len(false), alarm / 2)
    if least <= 0 or most >= 1:
        return -math.inf
    return _NORMAL.inv_cdf(least) - _NORMAL.inv_cdf(most)


def rarest(found: int, of: int, alarm: float) -> float:
    """Return Clopper and Pearson's lower bound: the least probability that makes *found* successes no rarer than *alarm*."""
    if found == 0:
        return 0.0
    counts = np.arange(found, of + 1)
    ways = np.array([_ways(of, int(count)) for count in counts])
    low, high = 0.0, found / of
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        logs = ways + counts * math.log(middle) + (of - counts) * math.log1p(-middle)
        if float(np.exp(logs).sum()) < alarm:
            low = middle
        else:
            high = middle
    return low


def _ways(of: int, count: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(count + 1) - math.lgamma(of - count + 1)


def correlation(one: Floats, other: Floats) -> float:
    """Return Pearson's correlation of two series; 1 when a series never moves: that is no noise."""
    a, b = one - one.mean(), other - other.mean()
    size = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / size if size else 1.0


def quantile(alarm: float) -> float:
    """Return the z beyond which chance goes with that probability on either side."""
    return -_NORMAL.inv_cdf(alarm / 2)
