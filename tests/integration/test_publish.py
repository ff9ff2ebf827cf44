"""hub.publish itself, on both databases: stopped at every point and asked again, it pays and draws once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest

from contracts.base import canonical
from contracts.edition import AuditEntry, PublishedEdition, SignedCheckpoint
from contracts.seal import sign
from hub.errors import ChargeConflict, WitnessUnreachable
from hub.measures.base import Query
from hub.plan import EditionPlan
from hub.privacy.values import Exact, VectorPlan
from hub.publish import Desk, publish
from hub.store import editions, ledger
from hub.store.database import Control, open_control
from hub.verify import verify
from tests.support import town
from tests.support.control_world import CLOCK, EDITION, RHO, SEASON, keys, settle
from tests.support.measuring import value


class Stopped(Exception):
    """Stands for a process that ends here."""


@dataclass
class Stop:
    """Raises at the nth point that is passed, whichever it is."""

    at: int = 0
    passed: int = 0

    def __call__(self, _point: str) -> None:
        self.passed += 1
        if self.passed == self.at:
            raise Stopped


@dataclass
class TownFacts:
    """A town's visits in the place of the vault; counts how often a vector was asked for."""

    asked: list[str] = field(default_factory=list)

    @contextmanager
    def frozen(self, plan: EditionPlan) -> Iterator["TownFacts"]:
        self.connection = town.opened(town.town(300, plan.frame, seed=1))
        yield self
        self.connection.close()

    def run(self, query: Query, plan: VectorPlan) -> Exact:
        self.asked.append(plan.name)
        return Exact(plan.name, value(self.connection, query, plan))


def _witness(signed: SignedCheckpoint, _entries: list[AuditEntry]) -> SignedCheckpoint:
    custodian = sign(keys().private["custodian"], canonical(signed.checkpoint))
    return signed.model_copy(update={"custodian_signature": custodian})


def _desk(control: Control, facts: TownFacts | None = None) -> Desk:
    return Desk(
        control=control,
        facts=facts or TownFacts(),
        sign=partial(sign, keys().private["hub"]),
        witness=_witness,
        clock=CLOCK,
    )


@pytest.fixture
def control(database_url: str) -> Iterator[Control]:
    made = open_control(database_url)
    made.migrate()
    settle(made)
    yield made
    made.close()


def _spent(control: Control) -> int:
    with control.reading() as reading:
        states = {s.scope: s.spent_rho_micro for s in ledger.budgets(reading)}
    return states[f"season:{SEASON}"]


def test_what_is_published_checks_and_is_paid_once(control: Control) -> None:
    file = publish(_desk(control), EDITION)
    signed = control.published().charter()
    assert signed is not None
    verify(PublishedEdition.model_validate_json(file), signed).require()
    again = TownFacts()
    assert publish(_desk(control, again), EDITION) == file
    assert not again.asked
    assert _spent(control) == sum(RHO.values())


def test_stopped_anywhere_it_pays_and_answers_once(new_database_url: Callable[[], str]) -> None:
    counter = Stop()
    url = new_database_url()
    plain = open_control(url)
    plain.migrate()
    settle(plain)
    counted = open_control(url, reached=counter)
    publish(_desk(counted), EDITION)
    points = counter.passed
    assert points > 30
    for at in range(1, points + 1, 4):
        _stop_and_go_on(new_database_url(), at)


def _stop_and_go_on(url: str, at: int) -> None:
    healthy = open_control(url)
    healthy.migrate()
    settle(healthy)
    with pytest.raises(Stopped):
        publish(_desk(open_control(url, reached=Stop(at))), EDITION)
    with healthy.reading() as reading:
        stored = editions.releases(reading, EDITION)
    file = publish(_desk(healthy), EDITION)
    published = PublishedEdition.model_validate_json(file)
    kept = {canonical(r) for r in published.edition.releases}
    assert set(stored) <= kept  # what was stored before the stop is the answer
    assert _spent(healthy) == sum(RHO.values())
    assert len(published.charges) == len(RHO)
    healthy.close()


def test_without_a_witness_nothing_is_published_and_nothing_is_lost(control: Control) -> None:
    def away(_signed: SignedCheckpoint, _entries: list[AuditEntry]) -> SignedCheckpoint:
        raise WitnessUnreachable("The custodian does not answer.")

    facts = TownFacts()
    lonely = Desk(control, facts, partial(sign, keys().private["hub"]), away, CLOCK)
    with pytest.raises(WitnessUnreachable):
        publish(lonely, EDITION)
    assert control.published().edition(EDITION) is None
    before = len(facts.asked)
    later = TownFacts()
    publish(_desk(control, later), EDITION)
    assert before > 0
    assert not later.asked  # drawn once, stored, then only witnessed
    assert _spent(control) == sum(RHO.values())


def test_a_key_that_paid_for_other_bounds_pays_for_nothing_else(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping = Desk(control, _Never(), partial(sign, keys().private["hub"]), _witness, CLOCK)
    with pytest.raises(Stopped):
        publish(stopping, EDITION)
    monkeypatch.setattr("hub.plan.PlannedMeasure.request_sha256", lambda *_: "0" * 64)
    with pytest.raises(ChargeConflict):
        publish(_desk(control), EDITION)
    assert _spent(control) == sum(RHO.values())


class _Never:
    """Facts that a process never reaches: it ends after paying."""

    @contextmanager
    def frozen(self, _plan: EditionPlan) -> Iterator["TownFacts"]:
        raise Stopped
        yield TownFacts()
