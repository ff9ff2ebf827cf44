"""The value under which a key that data chose stays unseen, from public constants only."""

import math
from statistics import NormalDist

from hub.privacy.budget import MICRO, PICO

_MARGIN = 0.99  # of delta is spent: OpenDP bounds the discrete law's tail from above, in floats


def threshold(unit: int, scale_micro: int, *, cells: int, delta_pico: int) -> int:
    """Return T such that no key held by one person alone shows, but with probability delta.

    One person brings at most *cells* new keys, each of value at most *unit*; a new key shows
    when noise exceeds T - unit. By the union bound, P[noise > T - unit] ≤ delta/cells is
    enough (Rogers 2023, arXiv 2309.09170). ``noise()`` holds the result against OpenDP's map.

    Args:
        unit: weight of one whole person, in the vector's integer units.
        scale_micro: noise standard deviation in millionths of a unit.
        cells: keys that one person can reach.
        delta_pico: the probability, in millionths of a millionth.

    Raises:
        ValueError: no delta was given to choose keys with.
    """
    if delta_pico < 1:
        raise ValueError("keys cannot be chosen from data without a delta")
    tail = -NormalDist().inv_cdf(_MARGIN * delta_pico / PICO / cells)
    return unit + math.ceil(tail * scale_micro / MICRO) + 1
