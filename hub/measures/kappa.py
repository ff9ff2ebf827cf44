"""The public rule by which the price of a model is split: the smaller the network, the more goes to popularity.

κ is people per place and unit of noise, N/(n·σ/Δ) = N·√(2ρ)/n, from the charter's own figures: never from data.
"""

import math
from typing import Final

from contracts.model import kappa_of
from hub.measures.frame import Frame
from hub.privacy.budget import MICRO, split

_SPLITS: Final = ((12.0, 30), (30.0, 15))
"""Under such a κ, hundredths of the price for popularity; where they come from: ADR 0031."""
_ELSE: Final = 5
_WHOLE: Final = 100


def kappa(frame: Frame, rho_micro: int) -> float:
    """Return κ of a network, by the number of people that its charter says it has."""
    return kappa_of(frame.persons, len(frame.places), math.sqrt(MICRO / (2 * rho_micro)))


def popularity_percent(known: float) -> int:
    """Return how many hundredths of the price popularity takes at a κ."""
    return next((share for under, share in _SPLITS if known < under), _ELSE)


def shared(frame: Frame, rho_micro: int) -> tuple[int, ...]:
    """Return the price of popularity, and that of the matrix."""
    popular = popularity_percent(kappa(frame, rho_micro))
    return split(rho_micro, (popular, _WHOLE - popular))
