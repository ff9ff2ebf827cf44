"""EASE in closed form (Steck 2019) over few components, or over the whole matrix of a clear network."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from hub.recommend.observed import Floats, Observed
from hub.recommend.spectrum import Components

RIDGE: Final = 0.5  # of the mean popularity
LEAST_RIDGE: Final = 0.01  # likewise, of a whole matrix that hardly any noise covers
WHOLE_MATRIX_ITEMS: Final = 256  # items up to which the whole matrix may be used
WHOLE_MATRIX_ETA: Final = 0.2  # noise edge over mean popularity below which it is
CAUTION: Final = 1.5
"""Power of what the rest tells at which it enters: EASE inverts, so that noise let in costs more than what is left out."""
_NOTHING: Final = 1e-12
_TIE: Final = 1e-9


@dataclass(frozen=True)
class Weights:
    """score_j = Σ_i x_i · link_ij · scale_j / scale_i, link = factors·factorsᵀ or ``factors`` itself."""

    factors: Floats  # items × columns, or the symmetric link matrix
    scale: Floats  # items, of mean square one
    full: bool

    @property
    def matrix(self) -> Floats:
        """The weights from item i (row) to item j (column); its diagonal means nothing."""
        link = self.factors if self.full else self.factors @ self.factors.T
        weights: Floats = link * self.scale[None, :] / self.scale[:, None]
        return weights


def wants_whole_matrix(observed: Observed) -> bool:
    """Say whether the network is clear, of few enough items and of low noise: then what lies below the edge counts too."""
    return observed.items <= WHOLE_MATRIX_ITEMS and observed.eta < WHOLE_MATRIX_ETA


def low_rank(observed: Observed, kept: Components) -> Weights:
    """Return EASE's weights for G = W·Wᵀ + D, D = max(p - diag(W·Wᵀ), 0) + λ, by Woodbury's identity.

    P = G⁻¹ = D⁻¹ - S, S = D⁻¹W(I + WᵀD⁻¹W)⁻¹WᵀD⁻¹, so that -P_ij/P_jj = S_ij/P_jj off the diagonal.
    """
    ridge = RIDGE * observed.mean_popularity
    diagonal = np.maximum(observed.floored - kept.diagonal, 0.0) + ridge
    scaled = kept.factors / diagonal[:, None]
    inner = np.eye(kept.factors.shape[1]) + kept.factors.T @ scaled
    root = np.linalg.solve(np.linalg.cholesky(inner), scaled.T).T  # root·rootᵀ = S
    precision = 1.0 / diagonal - np.einsum("ij,ij->i", root, root)
    return _balanced(root, precision, full=False)


def whole(observed: Observed, kept: Components) -> Weights:
    """Return EASE's weights for G = W·Wᵀ, what it leaves as far as that tells, popularity and λ on the diagonal.

    The ridge stands against noise: λ goes down with what is left of it, to η of the mean popularity times that part.
    """
    low = kept.factors @ kept.factors.T
    told = told_by_the_rest(observed, low)
    entered = told**CAUTION
    gram = low + entered * (observed.pairs - low)
    ridge = min(RIDGE, max(LEAST_RIDGE, told * observed.eta)) * observed.mean_popularity
    more = np.maximum(low.diagonal() - observed.floored, 0.0)
    np.fill_diagonal(gram, observed.floored + (1.0 - entered) * more + ridge)
    values, vectors = np.linalg.eigh(gram)
    inverse = (vectors / np.maximum(values, ridge / 2.0)) @ vectors.T
    inverse = (inverse + inverse.T) / 2
    precision = inverse.diagonal().copy()
    np.fill_diagonal(inverse, 0.0)
    return _balanced(-inverse, precision, full=True)


def told_by_the_rest(observed: Observed, low: Floats) -> float:
    """Return what part of the pairs that *low* leaves is not noise, in [0, 1]: its mean square against σ².

    James and Stein 1961, positive part: nought where the rest is no more than the noise, one without noise.
    """
    rest = (observed.pairs - low)[~np.eye(observed.items, dtype=np.bool_)]
    square = float((rest**2).mean()) if rest.size else 0.0
    return max(1.0 - observed.sigma**2 / square, 0.0) if square > 0 else 0.0


def _balanced(link: Floats, precision: Floats, *, full: bool) -> Weights:
    """Return the weights with their units taken off: figures near one, that integers can hold."""
    root = np.sqrt(1.0 / np.maximum(precision, _NOTHING * precision.max()))
    scale = root / np.sqrt(np.mean(root**2))
    if full:
        return Weights(link * root[:, None] * root[None, :], scale, full=True)
    return Weights(_unrotated(link * root[:, None]), scale, full=False)


def _unrotated(factors: Floats) -> Floats:
    """Return the factors of the same products that do not depend on how they were computed.

    Eigenvectors turn and change sign from one linear algebra library to the next; the pivoted
    Cholesky factor of F·Fᵀ does not (the first of nearly equal pivots is taken), so that two
    machines round to the same integers.
    """
    rest, columns = factors.copy(), []
    start = float(np.einsum("ij,ij->i", rest, rest).max(initial=0.0))
    for _column in range(factors.shape[1]):
        sizes = np.einsum("ij,ij->i", rest, rest)
        most = float(sizes.max(initial=0.0))
        if most <= _NOTHING * start:
            break
        pivot = int(np.argmax(sizes >= most * (1.0 - _TIE)))
        direction = rest[pivot] / np.sqrt(sizes[pivot])
        column = rest @ direction
        rest = rest - np.outer(column, direction)
        columns.append(column)
    return np.column_stack(columns) if columns else np.zeros((len(factors), 0))
