"""Signing in by an outside directory: the way in, and every way that must not be one. No network: our own directory."""

import datetime as dt
import io
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, RSAKey
from pydantic import ValidationError
from requests import RequestException, Response
from requests.adapters import HTTPAdapter
from typer.testing import CliRunner
from urllib3 import HTTPResponse

from hub.app import create_app
from hub.cli_serve import app as serve_app
from hub.config import DirectoryConfig, WebConfig
from hub.errors import ConfigError
from hub.people.roles import Act, Grant, Role, may, owes_own_factor
from hub.store import people
from hub.store.people import OPERATOR
from hub.web.office import directory as views
from hub.web.office import issuer as outside
from hub.web.office.issuer import Asked, Issuer
from hub.web.office.issuer_said import IssuerRefused
from tests.support.directory import BACK, ISSUER, SECRET, Directory
from tests.support.office import CLOCK, ORIGIN, Office, Somebody, open_office

START = "/bureau/connexion/annuaire"
CODE = "/bureau/second-facteur/code"
HOME = "/bureau/accueil"
CONFIG = DirectoryConfig(
    issuer=ISSUER, client_id="farandole", client_secret_file="annuaire.secret", second_factor=["mfa"]
)  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    home = tmp_path_factory.mktemp("annuaire")
    (home / "annuaire.secret").write_text(SECRET)
    (home / "annuaire.secret").chmod(0o600)
    return open_office(home, directory=CONFIG)


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Directory:
    made = Directory()
    monkeypatch.setattr(outside, "Bounded", lambda: made)
    # each test has its own directory: nothing of the one before is remembered
    monkeypatch.setattr(outside, "KNOWN_FOR", dt.timedelta(0))
    monkeypatch.setattr(outside, "ASKED_AGAIN", dt.timedelta(0))
    return made


@pytest.fixture(scope="module")
def kim(office: Office) -> Somebody:
    """Somebody who was invited and signed in once, and whom no test below ever links."""
    return office.somebody("kim@exemple.fr", Role.PARTNER)


def somebody(office: Office, email: str, role: Role = Role.PARTNER) -> Somebody:
    """Return somebody who has signed in once as ever, and now stands outside."""
    person = office.somebody(email, role)
    return Somebody(office.app.test_client(), email, person.secret, person.codes)


def come(person: Somebody, there: Directory) -> Any:
    """Go to the directory and back."""
    there.email = person.email
    return person.get(f"{BACK}?{there.agree(person.get(START).location)}")


@cache
def refused(office: Office) -> bytes:
    """Return the page of a refusal, as whoever asked for nothing sees it."""
    answer = office.app.test_client().get(BACK, base_url=ORIGIN)
    assert answer.status_code == 400
    return bytes(answer.data)


def linked(person: Somebody, there: Directory) -> None:
    assert come(person, there).location == CODE
    person.get(CODE)
    assert person.give_code().location == HOME


def handle(office: Office, email: str) -> str:
    with office.control.reading() as reading:
        found = people.by_email(reading, email)
    assert found
    return found.person


def acts(office: Office, email: str) -> list[str]:
    with office.control.reading() as reading:
        return [line.act for line in people.journal_lines(reading) if line.person == handle(office, email)]  # fmt: skip


def test_the_first_time_gives_our_factor_and_links_then_the_subject_is_enough(
    office: Office, there: Directory
) -> None:
    ana = somebody(office, "ana@exemple.fr")
    assert f'href="{START}"' in ana.get("/bureau/connexion").text
    there.said = {"amr": ["pwd", "mfa"], "auth_time": int(CLOCK.now().timestamp())}
    there.email = "Ana@Exemple.FR"
    assert come(replace(ana, email="Ana@Exemple.FR"), there).location == CODE  # though it says mfa
    assert "directory-linked" not in acts(office, ana.email)  # not before our factor
    planted = ana.cookie
    ana.get(CODE)
    assert ana.give_code().location == HOME
    assert ana.cookie != planted
    assert acts(office, ana.email)[:2] == ["directory-linked", "signed-in"]

    again = Somebody(office.app.test_client(), ana.email)
    there.said |= {"sub": "sujet de Ana@Exemple.FR", "email": "autre@exemple.fr", "email_verified": False}  # fmt: skip
    assert come(again, there).location == HOME
    assert ana.email in again.get("/bureau/compte").text

    with office.control.transaction(CLOCK) as tx:
        people.revoke(tx, handle(office, ana.email), by=OPERATOR)
        tx.commit()
    assert again.get("/bureau/compte").location.startswith("/bureau/connexion?")
    gone = come(Somebody(office.app.test_client(), ana.email), there)
    assert (gone.status_code, gone.data) == (400, refused(office))


def test_our_factor_is_asked_unless_the_directory_asked_lately_of_who_decides_nothing(
    office: Office, there: Directory
) -> None:
    cas = somebody(office, "cas@exemple.fr")
    linked(cas, there)
    now = int(CLOCK.now().timestamp())

    def leads(**said: Any) -> str | None:
        there.said = said
        location: str | None = come(Somebody(office.app.test_client(), cas.email), there).location
        return location

    assert leads(amr=["pwd", "mfa"], auth_time=now) == HOME
    assert leads(acr="mfa", auth_time=now) == HOME
    for said in (
        {},
        {"amr": ["mfa"]},  # when?
        {"amr": ["mfa"], "auth_time": now - 7_200},
        {"amr": ["mfa"], "auth_time": now + 7_200},
        {"amr": ["pwd"], "auth_time": now},
        {"acr": "0", "auth_time": now},
    ):
        assert leads(**said) == CODE, said
    assert leads(amr="mfa", auth_time=now) is None  # no list: the token is not as it should be
    with office.control.transaction(CLOCK) as tx:
        people.grant(tx, handle(office, cas.email), Grant(Role.DPO), by=OPERATOR)
        tx.commit()
    assert leads(amr=["mfa"], auth_time=now) == CODE


def test_who_decides_always_gives_our_factor() -> None:
    decide = {r for r in Role if may([r], Act.DECIDE) or may([r], Act.PUBLISH)}
    assert {r for r in Role if owes_own_factor([r])} == decide | {Role.HOUSE_DPO}
    assert owes_own_factor([Role.PARTNER, Role.COORDINATOR])


NOW = int(CLOCK.now().timestamp())
WRONG: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "autre"},
    "no nonce": {"nonce": None},
    "issuer": {"iss": "https://ailleurs.exemple.fr"},
    "issuer with a stroke": {"iss": f"{ISSUER}/"},
    "audience": {"aud": "autre"},
    "one audience more": {"aud": ["farandole", "autre"]},
    "no audience": {"aud": None},
    "another party": {"azp": "autre"},
    "expired": {"exp": NOW - 3_600},
    "no end": {"exp": None},
    "end in words": {"exp": "toujours"},
    "of tomorrow": {"iat": NOW + 86_400},
    "no subject": {"sub": None},
    "empty subject": {"sub": ""},
    "subject in numbers": {"sub": 7},
    "address not checked": {"email_verified": False},
    "address checked in words": {"email_verified": "true"},
    "nothing of the address": {"email_verified": None},
    "no address": {"email": None},
    "nobody's address": {"email": "inconnue@exemple.fr"},
    "address that looks alike": {"email": "\u212aim@exemple.fr"},  # the Kelvin sign, whose small letter is k
    "two addresses": {"email": ["kim@exemple.fr"]},
    "hash of another token": {"at_hash": "autre"},
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_token_that_is_wrong_lets_nobody_in(
    office: Office, there: Directory, kim: Somebody, wrong: str
) -> None:
    there.said = WRONG[wrong]
    stays_outside(office, there, kim)


def stays_outside(office: Office, there: Directory, kim: Somebody) -> None:
    outsider = Somebody(office.app.test_client(), kim.email)
    answer = come(outsider, there)
    assert (answer.status_code, answer.data) == (400, refused(office))
    assert outsider.get(HOME).location.startswith("/bureau/connexion?")


@pytest.mark.parametrize("wrong", ["none", "HS256", "another key", "kind", "RS512", "nothing", "noise", "crit"])  # fmt: skip
def test_a_token_that_nobody_signed_lets_nobody_in(
    office: Office, there: Directory, kim: Somebody, wrong: str
) -> None:
    heads = {
        "none": {"alg": "none"},
        "HS256": {"alg": "HS256"},  # the public key as if it were a shared secret
        "kind": {"typ": "at+jwt"},
        "crit": {"crit": ["b64"], "b64": False},
    }
    there.head = heads.get(wrong, {})
    if wrong == "another key":
        there.shown = [ECKey.generate_key("P-256", {"kid": "un"})]
    if wrong == "RS512":
        there.key = RSAKey.generate_key(2048, {"kid": "un"})
        there.head = {"alg": "RS512"}
    there.raw = {"nothing": "", "noise": "a.b.c"}.get(wrong)
    stays_outside(office, there, kim)


def test_rsa_signs_too_but_not_short_keys(office: Office, there: Directory, kim: Somebody) -> None:
    there.key = RSAKey.generate_key(2048, {"kid": "deux"})
    assert come(Somebody(office.app.test_client(), kim.email), there).location == CODE
    there.shown = [{**there.key.as_dict(private=False), "use": "enc"}]
    stays_outside(office, there, kim)
    with pytest.warns(SecurityWarning):
        there.key = RSAKey.generate_key(1024, {"kid": "court"})
    there.shown = None
    stays_outside(office, there, kim)


def test_the_answer_is_taken_once_by_who_asked_and_as_asked(
    office: Office, there: Directory, kim: Somebody
) -> None:
    there.email = kim.email
    asker, other = (Somebody(office.app.test_client(), kim.email) for _ in range(2))
    same = refused(office)
    query = there.agree(asker.get(START).location)
    other.get(START)
    assert other.get(f"{BACK}?{query}").data == same  # another browser's
    assert asker.get(f"{BACK}?{query}").location == CODE
    assert asker.get(f"{BACK}?{query}").data == same  # played again
    for turn in (
        lambda q: q.replace("state=", "state=x"),
        lambda q: f"{q}&state=x",
        lambda q: f"{q}&code=x",
        lambda q: q.replace("code=", "code=x"),
        lambda q: q.replace("iss=", "iss=x"),
        lambda q: f"{q}&error=access_denied",
        lambda q: q.partition("&")[2],
        lambda _q: "",
    ):
        query = there.agree(asker.get(START).location)
        answer = asker.get(f"{BACK}?{turn(query)}")
        assert (answer.status_code, answer.data) == (400, same)
        assert asker.get(f"{BACK}?{query}").data == same  # what was asked is judged once


def test_what_was_asked_long_ago_is_forgotten(
    office: Office, there: Directory, kim: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ANSWERED_WITHIN", dt.timedelta(seconds=-1))
    stays_outside(office, there, kim)


def test_without_a_second_factor_of_ours_the_directory_opens_nothing(
    office: Office, there: Directory
) -> None:
    new = Somebody(office.app.test_client(), "neuve@exemple.fr")
    stays_outside(office, there, new)  # not even invited
    link = office.link(new.email, Role.PARTNER)
    stays_outside(office, there, new)  # invited, and has not come
    new.join(link)
    stays_outside(office, there, new)  # has a password, and has never signed in


def test_a_link_is_one_subjects_until_a_new_invitation(office: Office, there: Directory) -> None:
    eve = somebody(office, "eve@exemple.fr")
    linked(eve, there)
    there.said = {"sub": "le successeur"}  # an address given on to somebody else
    stays_outside(office, there, eve)
    there.said = {}
    again = Somebody(office.app.test_client(), eve.email)
    assert come(again, there).location == CODE
    again.join(office.link(eve.email, Role.PARTNER))
    stays_outside(office, there, eve)


def test_another_way_in_links_nothing(office: Office, there: Directory) -> None:
    zoe = somebody(office, "zoe@exemple.fr")
    assert come(zoe, there).location == CODE  # somebody else at her screen, known by her address
    zoe.sign_in()
    assert zoe.get(HOME).status_code == 200
    assert "directory-linked" not in acts(office, zoe.email)


def test_the_start_is_ours_and_leads_nowhere_else(
    office: Office, there: Directory, kim: Somebody
) -> None:
    browser = office.app.test_client()
    strange = {"Sec-Fetch-Site": "cross-site"}
    assert browser.get(START, base_url=ORIGIN, headers=strange).status_code == 400
    assert browser.get(f"{START}?next=//evil.example", base_url=ORIGIN).status_code == 400
    answer = browser.get(f"{START}?next=/bureau/compte", base_url=ORIGIN)
    assert answer.location.startswith(f"{ISSUER}/auth?")
    assert "form-action 'self';" in answer.headers["Content-Security-Policy"]
    assert kim.get(START).location == HOME  # signed in already
    assert kim.get(BACK).location == HOME


def test_an_address_that_the_token_leaves_out_is_asked_for_apart(
    office: Office, there: Directory
) -> None:
    eva = somebody(office, "eva@exemple.fr")
    there.said = {"email": None, "email_verified": None}
    there.apart = {"sub": f"sujet de {eva.email}", "email": eva.email, "email_verified": True}
    linked(eva, there)
    assert f"{ISSUER}/userinfo" in there.asked
    assert "directory-linked" in acts(office, eva.email)
    there.said, there.asked = {}, []
    come(Somebody(office.app.test_client(), eva.email), there)
    assert f"{ISSUER}/userinfo" not in there.asked  # the token says it: nothing more is asked


@pytest.mark.parametrize("apart", [
    {"sub": "sujet d'un autre", "email": "kim@exemple.fr", "email_verified": True}, {"email": "kim@exemple.fr", "email_verified": True},
    {"sub": "sujet de kim@exemple.fr", "email": "kim@exemple.fr"}, {"sub": "sujet de kim@exemple.fr", "email": "kim@exemple.fr", "email_verified": "true"},
    {"sub": ["sujet de kim@exemple.fr"], "email": "kim@exemple.fr", "email_verified": True}, ["kim@exemple.fr"], {},
])  # fmt: skip
def test_what_is_said_apart_of_somebody_else_lets_nobody_in(
    office: Office, there: Directory, kim: Somebody, apart: Any
) -> None:
    there.said, there.apart = {"email": None, "email_verified": None}, apart
    stays_outside(office, there, kim)


def test_what_userinfo_says_of_other_things_is_not_believed(
    office: Office, there: Directory, kim: Somebody
) -> None:
    """Neither who it is nor that a second factor was given: only an address, for the subject of the token."""
    there.said = {"email": None, "email_verified": None}
    there.apart = {"sub": f"sujet de {kim.email}", "email": kim.email, "email_verified": True, "amr": ["mfa"], "auth_time": int(CLOCK.now().timestamp())}  # fmt: skip
    answer = come(Somebody(office.app.test_client(), kim.email), there)
    assert answer.location == CODE


def test_somebody_is_known_no_longer_when_she_wants_it(office: Office, there: Directory) -> None:
    nour = somebody(office, "nour@exemple.fr")
    linked(nour, there)
    assert "Ne plus me reconnaître" in nour.get("/bureau/compte").text
    page = nour.post("/bureau/connexion/annuaire/delier", follow_redirects=True)
    assert "ne vous reconnaît plus" in page.text
    assert "Ne plus me reconnaître" not in page.text
    assert acts(office, nour.email)[0] == "directory-unlinked"
    nour.post("/bureau/connexion/annuaire/delier")  # a second time does nothing
    assert acts(office, nour.email).count("directory-unlinked") == 1
    again = come(Somebody(office.app.test_client(), nour.email), there)
    assert again.location == CODE  # as the first time: our own factor links anew


def test_a_service_with_a_wrong_secret_does_not_start(tmp_path: Path) -> None:
    config = WebConfig(home=tmp_path, network="reseau", signing_key="ab" * 32, directory=CONFIG)
    with pytest.raises(ConfigError, match="No secret"):
        create_app(config, CLOCK)
    (tmp_path / "web.toml").write_text(f'network = "reseau"\nsigning_key = "{"ab" * 32}"\n[directory]\nissuer = "{ISSUER}"\nclient_id = "farandole"\nclient_secret_file = "annuaire.secret"\n')  # fmt: skip
    told = CliRunner().invoke(serve_app, ["--home", str(tmp_path)])
    assert isinstance(told.exception, ConfigError)  # before any process is started


def test_without_a_directory_both_doors_are_closed(tmp_path: Path) -> None:
    office = open_office(tmp_path)
    browser = office.app.test_client()
    for path in (START, BACK):
        assert browser.get(path, base_url=ORIGIN).status_code == 404
    assert START not in browser.get("/bureau/connexion", base_url=ORIGIN).text


@pytest.mark.parametrize("published", [
    {"issuer": "https://ailleurs.exemple.fr"}, {"issuer": None}, {"token_endpoint": "http://annuaire.exemple.fr/token"},
    {"jwks_uri": "http://169.254.169.254/"}, {"authorization_endpoint": "javascript:alert(1)"}, {"jwks_uri": 7},
])  # fmt: skip
def test_a_directory_that_says_it_is_another_is_not_gone_to(
    there: Directory, published: dict[str, Any]
) -> None:
    there.published = published
    with pytest.raises(IssuerRefused, match="another"):
        Issuer(CONFIG, SECRET, CLOCK).address(Asked.new(), ORIGIN + BACK)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_no_redirection_is_followed_and_a_failure_is_not_asked_again_at_once(
    there: Directory, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "ASKED_AGAIN", dt.timedelta(days=1))
    there.status = status
    issuer = Issuer(CONFIG, SECRET, CLOCK)
    for _ in range(3):
        with pytest.raises(IssuerRefused, match="unreachable"):
            issuer.address(Asked.new(), ORIGIN + BACK)
    assert len(there.asked) == 1


def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_args: Any, **_more: Any) -> Response:
        answer = Response()
        answer.status_code = 200
        answer.raw = HTTPResponse(io.BytesIO(b"[" * (outside.LONGEST + 2)), preload_content=False)
        return answer

    monkeypatch.setattr(HTTPAdapter, "send", endless)
    issuer = Issuer(CONFIG, SECRET, CLOCK)
    with pytest.raises(IssuerRefused, match="unreachable"):
        issuer.address(Asked.new(), ORIGIN + BACK)


def test_nothing_is_asked_without_tls() -> None:
    with pytest.raises(RequestException, match="No connection adapters"):
        Issuer(CONFIG, SECRET, CLOCK)._client(None).get("http://127.0.0.1/", withhold_token=True)


def test_a_key_that_changed_is_asked_for_once_and_pages_are_kept(
    there: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "KNOWN_FOR", dt.timedelta(days=1))
    issuer, asked = Issuer(CONFIG, SECRET, CLOCK), Asked.new()
    there.email = "ana@exemple.fr"

    def given() -> outside.Given:
        query = dict(one.split("=") for one in there.agree(issuer.address(asked, ORIGIN + BACK)).split("&"))  # fmt: skip
        return issuer.given(asked, query["code"], ORIGIN + BACK)

    assert given() == given() == outside.Given("sujet de ana@exemple.fr", "ana@exemple.fr", second=False)  # fmt: skip
    there.key = ECKey.generate_key("P-256", {"kid": "deux"})
    given()
    assert sum(one.endswith("/certs") for one in there.asked) == 2
    assert sum(one.endswith("openid-configuration") for one in there.asked) == 1
    monkeypatch.setattr(outside, "ASKED_AGAIN", dt.timedelta(days=1))
    there.key = ECKey.generate_key("P-256", {"kid": "trois"})
    with pytest.raises(IssuerRefused, match="signature"):
        given()
    assert sum(one.endswith("/certs") for one in there.asked) == 2


@pytest.mark.parametrize(("text", "mode"), [(None, 0), ("", 0o600), (SECRET, 0o644)])
def test_a_secret_that_others_read_is_none(tmp_path: Path, text: str | None, mode: int) -> None:
    if text is not None:
        (tmp_path / "annuaire.secret").write_text(text)
        (tmp_path / "annuaire.secret").chmod(mode)
    config = WebConfig(home=tmp_path, network="reseau", signing_key="ab" * 32, directory=CONFIG)
    with pytest.raises(ConfigError):
        Issuer.of(config, CLOCK)


@pytest.mark.parametrize("issuer", ["http://annuaire.exemple.fr", "https://a.fr/?x", "https://moi@a.fr", ""])  # fmt: skip
def test_a_directory_is_named_by_a_plain_https_address(issuer: str) -> None:
    with pytest.raises(ValidationError):
        DirectoryConfig(issuer=issuer, client_id="farandole", client_secret_file="x")
