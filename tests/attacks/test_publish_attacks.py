"""A publisher that is short of budget, interrupted or watched: it pays whole, sums once, and tells no duration."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest

from contracts.base import canonical
from contracts.edition import AuditEntry, PublishedEdition, SignedCheckpoint
from contracts.seal import sign
from hub.errors import BudgetExceeded, WitnessUnreachable
from hub.measures.base import Query
from hub.plan import EditionPlan
from hub.privacy.values import Exact, VectorPlan
from hub.publish import Desk, publish
from hub.store import editions, ledger
from hub.store.database import Control, open_control
from tests.support import town
from tests.support.control_world import CLOCK, EDITION, RHO, SEASON, keys, request_for, settle
from tests.support.measuring import value


@dataclass
class Ticking:
    """A clock that moves on at each look, as a real one does while sums are made."""

    seconds: int = 0

    def now(self) -> dt.datetime:
        self.seconds += 7
        return CLOCK.instant + dt.timedelta(seconds=self.seconds)


@dataclass
class Facts:
    """A town's visits in the place of the vault; counts how often they were opened."""

    opened: list[str] = field(default_factory=list)

    @contextmanager
    def frozen(self, plan: EditionPlan) -> Iterator["Facts"]:
        self.opened.append(plan.spec.edition)
        self.connection = town.opened(town.town(200, plan.frame, seed=1))
        yield self
        self.connection.close()

    def run(self, query: Query, plan: VectorPlan) -> Exact:
        return Exact(plan.name, value(self.connection, query, plan))


def witnessed(signed: SignedCheckpoint, _entries: list[AuditEntry]) -> SignedCheckpoint:
    custodian = sign(keys().private["custodian"], canonical(signed.checkpoint))
    return signed.model_copy(update={"custodian_signature": custodian})


def away(_signed: SignedCheckpoint, _entries: list[AuditEntry]) -> SignedCheckpoint:
    raise WitnessUnreachable("The custodian does not answer.")


@pytest.fixture
def control(database_url: str) -> Iterator[Control]:
    made = open_control(database_url)
    made.migrate()
    settle(made)
    yield made
    made.close()


def desk(control: Control, facts: Facts, witness=witnessed) -> Desk:
    return Desk(control, facts, partial(sign, keys().private["hub"]), witness, Ticking())


def spent(control: Control) -> dict[str, int]:
    with control.reading() as reading:
        return {s.scope: s.spent_rho_micro for s in ledger.budgets(reading)}


def test_a_budget_for_half_an_edition_is_not_spent_on_that_half(control: Control) -> None:
    with control.transaction(CLOCK) as tx:
        ledger.charge(tx, request_for("other", key="other", rho=60_000))
        tx.commit()
    before, facts = spent(control), Facts()
    for _ in range(2):
        with pytest.raises(BudgetExceeded):
            publish(desk(control, facts), EDITION)
    assert spent(control) == before
    assert facts.opened == []  # nothing was looked at: the refusal depends on the ledger alone
    with control.reading() as reading:
        assert editions.state(reading, EDITION) is None


def test_what_is_stored_is_never_summed_again(control: Control) -> None:
    facts = Facts()
    for _ in range(3):
        with pytest.raises(WitnessUnreachable):
            publish(desk(control, facts, away), EDITION)
    publish(desk(control, facts), EDITION)
    publish(desk(control, facts), EDITION)
    assert facts.opened == [EDITION]
    assert spent(control)[f"season:{SEASON}"] == sum(RHO.values())


def test_the_public_file_does_not_tell_how_long_each_sum_took(control: Control) -> None:
    file = PublishedEdition.model_validate_json(publish(desk(control, Facts()), EDITION))
    settled = CLOCK.instant.strftime("%Y-%m-%dT%H:%M:%SZ")
    instants = {entry.at for entry in file.chain} - {settled}
    assert instants | {file.edition.prepared, file.checkpoint.checkpoint.at} == instants
    assert len(instants) == 1


def test_the_hubs_signing_key_is_in_no_repr(control: Control) -> None:
    assert repr(keys().private["hub"]) not in repr(desk(control, Facts()))
