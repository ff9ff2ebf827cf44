"""The demonstration's story: exports up to an hour, purchases that letters brought, a calendar of its own."""

import csv
import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from contracts.charter_check import FIELDS
from contracts.scopes import USES, use_of
from contracts.visit import Discipline
from deploy.demo import campaign, season_clock, theatres
from deploy.demo.exports import write_house
from deploy.demo.houses import house_index
from deploy.demo.layouts import FORMS
from deploy.demo.records import address, keep_books
from deploy.demo.world import World, make_world
from hub.web.office.asking_form import draft_of
from venue_agent.settings.mapping import load_mapping

UNTIL = campaign.OPENS.replace(tzinfo=None)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(3, people=1_200)


def _tickets(home: Path) -> dict[str, str]:
    form = FORMS["fr23plus"]
    text = (home / "billetterie.csv").read_text(form.encoding)
    rows = csv.DictReader(text.splitlines(), delimiter=form.delimiter)
    return {row["Numero billet"]: row["Date reservation"] for row in rows}


def test_an_export_of_march_is_the_begin_of_septembers(world: World, tmp_path: Path) -> None:
    books = keep_books(world, house_index(campaign.AGREES), history=True)
    march = _tickets(write_house(world, books, tmp_path / "march", until=UNTIL))
    whole = _tickets(write_house(world, books, tmp_path / "whole"))
    assert 0 < len(march) < len(whole)
    assert march.items() <= whole.items()  # a ticket keeps its number
    sold = [dt.datetime.strptime(day, "%d/%m/%y %H:%M") for day in march.values()]  # noqa: DTZ007 - local wall time
    assert max(sold) <= UNTIL


def test_a_letter_sells_to_one_in_seven_and_to_nobody_else(world: World) -> None:
    reached = {person.mail for person in world.people[:900] if person.mail}
    bought = list(campaign.purchases(world, reached))
    known = {address(mail) for mail in reached}
    assert 80 <= len(bought) <= 170  # the world's seed is fixed
    assert all(address(world.people[b.person].mail) in known for b in bought)
    assert all(campaign.FIRST_DAY <= b.visit.date() <= campaign.LAST_DAY for b in bought)
    assert all(campaign.WRITES.date() <= b.booked.date() <= b.visit.date() for b in bought)


def test_what_is_sold_besides_changes_nothing_else(world: World) -> None:
    partner = house_index(campaign.PARTNER)
    more = list(campaign.purchases(world, {person.mail for person in world.people if person.mail}))
    plain, fuller = (keep_books(world, partner, history=True, more=sold) for sold in ((), more))
    assert fuller.records[: len(plain.records)] == plain.records
    assert fuller.bookings == [*plain.bookings, *more]
    assert keep_books(world, 0, history=True, more=more).bookings == keep_books(world, 0, history=True).bookings  # fmt: skip


def test_the_houses_that_are_asked_show_dance_and_may_write(world: World, tmp_path: Path) -> None:
    for venue in campaign.ASKED:
        at = house_index(venue)
        assert Discipline.DANCE in {show.discipline for show in world.programmes[at]}
        home = write_house(world, keep_books(world, at, history=False), tmp_path, offers=campaign.PARTNER)  # fmt: skip
        (offer,) = [rule for rule in load_mapping(home / "mapping.toml").rules if rule.partners]
        assert (offer.partners, offer.dated_by != "") == ((campaign.PARTNER,), True)
        assert campaign.name_of(campaign.PARTNER) in offer.text


def test_the_request_is_one_and_the_charter_can_pay_and_measure_it() -> None:
    form = [(k, each) for k, v in campaign.FORM.items() for each in (v if isinstance(v, list) else [v])]  # fmt: skip
    asked = draft_of(MultiDict(form))
    assert asked.sources == list(campaign.ASKED)
    draft = theatres.story_draft()
    assert {"arm", "partner_distance_band"} <= set(draft["fields"]) <= FIELDS
    (budget,) = draft["budgets"]
    named = [m for edition in draft["editions"] for m in edition["measures"]]
    for use in USES:
        paid = sum(m["rho_micro"] for m in named if use_of(m["measure"]) == use)
        assert paid <= budget[f"{use}_rho_micro"]


def test_every_process_follows_the_calendar(tmp_path: Path) -> None:
    file = tmp_path / "calendrier"
    season_clock.turn(file, dt.datetime(9000, 5, 4, 12, tzinfo=dt.UTC))
    ask = (
        "import sys; from pathlib import Path; from deploy.demo.season_clock import follow;"
        "follow(Path(sys.argv[1])); from contracts.clock import SystemClock; print(SystemClock().now())"
    )
    told = subprocess.run([sys.executable, "-c", ask, str(file)], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).parents[3], env=dict(os.environ))  # fmt: skip
    assert told.stdout.startswith("9000-05-04")
    season_clock.catch_up(file)
    assert file.read_text() != "0"  # ahead of the machine: it stays there
    season_clock.turn(file, dt.datetime(2001, 1, 1, tzinfo=dt.UTC))
    season_clock.catch_up(file)
    assert abs(int(file.read_text())) <= 1
