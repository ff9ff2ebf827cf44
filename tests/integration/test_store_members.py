"""Codes work once, keys are enrolled by them alone, and a charter is in force when all have signed."""

import dataclasses
import datetime as dt

import pytest

from contracts.api import Enrolment
from contracts.charter_check import charter_hash
from contracts.clock import FixedClock
from hub.errors import CodeRefused, StateConflict
from hub.store import charters, members
from hub.store.database import Control, open_control
from tests.support.control_world import CLOCK, VENUES, charter, keys, settle, signature_of

KEY = "12" * 32
VENUE = "danse-nord"


@pytest.fixture
def control(database_url: str) -> Control:
    control = open_control(database_url)
    control.migrate()
    return control


def issue(control: Control, venue: str = VENUE) -> str:
    with control.transaction(CLOCK) as tx:
        code = members.issue_code(tx, venue)
        tx.commit()
    return code


def enrol(
    control: Control, code: str, *, venue: str = VENUE, key: str = KEY, days: int = 0
) -> None:
    later = FixedClock(CLOCK.instant + dt.timedelta(days=days))
    with control.transaction(later) as tx:
        members.enrol(tx, Enrolment(venue=venue, code=code, signing_key=key))
        tx.commit()


def test_a_code_enrols_a_key_and_a_lost_answer_may_be_asked_again(control: Control) -> None:
    code = issue(control)
    enrol(control, code)
    enrol(control, code)
    assert control.published().member_key(VENUE) == KEY
    kinds = [entry.kind for entry in control.published().chain()]
    assert kinds == ["code-issued", "member-enrolled"]


def test_a_code_works_once_for_one_venue_within_a_week(control: Control) -> None:
    code = issue(control)
    with pytest.raises(CodeRefused):
        enrol(control, code, venue="opera-est")
    with pytest.raises(CodeRefused):
        enrol(control, code, days=7)
    with pytest.raises(CodeRefused):
        enrol(control, "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA")
    enrol(control, code, days=6)
    with pytest.raises(CodeRefused):
        enrol(control, code, key="34" * 32)
    assert control.published().member_key(VENUE) == KEY
    assert control.published().member_key("opera-est") is None


def test_a_newer_code_kills_the_unused_one_and_replaces_a_lost_key(control: Control) -> None:
    old, new = issue(control), issue(control)
    with pytest.raises(CodeRefused):
        enrol(control, old)
    enrol(control, new)
    enrol(control, issue(control), key="34" * 32)
    assert control.published().member_key(VENUE) == "34" * 32


def test_the_database_holds_no_code(control: Control) -> None:
    code = issue(control)
    with control.reading() as reading:
        rows = reading.connection.exec_driver_sql("SELECT * FROM code").all()
    assert code not in str(rows)
    assert code not in str(control.published().chain())


def test_the_last_signature_puts_the_charter_in_force(control: Control) -> None:
    signed = settle(control)
    assert [s.venue for s in signed.signatures] == sorted(VENUES)
    assert control.published().charter() == signed
    assert control.published().draft() == signed


def test_a_new_draft_leaves_the_old_charter_in_force_until_all_have_signed(
    control: Control,
) -> None:
    first = settle(control)
    second = charter(revision=2)
    with control.transaction(CLOCK) as tx:
        charters.save_draft(tx, second)
        charters.save_draft(tx, second)
        charters.add_signature(tx, signature_of(VENUES[0], second))
        charters.add_signature(tx, signature_of(VENUES[0], second))
        tx.commit()
    assert control.published().charter() == first
    draft = control.published().draft()
    assert draft is not None
    assert [s.venue for s in draft.signatures] == [VENUES[0]]
    with control.transaction(CLOCK) as tx:
        for venue in VENUES[1:]:
            charters.add_signature(tx, signature_of(venue, second))
        tx.commit()
    in_force = control.published().charter()
    assert in_force is not None
    assert in_force.charter == second
    with control.reading() as reading:
        assert charters.by_hash(reading, charter_hash(first.charter)) == first


def test_wrong_signatures_and_strangers_are_refused(control: Control) -> None:
    settle(control)
    second = charter(revision=2)
    with control.transaction(CLOCK) as tx:
        charters.save_draft(tx, second)
        for wrong in (
            signature_of(VENUES[0], charter()),  # over the earlier revision
            signature_of(VENUES[1], second).model_copy(update={"venue": VENUES[0]}),
            signature_of(VENUES[0], second).model_copy(update={"venue": "inconnu"}),
        ):
            with pytest.raises(StateConflict):
                charters.add_signature(tx, wrong)


def test_a_draft_names_enrolled_keys_and_a_higher_revision(control: Control) -> None:
    with control.transaction(CLOCK) as tx, pytest.raises(StateConflict):
        charters.save_draft(tx, charter())
    with control.transaction(CLOCK) as tx, pytest.raises(StateConflict):
        charters.add_signature(tx, signature_of(VENUES[0], charter()))
    settle(control)
    with control.transaction(CLOCK) as tx, pytest.raises(StateConflict):
        charters.save_draft(tx, charter(cap_rho=140_000))
    other = dataclasses.replace(keys(), public={**keys().public, VENUES[0]: KEY})
    with control.transaction(CLOCK) as tx, pytest.raises(StateConflict):
        charters.save_draft(tx, charter(revision=2, public=other))
