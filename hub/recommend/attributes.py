"""What catalogue tags say of tastes: a place for small networks, and for shows that nobody has seen yet.

Each tag divides the items into groups (discipline and region, style…). A table counts, for each pair of
groups, the people who went to both; a person spreads one unit over the pairs that she makes, so that the
L2 norm of her part is at most 1 whatever she did (recommend: a category release). What follows is
post-processing of that table once it is noised.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from hub.recommend.observed import Floats

LEAST: Final = 0.1
MOST: Final = 10.0
"""Bounds of a lift: no tag settles everything."""
_TINY: Final = 1e-9
_FLAT: Final = 1e-3  # least variance of lifts: a table of noise is shrunk to chance, or nearly


@dataclass(frozen=True)
class Tagged:
    """One tag: the group of each item, and the noised table of its groups."""

    groups: np.ndarray[tuple[int], np.dtype[np.int64]]  # items → group
    table: Floats  # groups × groups, symmetric; off the diagonal, half of what the two groups share
    sigma: float  # of the noise of one unordered pair of groups


def lifts_of(tagged: Tagged, popularity: Floats) -> Floats:
    """Return how much more often than by chance people join two groups, groups × groups, shrunk to one.

    Each cell is pulled towards chance by its own noise against the spread of all cells (empirical
    Bayes; Efron and Morris 1973).
    """
    count = len(tagged.table)
    member = np.eye(count)[tagged.groups]
    chance = np.outer(popularity, popularity)
    np.fill_diagonal(chance, 0.0)
    expected = member.T @ chance @ member
    expected *= max(float(tagged.table.sum()), 0.0) / max(float(expected.sum()), _TINY)
    known = expected > _TINY  # a group of which nothing was seen says nothing
    expected = np.maximum(expected, _TINY)
    excess = np.where(known, tagged.table / expected - 1.0, 0.0)
    noise = np.where(np.eye(count) > 0, tagged.sigma, tagged.sigma / 2) / expected
    weight = 1.0 / np.maximum(noise, _TINY) ** 2
    weight = np.minimum(weight, 1.0 / _FLAT**2)
    spread = max(float(((excess**2 - noise**2) * weight).sum() / weight.sum()), _FLAT)
    lifts: Floats = np.clip(1.0 + excess * spread / (spread + noise**2), LEAST, MOST)
    return lifts


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
