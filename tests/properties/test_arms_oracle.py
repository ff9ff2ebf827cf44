"""The queries on partners' requests mean what the plain oracle means, on any small world."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.measures.catalogue import MEASURES
from tests.support import measuring, oracle, town
from tests.support.oracle_arms import arms_term
from tests.support.town import FIRST, Row

START = (FIRST - town.EPOCH).days
HOUSES = 6
priorities = st.sampled_from([0, 7, 7, 2**40, 2**64 - 1])
shared = {
    "person_key": st.integers(1, 3),
    "venue": st.integers(0, HOUSES - 1),
    "discipline": st.just(4),
    "lead_days": st.just(3),
    "age": st.just(0),
    "distance": st.just(0),
    "departement": st.just("69"),
    "priority": priorities,
}
visits = st.builds(Row, event_day=st.integers(START, START + 330), **shared)
selections = st.builds(
    Row,
    event_day=st.integers(START, START + 310),
    operation=st.integers(0, 2),
    arm=st.integers(0, 1),
    **shared,
)


def agree(rows: list[Row], frame) -> None:
    frame = town.with_operations(frame)
    expected = oracle.vectors(rows, frame, arms_term)
    with town.opened(town.table_of(rows)) as connection:
        for measure in ("cooperation", "reciprocity"):
            _, plan = measuring.plan_of(measure, frame)
            found = {
                p.name: measuring.value(connection, q, p)
                for p, q in zip(plan, MEASURES[measure].queries(plan, frame), strict=True)
            }
            for vector in plan:
                wanted = [expected[vector.name].get(key, 0) for key in vector.keys]
                assert found[vector.name].tolist() == wanted, vector.name


@settings(max_examples=12, deadline=None)
@given(
    st.lists(visits, max_size=25),
    st.lists(selections, max_size=15),
    st.integers(0, 1),
    st.integers(1, 5),
)
def test_queries_equal_the_oracle_on_any_small_world(seen, chosen, clusters, cells) -> None:
    bounds = town.BOUNDS.model_copy(update={"cells": cells})
    agree([*seen, *chosen], town.frame(HOUSES, clusters=clusters, bounds=bounds))


def test_queries_equal_the_oracle_on_a_town() -> None:
    frame = town.with_operations(town.frame(12, clusters=1))
    table = town.activations(town.town(300, town.frame(12, clusters=1), seed=3), frame, seed=3)
    agree(town.rows_of(table), town.frame(12, clusters=1))
