"""People, invitations, sessions and what takes two: one suite, both databases."""

import datetime as dt
import json
import threading

import pytest

from contracts.base import canonical
from contracts.clock import FixedClock
from hub import two_people
from hub.errors import CodeRefused, StateConflict
from hub.people.roles import Grant, Role
from hub.people.states import SIGN_IN_WINDOW, Kind
from hub.plan import plan_edition
from hub.publish import Desk, pay
from hub.store import invitations, ledger, people, proposals, web_sessions
from hub.store.database import Control, open_control
from hub.store.people import OPERATOR, Person
from tests.support.control_world import CLOCK, EDITION, RHO, SEASON, charter, publish, settle

ANNA, BEN = "anna@exemple.fr", "ben@exemple.fr"
SCOPE = f"season:{SEASON}"


@pytest.fixture
def control(database_url: str) -> Control:
    control = open_control(database_url)
    control.migrate()
    return control


def later(delta: dt.timedelta) -> FixedClock:
    return FixedClock(CLOCK.now() + delta)


def joined(control: Control, email: str, role: Role) -> Person:
    with control.transaction(CLOCK) as tx:
        token = invitations.invite(tx, email, Grant(role), by=OPERATOR)
        person = invitations.accept(tx, token, "hash")
        tx.commit()
    return person


def test_a_link_is_used_once_dies_in_time_and_a_newer_one_kills_it(control: Control) -> None:
    grant = Grant(Role.MARKETING, "danse-nord")
    with control.transaction(CLOCK) as tx:
        old = invitations.invite(tx, " Anna@Exemple.fr ", grant, by=OPERATOR)
        new = invitations.invite(tx, ANNA, grant, by=OPERATOR)
        with pytest.raises(CodeRefused):
            invitations.accept(tx, old, "hash")
        assert invitations.accept(tx, new, "hash").grants == (grant,)
        with pytest.raises(CodeRefused):
            invitations.accept(tx, new, "another")
        late = invitations.invite(tx, BEN, grant, by=OPERATOR)
        tx.commit()
    with control.transaction(later(dt.timedelta(days=3))) as tx, pytest.raises(CodeRefused):
        invitations.accept(tx, late, "hash")


def test_two_at_once_use_a_link_once(control: Control) -> None:
    with control.transaction(CLOCK) as tx:
        token = invitations.invite(tx, ANNA, Grant(Role.DPO), by=OPERATOR)
        tx.commit()
    ends: list[str] = []

    def accept(word: str) -> None:
        try:
            with control.transaction(CLOCK) as tx:
                invitations.accept(tx, token, word)
                tx.commit()
            ends.append("in")
        except CodeRefused:
            ends.append("out")

    threads = [threading.Thread(target=accept, args=(f"hash{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["in", "out", "out", "out"]


def test_no_address_reaches_the_chain(control: Control) -> None:
    anna = joined(control, ANNA, Role.ADMINISTRATOR)
    ben = joined(control, BEN, Role.COORDINATOR)
    with control.transaction(CLOCK) as tx:
        people.revoke(tx, ben.person, by=anna.person)
        tx.commit()
    told = " ".join(entry.body for entry in control.published().chain())
    assert "exemple" not in told
    assert anna.person in told


def test_a_revoked_person_has_no_session_no_code_and_no_role_left(control: Control) -> None:
    joined(control, ANNA, Role.ADMINISTRATOR)
    ben = joined(control, BEN, Role.COORDINATOR)
    with control.transaction(CLOCK) as tx:
        web_sessions.start(tx, "token", "{}", ben.person)
        people.set_recovery_codes(tx, ben.person, ["aa"])
        left = proposals.propose(tx, Kind.FAMILY, {"measure": "flows"}, by=ben.person)
        people.revoke(tx, ben.person, by=OPERATOR)
        tx.commit()
    with control.transaction(CLOCK) as tx:
        assert web_sessions.find(tx, "token", CLOCK.now()) is None
        assert not web_sessions.keep(tx, "token", '{"back": 1}')
        assert not people.take_recovery_code(tx, ben.person, "aa")
        gone = people.by_handle(tx, ben.person)
        with pytest.raises(StateConflict):
            two_people.confirm(tx, left.proposal, by="pc")
    assert gone is not None
    assert (gone.active, gone.password, gone.grants) == (False, None, ())
    assert gone.uniquifier != ben.uniquifier


def test_links_die_with_a_change_of_who_made_them_or_whom_they_are_for(control: Control) -> None:
    anna, ben = joined(control, ANNA, Role.ADMINISTRATOR), joined(control, BEN, Role.ADMINISTRATOR)
    carla = joined(control, "carla@exemple.fr", Role.PARTNER)
    administrator = Grant(Role.ADMINISTRATOR)
    with control.transaction(CLOCK) as tx:
        hers = invitations.invite(tx, carla.email, Grant(Role.PARTNER), by=ben.person)
        people.grant(tx, carla.person, administrator, by=anna.person)  # the link was for a partner
        accomplice = invitations.invite(tx, "x@exemple.fr", administrator, by=ben.person)
        people.withdraw(tx, ben.person, administrator, by=anna.person)
        again = invitations.invite(tx, carla.email, administrator, by=anna.person)
        people.revoke(tx, carla.person, by=anna.person)
        for token in (hers, accomplice, again):
            with pytest.raises(CodeRefused):
                invitations.accept(tx, token, "hash")


def test_what_somebody_proposed_leaves_with_the_role_that_let_her(control: Control) -> None:
    joined(control, ANNA, Role.ADMINISTRATOR)
    ben = joined(control, BEN, Role.COORDINATOR)
    with control.transaction(CLOCK) as tx:
        left = proposals.propose(tx, Kind.FAMILY, {"measure": "flows"}, by=ben.person)
        people.withdraw(tx, ben.person, Grant(Role.COORDINATOR), by=OPERATOR)
        with pytest.raises(StateConflict):
            two_people.confirm(tx, left.proposal, by="pc")


def test_the_last_administrator_stays(control: Control) -> None:
    anna = joined(control, ANNA, Role.ADMINISTRATOR)
    with control.transaction(CLOCK) as tx:
        with pytest.raises(StateConflict):
            people.revoke(tx, anna.person, by=OPERATOR)
        with pytest.raises(StateConflict):
            people.withdraw(tx, anna.person, Grant(Role.ADMINISTRATOR), by=OPERATOR)


def test_codes_and_counters_are_taken_once(control: Control) -> None:
    anna = joined(control, ANNA, Role.DPO)
    with control.transaction(CLOCK) as tx:
        people.set_recovery_codes(tx, anna.person, ["aa", "bb"])
        assert people.take_recovery_code(tx, anna.person, "aa")
        assert not people.take_recovery_code(tx, anna.person, "aa")
        assert people.recovery_codes_left(tx, anna.person) == 1
        assert people.take_counter(tx, anna.person, 7)
        assert not people.take_counter(tx, anna.person, 7)
        assert not people.take_counter(tx, anna.person, 6)
        assert people.take_counter(tx, anna.person, 8)


def test_sessions_end_when_idle_and_tries_are_counted(control: Control) -> None:
    with control.transaction(CLOCK) as tx:
        web_sessions.start(tx, "token", "{}", None)
        tries = [web_sessions.try_once(tx, "k", SIGN_IN_WINDOW, 2) for _ in range(3)]
        other = web_sessions.try_once(tx, "other", SIGN_IN_WINDOW, 2)
        tx.commit()
    assert (tries, other) == ([True, True, False], True)
    with control.reading() as reading:
        assert web_sessions.find(reading, "token", CLOCK.now()) is not None
        idle = later(dt.timedelta(hours=1)).now()
        assert web_sessions.find(reading, "token", idle) is None
    with control.transaction(later(SIGN_IN_WINDOW)) as tx:
        assert web_sessions.try_once(tx, "k", SIGN_IN_WINDOW, 2)


def test_strangers_at_the_door_fill_no_disk(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_sessions, "MOST_STRANGERS", 3)
    with control.transaction(CLOCK) as tx:
        for n in range(3):
            web_sessions.start(tx, f"stranger{n}", "{}", None)
        web_sessions.start(tx, "somebody", "{}", "pa")
        tx.commit()
    soon = later(web_sessions.STRANGER_KEPT)
    with control.transaction(soon) as tx:
        web_sessions.start(tx, "another", "{}", None)
        found = {
            t: web_sessions.find(tx, t, soon.now()) for t in ("stranger0", "somebody", "another")
        }
    assert {t for t, kept in found.items() if kept} == {"somebody", "another"}


def test_a_cap_rises_when_another_person_confirms_and_not_before(control: Control) -> None:
    settle(control)
    anna, ben = joined(control, ANNA, Role.COORDINATOR), joined(control, BEN, Role.DPO)
    body = {"scope": SCOPE, "cap_rho_micro": 200_000}
    with control.transaction(CLOCK) as tx:
        waiting = two_people.propose(tx, Kind.CAP, body, by=anna.person)
        with pytest.raises(StateConflict):
            two_people.confirm(tx, waiting.proposal, by=anna.person)
        tx.commit()
    assert cap(control) < 200_000
    with control.transaction(CLOCK) as tx:
        two_people.confirm(tx, waiting.proposal, by=ben.person)
        tx.commit()
    assert cap(control) == 200_000
    with control.transaction(CLOCK) as tx, pytest.raises(StateConflict):
        two_people.confirm(tx, waiting.proposal, by=ben.person)
    kinds = {e.kind: json.loads(e.body) for e in control.published().chain()}
    assert kinds["proposed"]["by"] == anna.person
    assert kinds["confirmed"]["by"] == ben.person
    assert kinds["cap-raised"]["signers"] == sorted([anna.person, ben.person])


def cap(control: Control) -> int:
    with control.reading() as reading:
        return {s.scope: s.cap_rho_micro for s in ledger.budgets(reading)}[SCOPE]


def test_proposals_expire_are_taken_back_and_are_refused_when_they_could_not_be_done(
    control: Control,
) -> None:
    settle(control)
    with control.transaction(CLOCK) as tx:
        for kind, body in (
            (Kind.CAP, {"scope": SCOPE, "cap_rho_micro": 1}),
            (Kind.CAP, {"scope": "season:1999-2000", "cap_rho_micro": 200_000}),
            (Kind.CAP, {"scope": SCOPE, "cap_rho_micro": 250_001}),
            (Kind.CHARTER, json.loads(canonical(charter(2, cap_rho=250_001)))),
            (Kind.CHARTER, json.loads(canonical(charter()))),
            (Kind.CHARTER, {"revision": 9}),
            (Kind.FAMILY, {}),
        ):
            with pytest.raises(StateConflict):
                two_people.propose(tx, kind, body, by="pa")
        first = two_people.propose(tx, Kind.FAMILY, {"measure": "flows"}, by="pa")
        with pytest.raises(StateConflict):
            two_people.propose(tx, Kind.FAMILY, {"measure": "flows"}, by="pb")
        two_people.refuse(tx, first.proposal, by="pa")
        old = two_people.propose(tx, Kind.FAMILY, {"measure": "flows"}, by="pa")
        tx.commit()
    with control.transaction(later(dt.timedelta(days=14))) as tx:
        assert proposals.waiting(tx, tx.now()) == []
        with pytest.raises(StateConflict):
            two_people.confirm(tx, old.proposal, by="pb")


@pytest.mark.parametrize("measure", ["", "jean@exemple.fr", "12 personnes", "x" * 41])
def test_a_proposed_family_is_a_short_name_for_the_chain_will_hold_it(
    control: Control, measure: str
) -> None:
    with control.transaction(CLOCK) as tx, pytest.raises(StateConflict):
        two_people.propose(tx, Kind.FAMILY, {"measure": measure}, by="pa")


def test_a_charter_that_two_people_want_becomes_the_draft(control: Control) -> None:
    settle(control)
    with control.transaction(CLOCK) as tx:
        body = json.loads(canonical(charter(revision=2)))
        waiting = two_people.propose(tx, Kind.CHARTER, body, by="pa")
        two_people.confirm(tx, waiting.proposal, by="pb")
        tx.commit()
    draft = control.published().draft()
    assert draft is not None
    assert (draft.charter.revision, draft.signatures) == (2, [])


def test_publishing_pays_for_no_new_family_that_two_people_did_not_let(control: Control) -> None:
    settle(control)
    joined(control, ANNA, Role.ADMINISTRATOR)
    joined(control, BEN, Role.DPO)
    plan = plan_edition(charter(), EDITION)
    desk = Desk(control, None, sign=lambda _: "", witness=lambda s, _: s, clock=CLOCK)  # type: ignore[arg-type]
    with pytest.raises(StateConflict, match="Never published before"):
        pay(desk, plan)
    with control.transaction(CLOCK) as tx:
        for measure in RHO:
            waiting = two_people.propose(tx, Kind.FAMILY, {"measure": measure}, by="pa")
            two_people.confirm(tx, waiting.proposal, by="pb")
        tx.commit()
    assert set(pay(desk, plan)) == set(RHO)


def test_a_new_family_needs_two_people_once_two_people_sign_in(control: Control) -> None:
    settle(control)
    publish(control)
    with control.reading() as reading:
        two_people.require_families(reading, ["flows"])  # nobody signs in here: nothing is asked
    joined(control, ANNA, Role.ADMINISTRATOR)
    joined(control, BEN, Role.DPO)
    with control.transaction(CLOCK) as tx:
        two_people.require_families(tx, list(RHO))
        with pytest.raises(StateConflict, match="flows"):
            two_people.require_families(tx, [*RHO, "flows"])
        waiting = two_people.propose(tx, Kind.FAMILY, {"measure": "flows"}, by="pa")
        two_people.confirm(tx, waiting.proposal, by="pb")
        two_people.require_families(tx, [*RHO, "flows"])
