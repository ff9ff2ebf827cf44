"""Whom an order means, found by columns, is whom a slow reading of the same words finds; the draws know no order of rows."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.audience import (
    Ages,
    AudienceSpec,
    Bought,
    Contacted,
    Distances,
    Histories,
    History,
    Homes,
    Houses,
    Incident,
    Level,
    Loyalties,
    Predicate,
    Rung,
    Subscribers,
    Tastes,
)  # fmt: skip
from contracts.audience_form import NobodyMeant, canonical_spec
from contracts.catalogue import Catalogue, Event
from contracts.visit import AgeBand, Discipline, DistanceBand
from venue_agent.audiences.choosing import Draw, first, likeliest
from venue_agent.audiences.matching import elsewhere, matching
from venue_agent.audiences.traits import NEVER, Setting, Traits, traits_of
from venue_agent.catalogue import LocalCatalogue
from venue_agent.frames import Consented, Tally
from venue_agent.settings.mapping import Values
from venue_agent.visits import VisitRules

TODAY = dt.date(2025, 12, 10)
SEASON = dt.date(2025, 9, 1)
OLDEST = dt.date(2022, 12, 10)  # 36 months of retention
LYON = (45.764, 4.8357)
EVENTS = {
    "Hamlet": Event(event="hamlet", title="Hamlet", discipline=Discipline.THEATRE),
    "Giselle": Event(event="giselle", title="Giselle", discipline=Discipline.DANCE),
    "Secret": Event(event="secret", title="Secret", discipline=Discipline.OPERA, sensitive=True),
}
TROUBLE = ("hamlet", "2025-12-01")
CATALOGUE = LocalCatalogue(Catalogue(venue="here", events=list(EVENTS.values())),
                           {name.casefold(): event for name, event in EVENTS.items()})  # fmt: skip
PLACES = {"69001": ("69", "0-5"), "38000": ("38", "50-100"), "75001": ("75", "100+"), "": ("", "unknown")}  # fmt: skip


@dataclass(frozen=True)
class Person:
    age: int
    postcode: str
    subscriber: str
    contacted: int
    visits: tuple[tuple[str, dt.date], ...]  # title, day


days = st.one_of(
    st.sampled_from([TODAY, TODAY + dt.timedelta(1), SEASON, SEASON - dt.timedelta(1), dt.date(2025, 12, 1)]),
    st.integers(-1300, 40).map(lambda back: TODAY + dt.timedelta(back)),
)  # fmt: skip
people = st.builds(
    Person,
    age=st.sampled_from([-1, 18, 25, 26, 49, 64, 65, 90]),
    postcode=st.sampled_from(list(PLACES)),
    subscriber=st.sampled_from(["yes", "no"]),
    contacted=st.sampled_from([0, 1, 30, NEVER]),
    visits=st.lists(st.tuples(st.sampled_from([*EVENTS, "Autre"]), days), max_size=7).map(tuple),
)


def listed(values: Any) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(list(values)), min_size=1, max_size=3, unique=True)


some_days = st.sampled_from([1, 9, 30, 365])
predicates = st.one_of(
    listed(AgeBand).map(lambda v: Ages(trait="age", values=v)),
    listed(DistanceBand).map(lambda v: Distances(trait="distance", values=v)),
    listed(["69", "38", "75"]).map(lambda v: Homes(trait="home", values=v)),
    listed(Rung).map(lambda v: Loyalties(trait="loyalty", values=v)),
    listed(History).map(lambda v: Histories(trait="history", values=v)),
    st.builds(lambda v, level: Tastes(trait="taste", values=v, level=level),
              listed(["theatre", "dance", "opera"]).map(lambda v: [Discipline(d) for d in v]), st.sampled_from(Level)),
    st.builds(lambda v, level: Houses(trait="house", values=v, level=level),
              listed(["here", "there"]), st.sampled_from(Level)),
    st.just(Subscribers(trait="subscriber")),
    listed(["hamlet", "giselle"]).map(lambda v: Bought(trait="bought", values=v)),
    some_days.map(lambda n: Contacted(trait="contacted", days=n)),
    some_days.map(lambda n: Incident(trait="incident", days=n)),
)  # fmt: skip
specs = st.builds(AudienceSpec, include=st.lists(predicates, max_size=3), exclude=st.lists(predicates, max_size=2))  # fmt: skip


def traits(crowd: list[Person]) -> Traits:
    rows = [
        {"person": n, "title": title, "event_key": "", "order": f"{n}-{k}", "channel": "", "product": "",
         "event_at": pd.Timestamp(day), "booked": pd.Timestamp(day) - pd.Timedelta(days=3),
         "price_cents": 1000, "satisfaction": -1}
        for n, each in enumerate(crowd) for k, (title, day) in enumerate(each.visits)
    ]  # fmt: skip
    columns = ["person", "title", "event_key", "order", "channel", "product", "event_at", "booked",
               "price_cents", "satisfaction"]  # fmt: skip
    tickets = pd.DataFrame(rows, columns=columns)
    for column in ("title", "event_key", "channel"):
        tickets[column] = tickets[column].astype("category")
    tickets = tickets.astype(
        {"event_at": "datetime64[s]", "booked": "datetime64[s]", "person": "int64"}
    )
    persons = pd.DataFrame(
        {"age": [p.age for p in crowd], "postcode": [p.postcode for p in crowd], "country": "",
         "subscriber": [p.subscriber for p in crowd]},
        index=pd.RangeIndex(len(crowd), name="person"),
    )  # fmt: skip
    nothing = pd.DataFrame()
    consented = Consented(tickets, persons, nothing, (), Tally(0, {}, {}), dt.datetime(2025, 12, 10, tzinfo=dt.UTC))  # fmt: skip
    rules = VisitRules(CATALOGUE, Values(), Discipline.MUSEUM, "day")
    setting = Setting("here", TODAY, LYON, 36, rules, frozenset({TROUBLE}))
    return traits_of(consented, pd.Series([p.contacted for p in crowd], dtype="int64"), setting)


class Plain:
    """The same words, read person by person."""

    def __init__(self, person: Person, known_since: dt.date | None) -> None:
        kept = sorted({(title, day) for title, day in person.visits if day >= OLDEST})
        self.person, self.known_since = person, known_since
        self.tickets = [(EVENTS[t].event if t in EVENTS and not EVENTS[t].sensitive else "", day) for t, day in kept]  # fmt: skip
        seen = {(self.event(t), self.kind(t), day) for t, day in kept if day <= TODAY}
        self.kinds = Counter(kind for _event, kind, _day in seen)
        self.visits = [day for _event, _kind, day in seen]

    def event(self, title: str) -> str:
        return EVENTS[title].event if title in EVENTS and not EVENTS[title].sensitive else ""

    def kind(self, title: str) -> str:
        return EVENTS[title].discipline.value if title in EVENTS else "museum"

    def fulfils(self, one: Predicate) -> bool:
        value = getattr(self, f"_{one.trait}", None)
        if value is not None:
            return bool(value(one))
        return {"age": self.age, "distance": PLACES[self.person.postcode][1],
                "home": PLACES[self.person.postcode][0], "loyalty": self.loyalty,
                "history": self.history}[one.trait] in list(one.values)  # type: ignore[union-attr] # fmt: skip

    @property
    def age(self) -> str:
        for least, band in ((65, "65+"), (50, "50-64"), (35, "35-49"), (26, "26-34"), (0, "18-25")):
            if self.person.age >= least:
                return band
        return "unknown"

    @property
    def loyalty(self) -> str:
        count = sum(day >= SEASON for day in self.visits)
        return "" if not count else str(count) if count < 3 else "3-5" if count < 6 else "6+"

    @property
    def history(self) -> str:
        if not self.visits:
            return ""
        earliest = min(self.visits)
        if earliest < SEASON:
            return "returning"
        return "new" if self.known_since and (earliest - self.known_since).days >= 365 else ""

    def _taste(self, one: Tastes) -> bool:
        counts = [self.kinds[kind.value] for kind in one.values]  # noqa: PD011
        if one.level is Level.MAIN:
            return any(count and 2 * count >= len(self.visits) for count in counts)
        return max(counts) >= (2 if one.level is Level.OFTEN else 1)

    def _house(self, one: Houses) -> bool:
        return "here" in one.values and len(self.visits) >= (2 if one.level is Level.OFTEN else 1)  # noqa: PD011

    def _subscriber(self, _one: Subscribers) -> bool:
        return self.person.subscriber == "yes"

    def _bought(self, one: Bought) -> bool:
        return any(event in one.values for event, _day in self.tickets)  # noqa: PD011

    def _contacted(self, one: Contacted) -> bool:
        return self.person.contacted <= one.days

    def _incident(self, one: Incident) -> bool:
        held = any((event, day.isoformat()) == TROUBLE for event, day in self.tickets)
        return held and (TODAY - dt.date.fromisoformat(TROUBLE[1])).days <= one.days


def plainly(spec: AudienceSpec, crowd: list[Person]) -> list[bool]:
    """No frame, no mask."""
    every = [day for person in crowd for _title, day in person.visits]
    read = [Plain(person, min(every, default=None)) for person in crowd]
    return [
        all(each.fulfils(p) for p in spec.include) and not any(each.fulfils(p) for p in spec.exclude)
        for each in read
    ]  # fmt: skip


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    crowd=st.lists(people, min_size=1, max_size=6), asked=st.lists(specs, min_size=1, max_size=6)
)
def test_columns_and_a_slow_reading_find_the_same_people(crowd: list[Person], asked: list[AudienceSpec]) -> None:  # fmt: skip
    known = traits(crowd)
    for spec in asked:
        try:
            form = canonical_spec(spec)
        except NobodyMeant:
            continue
        assert matching(form, known).tolist() == plainly(form, crowd)


def test_every_kind_of_predicate_is_held_against_the_slow_reading() -> None:
    crowd = [
        Person(30, "69001", "yes", 1, (("Hamlet", dt.date(2025, 12, 1)), ("Giselle", dt.date(2025, 10, 1)))),
        Person(70, "75001", "no", NEVER, (("Giselle", dt.date(2023, 1, 1)), ("Secret", dt.date(2025, 11, 1)))),
        Person(-1, "", "no", 30, ()),
    ]  # fmt: skip
    found = [Plain(p, dt.date(2023, 1, 1)) for p in crowd]
    assert [(p.age, p.loyalty, p.history) for p in found] == [
        ("26-34", "2", "new"), ("65+", "1", "returning"), ("unknown", "", "")]  # fmt: skip
    known = traits(crowd).persons
    assert known[["age", "loyalty", "history"]].to_numpy().tolist() == [[p.age, p.loyalty, p.history] for p in found]  # fmt: skip
    assert known["home"].tolist() == ["69", "75", ""]


def test_nobody_is_known_to_have_been_elsewhere() -> None:
    spec = AudienceSpec(
        include=[], exclude=[Houses(trait="house", values=["there"], level=Level.ONCE)]
    )
    crowd = [Person(30, "69001", "yes", 1, (("Hamlet", TODAY),))]
    assert matching(spec, traits(crowd)).tolist() == [True]
    assert elsewhere(spec, "here") == ["there"]


tokens = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40, unique=True)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(crowd=tokens, most=st.integers(0, 45), seed=st.randoms(use_true_random=False))
def test_the_draws_know_people_and_not_their_rows(crowd: list[bytes], most: int, seed: Any) -> None:
    shuffled = crowd[:]
    seed.shuffle(shuffled)
    draw = Draw(b"\x5a" * 32, 30)

    def chosen(names: list[bytes]) -> tuple[set[bytes], set[bytes], set[bytes]]:
        share = np.array([name[0] % 3 for name in names], dtype=np.float64)
        priority = draw.priority(names)
        flags = (first(priority, most), draw.held_out(names), likeliest(share, priority, most))
        held, out, like = ({n for n, yes in zip(names, f, strict=True) if yes} for f in flags)
        return held, out, like

    assert chosen(crowd) == chosen(shuffled)
    held, out, like = chosen(crowd)
    assert len(held) == min(most, len(crowd))
    assert len(like) == min(most, len(crowd) // 4)
    assert all(n[0] % 3 >= m[0] % 3 for n in like for m in set(crowd) - like)
    part = crowd[: len(crowd) // 2]  # another house, which knows fewer of them
    assert {n for n, yes in zip(part, draw.held_out(part), strict=True) if yes} == out & set(part)


def test_a_share_is_held_out_and_another_order_holds_out_others() -> None:
    crowd = [n.to_bytes(32, "big") for n in range(4000)]
    ten = Draw(b"\x5a" * 32, 10).held_out(crowd)
    assert 300 < int(ten.sum()) < 500  # fixed keys: the same at every run
    assert (Draw(b"\x5a" * 32, 10).held_out(crowd) == ten).all()
    other = Draw(b"\x5b" * 32, 10).held_out(crowd)
    assert int((ten & other).sum()) < 100
    assert not Draw(b"\x5a" * 32, 0).held_out(crowd).any()
    assert not Draw(b"\x5a" * 32, 50).held_out([b""] * 100).any()  # without a token, in no arm
