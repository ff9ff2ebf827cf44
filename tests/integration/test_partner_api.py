"""A partner's program from its first token to a submitted request, in the sandbox and before real houses: the same API."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from contracts.order import RequestSeen
from hub.store import access, audiences, clients, webhooks
from hub.web.partners.document import EXAMPLE
from hub.web.partners.routes import SCOPES
from hub.webhooks import signed, told
from tests.support.audience_world import opened
from tests.support.office import CLOCK, ORIGIN, Office, open_office
from tests.support.orders import PARTNER
from tests.support.programs import Program, known

EVERYTHING = "requests:read requests:write estimates"
COUNTER = itertools.count(1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = open_office(tmp_path_factory.mktemp("api"))
    far = f"{CLOCK.now().year + 2}-12-31T00:00:00Z"
    opened(office.control, valid_from="2025-01-01T00:00:00Z", expires=far)
    return office


def draft(**changes: Any) -> dict[str, Any]:
    """What a program sends; its campaign begins in a month, whatever the day."""
    first = CLOCK.now().date() + dt.timedelta(days=30)
    plain = {
        "partner_name": "Festival du Nord", "aim": "support", "channel": "email", "cap": 500,
        "spec": {"include": [{"trait": "age", "values": ["18-25", "26-34"]}], "exclude": []},
        "first_day": first.isoformat(), "last_day": (first + dt.timedelta(days=20)).isoformat(),
        "expires": f"{first + dt.timedelta(days=60)}T00:00:00Z", "offer": "Deux places pour le prix d'une.",
    }  # fmt: skip
    return {**plain, **changes}


class Caller:
    """One program with a token, at one of the two doors."""

    def __init__(self, office: Office, program: Program, door: str) -> None:
        self.browser: FlaskClient = office.app.test_client()
        self.token = program.token(self.browser, EVERYTHING)
        self.door = door

    def __call__(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key or f"key-{next(COUNTER):08d}",
        }
        at = f"/v1/{self.door}{path}"
        return self.browser.open(at, method=method, json=body, headers=headers, base_url=ORIGIN)


@pytest.fixture(params=["sandbox", "partner"])
def caller(office: Office, request: pytest.FixtureRequest) -> Iterator[Caller]:
    trying = request.param == "sandbox"
    program = known(office.control, PARTNER, by=f"p{next(COUNTER)}", sandbox=trying)
    yield Caller(office, program, request.param)
    with office.control.transaction(CLOCK) as tx:
        clients.revoke(tx, program.name, by="p0")
        tx.commit()


def test_a_request_from_draft_to_its_calendar(caller: Caller) -> None:
    assert caller("GET", "/self").json["partner"] == PARTNER
    made = caller("POST", "/requests", draft())
    assert made.status_code == 201, made.text
    seen = RequestSeen.model_validate_json(made.data)
    at = f"/requests/{seen.asked.request}"
    assert (seen.state, seen.dates) == ("draft", None)
    estimate = caller("POST", f"{at}/estimate")
    assert estimate.status_code == 200
    assert len(estimate.data) % 65_536 == 0
    assert (estimate.json["total"] is not None) == (
        caller.door == "sandbox"
    )  # the other has no cube
    submitted = caller("POST", f"{at}/submit")
    assert submitted.status_code == 200, submitted.text
    told = RequestSeen.model_validate_json(submitted.data)
    assert told.state == "submitted"
    assert told.dates is not None
    assert {house.state for house in told.houses} == {"waiting"}
    listed = {one["asked"]["request"]: one["state"] for one in caller("GET", "/requests").json}
    assert listed[seen.asked.request] == "submitted"
    assert caller("PUT", at, draft(cap=600)).status_code == 409
    assert caller("POST", f"{at}/withdraw").json["state"] == "closed"


def test_a_repeated_draft_is_one_draft(caller: Caller) -> None:
    before = len(caller("GET", "/requests").json)
    first = caller("POST", "/requests", draft(), key="same-key-1" + caller.door)
    again = caller("POST", "/requests", draft(), key="same-key-1" + caller.door)
    assert (first.data, again.status_code) == (again.data, 201)
    assert len(caller("GET", "/requests").json) == before + 1


def test_what_is_malformed_is_told_without_repeating_it(caller: Caller) -> None:
    for wrong in (draft(cap="<script>"), draft(partner="scene-libre"), draft(spec={"include": [{"trait": "name", "values": ["Anna"]}]}), [], "x"):  # fmt: skip
        answer = caller("POST", "/requests", wrong)
        assert answer.status_code == 422
        for word in ("script", "scene-libre", "Anna"):
            assert word not in answer.text


def test_each_partner_sees_its_own_alone(office: Office, caller: Caller) -> None:
    name = caller("POST", "/requests", draft()).json["asked"]["request"]
    other = known(office.control, "scene-libre", by=f"p{next(COUNTER)}", sandbox=caller.door == "sandbox")  # fmt: skip
    stranger = Caller(office, other, caller.door)
    for method, path in (("GET", ""), ("PUT", ""), ("POST", "/estimate"), ("POST", "/submit"), ("POST", "/withdraw")):  # fmt: skip
        body = draft() if method == "PUT" else None
        found = stranger(method, f"/requests/{name}{path}", body)
        missing = stranger(method, f"/requests/d0000000000000000{path}", body)
        assert found.status_code == missing.status_code == 404
        assert found.data == missing.data
    assert name not in stranger("GET", "/requests").text


def test_the_document_says_every_route_its_scope_and_two_examples(office: Office) -> None:
    told = office.app.test_client().get("/v1/partner/openapi.json", base_url=ORIGIN).json
    listed = {
        (method.upper(), path): operation
        for path, methods in told["paths"].items()
        for method, operation in methods.items()
    }
    routes = {
        (method, rule.rule.removeprefix("/v1/sandbox").replace("<", "{").replace(">", "}"))
        for rule in office.app.url_map.iter_rules()
        if rule.rule.startswith("/v1/sandbox/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert set(listed) == routes
    for operation in listed.values():
        (wanted,) = operation["security"]
        assert wanted == {"program": [SCOPES[operation["operationId"]].value]}
        curl, python = (sample["source"] for sample in operation["x-codeSamples"])
        assert ORIGIN in curl
        assert len(python.splitlines()) <= 10
        compile(python, "sample", "exec")
    Draft202012Validator.check_schema(told["components"]["schemas"]["RequestDraft"])
    assert EXAMPLE["spec"] == draft()["spec"]
    assert EXAMPLE.keys() == draft().keys()


def test_nothing_of_the_sandbox_reaches_the_network(office: Office) -> None:
    program = known(office.control, "festival-du-nord", by=f"p{next(COUNTER)}", sandbox=True)
    trying = Caller(office, program, "sandbox")
    made = trying("POST", "/requests", draft())
    assert made.status_code == 201
    with office.control.reading() as reading:
        assert audiences.of_partner(reading, "festival-du-nord") == []
    trying.door = "partner"
    assert trying("GET", "/requests").status_code == 401
    kept = (office.home / "sandboxes" / "festival-du-nord.sqlite").stat()
    assert kept.st_mode & 0o007 == 0 or (office.home / "sandboxes").stat().st_mode & 0o077 == 0


def test_the_how_to_works_as_it_is_written(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its Python, run against the hub: a token is got, and a genuine message is told from a forged one."""
    text = (Path(__file__).parents[2] / "docs/how-to/brancher-un-programme.md").read_text()
    token, check = re.findall(r"```py\n(.*?)```", text, re.DOTALL)
    program = known(office.control, "scene-libre", by=f"p{next(COUNTER)}", sandbox=True)
    (tmp_path / "programme.pem").write_bytes(program.key.as_pem(private=True))
    browser = office.app.test_client()

    class Answer:
        def __init__(self, answer: Any) -> None:
            self.json = lambda: answer.json

    def post(url: str, data: dict[str, str], timeout: int) -> Answer:
        return Answer(browser.post(url.removeprefix(ORIGIN), data=data, base_url=ORIGIN))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("requests.post", post)
    ours = token.replace("https://hub.exemple.fr", ORIGIN).replace(
        "k0123456789abcdef", program.name
    )
    names: dict[str, Any] = {}
    exec(compile(ours, "how-to", "exec"), names)
    with office.control.reading() as reading:
        assert access.held(reading, names["token"], CLOCK.now()) is not None
    exec(compile(check, "how-to", "exec"), names)
    one = webhooks.Delivery("d1", "w1", "", b'{"a":1}', 0)
    headers = signed(one, b"s" * 32, int(CLOCK.now().timestamp()))
    assert names["genuine"](told(b"s" * 32), headers, one.body)
    assert not names["genuine"](told(b"t" * 32), headers, one.body)
    assert not names["genuine"](told(b"s" * 32), headers, one.body + b" ")
