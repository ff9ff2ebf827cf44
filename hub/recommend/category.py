"""How much more often than by chance people go from one discipline to another, from the noisy pairs alone."""

from typing import Final

import numpy as np

from hub.recommend.observed import Floats, Observed

SURE: Final = 2.0  # standard deviations of its noise below which a block says « chance »


def lifts(observed: Observed, categories: int) -> Floats:
    """Return the lift of each pair of categories over popularity alone, shrunk towards one.

    Sum of a block of the noisy matrix over what popularity would put there, the total being the
    same. The block's noise is known (σ√cells): what it explains is taken off (positive-part
    shrinkage, after James and Stein 1961). Free: it reads what was published.
    """
    member = np.eye(categories)[observed.categories]  # items × categories
    chance = np.outer(observed.floored, observed.floored)
    np.fill_diagonal(chance, 0.0)
    total = float(observed.pairs.sum())
    if total <= 0:
        return np.ones((categories, categories))
    expected = member.T @ (chance * (total / float(chance.sum()))) @ member
    found = member.T @ observed.pairs @ member
    cells = member.T @ (1.0 - np.eye(observed.items)) @ member
    spread = observed.sigma * np.sqrt(
        cells * (1.0 + np.eye(categories))
    )  # there, a cell counts twice
    known = expected > 0
    excess = np.divide(found, expected, out=np.ones_like(found), where=known) - 1.0
    noise = np.divide(spread, expected, out=np.zeros_like(found), where=known)
    explained = np.divide(
        (SURE * noise) ** 2, excess**2, out=np.ones_like(found), where=excess != 0
    )
    return np.maximum(1.0 + np.maximum(1.0 - explained, 0.0) * excess, 0.0)
