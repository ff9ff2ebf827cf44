"""The queries mean what the plain oracle means, on any small world."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.charter import Bounds
from contracts.tags import NOTHING_SAID
from hub.measures.catalogue import MEASURES
from tests.support import measuring, oracle, town
from tests.support.oracle_cube import cube_term, overlap_term
from tests.support.oracle_places import place_terms
from tests.support.oracle_seasons import two_season_term
from tests.support.oracle_tags import model_terms
from tests.support.town import FIRST, Row

START = (FIRST - dt.date(1970, 1, 1)).days

rows = st.builds(
    Row,
    person_key=st.integers(1, 4),
    venue=st.integers(0, 39),
    discipline=st.integers(0, 14),
    event_day=st.integers(START, START + 700),
    lead_days=st.integers(-1, 730),
    age=st.integers(0, 5),
    distance=st.integers(0, 5),
    departement=st.sampled_from(["69", "2A", "", "99", "971", "xx"]),
    epci=st.sampled_from(["", "", town.EPCIS[0], town.EPCIS[1], town.FAR]),
    priority=st.integers(0, 2**64 - 1),
    channel=st.integers(0, 5),
    first_time=st.integers(0, 2),
    country=st.sampled_from(["", "FR", "BE"]),
    qpv=st.integers(0, 2),
    party=st.integers(0, 4),
    satisfaction=st.sampled_from([255, 0, 4, 5, 7, 8, 10]),
    tags=st.sampled_from(
        [NOTHING_SAID, *town.tags_of(np.array([0, 1, 2, -1]), np.array([1, 0, -1, 1])).tolist()]
    ),
)
bounds = st.builds(
    Bounds,
    venues=st.integers(2, 40),
    visits=st.integers(7, 20),
    cells=st.integers(1, 30),
    pairs_total=st.integers(1, 400),
)


def everywhere(person: int, priority: int) -> list[Row]:
    """Return the rows of somebody who goes to all forty venues."""
    return [
        Row(
            person, venue, 4, START + venue * 9, venue, 1, 1, "69", (priority * (venue + 7)) % 2**64
        )
        for venue in range(40)
    ]


halves = st.sampled_from([tuple(MEASURES)[::2], tuple(MEASURES)[1::2]])
"""Each example tries every other measure: twice the catalogue for the same time."""


def agree(visits: list[Row], frame, measures=tuple(MEASURES)) -> None:
    """Hold every vector of the measures against the oracle."""
    wide = measuring.suited("returns", frame)
    expected = oracle.vectors(visits, frame, oracle.term_of)
    expected |= oracle.vectors(visits, frame, place_terms)
    if "cube" in measures:
        expected |= oracle.vectors(visits, frame, cube_term)
    expected |= oracle.vectors(visits, frame, overlap_term)
    expected |= oracle.vectors(visits, frame, model_terms)
    expected |= oracle.vectors(visits, wide, two_season_term)
    with town.opened(town.table_of(visits)) as connection:
        for measure in measures:
            _, plan = measuring.plan_of(measure, frame)
            found = measuring.exact(connection, measure, frame, plan)
            for vector in plan:
                wanted = [expected[vector.name].get(key, 0) for key in vector.keys]
                assert found[vector.name].tolist() == wanted, vector.name


@settings(max_examples=40, deadline=None)
@given(st.lists(rows, max_size=40), bounds, st.integers(0, 3), halves)
def test_queries_equal_the_oracle_on_any_small_world(visits, bounds, clusters, half) -> None:
    agree(visits, town.frame(40, clusters=clusters, bounds=bounds), half)


@settings(max_examples=15, deadline=None)
@given(st.lists(rows, max_size=20), bounds, st.integers(0, 3), st.integers(1, 2**64 - 1), halves)
def test_queries_equal_the_oracle_for_people_who_are_everywhere(
    visits, bounds, clusters, priority, half
) -> None:
    frame = town.frame(40, clusters=clusters, bounds=bounds)
    agree(visits + everywhere(9, priority) + everywhere(10, priority // 3 + 1), frame, half)


@settings(max_examples=10, deadline=None)
@given(st.lists(rows, max_size=40), bounds, halves)
def test_queries_equal_the_oracle_where_the_charter_keeps_weeks(visits, bounds, half) -> None:
    agree(visits, replace(town.frame(40, clusters=1, bounds=bounds), by_week=True), half)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=60), st.integers(1, 366))
def test_visits_are_weighed_in_whole_numbers(counts, room) -> None:
    """One person alone, who comes so many times on each of so many days: the root is a whole one."""
    visits = [
        Row(1, visit % 40, 4, START + 7 * month, visit, 0, 0, "69", 5)
        for month, often in enumerate(counts)
        for visit in range(often)
    ]
    frame = town.frame(40, bounds=town.BOUNDS.model_copy(update={"cells": room}))
    agree(visits, frame, ("season-spread", "tourists"))


@pytest.mark.parametrize("clusters", [0, 2])
def test_queries_equal_the_oracle_on_a_town(clusters) -> None:
    frame = town.frame(12, clusters=clusters)
    agree(town.rows_of(town.town(600, frame, seed=clusters)), frame)


def test_the_order_of_rows_changes_nothing() -> None:
    frame = town.frame(12)
    visits = town.rows_of(town.town(300, frame, seed=5))
    answers = []
    for order in (visits, visits[::-1]):
        with town.opened(town.table_of(order)) as connection:
            answers.append(
                {
                    name: vector.tolist()
                    for measure in MEASURES
                    for name, vector in measuring.exact(
                        connection, measure, frame, measuring.plan_of(measure, frame)[1]
                    ).items()
                }
            )
    assert answers[0] == answers[1]
