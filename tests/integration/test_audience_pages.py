"""A partner writes a request in the office, three houses answer it there, and its partner follows the calendar."""

import datetime as dt
import re
from typing import Any

import pytest

from contracts.clock import stamp
from hub.people.roles import Role
from hub.store import audiences
from tests.support.audience_world import opened
from tests.support.control_world import VENUES
from tests.support.office import CLOCK, Office, Somebody, open_office
from tests.support.orders import PARTNER

DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = open_office(tmp_path_factory.mktemp("office"))
    opened(office.control, valid_from="2020-01-01T00:00:00Z", expires="2099-01-01T00:00:00Z")
    return office


@pytest.fixture(scope="module")
def partner(office: Office) -> Somebody:
    return office.somebody("quai@exemple.fr", Role.PARTNER, PARTNER)


@pytest.fixture(scope="module")
def houses(office: Office) -> list[Somebody]:
    return [office.somebody(f"{v}@exemple.fr", Role.MARKETING, v) for v in VENUES[:2]]


def form(**changes: Any) -> dict[str, Any]:
    today = CLOCK.now()
    plain = {
        "partner": PARTNER,
        "partner_name": "Théâtre du Quai",
        "aim": "discovery",
        "channel": "email",
        "taste": ["dance"],
        "level": "once",
        "age": ["18-25", "26-34"],
        "contacted": "30",
        "first_day": stamp(today + 20 * DAY)[:10],
        "last_day": stamp(today + 60 * DAY)[:10],
        "cap": "1000",
        "holdout_percent": "10",
        "offer": "Deux places pour une.",
    }
    return plain | changes


def drafted(partner: Somebody, **changes: Any) -> str:
    answer = partner.post("/bureau/demandes/ecrire", form(**changes))
    assert answer.status_code == 302, answer.text[-2000:]
    return str(answer.location.rsplit("/", 1)[1])


def test_a_request_from_draft_to_answers(
    office: Office, partner: Somebody, houses: list[Somebody]
) -> None:
    name = drafted(partner)
    page = partner.get(f"/bureau/demandes/{name}")
    assert "ont vu au moins une fois de la danse" in page.text
    assert "ont reçu une offre depuis 30" in page.text
    assert "ne sera pas mesuré" in page.text  # houses alone know whom they wrote to
    assert "Aucune édition publiée" not in page.text  # nothing is estimated yet
    partner.post(f"/bureau/demandes/{name}/estimer")
    assert "Aucune édition publiée" in partner.get(f"/bureau/demandes/{name}").text
    partner.post(f"/bureau/demandes/{name}/soumettre")
    page = partner.get(f"/bureau/demandes/{name}").text
    assert page.count("en attente") == len(VENUES)
    assert len(re.findall(r"<code>[A-Z2-9]{8}</code>", page)) == len(VENUES)
    first, second = houses
    assert re.search(r"\d demandes? d", first.get("/bureau/accueil").text)
    assert "Théâtre du Quai" in first.get("/bureau/demandes-recues/").text
    shown = first.get(f"/bureau/demandes-recues/{VENUES[0]}/{name}").text
    assert "Accepter telle quelle" in shown
    first.post(f"/bureau/demandes-recues/{VENUES[0]}/{name}/accepter")
    second.post(
        f"/bureau/demandes-recues/{VENUES[1]}/{name}/restreindre", {"cap": "600", "age": ["18-25"]}
    )
    assert "d’accord, restreint" in second.get("/bureau/demandes-recues/").text
    before = partner.get(f"/bureau/demandes/{name}").text
    assert before.count("en attente") == len(VENUES)  # its calendar has not come
    with office.control.reading() as reading:
        states = [one.state.value for one in audiences.answers(reading, name)]
    assert states == ["approved", "modified", "waiting"]
    partner.post(f"/bureau/demandes/{name}/retirer")
    assert "close" in partner.get(f"/bureau/demandes/{name}").text


def test_a_draft_can_be_changed_and_says_what_to_mend(partner: Somebody) -> None:
    name = drafted(partner)
    page = partner.get(f"/bureau/demandes/ecrire?d={name}").text
    assert re.search(r'name="age" value="18-25" checked', page)
    assert 'value="Deux places pour une."' in page
    again = drafted(partner, d=name, age=["65+"], subscriber="no", bought="le-lac")
    assert again == name
    assert "65" in partner.get(f"/bureau/demandes/{name}").text
    wrong = partner.post("/bureau/demandes/ecrire", form(cap="12", home="999", first_day="demain"))
    assert wrong.status_code == 200
    assert "À corriger" in wrong.text
    assert 'value="12"' in wrong.text
    said = partner.post("/bureau/demandes/ecrire", form(history="", bought="rien", d=name))
    partner.post(f"{said.location}/estimer")
    partner.post(f"{said.location}/soumettre")
    assert "catalogue public" in partner.get(said.location).text


def test_nobody_reads_or_answers_for_another(
    office: Office, partner: Somebody, houses: list[Somebody]
) -> None:
    name = drafted(partner)
    other = office.somebody("nord@exemple.fr", Role.PARTNER, "festival-du-nord")
    unnamed = office.somebody("sans-nom@exemple.fr", Role.PARTNER)
    for stranger in (other, unnamed):
        assert stranger.get(f"/bureau/demandes/{name}").status_code == 404
        assert stranger.post(f"/bureau/demandes/{name}/soumettre").status_code == 404
        assert stranger.post("/bureau/demandes/ecrire", form()).status_code == 404
        assert stranger.post("/bureau/demandes/ecrire", form(d=name)).status_code == 404
    assert "ne nomme aucun partenaire" in unnamed.get("/bureau/demandes/").text
    partner.post(f"/bureau/demandes/{name}/estimer")
    partner.post(f"/bureau/demandes/{name}/soumettre")
    for venue in (VENUES[1], "nulle-part"):
        path = f"/bureau/demandes-recues/{venue}/{name}"
        assert houses[0].get(path).status_code == 404
        assert houses[0].post(f"{path}/accepter").status_code == 404
        assert houses[0].post(f"{path}/refuser", {"reason": "offer"}).status_code == 404
    wrong = f"/bureau/demandes-recues/{VENUES[0]}/{name}/refuser"
    houses[0].post(wrong, {"reason": "nobody-of-that-kind"})
    assert "Choisissez un motif" in houses[0].get("/bureau/demandes-recues/").text


def test_a_voice_is_lent_in_the_inbox(office: Office, houses: list[Somebody]) -> None:
    clerk = office.somebody("it@exemple.fr", Role.IT, VENUES[0])
    page = houses[0].get("/bureau/demandes-recues/").text
    found = re.search(r'<option value="(p[0-9a-f]+)">it@exemple.fr', page)
    assert found
    until = stamp(CLOCK.now() + 10 * DAY)[:10]
    path = f"/bureau/demandes-recues/{VENUES[0]}/voix"
    houses[0].post(path, {"person": found[1], "until": until})
    assert "it@exemple.fr, jusqu" in houses[0].get("/bureau/demandes-recues/").text
    assert clerk.post(path, {"person": found[1], "until": until}).status_code == 403
    houses[0].post(path, {"person": found[1], "take": "1"})
    assert "it@exemple.fr, jusqu" not in houses[0].get("/bureau/demandes-recues/").text
