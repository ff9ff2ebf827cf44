"""The published rules of the five families and the five levels of affinity: whole numbers, no model, no secret."""

from collections.abc import Sequence
from typing import Final

ASSIDUOUS: Final = 2
"""Visits in each of two following seasons that make an assiduous person; else « profil insuffisant »."""
FAMILIES: Final = ("single", "anchored", "pair", "eclectic", "curious")
"""One discipline only; one first; two that go together; four or more of which none leads; all others."""
LEVELS: Final = ("only-a", "mostly-a", "both", "mostly-b", "only-b")
"""Of two disciplines: the first alone, above all the first, both alike, above all the second, the second alone."""

_MANY: Final = 4


def family(visits: Sequence[int]) -> str:
    """Return the family of an assiduous person.

    Args:
        visits: her visits of two seasons to each discipline, noughts or not, at least one above nought.
    """
    counts = sorted((count for count in visits if count), reverse=True)
    total = sum(counts)
    if len(counts) == 1:
        return "single"
    if 3 * counts[0] >= 2 * total:
        return "anchored"
    if 5 * (counts[0] + counts[1]) >= 4 * total:
        return "pair"
    return "eclectic" if len(counts) >= _MANY else "curious"


def affinity(a: int, b: int) -> str:
    """Return the level of somebody who saw the first discipline *a* times and the second *b* times, not both nought."""
    if not b or not a:
        return "only-a" if a else "only-b"
    if a >= 2 * b:
        return "mostly-a"
    return "mostly-b" if b >= 2 * a else "both"
