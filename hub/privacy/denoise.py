"""A noisy matrix of shared publics, denoised: better for ranking than for reading; post-processing, free.

Two views of what a cell should be. *Low rank*: what the whole matrix says along the few directions that
stand above its noise (hard threshold of Gavish and Donoho 2014). *Gravity and blocks*: what two
places' publics and the custom between their disciplines would give. The cell itself is then trusted as far
as cells depart from the view by more than noise explains (empirical Bayes). Which of them, or their mean,
is used is decided by thinning: fresh noise splits the noisy matrix in two whose noises are independent, one to
denoise and one to judge (Neufeld et al. 2024, arXiv 2301.07276). Nothing but noisy figures is read, and the
fresh noise is the same at every call. No interval is given here: none of a shrunk figure would hold.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.privacy.consistency import Floats

EDGE: Final = 2.309
"""Times σ√n: the hard threshold for a square matrix whose noise is known."""
SPLITS: Final = 4
_ROUNDS: Final = 3  # times that the diagonal, which nobody measured, is put back
_SURE: Final = 2.0  # standard deviations of its noise below which a block says « chance »
_SEED: Final = 20_260_901


@dataclass(frozen=True)
class NoisyPairs:
    """Noisy figures in whole persons: symmetric, nothing on the diagonal."""

    pairs: Floats  # places × places
    sigma: float  # of one cell
    popularity: Floats  # noisy people of each place
    blocks: NDArray[np.int64]  # the discipline of each place

    def __post_init__(self) -> None:
        """Refuse figures that do not belong together."""
        count = len(self.popularity)
        if self.pairs.shape != (count, count) or self.blocks.shape != (count,):
            raise ValueError("one line, one column, one public and one block for each place")
        if not np.array_equal(self.pairs, self.pairs.T) or self.pairs.diagonal().any():
            raise ValueError("the matrix must be symmetric, with nothing on its diagonal")


@dataclass(frozen=True)
class Denoised:
    """The matrix and the way that was chosen."""

    pairs: Floats
    way: str


def denoised(noisy: NoisyPairs) -> Denoised:
    """Return the matrix denoised by the way that thinning finds best; never negative."""
    best = min(WAYS, key=lambda way: _loss(noisy, WAYS[way]))
    return Denoised(_cut(WAYS[best](noisy)), best)


def low_rank(noisy: NoisyPairs) -> Floats:
    """Return the matrix drawn towards its directions above the noise."""
    edge = EDGE * noisy.sigma * np.sqrt(len(noisy.pairs))
    filled = noisy.pairs.copy()
    kept = np.zeros_like(filled)
    for _round in range(_ROUNDS):
        values, vectors = np.linalg.eigh(filled)
        above = np.abs(values) > edge
        kept = (vectors[:, above] * values[above]) @ vectors[:, above].T
        np.fill_diagonal(filled, np.maximum(kept.diagonal(), 0.0))
    return _towards(noisy, kept)


def gravity(noisy: NoisyPairs) -> Floats:
    """Return the matrix drawn towards popularity, times the custom between disciplines."""
    people = np.maximum(noisy.popularity, 1.0)
    chance = np.outer(people, people)
    np.fill_diagonal(chance, 0.0)
    total = max(float(noisy.pairs.sum()), 0.0)
    chance *= total / max(float(chance.sum()), 1.0)
    member = np.eye(int(noisy.blocks.max()) + 1)[noisy.blocks]
    expected, found = member.T @ chance @ member, member.T @ noisy.pairs @ member
    cells = member.T @ (1.0 - np.eye(len(people))) @ member
    spread = noisy.sigma * np.sqrt(cells * (1.0 + np.eye(len(cells))))
    lift = _shrunk_lift(found, expected, spread)
    return _towards(noisy, chance * (member @ lift @ member.T))


def both(noisy: NoisyPairs) -> Floats:
    """Return the mean of the two views."""
    return (low_rank(noisy) + gravity(noisy)) / 2


Way = Callable[[NoisyPairs], Floats]
WAYS: Final[dict[str, Way]] = {"both": both, "low-rank": low_rank, "gravity": gravity}


def _shrunk_lift(found: Floats, expected: Floats, spread: Floats) -> Floats:
    """Return the lift of each block over chance, less what its noise explains."""
    known = expected > 0
    excess = np.divide(found, expected, out=np.ones_like(found), where=known) - 1.0
    noise = np.divide(_SURE * spread, expected, out=np.zeros_like(found), where=known)
    explained = np.divide(noise**2, excess**2, out=np.ones_like(found), where=excess != 0)
    lift: Floats = np.maximum(1.0 + np.maximum(1.0 - explained, 0.0) * excess, 0.0)
    return lift


def _towards(noisy: NoisyPairs, view: Floats) -> Floats:
    """Return cells between the noisy ones and the view: the more trusted, the more cells depart from it.

    Departures are taken in proportion to the view: variance κ·view², κ from what noise leaves.
    """
    above = np.triu_indices(len(view), 1)
    size = np.maximum(view, 0.0)
    rest = (noisy.pairs - size)[above]
    weight = float((size[above] ** 2).sum())
    excess = float((rest**2).sum()) - noisy.sigma**2 * len(rest)
    kappa = max(excess, 0.0) / weight if weight > 0 else 0.0
    signal = kappa * size**2
    trust = signal / (signal + noisy.sigma**2)
    drawn: Floats = size + trust * (noisy.pairs - size)
    np.fill_diagonal(drawn, 0.0)
    return drawn


def _loss(noisy: NoisyPairs, way: Way) -> float:
    """Return how far a way, fed with one half of a split, is from the other half."""
    draw = np.random.default_rng(_SEED)
    total = 0.0
    for _split in range(SPLITS):
        fresh = np.triu(draw.normal(0.0, noisy.sigma, noisy.pairs.shape), 1)
        fresh = fresh + fresh.T
        # M + tZ and M - Z/t: t = 1/2 leaves most of the signal to the half that is denoised.
        half = replace(noisy, pairs=noisy.pairs + fresh / 2, sigma=noisy.sigma * np.sqrt(1.25))
        judge = noisy.pairs - 2 * fresh
        total += float(((_cut(way(half)) - judge) ** 2).sum())
    return total


def _cut(pairs: Floats) -> Floats:
    cut: Floats = np.maximum(pairs, 0.0)
    return cut
