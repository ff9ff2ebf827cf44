"""A partner asks for « dance, within 20 km, never came »: two houses write to their people, one refuses, the next edition tells what came of it.

Everything is what runs in a network but processes and sockets; days pass on one clock, and everybody is fictitious.
"""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contracts.edition import Estimate, PublishedEdition
from hub.errors import StateConflict
from hub.people.roles import Role
from tests.support.activation_network import (
    AFTER,
    BEFORE,
    FIRST,
    HOUSES,
    PARTNER,
    REFUSING,
    SECOND,
    ActivationNetwork,
    opened,
)
from tests.support.office import ORIGIN, Somebody
from tests.support.programs import Program, known
from venue_agent.cli import app
from venue_agent.commands import audiences as commands

pytestmark = pytest.mark.timeout(1800)  # the machine may be shared

KNOWN = {FIRST: range(1200), SECOND: range(900, 2100), REFUSING: range(2100, 2400), PARTNER: range(2400, 2700)}  # fmt: skip
Agent = Callable[..., Any]
COMMON = set(range(900, 1200))
SPEC = {
    "include": [
        {"trait": "taste", "values": ["dance"], "level": "main"},
        {"trait": "distance", "values": ["0-5", "5-20"]},
    ],
    "exclude": [{"trait": "house", "values": [PARTNER], "level": "once"}],
}
ASKED: dict[str, Any] = {
    "partner_name": "Théâtre du Quai", "aim": "support", "channel": "email", "cap": 1000,
    "spec": SPEC, "first_day": "2025-11-20", "last_day": "2025-12-20", "holdout_percent": 30,
    "expires": "2026-01-20T00:00:00Z", "offer": "Deux places pour une.",
}  # fmt: skip


def ticket(who: int, title: str, day: str = "15/10/25") -> dict[str, str]:
    """A ticket of somebody who said yes to statistics and to this partner's offers; one in ten lives far away."""
    far = who % 10 == 7
    return {
        "Nom": f"Canari{chr(97 + who % 26)}", "Prenom": f"N{chr(97 + who // 26 % 26)}", "Email": f"canari{who}@exemple.fr",
        "Adresse": f"{who} rue du Canari", "Code postal": "38000" if far else "69003", "Age": "22" if who % 5 == 0 else "41",
        "Spectacle": title, "Cle spectacle": title, "Date representation": day, "Date reservation": "01/09/25 00:00",
        "Optin partenaires": "Oui", "Optin offres": "Oui",
    }  # fmt: skip


def autumn(venue: str) -> list[dict[str, str]]:
    """Three in four came for dance."""
    return [ticket(who, "Hamlet" if who % 4 == 3 else "La Danse") for who in KNOWN[venue]]


def _meant(venue: str) -> set[int]:
    """Who goes to dance above all, and lives near."""
    return {n for n in KNOWN[venue] if n % 4 != 3 and n % 10 != 7}


class Caller:
    """The partner's own program."""

    def __init__(self, network: ActivationNetwork, program: Program) -> None:
        self.browser = network.office.app.test_client()
        self.network = network
        self.program = program
        self.calls = 0
        self.token = ""

    def sign_in(self) -> None:
        now = int(self.network.clock.now().timestamp())
        word = self.program.assertion(iat=now, exp=now + 120)
        scope = "requests:read requests:write estimates"
        self.token = self.program.ask(self.browser, scope, client_assertion=word).json["access_token"]  # fmt: skip

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        self.calls += 1
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"key-{self.calls:08d}"}  # fmt: skip
        answer = self.browser.open(f"/v1/partner{path}", method=method, json=body, headers=headers, base_url=ORIGIN)  # fmt: skip
        assert answer.status_code == status, answer.text
        return answer.json


@pytest.fixture
def network(tmp_path: Path) -> Iterator[ActivationNetwork]:
    with opened(tmp_path) as made:
        yield made


@pytest.fixture
def agent(network: ActivationNetwork, monkeypatch: pytest.MonkeyPatch) -> Agent:
    """``venue-agent audiences …`` in a house."""
    monkeypatch.setattr(commands, "open_desk", lambda home, _clock: network.desk(home.path.name))

    def run(venue: str, *words: str) -> Any:
        told = CliRunner().invoke(app, ["audiences", *words, "--home", str(network.root / venue), "--json"])  # fmt: skip
        assert told.exit_code == 0, (told.output, told.exception)
        return json.loads(told.output)

    return run


def emails(path: str) -> set[int]:
    text = Path(path).read_text("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    return {int(re.sub(r"\D", "", row["email"])) for row in rows}


def rows_of(published: PublishedEdition, table: str) -> dict[tuple[str, ...], Estimate]:
    return {
        tuple(row.keys): row
        for release in published.edition.releases
        for found in release.tables
        if found.table == table
        for row in found.rows
    }


def test_from_a_request_to_the_edition_that_measures_it(
    network: ActivationNetwork, agent: Agent
) -> None:
    for venue in HOUSES:
        network.export(venue, *autumn(venue))
        network.send(venue)
    network.publish(BEFORE)

    program = Caller(network, known(network.control, PARTNER))
    name = _asked_by_api(program)
    partner = network.somebody("quai@exemple.fr", Role.PARTNER, PARTNER)
    _asked_in_the_office(partner)
    _answered(network, name)
    assert {house["state"] for house in program("GET", f"/requests/{name}")["houses"]} == {"waiting"}  # fmt: skip

    network.clock.instant = dt.datetime(2025, 11, 20, 8, tzinfo=dt.UTC)
    assert network.issue() == 1
    _seen_by_its_partner(program, partner, name)
    contacted = _run_in_the_houses(network, agent)

    network.clock.instant = dt.datetime(2026, 1, 22, 8, tzinfo=dt.UTC)
    came = _bought(network, contacted)
    for venue in (FIRST, SECOND, PARTNER):  # who refused has nothing new to send
        network.send(venue)
    _two_people_let_it(network)
    published = network.publish(AFTER)
    _measured(published, name, contacted, came)
    _nothing_of_who_refused(network, program, published, name)


def _asked_by_api(program: Caller) -> str:
    """Draft, estimate and submit as a partner's program does; return the request's name."""
    program.sign_in()
    name = str(program("POST", "/requests", ASKED, status=201)["asked"]["request"])
    estimate = program("POST", f"/requests/{name}/estimate")
    assert (estimate["edition"], estimate["total"]["state"]) == (BEFORE, "at-most")
    assert 1000 <= estimate["total"]["high"] <= 3000  # some 1,650 who go to dance above all
    assert set(estimate["total"]["local"]) == {"distance", "house"}
    assert {each["place"]: each["state"] for each in estimate["places"]}[REFUSING] == "few"
    seen = program("POST", f"/requests/{name}/submit")
    assert "danse" in seen["french"]
    assert seen["dates"]["issued_at"] == "2025-11-18T00:00:00Z"
    assert set(seen["asked"]["codes"]) == set(HOUSES) - {PARTNER}
    return name


def _asked_in_the_office(partner: Somebody) -> None:
    """Write the like of it in the pages, see the same estimate, submit, and take it back."""
    form = {
        "partner": PARTNER, "partner_name": "Théâtre du Quai", "aim": "support", "channel": "email",
        "taste": ["dance"], "level": "main", "distance": ["0-5", "5-20"], "cap": "1000", "holdout_percent": "30",
        "first_day": "2025-11-20", "last_day": "2025-12-20", "offer": "Deux places pour une.",
    }  # fmt: skip
    page = str(partner.post("/bureau/demandes/ecrire", form).location)
    partner.post(f"{page}/estimer")
    shown = partner.get(page).text
    assert BEFORE in shown
    assert "au plus" in shown
    assert "ne sera pas mesuré" not in shown
    partner.post(f"{page}/soumettre")
    assert "soumise aux lieux" in partner.get(page).text
    partner.post(f"{page}/retirer")
    assert "soumise aux lieux" not in partner.get(page).text


def _answered(network: ActivationNetwork, name: str) -> None:
    """One house agrees, one narrows, one refuses, each in its own office."""
    answers: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (FIRST, "accepter", {}),
        (SECOND, "restreindre", {"cap": "600", "age": ["18-25"]}),
        (REFUSING, "refuser", {"reason": "calendar"}),
    )
    for venue, verb, form in answers:
        house = network.somebody(f"{venue}@exemple.fr", Role.MARKETING, venue)
        shown = house.get(f"/bureau/demandes-recues/{venue}/{name}").text
        assert "Deux places pour une." in shown
        assert (
            "Votre lieu ne connaît que ses propres venues" in shown
        )  # « never came » is not its to know
        house.post(f"/bureau/demandes-recues/{venue}/{name}/{verb}", form)


def _seen_by_its_partner(program: Caller, partner: Somebody, name: str) -> None:
    """On its day, every answer at once: who narrows looks like who agrees."""
    program.sign_in()
    seen = program("GET", f"/requests/{name}")
    assert seen["state"] == "active"
    said = {house["venue"]: (house["state"], house["reason"]) for house in seen["houses"]}
    assert said == {FIRST: ("agreed", None), SECOND: ("agreed", None), REFUSING: ("refused", "calendar")}  # fmt: skip
    partner.csrf = ""  # weeks later: another session
    partner.sign_in()
    shown = partner.get(f"/bureau/demandes/{name}").text
    assert "campagne en cours" in shown
    assert "autres envois sont prévus" in shown
    assert "Aucune édition n’en parle encore" in shown
    assert "aucun ne peut l’appliquer" in shown


def _run_in_the_houses(network: ActivationNetwork, agent: Agent) -> dict[str, set[int]]:
    """Pull, approve and run in each house; return whom the files name."""
    contacted: dict[str, set[int]] = {}
    assert agent(REFUSING, "pull") == {"new": [], "refused": []}
    for venue in (FIRST, SECOND):
        pulled = agent(venue, "pull")
        assert (len(pulled["new"]), pulled["refused"]) == (1, [])
        shown = agent(venue, "show", "1")
        assert (shown["allowed"], shown["not_known_here"]) == (True, [PARTNER])
        agent(venue, "approve", "1", "--who", "Mme Diaz", "--yes")
        done = agent(venue, "run", "1", "--for", "csv")
        assert 500 <= done["people"]["selected"] <= 1000
        (file,) = done["files"]
        assert Path(file).stat().st_mode & 0o777 == 0o600
        contacted[venue] = emails(file)
        assert len(contacted[venue]) == done["people"]["contacted"]
        assert contacted[venue] <= _meant(venue)
    left_alone = _meant(FIRST) - contacted[FIRST]
    assert not any(n % 5 == 0 for n in contacted[SECOND])  # it left out the young
    assert len(contacted[SECOND]) <= 600
    assert 150 < len(left_alone) < 360  # three in ten: it selected all whom it meant
    assert not contacted[SECOND] & left_alone  # whom one leaves alone, the other does
    assert contacted[FIRST] & contacted[SECOND] & COMMON
    return contacted


def _bought(network: ActivationNetwork, contacted: dict[str, set[int]]) -> set[int]:
    """Sell seats at the partner to every second number written to, to every tenth of the others; return who bought."""
    reached = contacted[FIRST] | contacted[SECOND]
    came = {n for n in range(2100) if n % (2 if n in reached else 10) == 0}
    sold = [ticket(n, "Hamlet", "05/12/25") | {"Date reservation": "01/12/25 00:00"} for n in sorted(came)]  # fmt: skip
    network.export(PARTNER, *autumn(PARTNER), *sold)
    return came


def _two_people_let_it(network: ActivationNetwork) -> None:
    """Measures that were never published wait for two people, once two can decide."""
    page = "/bureau/administration/propositions"
    ana = network.somebody("ana@exemple.fr", Role.COORDINATOR)
    ben = network.somebody("ben@exemple.fr", Role.DPO)
    with pytest.raises(StateConflict, match="Never published before: cooperation, reciprocity"):
        network.publish(AFTER)
    for measure in ("cooperation", "reciprocity"):
        ana.post(page, {"kind": "new-family", "measure": measure})
    for name in sorted(set(re.findall(r"propositions/(x[0-9a-f]{16})", ben.get(page).text))):
        ben.post(f"{page}/{name}", {"decision": "confirm"})


def _measured(
    published: PublishedEdition, name: str, contacted: dict[str, set[int]], came: set[int]
) -> None:
    """Contacts, the planted lift and the pairs stand in the edition."""
    contacts = rows_of(published, "cooperation-contacts")
    assert set(contacts) == {(name, FIRST), (name, SECOND)}
    for venue in (FIRST, SECOND):
        assert abs(contacts[name, venue].value_milli / 1000 - len(contacted[venue])) < 30
    (lift,) = rows_of(published, "cooperation-lift").values()
    assert lift.low_milli > 0
    assert 45_000 < lift.value_milli < 75_000  # 10 in 14 came, 2 in 14 would have
    pairs = rows_of(published, "reciprocity")
    assert set(pairs) == {(FIRST, PARTNER), (SECOND, PARTNER)}
    sent = sum(row.value_milli for row in pairs.values()) / 1000
    assert abs(sent - len(came & (contacted[FIRST] | contacted[SECOND]))) < 40
    balance = rows_of(published, "reciprocity-balance")
    assert balance[(PARTNER,)].value_milli > 0 > balance[(FIRST,)].value_milli


def _nothing_of_who_refused(
    network: ActivationNetwork, program: Caller, published: PublishedEdition, name: str
) -> None:
    """Beside its refusal and its reason, its partner reads no more of that house than before it asked."""
    assert REFUSING not in str(published.edition.releases)
    program.sign_in()
    seen = program("GET", f"/requests/{name}")
    assert seen["state"] in ("measured", "closed")
    spoken = [house for house in seen["houses"] if house["venue"] == REFUSING]
    assert spoken == [{"venue": REFUSING, "state": "refused", "reason": "calendar"}]
    assert "arm" not in json.dumps(seen)
    colleague = network.somebody("quai-2@exemple.fr", Role.PARTNER, PARTNER)
    shown = colleague.get(f"/bureau/demandes/{name}").text
    assert f'href="/editions/{AFTER}#partie-cooperation"' in shown
    read = colleague.get(f"/editions/{AFTER}").text
    assert f"n°\u00a0{name}" in read
    told = colleague.get(f"/api/v1/editions/{AFTER}/tables/cooperation-lift").json
    assert [row["keys"]["operation"] for row in told["rows"]] == [name]
    measured = read[read.index('id="partie-cooperation"') : read.index('id="reseau"')]
    assert "Opera Neuf" in measured
    assert "Scene Haute" not in measured
    assert not (network.root / REFUSING / "audiences").exists()
