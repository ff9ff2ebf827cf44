"""The city pass world is dense, and an edition at its price finds what was planted in it."""

import datetime as dt
from collections import Counter
from itertools import islice

import numpy as np
import pytest

from contracts.charter import Bounds, MeasureSpec
from contracts.visit import Discipline
from deploy.demo import citypass
from deploy.demo.exports import write_exports
from deploy.demo.identities import kilometres
from deploy.demo.pass_world import NEXT_DAY, SAME_DAY, SITES, TOGETHER, make_pass_world
from deploy.demo.world import World
from hub.forecast import outlook
from hub.measures.frame import Frame, Venue
from hub.plan import plan_measures
from tests.support import measuring, town

PEOPLE = 3_000
DRAWS = 25  # of one table of five rows, the median width alone jumps from draw to draw
DISTANCES = (5, 20, 50, 100, 10**9)


@pytest.fixture(scope="module")
def world() -> World:
    return make_pass_world(7, people=PEOPLE)


@pytest.fixture(scope="module")
def frame() -> Frame:
    draft = citypass.draft()
    return Frame(
        season="2025-2026",
        first_day=dt.date(2025, 9, 1),
        last_day=dt.date(2026, 8, 31),
        venues=tuple(
            Venue(s.slug, s.name, s.discipline.value, round(s.latitude * 1e6), round(s.longitude * 1e6))
            for s in sorted(SITES, key=lambda site: site.slug)
        ),
        clusters=tuple((c["cluster"], tuple(c["venues"])) for c in draft["clusters"]),
        bounds=Bounds(**draft["bounds"]),
        disciplines=tuple(sorted({s.discipline.value for s in SITES})),
    )  # fmt: skip


def tables(world: World, frame: Frame, *names: str):
    """Draw these measures over the world as a perfect network would send it, at the draft's price."""
    return next(draws(world, frame, *names))


def draws(world: World, frame: Frame, *names: str):
    """Yield the tables of one draw after the other, by a seed."""
    prices = {name: rho for name, rho, _ in citypass.MEASURES}
    order = {venue.slug: code for code, venue in enumerate(frame.venues)}
    rows = [
        town.Row(
            person_key=b.person,
            venue=order[SITES[b.house].slug],
            discipline=list(Discipline).index(SITES[b.house].discipline),
            event_day=(b.visit.date() - town.EPOCH).days,
            lead_days=(b.visit.date() - b.booked.date()).days,
            age=2,
            distance=int(np.searchsorted(DISTANCES, kilometres(world.people[b.person].home, SITES[b.house].latitude, SITES[b.house].longitude))),
            departement=world.people[b.person].home.departement,
            priority=(b.person * 1024 + b.house) * 2_654_435_761 % 2**62,
        )
        for b in world.bookings
    ]  # fmt: skip
    planned = plan_measures([MeasureSpec(measure=n, rho_micro=prices[n]) for n in names], frame)
    with town.opened(town.table_of(rows)) as connection:
        exact = [measuring.exact(connection, p.spec.measure, frame, p.vectors) for p in planned]
    rng = np.random.default_rng(1)
    while True:
        noised, found = {}, {}
        for each, values in zip(planned, exact, strict=True):
            noised |= measuring.drawn(values, each.spec, each.vectors, rng)
            found |= {table.table: table for table in each.measure.read(noised, frame)}
        yield found


def test_the_same_seed_makes_the_same_world(world: World) -> None:
    assert make_pass_world(7, people=PEOPLE).bookings == world.bookings


def test_about_five_sites_a_person_within_two_days(world: World) -> None:
    seen: dict[int, set[int]] = {}
    days: dict[int, set[dt.date]] = {}
    for b in world.bookings:
        seen.setdefault(b.person, set()).add(b.house)
        days.setdefault(b.person, set()).add(b.visit.date())
    assert len(seen) == PEOPLE
    assert np.mean([len(each) for each in seen.values()]) == pytest.approx(5, abs=0.15)
    assert max((max(each) - min(each)).days for each in days.values()) <= 1
    soon = [(b.visit.date() - b.booked.date()).days <= 1 for b in world.bookings]
    assert np.mean(soon) == pytest.approx(SAME_DAY, abs=0.02)
    homes = Counter(world.people[p].home.departement for p in seen)
    assert homes["44"] < 0.3 * PEOPLE  # they come from afar


def test_the_planted_pair_and_flow_are_first_in_what_is_drawn(world: World, frame: Frame) -> None:
    found = tables(world, frame, "reach", "pairs", "flows")
    pairs = sorted(found["pairs"].rows, key=lambda row: -row.low_milli)
    assert set(pairs[0].keys) == set(TOGETHER[:2])
    names = [site.slug for site in SITES]
    both = [{b.person for b in world.bookings if b.house == names.index(n)} for n in TOGETHER[:2]]
    half = (pairs[0].high_milli - pairs[0].low_milli) / 2
    off = abs(pairs[0].value_milli - 1000 * len(both[0] & both[1]))
    assert off <= 3 * half  # the interval misses one draw in twenty; three times as wide, none
    month = [row for row in found["flows"].rows if row.keys[2] == "0-30"]
    first = max(month, key=lambda row: row.low_milli)
    assert tuple(first.keys[:2]) == NEXT_DAY[:2]
    assert first.wording != "trop-peu"


def test_its_sites_export_as_houses_do(world: World, tmp_path) -> None:
    folders = write_exports(make_pass_world(7, people=200), tmp_path)
    assert set(folders) == {site.slug for site in SITES}
    assert "lead_young_near_cale" not in (tmp_path / "truth.json").read_text()


def test_its_draft_pays_a_tenth_and_no_more() -> None:
    assert sum(rho for _, rho, _ in citypass.MEASURES) == 100_000
    assert citypass.draft()["bounds"]["venues"] == 8


def test_what_was_foreseen_of_counts_is_what_is_drawn_within_a_quarter(world, frame) -> None:
    names = ("reach", "pairs", "flows")
    specs = [MeasureSpec(measure=n, rho_micro=r) for n, r, _ in citypass.MEASURES if n in names]
    foreseen = {each.table: each for each in outlook(plan_measures(specs, frame), frame, PEOPLE)}
    drawn = list(islice(draws(world, frame, *names), DRAWS))
    for name in ("reach-network", "reach-venues", "reach-spread", "pairs", "flows", "flows-balance"):  # fmt: skip
        rows = [row for found in drawn for row in found[name].rows]
        width = np.median([(row.high_milli - row.low_milli) / 2000 for row in rows])
        assert foreseen[name].half_width == pytest.approx(width, rel=0.25), name
