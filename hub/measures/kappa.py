"""The public rule by which the price of a model is split: the smaller the network, the more goes to popularity.

κ is people per place and unit of noise, N/(n·σ/Δ) = N·√(2ρ)/n, from the charter's own figures: never from data.
"""

import math
from typing import Final

from contracts.model_rules import kappa_of, popularity_percent
from hub.measures.frame import Frame
from hub.privacy.budget import MICRO, split

_WHOLE: Final = 100


def kappa(frame: Frame, rho_micro: int) -> float:
    """Return κ of a network, by the number of people that its charter says it has."""
    return kappa_of(frame.persons, len(frame.places), math.sqrt(MICRO / (2 * rho_micro)))


def shared(frame: Frame, rho_micro: int) -> tuple[int, ...]:
    """Return the price of popularity, and that of the matrix."""
    popular = popularity_percent(kappa(frame, rho_micro))
    return split(rho_micro, (popular, _WHOLE - popular))
