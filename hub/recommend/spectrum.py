"""Keep of a noisy symmetric matrix what stands above its noise: deflate, shrink, give the diagonal back."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from hub.recommend.leading import LARGE, leading
from hub.recommend.observed import Floats, Observed

ROUNDS: Final = 2  # times that the diagonal, which nobody measured, is put back from the components
ENOUGH: Final = 8  # components from which the matrix speaks for itself, without deflation
EASED: Final = 0.9  # of the edge, then: the bulk's end is known better than each component
MOST: Final = 128  # components kept at most
SPARE: Final = 32  # and looked for besides, so that the last ones kept are right

Spectrum = tuple[Floats, Floats]
"""The greatest eigenvalues, ascending, and their vectors in columns."""


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


def components(observed: Observed, lifts: Floats | None = None) -> Components:
    """Return what stands above the noise edge of 2σ√n, popularity's own direction always.

    First with what popularity alone would give taken off (times the lifts between disciplines,
    where they are known), so that with nothing above the noise the answer is that; when at least 8
    components stand out, again without it. Nine that stand out before are eight after, for popularity is one
    direction (Cauchy's interlacing): then nothing is taken off at all.
    """
    whole = None
    if lifts is None:
        whole = leading(observed.pairs, min(MOST + SPARE, observed.items))
        if int((whole[0] > _margin(observed)).sum()) > ENOUGH:
            kept = shrunk(observed.pairs, EASED * observed.edge, known=whole)
            return Components(kept, kept.shape[1], deflated=False)
    known = np.ones((1, 1)) if lifts is None else lifts
    of = np.zeros(observed.items, dtype=np.int64) if lifts is None else observed.categories
    direction = observed.floored / np.linalg.norm(observed.floored)
    expected = direction[:, None] * _root(known)[of]  # items × columns, its products are the lifts'
    share = explained_share(observed.pairs, expected @ expected.T)
    rest = observed.pairs - share * (expected @ expected.T)
    np.fill_diagonal(rest, 0.0)
    kept = shrunk(rest, _margin(observed), enough=ENOUGH if lifts is None else None)
    if lifts is not None or kept.shape[1] < ENOUGH:
        return Components(
            np.hstack([np.sqrt(share) * expected, kept]), kept.shape[1], deflated=True
        )
    kept = shrunk(observed.pairs, EASED * observed.edge, known=whole)
    return Components(kept, kept.shape[1], deflated=False)


def explained_share(pairs: Floats, expected: Floats) -> float:
    """Return the least-squares α of pairs ≈ α·expected off the diagonal, nought at least."""
    off = ~np.eye(len(pairs), dtype=np.bool_)
    weight = float((expected[off] ** 2).sum())
    return max(float((expected[off] * pairs[off]).sum()) / weight, 0.0) if weight > 0 else 0.0


def _root(matrix: Floats) -> Floats:
    """Return R with R·Rᵀ the positive part of a symmetric matrix."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    root: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
    return root


def shrunk(
    matrix: Floats, edge: float, *, enough: int | None = None, known: Spectrum | None = None
) -> Floats:
    """Return W with W·Wᵀ = Σ √(w² - edge²)·vvᵀ over the eigenvalues w above *edge*, 128 at most.

    The diagonal is unknown: it starts at nought and is put back twice from the components.
    Shrinkage after Donoho, Gavish and Johnstone (2018), at the edge of the noise. With *enough*
    columns it stops: a diagonal put back only adds to them. *known* is the matrix's own spectrum, where
    somebody has it already.
    """
    filled, columns = matrix.copy(), min(MOST + SPARE, len(matrix))
    found = known or leading(filled, columns)
    for _round in range(ROUNDS):
        factors = _above(found, edge)
        if enough is not None and factors.shape[1] >= enough:
            return factors
        np.fill_diagonal(filled, np.einsum("ij,ij->i", factors, factors))
        if len(filled) > LARGE:  # a diagonal put back adds a few components, not twice as many
            columns = min(columns, 2 * factors.shape[1] + SPARE)
        found = leading(filled, columns, found[1][:, -columns:])
    return _above(found, edge)


def _above(found: Spectrum, edge: float) -> Floats:
    values, vectors = found
    first = max(int(np.searchsorted(values, edge, side="right")), len(values) - MOST)
    kept = values[first:]
    sizes = np.sqrt(np.maximum(kept**2 - edge**2, 0.0))
    factors: Floats = vectors[:, first:] * np.sqrt(sizes)
    return factors


def _margin(observed: Observed) -> float:
    """Return the edge with room for the greatest eigenvalue of a finite noise matrix (Tracy-Widom)."""
    return float(observed.edge * (1.0 + 1.5 * observed.items ** (-2 / 3)))
