"""How the public ledger names what it charges: a season in total and one use of it, and the id of a charge."""

from collections.abc import Collection, Iterator
from typing import Final

from contracts.base import SeasonId, Slug, canonical, digest
from contracts.charter import Budget, MeasureSpec
from contracts.edition import ChargeRecord
from contracts.phrase import Phrase

CEILING_MICRO: Final = 250_000
"""Micro-rho that one person and season may cost at most, all uses together: ε 3.54 at δ 10⁻⁶."""
USES: Final = ("observatory", "recommendation", "audiences")
OF_AUDIENCES: Final = frozenset({"cooperation", "reciprocity"})
"""Measures that say what came of partners' requests: the share of audiences pays for them."""

OF_RECOMMENDATION: Final = frozenset({"tags", "model-pairs"})
"""Measures made for the recommendation model alone: its own share pays for them."""


def use_of(measure: Slug) -> str:
    """Return the use of the budget that pays for a measure, whatever edition holds it."""
    if measure in OF_RECOMMENDATION:
        return "recommendation"
    return "audiences" if measure in OF_AUDIENCES else "observatory"


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


def overdrawn(budget: Budget, measures: Collection[MeasureSpec]) -> Iterator[str]:
    """Yield why *measures*, all that editions plan to draw from a season, cost more than its budget."""
    rho = {use: sum(m.rho_micro for m in measures if use_of(m.measure) == use) for use in USES}
    if rho["observatory"] > budget.observatory_rho_micro:
        yield Phrase(
            "the editions that read {season} cost more rho than its observatory budget",
            season=budget.season,
        )
    if rho["recommendation"] > budget.recommendation_rho_micro:
        yield Phrase(
            "the editions that read {season} cost more rho than its recommendation budget",
            season=budget.season,
        )
    if rho["audiences"] > budget.audiences_rho_micro:
        yield Phrase(
            "the editions that read {season} cost more rho than its audiences budget",
            season=budget.season,
        )
    if sum(measure.delta_pico for measure in measures) > budget.delta_pico:
        yield Phrase(
            "the editions that read {season} cost more delta than its budget", season=budget.season
        )


def charge_sha256(record: ChargeRecord) -> str:
    """Return the id that *record* must carry: the digest of all its other fields."""
    return digest(canonical(record.model_dump(mode="json", exclude={"charge"})))
