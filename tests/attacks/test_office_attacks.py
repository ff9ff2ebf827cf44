"""Tries to come into the office without being let in, and to be more there than one is."""

import json
import logging
import re
from typing import Any

import pytest
from passlib.context import CryptContext
from werkzeug.http import dump_cookie

from hub.config import WebConfig
from hub.people.roles import Role
from hub.people.states import SIGN_IN_TRIES
from hub.store import people, web_sessions
from hub.web.office import factors
from hub.web.office.app import create_office
from tests.support.control_world import settle
from tests.support.office import CLOCK, ORIGIN, PASSWORD, Office, Somebody, open_office

COOKIE = "farandole-bureau"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def anna(office: Office) -> Somebody:
    return office.somebody("anna@exemple.fr", Role.ADMINISTRATOR)


def newcomer(office: Office, email: str) -> Somebody:
    return Somebody(office.app.test_client(), email)


def test_a_session_planted_before_is_worth_nothing_after(office: Office) -> None:
    eve = office.somebody("fixee@exemple.fr", Role.PARTNER)
    eve.post("/bureau/sortie")
    eve.csrf = ""
    eve.get("/bureau/connexion")
    planted = eve.cookie
    eve.sign_in()
    assert eve.cookie != planted
    assert signed_in(office, eve.cookie)
    assert not signed_in(office, planted)
    made_up = newcomer(office, "x@exemple.fr")
    made_up.browser.set_cookie(COOKIE, "a-token-of-mine", domain="127.0.0.1", path="/bureau")
    made_up.get("/bureau/connexion")
    assert made_up.cookie != "a-token-of-mine"


def signed_in(office: Office, token: str) -> bool:
    browser = office.app.test_client()
    browser.set_cookie(COOKIE, token, domain="127.0.0.1", path="/bureau")
    return browser.get("/bureau/compte", base_url=ORIGIN).status_code == 200


def test_a_code_is_taken_once(office: Office) -> None:
    eve = office.somebody("rejeu@exemple.fr", Role.PARTNER)
    eve.post("/bureau/sortie")
    eve.csrf = ""
    eve.give_password()
    code = eve.code()
    assert eve.give_code(code).status_code == 302
    thief = newcomer(office, eve.email)
    thief.give_password()
    assert thief.give_code(code).status_code == 200
    assert thief.get("/bureau/compte").status_code == 302


def test_the_password_alone_opens_nothing(office: Office, anna: Somebody) -> None:
    thief = newcomer(office, anna.email)
    assert thief.give_password().location.startswith("/bureau/second-facteur/code")
    for path in ("/bureau/compte", "/bureau/administration/personnes", "/bureau/codes-de-secours"):
        assert thief.get(path).status_code == 302
    # nor does it let the thief set a second factor of his own
    assert thief.get("/bureau/second-facteur").location == "/bureau/connexion"


def test_codes_are_tried_five_times_only(office: Office) -> None:
    eve = office.somebody("codes@exemple.fr", Role.PARTNER)
    thief = newcomer(office, eve.email)
    thief.give_password()
    assert [thief.give_code("000000").status_code for _ in range(6)] == [200] * 5 + [429]
    thief.csrf = ""
    thief.give_password()
    assert thief.give_code("000001").status_code == 429  # a new session does not begin anew


def test_a_screen_left_open_lets_nobody_guess_the_password(office: Office) -> None:
    eve = office.somebody("ouvert@exemple.fr", Role.PARTNER)
    new = {
        "new_password": "une-autre-phrase-longue",
        "new_password_confirm": "une-autre-phrase-longue",
    }
    tries = [
        eve.post("/bureau/mot-de-passe", {"password": f"essai {n}", **new}).status_code
        for n in range(SIGN_IN_TRIES + 1)
    ]
    assert tries == [200] * SIGN_IN_TRIES + [429]
    # nor is another form of the same question a second chance
    assert eve.post("/bureau/mot-de-passe/confirmer", {"password": PASSWORD}).status_code == 429


def test_unknown_and_known_names_get_the_same_answers(office: Office) -> None:
    office.somebody("connue@exemple.fr", Role.PARTNER)
    known, unknown = newcomer(office, "connue@exemple.fr"), newcomer(office, "inconnue@exemple.fr")
    told = []
    for one in (known, unknown):
        answers = [one.give_password("une autre phrase") for _ in range(SIGN_IN_TRIES + 1)]
        pages = [re.sub(r'value="[^"]*"', "", a.text.replace(one.email, "…")) for a in answers]
        told.append([(a.status_code, page) for a, page in zip(answers, pages, strict=True)])
    assert told[0] == told[1]
    assert told[0][-1][0] == 429


def test_the_same_work_is_done_for_an_unknown_name(
    office: Office, anna: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a stopwatch: the costly hash is counted where it is computed."""
    hashes: list[str] = []
    for name in ("hash", "verify"):
        real = getattr(CryptContext, name)

        def counted(*args: Any, _real: Any = real, _name: str = name, **kwargs: Any) -> Any:
            hashes.append(_name)
            return _real(*args, **kwargs)

        monkeypatch.setattr(CryptContext, name, counted)
    counts = []
    for email in (anna.email, "personne@exemple.fr"):
        hashes.clear()
        newcomer(office, email).give_password("une autre phrase")
        counts.append(len(hashes))
    assert counts[0] == counts[1] == 1


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/bureau/../x",
        "/bureau//evil",
        "javascript:x",
    ],
)
def test_next_leads_nowhere_else(office: Office, wanted: str) -> None:
    eve = newcomer(office, "anna@exemple.fr")
    assert eve.get("/bureau/connexion", query_string={"next": wanted}).status_code == 400
    assert eve.post("/bureau/connexion", {"next": wanted}).status_code == 400


def test_forms_of_other_sites_are_refused(office: Office, anna: Somebody) -> None:
    path = "/bureau/administration/personnes"
    form = {"email": "eve@exemple.fr", "role": "administrator"}
    for token, headers in (
        ("", {}),
        ("wrong", {}),
        (anna.csrf, {"Origin": "https://evil.example"}),
        (anna.csrf, {"Sec-Fetch-Site": "cross-site"}),
        (anna.csrf, {"Sec-Fetch-Site": "same-site"}),
    ):
        answer = anna.browser.post(
            path, data={**form, "csrf_token": token}, base_url=ORIGIN, headers=headers
        )
        assert answer.status_code == 400, headers
    assert anna.post("/bureau/sortie", {"csrf_token": "wrong"}).status_code != 302
    assert anna.get("/bureau/compte").status_code == 200
    with office.control.reading() as reading:
        assert people.by_email(reading, "eve@exemple.fr") is None


def test_a_token_of_another_session_is_refused(office: Office, anna: Somebody) -> None:
    eve = office.somebody("jeton@exemple.fr", Role.PARTNER)
    answer = anna.post("/bureau/administration/personnes", {"csrf_token": eve.csrf})
    assert answer.status_code == 400


def test_a_coordinator_makes_nobody_who_could_decide(office: Office, anna: Somebody) -> None:
    ben = office.somebody("ben@exemple.fr", Role.COORDINATOR)
    path = "/bureau/administration/personnes"
    for role in ("administrator", "dpo", "coordinator"):
        answer = ben.post(path, {"email": "complice@exemple.fr", "role": role})
        assert answer.status_code == 403
    # nor does she renew an administrator's access, whose link she would then hold herself
    assert ben.post(path, {"email": anna.email, "role": "partner"}).status_code == 403
    # nor does she take the place of a link that promises more
    assert anna.post(path, {"email": "promise@exemple.fr", "role": "dpo"}).status_code == 200
    assert ben.post(path, {"email": "promise@exemple.fr", "role": "partner"}).status_code == 403
    assert ben.post(path, {"email": "ok@exemple.fr", "role": "partner"}).status_code == 200
    with office.control.reading() as reading:
        me = people.by_email(reading, ben.email)
    assert me is not None
    raised = ben.post(f"{path}/{me.person}/role", {"role": "administrator"})
    assert raised.status_code == 403


def test_no_bearer_token_and_no_remembering_cookie_is_given_or_taken(
    office: Office, anna: Somebody
) -> None:
    thief = newcomer(office, anna.email)
    form = {"email": anna.email, "password": PASSWORD, "csrf_token": "", "remember": "y"}
    thief.get("/bureau/connexion")
    form["csrf_token"] = thief.csrf
    answer = thief.browser.post(
        "/bureau/connexion?include_auth_token", json=form, base_url=ORIGIN,
        headers={"Accept": "application/json", "X-CSRFToken": thief.csrf},
    )  # fmt: skip
    assert "token" not in answer.text.lower() or answer.mimetype == "text/html"
    eve = office.somebody("souvenir@exemple.fr", Role.PARTNER)
    eve.post("/bureau/sortie")
    eve.csrf = ""
    eve.give_password(headers={})
    eve.post("/bureau/second-facteur/code", {"code": eve.code(), "remember": "y"})
    names = {c.key for c in eve.browser._cookies.values()}
    assert names == {COOKIE}
    # a remembering cookie signed with the office's own key is not taken either: sessions alone are
    bare = office.app.test_client()
    bare.set_cookie("remember_token", dump_cookie("x", "y"), domain="127.0.0.1", path="/")
    assert bare.get("/bureau/compte", base_url=ORIGIN).status_code == 302


def test_a_screen_left_open_invites_nobody(office: Office) -> None:
    boss = office.somebody("ecran@exemple.fr", Role.ADMINISTRATOR)
    age(office, boss)
    answer = boss.post(
        "/bureau/administration/personnes", {"email": "z@exemple.fr", "role": "partner"}
    )
    assert answer.location.startswith("/bureau/mot-de-passe/confirmer?next=/bureau/accueil")
    assert boss.post("/bureau/mot-de-passe/confirmer", {"password": PASSWORD}).status_code == 302
    again = boss.post(
        "/bureau/administration/personnes", {"email": "z@exemple.fr", "role": "partner"}
    )
    assert again.status_code == 200


def age(office: Office, person: Somebody) -> None:
    """Let half an hour pass since the password was given."""
    with office.control.transaction(CLOCK) as tx:
        kept = web_sessions.find(tx, person.cookie, CLOCK.now())
        assert kept is not None
        body = {**json.loads(kept.body), "fs_paa": 0}
        web_sessions.keep(tx, person.cookie, json.dumps(body))
        tx.commit()


def test_nothing_of_a_person_is_logged_or_told(
    office: Office, anna: Somebody, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        eve = office.somebody("secret.nom@exemple.fr", Role.PARTNER)
        eve.give_password("mauvais mot de passe")
        eve.post("/bureau/administration/personnes", {"email": "autre.nom@exemple.fr"})
    chain = " ".join(e.body for e in office.control.published().chain())
    for word in ("secret.nom", "autre.nom", "mauvais", PASSWORD):
        assert word not in caplog.text
        assert word not in chain


def test_what_the_database_holds_signs_nobody_in(office: Office, anna: Somebody) -> None:
    """A thief of the control database finds no token, no code and no secret that he can use."""
    raw = (office.home / "control.sqlite").read_bytes()
    for text in (anna.cookie, anna.secret, PASSWORD):
        assert text.encode() not in raw
    assert (office.home / "office.json").stat().st_mode & 0o077 == 0


def test_no_page_allows_inline_script_or_style(office: Office, anna: Somebody) -> None:
    for path in ("/bureau/connexion", "/bureau/administration/personnes", "/bureau/cles"):
        answer = anna.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", answer.text)


def test_no_code_is_given_for_a_venue_that_has_its_key(office: Office) -> None:
    """Its holder would put a key of his own in the venue's place."""
    settle(office.control)
    ben = office.somebody("codes.lieux@exemple.fr", Role.COORDINATOR)
    refused = ben.post("/bureau/administration/lieux", {"venue": "danse-nord"})
    assert refused.status_code == 302
    given = ben.post("/bureau/administration/lieux", {"venue": "nouveau-lieu"})
    assert re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){5}", given.text)


def test_a_passkey_s_answer_is_for_one_challenge_of_one_session_once(office: Office) -> None:
    config = WebConfig(home=office.home, network="reseau", signing_key="ab" * 32)
    app = create_office(config, office.control, CLOCK)
    with app.test_request_context():
        challenge = factors.Passkeys(app).generate_challenge()
        assert not factors._answered(challenge + "x")
        assert not factors._answered(challenge)  # a wrong answer uses it up too
        challenge = factors.Passkeys(app).generate_challenge()
        assert factors._answered(challenge)
        assert not factors._answered(challenge)
    with app.test_request_context():
        assert not factors._answered(challenge)
