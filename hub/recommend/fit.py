"""From noisy pairs to weights, by constants that are fixed here and tuned on nobody's data."""

from dataclasses import dataclass

import numpy as np

from contracts.model import Method
from hub.recommend.ease import Weights, low_rank, wants_whole_matrix, whole
from hub.recommend.observed import Floats, Observed
from hub.recommend.spectrum import components


@dataclass(frozen=True)
class Fitted:
    """How scores are made; no weights when nothing stands above the noise."""

    method: Method
    rank: int  # components above the noise
    weights: Weights | None


def fit(observed: Observed, lifts: Floats | None = None) -> Fitted:
    """Return spectral low-rank EASE; the whole matrix of a clear network; popularity when all is noise.

    Args:
        observed: noisy pairs and popularity.
        lifts: between disciplines, where the network is too small for its pairs to speak alone.
    """
    told = None if lifts is None or np.allclose(lifts, 1.0) else lifts
    kept = components(observed, told)
    if wants_whole_matrix(observed):
        return Fitted("full-rank", kept.found, whole(observed, kept))
    if (kept.found == 0 and told is None) or not np.isfinite(observed.eta):
        return Fitted("popularity", 0, None)
    return Fitted("spectral", kept.found, low_rank(observed, kept))
