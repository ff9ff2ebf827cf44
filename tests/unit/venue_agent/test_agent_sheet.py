"""What a page may show: nothing that few people have, every column with its reason, every refusal in words."""

import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.visit import EPCI, PERSON_COLUMNS, VISIT_COLUMNS
from hub.measures.catalogue import MEASURES
from tests.support import measuring, town
from venue_agent import tally
from venue_agent.frames import Tally
from venue_agent.screen import fields, refusals
from venue_agent.screen.report import STAGES, funnel
from venue_agent.screen.spread import FEWEST, MOST, Seen
from venue_agent.screen.values import ordered, said
from venue_agent.words import load, speak

ROOT = Path(__file__).parents[3]
COLUMN_OF = {
    "age": "age_band",
    "distance": "distance_band",
    "channel": "channel",
    "first_time": "first_time_here",
    "country": "country",
    "departement": "departement",
    "lead_days": "lead_days",
    "discipline": "discipline",
    "qpv": "qpv",
    "subscriber": "subscriber",
    "satisfaction": "satisfaction",
    "arm": "arm",
    "operation": "order",
    "since": "day",
    "tags": "event_id",
    "epci": "epci",
}
FILTERS = {"firsts": {"channel"}}
"""Columns that a measure's shared relation carries along without using them."""


def seen_of(rows: list[tuple[str, int]]) -> Seen:
    seen = Seen()
    for half in (rows[::2], rows[1::2]):
        values = pd.Series([value for value, _ in half], dtype="str").astype("category")
        seen.add(values, pd.Series([str(person) for _, person in half], dtype="str"))
    return seen


ROWS = st.lists(st.tuples(st.sampled_from("abcdefghijklm"), st.integers(0, 40)), max_size=200)


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_no_line_is_about_few_people_not_even_by_subtraction(rows: list[tuple[str, int]]) -> None:
    spread = seen_of(rows).spread()
    people: dict[str, set[int]] = {}
    for value, person in rows:
        people.setdefault(value, set()).add(person)
    counted = Counter(value for value, _ in rows)
    shown = dict(spread.shown)
    assert len(shown) <= MOST
    assert all(len(people[value]) >= FEWEST and counted[value] == n for value, n in shown.items())
    rest = set().union(*(held for value, held in people.items() if value not in shown))
    assert spread.hidden == (not shown)
    if shown:
        assert not rest or len(rest) >= FEWEST  # what is left of the total is nobody in particular
        assert spread.others == len(rows) - sum(shown.values())
    else:
        assert spread.others == 0


def test_a_rare_value_takes_the_next_with_it() -> None:
    rows = [("a", n) for n in range(30)] + [("b", n) for n in range(30, 42)] + [("c", 99)]
    spread = seen_of(rows).spread()
    assert spread.shown == (("a", 30),)
    assert spread.others == 13


def test_one_person_of_many_visits_is_still_one() -> None:
    assert seen_of([("a", 1)] * 100).spread().hidden


@pytest.mark.parametrize("name", [*PERSON_COLUMNS, EPCI, *VISIT_COLUMNS])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_column_has_a_name_and_a_reason(name: str, language: str) -> None:
    speak(language)
    assert fields.label(name)
    assert fields.WHY[name]
    if language == "fr":
        assert load("fr").gettext(fields.WHY[name]) != fields.WHY[name]


@pytest.mark.parametrize("measure", MEASURES)
def test_the_page_says_of_each_column_which_measures_read_it(measure: str) -> None:
    frame = measuring.suited(measure, town.frame())
    _, plan = measuring.plan_of(measure, frame, delta_pico=1000)
    queries = MEASURES[measure].queries(plan, frame)
    text = " ".join(q.sql + " ".join(r.sql for r in q.needs) for q in queries)
    read = {
        column for name, column in COLUMN_OF.items() if re.search(rf"(?<!AS )\b{name}\b", text)
    } - FILTERS.get(measure, set())
    told = {column for column, measures in fields.READ_BY.items() if measure in measures}
    assert told == read
    assert measure in fields.MEASURES


def test_every_reason_of_the_vault_has_words() -> None:
    source = (ROOT / "hub" / "vault" / "rows.py").read_text()
    named = set(re.findall(r'_refusals\["([a-z-]+)"\]', source))
    assert {"bad-tokens", "no-statistics-consent"} <= named
    columns = {f"bad-{name.replace('_', '-')}" for name in (*PERSON_COLUMNS, *VISIT_COLUMNS)}
    speak("fr")
    for reason in {*named, *columns, "bad-width"}:
        assert refusals.words(reason) != reason
    assert refusals.words("a-reason-to-come") == "a-reason-to-come"


def test_every_drop_ends_one_stage_of_the_funnel() -> None:
    reasons = [r for r in tally.WORDS if r in set().union(*STAGES.values())]
    last = {"under_18", "no_identifier", "older_than_retention", "before_linkage", "too_far_ahead"}
    dropped = dict.fromkeys([*reasons, *last & set(tally.WORDS)], 1)
    told = funnel(Tally(100, dropped, {}))
    assert list(told) == ["read", "seats", "named", "consenting", "leaving"]
    assert list(told.values()) == sorted(told.values(), reverse=True)
    assert told["leaving"] == 100 - len(dropped)
    assert set().union(*STAGES.values()) <= set(tally.WORDS)


def test_values_are_said_in_words_and_stand_in_their_order() -> None:
    speak("fr")
    assert said("price_band", "10-25").replace("\u00a0", " ") == "10–25 €"
    assert said("party_band", "1") == "1 place"
    assert said("age_band", "unknown") == "non renseigné"
    bands = [("65+", 9), ("unknown", 8), ("18-25", 7)]
    assert [value for value, _ in ordered("age_band", bands)] == ["18-25", "65+", "unknown"]
    assert ordered("discipline", [("dance", 2), ("circus", 1)])[0] == ("dance", 2)
