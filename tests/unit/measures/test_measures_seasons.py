"""Over two seasons: planted facts are found, and words say so."""

import numpy as np
import pytest

from contracts.typology import FAMILIES, affinity, family
from hub.measures import typology
from hub.measures.catalogue import MEASURES
from hub.measures.lead_drift import BINS
from hub.privacy.quantiles import quantile
from tests.support import measuring, town

FRAME = measuring.suited("returns", town.frame(12))
FIRST, NEXT = 20_000, 20_400  # a day of each season
YES, NO = 0, 1


def row(person: int, venue: int, day: int, **more: int) -> town.Row:
    said = {"discipline": 4, "lead_days": 3, "age": 0, **more}
    return town.Row(person, venue, event_day=day, distance=0, departement="69", priority=7, **said)


def read_of(rows: list[town.Row], table: str, measure: str) -> dict[tuple[str, ...], float]:
    """Return a table's figures, drawn as an edition of two seasons draws them."""
    spec, plan = measuring.plan_of(measure, FRAME, rho_micro=20_000)
    with town.opened(town.table_of(rows)) as connection:
        exact = measuring.exact(connection, measure, FRAME, plan)
    noised = measuring.drawn(exact, spec, plan, np.random.default_rng(1))
    tables = MEASURES[measure].read(noised, FRAME)
    found = next(each for each in tables if each.table == table)
    return {tuple(each.keys): each.value_milli / 1000 for each in found.rows}


def test_returns_find_who_comes_back_and_who_is_lost() -> None:
    """Of ten newcomers of venue 2, three come back to it, one goes elsewhere, six are lost."""
    rows = []
    for person in range(1, 4001):
        rows.append(row(person, 2, FIRST, first_time=YES))
        if person % 10 < 4:
            rows.append(row(person, 2 if person % 10 < 3 else 5, NEXT, first_time=NO))
    assert read_of(rows, "returns", "returns")[("venue-002",)] == pytest.approx(30, abs=5)
    assert read_of(rows, "returns-lost", "returns")[("venue-002",)] == pytest.approx(60, abs=5)
    assert read_of(rows, "returns-network", "returns")[("network",)] == pytest.approx(60, abs=2)


def test_whom_a_place_knew_is_no_newcomer() -> None:
    rows = [row(p, 2, FIRST, first_time=NO if p % 2 else YES) for p in range(1, 4001)]
    rows += [row(p, 2, NEXT) for p in range(2, 4001, 2)]
    assert read_of(rows, "returns", "returns")[("venue-002",)] == pytest.approx(100, abs=5)


@pytest.mark.parametrize(("now", "drift"), [(20, 0), (4, -16), (60, 40)])
def test_a_drift_is_found_with_its_sign(now, drift) -> None:
    rows = [row(p, 0, FIRST, lead_days=20) for p in range(1, 3001)]
    rows += [row(p, 0, NEXT, lead_days=now) for p in range(1, 3001)]
    assert read_of(rows, "lead-drift", "lead-drift")[("all",)] == pytest.approx(drift, abs=12)
    assert read_of(rows, "lead-drift", "lead-drift")[("18-25",)] == pytest.approx(drift, abs=12)


FAMILIES_SEEN = {
    "single": (4, 4, 4, 4),
    "anchored": (4, 4, 4, 5),
    "pair": (4, 5, 4, 5),
    "eclectic": (4, 5, 0, 1),
    "curious": (4, 4, 5, 5, 0, 0),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_each_family_is_what_its_rule_says(name) -> None:
    seen = FAMILIES_SEEN[name]
    counts = [seen.count(each) for each in set(seen)]
    assert family(counts) == name
    rows = [
        row(person, place, FIRST + place if place < 2 else NEXT + place, discipline=kind)
        for person in range(1, 2001)
        for place, kind in enumerate(seen)
    ]
    rows += [row(person, 0, FIRST) for person in range(2001, 2501)]
    people = read_of(rows, "typology", "typology")
    assert people[(name,)] == pytest.approx(2000, abs=40)
    assert people[("insufficient",)] == pytest.approx(500, abs=40)
    assert read_of(rows, "typology-shares", "typology")[(name,)] == pytest.approx(100, abs=3)


def test_affinities_and_the_bubble_are_found() -> None:
    """Theatre four times; every fourth person also sees dance once: mostly theatre, one fifth outside."""
    theatre, dance = 4, 5
    rows = []
    for person in range(1, 3001):
        rows += [row(person, place, FIRST + place, discipline=theatre) for place in (0, 1)]
        rows += [row(person, place, NEXT + place, discipline=theatre) for place in (0, 1)]
        if person % 4 == 0:
            rows.append(row(person, 3, NEXT, discipline=dance))
    levels = read_of(rows, "affinity", "affinity")
    assert levels["theatre", "dance", "only-a"] == pytest.approx(75, abs=4)
    assert levels["theatre", "dance", "mostly-a"] == pytest.approx(25, abs=4)
    assert sum(v for k, v in levels.items() if k[:2] == ("theatre", "dance")) == pytest.approx(100)
    assert read_of(rows, "bubble", "bubble")[("network",)] == pytest.approx(5, abs=1)
    by_discipline = read_of(rows, "bubble-disciplines", "bubble")
    assert by_discipline[("theatre",)] == pytest.approx(5, abs=1)


def test_levels_of_affinity() -> None:
    pairs = {
        (3, 0): "only-a",
        (4, 2): "mostly-a",
        (3, 2): "both",
        (1, 2): "mostly-b",
        (0, 1): "only-b",
    }
    assert {pair: affinity(*pair) for pair in pairs} == pairs


def test_every_cell_of_the_typology_has_a_name() -> None:
    assert (*FAMILIES, "insufficient") == typology.CLASSES


def test_a_wider_z_widens_a_quantile() -> None:
    counts = np.array([float(20 + place) for place in range(len(BINS.first))])
    usual = quantile(counts, 0.5, spread=6.0, bins=BINS)
    wide = quantile(counts, 0.5, spread=6.0, bins=BINS, z=5.0)
    assert wide.low < usual.low < usual.high < wide.high
