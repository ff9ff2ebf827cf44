"""Places whose publics are alike and that do not share them yet: who could do something together."""

from typing import Final

import numpy as np

from hub.recommend.observed import Floats, Observed

MOST: Final = 3
ALIKE: Final = 0.3  # cosine of two places' ways with all the others


def allies(observed: Observed) -> list[list[int]]:
    """Return, for each place, at most three others, the most alike first.

    Alike: with the other places both share more, and less, than popularity would give. Not
    together yet: the two share no more people than popularity would give. All is read from
    published figures; a difference within the noise counts little, for it is divided by it.
    """
    chance = np.outer(observed.floored, observed.floored)
    np.fill_diagonal(chance, 0.0)
    total = float(observed.pairs.sum())
    if total <= 0 or observed.items <= MOST:
        return [[] for _ in range(observed.items)]
    chance *= total / float(chance.sum())
    spread = np.sqrt(observed.sigma**2 + np.maximum(chance, 1.0))
    ways = (observed.pairs - chance) / spread
    likeness = _likeness(ways)
    apart = (observed.pairs <= chance) & ~np.eye(observed.items, dtype=np.bool_)
    found = np.where(apart & (likeness >= ALIKE), likeness, -1.0)
    order = np.argsort(-found, axis=1, kind="stable")[:, :MOST]
    return [[int(j) for j in row if found[i, j] > 0] for i, row in enumerate(order)]


def _likeness(ways: Floats) -> Floats:
    """Return cosines between rows, what each says of the other of the two left out."""
    products = ways @ ways.T  # the diagonal of ways is nought: neither i nor j counts in (i, j)
    squares = (ways**2).sum(axis=1)
    left = np.maximum(squares[:, None] - ways**2, 0.0) * np.maximum(squares[None, :] - ways**2, 0.0)
    likeness: Floats = np.divide(products, np.sqrt(left), out=np.zeros_like(ways), where=left > 0)
    return likeness
