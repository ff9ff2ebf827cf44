"""The theatres world holds the shape and the planted facts that the observatory must find again."""

import csv
import datetime as dt
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from contracts.charter import Bounds, MeasureSpec
from contracts.clock import SystemClock
from contracts.visit import Discipline, Purpose
from deploy.demo import theatres
from deploy.demo.exports import write_exports
from deploy.demo.houses import CLUSTERS, HOUSES, house_index
from deploy.demo.layouts import FORMS
from deploy.demo.records import address, keep_books
from deploy.demo.truth import _sendable as sendable
from deploy.demo.world import World, make_world
from hub.forecast import outlook
from hub.measures.frame import Frame, Venue
from hub.plan import plan_measures
from hub.privacy.budget import sigma_micro
from hub.privacy.values import Noised
from tests.support import measuring, town
from venue_agent.catalogue import read_catalogue
from venue_agent.config import SourceConfig
from venue_agent.consent import Allowed, consent
from venue_agent.normalise import normalise
from venue_agent.read import read
from venue_agent.settings.mapping import load_mapping

PEOPLE = 4_000


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(7, people=PEOPLE)


@pytest.fixture(scope="module")
def exported(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("houses")
    write_exports(world, folder)
    return folder


@pytest.fixture(scope="module")
def truth(exported: Path) -> dict:
    return json.loads((exported / "truth.json").read_text())


def test_the_same_seed_makes_the_same_world(world: World) -> None:
    assert make_world(7, people=PEOPLE).bookings == world.bookings
    assert make_world(8, people=PEOPLE).bookings != world.bookings


def test_the_world_is_sparse(world: World) -> None:
    visits = Counter(b.person for b in world.bookings)
    houses: dict[int, set[int]] = {}
    for b in world.bookings:
        houses.setdefault(b.person, set()).add(b.house)
    assert len(visits) == PEOPLE
    assert sum(n == 1 for n in visits.values()) == 0.68 * PEOPLE
    assert sum(n >= 3 for n in visits.values()) == 0.16 * PEOPLE
    assert sum(len(h) == 1 for h in houses.values()) / PEOPLE == pytest.approx(0.85, abs=0.005)
    assert len(world.newcomers) == PEOPLE / 2


def test_the_loyal_make_half_of_the_revenue(world: World) -> None:
    visits = Counter(b.person for b in world.bookings)
    paid: Counter[bool] = Counter()
    for b in world.bookings:
        paid[visits[b.person] >= 3] += b.quantity * world.houses[b.house].price
    assert paid[True] / paid.total() == pytest.approx(0.5, abs=0.05)


def test_the_people_who_are_not_new_were_there_before(world: World) -> None:
    before = {b.person for b in world.history}
    assert before.isdisjoint(world.newcomers)
    assert len(before) == PEOPLE / 2


def test_exports_may_hold_the_season_before(world: World, tmp_path: Path) -> None:
    folders = write_exports(world, tmp_path, history=True)
    with (folders["la-cale"] / "catalogue.csv").open(encoding="utf-8") as file:
        events = list(csv.DictReader(file, delimiter=";"))
    assert len({event["match"] for event in events}) == len(events)
    assert {event["first_day"][:4] for event in events} == {"2024", "2025", "2026"}
    shows = world.programmes[house_index("la-cale")]
    for booking in world.history:
        if booking.house == house_index("la-cale"):
            assert booking.visit.date() in shows[booking.show].days


def test_the_two_planted_flows_stand_out(truth: dict) -> None:
    flows = Counter(truth["consenting"]["flows"]["0-30"]).most_common(3)
    strongest = {name for name, _ in flows[:2]}
    assert strongest == {"theatre-des-ecluses>studio-courant-d-air", "la-cale>le-remous"}
    assert flows[1][1] > 3 * flows[2][1]


def test_young_neighbours_of_the_museum_buy_three_days_ahead(truth: dict) -> None:
    assert truth["consenting"]["lead_young_near_cale"]["median_days"] == 3


def test_the_truth_adds_up(truth: dict) -> None:
    for part in ("all", "identified", "consenting", "consenting_by_place"):
        counts = truth[part]
        assert sum(counts["ladder"].values()) == counts["reach"]
        assert sum(counts["places_per_person"].values()) == counts["reach"]
        assert sum(counts["visits_by_rung"].values()) == counts["visits"]
        for pair, n in counts["pairs"].items():
            a, b = pair.split("|")
            assert n <= min(counts["reach_by_place"][a], counts["reach_by_place"][b])
            year = counts["flows"]["0-365"]
            assert year.get(f"{a}>{b}", 0) + year.get(f"{b}>{a}", 0) <= n
        assert counts["flows"]["0-30"].keys() <= counts["flows"]["0-90"].keys()
    assert truth["consenting"]["reach"] < truth["identified"]["reach"] < truth["all"]["reach"]
    assert truth["consenting_by_place"]["reach"] == truth["consenting"]["reach"]
    assert set(CLUSTERS) <= set(truth["consenting_by_place"]["reach_by_place"])


@pytest.mark.parametrize("house", HOUSES, ids=lambda h: h.slug)
def test_an_export_is_what_its_layout_says(exported: Path, house: object) -> None:
    form = FORMS[house.layout]
    with (exported / house.slug / "billetterie.csv").open(
        encoding=form.encoding, newline=""
    ) as file:
        rows = list(csv.reader(file, delimiter=form.delimiter))
    assert tuple(rows[0]) == form.header
    assert len(rows) > 50
    assert {len(row) for row in rows} == {len(form.header)}


def test_no_address_or_number_belongs_to_anyone(world: World) -> None:
    for person in world.people:
        for mail in filter(None, (person.mail, person.second_mail)):
            assert mail.endswith((".example", "example.net", "example.org"))
        assert person.phone == "" or person.phone.startswith(("600", "26191"))


def test_the_latest_answer_wins(world: World) -> None:
    books = keep_books(world, house_index("la-cale"), history=False)
    said: dict[int, list] = {}
    for record in books.records:
        if record.share in ("O", "N"):
            said.setdefault(record.person, []).append((record.answered, record.share == "O"))
    listed = {p.person for p in world.people if p.objects}
    twice = [
        p for p, answers in said.items() if len({a for _, a in answers}) == 2 and p not in listed
    ]
    assert twice
    for person in twice:
        assert books.answers[person] == max(said[person])


def test_a_contact_is_keyed_by_its_address() -> None:
    assert address(" Anne+billets@Mail.example ") == "anne@mail.example"
    assert address("guichet@example.com") == address("anne") == address("") == ""


def test_a_cluster_has_at_least_three_houses() -> None:
    slugs = {h.slug for h in HOUSES}
    for _, members in CLUSTERS.values():
        assert len(members) >= 3
        assert slugs >= set(members)


@pytest.mark.parametrize("house", HOUSES, ids=lambda h: h.slug)
def test_the_agent_can_read_each_mapping(exported: Path, house: object) -> None:
    mapping = load_mapping(exported / house.slug / "mapping.toml")
    form = FORMS[house.layout]
    named = {
        c
        for column in mapping.columns.values()
        for c in ([column] if isinstance(column, str) else column)
    }
    assert named <= set(form.header)
    assert {rule.column for rule in mapping.consent} <= set(form.header)
    assert all(rule.grants for rule in mapping.rules)
    for pattern in (mapping.tickets.pattern, *(o.pattern for o in mapping.oppositions)):
        assert (exported / house.slug / pattern).exists()


@pytest.mark.parametrize("house", HOUSES, ids=lambda h: h.slug)
def test_the_agent_finds_the_people_who_consent_and_their_events(
    exported: Path, truth: dict, house: object
) -> None:
    mapping = load_mapping(exported / house.slug / "mapping.toml")
    raw = read(SourceConfig(mapping, exported / house.slug), SystemClock())
    allowed = Allowed(frozenset(Purpose), frozenset())
    consented = consent(normalise(raw, mapping.values), mapping.rules, allowed)
    expected = truth["houses"][house.slug]["persons_consenting"]
    # The agent cannot tell partners who share an address apart, nor reach those who left none.
    assert consented.persons["statistics"].sum() == pytest.approx(expected, rel=0.05, abs=6)
    catalogue = read_catalogue(exported / house.slug / "catalogue.csv", house.slug)
    assert all(catalogue.find(title, "") for title in consented.tickets["title"].unique())


def consenting(world: World, frame: Frame) -> pa.Table:
    """The visits that a perfect network would freeze: adults who said yes, whom somebody could link."""
    order = {venue.slug: code for code, venue in enumerate(frame.venues)}
    kinds = list(Discipline)
    books = [keep_books(world, index, history=True) for index in range(len(HOUSES))]
    sent = [b for book in books for b in sendable(world, book) if b.visit.date() >= frame.first_day]
    return town.table_of(
        [
            town.Row(
                person_key=b.person,
                venue=order[HOUSES[b.house].slug],
                discipline=kinds.index(HOUSES[b.house].discipline),
                event_day=(b.visit.date() - town.EPOCH).days,
                lead_days=1,
                age=2,
                distance=1,
                departement="44",
                priority=(b.person * 1024 + b.house) * 2_654_435_761 % 2**62,
            )
            for b in sent
        ]
    )


def test_what_was_foreseen_is_what_is_drawn_within_a_quarter(world: World) -> None:
    """The middling interval of forty draws, by a seed: of one draw, its correction alone is wider or narrower."""
    draft = theatres.draft()
    frame = Frame(
        season=theatres.SEASON,
        first_day=dt.date(2025, 9, 1),
        last_day=dt.date(2026, 8, 31),
        venues=tuple(Venue(h.slug, h.name, h.discipline.value, 0, 0) for h in sorted(HOUSES, key=lambda h: h.slug)),
        clusters=tuple((c["cluster"], tuple(c["venues"])) for c in draft["clusters"]),
        bounds=Bounds(**draft["bounds"]),
    )  # fmt: skip
    names = ("reach", "pairs", "flows")
    specs = [MeasureSpec(measure=n, rho_micro=r) for n, r, _ in theatres.MEASURES if n in names]
    planned = plan_measures(specs, frame)
    visits = consenting(world, frame)
    with town.opened(visits) as connection:
        exact = [measuring.exact(connection, p.spec.measure, frame, p.vectors) for p in planned]
    widths: dict[str, list[int]] = {}
    rng = np.random.default_rng(1)
    for _ in range(40):
        noised: dict[str, Noised] = {}
        for each, values in zip(planned, exact, strict=True):
            for v in each.vectors:
                sigma = sigma_micro(v.l2_sensitivity_squared, v.rho_micro)
                noise = np.rint(rng.normal(0, sigma / 1e6, len(v.keys))).astype(np.int64)
                noised[v.name] = Noised(v, sigma, values[v.name] + noise)
            for table in each.measure.read(noised, frame):
                far = [max(r.high_milli - r.value_milli, r.value_milli - r.low_milli) for r in table.rows]  # fmt: skip
                widths.setdefault(table.table, []).append(sorted(far)[len(far) // 2])
    people = len(set(visits["person_key"].to_pylist()))
    foreseen = {each.table: each.half_width for each in outlook(planned, frame, people)}
    for name in ("reach-network", "reach-venues", "reach-spread", "pairs", "flows", "flows-balance"):  # fmt: skip
        found = float(np.median(widths[name])) / 1000
        assert foreseen[name] == pytest.approx(found, rel=0.25), name
