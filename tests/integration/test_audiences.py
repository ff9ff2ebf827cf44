"""A request from its first words to signed orders: who may, whether now, on both databases."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from contracts.audience import Ages
from contracts.base import canonical
from contracts.charter import Charter
from contracts.clock import Clock, stamp
from contracts.order import SignedOrder
from contracts.order_check import check_order
from contracts.seal import sign
from contracts.visit import AgeBand
from hub import audience_answers, audience_desk, audience_issue
from hub.audience_answers import Change
from hub.audiences.states import Answer, State
from hub.errors import AudienceRefused, StateConflict
from hub.people.roles import Grant, Role
from hub.store import audience_orders, audiences, audit, charters, people
from hub.store.database import Control, open_control
from hub.store.people import Person
from tests.support.audience_world import (
    PARTNERS,
    PROGRAM,
    asked,
    fresh,  # fmt: skip
    kept_of,
    later,
    network,
    opened,
    somebody,
    submitted,
)
from tests.support.control_world import CLOCK, VENUES, keys, signature_of

SIGN = partial(sign, keys().private["hub"])
YOUNG = Ages(trait="age", values=[AgeBand.A18])


@pytest.fixture
def both(database_url: str) -> Control:
    """Each of the two databases in turn."""
    control = open_control(database_url)
    control.migrate()
    return control


@pytest.fixture
def control(tmp_path: Path) -> Control:
    return fresh(tmp_path / "control.sqlite")


def marketing(control: Control, venue: str) -> Person:
    return somebody(control, f"{venue}@exemple.fr", Grant(Role.MARKETING, venue))


def issue(control: Control, at: Clock) -> int:
    return audience_issue.issue_due(control, at, SIGN)


def orders(control: Control, venue: str) -> list[SignedOrder]:
    now = stamp(later(20).now())
    with control.reading() as reading:
        return audience_orders.orders_of(reading, venue, now)


def test_two_houses_agree_one_refuses_and_orders_go_out_on_their_day(both: Control) -> None:
    terms = opened(both)
    kept = submitted(both, terms, asked())
    one, two, three = (marketing(both, venue) for venue in VENUES)
    with both.transaction(later(1)) as tx:
        audience_answers.approve(tx, kept.request, VENUES[0], by=one)
        audience_answers.modify(tx, kept.request, VENUES[1], Change((YOUNG,), 600), by=two)
        audience_answers.refuse(tx, kept.request, VENUES[2], "calendar", by=three)
        tx.commit()
    assert (issue(both, later(14)), orders(both, VENUES[0])) == (0, [])
    assert (issue(both, later(15)), issue(both, later(16))) == (1, 0)
    (first,), (second,) = orders(both, VENUES[0]), orders(both, VENUES[1])
    assert orders(both, VENUES[2]) == []
    whole = check_order(first, terms, VENUES[0], stamp(later(20).now()))
    assert (whole.request.cap, whole.request.sources, whole.measured) == (1000, [VENUES[0]], True)
    assert set(whole.request.codes) == {VENUES[0]}
    fewer = check_order(second, terms, VENUES[1], stamp(later(20).now()))
    assert fewer.request.cap == 600
    assert "18-25" not in canonical(fewer.request.spec).decode()
    assert fewer.holdout_key == whole.holdout_key
    with both.reading() as reading:
        seen = audience_desk.seen_by_partner(reading, kept_of(both), stamp(later(20).now()))
        (told,) = audit.of_kind(reading, audience_issue.KIND)
        acts = [deed.act for deed in audiences.deeds(reading, kept.request)]
    assert [(s.agreed, s.reason) for s in seen] == [(True, ""), (True, ""), (False, "calendar")]
    assert acts == ["write", "estimate", "submit", "approve", "modify", "refuse", "settle"]
    assert set(json.loads(told.body)) == {"request", "acts_hmac"}


def test_silence_is_a_refusal_and_a_late_answer_is_refused(control: Control) -> None:
    terms = opened(control)
    kept = submitted(control, terms, asked())
    one = marketing(control, VENUES[0])
    with control.reading() as reading:
        assert audience_answers.reminders(reading, stamp(later(1).now())) == []
        assert len(audience_answers.reminders(reading, stamp(later(10).now()))) == len(VENUES)
    with control.transaction(later(15)) as tx, pytest.raises(AudienceRefused, match="answered"):
        audience_answers.approve(tx, kept.request, VENUES[0], by=one)
    issue(control, later(15))
    with control.reading() as reading:
        seen = audience_desk.seen_by_partner(reading, kept_of(control), stamp(later(15).now()))
    assert {said.reason for said in seen} == {"silence"}
    assert [orders(control, venue) for venue in VENUES] == [[], [], []]


def test_the_dpo_is_asked_where_the_charter_asks_and_again_after_a_change(control: Control) -> None:
    terms = opened(control, dpo_approves_audiences=True)
    kept = submitted(control, terms, asked())
    one = marketing(control, VENUES[0])
    dpo = somebody(control, "dpo@exemple.fr", Grant(Role.HOUSE_DPO, VENUES[0]))
    other = somebody(control, "autre@exemple.fr", Grant(Role.HOUSE_DPO, VENUES[1]))
    with control.transaction(later(1)) as tx:
        audience_answers.approve(tx, kept.request, VENUES[0], by=one)
        tx.commit()
    assert not first_answer(control).agreed
    with control.transaction(later(1)) as tx, pytest.raises(AudienceRefused, match="unknown"):
        audience_answers.approve(tx, kept.request, VENUES[0], by=other)
    with control.transaction(later(2)) as tx:
        audience_answers.approve(tx, kept.request, VENUES[0], by=dpo)
        tx.commit()
    assert first_answer(control).agreed
    with control.transaction(later(3)) as tx:
        audience_answers.modify(tx, kept.request, VENUES[0], Change((), 700), by=one)
        tx.commit()
    assert (first_answer(control).dpo, first_answer(control).agreed) == ("waiting", False)
    with control.transaction(later(4)) as tx:
        audience_answers.approve(tx, kept.request, VENUES[0], by=dpo)
        tx.commit()
    issue(control, later(15))
    (order,) = orders(control, VENUES[0])
    assert check_order(order, terms, VENUES[0], stamp(later(20).now())).approved_by_dpo


def first_answer(control: Control) -> audiences.Answered:
    with control.reading() as reading:
        return audiences.answers(reading, "demande-1")[0]


def test_a_voice_is_lent_for_a_time_and_lost_with_its_lender(control: Control) -> None:
    terms = opened(control)
    kept = submitted(control, terms, asked())
    boss = marketing(control, VENUES[0])
    clerk = somebody(control, "it@exemple.fr", Grant(Role.IT, VENUES[0]))
    stranger = somebody(control, "it2@exemple.fr", Grant(Role.IT, VENUES[1]))
    with control.transaction(later(1)) as tx:
        with pytest.raises(AudienceRefused, match="unknown"):
            audience_answers.approve(tx, kept.request, VENUES[0], by=clerk)
        with pytest.raises(AudienceRefused, match="lend-person"):
            audience_answers.lend(tx, VENUES[0], stranger.person, "2025-09-10", by=boss)
        with pytest.raises(AudienceRefused, match="lend-until"):
            audience_answers.lend(tx, VENUES[0], clerk.person, "2026-09-10", by=boss)
        with pytest.raises(AudienceRefused, match="no-voice"):
            audience_answers.lend(tx, VENUES[0], boss.person, "2025-09-10", by=clerk)
        audience_answers.lend(tx, VENUES[0], clerk.person, "2025-09-10", by=boss)
        tx.commit()
    with control.transaction(later(10)) as tx, pytest.raises(AudienceRefused, match="unknown"):
        audience_answers.approve(tx, kept.request, VENUES[0], by=clerk)
    with control.transaction(later(2)) as tx:
        audience_answers.approve(tx, kept.request, VENUES[0], by=clerk)
    with control.transaction(later(2)) as tx:
        people.withdraw(tx, boss.person, Grant(Role.MARKETING, VENUES[0]), by="x")
        with pytest.raises(AudienceRefused, match="unknown"):
            audience_answers.approve(tx, kept.request, VENUES[0], by=clerk)


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"partner": "inconnu"}, "partner-unnamed"),
    ({"first_day": "2025-09-10"}, "dates-soon"),
    ({"last_day": "2025-09-30"}, "dates-order"),
    ({"expires": "2028-01-01T00:00:00Z"}, "dates-far"),
    ({"sources": ["nulle-part"]}, "house-unknown"),
    ({"spec": {"include": [{"trait": "bought", "values": ["la-foi"]}], "exclude": []}}, "event-unknown"),
    ({"spec": {"include": [{"trait": "bought", "values": ["rien"]}], "exclude": []}}, "event-unknown"),
    ({"spec": {"include": [{"trait": "age", "values": ["18-25"]}], "exclude": [{"trait": "age", "values": ["18-25"]}]}}, "nobody-meant"),
)  # fmt: skip


def test_what_cannot_be_asked(control: Control) -> None:
    terms = opened(control)
    for number, (changes, problem) in enumerate(WRONG):
        with pytest.raises(AudienceRefused, match=problem):
            submitted(control, terms, asked(f"wrong-{number}", **changes))


def test_a_public_event_can_be_named(control: Control) -> None:
    spec = {"include": [], "exclude": [{"trait": "bought", "values": ["le-lac"]}]}
    assert submitted(control, opened(control), asked(spec=spec)).state is State.SUBMITTED


def test_what_was_submitted_does_not_change_and_codes_stay(control: Control) -> None:
    terms = opened(control)
    kept = submitted(control, terms, asked())
    with control.transaction(CLOCK) as tx, pytest.raises(AudienceRefused, match="submitted"):
        audience_desk.write(tx, asked(cap=5000), terms, by=PROGRAM)
    again = submitted(control, terms, asked("demande-2"))
    assert again.asked.codes == kept.asked.codes
    assert len(set(again.asked.codes.values())) == len(VENUES)
    assert again.holdout_key != kept.holdout_key
    assert again.holdout_key not in repr(again)
    other = submitted(control, terms, asked("demande-3", PARTNERS[1]))
    assert not set(other.asked.codes.values()) & set(kept.asked.codes.values())


def test_what_is_withdrawn_is_never_ordered(control: Control) -> None:
    terms = opened(control)
    kept = submitted(control, terms, asked())
    one = marketing(control, VENUES[0])
    with control.transaction(later(1)) as tx:
        audience_answers.approve(tx, kept.request, VENUES[0], by=one)
        audience_desk.withdraw(tx, kept, by=PROGRAM)
        tx.commit()
    assert issue(control, later(15)) == 0
    assert orders(control, VENUES[0]) == []


def test_a_new_charter_signs_the_same_order_anew(control: Control) -> None:
    terms = opened(control)
    kept = submitted(control, terms, asked())
    one = marketing(control, VENUES[0])
    with control.transaction(later(1)) as tx:
        audience_answers.approve(tx, kept.request, VENUES[0], by=one)
        tx.commit()
    issue(control, later(15))
    (old,) = orders(control, VENUES[0])
    newer = revised(control)
    issue(control, later(16))
    (new,) = orders(control, VENUES[0])
    assert (new.order.order, new.order.measured) == (old.order.order, False)
    check_order(new, newer, VENUES[0], stamp(later(20).now()))


def revised(control: Control) -> Charter:
    newer = network(revision=2, fields=["age_band"])
    with control.transaction(CLOCK) as tx:
        charters.save_draft(tx, newer)
        for venue in VENUES:
            charters.add_signature(tx, signature_of(venue, newer))
        tx.commit()
    return newer


def test_acts_are_never_taken_back(both: Control) -> None:
    submitted(both, opened(both), asked())
    for verb in ("UPDATE audience_act SET person = 'x'", "DELETE FROM audience_act"):
        with both.transaction(CLOCK) as tx, pytest.raises(DatabaseError):
            tx.run(text(verb))


def test_an_answer_changes_only_from_what_was_read(both: Control) -> None:
    terms = opened(both)
    kept = submitted(both, terms, asked())
    had, one = first_answer(both), marketing(both, VENUES[0])
    with both.transaction(CLOCK) as tx:
        audience_answers.refuse(tx, kept.request, VENUES[0], "offer", by=one)
        tx.commit()
    with both.transaction(CLOCK) as tx, pytest.raises(StateConflict):
        audiences.answer(tx, had, state=Answer.APPROVED.value)
