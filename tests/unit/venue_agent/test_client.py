"""The agent's client: every failure has a name, and nobody but the hub is believed."""

import datetime as dt
from collections.abc import Mapping

import pytest

from contracts.base import canonical, digest
from contracts.catalogue import Catalogue
from contracts.problems import ProblemType
from contracts.seal import fingerprint, new_signing_key
from contracts.signing import Incoming, verify_request
from tests.support.wire import CLOCK, NOW, VENUES, Network, network
from venue_agent.errors import (
    AgentError,
    CharterRefused,
    ClockOff,
    ConfigError,
    FingerprintMismatch,
    HubDown,
    HubRefused,
)
from venue_agent.network.client import Hub, Identity, check_fingerprint, check_hub_key
from venue_agent.network.transport import Answer, Unreachable, checked_url

PRIVATE, PUBLIC = new_signing_key()
CODE = "-".join(["AAAA"] * 6)


class Script:
    """Answers in order; the last one for ever."""

    def __init__(self, *answers: Answer | Unreachable) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[str, str, bytes, dict[str, str]]] = []

    def __call__(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.requests.append((method, url, body, dict(headers)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Unreachable):
            raise answer
        return answer


def hub(script: Script) -> Hub:
    return Hub("https://hub.example/", Identity(VENUES[0], PRIVATE), CLOCK, script)


def problem(kind: ProblemType, date: dt.datetime | None = None) -> Answer:
    return Answer(kind.status, canonical(kind.problem()), date)


def ok(body: bytes = b"") -> Answer:
    return Answer(200, body, None)


def test_every_request_is_signed_anew_for_this_hub() -> None:
    script = Script(Answer(503, b"", None), ok(b"[]"))
    hub(script).editions()
    nonces = set()
    for method, url, body, headers in script.requests:
        assert url == "https://hub.example/v1/editions"
        incoming = Incoming(method, url, headers, body)
        nonces.add(verify_request(incoming, {VENUES[0]: PUBLIC}.get, CLOCK).nonce)
    assert len(nonces) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://hub.example",
        "http://127.0.0.1.example.org",
        "http://10.0.0.1",
        "ftp://hub.example",
        "hub.example",
        "https://",
        "https://user@hub.example",
        "https://hub.example/?x=1",
        "https://hub.example/#x",
    ],
)
def test_n6_an_address_that_is_not_https_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        Hub(url, Identity(VENUES[0], PRIVATE), CLOCK, Script(ok()))


@pytest.mark.parametrize(
    "url", ["https://hub.example", "http://localhost:8600", "http://127.0.0.1", "http://[::1]:1"]
)
def test_https_or_this_machine(url: str) -> None:
    assert checked_url(url + "/") == url


def test_what_may_be_lost_is_sent_three_times() -> None:
    script = Script(Unreachable("no connection"), Answer(502, b"", None), ok(b"[]"))
    assert hub(script).editions() == []
    assert len(script.requests) == 3
    with pytest.raises(HubDown, match="no connection"):
        hub(Script(Unreachable("no connection"))).editions()
    with pytest.raises(HubDown, match="503"):
        hub(Script(problem(ProblemType.UNAVAILABLE))).editions()


def test_a_clock_that_is_off_is_said_with_both_hours() -> None:
    there = NOW + dt.timedelta(minutes=10)
    with pytest.raises(ClockOff) as caught:
        hub(Script(problem(ProblemType.CLOCK, there))).editions()
    assert "2025-11-03 12:00:00" in str(caught.value)
    assert "2025-11-03 12:10:00" in str(caught.value)
    with pytest.raises(ClockOff, match="more than 5 min"):
        hub(Script(problem(ProblemType.CLOCK))).editions()


@pytest.mark.parametrize(
    ("answer", "error", "slug"),
    [
        (problem(ProblemType.CHARTER), CharterRefused, None),
        (problem(ProblemType.STORAGE), HubDown, None),
        (problem(ProblemType.CODE), HubRefused, "code"),
        (problem(ProblemType.UNSIGNED), HubRefused, "unsigned"),
        (Answer(404, b"<html>", None), HubRefused, "not-found"),
        (Answer(418, b"<html>teapot", None), HubRefused, ""),
        (Answer(302, b"", None), HubRefused, ""),
        (ok(b"<html>"), HubRefused, ""),
    ],
)
def test_each_refusal_has_its_error(
    answer: Answer, error: type[AgentError], slug: str | None
) -> None:
    with pytest.raises(error) as caught:
        hub(Script(answer)).editions()
    if slug is not None and answer.status != 404:
        assert getattr(caught.value, "problem", "") == slug
    assert "teapot" not in str(caught.value)


def test_nothing_there_is_none() -> None:
    absent = hub(Script(problem(ProblemType.NOT_FOUND)))
    assert absent.charter() is None
    assert absent.receipt("ab" * 32) is None
    assert absent.checkpoint() is None
    assert absent.edition("x") is None
    assert not absent.has_part("ab" * 32)


def test_paths_and_bodies() -> None:
    script = Script(ok())
    client = hub(script)
    client.put_part(b"sealed")
    client.put_catalogue(Catalogue(venue=VENUES[0], events=[]))
    asked = [
        (method, url.removeprefix("https://hub.example")) for method, url, _, _ in script.requests
    ]
    assert asked == [
        ("PUT", f"/v1/venues/{VENUES[0]}/parts/{digest(b'sealed')}"),
        ("PUT", f"/v1/venues/{VENUES[0]}/catalogue"),
    ]


def test_joining_checks_the_fingerprint() -> None:
    key = fingerprint(new_signing_key()[1])
    answer = ok(canonical({"venue": VENUES[0], "fingerprint": key}))
    hub(Script(answer)).enrol(CODE, key)
    with pytest.raises(FingerprintMismatch):
        hub(Script(answer)).enrol(CODE, "00" * 32)


def test_a_fingerprint_may_be_typed_as_it_was_read_out() -> None:
    check_fingerprint("ab" * 32, " ".join(["ABAB"] * 16))
    check_fingerprint("ab" * 32, ":".join(["ab"] * 32))
    for wrong in ("ab" * 31, "ac" + "ab" * 31, ""):
        with pytest.raises(FingerprintMismatch):
            check_fingerprint("ab" * 32, wrong)


def test_the_charters_hub_is_the_one_that_was_joined() -> None:
    net: Network = network()
    check_hub_key(net.signed, fingerprint(net.charter.hub.signing_key))
    with pytest.raises(FingerprintMismatch):
        check_hub_key(net.signed, fingerprint(PUBLIC))


def test_the_private_key_is_not_shown() -> None:
    assert PRIVATE.hex() not in repr(hub(Script(ok())))
    assert repr(PRIVATE) not in repr(hub(Script(ok())))
