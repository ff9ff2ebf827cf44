"""A frozen view holds each linked person's distinct visits of the window, and stays what it is."""

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from hub.errors import StateConflict
from hub.measures.catalogue import MEASURES
from hub.measures.frame import frame_of
from hub.privacy.values import VectorPlan
from hub.vault.scan import QueryFailed, scan
from hub.vault.snapshot import freeze, read_frozen
from tests.support import measuring
from tests.support.vault_frozen import frozen_visits, window
from tests.support.vault_world import (
    LIMITS,
    A,
    B,
    C,
    VaultWorld,
    batch_files,
    person,
    vault_world,
    visit,
)

MAIL = "email:a@x.fr"
SORTED = sorted((A, B, C))


@pytest.fixture
def world(tmp_path: Path) -> VaultWorld:
    return vault_world(f"sqlite:///{tmp_path / 'vault.sqlite'}", tmp_path / "facts")


def test_a_person_is_one_over_venues_and_months(world: VaultWorld) -> None:
    world.send(batch_files([person("ana", MAIL)], [visit("ana")]), venue=A)
    world.send(
        batch_files([person("ana", MAIL)], [visit("ana", "2025-11-02")]),
        venue=A, month="2025-11", sequence=2,
    )  # fmt: skip
    world.send(
        batch_files([person("x", MAIL), person("y", "email:y")], [visit("x"), visit("y")]), venue=B
    )
    rows = frozen_visits(world, freeze(world.vault, window(world), LIMITS))
    persons = {row["person_key"] for row in rows}
    assert len(rows) == 4
    assert len(persons) == 2
    assert persons == {0, 1}
    assert {row["venue"] for row in rows} == {SORTED.index(A), SORTED.index(B)}


def test_tickets_of_one_visit_count_once_and_resolve(world: VaultWorld) -> None:
    tickets = [
        visit("ana", lead_days="-1", distance_band="unknown"),
        visit("ana", lead_days="3", distance_band="5-20"),
        visit("ana", lead_days="40", distance_band="0-5"),
        visit("ana", event="otello", lead_days="-1", distance_band="unknown"),
    ]
    world.send(batch_files([person("ana", MAIL)], tickets))
    rows = frozen_visits(world, freeze(world.vault, window(world), LIMITS))
    assert sorted((r["lead_days"], r["distance"]) for r in rows) == [(-1, 5), (40, 0)]


def test_what_a_person_is_comes_from_all_her_rows(world: VaultWorld) -> None:
    known = person("ana", MAIL, age_band="26-34", departement="38")
    blank = person("ana", MAIL, age_band="unknown", departement="")
    world.send(batch_files([known], [visit("ana")]), venue=A)
    world.send(batch_files([blank], [visit("ana")]), venue=B)
    rows = frozen_visits(world, freeze(world.vault, window(world), LIMITS))
    assert {(r["age"], r["departement"]) for r in rows} == {(1, "38")}


def test_fields_left_silent_become_unknown(tmp_path: Path) -> None:
    world = vault_world(f"sqlite:///{tmp_path / 'v.sqlite'}", tmp_path / "f", fields=["event_id"])
    silent = {"age_band": "", "departement": "", "subscriber": "", "qpv": ""}
    quiet = {"discipline": "", "lead_days": "-1", "channel": "", "party_band": "", "price_band": "",
             "distance_band": "", "first_time_here": ""}  # fmt: skip
    world.send(batch_files([person("ana", MAIL, **silent)], [visit("ana", **quiet)]))
    (row,) = frozen_visits(world, freeze(world.vault, window(world), LIMITS))
    assert (row["age"], row["distance"], row["discipline"], row["departement"]) == (5, 5, 14, "")
    assert (row["channel"], row["first_time"], row["country"]) == (5, 2, "")
    assert (row["qpv"], row["satisfaction"], row["party"]) == (2, 255, 4)


def test_one_box_office_that_knows_her_outweighs_one_that_does_not(world: VaultWorld) -> None:
    pair = [person("ana", MAIL, country="BE"), person("ana-too", MAIL)]
    tickets = [
        visit("ana", first_time_here="yes", channel="phone"),
        visit("ana-too", first_time_here="no", channel="counter"),
        visit("ana", event="otello", first_time_here="yes"),
        visit("ana-too", event="otello", first_time_here="unknown"),
    ]
    world.send(batch_files(pair, tickets))
    rows = frozen_visits(world, freeze(world.vault, window(world), LIMITS))
    assert sorted((r["channel"], r["first_time"], r["country"]) for r in rows) == [
        (0, 0, "BE"),
        (1, 1, "BE"),
    ]


def test_a_view_frozen_by_an_earlier_version_still_opens(world: VaultWorld, monkeypatch) -> None:
    world.send(batch_files([person("ana", MAIL)], [visit("ana")]))
    snapshot = freeze(world.vault, window(world), LIMITS)
    late = ["channel", "first_time", "country", "qpv", "satisfaction", "party"]
    monkeypatch.setattr(
        "hub.vault.scan.read_frozen", lambda *of: read_frozen(*of).drop_columns(late)
    )
    query = Sum(
        "SELECT 0 AS cell, max(party * 1000000 + satisfaction * 1000 + qpv * 100 + channel * 10 + first_time) AS value FROM visit"
    )
    with scan(world.vault, snapshot, LIMITS) as relations:
        assert relations.run(query, plan(1)).values.tolist() == [4_255_252]


def test_only_days_of_the_window_are_in_it(world: VaultWorld) -> None:
    days = ["2025-10-01", "2025-10-02", "2025-10-20", "2025-10-21"]
    world.send(batch_files([person("ana", MAIL)], [visit("ana", day) for day in days]))
    narrow = window(world, first_day=dt.date(2025, 10, 2), last_day=dt.date(2025, 10, 20))
    assert len(frozen_visits(world, freeze(world.vault, narrow, LIMITS))) == 2


def test_links_learnt_outside_the_window_count_inside_it(world: VaultWorld) -> None:
    world.send(batch_files([person("ana", MAIL)], [visit("ana")]), venue=A)
    world.send(batch_files([person("ana", "phone:1")], [visit("ana")]), venue=B)
    both = batch_files([person("ana", MAIL, "phone:1")], [visit("ana", "2025-08-05")])
    world.send(both, venue=C, month="2025-08")
    rows = frozen_visits(world, freeze(world.vault, window(world), LIMITS))
    assert [row["person_key"] for row in rows] == [0, 0]


def test_venues_that_are_not_asked_for_are_not_read(world: VaultWorld) -> None:
    world.send(batch_files([person("ana", MAIL)], [visit("ana")]), venue=A)
    rows = frozen_visits(world, freeze(world.vault, window(world, venues=(B, C)), LIMITS))
    assert rows == []


def test_the_priority_is_one_for_a_person_at_a_venue(world: VaultWorld) -> None:
    pair = [person("ana", MAIL), person("ana-too", MAIL)]
    world.send(batch_files(pair, [visit("ana"), visit("ana-too", event="otello")]), venue=A)
    world.send(batch_files([person("ana", MAIL)], [visit("ana")]), venue=B)
    rows = frozen_visits(world, freeze(world.vault, window(world), LIMITS))
    assert len(rows) == 3
    assert len({row["priority"] for row in rows}) == 2


def test_a_frozen_view_does_not_follow_later_batches(world: VaultWorld) -> None:
    world.send(batch_files([person("ana", MAIL)], [visit("ana")]))
    first = freeze(world.vault, window(world), LIMITS)
    world.send(batch_files([], []), sequence=2)
    again = freeze(world.reopened(), window(world), LIMITS)
    assert again == first
    assert len(frozen_visits(world, again)) == 1
    later = freeze(world.vault, window(world, edition="hiver-2025"), LIMITS)
    assert frozen_visits(world, later) == []


def test_the_same_edition_with_another_window_is_refused(world: VaultWorld) -> None:
    freeze(world.vault, window(world), LIMITS)
    for other in (window(world, venues=(A, B)), window(world, last_day=dt.date(2026, 1, 1))):
        with pytest.raises(StateConflict):
            freeze(world.vault, other, LIMITS)


def plan(size: int) -> VectorPlan:
    return VectorPlan("v", tuple((str(i),) for i in range(size)), 1, 1, 1)


@dataclasses.dataclass
class Sum:
    sql: str
    vector: str = "v"
    parameters: dict[str, object] = dataclasses.field(default_factory=dict)
    needs: tuple[object, ...] = ()


def test_a_query_becomes_the_whole_vector(world: VaultWorld) -> None:
    world.send(
        batch_files([person("ana", MAIL)], [visit("ana"), visit("ana", event="otello")]), venue=A
    )
    snapshot = freeze(world.vault, window(world), LIMITS)
    query = Sum("SELECT venue::INTEGER AS cell, count(*) AS value FROM visit GROUP BY venue")
    with scan(world.vault, snapshot, LIMITS) as relations:
        exact = relations.run(query, plan(3))
    expected = [0, 0, 0]
    expected[SORTED.index(A)] = 2
    assert exact.values.tolist() == expected
    assert exact.values.dtype == np.int64
    assert "2" not in repr(exact)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 3 AS cell, 1 AS value",
        "SELECT -1 AS cell, 1 AS value",
        "SELECT 0 AS cell, 1 AS value UNION ALL SELECT 0, 1",
        "SELECT 0 AS cell, departement::INTEGER AS value FROM visit WHERE error(departement) IS NULL",
        "SELECT * FROM nothing",
        "SELECT NULL::INTEGER AS cell, 1 AS value",
        "SELECT 0 AS cell, NULL::BIGINT AS value",
    ],
)
def test_a_query_that_leaves_its_plan_is_refused_and_quotes_nothing(
    world: VaultWorld, sql: str
) -> None:
    world.send(batch_files([person("ana", MAIL, departement="2A")], [visit("ana")]))
    snapshot = freeze(world.vault, window(world), LIMITS)
    with scan(world.vault, snapshot, LIMITS) as relations:
        with pytest.raises(QueryFailed) as caught:
            relations.run(Sum(sql), plan(3))
        assert "2A" not in str(caught.value)
        assert caught.value.__cause__ is None
        with pytest.raises(QueryFailed, match="cannot fill"):
            relations.run(Sum(sql, vector="other"), plan(3))


def test_every_measure_of_the_catalogue_runs(world: VaultWorld) -> None:
    world.send(batch_files([person("ana", MAIL)], [visit("ana")]), venue=A)
    world.send(batch_files([person("ana", MAIL)], [visit("ana", "2025-10-09")]), venue=B)
    snapshot = freeze(world.vault, window(world), LIMITS)
    edition = world.net.charter.editions[0]
    frame = dataclasses.replace(
        frame_of(world.net.charter, edition),
        disciplines=("theatre", "dance"),
        attendance=((A, 100),),
        overlaps=((A, B),),
    )
    with scan(world.vault, snapshot, LIMITS) as relations:
        for name, measure in MEASURES.items():
            spec = edition.measures[0].model_copy(update={"measure": name, "delta_pico": 100})
            suited = measuring.suited(name, frame)
            vectors = measure.plan(spec, suited)
            for vector, query in zip(vectors, measure.queries(vectors, suited), strict=True):
                assert relations.run(query, vector).values.shape == (len(vector.keys),)
