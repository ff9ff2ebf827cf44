"""An edition of two seasons, through the same desk: both pay, the double sensitivity is published and checks."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from contracts.base import canonical
from contracts.charter import Charter
from contracts.charter_check import RulesBroken, check_rules
from contracts.edition import AuditEntry, PublishedEdition, SignedCheckpoint
from contracts.seal import sign
from hub.errors import BudgetExceeded
from hub.measures.base import Query
from hub.plan import EditionPlan
from hub.privacy.values import Exact, VectorPlan
from hub.publish import Desk, publish
from hub.store import ledger
from hub.store.database import Control, open_control
from hub.verify import verify
from tests.support import town
from tests.support.control_world import CLOCK, SEASON, charter, keys, settle
from tests.support.measuring import value

NEXT = "2025-2026"
EDITION = "deux-saisons"
PRICES = {"returns": 20_000, "lead-drift": 20_000, "bubble": 10_000}


class TownFacts:
    """A town's visits of two seasons in the place of the vault."""

    @contextmanager
    def frozen(self, plan: EditionPlan) -> Iterator["TownFacts"]:
        self.connection = town.opened(town.town(300, plan.frame, seed=1))
        yield self
        self.connection.close()

    def run(self, query: Query, plan: VectorPlan) -> Exact:
        return Exact(plan.name, value(self.connection, query, plan))


def two_seasons(next_cap: int = 100_000) -> Charter:
    plain = charter().model_dump(mode="json")
    budget = plain["budgets"][0]
    small = {"recommendation_rho_micro": 1, "audiences_rho_micro": 1}
    following = {
        "season": NEXT,
        "total_rho_micro": next_cap,
        "observatory_rho_micro": next_cap,
        **small,
    }
    plain["budgets"].append(budget | following)
    plain["editions"] = [
        {
            "edition": EDITION,
            "title": "D'une saison à l'autre",
            "season": NEXT,
            "first_day": "2024-09-01",
            "last_day": "2026-08-31",
            "measures": [{"measure": name, "rho_micro": rho} for name, rho in PRICES.items()],
        }
    ]
    return Charter.model_validate_json(canonical(plain))


def _control(tmp_path: Path, plain: Charter) -> Control:
    made = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    made.migrate()
    settle(made, plain)
    return made


def _desk(control: Control) -> Desk:
    def witness(signed: SignedCheckpoint, _entries: list[AuditEntry]) -> SignedCheckpoint:
        word = sign(keys().private["custodian"], canonical(signed.checkpoint))
        return signed.model_copy(update={"custodian_signature": word})

    return Desk(control, TownFacts(), partial(sign, keys().private["hub"]), witness, CLOCK)


def _spent(control: Control) -> dict[str, int]:
    with control.reading() as reading:
        return {s.scope: s.spent_rho_micro for s in ledger.budgets(reading) if s.spent_rho_micro}


def test_both_seasons_pay_for_what_reads_them(tmp_path) -> None:
    control = _control(tmp_path, two_seasons())
    published = PublishedEdition.model_validate_json(publish(_desk(control), EDITION))
    signed = control.published().charter()
    assert signed is not None
    verify(published, signed).require()
    price = sum(PRICES.values())
    scopes = (f"season:{SEASON}", f"season:{NEXT}")
    assert _spent(control) == {
        name: price for scope in scopes for name in (scope, f"{scope}/observatory")
    }
    releases = {release.measure: release for release in published.edition.releases}
    assert all(release.seasons == [SEASON, NEXT] for release in releases.values())
    doubled = {v.name: v.l2_sensitivity_squared for v in releases["returns"].vectors}
    assert doubled == {"returns-cell": 2 * 2 * 10**6, "returns-network": 2}
    assert releases["bubble"].vectors[0].l2_sensitivity_squared == 10**6


def test_a_season_that_cannot_pay_stops_the_other_from_paying(tmp_path) -> None:
    plain = two_seasons(next_cap=sum(PRICES.values()) - 1)
    with pytest.raises(RulesBroken, match=NEXT):
        check_rules(plain)
    control = _control(tmp_path, two_seasons())
    with control.transaction(CLOCK) as tx:  # spent meanwhile on something else
        ledger.charge(
            tx,
            ledger.ChargeRequest(
                "other", "e", "reach", "observatory", (NEXT,), 60_000, 0, "0" * 64
            ),
        )
        tx.commit()
    with pytest.raises(BudgetExceeded):
        publish(_desk(control), EDITION)
    assert f"season:{SEASON}" not in _spent(control)
