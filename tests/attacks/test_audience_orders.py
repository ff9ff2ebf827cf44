"""A hub, a partner or an export that wants more of a house than people and house said yes to."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.audience import AudienceSpec, Bought, Distances, Level, Tastes
from contracts.base import canonical
from contracts.visit import Discipline, DistanceBand, Purpose
from tests.support.advice_world import LoneDesk
from tests.support.control_world import keys
from tests.support.ordered_house import (
    CODE,
    NOW,
    OPEN,
    an_order,
    approved,
    at,
    copied,
    crowd,
    give_tokens,
    make_house,
    obey,
    person,
    read_each_export_once,
    run_it,
    send,
    signed,
)
from venue_agent import errors, order_errors
from venue_agent.audiences import deciding, orders, policy, running
from venue_agent.audiences.policy import FILE as POLICY
from venue_agent.consents.register import FOLDER as CONSENTS
from venue_agent.words import speak

DANCE = AudienceSpec(include=[Tastes(trait="taste", values=[Discipline.DANCE], level=Level.ONCE)], exclude=[])  # fmt: skip


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten people stand for five hundred."""
    speak("fr")
    read_each_export_once(monkeypatch)
    for module in (running, policy):
        monkeypatch.setattr(module, "FEWEST", 5)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> LoneDesk:
    return make_house(tmp_path_factory.mktemp("template") / "home", *crowd(12))


@pytest.fixture
def house(template: LoneDesk, tmp_path: Path) -> LoneDesk:
    """A copy of a house of twelve people who all said yes."""
    return copied(template, tmp_path / "home")


def refusal(desk: LoneDesk, *sent: Any) -> errors.AgentError | None:
    send(desk, *sent)
    refused = orders.pull(desk).refused
    return refused[0] if refused else None


def rows(outcome: running.Outcome) -> list[dict[str, str]]:
    text = outcome.files[0].read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_an_order_that_comes_again_is_run_once(house: LoneDesk) -> None:
    order = an_order(house)
    held = approved(house, order)
    first = run_it(house, held)
    assert refusal(house, signed(order)) is None  # the very same: no news
    assert len(orders.held(house)) == 1
    changed = an_order(house, cap=100_000)
    assert isinstance(refusal(house, signed(changed)), order_errors.OrderReplayed)
    renamed = an_order(house, order="ordre-2")
    assert isinstance(refusal(house, signed(renamed)), order_errors.OrderReplayed)
    give_tokens(house, ["canari500@exemple.fr"])
    again = run_it(house, held)
    assert again.again
    assert again.steps["contacted"] == first.steps["contacted"]
    with pytest.raises(order_errors.OrderReplayed):
        deciding.decide(house, "ordre-1", "refused", "Mme Diaz")


def test_what_the_house_refused_stays_refused(house: LoneDesk) -> None:
    order = an_order(house)
    send(house, signed(order))
    orders.pull(house)
    deciding.decide(house, "1", "refused", "Mme Diaz")
    with pytest.raises(order_errors.OrderReplayed):
        run_it(house, orders.find(house, "1"))
    assert refusal(house, signed(order)) is None
    assert orders.find(house, "1").known.state == "refused"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"venue": "v02"}, order_errors.OrderForeign),
        ({"network": "autre"}, order_errors.OrderForeign),
        ({"charter_sha256": "ab" * 32}, order_errors.OrderForeign),
        ({"partner": "inconnu"}, order_errors.OrderForeign),
        ({"sources": ["v00", "v02"]}, order_errors.OrderForeign),
        ({"issued_at": "2025-09-16T08:00:00Z"}, order_errors.OrderForeign),
        ({"expires": "2025-09-14T08:00:00Z"}, order_errors.OrderExpired),
        ({"first_day": "2025-08-01", "last_day": "2025-09-14"}, order_errors.OrderExpired),
    ],
)
def test_an_order_for_somebody_else_or_of_another_time_is_not_kept(
    house: LoneDesk, change: dict[str, Any], kind: type[errors.AgentError]
) -> None:
    assert type(refusal(house, signed(an_order(house, **change)))) is kind
    assert orders.held(house) == []


def test_an_altered_order_is_not_kept_nor_run(house: LoneDesk) -> None:
    order = an_order(house)
    forged = signed(order).model_copy(update={"order": an_order(house, cap=90_000)})
    assert isinstance(refusal(house, forged), order_errors.OrderForged)
    held = approved(house, order)
    orders.path_of(house.home, "ordre-1").write_bytes(canonical(forged))
    with pytest.raises(order_errors.OrderForged):
        run_it(house, held)
    with pytest.raises(order_errors.OrderForged):
        orders.held(house)


def test_an_amended_charter_neither_ends_an_order_nor_widens_one(house: LoneDesk) -> None:
    order = an_order(house)
    amended = obey(house, house.law.model_copy(update={"revision": 2}))
    assert refusal(amended, signed(order)) is None
    deciding.decide(amended, "1", "approved", "Mme Diaz")
    assert run_it(amended, orders.find(amended, "1"), dry=True).steps["selected"] == 12
    for revision, change in enumerate(
        ({"partners": []}, {"purposes": [Purpose.STATISTICS]}, {"dpo_approves_audiences": True}), 3
    ):
        stricter = obey(house, house.law.model_copy(update={"revision": revision, **change}))
        with pytest.raises(order_errors.OrderForeign):
            run_it(stricter, orders.find(stricter, "1"))
    other = house.law.hub.model_copy(update={"signing_key": keys().public["custodian"]})
    moved = obey(house, house.law.model_copy(update={"revision": 9, "hub": other}))
    with pytest.raises(order_errors.OrderForeign):
        run_it(moved, orders.find(moved, "1"))


def test_an_order_that_expired_after_it_came_is_not_run(house: LoneDesk) -> None:
    held = approved(house, an_order(house))
    with pytest.raises(order_errors.OrderExpired):
        run_it(at(house, NOW.replace(month=11)), held)


@pytest.mark.parametrize(
    "closed",
    [
        "version = 1\n",
        OPEN.replace('partners = ["v01"]', 'partners = ["v02"]'),
        OPEN.replace('"discovery", ', ""),
        OPEN.replace('channels = ["email", ', "channels = ["),
        OPEN.replace('"taste", ', ""),
        OPEN.replace("people_per_order = 100000", "people_per_order = 3"),
        OPEN + "dpo = true\n",
    ],
)
def test_a_hub_cannot_order_more_than_the_house_allows(house: LoneDesk, closed: str) -> None:
    held = approved(house, an_order(house, spec=DANCE))
    (house.home.path / POLICY).write_text(closed)
    with pytest.raises(order_errors.BeyondPolicy):
        run_it(house, held)
    assert not list((house.home.path / "audiences").glob("*.csv"))


def test_a_house_that_wrote_no_policy_runs_nothing(house: LoneDesk) -> None:
    (house.home.path / POLICY).unlink()
    send(house, signed(an_order(house)))
    orders.pull(house)
    with pytest.raises(order_errors.BeyondPolicy):
        deciding.decide(house, "1", "approved", "Mme Diaz")


def test_a_months_people_are_counted_over_all_orders(house: LoneDesk) -> None:
    (house.home.path / POLICY).write_text(OPEN.replace("people_per_month = 100000", "people_per_month = 14"))  # fmt: skip
    first = run_it(house, approved(house, an_order(house, holdout_percent=0)))
    assert first.steps["contacted"] == 12
    second = approved(house, an_order(house, order="ordre-2", request="demande-2"))
    with pytest.raises(order_errors.BeyondPolicy):
        run_it(house, second)


def test_an_order_names_no_sensitive_event(house: LoneDesk) -> None:
    catalogue = house.home.path / "catalogue.csv"
    catalogue.write_text(catalogue.read_text().replace("theatre;;;no", "theatre;;;yes"))
    spec = AudienceSpec(include=[Bought(trait="bought", values=["hamlet"])], exclude=[])
    with pytest.raises(order_errors.OrderForeign):
        run_it(house, approved(house, an_order(house, spec=spec)))


def test_distances_from_nowhere_are_refused(house: LoneDesk) -> None:
    law = house.law.model_copy(update={"partners": ["v01", "dehors"]})
    spec = AudienceSpec(include=[], exclude=[Distances(trait="distance", values=[DistanceBand.D0])])
    order = an_order(house, spec=spec).request.model_copy(update={"partner": "dehors"})
    with pytest.raises(order_errors.OrderForeign, match="postcodes"):
        from_outside(house, law, order)


def from_outside(house: LoneDesk, law: Any, request: Any) -> None:
    from venue_agent.audiences import looking  # noqa: PLC0415 - this attack alone looks inside

    opened = replace(house, law=law)
    order = an_order(opened).model_copy(update={"request": request})
    looking.look(
        looking.House(opened, law, policy.Policy(), orders.offers_of(opened)), order, print
    )


SOON = {"Date optin": "01/09/2025"}  # of the very day on which the request was submitted
LONG_AGO = {"Date optin": "01/09/2022"}
UNDATED = {"Date optin": ""}
NO = {"Optin offres": "Non"}
CHILD = {"Age": "16"}
UNREACHED = {"Email": ""}


def test_who_did_not_say_yes_in_time_is_not_written_to(tmp_path: Path) -> None:
    out = (SOON, LONG_AGO, UNDATED, NO, CHILD, UNREACHED)
    others = [person(90 + n, **change) for n, change in enumerate(out)]
    desk = make_house(tmp_path / "home", *crowd(6), *others)
    found = rows(run_it(desk, approved(desk, an_order(desk, holdout_percent=0))))
    assert {row["customer"] for row in found} == {f"C{n:04}" for n in range(1, 7)}


def test_a_partner_that_the_text_names_since_is_not_what_people_said_yes_to(tmp_path: Path) -> None:
    """The house adds the partner to an old text: yeses of before the change do not reach it."""
    later = {"Date optin": "20/08/2025"}
    desk = make_house(tmp_path / "home", *crowd(6), *crowd(6, first=50, **later))
    held = approved(desk, an_order(desk, holdout_percent=0))
    told = {"text": "J'accepte.", "source": "Optin offres", "grants": ["partner_offers"], "denies": [], "channels": []}  # fmt: skip
    notices = {
        "a" * 16: told | {"since": "2024-01-01T00:00:00Z", "partners": ["v05"]},
        "b" * 16: told | {"since": "2025-06-01T00:00:00Z", "partners": ["v05", "v01"]},
    }
    (desk.home.path / CONSENTS).mkdir(exist_ok=True)
    file = desk.home.path / CONSENTS / "notices.json"
    file.write_text(json.dumps(notices))
    assert {row["customer"] for row in rows(run_it(desk, held))} == {f"C{n:04}" for n in range(50, 56)}  # fmt: skip
    file.write_text(json.dumps({"a" * 16: notices["a" * 16]}))  # changed, and no preview since
    assert run_it(desk, held).steps["consenting"] == 0


def test_a_shared_box_is_written_to_only_when_both_said_yes(tmp_path: Path) -> None:
    both = {"Email": "ensemble@exemple.fr"}
    shy = person(71, Prenom="Luce", Nom="Timide", **both, **NO)
    bold = person(72, Prenom="Marc", Nom="Hardi", **both)
    desk = make_house(tmp_path / "home", *crowd(6), shy, bold)
    found = rows(run_it(desk, approved(desk, an_order(desk, holdout_percent=0))))
    assert "ensemble@exemple.fr" not in {row["email"] for row in found}


def test_no_cell_of_a_file_is_a_formula(tmp_path: Path) -> None:
    nasty = [
        person(81, Nom="=HYPERLINK(1)", Prenom="+33"), person(82, Nom="@SUM(A1)", Prenom="-2"),
        person(83, Email="=cmd@exemple.fr"), person(84, Nom="\t=1+1", Prenom='a";=2'),
    ]  # fmt: skip
    desk = make_house(tmp_path / "home", *crowd(6), *nasty)
    done = run_it(desk, approved(desk, an_order(desk, holdout_percent=0)), "csv", "brevo", "mailchimp", "sarbacane")  # fmt: skip
    for path in done.files:
        separator = "," if "mailchimp" in path.name else ";"
        cells = [cell for row in csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=separator) for cell in row]  # fmt: skip
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert "=cmd@exemple.fr" not in done.files[0].read_text("utf-8-sig")


def test_who_uses_the_code_tells_nothing_of_why_she_got_it(house: LoneDesk) -> None:
    """Redemption: one code for everybody, of the partner and the house, in the general newsletter too."""
    theatre = AudienceSpec(include=[Tastes(trait="taste", values=[Discipline.THEATRE], level=Level.ONCE)], exclude=[])  # fmt: skip
    wide = run_it(house, approved(house, an_order(house)))
    narrow = run_it(house, approved(house, an_order(house, order="ordre-2", request="demande-2", spec=theatre)))  # fmt: skip
    assert {row["code"] for row in [*rows(wide), *rows(narrow)]} == {CODE}
    assert len(rows(narrow)) < len(rows(wide))


def test_a_small_segment_leaves_no_trace_but_the_dpos_line(
    house: LoneDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One person, or nobody: nothing is written, sent or told in words; the offers of others are as before."""
    monkeypatch.setattr(running, "FEWEST", 500)
    held = approved(house, an_order(house))
    with pytest.raises(order_errors.TooFewPeople) as told:
        run_it(house, held)
    assert not {"12", "11"} & set(str(told.value).split())
    assert not list((house.home.path / "audiences").glob("*.csv"))
    assert orders.offers_of(house).arms() == []
    last = json.loads((house.home.path / "audiences.jsonl").read_text().splitlines()[-1])
    assert (last["act"], last["people"]["selected"]) == ("too-few", 12)
    assert "canari" not in json.dumps(last)
