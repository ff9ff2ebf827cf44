"""The public rule by which the price of a model is split: the smaller the network, the more goes to popularity.

κ is people per place and unit of noise, N/(n·σ/Δ) = N·√(2ρ)/n, from the charter's own figures: never from data.
"""

import math
from typing import Final

from hub.measures.frame import Frame
from hub.privacy.budget import MICRO, split

_SPLITS: Final = ((12.0, 30), (30.0, 15))
"""Under such a κ, hundredths of the price for popularity (Study of 2026: sparse people, 20 to 2,000 items)."""
_ELSE: Final = 5
_WHOLE: Final = 100


def kappa(frame: Frame, rho_micro: int) -> float:
    """Return κ of a network, by the number of people that its charter says it has."""
    return frame.persons * math.sqrt(2 * rho_micro / MICRO) / len(frame.places)


def popularity_percent(known: float) -> int:
    """Return how many hundredths of the price popularity takes at a κ."""
    return next((share for under, share in _SPLITS if known < under), _ELSE)


def shared(frame: Frame, rho_micro: int) -> tuple[int, ...]:
    """Return the price of popularity, and that of the matrix."""
    popular = popularity_percent(kappa(frame, rho_micro))
    return split(rho_micro, (popular, _WHOLE - popular))
