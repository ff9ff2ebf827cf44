"""The life of a request is one table; its calendar alone moves what a partner sees; a house only ever narrows."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.audience import AudienceSpec
from contracts.base import canonical
from contracts.order import Request
from hub.audiences.narrow import NotNarrower, for_house, narrowed
from hub.audiences.states import (
    ANSWER,
    CALENDAR,
    REQUEST,
    Act,
    Answer,
    Dates,
    State,
    dates_of,
    standing,
    why_not_answer,
)
from hub.people.roles import Grant, Role, Voice, partners_of, voices
from tests.support.orders import request_plain

SUBMITTED = "2025-09-01T08:00:00Z"
AGES = ("18-25", "26-34", "65+")
RUNGS = ("1", "2", "6+")


def request(**changes: Any) -> Request:
    plain = request_plain(first_day="2025-10-01", last_day="2025-11-30", expires="2025-12-31T00:00:00Z")  # fmt: skip
    return Request.model_validate_json(canonical(plain | changes))


def dates() -> Dates:
    return dates_of(request(), SUBMITTED)


def test_every_state_is_reached_and_every_one_but_the_last_is_left() -> None:
    assert {State.DRAFT, *REQUEST.values()} == set(State)
    assert {before for before, _ in REQUEST} == set(State) - {State.CLOSED, State.EXPIRED}
    assert {Answer.WAITING, *ANSWER.values()} == set(Answer)
    assert Answer.REFUSED not in {before for before, _ in ANSWER}
    assert {act for _, act in (*REQUEST, *ANSWER)} == set(Act)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (SUBMITTED, State.SUBMITTED),
        ("2025-09-15T23:59:59Z", State.SUBMITTED),
        ("2025-09-16T00:00:00Z", State.ANSWERED),
        ("2025-10-01T00:00:00Z", State.ACTIVE),
        ("2025-12-30T00:00:00Z", State.MEASURED),
        ("2026-12-01T00:00:00Z", State.CLOSED),
    ],
)
def test_the_calendar_is_fixed_at_submission(now: str, state: State) -> None:
    assert standing(State.SUBMITTED, dates(), request().expires, now) is state


def test_a_draft_expires_and_what_was_withdrawn_stays_closed() -> None:
    assert standing(State.DRAFT, None, "2025-09-02T00:00:00Z", SUBMITTED) is State.DRAFT
    assert standing(State.ESTIMATED, None, SUBMITTED, SUBMITTED) is State.EXPIRED
    assert standing(State.CLOSED, dates(), SUBMITTED, SUBMITTED) is State.CLOSED


@pytest.mark.parametrize("answer", list(Answer))
@pytest.mark.parametrize("act", sorted(set(Act) - CALENDAR))
def test_no_answer_changes_outside_its_time(answer: Answer, act: Act) -> None:
    for state in set(State) - {State.SUBMITTED}:
        assert why_not_answer(state, answer, act, is_own=False) == f"audience-{state.value}"
    assert why_not_answer(State.SUBMITTED, answer, act, is_own=True) == "audience-own"
    told = why_not_answer(State.SUBMITTED, answer, act, is_own=False)
    assert (told is None) == ((answer, act) in ANSWER)


def test_a_voice_is_for_one_house() -> None:
    own, other = Grant(Role.MARKETING, "opera"), Grant(Role.MARKETING, "danse")
    assert voices([own], "opera") == {Voice.MARKETING}
    assert voices([own], "danse") == frozenset()
    assert voices([Grant(Role.IT, "opera")], "opera", lent=True) == {Voice.MARKETING}
    assert voices([Grant(Role.IT, "danse")], "opera", lent=True) == frozenset()
    assert voices([Grant(Role.PARTNER, "opera"), Grant(Role.COORDINATOR)], "opera") == frozenset()
    assert voices([own, other, Grant(Role.DPO)], "danse") == {Voice.MARKETING, Voice.DPO}
    assert voices([Grant(Role.HOUSE_DPO, "danse")], "opera") == frozenset()
    assert partners_of([Grant(Role.PARTNER, "quai"), Grant(Role.PARTNER), own]) == {"quai"}


PREDICATES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"trait": st.just("age"), "values": st.lists(st.sampled_from(AGES), min_size=1, max_size=2)}),
    st.fixed_dictionaries({"trait": st.just("loyalty"), "values": st.lists(st.sampled_from(RUNGS), min_size=1, max_size=2)}),
    st.fixed_dictionaries({"trait": st.just("contacted"), "days": st.sampled_from([7, 30])}),
    st.just({"trait": "subscriber"}),
)  # fmt: skip
PEOPLE = [
    {"age": age, "loyalty": rung, "contacted": days, "subscriber": holds}
    for age, rung, days, holds in itertools.product(AGES, RUNGS, (5, 20, 999), (True, False))
]


def meant(spec: AudienceSpec) -> set[int]:
    def fulfils(person: dict[str, Any], predicate: Any) -> bool:
        if predicate.trait == "contacted":
            return bool(person["contacted"] <= predicate.days)
        if predicate.trait == "subscriber":
            return bool(person["subscriber"])
        return person[predicate.trait] in [str(v) for v in predicate.values]

    return {
        n
        for n, person in enumerate(PEOPLE)
        if all(fulfils(person, p) for p in spec.include)
        and not any(fulfils(person, p) for p in spec.exclude)
    }


@given(
    st.lists(PREDICATES, max_size=3),
    st.lists(PREDICATES, max_size=2),
    st.lists(PREDICATES, max_size=2),
)
@settings(max_examples=60, deadline=None)
def test_a_house_only_ever_means_fewer(
    include: list[Any], exclude: list[Any], more: list[Any]
) -> None:
    asked = request(spec={"include": include, "exclude": exclude})
    added = AudienceSpec.model_validate_json(canonical({"include": [], "exclude": more})).exclude
    try:
        changed = narrowed(asked, added, asked.cap)
    except NotNarrower:
        return
    excluded = meant(AudienceSpec(include=[], exclude=added))
    assert meant(changed.spec) == meant(asked.spec) & excluded
    same = {"spec", "cap"}
    assert changed.model_dump(exclude=same) == asked.model_dump(exclude=same)


@pytest.mark.parametrize("cap", [499, 1001])
def test_a_cap_goes_down_and_not_under_what_is_sent(cap: int) -> None:
    with pytest.raises(NotNarrower):
        narrowed(request(), [], cap)
    assert narrowed(request(), [], 500).cap == 500


def test_a_house_knows_nothing_of_the_others() -> None:
    codes = {"danse-nord": "AAAA1111", "opera-est": "BBBB2222"}
    own = for_house(request(sources=list(codes), codes=codes), "opera-est")
    assert (own.sources, own.codes) == (["opera-est"], {"opera-est": "BBBB2222"})
