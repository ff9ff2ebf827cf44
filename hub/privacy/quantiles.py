"""Quantiles of a noisy histogram, with the interval in which the true one lies."""

import math
from dataclasses import dataclass

import numpy as np

from hub.privacy.consistency import onto_simplex
from hub.privacy.intervals import Z95, Floats, Interval


@dataclass(frozen=True)
class Bins:
    """Consecutive whole numbers: bin i holds those from ``first[i]`` to ``last[i]``."""

    first: tuple[int, ...]
    last: tuple[int, ...]


def quantile(
    counts: Floats, share: float, *, spread: float, bins: Bins, z: float = Z95
) -> Interval:
    """Return the least number below or at which *share* of the whole lies.

    The figure is read within its bin, as if people were spread evenly there. The interval is
    made of whole bins and inverts a test: bin b stays when the noisy counts allow, within 1.96
    standard deviations, that less than *share* lies before it and at least *share* up to it.
    Either side fails in 2.5 % of draws at the true bin, so the interval holds in 95 %, for any
    size of the counts; where they are lost in the noise it is the whole range.

    Args:
        counts: noisy counts of each bin.
        share: strictly between 0 and 1.
        spread: standard deviation of the noise of each count.
        bins: what each count is of.
        z: standard deviations to either side.
    """
    size = len(counts)
    below = np.cumsum(counts)
    excess = below - share * below[-1]
    taken = np.arange(1, size + 1)
    room = z * spread * np.sqrt((1 - share) ** 2 * taken + share**2 * (size - taken))
    reached = excess >= -room
    reached[-1] = True
    before = np.concatenate([[True], (excess <= room)[:-1]])
    kept = np.flatnonzero(reached & before)
    first, last = (int(kept[0]), int(kept[-1])) if len(kept) and below[-1] > 0 else (0, size - 1)
    low, high = float(bins.first[first]), float(bins.last[last])
    return Interval(min(max(_value(counts, share, bins), low), high), low, high)


def _value(counts: Floats, share: float, bins: Bins) -> float:
    total = float(counts.sum())
    if total <= 0:
        return 0.0
    clean = onto_simplex(counts, total)
    below = np.cumsum(clean)
    place = min(int(np.searchsorted(below, share * total)), len(clean) - 1)
    inside = (share * total - (below[place] - clean[place])) / max(float(clean[place]), 1e-9)
    width = bins.last[place] - bins.first[place]
    return float(bins.first[place] + math.floor(min(max(inside, 0.0), 1.0) * width))
