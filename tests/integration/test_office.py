"""The office: every cell of the access matrix, the way in, the way out, and what the public site never knows of it."""

import io
import re
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from typer.testing import CliRunner

from contracts.base import canonical
from hub.cli import app as cli
from hub.config import WebConfig
from hub.errors import ConfigError, StateConflict
from hub.people.roles import MAY, Act, Grant, Role
from hub.store import invitations, ledger, people
from hub.store.people import OPERATOR
from hub.web.office.app import create_office
from hub.web.office.routes import ROUTES
from tests.support.control_world import SEASON, charter, settle
from tests.support.office import CLOCK, ORIGIN, PASSWORD, Office, Somebody, open_office

runner = CliRunner()
VENUE = {Role.MARKETING: "danse-nord", Role.IT: "danse-nord", Role.HOUSE_DPO: "danse-nord"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = open_office(tmp_path_factory.mktemp("office"))
    settle(office.control)
    return office


@pytest.fixture(scope="module")
def everyone(office: Office) -> dict[Role, Somebody]:
    """One person of each role; the visitor has a browser and nothing else."""
    held = [role for role in Role if role is not Role.VISITOR]
    some = {r: office.somebody(f"{r}@exemple.fr", r, VENUE.get(r, "")) for r in held}
    return {Role.VISITOR: Somebody(office.app.test_client(), ""), **some}


@cache
def inner(office: Office) -> Flask:
    """Return the office's own application, made once more: another worker."""
    config = WebConfig(home=office.home, network="reseau", signing_key="ab" * 32, public_url=ORIGIN)
    return create_office(config, office.control, CLOCK)


def address(rule: str) -> str:
    fills = {"filename": "site.css", "token": "0" * 64}
    return "/bureau" + re.sub(r"<(?:path:)?(\w+)>", lambda m: fills.get(m[1], "nobody"), rule)


def test_every_route_is_an_act_of_the_table_or_closed(office: Office) -> None:
    rules = {rule.endpoint for rule in inner(office).url_map.iter_rules()}
    assert set(ROUTES) <= rules
    browser = office.app.test_client()
    for rule in inner(office).url_map.iter_rules():
        if rule.endpoint not in ROUTES:
            assert browser.get(address(rule.rule), base_url=ORIGIN).status_code in {404, 405}


@pytest.mark.parametrize("role", list(Role))
def test_each_cell_of_the_matrix(
    office: Office, everyone: dict[Role, Somebody], role: Role
) -> None:
    person = everyone[role]
    for rule in inner(office).url_map.iter_rules():
        act = ROUTES.get(rule.endpoint)
        if act is None or (act is Act.SIGN_IN and role is not Role.VISITOR):
            continue  # doors that are open to everybody, and that somebody signed in goes out by
        for method in {"GET", "POST"} & rule.methods:
            path = address(rule.rule)
            answer = person.get(path) if method == "GET" else person.post(path)
            allowed = role in MAY[act]
            if role is Role.VISITOR and not allowed:
                assert answer.location == sign_in_from(
                    path if method == "GET" else "/bureau/accueil"
                )
            else:
                assert (answer.status_code == 403) == (not allowed), (role, rule.endpoint, method)


def sign_in_from(path: str) -> str:
    return f"/bureau/connexion?next={path}"


def test_the_public_site_knows_no_session(office: Office, everyone: dict[Role, Somebody]) -> None:
    stranger = office.app.test_client()
    for rule in office.app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.rule.startswith("/v1/venues"):
            continue
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        # whoever comes with a cookie of the office all the same gets the same bytes
        planted = {"Cookie": f"farandole-bureau={everyone[Role.ADMINISTRATOR].cookie}"}
        answers = [
            stranger.get(path, base_url=ORIGIN),
            stranger.get(path, base_url=ORIGIN, headers=planted),
        ]
        assert len({(a.status_code, a.data, a.headers.get("Cache-Control")) for a in answers}) == 1
        for answer in answers:
            assert "Set-Cookie" not in answer.headers, path
            assert "Cookie" not in answer.headers.get("Vary", ""), path


def test_the_cookie_is_for_the_office_alone(office: Office) -> None:
    answer = office.app.test_client().get("/bureau/connexion", base_url=ORIGIN)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert {"Path=/bureau", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie  # this hub has no TLS
    assert answer.headers["Cache-Control"] == "no-store"


def test_behind_tls_the_cookie_is_secure_and_the_host_header_is_not_believed(
    tmp_path: Path,
) -> None:
    office = open_office(tmp_path, public_url="https://hub.exemple.fr")
    answer = office.app.test_client().get("/bureau/compte", headers={"Host": "evil.example"})
    assert answer.location == "/bureau/connexion?next=/bureau/compte"
    sign_in = office.app.test_client().get("/bureau/connexion", headers={"Host": "evil.example"})
    assert "; Secure" in sign_in.headers["Set-Cookie"]
    assert "evil" not in sign_in.text


def test_an_access_taken_back_ends_at_the_next_request(office: Office) -> None:
    anna, again = office.somebody("partie@exemple.fr", Role.COORDINATOR), office.app.test_client()
    assert anna.get("/bureau/compte").status_code == 200
    with office.control.transaction(CLOCK) as tx:
        person = people.by_email(tx, anna.email)
        assert person is not None
        people.revoke(tx, person.person, by=OPERATOR)
        tx.commit()
    assert anna.get("/bureau/compte").status_code == 302
    back = Somebody(again, anna.email)
    assert "Échec de l&#39;authentification" in back.give_password().text


def test_another_worker_sees_the_session_and_its_end(office: Office) -> None:
    anna = office.somebody("deux@exemple.fr", Role.DPO)
    other = inner(office).test_client()
    other.set_cookie("farandole-bureau", anna.cookie, domain="127.0.0.1", path="/bureau")
    there = {"base_url": ORIGIN + "/bureau"}
    assert other.get("/compte", **there).status_code == 200
    anna.post("/bureau/sortie")
    assert other.get("/compte", **there).status_code == 302


def test_a_role_taken_back_closes_its_pages(office: Office, everyone: dict[Role, Somebody]) -> None:
    boss = everyone[Role.ADMINISTRATOR]
    ben = office.somebody("ben@exemple.fr", Role.COORDINATOR)
    assert ben.get("/bureau/administration/personnes").status_code == 200
    with office.control.reading() as reading:
        person = people.by_email(reading, ben.email)
    assert person is not None
    path = f"/bureau/administration/personnes/{person.person}/role"
    assert boss.post(path, {"role": "coordinator", "take": "1"}).status_code == 302
    ben.csrf = ""
    ben.sign_in()
    assert ben.get("/bureau/administration/personnes").status_code == 403


def test_two_people_raise_a_cap_through_the_pages(
    office: Office, everyone: dict[Role, Somebody]
) -> None:
    propose, decide = "/bureau/administration/propositions", everyone[Role.DPO]
    coordinator, scope = everyone[Role.COORDINATOR], f"season:{SEASON}"
    coordinator.post(propose, {"kind": "raise-cap", "scope": scope, "cap": "0,2"})
    page = coordinator.get(propose).text
    name = re.search(r"propositions/(x[0-9a-f]{16})", page)
    assert name
    assert "Une autre personne doit confirmer" in page
    coordinator.post(f"{propose}/{name[1]}", {"decision": "confirm"})
    assert "vous avez proposé" in coordinator.get(propose).text.lower()
    assert "proposé par coordinator@exemple.fr" in decide.get(propose).text
    decide.post(f"{propose}/{name[1]}", {"decision": "confirm"})
    with office.control.reading() as reading:
        assert {s.scope: s.cap_rho_micro for s in ledger.budgets(reading)}[scope] == 200_000


def test_a_charter_is_proposed_as_a_file(office: Office, everyone: dict[Role, Somebody]) -> None:
    propose = "/bureau/administration/propositions"
    file = (io.BytesIO(canonical(charter(revision=2))), "charte.json")
    everyone[Role.COORDINATOR].post(
        propose, {"kind": "change-charter", "charter": file}, content_type="multipart/form-data"
    )
    page = everyone[Role.DPO].get(propose).text
    assert "Changer la charte" in page
    name = re.findall(r"propositions/(x[0-9a-f]{16})", page)[-1]
    everyone[Role.DPO].post(f"{propose}/{name}", {"decision": "confirm"})
    draft = office.control.published().draft()
    assert draft is not None
    assert draft.charter.revision == 2


def test_an_invitation_through_the_pages_lets_somebody_in(
    office: Office, everyone: dict[Role, Somebody]
) -> None:
    page = everyone[Role.COORDINATOR].post(
        "/bureau/administration/personnes",
        {"email": "nouvelle@exemple.fr", "role": "venue-it danse-nord"},
    )
    link = re.search(r"http://127\.0\.0\.1:8600(/bureau/invitation/[0-9a-f]{64})", page.text)
    assert link
    new = Somebody(office.app.test_client(), "nouvelle@exemple.fr")
    new.join(link[1])
    new.first_sign_in()
    assert new.get("/bureau/administration/").status_code == 200
    assert new.get("/bureau/administration/personnes").status_code == 403


def test_recovery_codes_are_shown_once_and_work_once(office: Office) -> None:
    eve = office.somebody("secours@exemple.fr", Role.PARTNER)
    page = eve.post("/bureau/codes-de-secours", {"generate_new_codes": "1"}).text
    codes = re.findall(r"<code>([0-9a-f-]{23})</code>", page)
    assert len(set(codes)) == 8
    assert codes[0] not in eve.get("/bureau/codes-de-secours?show_codes=1").text
    for status in (302, 200):
        eve.post("/bureau/sortie")
        eve.csrf = ""
        eve.give_password()
        assert eve.post("/bureau/secours", {"code": codes[0]}).status_code == status


def test_the_pages_are_in_english_too(office: Office, everyone: dict[Role, Somebody]) -> None:
    boss = everyone[Role.ADMINISTRATOR]
    for path in ("/bureau/administration/personnes?lang=en", "/bureau/administration/personnes"):
        text = boss.get(path).text  # the language asked for once is kept with the session
        assert "Take the access back" in text
        assert '<html lang="en">' in text
    assert "Retirer l’accès" in boss.get("/bureau/administration/personnes?lang=fr").text


def test_the_terminal_invites_lists_and_revokes(tmp_path: Path) -> None:
    open_office(tmp_path)
    (tmp_path / "web.toml").write_text(f'network = "reseau"\nsigning_key = "{"ab" * 32}"\n')
    home = ["--home", str(tmp_path)]
    asked = ["people", "invite", "ana@exemple.fr", "--role", "administrator", *home]
    link = runner.invoke(cli, asked).output
    assert re.search(r"http://127\.0\.0\.1:8600/bureau/invitation/[0-9a-f]{64}", link)
    listed = runner.invoke(cli, ["people", "list", *home], env={"COLUMNS": "200"}).output
    assert "ana@exemple.fr" in listed
    for wrong in (["x@exemple.fr", "--role", "king"], ["nobody", "--role", "dpo"],
                  ["x@exemple.fr", "--role", "venue-it"]):  # fmt: skip
        assert isinstance(
            runner.invoke(cli, ["people", "invite", *wrong, *home]).exception, ConfigError
        )
    gone = runner.invoke(cli, ["people", "revoke", "p0", *home])
    assert isinstance(gone.exception, StateConflict)


def test_acts_exist_for_every_role_that_signs_in() -> None:
    assert set(MAY) == set(Act)
    assert set(ROUTES.values()) <= set(Act)


def test_a_link_by_the_terminal_renews_an_access(office: Office) -> None:
    eve = office.somebody("renouvelle@exemple.fr", Role.PARTNER)
    with office.control.transaction(CLOCK) as tx:
        token = invitations.invite(tx, eve.email, Grant(Role.PARTNER), by=OPERATOR)
        tx.commit()
    Somebody(office.app.test_client(), eve.email).join(
        f"/bureau/invitation/{token}", "une autre phrase encore"
    )
    assert eve.get("/bureau/compte").status_code == 302
    eve.csrf = ""
    assert eve.give_password(PASSWORD).status_code == 200
    assert eve.give_password("une autre phrase encore").location == "/bureau/second-facteur"
