"""A request means what its predicates say, in one form, and says itself back."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from contracts.audience import AudienceSpec, Level, Predicate, Rung
from contracts.audience_form import NobodyMeant, canonical_spec
from contracts.audience_words import EVERYBODY, sentence
from contracts.base import canonical
from contracts.questions import Said
from contracts.visit import AgeBand, Discipline

PREDICATE: TypeAdapter[Predicate] = TypeAdapter(Predicate)
DISCIPLINES = ("dance", "opera", "museum")
NAMES = {"dance": Said("de la danse", "dance"), "opera": Said("de l'opéra", "opera")}


def lists(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=4)


ANY = st.one_of(
    st.fixed_dictionaries({"trait": st.just("age"), "values": lists(tuple(AgeBand)[:3])}),
    st.fixed_dictionaries({"trait": st.just("loyalty"), "values": lists(tuple(Rung))}),
    st.fixed_dictionaries({"trait": st.just("home"), "values": lists(("69", "2A", "971"))}),
    st.fixed_dictionaries({"trait": st.just("taste"), "values": lists(DISCIPLINES), "level": st.sampled_from(list(Level))}),
    st.fixed_dictionaries({"trait": st.just("bought"), "values": lists(("e1", "e2"))}),
    st.fixed_dictionaries({"trait": st.just("contacted"), "days": st.sampled_from([7, 30])}),
    st.just({"trait": "subscriber"}),
)  # fmt: skip


def spec(include: list[dict[str, Any]], exclude: Sequence[dict[str, Any]] = ()) -> AudienceSpec:
    return AudienceSpec(
        include=[PREDICATE.validate_python(p, strict=False) for p in include],
        exclude=[PREDICATE.validate_python(p, strict=False) for p in exclude],
    )


SPECS = st.builds(spec, st.lists(ANY, max_size=4), st.lists(ANY, max_size=3))
PEOPLE = [
    {"age": age, "loyalty": rung, "home": home, "visits": dict(zip(DISCIPLINES, visits, strict=True)),
     "bought": bought, "contacted": contacted, "subscriber": subscriber}
    for age, (rung, visits), home, bought, contacted, subscriber in itertools.product(
        ("18-25", "26-34", "65+"),
        (("1", (1, 0, 0)), ("2", (1, 1, 0)), ("3-5", (0, 2, 1)), ("6+", (5, 0, 1))),
        ("69", "971", ""), (set(), {"e1"}, {"e2"}), (None, 5, 20, 60), (True, False),
    )
]  # fmt: skip


def fulfils(person: dict[str, Any], predicate: Predicate) -> bool:
    """The slow plain meaning of a predicate."""
    if predicate.trait in ("age", "loyalty", "home"):
        return person[predicate.trait] in [str(v) for v in predicate.values]
    if predicate.trait == "taste":
        total = sum(person["visits"].values())
        least = {"once": 1, "often": 2, "main": total / 2}[predicate.level]
        return any(person["visits"][value] >= least for value in predicate.values)
    if predicate.trait == "bought":
        return bool(person["bought"] & set(predicate.values))
    if predicate.trait == "contacted":
        return person["contacted"] is not None and person["contacted"] <= predicate.days
    return person["subscriber"] is True


def meant(asked: AudienceSpec) -> list[bool]:
    return [
        all(fulfils(person, p) for p in asked.include)
        and not any(fulfils(person, p) for p in asked.exclude)
        for person in PEOPLE
    ]


@given(asked=SPECS)
@settings(max_examples=150, deadline=None)
def test_the_one_form_means_the_same_people(asked: AudienceSpec) -> None:
    try:
        form = canonical_spec(asked)
    except NobodyMeant:
        assert not any(meant(asked))
        return
    assert meant(form) == meant(asked)
    assert canonical(canonical_spec(form)) == canonical(form)


@given(asked=SPECS, random=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_and_repetition_mean_nothing(asked: AudienceSpec, random: Any) -> None:
    again = [list(side) + list(side[:1]) for side in (asked.include, asked.exclude)]
    for side in again:
        random.shuffle(side)
    other = AudienceSpec(include=again[0], exclude=again[1])
    assert form_of(other) == form_of(asked)


def form_of(asked: AudienceSpec) -> bytes | None:
    try:
        return canonical(canonical_spec(asked))
    except NobodyMeant:
        return None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (spec([{"trait": "age", "values": ["18-25", "26-34"]}]),
         spec([], [{"trait": "age", "values": ["35-49", "50-64", "65+", "unknown"]}])),
        (spec([{"trait": "taste", "values": ["dance"], "level": "often"}]),
         spec([{"trait": "taste", "values": ["dance"], "level": "often"},
               {"trait": "taste", "values": ["opera", "dance"], "level": "once"}])),
        (spec([], [{"trait": "contacted", "days": 30}]),
         spec([], [{"trait": "contacted", "days": 7}, {"trait": "contacted", "days": 30}])),
        (spec([], [{"trait": "bought", "values": ["e1", "e2"]}]),
         spec([], [{"trait": "bought", "values": ["e2"]}, {"trait": "bought", "values": ["e1"]}])),
        (spec([]), spec([{"trait": "loyalty", "values": ["6+", "1", "3-5", "2"]}])),
    ],
)  # fmt: skip
def test_two_ways_to_say_one_thing_are_one(one: AudienceSpec, other: AudienceSpec) -> None:
    assert form_of(one) == form_of(other)


@pytest.mark.parametrize(
    "asked",
    [
        spec([{"trait": "age", "values": ["18-25"]}, {"trait": "age", "values": ["65+"]}]),
        spec([{"trait": "home", "values": ["69"]}], [{"trait": "home", "values": ["69", "01"]}]),
        spec([{"trait": "subscriber"}], [{"trait": "subscriber"}]),
        spec([{"trait": "taste", "values": ["dance"], "level": "often"}],
             [{"trait": "taste", "values": ["dance", "opera"], "level": "once"}]),
    ],
)  # fmt: skip
def test_what_nobody_can_be_is_said_from_the_words_alone(asked: AudienceSpec) -> None:
    with pytest.raises(NobodyMeant):
        canonical_spec(asked)


def test_a_request_says_itself_back() -> None:
    asked = spec(
        [{"trait": "taste", "values": ["dance", "opera"], "level": "once"},
         {"trait": "distance", "values": ["0-5", "5-20"]}],
        [{"trait": "house", "values": ["theatre-b"], "level": "once"}, {"trait": "contacted", "days": 30}],
    )  # fmt: skip
    told = sentence(asked, NAMES)
    assert told.fr == (
        "Les personnes qui ont vu au moins une fois de la danse ou de l'opéra et habitent à moins de 20 km du"
        " partenaire, mais pas celles qui sont venues au moins une fois à theatre-b, ni celles qui ont reçu une"
        " offre depuis 30 jours."
    )
    assert told.en.startswith(
        "The people who saw dance or opera at least once and live within 20 km of the partner, but not"
    )
    assert sentence(spec([]), NAMES) == EVERYBODY


@pytest.mark.parametrize(
    ("bands", "told"),
    [
        (["20-50", "0-5"], "habitent à moins de 5 km ou entre 20 et 50 km du partenaire"),
        (["5-20", "unknown"], "habitent entre 5 et 20 km du partenaire ou habitent on ne sait où"),
        (["unknown"], "habitent on ne sait où"),
        (["100+"], "habitent à plus de 100 km du partenaire"),
    ],
)
def test_distances_are_from_the_partner_whoever_reads_them(bands: list[str], told: str) -> None:
    asked = spec([{"trait": "distance", "values": bands}])
    assert sentence(asked, NAMES).fr == f"Les personnes qui {told}."


@given(asked=SPECS)
@settings(max_examples=60, deadline=None)
def test_every_request_has_its_words(asked: AudienceSpec) -> None:
    told = sentence(asked, {d: Said(d, d) for d in Discipline})
    assert told.fr.endswith(".")
    assert told.en.endswith(".")
    assert "{" not in told.fr + told.en
