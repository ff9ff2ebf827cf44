"""Keep of a noisy symmetric matrix what stands above its noise: deflate, shrink, give the diagonal back."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from hub.recommend.observed import Floats, Observed

ROUNDS: Final = 2  # times that the diagonal, which nobody measured, is put back from the components
ENOUGH: Final = 8  # components from which the matrix speaks for itself, without deflation
EASED: Final = 0.9  # of the edge, then: the bulk's end is known better than each component
MOST: Final = 128  # components kept at most


@dataclass(frozen=True)
class Components:
    """A positive semi-definite matrix W·Wᵀ that the pairs support; ``found`` counts those above the noise."""

    factors: Floats  # W: items × columns
    found: int
    deflated: bool

    @property
    def diagonal(self) -> Floats:
        """The diagonal of W·Wᵀ."""
        diagonal: Floats = np.einsum("ij,ij->i", self.factors, self.factors)
        return diagonal


def components(observed: Observed) -> Components:
    """Return what stands above the noise edge of 2σ√n, popularity's own direction always.

    First with popularity's rank-one share taken off, so that with nothing above the noise the
    answer is popularity; when at least 8 components stand out, again without it.
    """
    direction = observed.floored / np.linalg.norm(observed.floored)
    share = popular_share(observed.pairs, direction)
    rest = observed.pairs - share * np.outer(direction, direction)
    np.fill_diagonal(rest, 0.0)
    kept = shrunk(rest, _margin(observed))
    if kept.shape[1] < ENOUGH:
        popular = np.sqrt(share) * direction[:, None]
        return Components(np.hstack([popular, kept]), kept.shape[1], deflated=True)
    kept = shrunk(observed.pairs, EASED * observed.edge)
    return Components(kept, kept.shape[1], deflated=False)


def popular_share(pairs: Floats, direction: Floats) -> float:
    """Return the least-squares α of pairs ≈ α·ppᵀ off the diagonal, nought at least."""
    squares = direction**2
    explained = float(direction @ pairs @ direction)
    weight = float(squares.sum() ** 2 - (squares**2).sum())
    return max(explained / weight, 0.0) if weight > 0 else 0.0


def shrunk(matrix: Floats, edge: float) -> Floats:
    """Return W with W·Wᵀ = Σ √(w² - edge²)·vvᵀ over the eigenvalues w above *edge*, 128 at most.

    The diagonal is unknown: it starts at nought and is put back twice from the components.
    Shrinkage after Donoho, Gavish and Johnstone (2018), at the edge of the noise.
    """
    filled = matrix.copy()
    for _round in range(ROUNDS):
        factors = _above(filled, edge)
        np.fill_diagonal(filled, np.einsum("ij,ij->i", factors, factors))
    return _above(filled, edge)


def _above(matrix: Floats, edge: float) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    first = max(int(np.searchsorted(values, edge, side="right")), len(values) - MOST)
    kept = values[first:]
    sizes = np.sqrt(np.maximum(kept**2 - edge**2, 0.0))
    factors: Floats = vectors[:, first:] * np.sqrt(sizes)
    return factors


def _margin(observed: Observed) -> float:
    """Return the edge with room for the greatest eigenvalue of a finite noise matrix (Tracy-Widom)."""
    return float(observed.edge * (1.0 + 1.5 * observed.items ** (-2 / 3)))
