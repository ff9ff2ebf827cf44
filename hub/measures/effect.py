"""What an offer changed, from noisy counts of two arms: a difference of shares whose two doubts are told apart.

A share's interval solves (x - p·n)² ≤ z²·(noise + chance), where noise = σ²·((1-p)² + p²) for x came and n - x did
not, both noisy, and chance = n·p·(1-p): with chance alone it is Wilson's (1927), with noise alone Fieller's (1954).
Two shares are subtracted by Newcombe's square-and-add (1998): each end takes the ends that lie on its side.
"""

import math
from dataclasses import dataclass
from typing import Final

from hub.privacy.intervals import Z95, Interval

Z_LIFT: Final = 2.0537
"""98 % quantile, for either end of a lift: wide enough that worlds without any effect alarm in less than one of
twenty at every size that was tried, where 1.96 gives one of twenty and, with few held out, a little more."""
_WHOLE = 100.0  # per cent


@dataclass(frozen=True)
class Group:
    """One arm: noisy numbers of who came and who did not, and the noise of each, in whole persons.

    People who weigh less than one count as fewer: what chance does to them is at most what is said here.
    """

    came: float
    stayed: float
    spread: float

    @property
    def size(self) -> float:
        """How many are in it."""
        return self.came + self.stayed


def rate(group: Group, *, noise: bool = True, chance: bool = True, z: float = Z95) -> Interval:
    """Return the share that came, in per cent, with the interval of the doubts that are asked for.

    Where noise may be all that there is, the interval is everything from 0 to 100.
    """
    x, n = group.came, group.size
    loud = (z * group.spread) ** 2 if noise else 0.0
    luck = z**2 * n if chance else 0.0
    a = n * n - 2 * loud + luck
    b = -2 * x * n + 2 * loud - luck
    c = x * x - loud
    value = min(max(x / n, 0.0), 1.0) if n > 0 else 0.5
    if n <= 0 or a <= 0 or (loud and n * n <= 2 * loud):
        return Interval(_WHOLE * value, 0.0, _WHOLE)
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    low, high = (min(max((-b + sign * root) / (2 * a), 0.0), 1.0) for sign in (-1, 1))
    return Interval(_WHOLE * value, _WHOLE * min(low, value), _WHOLE * max(high, value))


def lift(contacted: Group, held_out: Group, *, noise: bool = True, chance: bool = True) -> Interval:
    """Return the share that came of those written to less that of those held out, in points of per cent."""
    one, other = (
        rate(each, noise=noise, chance=chance, z=Z_LIFT) for each in (contacted, held_out)
    )
    value = one.value - other.value
    below = math.hypot(one.value - one.low, other.high - other.value)
    above = math.hypot(one.high - one.value, other.value - other.low)
    return Interval(value, max(value - below, -_WHOLE), min(value + above, _WHOLE))
