"""The public rules of a model: how its price is shared, and what its lists may keep, by κ.

κ is people per item and unit of noise; the figures were measured once (docs/reference/figures.md).
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from contracts.model import MICRO, MILLI, Model

ENOUGH_PEOPLE: Final = 8.0
"""κ below which nothing is called personal."""
FEW: Final = 12.0
"""κ below which tags tell more than pairs."""
ALONE: Final = 30.0
"""κ above which pairs need no help, from disciplines or tags."""

_POPULAR: Final = ((ENOUGH_PEOPLE, 95), (FEW, 30), (ALONE, 15))
"""κ below which popularity takes so many hundredths of a model's own price."""
_OTHERWISE: Final = 5
_TAGGED: Final = ((FEW, 70), (ALONE, 30))
"""κ below which tags take so many hundredths of what they and pairs cost together; nothing above."""


def popularity_percent(kappa: float) -> int:
    """Return how many hundredths of a model's own price go to popularity at a κ: the public rule (ADR 0031).

    Below ``ENOUGH_PEOPLE`` a model is popularity, and says so: pairs are drawn, for its shape, and hardly paid.
    """
    return next((share for under, share in _POPULAR if kappa < under), _OTHERWISE)


def tags_percent(kappa: float) -> int:
    """Return how many hundredths of what tags and a model's own pairs cost together go to tags at a κ."""
    return next((share for under, share in _TAGGED if kappa < under), 0)


_BY_TAGS: Final = ((0.0, 65.0), (1.1, 78.0), (3.3, 84.0), (33.0, 88.0))
"""κ, and NDCG@10 over the best non-private one of lists by tags that every show says; docs/reference/figures.md."""
_BY_SHARE: Final = ((0.0, 0.0), (0.25, 0.08), (0.5, 0.28), (0.75, 0.66), (1.0, 1.0))
"""Part of shows that say a tag, and part of that gain which is had: less than in proportion, for a pair needs both."""
_MEASURED_AXES: Final = 2
_MEASURED_SHARE: Final = 0.7


def retained_with_tags(model: Model) -> tuple[int, int] | None:
    """Return what lists of shows may keep, in percent of the best non-private one, and how many shows in a hundred say a tag.

    Between the card's own figure, where no catalogue says more than a discipline, and what was measured where each
    does. None where tags promise no more than the card, or the model has none.
    """
    said = model.tags
    whole = sum(said.events) if said else 0
    if said is None or not whole:
        return None
    tagged = [sum(map(sum, axis.shown)) for axis in said.axes if axis.axis != "discipline"]
    share = min(max(tagged, default=0) / whole, 1.0)
    rho = said.rho_micro / MICRO / _MEASURED_SHARE * _MEASURED_AXES / len(said.axes)
    kappa = kappa_of(model.card.persons_milli / MILLI, len(model.items), (2 * rho) ** -0.5)
    own = model.card.retained_percent
    found = round(own + _between(share, _BY_SHARE) * (_between(kappa, _BY_TAGS) - own))
    return (found, round(100 * share)) if found > own else None


def _between(at: float, table: Sequence[tuple[float, float]]) -> float:
    for (low, less), (high, more) in pairwise(table):
        if at < high:
            return less + (at - low) / (high - low) * (more - less)
    return float(table[-1][1])


def kappa_of(persons: float, items: int, multiplier: float) -> float:
    """Return κ, people per item and unit of noise: N / (n·σ/Δ).

    Args:
        persons: N, as a charter or a noisy count says it; below nought is none.
        items: n, places or shows.
        multiplier: σ/Δ of the matrix, √(1/2ρ) of what it costs.
    """
    return max(persons, 0.0) / (items * multiplier)
