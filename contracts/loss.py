"""What a privacy loss in zCDP means as (ε, δ): for reading on pages and in terminals, never for accounting."""

import math
from typing import Final

MICRO: Final = 10**6
PICO: Final = 10**12
STEPS: Final = 200


def display_delta_pico(persons_bound: int, charged_delta_pico: int = 0) -> int:
    """Return the δ at which ε is shown, in millionths of a millionth, at least one.

    It is what 1/(10 × the public bound on persons) leaves once the δ charged by thresholds is
    taken off, so that all of them together keep under that promise.
    """
    return max(1, PICO // (10 * persons_bound) - charged_delta_pico)


def epsilon(rho_micro: int, delta_pico: int) -> float:
    """Return the ε, at *delta_pico*, of a loss of *rho_micro*.

    Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy" (2020), proposition 7: the least
    bound over α > 1, found by ternary search on ln(α − 1), in which the bound has one valley.

    Raises:
        ValueError: δ is not strictly between 0 and 1.
    """
    if not 0 < delta_pico < PICO:
        raise ValueError("delta must be strictly between 0 and 1")
    rho, log_delta = rho_micro / MICRO, math.log(delta_pico / PICO)
    low, high = -8.0, 20.0
    for _ in range(STEPS):
        third = (high - low) / 3
        if _bound(rho, log_delta, low + third) < _bound(rho, log_delta, high - third):
            high -= third
        else:
            low += third
    return max(0.0, _bound(rho, log_delta, low))


def _bound(rho: float, log_delta: float, log_excess: float) -> float:
    excess = math.exp(log_excess)  # α − 1
    alpha = 1 + excess
    return rho * alpha - (log_delta + math.log(alpha)) / excess + math.log(excess / alpha)
