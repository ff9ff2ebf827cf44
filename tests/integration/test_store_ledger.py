"""The ledger pays once, for everything or nothing, and keeps one answer: one suite, both databases."""

import dataclasses
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from contracts.base import canonical
from contracts.charter import Budget
from contracts.scopes import CEILING_MICRO
from hub import vault_desk
from hub.errors import (
    AboveCeiling,
    BudgetExceeded,
    ChargeConflict,
    ReleaseConflict,
    StateConflict,
)
from hub.privacy.charge import Charge
from hub.store import audit, ledger, tables
from hub.store.database import Control, open_control
from hub.store.ledger import BudgetState
from hub.store.scopes import ChargeRequest
from tests.support.control_world import (
    CAP_RHO,
    CLOCK,
    EDITION,
    SEASON,
    charter,
    draw,
    request_for,
    settle,
)

NEXT = "2025-2026"


@pytest.fixture
def control(database_url: str) -> Control:
    control = open_control(database_url)
    control.migrate()
    with control.transaction(CLOCK) as tx:
        ledger.open_budgets(tx, charter().budgets)
        tx.commit()
    return control


def pay(control: Control, request: ChargeRequest) -> Charge:
    with control.transaction(CLOCK) as tx:
        charge = ledger.charge(tx, request)
        tx.commit()
    return charge


def spent(control: Control) -> dict[str, int]:
    return {state.scope: state.spent_rho_micro for state in control.published().budgets()}


def test_a_charge_hits_the_season_and_its_use_in_full(control: Control) -> None:
    pay(control, request_for("reach"))
    assert spent(control) == {
        f"season:{SEASON}": 40_000,
        f"season:{SEASON}/audiences": 0,
        f"season:{SEASON}/observatory": 40_000,
        f"season:{SEASON}/recommendation": 0,
    }


def test_a_charge_hits_each_season_that_it_reads_in_rho_and_delta(control: Control) -> None:
    following = charter().budgets[0].model_copy(update={"season": NEXT})
    with control.transaction(CLOCK) as tx:
        ledger.open_budgets(tx, [following])
        tx.commit()
    both = dataclasses.replace(request_for("reach"), seasons=(SEASON, NEXT), delta_pico=7)
    pay(control, both)
    hit = {
        s.scope: (s.spent_rho_micro, s.spent_delta_pico)
        for s in control.published().budgets()
        if s.spent_rho_micro
    }
    names = [f"season:{s}{use}" for s in (SEASON, NEXT) for use in ("", "/observatory")]
    assert hit == dict.fromkeys(names, (40_000, 7))


def test_the_same_request_again_is_the_same_charge_and_costs_nothing(control: Control) -> None:
    first = pay(control, request_for("reach"))
    before = control.published().chain()
    assert pay(control, request_for("reach")) == first
    assert spent(control)[f"season:{SEASON}"] == 40_000
    assert control.published().chain() == before


@pytest.mark.parametrize(
    "change",
    [
        {"request_sha256": "0" * 64},
        {"rho_micro": 1},
        {"delta_pico": 1},
        {"measure": "pairs"},
        {"edition": "autre"},
        {"use": "audiences"},
        {"seasons": (SEASON, NEXT)},
    ],
)
def test_the_same_key_never_pays_for_another_request(
    control: Control, change: dict[str, str | int]
) -> None:
    pay(control, request_for("reach"))
    other = dataclasses.replace(request_for("reach"), **change)  # type: ignore[arg-type]
    with pytest.raises(ChargeConflict):
        pay(control, other)
    assert spent(control)[f"season:{SEASON}"] == 40_000


def test_the_cap_may_be_reached_and_not_passed(control: Control) -> None:
    pay(control, request_for("reach", key="all", rho=CAP_RHO))
    with pytest.raises(BudgetExceeded):
        pay(control, request_for("reach", key="one-more", rho=1))
    assert spent(control)[f"season:{SEASON}/observatory"] == CAP_RHO


def test_delta_has_its_own_cap(control: Control) -> None:
    pay(control, dataclasses.replace(request_for("reach", key="a", rho=1), delta_pico=1_000))
    with pytest.raises(BudgetExceeded):
        pay(control, dataclasses.replace(request_for("reach", key="b", rho=1), delta_pico=1))


def test_uses_add_up_for_the_person(control: Control) -> None:
    for use in ("recommendation", "audiences"):
        pay(control, dataclasses.replace(request_for("reach", key=use, rho=50_000), use=use))
    pay(control, request_for("reach", key="observatory", rho=50_000))
    with pytest.raises(BudgetExceeded):  # the observatory has room, the person has none
        pay(control, request_for("reach", key="too-much", rho=1))


def test_a_refused_charge_leaves_nothing_even_if_the_caller_commits(control: Control) -> None:
    before = control.published().chain()
    wide = dataclasses.replace(request_for("reach"), use="audiences", rho_micro=60_000)
    with control.transaction(CLOCK) as tx:
        with pytest.raises(BudgetExceeded):
            ledger.charge(tx, wide)  # the season has room, the use has none
        tx.commit()
    assert set(spent(control).values()) == {0}
    assert control.published().chain() == before


def test_a_season_without_budget_pays_nothing(control: Control) -> None:
    with pytest.raises(BudgetExceeded):
        pay(control, dataclasses.replace(request_for("reach"), seasons=(SEASON, NEXT)))
    assert set(spent(control).values()) == {0}


def test_one_release_per_charge_and_the_first_one_stands(control: Control) -> None:
    charge = pay(control, request_for("reach"))
    first, second = canonical(draw(charge)), canonical(draw(charge))
    for _again in range(2):
        with control.transaction(CLOCK) as tx:
            ledger.store_release(tx, charge, first)
            tx.commit()
    with control.transaction(CLOCK) as tx, pytest.raises(ReleaseConflict):
        ledger.store_release(tx, charge, second)
    with control.reading() as reading:
        assert ledger.stored_release(reading, charge.charge) == first
        assert len(audit.of_kind(reading, "release-stored")) == 1


def test_nothing_is_stored_that_was_not_paid(control: Control) -> None:
    charge = pay(control, request_for("reach"))
    for release in (
        draw(dataclasses.replace(charge, rho_micro=50_000)),
        draw(dataclasses.replace(charge, measure="pairs")),
        draw(dataclasses.replace(charge, charge="0" * 64)),
    ):
        with control.transaction(CLOCK) as tx, pytest.raises(StateConflict):
            ledger.store_release(tx, charge, canonical(release))
    unpaid = dataclasses.replace(charge, charge="0" * 64)
    for body in (canonical(draw(unpaid)), b"{}"):
        with control.transaction(CLOCK) as tx, pytest.raises(StateConflict):
            ledger.store_release(tx, unpaid, body)
    for body in (b"{}", b" " + canonical(draw(charge))):
        with control.transaction(CLOCK) as tx, pytest.raises(StateConflict):
            ledger.store_release(tx, charge, body)


def test_budgets_open_once_and_a_charter_may_lower_them(control: Control) -> None:
    (budget,) = charter().budgets
    lower = budget.model_copy(update={"audiences_rho_micro": 40_000})
    with control.transaction(CLOCK) as tx:
        ledger.open_budgets(tx, [budget])
        ledger.open_budgets(tx, [lower])
        tx.commit()
    caps = {s.scope: s.cap_rho_micro for s in control.published().budgets()}
    assert caps[f"season:{SEASON}/audiences"] == 40_000
    kinds = [entry.kind for entry in control.published().chain()]
    assert kinds == ["budget-opened"] * 4 + ["cap-lowered"]


@pytest.mark.parametrize("total", [CAP_RHO + 1, 39_999])
def test_a_charter_neither_raises_a_cap_nor_cuts_what_is_spent(
    control: Control, total: int
) -> None:
    pay(control, request_for("reach"))
    budget: Budget = charter().budgets[0].model_copy(update={"total_rho_micro": total})
    with control.transaction(CLOCK) as tx, pytest.raises(StateConflict):
        ledger.open_budgets(tx, [budget])


def test_no_charter_and_no_two_people_pass_the_ceiling(control: Control) -> None:
    (budget,) = charter().budgets
    above = budget.model_copy(update={"total_rho_micro": CEILING_MICRO + 1})
    with control.transaction(CLOCK) as tx:
        with pytest.raises(AboveCeiling, match=r"expected 0\.25 at most"):
            ledger.open_budgets(tx, [above])
        scope = f"season:{SEASON}"
        with pytest.raises(AboveCeiling, match="hub calendar"):
            ledger.raise_cap(tx, scope, CEILING_MICRO + 1, signers=("coordination", "dpo"))
        ledger.raise_cap(tx, scope, CEILING_MICRO, signers=("coordination", "dpo"))
        tx.commit()
    caps = {s.scope: s.cap_rho_micro for s in control.published().budgets()}
    assert caps[scope] == CEILING_MICRO


def test_a_charter_signed_before_the_ceiling_publishes_nothing(database_url: str) -> None:
    control = open_control(database_url)
    control.migrate()
    settle(control, charter(cap_rho=CEILING_MICRO + 1))
    with pytest.raises(AboveCeiling):
        vault_desk._published(None, control, None, None)  # type: ignore[arg-type]
    control.close()


def test_a_scope_opened_before_the_ceiling_publishes_nothing(database_url: str) -> None:
    """The charter in force keeps to it; the ledger still holds what an earlier one opened."""
    control = open_control(database_url)
    control.migrate()
    settle(control)
    raised = update(tables.budget).where(tables.budget.c.scope == f"season:{SEASON}")
    with control.transaction(CLOCK) as tx:
        tx.run(raised.values(cap_rho_micro=CEILING_MICRO + 1))
        tx.commit()
    told = SimpleNamespace(edition=EDITION)
    with pytest.raises(AboveCeiling, match=SEASON):
        vault_desk._published(None, control, None, told)  # type: ignore[arg-type]
    control.close()


def test_two_people_raise_a_cap_and_the_chain_says_so(control: Control) -> None:
    scope = f"season:{SEASON}"
    with control.transaction(CLOCK) as tx:
        ledger.raise_cap(tx, scope, CAP_RHO + 5, signers=("coordination", "dpo"))
        tx.commit()
    assert BudgetState(scope, CAP_RHO + 5, 0, 1_000, 0) in control.published().budgets()
    last = control.published().chain()[-1]
    assert last.kind == "cap-raised"
    assert '"signers":["coordination","dpo"]' in last.body


@pytest.mark.parametrize(
    ("scope", "cap", "signers"),
    [
        (f"season:{SEASON}", CAP_RHO + 5, ("dpo", " DPO ")),
        (f"season:{SEASON}", CAP_RHO + 5, ("dpo", "")),
        (f"season:{SEASON}", CAP_RHO, ("coordination", "dpo")),
        (f"season:{SEASON}", CAP_RHO - 1, ("coordination", "dpo")),
        ("season:2030-2031", CAP_RHO, ("coordination", "dpo")),
    ],
)
def test_one_person_or_no_rise_is_refused(
    control: Control, scope: str, cap: int, signers: tuple[str, str]
) -> None:
    with control.transaction(CLOCK) as tx, pytest.raises(StateConflict):
        ledger.raise_cap(tx, scope, cap, signers=signers)
