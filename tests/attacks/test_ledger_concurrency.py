"""Sixty-four spenders at once, in four processes: never above the cap, never below it, on both databases."""

import pytest

from hub.store import invariants, ledger
from hub.store.database import Control, open_control
from tests.support.control_world import CLOCK
from tests.support.killed import (
    FITS,
    PRICE,
    Spree,
    budget_of_round,
    season_of_round,
    spend_together,
)

PROCESSES = 4
SPENDERS = 64


def prepared(url: str, rounds: int) -> Control:
    control = open_control(url)
    control.migrate()
    with control.transaction(CLOCK) as tx:
        ledger.open_budgets(tx, [budget_of_round(number) for number in range(rounds)])
        tx.commit()
    return control


def spent(control: Control, number: int) -> int:
    states = {state.scope: state.spent_rho_micro for state in control.published().budgets()}
    scope = f"season:{season_of_round(number)}"
    assert states[scope] == states[f"{scope}/observatory"]
    return states[scope]


@pytest.mark.parametrize("rounds", [3, pytest.param(50, marks=pytest.mark.long)])
def test_demand_above_the_cap_is_paid_exactly_up_to_it(database_url: str, rounds: int) -> None:
    control = prepared(database_url, rounds)
    spree = Spree(database_url, "", SPENDERS // PROCESSES, rounds)
    paid = spend_together(spree, PROCESSES)
    assert dict(paid) == dict.fromkeys(range(rounds), FITS)
    assert [spent(control, n) for n in range(rounds)] == [FITS * PRICE] * rounds
    with control.reading() as reading:
        invariants.check(reading)


@pytest.mark.parametrize("rounds", [2, pytest.param(50, marks=pytest.mark.long)])
def test_one_key_asked_by_all_at_once_is_charged_once(database_url: str, rounds: int) -> None:
    control = prepared(database_url, rounds)
    spree = Spree(database_url, "", SPENDERS // PROCESSES, rounds, same_key=True)
    answered = spend_together(spree, PROCESSES)
    assert dict(answered) == dict.fromkeys(range(rounds), SPENDERS)
    assert [spent(control, n) for n in range(rounds)] == [PRICE] * rounds
    with control.reading() as reading:
        invariants.check(reading)
