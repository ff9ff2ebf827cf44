"""What a charter may add: planted facts are found, and what nobody may ask stays unsaid."""

from dataclasses import replace

import numpy as np
import pytest

from contracts.charter import MeasureSpec
from contracts.earth import kilometres
from contracts.edition import Estimate
from hub.errors import ConfigError
from hub.measures import conflicts, coverage, penetration, potential
from hub.measures.catalogue import MEASURES
from hub.measures.frame import Frame
from hub.measures.populations import INHABITANTS
from hub.privacy.intervals import Interval, wording
from hub.privacy.values import Noised
from tests.support import measuring, town

FRAME = town.frame(12)
DAY = 20_000
MUSEUM, ART, THEATRE, DANCE = 0, 1, 4, 5


def row(person: int, venue: int = 0, day: int = DAY, **more: object) -> town.Row:
    said = {
        "discipline": THEATRE,
        "lead_days": 3,
        "age": 0,
        "distance": 0,
        "departement": "69",
        **more,
    }
    return town.Row(person, venue, event_day=day, priority=7, **said)


def rows_of(
    rows: list[town.Row], table: str, measures: tuple[str, ...], frame: Frame = FRAME
) -> list[Estimate]:
    """Return a table's rows, drawn after the tables of the measures named before its own."""
    noised: dict[str, Noised] = {}
    rng = np.random.default_rng(1)
    with town.opened(town.table_of(rows)) as connection:
        for name in measures:
            spec, plan = measuring.plan_of(name, frame, rho_micro=20_000)
            exact = measuring.exact(connection, name, frame, plan)
            noised |= measuring.drawn(exact, spec, plan, rng)
    tables = MEASURES[measures[-1]].read(noised, frame)
    return next(each.rows for each in tables if each.table == table)


def read_of(
    rows: list[town.Row], table: str, *measures: str, frame: Frame = FRAME
) -> dict[tuple[str, ...], float]:
    return {
        tuple(each.keys): each.value_milli / 1000 for each in rows_of(rows, table, measures, frame)
    }


def test_penetration_is_per_ten_thousand_inhabitants() -> None:
    rows = [row(p, departement="69" if p % 4 else "38") for p in range(1, 8001)]
    found = read_of(rows, "penetration", "penetration")
    assert found[("69",)] == pytest.approx(6000 * 10_000 / INHABITANTS["69"][0], abs=0.5)
    assert found[("38",)] == pytest.approx(2000 * 10_000 / INHABITANTS["38"][0], abs=0.5)
    assert ("75",) not in found


def test_a_cold_spot_is_found_among_its_neighbours() -> None:
    """Around Lyon: everywhere twenty in ten thousand, in the Loire two."""
    lyon = replace(
        FRAME,
        venues=tuple(
            replace(v, latitude_microdeg=45_760_000, longitude_microdeg=4_840_000)
            for v in FRAME.venues
        ),
    )
    ring = next(ring for ring in penetration.rings(lyon) if "42" in ring)
    assert len(ring) > 1
    people = {code: INHABITANTS[code][0] // (5000 if code == "42" else 500) for code in ring}
    rows, person = [], 0
    for code, count in people.items():
        for _ in range(count):
            person += 1
            rows.append(row(person, departement=code))
    found = rows_of(rows, "penetration-white", ("penetration",), lyon)
    cold = next(each for each in found if each.keys == ["42"])
    assert cold.high_milli < 20_000
    assert all(
        each.value_milli > 80_000 for each in found if each.keys != ["42"] and each.keys[0] in ring
    )


def test_a_departement_alone_in_its_ring_is_compared_with_nobody() -> None:
    island = replace(
        FRAME,
        venues=tuple(
            replace(v, latitude_microdeg=-21_080_000, longitude_microdeg=55_460_000)
            for v in FRAME.venues
        ),
    )
    assert penetration.rings(island) == (("974",), (), ())
    assert rows_of([row(1, departement="974")], "penetration-white", ("penetration",), island) == []


def test_distances_on_the_globe() -> None:
    assert kilometres((48.8566, 2.3522), (45.7640, 4.8357)) == pytest.approx(392, abs=3)
    assert kilometres((45.0, 4.0), (45.0, 4.0)) == 0


def test_the_shop_finds_where_each_month_comes_from() -> None:
    july = 20_284
    rows = [row(p, departement="69") for p in range(1, 2001)]
    rows += [row(p, day=july, departement="13" if p % 2 else "99") for p in range(2001, 4001)]
    found = read_of(rows, "shop", "shop")
    assert found["2025-07", "13"] == pytest.approx(50, abs=4)
    assert found["2025-07", "99"] == pytest.approx(50, abs=4)
    assert ("2025-07", "69") not in found
    assert sum(v for k, v in found.items() if k[0] == "2025-07") == pytest.approx(100)


def test_bridges_find_the_programme_that_led_to_dance() -> None:
    """Theatre first, then dance at venue 3 in one month; some dance first, some are known to the place."""
    rows = []
    for person in range(1, 3001):
        rows.append(row(person, 2, DAY))
        if person % 3 == 0:
            rows.append(row(person, 3, DAY + 40, discipline=DANCE, first_time=0))
        if person % 3 == 1:
            rows.append(row(person, 5, DAY - 30, discipline=DANCE))
        if person % 3 == 2:
            rows.append(row(person, 7, DAY + 40, discipline=DANCE, first_time=1))
    found = read_of(rows, "bridges", "bridges")
    assert found["dance", "venue-003", "2024-11"] == pytest.approx(1000, abs=60)
    assert {key[1] for key in found if key[0] == "dance"} == {"venue-003"}
    assert found["theatre", "venue-002", "2024-10"] == pytest.approx(1000, abs=60)


def test_conflicts_find_the_week_that_two_places_fight_over() -> None:
    """Venues 2 and 5 share half of their people and both peak in one week; 8 and 9 peak and share nobody."""
    rows = []
    for person in range(1, 2001):
        rows += [row(person, 2, DAY + 70), row(person, 5, DAY + 71)] if person % 2 else []
        rows += [row(person + 5000, 8, DAY + 70), row(person + 9000, 9, DAY + 71)]
    found = rows_of(rows, "conflicts", ("pairs", "conflicts"))
    assert [each.keys[:2] for each in found] == [["venue-002", "venue-005"]]
    assert found[0].value_milli == pytest.approx(1_000_000, rel=0.1)
    alone = {(a, b) for a, b, _ in read_of(rows, "conflicts", "conflicts")}
    assert ("venue-008", "venue-009") in alone


def test_weeks_begin_on_mondays_and_cover_the_window() -> None:
    weeks = conflicts.mondays(FRAME)
    assert {day.weekday() for day in weeks} == {0}
    assert weeks[0] <= FRAME.first_day < weeks[1]
    assert weeks[-1] <= FRAME.last_day


def test_priority_districts_are_shares_of_those_of_whom_it_is_known() -> None:
    rows = [row(p, 1, qpv=(0, 1, 1, 1, 2)[p % 5]) for p in range(1, 4001)]
    assert read_of(rows, "qpv-network", "qpv")[("network",)] == pytest.approx(25, abs=2)
    assert read_of(rows, "qpv-places", "qpv")[("venue-001",)] == pytest.approx(25, abs=4)
    assert read_of(rows, "qpv-known", "qpv")[("network",)] == pytest.approx(80, abs=2)


def test_satisfaction_has_a_mean_a_low_share_and_goes_with_coming_again() -> None:
    """Of ten, eight give 9 and half of them come again; two give 3 and none does."""
    rows = []
    for person in range(1, 4001):
        pleased = person % 10 < 8
        rows.append(row(person, satisfaction=9 if pleased else 3))
        if pleased and person % 2:
            rows.append(row(person, 1, DAY + 5))
    assert read_of(rows, "satisfaction", "satisfaction")[("theatre",)] == pytest.approx(
        7.8, abs=0.2
    )
    assert read_of(rows, "satisfaction-low", "satisfaction")[("all",)] == pytest.approx(20, abs=3)
    again = read_of(rows, "satisfaction-again", "satisfaction")
    assert again[("8-10",)] == pytest.approx(50, abs=2)
    assert again[("0-4",)] == pytest.approx(0, abs=2)
    assert read_of(rows, "satisfaction-known", "satisfaction")[("network",)] == pytest.approx(
        100, abs=1
    )


def test_a_mark_is_sure_within_two_tenths() -> None:
    assert wording(Interval(7.8, 7.7, 7.9), "score") == "presque-sur"
    assert wording(Interval(7.8, 7.0, 8.6), "score") == "indicatif"
    assert wording(Interval(7.8, 5.0, 9.6), "score") == "trop-peu"


def test_potential_counts_who_is_close_and_likes_and_never_came() -> None:
    """Venues 2, 6 and 10 show theatre, 22 km apart: those of 2 who live next door are close to 6 by band 0-5 only."""
    near, far = (
        [row(p, 2) for p in range(1, 2001)],
        [row(p, 2, distance=4) for p in range(3001, 4001)],
    )
    close_by = town.frame(12)
    found = read_of(near + far, "potential", "potential", frame=close_by)
    assert found[("venue-006",)] < 60  # 22 km: too far even for those who live next door
    moved = replace(
        close_by,
        venues=tuple(
            replace(v, latitude_microdeg=45_100_000) if v.slug == "venue-006" else v
            for v in close_by.venues
        ),
    )
    found = read_of(near + far, "potential", "potential", frame=moved)
    assert found[("venue-006",)] == pytest.approx(2000, abs=60)
    assert found[("venue-002",)] < 60  # they came
    assert found[("venue-003",)] < 60  # they never saw dance


def test_closeness_is_twenty_kilometres_give_or_take_five() -> None:
    close = potential.close_venues(FRAME)
    bands = {venue: band for place, venue, band in close if place == 0}
    assert bands == {1: 0, 2: 0, 3: 0}  # 5.6, 11, 17 km: band 0-5 only
    assert all(place != venue for place, venue, _ in close)


def test_coverage_is_a_share_of_what_the_charter_declares() -> None:
    """Venue 1 declares 2,000 tickets: 400 visits of two seats are forty per cent."""
    rows = [row(p, 1, party=1) for p in range(1, 401)]
    assert read_of(rows, "coverage", "coverage")[("venue-001",)] == pytest.approx(40, abs=10)
    some = replace(town.frame(9, clusters=1), attendance=(("venue-001", 5000), ("venue-007", 40)))
    assert coverage.declared(some) == {"venue-001": 5000}
    every = town.frame(9, clusters=1)
    assert coverage.declared(every)["cluster-0"] == 7000 + 8000 + 9000
    with pytest.raises(ConfigError, match="attendance"):
        MEASURES["coverage"].plan(
            MeasureSpec(measure="coverage", rho_micro=5_000), replace(every, attendance=())
        )


@pytest.mark.parametrize(("measure", "frame"), [
    ("bridges", replace(FRAME, disciplines=("dance",))),
    ("affinity", replace(measuring.suited("affinity", FRAME), disciplines=("dance",))),
    ("conflicts", town.frame(3, clusters=1)),
])  # fmt: skip
def test_what_needs_two_is_refused_with_one(measure, frame) -> None:
    with pytest.raises(ConfigError, match="one"):
        MEASURES[measure].plan(MeasureSpec(measure=measure, rho_micro=5_000), frame)
