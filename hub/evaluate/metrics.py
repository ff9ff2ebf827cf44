"""Quality of ranked lists on people held out: NDCG@10, Recall@20, hit@3, coverage@10."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.evaluate.sums import presence
from hub.evaluate.world import Floats, Integers

_TEN: Final = 10
_TWENTY: Final = 20
_THREE: Final = 3
_PEOPLE: Final = 4096  # judged together: a million scores or a few


@dataclass(frozen=True)
class Quality:
    """Means over people, in [0, 1]; coverage is the share of items in somebody's first ten."""

    ndcg: float
    recall: float
    hit: float
    coverage: float


@dataclass(frozen=True)
class Held:
    """People held out: what is shown of each, and what must be found; -1 pads both."""

    shown: Integers
    wanted: Integers

    def looked_at(self, items: int) -> Floats:
        """Return persons × items: what is shown."""
        return presence(self.shown, items).astype(np.float64)

    def part(self, some: slice) -> "Held":
        """Return these people alone."""
        return Held(self.shown[some], self.wanted[some])


def hold_out(tested: Integers, shown: int) -> Held:
    """Show the first visits of each person, and want the others found."""
    return Held(tested[:, :shown], tested[:, shown:])


def one_house(tested: Integers, house: Integers) -> Held:
    """Show what a house sees of each person, her visits to that of her first; want those elsewhere."""
    inside = (tested >= 0) & (house[tested] == house[tested[:, :1]])
    outside = (tested >= 0) & ~inside
    return Held(np.where(inside, tested, -1), np.where(outside, tested, -1))


def quality(scores: Floats, held: Held) -> Quality:
    """Return the quality of *scores* (persons × items), items shown left out.

    Raises:
        ValueError: nothing is wanted of anybody.
    """
    return _mean([_tallied(scores, held)])


def quality_of(weights: Floats, held: Held) -> Quality:
    """Return the quality of the scores that *weights* (items × items) give, a few thousand people at a time.

    Raises:
        ValueError: nothing is wanted of anybody.
    """
    parts = range(0, len(held.shown), _PEOPLE)
    return _mean([_tallied(*_scored(weights, held.part(slice(at, at + _PEOPLE)))) for at in parts])


def _scored(weights: Floats, held: Held) -> tuple[Floats, Held]:
    """Return the sums of the rows of *weights* that are shown of each person."""
    scores = np.zeros((len(held.shown), len(weights)))
    for column in held.shown.T:
        there = column >= 0
        scores[there] += weights[column[there]]
    return scores, held


@dataclass(frozen=True)
class _Tally:
    """Sums over people of whom something is wanted, and which items are in somebody's first ten."""

    persons: int
    ndcg: float
    recall: float
    hit: float
    listed: NDArray[np.bool_]


def _tallied(scores: Floats, held: Held) -> _Tally:
    count = scores.shape[1]
    shown, wanted = presence(held.shown, count) > 0, presence(held.wanted, count) > 0
    asked = wanted.sum(axis=1)
    kept = asked > 0
    ranked = np.argsort(-np.where(shown, -np.inf, scores)[kept], axis=1, kind="stable")[:, :_TWENTY]
    hits = np.take_along_axis(wanted[kept], ranked, 1).astype(np.float64)
    asked = asked[kept]
    gain = 1.0 / np.log2(np.arange(_TEN) + 2)
    ideal = np.cumsum(gain)[np.minimum(asked, _TEN) - 1]
    listed = np.zeros(count, dtype=np.bool_)
    listed[ranked[:, :_TEN]] = True
    return _Tally(
        persons=len(asked),
        ndcg=float((hits[:, :_TEN] @ gain[: hits.shape[1]] / ideal).sum()),
        recall=float((hits.sum(axis=1) / np.minimum(asked, _TWENTY)).sum()),
        hit=float(hits[:, :_THREE].any(axis=1).sum()),
        listed=listed,
    )


def _mean(tallies: list[_Tally]) -> Quality:
    persons = sum(each.persons for each in tallies)
    if not persons:
        raise ValueError(
            "Nobody to judge on: found no person of whom a visit is wanted, expected at least one. "
            "Hold out more people, or people of more visits."
        )
    return Quality(
        ndcg=sum(each.ndcg for each in tallies) / persons,
        recall=sum(each.recall for each in tallies) / persons,
        hit=sum(each.hit for each in tallies) / persons,
        coverage=float(np.any([each.listed for each in tallies], axis=0).mean()),
    )
