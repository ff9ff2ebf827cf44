"""What somebody tries who wants to be a partner's program, or one that wants more than it was given."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, Response, request
from flask.testing import FlaskClient
from joserfc.jwk import OctKey, RSAKey

from contracts.base import canonical
from contracts.clock import FixedClock, SystemClock
from hub.app import create_app
from hub.config import WebConfig
from hub.errors import ChargeConflict
from hub.people.programs import CALLS_A_MINUTE, Scope
from hub.people.roles import Grant, Role
from hub.store import access, clients, people
from hub.web import problems
from hub.web.partners import routes
from hub.web.partners.gate import PartnerGate, who
from tests.support.office import CLOCK, ORIGIN, Office, open_office
from tests.support.programs import KIND, TOKEN, Program, known, new_key

SELF = "/v1/partner/self"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("partners"))


@pytest.fixture
def browser(office: Office) -> FlaskClient:
    return office.app.test_client()


@pytest.fixture
def program(office: Office) -> Program:
    """Another program each time: they share no minute."""
    with office.control.transaction(CLOCK) as tx:
        for one in clients.of_partner(tx, "danse-nord"):
            clients.revoke(tx, one.client, by="p0")
        tx.commit()
    return known(office.control)


def call(browser: FlaskClient, token: str, path: str = SELF, **more: Any) -> Any:
    return browser.get(path, base_url=ORIGIN, headers={"Authorization": f"Bearer {token}"}, **more)


def test_a_program_gets_in(browser: FlaskClient, program: Program) -> None:
    answer = program.ask(browser, "requests:read estimates")
    assert answer.headers["Cache-Control"] == "no-store"
    said = answer.json
    assert (said["token_type"], said["expires_in"]) == ("Bearer", 600)
    me = call(browser, said["access_token"])
    assert me.json == {"partner": "danse-nord", "program": program.name, "sandbox": False, "scopes": ["requests:read", "estimates"]}  # fmt: skip
    assert me.headers["Cache-Control"] == "no-store"


def test_the_metadata_says_how(browser: FlaskClient) -> None:
    said = browser.get("/.well-known/oauth-authorization-server", base_url=ORIGIN).json
    assert said["token_endpoint"] == ORIGIN + TOKEN
    assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]


@pytest.mark.parametrize(
    "scope", ["", " ", "admin", "requests:read admin", "requests:read  estimates", None]
)
def test_a_token_for_nothing_or_for_more_is_refused(browser: FlaskClient, program: Program, scope: str | None) -> None:  # fmt: skip
    answer = program.ask(browser, scope)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_scope")


def lies(program: Program) -> dict[str, str]:
    now = int(time.time())
    good = program.assertion()
    head, body, mark = good.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    public = json.dumps(program.key.as_dict(private=False)).encode()
    return {
        "another key": program.assertion(key=new_key()),
        "no signature": f"{none}.{body}.",
        "a cut signature": f"{head}.{body}.{mark[:-4]}",
        "the public key as a shared secret": program.assertion(key=OctKey.import_key(public), alg="HS256"),
        "another kind of key": program.assertion(key=RSAKey.generate_key(2048), alg="RS256"),
        "another program": program.assertion(iss="k0000000000000000", sub="k0000000000000000"),
        "two names": program.assertion(iss="somebody"),
        "for somebody else": program.assertion(aud="https://elsewhere.example/token"),
        "for a list": program.assertion(aud=[ORIGIN + TOKEN]),
        "over": program.assertion(exp=now - 1),
        "for ever": program.assertion(exp=now + 86_400),
        "without an end": program.assertion(exp=None),
        "without a name of its own": program.assertion(jti=None),
        "a name that is a number": program.assertion(jti=7),
        "a name without end": program.assertion(jti="a" * 5000),
        "nothing at all": "",
        "a string": "abc",
        "a subject that is none": program.assertion(sub={"a": 1}),
    }  # fmt: skip


def test_no_lie_gets_a_token_and_all_are_told_the_same(
    browser: FlaskClient, program: Program
) -> None:
    answers = {n: program.ask(browser, client_assertion=a) for n, a in lies(program).items()}
    assert {n: a.status_code for n, a in answers.items() if a.status_code not in (400, 401)} == {}
    told = {a.text for n, a in answers.items() if n != "nothing at all"}
    assert len(told) == 1, told  # whether the program exists is not to be read from it
    assert "access_token" not in told.pop()


def test_an_assertion_serves_once_on_every_worker(
    office: Office, browser: FlaskClient, program: Program
) -> None:
    said = program.assertion()
    other = create_app(config_of(office), CLOCK, office.control).test_client()
    assert program.ask(browser, client_assertion=said).status_code == 200
    assert program.ask(browser, client_assertion=said).status_code == 400
    assert program.ask(other, client_assertion=said).status_code == 400


def config_of(office: Office) -> WebConfig:
    return WebConfig(home=office.home, network="reseau", signing_key="ab" * 32, public_url=ORIGIN)


def test_other_ways_to_ask_are_closed(browser: FlaskClient, program: Program) -> None:
    for form in (
        {"grant_type": "password", "username": "a", "password": "b"},
        {"client_assertion_type": "urn:other"},
        {"client_assertion": None, "client_id": program.name, "client_secret": ""},
        {"grant_type": "authorization_code", "code": "x"},
    ):
        assert program.ask(browser, **form).status_code in (400, 401)
    in_the_address = browser.post(f"{TOKEN}?grant_type=client_credentials&scope=estimates&client_assertion_type={KIND}&client_assertion={program.assertion()}", base_url=ORIGIN)  # fmt: skip
    assert in_the_address.status_code in (400, 401)
    assert browser.get(TOKEN, base_url=ORIGIN).status_code == 405


def test_a_token_is_refused_when_wrong_misplaced_over_or_for_something_else(
    office: Office, browser: FlaskClient, program: Program
) -> None:
    token = program.token(browser, "estimates")
    for wrong in ("", "x", token[:-1], token + "a"):
        assert call(browser, wrong).status_code == 401
    assert browser.get(f"{SELF}?access_token={token}", base_url=ORIGIN).status_code == 401
    refused = call(browser, token)
    assert (refused.status_code, refused.json["type"]) == (403, "urn:farandole:problem:scope")
    later = CLOCK.now().replace(year=CLOCK.now().year + 1)
    with office.control.reading() as reading:
        assert access.held(reading, token, CLOCK.now()) is not None
        assert access.held(reading, token, later) is None


def test_who_steals_the_database_holds_no_token(
    office: Office, browser: FlaskClient, program: Program
) -> None:
    token = program.token(browser)
    assert token.encode() not in (office.home / "control.sqlite").read_bytes()


def test_a_program_shut_out_is_out_at_the_next_call_on_every_worker(
    office: Office, browser: FlaskClient, program: Program
) -> None:
    token = program.token(browser)
    other = create_app(config_of(office), CLOCK, office.control).test_client()
    assert call(other, token).status_code == 200
    with office.control.transaction(CLOCK) as tx:
        clients.revoke(tx, program.name, by="p0")
        tx.commit()
    assert {call(one, token).status_code for one in (browser, other)} == {401}
    assert program.ask(browser).status_code == 400


@pytest.mark.parametrize("revoked", [True, False], ids=["access taken", "role taken"])
def test_programs_leave_with_who_let_them_in(
    office: Office, browser: FlaskClient, *, revoked: bool
) -> None:
    grant = Grant(Role.PARTNER, "hors-les-murs")
    with office.control.transaction(CLOCK) as tx:
        anna = people.add(tx, f"partie-{revoked}@exemple.fr", [grant])
        tx.commit()
    program = known(office.control, "hors-les-murs", by=anna.person)
    token = program.token(browser)
    with office.control.transaction(CLOCK) as tx:
        if revoked:
            people.revoke(tx, anna.person, by="operator")
        else:
            people.withdraw(tx, anna.person, grant, by="operator")
        tx.commit()
    assert call(browser, token).status_code == 401


def test_calls_are_counted_over_all_workers(
    office: Office, browser: FlaskClient, program: Program
) -> None:
    """The minute is a fixed one: no clock moves while it is counted."""
    frozen = FrozenMinute()
    workers = [gated(office, frozen) for _ in range(3)]
    token = program.token(browser)
    seen = [call(workers[i % 3], token) for i in range(CALLS_A_MINUTE + 6)]
    codes = [one.status_code for one in seen]
    assert codes.count(200) in (
        CALLS_A_MINUTE,
        CALLS_A_MINUTE - 1,
    )  # the token's own call may be of this minute
    assert set(codes[CALLS_A_MINUTE:]) == {429}
    assert 0 < int(seen[-1].headers["Retry-After"]) <= 60
    assert seen[0].headers["RateLimit-Limit"] == str(CALLS_A_MINUTE)
    other = known(
        office.control, "opera-est"
    )  # one that asks too often takes nothing from the others
    assert call(workers[0], other.token(browser)).status_code == 200


class FrozenMinute(SystemClock):
    """The instant when it was made, for ever."""

    def __init__(self) -> None:
        self._at = super().now()

    def now(self) -> Any:
        return self._at


def gated(office: Office, clock: Any) -> FlaskClient:
    """Return another worker's routes, at an instant that stands still."""
    app = Flask("worker")
    routes.install(app, office.control, clock, ORIGIN, office.home / "sandboxes")
    return app.test_client()


def test_a_repeated_request_is_carried_out_once(office: Office, program: Program) -> None:
    done: list[bytes] = []
    app = Flask("acting")
    problems.install(app)
    routes.install(app, office.control, CLOCK, ORIGIN, office.home / "sandboxes")
    acting = Blueprint("acting", __name__)

    def act() -> Response:
        done.append(request.stream.read())
        if done[-1] == b"broken":
            raise RuntimeError
        return Response(
            canonical({"done": len(done), "who": list(who())}),
            status=201,
            mimetype="application/json",
        )

    acting.add_url_rule("/v1/act", "act", act, methods=["POST"])
    acting.add_url_rule("/v1/forgotten", "forgotten", act, methods=["POST"])
    PartnerGate(office.control, CLOCK).guard(acting, {"act": Scope.WRITE}, sandbox=False)
    app.register_blueprint(acting)
    browser = app.test_client()
    token = program.token(browser, "requests:write")

    def post(key: str, body: bytes, path: str = "/v1/act") -> Any:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        return browser.post(path, data=body, headers=headers)

    first, again = post("key-00001", b"a"), post("key-00001", b"a")
    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert first.json == {"done": 1, "who": ["danse-nord", program.name]}
    assert again.headers["Idempotent-Replayed"] == "true"
    assert post("key-00001", b"b").status_code == 409
    assert post("key-00002", b"a").json["done"] == 2
    assert {post(key, b"a").status_code for key in ("", "short", "with space 1", "é" * 9)} == {422}
    assert post("key-00003", b"broken").status_code == 503
    assert post("key-00003", b"mended").json["done"] == 4
    assert post("key-00004", b"a", "/v1/forgotten").status_code == 403
    assert done == [b"a", b"a", b"broken", b"mended"]


def test_the_same_request_twice_at_once_is_carried_out_once(office: Office) -> None:
    who_ = ("k0", "key-00001")
    with office.control.transaction(CLOCK) as tx:
        assert access.reserve(tx, who_, b"a") is None
        with pytest.raises(ChargeConflict):
            access.reserve(tx, who_, b"a")
        tx.commit()
    later = FixedClock(CLOCK.now() + 2 * access.ABANDONED)
    with office.control.transaction(later) as tx:  # its worker was killed: it may be asked again
        assert access.reserve(tx, who_, b"a") is None


def test_a_program_for_trying_is_for_nothing_else(office: Office, browser: FlaskClient) -> None:
    trying = known(office.control, "scene-libre", sandbox=True)
    assert call(browser, trying.token(browser)).status_code == 401


def test_keys_are_one_persons_confirmed_in_time_and_few(tmp_path: Path) -> None:
    control = open_office(tmp_path).control
    assert control.published().chain() == []
    for _ in range(5):
        known(control, "danse-nord", by="p1")
    with pytest.raises(Exception, match="fewer than 5"):
        known(control, "danse-nord", by="p1")
    kinds = [entry.kind for entry in control.published().chain()]
    assert kinds == ["program-added"] * 5
    assert "essai" not in "".join(entry.body for entry in control.published().chain())
