"""Shares read from noisy counts: of a whole that they make up, or of a part in a whole."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from hub.measures.tables import holding
from hub.privacy.consistency import sum_to
from hub.privacy.intervals import Floats, Interval, Noisy, ratio

_TENTHS: Final = 1000  # of one per cent in the whole: figures are written to 0.1 %


def shares(counts: Floats, spread: float) -> list[Interval]:
    """Return each count over their sum, in per cent; the figures sum to 100 exactly.

    Args:
        counts: noisy, in whole persons or visits.
        spread: standard deviation of the noise of each.
    """
    return parts(np.eye(len(counts)), Noisy(counts, np.full(len(counts), spread)))


def parts(coefficients: Floats, noisy: Noisy) -> list[Interval]:
    """Return parts of their sum, in per cent; the figures sum to 100 exactly.

    Args:
        coefficients: one line a part, over the noisy values; the whole is the sum of the lines.
        noisy: the values, in whole persons or visits.
    """
    whole = coefficients.sum(axis=0).tolist()
    found = [ratio(part.tolist(), whole, noisy) for part in coefficients]
    values: Floats = np.array([interval.value for interval in found]) * (_TENTHS / 100)
    return [
        holding(float(tenth) / (_TENTHS / 100), interval)
        for tenth, interval in zip(sum_to(values, _TENTHS), found, strict=True)
    ]


def share(counts: Floats, spread: float, part: Sequence[int], whole: Sequence[int]) -> Interval:
    """Return the sum of some counts over that of others, in per cent.

    Args:
        counts: noisy, in whole persons or visits.
        spread: standard deviation of the noise of each.
        part: positions that make the numerator.
        whole: positions that make the denominator.
    """
    top, bottom = np.zeros(len(counts)), np.zeros(len(counts))
    top[list(part)], bottom[list(whole)] = 1.0, 1.0
    noisy = Noisy(counts, np.full(len(counts), spread))
    return ratio(top.tolist(), bottom.tolist(), noisy)
