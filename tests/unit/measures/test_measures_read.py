"""Tables agree with one another, name every figure in words, and stand even where nobody came."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from contracts.edition import Table
from hub.measures.catalogue import MEASURES
from hub.measures.clipped import Correction, correction
from hub.measures.frame import Frame
from hub.measures.tables import Heading, holding, write
from hub.privacy.bound import Clip
from hub.privacy.intervals import Interval
from hub.privacy.values import Noised, VectorPlan
from tests.support import measuring, town

ALL = list(MEASURES)


def tables(
    visits: pa.Table,
    frame: Frame,
    *,
    rho_micro: int = 5_000,
    delta_pico: int = 0,
    measures: list[str] = ALL,
) -> dict[str, Table]:
    """Return every table of an edition, each measure reading those before it."""
    noised: dict[str, Noised] = {}
    found, rng = {}, np.random.default_rng(1)
    with town.opened(visits) as connection:
        for name in measures:
            delta = delta_pico if name == "provenance" else 0
            spec, plan = measuring.plan_of(name, frame, rho_micro=rho_micro, delta_pico=delta)
            exact = measuring.exact(connection, name, frame, plan)
            noised |= measuring.drawn(exact, spec, plan, rng)
            wide = measuring.suited(name, frame)
            found |= {table.table: table for table in MEASURES[name].read(noised, wide)}
    return found


@pytest.fixture(scope="module")
def frame() -> Frame:
    return town.frame(12)


@pytest.fixture(scope="module", params=["many", "few", "nobody", "threshold"])
def edition(request, frame) -> dict[str, Table]:
    persons = {"many": 5000, "few": 30, "nobody": 1, "threshold": 5000}[request.param]
    visits = town.town(persons, frame, seed=3)
    if request.param == "nobody":
        visits = visits.slice(0, 0)
    return tables(visits, frame, delta_pico=1000 if request.param == "threshold" else 0)


def values(table: Table) -> dict[tuple[str, ...], int]:
    return {tuple(row.keys): row.value_milli for row in table.rows}


def test_spread_and_ladder_sum_to_the_reach_exactly(edition) -> None:
    people = edition["reach-network"].rows[0].value_milli
    assert sum(values(edition["reach-spread"]).values()) == people
    assert sum(values(edition["ladder-persons"]).values()) == people


def test_no_place_draws_more_people_than_the_network(edition) -> None:
    people = edition["reach-network"].rows[0].value_milli
    assert max(values(edition["reach-venues"]).values()) <= people


def test_an_overlap_is_at_most_either_reach(edition) -> None:
    reach = {key[0]: value for key, value in values(edition["reach-venues"]).items()}
    for (a, b), both in values(edition["pairs"]).items():
        assert both <= min(reach[a], reach[b])


def test_a_longer_window_holds_the_shorter_one(edition) -> None:
    flows = values(edition["flows"])
    for (a, b, window), people in flows.items():
        if window != "0-365":
            assert people <= flows[a, b, "0-90" if window == "0-30" else "0-365"]


def test_balances_cancel_out(edition) -> None:
    assert abs(sum(values(edition["flows-balance"]).values())) <= 12_000  # of rounding


def test_provenance_of_each_place_sums_to_a_hundred(edition, frame) -> None:
    found = values(edition["provenance"])
    for place in frame.places:
        assert sum(value for key, value in found.items() if key[0] == place) == 100_000
        assert len([key for key in found if key[0] == place]) <= 11


@pytest.mark.parametrize(
    "table",
    [
        "channels-age",
        "channels-discipline",
        "season-months",
        "season-weekdays",
        "season-cells",
        "tourists",
    ],
)
def test_shares_of_a_whole_sum_to_a_hundred(edition, table) -> None:
    grouped = table.startswith(("channels", "tourists"))
    sums = Counter()
    for key, value in values(edition[table]).items():
        sums[key[0] if grouped else ""] += value
    assert set(sums.values()) == {100_000}


BALANCES = {"flows-balance", "lead-drift", "cooperation-lift", "reciprocity-balance"}
"""Tables whose figures may be negative."""


def test_every_figure_lies_in_its_interval_and_bears_its_keys(edition) -> None:
    for table in edition.values():
        assert len({tuple(row.keys) for row in table.rows}) == len(table.rows)
        for row in table.rows:
            assert row.low_milli <= row.value_milli <= row.high_milli
            assert len(row.keys) == len(table.columns) - 1
            if table.table not in BALANCES:
                assert row.low_milli >= 0


def test_where_nobody_came_no_figure_is_sure(frame) -> None:
    found = tables(town.town(1, frame, seed=1).slice(0, 0), frame)
    counts = [found[name] for name in ("reach-venues", "reach-spread", "pairs", "flows")]
    assert {row.wording for table in counts for row in table.rows} == {"trop-peu"}


def test_the_ladder_stands_without_the_reach(frame) -> None:
    spec, plan = measuring.plan_of("ladder", frame)
    with town.opened(town.town(800, frame, seed=4)) as connection:
        exact = measuring.exact(connection, "ladder", frame, plan)
    noised = measuring.drawn(exact, spec, plan, np.random.default_rng(1))
    persons, _ = MEASURES["ladder"].read(noised, frame)
    total = round(float(noised["ladder-rungs"].values.sum()))
    assert sum(row.value_milli for row in persons.rows) == 1000 * total


@pytest.mark.parametrize("measure", ["pairs", "flows", "provenance"])
def test_a_measure_stands_alone(frame, measure) -> None:
    spec, plan = measuring.plan_of(measure, frame)
    with town.opened(town.town(800, frame, seed=4)) as connection:
        exact = measuring.exact(connection, measure, frame, plan)
    noised = measuring.drawn(exact, spec, plan, np.random.default_rng(1))
    assert MEASURES[measure].read(noised, frame)[0].rows


def test_flows_find_a_planted_flow_and_its_delay(frame) -> None:
    rows = [
        town.Row(person, venue, 4, 20_000 + person % 9 + 60 * (venue == 5), 3, 0, 0, "69", person)
        for person in range(1, 3001)
        for venue in (2, 5)
    ]
    found = values(tables(town.table_of(rows), frame)["flows"])
    assert abs(found["venue-002", "venue-005", "0-90"] - 3_000_000) < 400_000
    assert found["venue-002", "venue-005", "0-30"] < 400_000
    assert found["venue-005", "venue-002", "0-365"] < 500_000


def test_lead_time_finds_that_the_young_buy_three_days_ahead(frame) -> None:
    rows = [
        town.Row(
            person, 0, 1, 20_000 + person % 300, 3 if person % 2 else 40, 1 - person % 2, 1, "69", 7
        )
        for person in range(1, 4001)
    ]
    found = tables(town.table_of(rows), frame)["lead-near"]
    young = next(r for r in found.rows if r.keys == ["18-25", "contemporary-art", "median"])
    assert (young.low_milli, young.value_milli, young.high_milli) == (3000, 3000, 3000)
    assert young.wording == "presque-sur"


def read_of(rows: list[town.Row], frame: Frame, table: str) -> dict[tuple[str, ...], float]:
    measure = next(name for name in ALL if name.startswith(table.split("-", maxsplit=1)[0]))
    found = tables(town.table_of(rows), frame, rho_micro=20_000, measures=[measure])[table]
    return {tuple(row.keys): row.value_milli / 1000 for row in found.rows}


def test_firsts_find_newcomers_and_where_they_were_known(frame) -> None:
    """Six in ten are new to venue 2; of these, half came to venue 5 the week before."""
    rows = []
    for person in range(1, 4001):
        new = person % 10 < 6
        rows.append(
            town.Row(person, 2, 4, 20_050, 3, 0, 0, "69", person, first_time=0 if new else 1)
        )
        if person % 10 < 3:
            rows.append(town.Row(person, 5, 4, 20_043, 3, 0, 0, "69", person, first_time=0))
    assert read_of(rows, frame, "firsts")[("venue-002",)] == pytest.approx(60, abs=4)
    assert read_of(rows, frame, "firsts-elsewhere")[("venue-002",)] == pytest.approx(50, abs=5)
    assert read_of(rows, frame, "firsts-elsewhere")[("venue-005",)] == pytest.approx(0, abs=5)


def test_channels_find_that_those_who_buy_online_are_new(frame) -> None:
    rows = [
        town.Row(person, 0, 4, 20_000, 3, person % 5, 0, "69", 7, person % 2, int(person % 20 < 6))
        for person in range(1, 4001)
    ]
    by_channel = read_of(rows, frame, "channels-new")
    assert by_channel[("online",)] == pytest.approx(70, abs=5)
    assert read_of(rows, frame, "channels-age")["all", "online"] == pytest.approx(50, abs=4)


def test_young_counts_those_whose_age_is_known(frame) -> None:
    ages = (0, 1, 2, 3, 5, 5, 5, 5, 5, 5)
    rows = [
        town.Row(person, 1, 4, 20_000, 3, ages[person % 10], 0, "69", person)
        for person in range(1, 4001)
    ]
    assert read_of(rows, frame, "young-network")[("network",)] == pytest.approx(25, abs=4)
    assert read_of(rows, frame, "young-known")[("venue-001",)] == pytest.approx(40, abs=4)


def test_a_trough_and_a_tourist_season_are_found(frame) -> None:
    """Nobody on Mondays; a third from afar in July, nobody from afar in November."""
    july, november = 20_284, 20_040  # a Tuesday each
    rows = [
        town.Row(
            person, 0, 4, (july if person % 2 else november) + person % 5, 3, 0,
            4 if person % 6 == 1 else 0, "69", person,
        )
        for person in range(1, 6001)
    ]  # fmt: skip
    assert read_of(rows, frame, "season-weekdays")[("monday",)] == pytest.approx(0, abs=3)
    assert read_of(rows, frame, "season-months")[("2025-07",)] == pytest.approx(50, abs=4)
    origins = read_of(rows, frame, "tourists")
    assert origins["holidays", "far"] == pytest.approx(33.3, abs=4)
    assert origins["term", "far"] == pytest.approx(0, abs=3)


def test_crossing_wants_another_place(frame) -> None:
    """Theatre and dance in two places, museum and contemporary art in one and the same."""
    theatre, dance, museum, art = 4, 5, 0, 1
    rows = []
    for person in range(1, 3001):
        rows.append(town.Row(person, 0, theatre, 20_000, 3, 0, 0, "69", person))
        if person % 4 == 0:
            rows.append(town.Row(person, 1, dance, 20_010, 3, 0, 0, "69", person))
        rows += [
            town.Row(person + 9000, 3, kind, 20_000, 3, 0, 0, "69", 5) for kind in (museum, art)
        ]
    found = read_of(rows, frame, "crossing")
    assert found["theatre", "dance"] == pytest.approx(25, abs=4)
    assert found["dance", "theatre"] == pytest.approx(100, abs=8)
    assert found["museum", "contemporary-art"] == pytest.approx(0, abs=4)


@pytest.mark.parametrize("measure", ALL)
def test_reading_twice_gives_the_same_tables(frame, measure) -> None:
    spec, plan = measuring.plan_of(measure, frame)
    exact = {p.name: np.full(len(p.keys), 7000, np.int64) for p in plan}
    noised, wide = measuring.drawn(exact, spec, plan), measuring.suited(measure, frame)
    assert MEASURES[measure].read(noised, wide) == MEASURES[measure].read(noised, wide)


def corrected(missing: float, people: float) -> Correction:
    """Return the correction that a noisy ``missing`` gives, its σ being one person."""
    clip = Clip(4, (1, 4, 9), beyond=False)
    one = VectorPlan("reach-slack", (("all",),), 1000, 1, 1)
    noised = {
        name: Noised(one, 1_000_000_000, np.array([round(1000 * value)], np.int64))
        for name, value in (("reach-slack", 5.0), ("reach-missing", missing))
    }
    return correction(noised, "reach", np.array([people]), clip)


@pytest.mark.parametrize(
    ("missing", "people", "factor"), [(1.9, 100, 1.0), (50, 100, 1.5), (90, 1, 1000 / 666)]
)
def test_what_noise_may_have_made_corrects_nothing(missing, people, factor) -> None:
    assert corrected(missing, people).factor == pytest.approx(factor)


def test_a_correction_never_leaves_the_clipped_sum_out() -> None:
    taken = Correction(slack=40, slack_sigma=3, factor=9.0, least_weight=0.5)
    found = taken.interval(100, 2)
    assert found.low == pytest.approx(100 - 1.959964 * 2)
    assert found.value == found.high == pytest.approx(100 + 40 + 2.241403 * np.hypot(2, 3))
    assert taken.interval(-50, 2) == Interval(0, 0, 0)


def test_the_least_weight_bounds_a_small_cell_better_than_the_slack() -> None:
    wide = Correction(slack=4000, slack_sigma=3, factor=1.0, least_weight=0.0)
    tight = Correction(slack=4000, slack_sigma=3, factor=1.0, least_weight=0.5)
    assert wide.interval(100, 2).high > 4000
    assert tight.interval(100, 2).high == pytest.approx((100 + 2.241403 * 2) / 0.5)


def test_figures_are_written_outwards_and_whole() -> None:
    heading = Heading("t", "Q01", "fr", "en", "fr", "en", ("place", "persons"), "e", "e")
    row = write(heading, [(("a",), Interval(10.4, 9.6, 11.2))]).rows[0]
    assert (row.value_milli, row.low_milli, row.high_milli) == (10_000, 9_000, 12_000)


def test_an_interval_stretches_to_hold_a_consistent_figure() -> None:
    assert holding(5.0, Interval(7.0, 6.0, 8.0)) == Interval(5.0, 5.0, 8.0)


def test_where_nobody_is_clipped_an_interval_is_that_of_the_noise() -> None:
    frame = town.frame(4)
    found = tables(town.town(900, frame, seed=8), frame)
    widths = {row.high_milli - row.low_milli for row in found["reach-venues"].rows}
    assert max(widths) - min(widths) <= 2000  # of rounding


def test_the_norms_of_a_query_are_those_of_its_people(frame) -> None:
    _, plan = measuring.plan_of("reach", frame)
    query = MEASURES["reach"].queries(plan, frame)[0]
    with town.opened(town.town(50, frame, seed=8)) as connection:
        assert 4_900_000 < measuring.norm(connection, query) <= 5_000_000
    with town.opened(town.town(1, frame, seed=8).slice(0, 0)) as connection:
        assert measuring.norm(connection, query) == 0
