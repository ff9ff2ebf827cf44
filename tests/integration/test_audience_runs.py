"""A partner's order inside a house, from the hub's door to the file that its own tool imports, and to its end."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contracts.audience import AudienceSpec, Contacted
from contracts.clock import FixedClock, stamp
from contracts.order_check import check_order, sign_order
from contracts.seal import sign
from hub import audience_answers, audience_issue
from hub.app import create_app
from hub.config import WebConfig
from hub.people.roles import Grant, Role
from hub.store.database import open_control
from tests.support import audience_world as requests
from tests.support.advice_world import LoneDesk
from tests.support.control_world import VENUES, keys
from tests.support.ordered_house import (
    NOW,
    OPEN,
    an_order,
    approved,
    at,
    copied,
    crowd,
    make_house,
    person,
    read_each_export_once,
    run_it,
    send,
    signed,
)
from tests.support.sending import Line
from venue_agent.audiences import deciding, files, likeness, orders, policy, running, waiting
from venue_agent.audiences.policy import FILE as POLICY
from venue_agent.cli import app
from venue_agent.commands import audiences as commands
from venue_agent.doctor import audiences as checks
from venue_agent.doctor.patient import Patient
from venue_agent.errors import HubDown
from venue_agent.home import inventory
from venue_agent.home.elements import FILE as ELEMENTS
from venue_agent.network.client import Hub, Identity
from venue_agent.order_errors import (
    BeyondPolicy,
    OrderUndecided,
    OrderUnknown,
    TokensMissing,
    TooFewPeople,
)
from venue_agent.outbox.journal import journal
from venue_agent.people.handles import Handles
from venue_agent.recommend import kept
from venue_agent.rights import access, erasure, keepsake
from venue_agent.rights.named import named
from venue_agent.tasks import preview
from venue_agent.words import speak


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten people stand for five hundred, forty for two thousand."""
    speak("fr")
    read_each_export_once(monkeypatch)
    for module in (running, policy):
        monkeypatch.setattr(module, "FEWEST", 5)
    monkeypatch.setattr(likeness, "LOOKALIKE_FEWEST", 40)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> LoneDesk:
    return make_house(tmp_path_factory.mktemp("template") / "home", *crowd(48))


@pytest.fixture
def house(template: LoneDesk, tmp_path: Path) -> LoneDesk:
    """A copy of a house of 48 people who all said yes."""
    return copied(template, tmp_path / "home")


def emails(path: Path) -> set[str]:
    text = path.read_text("utf-8-sig")
    return {row["email"] for row in csv.DictReader(io.StringIO(text), delimiter=";")}


def test_an_order_goes_from_the_hub_to_files_that_nobody_else_reads(house: LoneDesk) -> None:
    held = approved(house, an_order(house))
    done = run_it(house, held, "csv", "brevo", "mailchimp", "sarbacane")
    assert done.steps["selected"] == 48
    assert done.steps["contacted"] + done.steps["held_out"] == 48
    assert done.steps["held_out"] > 0
    assert {path.stat().st_mode & 0o777 for path in done.files} == {0o600}
    assert (house.home.path / "audiences").stat().st_mode & 0o777 == 0o700
    assert orders.path_of(house.home, "ordre-1").stat().st_mode & 0o777 == 0o600
    assert len(emails(done.files[0])) == done.steps["contacted"]
    heads = [path.read_text("utf-8-sig").splitlines()[0] for path in done.files[1:]]
    assert heads == ["EMAIL;NOM;PRENOM;CODE", "Email Address,First Name,Last Name,CODE,Tags", "Email;Nom;Prénom;Code"]  # fmt: skip
    assert (
        not done.files[2].read_bytes().startswith(b"\xef\xbb\xbf")
    )  # a machine would read it as a letter
    log = [json.loads(line) for line in (house.home.path / "audiences.jsonl").read_text().splitlines()]  # fmt: skip
    assert [(line["act"], line["by"]) for line in log] == [("approved", "Mme Diaz"), ("run", "M. Faure")]  # fmt: skip
    assert log[1]["people"] == done.steps
    assert "canari" not in json.dumps(log)


def test_it_runs_while_the_hub_is_down(house: LoneDesk) -> None:
    held = approved(house, an_order(house))

    def down() -> None:
        raise HubDown("down")

    house.lone.orders = down  # type: ignore[attr-defined]
    with pytest.raises(HubDown):
        orders.pull(house)
    assert run_it(house, held, "brevo").files


def test_what_the_hub_serves_is_what_the_agent_reads(tmp_path: Path) -> None:
    """The hub's own desk issues an order, its own door shows it, the agent's own client fetches it."""
    control = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    control.migrate()
    terms = requests.opened(control)
    kept_request = requests.submitted(control, terms, requests.asked())
    marketing = requests.somebody(control, "com@exemple.fr", Grant(Role.MARKETING, VENUES[0]))
    with control.transaction(requests.later(1)) as tx:
        audience_answers.approve(tx, kept_request.request, VENUES[0], by=marketing)
        tx.commit()
    audience_issue.issue_due(control, requests.later(15), partial(sign, keys().private["hub"]))
    clock = FixedClock(requests.later(20).now())
    config = WebConfig(home=tmp_path, network="reseau", signing_key=keys().public["hub"], public_url="http://localhost")  # fmt: skip
    line = Line(create_app(config, clock, control).test_client())
    hubs = [
        Hub("http://localhost", Identity(venue, keys().private[venue]), clock, line)
        for venue in VENUES[:2]
    ]
    (found,) = hubs[0].orders()
    assert check_order(found, terms, VENUES[0], stamp(clock.now())).request.sources == [VENUES[0]]
    assert hubs[1].orders() == []


def test_two_houses_hold_out_the_same_people(house: LoneDesk, tmp_path: Path) -> None:
    """They know 24 people in common, by the same address, and tell each other nothing."""
    other = make_house(tmp_path / "other", *crowd(48, first=25))
    held = []
    for desk in (house, other):
        order = an_order(desk, holdout_percent=40)
        done = run_it(desk, approved(desk, order))
        first = 1 if desk is house else 25
        everybody = {f"canari{n}@exemple.fr" for n in range(first, first + 48)}
        held.append(everybody - emails(done.files[0]))
    common = {f"canari{n}@exemple.fr" for n in range(25, 49)}
    assert held[0] & common == held[1] & common
    assert 0 < len(held[0] & common) < 24
    apart = run_it(house, approved(house, an_order(house, order="ordre-2", request="demande-2", holdout_key="77" * 32, holdout_percent=40)))  # fmt: skip
    assert {f"canari{n}@exemple.fr" for n in range(1, 49)} - emails(apart.files[0]) != held[0]


@pytest.mark.long  # the draws themselves are held to it in properties
def test_the_cap_takes_the_same_people_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    chosen = []
    for place, people in (("a", crowd(20)), ("b", crowd(20)[::-1])):
        desk = make_house(tmp_path / place, *people, policy=OPEN.replace("people_per_order = 100000", "people_per_order = 10"))  # fmt: skip
        done = run_it(desk, approved(desk, an_order(desk, holdout_percent=0)))
        assert done.steps["selected"] == 10
        chosen.append(emails(done.files[0]))
    assert chosen[0] == chosen[1]


def test_people_get_so_many_offers_a_season(house: LoneDesk) -> None:
    (house.home.path / POLICY).write_text(OPEN + "offers_per_season = 1\n")
    first = run_it(house, approved(house, an_order(house, holdout_percent=40)))
    again = an_order(house, order="ordre-2", request="demande-2", holdout_percent=0)
    second = run_it(house, approved(house, again), dry=False)
    assert second.steps["rested"] == first.steps["held_out"]  # who was left alone had no offer
    assert not emails(first.files[0]) & emails(second.files[0])
    recent = AudienceSpec(include=[Contacted(trait="contacted", days=30)], exclude=[])
    (house.home.path / POLICY).write_text(OPEN)
    third = run_it(house, approved(house, an_order(house, order="ordre-3", request="demande-3", spec=recent, measured=False)), dry=True)  # fmt: skip
    assert third.steps["meant"] == 48
    assert third.files == ()
    assert orders.find(house, "ordre-3").known.state == "approved"


def test_files_go_when_their_days_are_over(house: LoneDesk) -> None:
    held = approved(house, an_order(house))
    done = run_it(house, held)
    assert done.until == "2025-09-29T08:00:00Z"  # fourteen days
    later = at(house, NOW + dt.timedelta(days=15))
    assert [f.cause for f in checks.audiences(Patient(house.home, later.clock))] == ["audience-files-old"]  # fmt: skip
    assert files.tidy(later.home, orders.offers_of(later), later.clock.now(), 36) == 1
    assert not done.files[0].exists()
    assert [f.state.value for f in checks.audiences(Patient(house.home, later.clock))] == ["ok"]
    assert run_it(later, held).again  # once more, for whoever may still be written to
    orders.offers_of(later).drop_before("2030-01-01")
    assert orders.offers_of(later).said() == {}


def test_who_is_forgotten_is_in_no_file_and_no_memory(house: LoneDesk, tmp_path: Path) -> None:
    done = run_it(house, approved(house, an_order(house, holdout_percent=0)))
    digest = Handles(house.home.state, house.config.venue).digest("email:canari7@exemple.fr")
    assert digest in orders.offers_of(house).said()
    asked = named(email="canari7@exemple.fr")
    told_of = {"order": "ordre-1", "arm": "contacted", "day": "2025-09-15"}
    assert access.answer(house, asked)["offers"] == [told_of]
    erasure.erase_here(house, asked, "venue")
    assert access.answer(house, asked)["offers"] == []
    assert not done.files[0].exists()
    assert digest not in orders.offers_of(house).said()
    again = run_it(house, orders.find(house, "1"))
    assert again.steps["contacted"] == 47
    assert "canari7@exemple.fr" not in emails(again.files[0])
    kept_there = keepsake.keep(house.home, tmp_path / "kept")
    assert "audiences.jsonl" in {path.name for path in kept_there}
    left = [path for path in inventory.others(house.home.path) if "audiences" in str(path)]
    assert left == [house.home.path / POLICY]  # the house's own words, named as such
    assert left[0] in inventory.written_by_venue(house.home.path, house.config)


def test_arms_are_of_measured_orders_and_of_people_in_statistics(tmp_path: Path) -> None:
    shy = [person(60 + n, **{"Optin partenaires": "Non"}) for n in range(3)]
    desk = make_house(tmp_path / "home", *crowd(9), *shy)
    handles = Handles(desk.home.state, desk.config.venue)
    known = [(f"email:canari{n}@exemple.fr",) for n in (*range(1, 10), 60, 61, 62)]
    ids = handles.assign(known)
    run_it(desk, approved(desk, an_order(desk, holdout_percent=50)))
    quiet = an_order(desk, order="ordre-2", request="demande-2", measured=False)
    run_it(desk, approved(desk, quiet))
    rows = orders.offers_of(desk).arms()
    assert {row.contribution_id for row in rows} == set(ids[:9])
    assert {row.order for row in rows} == {"ordre-1"}
    assert {row.arm for row in rows} == {"contacted", "held-out"}
    assert {row.day for row in rows} == {"2025-09-15"}
    packed = preview._house(desk, desk.law, full=False).activations
    assert [astuple(each) for each in packed] == [astuple(row) for row in rows]
    handles.withdraw([known[0]])
    assert len(orders.offers_of(desk).arms()) == 8


def test_people_like_those_who_go_elsewhere(house: LoneDesk, tmp_path: Path) -> None:
    """A dance house: it is the dancers of the export that are most like its public."""
    kept.pull(house)
    order = an_order(house, like="v01", holdout_percent=0)
    done = run_it(house, approved(house, order))
    assert done.steps["scorable"] == 48
    assert done.steps["selected"] == 12  # the likeliest quarter
    dancers = {f"canari{n}@exemple.fr" for n in range(1, 49) if n % 3 == 0}
    assert emails(done.files[0]) <= dancers
    small = make_house(tmp_path / "small", *crowd(30))
    kept.pull(small)
    with pytest.raises(TooFewPeople, match="comparer"):
        run_it(small, approved(small, an_order(small, like="v01")))
    unknown = an_order(house, like="v99", order="ordre-3", request="demande-3")
    with pytest.raises(BeyondPolicy):
        run_it(house, approved(house, unknown))


def test_post_and_text_messages_have_their_own_address(tmp_path: Path) -> None:
    homeless = person(80, Adresse="")
    landline = person(81, Telephone="04 78 12 34 56")
    # A second run would not know her again: whoever changed her mind since could not be left out.
    unknown = person(82, Email="", Telephone="", **{"Numero client": ""})
    desk = make_house(tmp_path / "home", *crowd(6), homeless, landline, unknown)
    post = run_it(desk, approved(desk, an_order(desk, channel="post", holdout_percent=0)), "sheet")
    lines = post.files[0].read_text("utf-8-sig").splitlines()
    assert lines[0] == "Nom;Prénom;Téléphone;Adresse;Code postal;Ville;Pays;Code"
    assert len(lines) == 8
    assert any("06 12 00 00 01" in line and "1 rue du Canari" in line for line in lines)
    text = an_order(desk, channel="sms", holdout_percent=0, order="ordre-2", request="demande-2")
    sms = run_it(desk, approved(desk, text), "brevo")
    rows = sms.files[0].read_text("utf-8-sig").splitlines()
    assert rows[0] == "SMS;NOM;PRENOM;CODE"
    assert {row.split(";")[0] for row in rows[1:]} == {f"336120000{n:02}" for n in (*range(1, 7), 80)}  # fmt: skip


def test_without_tokens_nobody_is_chosen(house: LoneDesk) -> None:
    (house.home.path / ELEMENTS).unlink()
    with pytest.raises(TokensMissing):
        run_it(house, approved(house, an_order(house)))


def test_the_night_round_fetches_orders_and_says_that_they_wait(
    house: LoneDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = journal(house.home)
    assert (
        waiting.fetch(house, house.law.model_copy(update={"partners": []}), book) == waiting.News()
    )
    assert waiting.open_orders(house.home, house.config.venue, house.clock) == []
    forged = an_order(house, order="faux", request="fausse")
    send(house, signed(an_order(house)), sign_order(forged, bytes(32)))
    assert waiting.fetch(house, house.law, book) == waiting.News(new=1, refused=1, waiting=1)
    assert waiting.fetch(house, house.law, book) == waiting.News(new=0, refused=1, waiting=1)
    assert orders.find(house, "1").known.state == "waiting"  # nothing is decided by itself
    assert not files.files_of(house.home)
    assert '"new":1' in book.path.read_text().replace(" ", "")
    (finding,) = checks.audiences(Patient(house.home, house.clock, urls=("", "")))
    assert "1 ordre de partenaire attend" in finding.found

    monkeypatch.setattr(house.lone, "orders", _down)  # it sent nothing: nothing was refused
    assert waiting.fetch(house, house.law, book) == waiting.News(new=0, refused=0, waiting=1)
    monkeypatch.setattr(waiting, "pull", lambda _: orders.Pulled(("disparu",), ()))
    assert waiting.fetch(house, house.law, book) == waiting.News(new=0, refused=0, waiting=1)
    deciding.decide(house, "1", "approved", "Mme Diaz")
    assert len(waiting.open_orders(house.home, house.config.venue, house.clock)) == 1
    later = at(house, dt.datetime(2025, 11, 1, tzinfo=dt.UTC))  # the campaign's last day is past
    assert waiting.open_orders(house.home, house.config.venue, later.clock) == []
    run_it(house, orders.find(house, "1"))
    assert waiting.open_orders(house.home, house.config.venue, house.clock) == []


def _down() -> Any:
    raise HubDown("The hub does not answer.")


def told(house: LoneDesk, *words: str, typed: str = "") -> Any:
    return CliRunner().invoke(app, ["audiences", *words, "--home", str(house.home.path)], input=typed)  # fmt: skip


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    monkeypatch.setattr(commands, "CLOCK", FixedClock(NOW))
    return lambda: None


def test_the_commands_say_what_is_asked_and_ask_before_they_do(house: LoneDesk, here: object) -> None:  # fmt: skip
    empty = told(house, "list")
    assert "Aucun ordre n'est ici" in empty.output
    send(house, signed(an_order(house)))
    orders.pull(house)
    assert "attend cette maison" in told(house, "list").output
    shown = told(house, "show", "1").output
    for words in ("Maison 1 (v01)", "découverte", "Toutes les personnes", "DANSE-2025", "le permet"):  # fmt: skip
        assert words in " ".join(shown.split())
    assert isinstance(told(house, "show", "9").exception, OrderUnknown)
    assert isinstance(told(house, "run", "1").exception, OrderUndecided)
    assert isinstance(told(house, "approve", "1", "--who", "Mme Diaz", typed="n\n").exception, OrderUndecided)  # fmt: skip
    assert "Approuvé par Mme Diaz" in told(house, "approve", "1", "--who", "Mme Diaz", typed="o\n").output  # fmt: skip
    counted = told(house, "run", "1", "--dry-run").output
    assert "rien n'a été écrit" in counted
    done = told(house, "run", "1", "--for", "brevo", "--for", "sarbacane")
    assert "Effacé le 2025-09-29" in done.output
    assert len(files.files_of(house.home)) == 2
    whole = json.loads(told(house, "list", "--json").output)[0]
    assert (whole["state"], whole["allowed"], whole["decided_by"]) == ("run", True, "Mme Diaz")
    assert "--for" not in told(house, "run", "1", "--for", "outlook").output


def test_the_default_policy_is_closed_and_says_what_each_line_means(house: LoneDesk, here: object) -> None:  # fmt: skip
    path = house.home.path / POLICY
    path.unlink()
    assert "Elle ne permet encore rien" in told(house, "policy").output
    assert path.stat().st_mode & 0o777 == 0o600
    assert policy.load_policy(house.home) == policy.Policy()
    assert path.read_text().count("# ") >= 11
    path.write_text("partners = 3\n")
    assert [f.cause for f in checks.audiences(Patient(house.home, house.clock))] == ["policy-broken"]  # fmt: skip


def test_a_partners_words_cannot_dress_as_ours(house: LoneDesk, here: object) -> None:
    order = an_order(house, offer="[bold red]Erreur[/] \x1b[2J", partner_name="[link=http://x]ici[/link]")  # fmt: skip
    send(house, signed(order))
    orders.pull(house)
    shown = told(house, "show", "1").output
    assert "[bold red]Erreur[/]" in shown
    assert "\x1b" not in shown
    assert "[link=http://x]ici[/link]" in " ".join(told(house, "show", "1").output.split())
