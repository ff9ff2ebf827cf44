"""What doctor can find wrong: every cause has its remedy, on the screen, in both languages and on the page of the docs."""

import datetime as dt
from pathlib import Path
from string import Formatter

import pytest

from contracts.api import Counters, SeasonCounter
from docs.doctor_page import PAGE, remedies
from venue_agent.commands import doctor as cli_doctor
from venue_agent.doctor import exports, line, machine, network, probe, schedule
from venue_agent.doctor.causes import CAUSES, ill
from venue_agent.doctor.finding import CHECKS, Finding, State
from venue_agent.doctor.probe import Certificate, Route
from venue_agent.words import _, speak

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)


def facts(*texts: str) -> dict[str, object]:
    names = {name for text in texts for _t, name, _s, _c in Formatter().parse(text) if name}
    return {name: f"<{name}>" for name in names}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", CAUSES)
def test_every_remedy_is_printed(name: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    speak(language)
    cause = CAUSES[name]
    finding = ill(name, **facts(cause.found, cause.expected, cause.remedy))
    cli_doctor._print(finding)
    flat = " ".join(capsys.readouterr().out.split())
    for text in (finding.found, finding.expected, finding.remedy, _(CHECKS[cause.check])):
        assert " ".join(text.split()) in flat


def test_a_cause_is_a_warning_or_a_failure_of_a_known_check() -> None:
    assert {cause.state for cause in CAUSES.values()} == {State.WARNING, State.FAILED}
    assert {cause.check for cause in CAUSES.values()} <= set(CHECKS)


@pytest.mark.parametrize("state", [State.FAILED, State.WARNING])
def test_what_is_wrong_without_a_remedy_cannot_be_built(state: State) -> None:
    with pytest.raises(ValueError, match="remedy"):
        Finding("disk", state, "full", expected="room")


def test_the_table_of_the_docs_is_this_one() -> None:
    assert remedies() in PAGE.read_text()


@pytest.mark.parametrize(
    ("seconds", "cause"),
    [(0, ""), (-60, ""), (61, "clock-drifts"), (-300, "clock-drifts"), (301, "clock-off"), (-9e7, "clock-off")],
)  # fmt: skip
def test_clocks(seconds: float, cause: str) -> None:
    assert line.judge_clock(NOW, NOW + dt.timedelta(seconds=seconds)).cause == cause


def test_an_undated_answer_is_not_judged() -> None:
    assert line.judge_clock(NOW, None).state == "skipped"


def shown(begins: float = -5, ends: float = 90, *, trusted: bool = True, names: tuple[str, ...] = ("hub.example",)) -> Certificate:  # fmt: skip
    day = dt.timedelta(days=1)
    return Certificate(names, "Autorité", NOW + begins * day, NOW + ends * day, trusted)


@pytest.mark.parametrize(
    ("certificate", "cause"),
    [
        (shown(), ""),
        (shown(ends=14.5), ""),
        (shown(ends=13.5), "tls-soon"),
        (shown(ends=-0.1, trusted=False), "tls-expired"),
        (shown(begins=0.1, trusted=False), "tls-early"),
        (shown(names=("*.hub.example",), trusted=False), "tls-name"),
        (shown(names=(), trusted=False), "tls-name"),
        (shown(trusted=False), "tls-issuer"),
        (shown(names=("*.example",)), ""),
        (shown(names=("HUB.example",)), ""),
    ],
)
def test_certificates(certificate: Certificate, cause: str) -> None:
    assert line.judge_certificate(certificate, "hub.example", NOW, "x").cause == cause


@pytest.mark.parametrize(
    ("name", "host", "same"),
    [("::1", "0:0:0:0:0:0:0:1", True), ("*.a.fr", "b.a.fr", True), ("*.a.fr", "c.b.a.fr", False), ("*.a.fr", "a.fr", False), ("127.0.0.1", "127.0.0.2", False)],
)  # fmt: skip
def test_names_of_certificates(name: str, host: str, same: bool) -> None:
    assert shown(names=(name,)).is_of(host) is same


@pytest.mark.parametrize(("free", "cause"), [(100, "disk-short"), (199, "disk-short"), (200, "")])
def test_room(free: int, cause: str) -> None:
    assert machine.judge_disk(Path("/x"), free * 2**20, 200 * 2**20).cause == cause


def test_versions() -> None:
    assert machine.judge_versions((3, 10), []).cause == "python-old"
    assert machine.judge_versions((3, 14), []).cause == ""
    assert "pandas" in machine.judge_versions((3, 11), ["pandas"]).found


def counters(spent: int, cap: int = 10_000, day: int = 0) -> Counters:
    seasons = [
        SeasonCounter(season="2024-2025", use="linkage", spent=0, cap=10**6),
        SeasonCounter(season="2025-2026", use="linkage", spent=spent, cap=cap),
        SeasonCounter(season="2025-2026", use="erasure", spent=cap, cap=cap),
    ]
    return Counters(venue="a", day_spent=day, day_cap=5_000, seasons=seasons)


@pytest.mark.parametrize(
    ("found", "cause"),
    [
        (counters(0), ""),
        (counters(9_000), ""),
        (counters(9_001), "quota-low"),
        (counters(9_936), "quota-low"),
        (counters(9_937), "quota-out"),
        (counters(12_000), "quota-out"),
        (counters(0, day=4_936), ""),
        (counters(0, day=4_937), "quota-day"),
        (Counters(venue="a", day_spent=0, day_cap=1, seasons=[]), "not-enrolled"),
    ],
)
def test_quotas(found: Counters, cause: str) -> None:
    assert network.judge_quota(found, "x").cause == cause


@pytest.mark.parametrize(
    ("ends", "cause", "without_timer"),
    [
        ([], "never-run", "timer-missing"),
        ([("preview", 0, 0)], "never-run", "timer-missing"),
        ([("run", 1, 0)], "", ""),
        ([("run", 1, 3), ("run", 0, 0)], "", ""),
        ([("run", 1, 0), ("run", 0, 3), ("push", 0, 0)], "run-failed", "run-failed"),
        ([("run", 2, 0)], "run-late", "timer-missing"),
        ([("run", 40, 45)], "run-failed", "run-failed"),
    ],
)
def test_rounds(ends: list[tuple[str, int, int]], cause: str, without_timer: str) -> None:
    told = [{"command": c, "step": "end", "time": f"{NOW - dt.timedelta(days=d):%Y-%m-%dT%H:%M:%SZ}", "exit_code": e} for c, d, e in ends]  # fmt: skip
    assert schedule.judge_rounds(told, NOW, scheduled=True).cause == cause
    assert schedule.judge_rounds(told, NOW, scheduled=False).cause == without_timer


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"3", b'{"command": "run"}', b"\xff"])
def test_a_line_of_the_log_that_was_cut_is_passed_over(text: bytes) -> None:
    assert schedule._parsed(text) == {}


@pytest.mark.parametrize(("days", "cause"), [(0, ""), (7.9, ""), (8, "export-old")])
def test_ages(days: float, cause: str) -> None:
    written = NOW.timestamp() - days * 86400
    assert exports.judge_age("a.csv", written, NOW).cause == cause


@pytest.mark.parametrize(("hours", "cause"), [(0, ""), (24, ""), (24.1, "consent-old"), (-5, "")])
def test_files_of_consent(hours: float, cause: str) -> None:
    assert exports.judge_consent("a.csv", NOW.timestamp() - hours * 3600, NOW.timestamp()).cause == cause  # fmt: skip


def way(proxy: str = "", where: str = "") -> Route:
    return Route("hub.example", 443, secure=True, proxy=proxy, where=where)


@pytest.mark.parametrize(
    ("environment", "route"),
    [
        ({}, way()),
        ({"HTTPS_PROXY": "http://p:3128"}, way("http://p:3128", "HTTPS_PROXY")),
        ({"https_proxy": "p:3128"}, way("http://p:3128", "https_proxy")),
        ({"ALL_PROXY": "http://p"}, way("http://p", "ALL_PROXY")),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": ".example"}, way()),
        ({"HTTP_PROXY": "http://p"}, way()),
    ],
)  # fmt: skip
def test_the_way_is_the_one_that_requests_take(environment: dict[str, str], route: Route, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        for each in (name, name.lower()):
            monkeypatch.delenv(each, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert probe.route_to("https://hub.example") == route


def test_a_password_of_a_proxy_is_sent_and_not_shown() -> None:
    route = way("http://anne:p%40ss@p:8080")
    assert (route.first, route.shown_proxy) == (("p", 8080), "p:8080")
    assert probe._credentials(route.proxy) == {"Proxy-Authorization": "Basic YW5uZTpwQHNz"}
