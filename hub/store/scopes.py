"""What is asked of the ledger, and the scopes that it is charged to: a season in total, and one use of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from contracts.charter import Budget
from contracts.edition import ChargeRecord
from contracts.scopes import CEILING_MICRO, USES, caps_of, charge_sha256, scope_of
from hub.errors import AboveCeiling

MAX_KEY: Final = 200
MAX_SEASONS: Final = 4
MAX_RHO_MICRO: Final = 10_000_000
MAX_DELTA_PICO: Final = 1_000_000
_SEASON: Final = re.compile(r"20[0-9]{2}-20[0-9]{2}")


def require_under_ceiling(budgets: Iterable[Budget], ceiling_micro: int = CEILING_MICRO) -> None:
    """Refuse budgets that cost one person and season more than *ceiling_micro*, whoever signed them.

    Raises:
        AboveCeiling: names the scope, what it asks and what it may.
    """
    for budget in budgets:
        for scope, (rho, _) in caps_of(budget).items():
            require_cap(scope, rho, ceiling_micro)


def require_cap(scope: str, rho_micro: int, ceiling_micro: int = CEILING_MICRO) -> None:
    """Refuse one cap above *ceiling_micro*.

    Raises:
        AboveCeiling: names the scope, what it asks and what it may.
    """
    if rho_micro > ceiling_micro:
        raise AboveCeiling(
            "The budget {scope} asks for a rho of {rho:g}; expected {ceiling:g} at most for "
            "one person and season, all uses together. Lower it in network.toml: `hub calendar` writes "
            "one that fits.",
            scope=scope,
            rho=rho_micro / 1e6,
            ceiling=ceiling_micro / 1e6,
        )


@dataclass(frozen=True)
class ChargeRequest:
    """What is to be paid: one measure of one edition, in every season whose rows it reads.

    Attributes:
        key: idempotency key that the client keeps; the same key is the same charge for ever.
        edition: slug of the edition.
        measure: slug of the measure.
        use: ``observatory``, ``recommendation`` or ``audiences``.
        seasons: as ``2024-2025``, one to four, all distinct.
        rho_micro: micro-units of rho, rounded up, 1 to 10,000,000.
        delta_pico: pico-units of delta, 0 to 1,000,000.
        request_sha256: digest of the whole request, so that another one under this key is noticed.

    Raises:
        ValueError: a value that no ledger should see (negative, not an integer, unknown use…).
    """

    key: str
    edition: str
    measure: str
    use: str
    seasons: tuple[str, ...]
    rho_micro: int
    delta_pico: int
    request_sha256: str

    def __post_init__(self) -> None:
        """Refuse what no ledger should see."""
        # type(...) is int, not isinstance: a bool or a numpy integer must not become a price.
        if type(self.rho_micro) is not int or not 1 <= self.rho_micro <= MAX_RHO_MICRO:
            raise ValueError(f"rho_micro must be an integer from 1 to {MAX_RHO_MICRO}")
        if type(self.delta_pico) is not int or not 0 <= self.delta_pico <= MAX_DELTA_PICO:
            raise ValueError(f"delta_pico must be an integer from 0 to {MAX_DELTA_PICO}")
        if self.use not in USES:
            raise ValueError(f"use must be one of {', '.join(USES)}")
        if not 1 <= len(self.key) <= MAX_KEY:
            raise ValueError(f"key must have 1 to {MAX_KEY} characters")
        distinct = len(set(self.seasons)) == len(self.seasons)
        if not distinct or not 1 <= len(self.seasons) <= MAX_SEASONS:
            raise ValueError(f"seasons must be 1 to {MAX_SEASONS}, all distinct")
        if not all(_SEASON.fullmatch(season) for season in self.seasons):
            raise ValueError("a season is written as 2024-2025")

    @property
    def scopes(self) -> tuple[str, ...]:
        """Every scope that is charged, sorted: concurrent charges lock them in one order."""
        return tuple(
            sorted(scope for s in self.seasons for scope in (scope_of(s), scope_of(s, self.use)))
        )

    def record(self) -> ChargeRecord:
        """Return the public record; its id is the digest of all else, so that anybody recomputes it.

        Raises:
            ValueError: a slug or digest does not follow the wire's form.
        """
        unnamed = ChargeRecord(
            charge="0" * 64,
            key=self.key,
            request_sha256=self.request_sha256,
            edition=self.edition,
            measure=self.measure,
            scopes=list(self.scopes),
            rho_micro=self.rho_micro,
            delta_pico=self.delta_pico,
        )
        return unnamed.model_copy(update={"charge": charge_sha256(unnamed)})
