"""What to expect of a model, from public figures: read in a table that was measured once, never on the data."""

from typing import Final

import numpy as np

from contracts.model import MICRO, MILLI, Card
from contracts.model_rules import ENOUGH_PEOPLE
from hub.recommend.fit import Fitted
from hub.recommend.observed import Observed

_ETAS: Final = (0.0, 0.13, 0.36, 1.06, 3.5)
_RETAINED: Final = (98.0, 96.5, 93.5, 83.0, 66.0)
"""NDCG@10 over the best non-private one, three visits known, on sparse people; docs/reference/figures.md, « Carte ».

The weights that bound a person cost a point or two where there is no noise to speak of; the last is popularity.
"""


def card_of(observed: Observed, fitted: Fitted, *, persons: float, kappa: float) -> Card:
    """Return the card.

    Args:
        observed: what the model was made from.
        fitted: what was made of it.
        persons: the edition's noisy count of distinct people.
        kappa: as ``kappa_of``.
    """
    eta = min(observed.eta, float(MICRO))
    personal = fitted.method != "popularity" and kappa >= ENOUGH_PEOPLE
    return Card(
        persons_milli=round(max(persons, 0.0) * MILLI),
        kappa_milli=round(kappa * MILLI),
        eta_micro=round(eta * MICRO),
        rank=fitted.rank,
        retained_percent=int(np.interp(eta, _ETAS, _RETAINED)),
        better_than_popularity=personal,
    )
