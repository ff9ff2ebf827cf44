"""What catalogue tags say of tastes: a place for small networks, and for shows that nobody has seen yet.

Each tag divides the items into groups (discipline and region, style…). A table counts, for each pair of
groups, the people who went to both; a person spreads one unit over the pairs that she makes, so that the
L2 norm of her part is at most 1 whatever she did (recommend: a category release). What follows is
post-processing of that table once it is noised.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from hub.recommend.category import SURE
from hub.recommend.observed import Floats

LEAST: Final = 0.1
MOST: Final = 10.0
"""Bounds of a lift: no tag settles everything."""
_TINY: Final = 1e-9
_ROUNDS: Final = 20
_FLAT: Final = 1e-3  # least variance of lifts: a table of noise is shrunk to chance, or nearly


@dataclass(frozen=True)
class Tagged:
    """One tag: the group of each item, and the noised table of its groups."""

    groups: np.ndarray[tuple[int], np.dtype[np.int64]]  # items → group
    table: Floats  # groups × groups, symmetric; off the diagonal, half of what the two groups share
    sigma: float  # of the noise of one unordered pair of groups


def lifts_of(tagged: Tagged, popularity: Floats) -> Floats:
    """Return how much more often than by chance people join two groups, groups × groups, shrunk by the noise.

    A group with itself and two groups apart are two kinds of cells: people go back to what they like, whatever it is.
    Each cell is pulled towards the mean of its kind by its own noise against the spread of the kind (empirical Bayes;
    Efron and Morris 1973), and that mean towards chance by its own.
    """
    count = len(tagged.table)
    member = np.eye(count)[tagged.groups]
    chance = np.outer(popularity, popularity)
    np.fill_diagonal(chance, 0.0)
    expected = member.T @ chance @ member
    alone = np.eye(count, dtype=np.bool_)
    scale, doubt = _scale(tagged, expected, alone)
    lifts = np.ones((count, count))
    if doubt > 1.0 / SURE:  # the whole table may be noise
        return lifts
    expected *= scale
    known = expected > _TINY  # a group of which nothing was seen says nothing
    expected = np.maximum(expected, _TINY)
    noise = np.where(alone, tagged.sigma, tagged.sigma / 2) / expected
    for kind in (alone & known, ~alone & known):
        if kind.any():
            excess = tagged.table[kind] / expected[kind] - 1.0
            lifts[kind] += _shrunk(excess, noise[kind], doubt)
    clipped: Floats = np.clip(lifts, LEAST, MOST)
    return clipped


def _scale(
    tagged: Tagged, expected: Floats, alone: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
) -> tuple[float, float]:
    """Return what the table holds of *expected*, by least squares, and the relative standard error of it.

    The sum of all cells would be mostly noise where few shows say a tag; large cells tell more than empty ones.
    """
    often = np.where(alone, 1.0, 2.0)  # off the diagonal a cell stands twice, for half each time
    weight = max(float((often * expected**2).sum()), _TINY)
    scale = float((often * expected * tagged.table).sum()) / weight
    error = tagged.sigma / float(np.sqrt(weight))
    return scale, error / scale if scale > 0 else np.inf


def _shrunk(excess: Floats, noise: Floats, doubt: float) -> Floats:
    """Return cells of one kind, each between itself and their mean; rounds are counted, never waited for.

    Of what few noisy cells say of their spread, the chance part (one standard error) is taken off. *doubt* is the
    relative error that they share, of what is usual: their mean answers for it too.
    """
    spread = _FLAT
    for _round in range(_ROUNDS):
        weight = 1.0 / (spread + noise**2)
        mean = float((weight * excess).sum() / weight.sum())
        explained = SURE**2 * (1.0 / float(weight.sum()) + doubt**2) / max(mean**2, _TINY)
        mean *= max(1.0 - explained, 0.0)  # James and Stein 1961, positive part
        sure = weight**2 / float((weight**2).sum())
        found = float((sure * ((excess - mean) ** 2 - noise**2)).sum())
        spread = max(found - float(np.sqrt(2.0 * (sure**2 * noise**4).sum())), _FLAT)
    pulled: Floats = mean + (excess - mean) * spread / (spread + noise**2)
    return pulled


def together(tags: list[Tagged], popularity: Floats) -> Floats:
    """Return items × items: the product over tags of the lifts between the items' groups."""
    found = np.ones((len(popularity), len(popularity)))
    for tagged in tags:
        found *= lifts_of(tagged, popularity)[np.ix_(tagged.groups, tagged.groups)]
    return found


def scored(known: Floats, lifts: Floats, popularity: Floats) -> Floats:
    """Return persons × items: popularity times the lifts from what each person knows.

    Logarithms are added over √n of the n items known: n visits of one taste are not n proofs of it.
    """
    count = np.maximum(known.sum(axis=1, keepdims=True), 1.0)
    scores: Floats = np.exp(known @ np.log(lifts) / np.sqrt(count)) * popularity
    return scores


def popularity_by_tags(tags: list[Tagged], popularity: Floats, known: Floats) -> Floats:
    """Return popularity, where *known* is 0 from the items of the same groups: what a new show may expect."""
    guess = np.zeros(len(popularity))
    mean = float((popularity * known).sum() / max(float(known.sum()), 1.0))
    for tagged in tags:
        member = np.eye(len(tagged.table))[tagged.groups]
        size = known @ member
        own = np.divide((popularity * known) @ member, size, out=np.full(len(size), mean), where=size > 0)  # fmt: skip
        guess += np.log(np.maximum(own, 1.0))[tagged.groups]
    expected: Floats = np.exp(guess / max(len(tags), 1))
    return np.where(known > 0, popularity, expected)
