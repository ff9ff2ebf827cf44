"""What was paid, as a value: no noise without it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Charge:
    """Proof that the ledger was charged and committed; made in ``hub.store.ledger`` alone."""

    charge: str  # 64 hex: id of the charge row
    edition: str
    measure: str
    rho_micro: int
    delta_pico: int
