"""An edition goes one way, each step may be asked again, and what was published never changes."""

from functools import partial

import pytest

from contracts.base import canonical, digest
from contracts.charter_check import charter_hash
from contracts.edition import PublishedEdition
from contracts.seal import sign
from hub.errors import ReleaseConflict, StateConflict
from hub.store import audit, checkpoints, editions, ledger
from hub.store.database import Control, open_control
from tests.support.control_world import (
    CLOCK,
    EDITION,
    RHO,
    charter,
    draw,
    edition_of,
    keys,
    publish,
    request_for,
    settle,
)


@pytest.fixture
def control(database_url: str) -> Control:
    control = open_control(database_url)
    control.migrate()
    settle(control)
    return control


def test_the_same_edition_asked_again_is_the_same_bytes_and_free(control: Control) -> None:
    first = publish(control)
    chain, budgets = control.published().chain(), control.published().budgets()
    assert publish(control) == first
    assert control.published().edition(EDITION) == first
    assert control.published().editions() == [EDITION]
    assert (control.published().chain(), control.published().budgets()) == (chain, budgets)


def test_the_public_file_holds_the_chain_up_to_its_witnessed_head(control: Control) -> None:
    file = PublishedEdition.model_validate_json(publish(control))
    assert file.checkpoint.custodian_signature is not None
    assert file.chain[-1].sequence == file.checkpoint.checkpoint.sequence
    assert [entry.kind for entry in file.chain][-1] == "edition-stored"
    assert file.edition_sha256 == digest(canonical(file.edition))
    assert [charge.measure for charge in file.charges] == list(RHO)
    kinds = [e.kind for e in control.published().chain(after=file.chain[-1].sequence)]
    assert kinds == ["edition-witnessed", "edition-published"]


def test_the_chain_is_read_in_pages(control: Control) -> None:
    door = control.published()
    whole = door.chain()
    assert door.chain(limit=3) + door.chain(after=3) == whole
    assert door.chain(after=len(whole)) == []


def test_steps_are_taken_in_order(control: Control) -> None:
    with control.transaction(CLOCK) as tx:
        for too_early in (editions.mark_charged, editions.mark_drawn, editions.withdraw):
            with pytest.raises(StateConflict):
                too_early(tx, EDITION)
        with pytest.raises(StateConflict):
            editions.publish(tx, EDITION)
        editions.plan(tx, EDITION, charter_hash(charter()))
        with pytest.raises(StateConflict):
            editions.plan(tx, EDITION, "0" * 64)
        charge = ledger.charge(tx, request_for("reach"))
        editions.mark_charged(tx, EDITION)
        with pytest.raises(StateConflict):
            editions.mark_drawn(tx, EDITION)  # paid, not drawn
        with pytest.raises(StateConflict):
            editions.publish(tx, EDITION)
        ledger.store_release(tx, charge, canonical(draw(charge)))
        with pytest.raises(StateConflict):
            editions.store(tx, edition_of(editions.releases(tx, EDITION)))  # not drawn yet
        editions.mark_drawn(tx, EDITION)
        assert editions.state(tx, EDITION) == "drawn"


def test_an_edition_holds_exactly_the_stored_releases(control: Control) -> None:
    with control.transaction(CLOCK) as tx:
        editions.plan(tx, EDITION, charter_hash(charter()))
        charge = ledger.charge(tx, request_for("reach"))
        editions.mark_charged(tx, EDITION)
        ledger.store_release(tx, charge, canonical(draw(charge)))
        editions.mark_drawn(tx, EDITION)
        redrawn = edition_of([canonical(draw(charge))])
        with pytest.raises(ReleaseConflict):
            editions.store(tx, redrawn)
        stored = edition_of(editions.releases(tx, EDITION))
        with pytest.raises(StateConflict):
            editions.store(tx, stored.model_copy(update={"charter_sha256": "0" * 64}))
        editions.store(tx, stored)
        editions.store(tx, stored)
        with pytest.raises(ReleaseConflict):
            editions.store(tx, stored.model_copy(update={"title": "Autre"}))


def test_no_edition_counts_as_published_before_the_custodian_signed(control: Control) -> None:
    hub = partial(sign, keys().private["hub"])
    with control.transaction(CLOCK) as tx:
        early = checkpoints.checkpoint(tx, "reseau", hub)
        editions.plan(tx, EDITION, charter_hash(charter()))
        charge = ledger.charge(tx, request_for("reach"))
        editions.mark_charged(tx, EDITION)
        ledger.store_release(tx, charge, canonical(draw(charge)))
        editions.mark_drawn(tx, EDITION)
        editions.store(tx, edition_of(editions.releases(tx, EDITION)))
        late = checkpoints.checkpoint(tx, "reseau", hub)
        tx.commit()
    signature = sign(keys().private["custodian"], canonical(early.checkpoint))
    with control.transaction(CLOCK) as tx:
        with pytest.raises(StateConflict):
            editions.witness(tx, EDITION, late)  # nobody co-signed
        with pytest.raises(StateConflict):
            editions.publish(tx, EDITION)
        older = early.model_copy(update={"custodian_signature": signature})
        with pytest.raises(StateConflict):
            editions.witness(tx, EDITION, older)
    assert control.published().edition(EDITION) is None
    assert control.published().editions() == []


def test_an_erratum_withdraws_and_is_never_undone(control: Control) -> None:
    publish(control)
    with control.transaction(CLOCK) as tx:
        editions.withdraw(tx, EDITION)
        tx.commit()
    door = control.published()
    assert (door.editions(), door.withdrawn()) == ([], [EDITION])
    assert door.edition(EDITION) is None
    with control.transaction(CLOCK) as tx:
        with pytest.raises(StateConflict):
            editions.publish(tx, EDITION)
        with pytest.raises(StateConflict):
            editions.mark_drawn(tx, EDITION)


def test_checkpoints_are_signed_once_per_head_and_when_due(control: Control) -> None:
    hub = partial(sign, keys().private["hub"])
    with control.transaction(CLOCK) as tx:
        assert checkpoints.due(tx, 5)
        first = checkpoints.checkpoint(tx, "reseau", hub)
        assert checkpoints.checkpoint(tx, "reseau", hub) == first
        assert not checkpoints.due(tx, 1)
        audit.append(tx, "test", {})
        assert checkpoints.due(tx, 1)
        assert not checkpoints.due(tx, 2)
        second = checkpoints.checkpoint(tx, "reseau", hub)
        assert checkpoints.last_witnessed(tx) is None
        witnessed = first.model_copy(update={"custodian_signature": "ab" * 64})
        checkpoints.set_witness(tx, witnessed)
        checkpoints.set_witness(tx, first.model_copy(update={"custodian_signature": "cd" * 64}))
        assert checkpoints.last_witnessed(tx) == witnessed
        forged = second.model_copy(
            update={
                "checkpoint": second.checkpoint.model_copy(update={"head_sha256": "0" * 64}),
                "custodian_signature": "ab" * 64,
            }
        )
        with pytest.raises(StateConflict):
            checkpoints.set_witness(tx, forged)
        tx.commit()
    assert control.published().checkpoint() == second
