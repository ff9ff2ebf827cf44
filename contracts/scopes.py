"""How the public ledger names what it charges: a season in total and one use of it, and the id of a charge."""

from typing import Final

from contracts.base import SeasonId, canonical, digest
from contracts.charter import Budget
from contracts.edition import ChargeRecord

USES: Final = ("observatory", "recommendation", "audiences")


def scope_of(season: SeasonId, use: str | None = None) -> str:
    """Return the ledger's name of a season, or of one use within it."""
    return f"season:{season}" if use is None else f"season:{season}/{use}"


def caps_of(budget: Budget) -> dict[str, tuple[int, int]]:
    """Return each scope's cap under a season's budget, in (micro-rho, pico-delta)."""
    return {
        scope_of(budget.season): (budget.total_rho_micro, budget.delta_pico),
        scope_of(budget.season, "observatory"): (budget.observatory_rho_micro, budget.delta_pico),
        scope_of(budget.season, "recommendation"): (
            budget.recommendation_rho_micro,
            budget.delta_pico,
        ),
        scope_of(budget.season, "audiences"): (budget.audiences_rho_micro, budget.delta_pico),
    }


def charge_sha256(record: ChargeRecord) -> str:
    """Return the id that *record* must carry: the digest of all its other fields."""
    return digest(canonical(record.model_dump(mode="json", exclude={"charge"})))
