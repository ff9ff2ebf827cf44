"""Whatever is asked, in whatever order: the ledger answers as a plain dictionary would, and never overspends."""

import dataclasses
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from contracts.base import canonical
from contracts.charter import Budget
from hub.errors import BudgetExceeded, ChargeConflict, ReleaseConflict
from hub.privacy.charge import Charge
from hub.store import guard, ledger
from hub.store.database import open_control
from hub.store.scopes import USES, ChargeRequest
from tests.support.control_world import CLOCK, draw, request_for

SEASONS = ("2023-2024", "2024-2025")
CAPS = {"total": 100, "observatory": 70, "recommendation": 50, "audiences": 50, "delta": 30}


def budget(season: str) -> Budget:
    return Budget(
        season=season,
        total_rho_micro=CAPS["total"],
        observatory_rho_micro=CAPS["observatory"],
        recommendation_rho_micro=CAPS["recommendation"],
        audiences_rho_micro=CAPS["audiences"],
        delta_pico=CAPS["delta"],
    )


class Ledger(RuleBasedStateMachine):
    """The ledger beside the slow, obvious one."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.url = f"sqlite:///{Path(self.folder.name) / 'control.sqlite'}"
        self.control = open_control(self.url)
        self.control.migrate()
        with self.control.transaction(CLOCK) as tx:
            ledger.open_budgets(tx, [budget(season) for season in SEASONS])
            tx.commit()
        self.paid: dict[str, tuple[ChargeRequest, Charge]] = {}
        self.stored: dict[str, bytes] = {}
        self.rho: Counter[str] = Counter()
        self.delta: Counter[str] = Counter()

    def cap(self, scope: str) -> int:
        return CAPS[scope.partition("/")[2] or "total"]

    @rule(
        key=st.sampled_from("abcdef"),
        use=st.sampled_from(USES),
        seasons=st.sampled_from([(SEASONS[0],), (SEASONS[1],), SEASONS]),
        rho=st.integers(1, 60),
        delta=st.integers(0, 20),
        commit=st.booleans(),
    )
    def charge(
        self, key: str, use: str, seasons: tuple[str, ...], rho: int, delta: int, *, commit: bool
    ) -> None:
        request = dataclasses.replace(
            request_for("reach", key=key, rho=rho), use=use, seasons=seasons, delta_pico=delta
        )
        fits = all(
            self.rho[scope] + rho <= self.cap(scope) and self.delta[scope] + delta <= CAPS["delta"]
            for scope in request.scopes
        )
        with self.control.transaction(CLOCK) as tx:
            try:
                charge = ledger.charge(tx, request)
            except ChargeConflict:
                assert self.paid[key][0] != request
                return
            except BudgetExceeded:
                assert key not in self.paid
                assert not fits
                return
            if commit:
                tx.commit()
        if key in self.paid:
            assert self.paid[key] == (request, charge)
        else:
            assert fits
            if commit:
                self.paid[key] = (request, charge)
                self.rho.update(dict.fromkeys(request.scopes, rho))
                self.delta.update(dict.fromkeys(request.scopes, delta))

    @rule(key=st.sampled_from("abcdef"))
    def release(self, key: str) -> None:
        if key not in self.paid:
            return
        body = canonical(draw(self.paid[key][1]))
        with self.control.transaction(CLOCK) as tx:
            try:
                ledger.store_release(tx, self.paid[key][1], body)
                tx.commit()
            except ReleaseConflict:
                assert key in self.stored
                return
        assert key not in self.stored
        self.stored[key] = body

    @rule()
    def restart(self) -> None:
        self.control.close()
        self.control = open_control(self.url)
        self.control.migrate()
        guard.require_sound(self.control)

    @invariant()
    def agrees(self) -> None:
        for state in self.control.published().budgets():
            assert state.spent_rho_micro == self.rho[state.scope] <= self.cap(state.scope)
            assert state.spent_delta_pico == self.delta[state.scope] <= CAPS["delta"]
        with self.control.reading() as reading:
            for key, body in self.stored.items():
                assert ledger.stored_release(reading, self.paid[key][1].charge) == body

    def teardown(self) -> None:
        self.control.close()
        self.folder.cleanup()


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=15,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
