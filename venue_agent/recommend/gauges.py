"""What a run recommends, taken together: relevance, discoveries, variety, coverage, small houses, distance."""

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from venue_agent.recommend.dial import Items, Lists, small
from venue_agent.recommend.people import Floats
from venue_agent.recommend.ranks import PLACES, keys_of, value_of
from venue_agent.recommend.scores import Scorer


@dataclass(frozen=True)
class Gauges:
    """Shares are in [0, 1]; distance is kilometres from the house, on average."""

    people: int
    told: int  # items, all lists together
    relevance: float  # share of the relevance that the best lists without a dial would have
    discoveries: float  # share of items outside the person's habits
    variety: float  # share of pairs of one list that are of two disciplines
    coverage: float  # share of the network's places that somebody is told of
    gini: float  # of how often each place is told of: 0 all alike, 1 one alone
    small_houses: float  # share of items in the less popular half
    added_km: float

    def plain(self) -> dict[str, float]:
        """Return the figures by name, rounded."""
        return {name: round(float(value), 4) for name, value in asdict(self).items()}


def gauges(scorer: Scorer, lists: Lists, best: Lists, kilometres: Floats) -> Gauges:
    """Return the gauges of *lists*.

    Args:
        scorer: the model.
        lists: what people are told.
        best: the most relevant lists, without any dial.
        kilometres: from the house to each item.
    """
    items = lists.items[lists.told]
    counts = np.bincount(items, minlength=len(scorer.popularity)).astype(np.float64)
    total = max(len(items), 1)
    least = float(best.relevance.sum())
    return Gauges(
        people=len(lists.items),
        told=len(items),
        relevance=float(lists.relevance.sum()) / least if least else 0.0,
        discoveries=float(lists.discovery.sum()) / total,
        variety=_variety(scorer, lists),
        coverage=float((counts > 0).mean()),
        gini=_gini(counts),
        small_houses=float(small(scorer)[items].sum()) / total,
        added_km=float(kilometres[items].sum()) / total,
    )


def most_relevant(scores: Floats, length: int) -> Lists:
    """Return the lists by score alone."""
    return lists_of(keys_of(scores, length))


def lists_of(keys: Items) -> Lists:
    """Return the lists of the numbers that ``keys_of`` gives for scores."""
    found = value_of(keys)
    there = np.isfinite(found)
    relevance = np.divide(found, found[:, :1], out=np.zeros_like(found), where=there)
    return Lists(np.where(there, PLACES - (keys & PLACES), -1), relevance, np.zeros_like(there))


def _variety(scorer: Scorer, lists: Lists) -> float:
    kind = np.where(lists.told, scorer.discipline[np.maximum(lists.items, 0)], -1)
    apart = both = 0
    for a in range(kind.shape[1]):
        for b in range(a + 1, kind.shape[1]):
            there = (kind[:, a] >= 0) & (kind[:, b] >= 0)
            both += int(there.sum())
            apart += int((there & (kind[:, a] != kind[:, b])).sum())
    return apart / both if both else 0.0


def _gini(counts: NDArray[np.float64]) -> float:
    ordered = np.sort(counts)
    total = float(ordered.sum())
    if not total:
        return 0.0
    rank = np.arange(1, len(ordered) + 1)
    return float((2 * rank - len(ordered) - 1) @ ordered / (len(ordered) * total))
