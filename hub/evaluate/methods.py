"""The methods compared, each a matrix of weights from what is known to what may be liked."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from hub.evaluate.sums import Sums
from hub.evaluate.world import Floats
from hub.recommend.category import lifts
from hub.recommend.ease import low_rank
from hub.recommend.fit import fit
from hub.recommend.observed import Observed
from hub.recommend.spectrum import Components

RIDGES: Final = (10.0, 30.0, 100.0, 300.0, 1000.0)
RANKS: Final = (8, 16, 32, 64, 128)
BLOCKS: Final = 30.0


def popularity(counts: Floats) -> Floats:
    """Return the same list for everybody."""
    return np.tile(counts, (len(counts), 1))


def without_privacy(raw: Sums) -> Iterator[tuple[str, Floats]]:
    """Yield the usual methods on exact, unclipped sums; ridges and ranks are theirs to choose."""
    yield "ItemKNN", _cosine(raw)
    for ridge in RIDGES:
        yield f"EASE {ridge:.0f}", ease(raw.pairs, raw.popularity, ridge)
    exact = Observed(raw.pairs, raw.popularity, 0.0, raw.categories)
    for rank in RANKS:
        if rank < len(raw.popularity):
            yield f"low-rank EASE {rank}", low_rank(exact, _leading(raw.pairs, rank)).matrix


def with_privacy(observed: Observed, kappa: float) -> Iterator[tuple[str, Floats]]:
    """Yield what can be made of the published figures; the last one is ours."""
    yield "popularity", popularity(observed.popularity)
    ridge = 2 * observed.edge
    yield "raw EASE", ease(observed.pairs, observed.floored, ridge)
    values, vectors = np.linalg.eigh(observed.pairs + np.diag(observed.floored))
    positive = (vectors * np.maximum(values, 0.0)) @ vectors.T
    yield "positive EASE", ease(positive - np.diag(positive.diagonal()), positive.diagonal(), ridge)
    between = lifts(observed, int(observed.categories.max()) + 1) if kappa < BLOCKS else None
    fitted = fit(observed, between)
    weights = fitted.weights
    yield "ours", popularity(observed.popularity) if weights is None else weights.matrix


def ease(pairs: Floats, diagonal: Floats, ridge: float) -> Floats:
    """Return EASE's weights by its definition (Steck 2019)."""
    inverse = np.linalg.inv(pairs + np.diag(np.maximum(diagonal, 0.0) + ridge))
    weights: Floats = -inverse / inverse.diagonal()[None, :]
    return weights


def _cosine(raw: Sums) -> Floats:
    size = np.sqrt(np.maximum(raw.popularity, 1.0))
    return raw.pairs / size[:, None] / size[None, :]


def _leading(pairs: Floats, rank: int) -> Components:
    filled = pairs.copy()
    for _round in range(3):
        values, vectors = np.linalg.eigh(filled)
        factors = vectors[:, -rank:] * np.sqrt(np.maximum(values[-rank:], 0.0))
        np.fill_diagonal(filled, np.einsum("ij,ij->i", factors, factors))
    return Components(factors, rank, deflated=False)
