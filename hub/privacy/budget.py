"""Privacy loss as integers: what a measure's charge is split into, and the noise that a part buys."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from hub.errors import SensitivityBroken
from hub.privacy.values import VectorPlan

MICRO: Final = 10**6
PICO: Final = 10**12


def split(rho_micro: int, shares: Sequence[int]) -> tuple[int, ...]:
    """Return *rho_micro* cut in proportion to *shares*; the parts sum to the whole, never above.

    Raises:
        ValueError: the charge is too small to give each part one micro-rho.
    """
    whole = sum(shares)
    parts = [rho_micro * share // whole for share in shares]
    parts[0] += rho_micro - sum(parts)
    if min(parts) < 1:
        raise ValueError(f"a charge of {rho_micro} micro-rho cannot be split in {len(parts)}")
    return tuple(parts)


def sigma_micro(l2_sensitivity_squared: int, rho_micro: int) -> int:
    """Return the least noise scale, in millionths of a unit, such that sigma² ≥ Δ²/(2ρ).

    Bun and Steinke, "Concentrated Differential Privacy" (2016), proposition 1.6; integers
    alone, rounded up.
    """
    numerator = l2_sensitivity_squared * MICRO**3
    denominator = 2 * rho_micro
    return math.isqrt(-(-numerator // denominator) - 1) + 1


def check_covered(plans: Iterable[VectorPlan], *, rho_micro: int, delta_pico: int) -> None:
    """Check that the vectors of one measure cost, together, no more than its charge.

    Raises:
        SensitivityBroken: they cost more.
    """
    plans = tuple(plans)
    rho, delta = sum(p.rho_micro for p in plans), sum(p.delta_pico for p in plans)
    if rho > rho_micro or delta > delta_pico:
        raise SensitivityBroken(
            "The vectors cost {rho} micro-rho and {delta} pico-delta; {rho_micro} and {delta_pico} were "
            "charged. Split the charge again.",
            rho=rho,
            delta=delta,
            rho_micro=rho_micro,
            delta_pico=delta_pico,
        )
