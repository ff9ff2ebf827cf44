"""The values that carry the promise: what is planned, what is exact, what may be published."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Keys = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class VectorPlan:
    """One vector to be drawn, from public constants only."""

    name: str
    keys: Keys
    unit_milli: int  # weight of one whole person or visit in the vector's integer units
    l2_sensitivity_squared: int  # in units², add or remove one person_key with all her rows
    rho_micro: int  # share of the measure's charge
    delta_pico: int = 0
    threshold: int | None = None  # of the noisy value; keys are then candidates
    max_cells: int = 1  # candidate keys that one person can reach; read with a threshold only

    def __post_init__(self) -> None:
        """Refuse a plan that would cost nothing or name a cell twice."""
        if self.l2_sensitivity_squared < 1 or self.rho_micro < 1:
            raise ValueError(f"vector {self.name}: sensitivity and rho must be at least 1")
        if len(set(self.keys)) != len(self.keys):
            raise ValueError(f"vector {self.name}: keys must be distinct")


@dataclass(frozen=True)
class Exact:
    """Exact integers, which never leave the vault process; made in ``hub.vault.scan`` alone."""

    name: str
    values: NDArray[np.int64]

    def __repr__(self) -> str:
        """Hide the values: an exact value in a log would be a disclosure."""
        return f"Exact({self.name!r}, …)"


@dataclass(frozen=True)
class Noised:
    """Integers that were paid for and drawn once; made in ``hub.privacy.noise`` alone."""

    plan: VectorPlan
    sigma_micro: int  # standard deviation of the noise, in millionths of a unit
    values: NDArray[np.int64]
