"""Each thing that can go wrong is made to go wrong, and `doctor` names it, with its remedy on the screen."""

import datetime as dt
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from contracts import api
from contracts.base import canonical
from contracts.clock import stamp
from contracts.seal import new_signing_key, sign
from deploy.demo.processes import free_port
from hub.custodian import tables
from hub.store import audit, checkpoints
from tests.support.doctoring import (
    NOW,
    answering,
    certified,
    talking_nonsense,
    tunnelling,
)
from tests.support.key_rings import HeldKeyring
from tests.support.venue_it import SEASON, VENUE, OffsetClock, Post, joined, post, prepared, town
from venue_agent.commands import doctor as cli_doctor
from venue_agent.config import Home
from venue_agent.credentials import keys
from venue_agent.desk import Desk
from venue_agent.doctor import machine, visit
from venue_agent.doctor.causes import CAUSES
from venue_agent.doctor.patient import Patient
from venue_agent.errors import Unwell
from venue_agent.home.durable import write_private
from venue_agent.home.lists import AUDIENCES
from venue_agent.outbox.journal import journal
from venue_agent.people.handles import Handles
from venue_agent.people.offers import Offers
from venue_agent.schedule.job import Job, time_of
from venue_agent.schedule.plan import for_user

__all__ = ["joined", "post", "prepared", "town"]  # fixtures
Harm = Callable[[Post], object]
EXPORT = "exports/essai_billetterie.csv"


@pytest.fixture(autouse=True)
def straight_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the machine that runs the tests stands in between."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.endswith("CA_BUNDLE"):
            monkeypatch.delenv(name)


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def run(post: Post, *words: str) -> tuple[int, dict[str, dict[str, str]]]:
    """Run doctor for machines; return its exit code and each finding by its cause, or its check's name if all is well."""
    code, said = post.run("doctor", "--lang", "en", "--json", *words)
    told = json.loads(said[: said.rindex("}") + 1])
    assert told["well"] == (code == 0)
    return code, {each["cause"] or each["check"]: each for each in told["checks"]}


def shows(post: Post, cause: str, *words: str) -> dict[str, str]:
    """Hold that doctor names the cause, with its remedy, and how grave it is."""
    code, found = run(post, *words)
    assert cause in found, sorted(found)
    assert found[cause]["state"] == CAUSES[cause].state
    assert found[cause]["check"] == CAUSES[cause].check
    if found[cause]["state"] == "failed":
        assert code == Unwell.exit_code == 60
    fixed = CAUSES[cause].remedy.partition("{")[0]
    assert found[cause]["remedy"].startswith(fixed)
    assert "{" not in found[cause]["found"] + found[cause]["remedy"]
    return found[cause]


def write(name: str, text: str) -> Harm:
    return lambda post: (post.home / name).write_text(text)


def chmod(name: str, mode: int) -> Harm:
    return lambda post: (post.home / name).chmod(mode)


def left_over(post: Post) -> None:
    """Leave a file of people for a partner's order here after its day."""
    offers = Offers(Handles(post.home / "state.sqlite", VENUE))
    offers.add("ordre", "demande", "00" * 32, measured=False, now="2020-01-01T00:00:00Z")
    offers.keep_files(1, "2020-01-15T00:00:00Z")
    write_private(post.home / AUDIENCES / "ordre-csv.csv", b"email\r\n")


def both(*harms: Harm) -> Harm:
    return lambda post: [harm(post) for harm in harms]


def new_key(post: Post) -> None:
    (post.home / "keys" / "signing.key").write_text(new_signing_key()[0].hex())


def forget_network(post: Post) -> None:
    (post.home / "network.json").unlink(missing_ok=True)


def charter(**changes: Any) -> Harm:
    return lambda post: post.town.sign_again(**changes)


def unsigned_by(which: Callable[[str], bool]) -> Harm:
    def harm(post: Post) -> None:
        def change(plain: dict[str, Any]) -> None:
            left = [s for s in plain["signatures"] if not which(s["venue"])]
            plain["signatures"] = left

        post.town.show(change)

    return harm


def other_season_key(post: Post) -> None:
    plain = json.loads(canonical(post.town.net.charter))["custodian"]
    post.town.sign_again(custodian=plain | {"season_keys": {SEASON: "cd" * 32}})
    forget_network(post)


def with_contacts(age_hours: float | None) -> Harm:
    def harm(post: Post) -> None:
        rule = (
            '\n[[consent_files]]\npattern = "contacts*.csv"\ncolumns = { email = "mail" }\n'
            '[[consent_files.consent]]\ncolumn = "ok"\ntext = "Oui."\ngrants = ["statistics"]\n'
        )
        path = post.home / "mapping.toml"
        path.write_text(path.read_text() + rule)
        if age_hours is not None:
            contacts = post.home / "exports" / "contacts.csv"
            contacts.write_text("mail;ok\na@b.example;oui\n")
            then = post.export.stat().st_mtime - age_hours * 3600
            os.utime(contacts, (then, then))

    return harm


def aged(days: float) -> Harm:
    then = (NOW - dt.timedelta(days=days)).timestamp()
    return lambda post: os.utime(post.export, (then, then))


def log(days: float, **end: int) -> Harm:
    def harm(post: Post) -> None:
        book = journal(Home(post.home), OffsetClock(dt.timedelta(days=-days)))
        post.patch.setattr(sys, "argv", ["venue-agent", "run"])
        book.write("begin")
        if end:
            book.write("end", milliseconds=5, **end)

    return harm


def add_column(post: Post) -> None:
    head, *lines = post.export.read_text("cp1252").splitlines()
    post.export.write_text("\r\n".join([head + ";Loge", *(line + ";1" for line in lines)]), "cp1252")  # fmt: skip


def spend(**values: int) -> Harm:
    def harm(post: Post) -> None:
        table = tables.quota if "cap" in values else tables.day
        with post.town.keeper.store.transaction(post.town.clock) as tx:  # type: ignore[union-attr]
            if table is tables.day:
                today = {"venue": VENUE, "day": tx.now()[:10], "spent": 0}
                tx.run(tables.day.delete())
                tx.run(tables.day.insert().values(today))
            tx.run(update(table).values(values))
            tx.commit()

    return harm


def timer(post: Post) -> None:
    """A timer of one user's starts this agent."""
    post.patch.setenv("XDG_CONFIG_HOME", str(post.home.parent / "config"))
    job = Job((sys.executable,), post.home, time_of("04:30"), "fr")
    for_user(job).do(lambda _command: 0)


HERE: dict[str, Harm] = {
    "folder-open": both(chmod("", 0o755), chmod("spool", 0o755)),
    "disk-short": lambda post: post.patch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(9, 8, 1)),  # type: ignore[attr-defined]
    "part-missing": lambda post: post.patch.setattr(machine, "PARTS", ("pandas", "never_installed")),
    "python-old": lambda post: post.patch.setattr(machine, "PYTHON", (9, 9)),
    "check-broken": lambda post: post.patch.setattr(visit, "VISIT", {"folder": lambda _patient: 1 / 0}),
    "home-newer": write("version.json", '{"format": 99, "agent": "7.0"}'),
    "not-joined": lambda post: (post.home / "agent.toml").unlink(),
    "settings-broken": write("agent.toml", "venue = "),
    "left": write("left.json", "{}"),
    "key-missing": lambda post: (post.home / "keys" / "signing.key").unlink(),
    "key-exposed": chmod("keys/signing.key", 0o644),
    "key-damaged": write("keys/signing.key", "00"),
    "mapping-missing": lambda post: (post.home / "mapping.toml").unlink(),
    "mapping-broken": write("mapping.toml", "["),
    "layout-changed": lambda post: post.rewrite(EXPORT, "Date optin", "Optin le", "cp1252"),
    "layout-new": add_column,
    "export-missing": lambda post: post.export.unlink(),
    "export-unreadable": lambda post: post.export.write_bytes(b""),
    "export-old": aged(9),
    "consent-missing": with_contacts(None),
    "consent-old": with_contacts(30),
    "catalogue-missing": lambda post: (post.home / "catalogue.csv").unlink(missing_ok=True),
    "catalogue-broken": write("catalogue.csv", "a;b"),
    "policy-broken": write("audiences.toml", "partners = 3"),
    "audience-files-old": left_over,
    "timer-missing": log(4, exit_code=0),
    "never-run": both(timer, log(0)),
    "run-late": both(timer, log(4, exit_code=0)),
    "run-failed": log(0.5, exit_code=40),
    "fingerprint-other": lambda post: post.rewrite("agent.toml", 'hub_fingerprint = "', 'hub_fingerprint = "0'),
    "charter-unsigned": unsigned_by(lambda venue: venue == VENUE),
    "charter-waits": unsigned_by(lambda venue: venue != VENUE),
    "charter-broken": lambda post: post.town.show(lambda plain: plain["charter"].update(name="Autre")),
    "charter-over": charter(expires=stamp(NOW - dt.timedelta(days=1))),
    "charter-stranger": new_key,
    "charter-back": charter(retention_months=36),
    "charter-changed": charter(revision=2),
    "charter-soon": both(charter(expires=stamp(NOW + dt.timedelta(days=9))), forget_network),
    "memory-damaged": write("network.json", "{}"),
    "custodian-other": other_season_key,
    "not-enrolled": new_key,
    "line-cut": lambda post: post.rewrite("agent.toml", post.town.hub_url, f"http://127.0.0.1:{free_port()}"),
    "address-wrong": lambda post: post.rewrite("agent.toml", post.town.hub_url, "http://hub.example"),
    "name-unknown": lambda post: post.rewrite("agent.toml", post.town.hub_url, "https://hub.invalid"),
    "clock-off": lambda post: post.patch.setattr(cli_doctor, "CLOCK", OffsetClock(dt.timedelta(minutes=-20))),
    "clock-drifts": lambda post: post.patch.setattr(cli_doctor, "CLOCK", OffsetClock(dt.timedelta(seconds=100))),
    "quota-out": spend(spent=99_950, cap=100_000),
    "quota-low": spend(spent=95_000, cap=100_000),
    "quota-day": both(spend(spent=0, cap=100_000), spend(spent=100_000)),
}  # fmt: skip
ELSEWHERE = {"folder-missing", "folder-closed", "key-twice", "keyring-silent", "chain-forked", "proxy-dead", "proxy-refuses", "tls-expired", "tls-early", "tls-name", "tls-issuer", "tls-other", "tls-soon", "hub-odd", "hub-down", "charter-none", "custodian-silent"}  # fmt: skip


def test_every_cause_is_produced() -> None:
    assert set(HERE) | ELSEWHERE == set(CAUSES)
    source = Path(__file__).read_text()
    assert [name for name in ELSEWHERE if source.count(f'"{name}"') < 2] == []


def test_a_healthy_agent_is_told_so(post: Post) -> None:
    spend(spent=100, cap=100_000)(post)
    log(0, exit_code=0)(post)
    before = post.state()
    code, found = run(post)
    assert code == 0, found
    assert {e["state"] for e in found.values()} <= {"ok", "warning"}
    checks = {"versions", "folder", "disk", "settings", "keys", "line", "tls", "clock", "hub", "charter", "chain", "custodian", "quota", "mapping", "export", "consent", "schedule"}  # fmt: skip
    assert checks <= set(found)
    assert post.state() == before, "a doctor changes nothing"
    assert "n@example.org" not in json.dumps(found)


@pytest.mark.parametrize("cause", HERE)
def test_what_is_wrong_is_named_with_its_remedy(post: Post, cause: str) -> None:
    HERE[cause](post)
    try:
        told = shows(post, cause)
    finally:
        both(spend(spent=0, cap=100_000), spend(spent=0))(post)
    assert told["expected"]


def test_a_command_to_type_does_mend(post: Post) -> None:
    chmod("keys/signing.key", 0o644)(post)
    remedy = shows(post, "key-exposed")["remedy"]
    command = re.search(r"`(chmod [^`]+)`", remedy)
    assert command
    assert os.system(command[1]) == 0
    assert "key-exposed" not in run(post)[1]


def test_a_folder_that_is_missing_or_closed(post: Post, tmp_path: Path) -> None:
    post.home = tmp_path / "nowhere" / "agent"
    assert f"mkdir -m 700 {post.home}" in shows(post, "folder-missing")["remedy"]
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o755)
    assert _as_nobody(closed) == ["folder-closed"]


def _as_nobody(folder: Path) -> list[str]:
    """The causes that the folder's check finds as somebody who may not write there."""
    for parent in folder.parents[:3]:
        parent.chmod(0o755)
    read, write_ = os.pipe()
    if not (child := os.fork()):
        if os.geteuid() == 0:
            os.setresuid(65534, 65534, 65534)
        else:
            folder.chmod(0o500)
        found = [each.cause for each in machine.folder(Patient(Home(folder), OffsetClock()))]
        os.write(write_, json.dumps(found).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write_)
    return list(json.loads(os.read(read, 1000)))


def test_whoever_reads_sees_each_remedy_under_what_is_wrong(post: Post) -> None:
    both(chmod("keys/signing.key", 0o644), aged(20), HERE["line-cut"])(post)
    _code, told = run(post, "--lang", "fr")
    code, screen = post.run("doctor", "--lang", "fr")
    flat = " ".join(screen.split())
    wrong = [each for each in told.values() if each["remedy"]]
    assert {"key-exposed", "export-old", "line-cut"} <= {each["cause"] for each in wrong}
    for each in wrong:
        for name in ("found", "expected", "remedy"):
            assert " ".join(each[name].split()) in flat
    assert code == 60
    assert "à faire" in screen
    assert "remèdes sont à côté" in flat


def test_before_joining_and_offline(post: Post, tmp_path: Path) -> None:
    post.home = tmp_path / "new"
    post.home.mkdir()
    code, found = run(post)
    assert (code, found["not-joined"]["state"], found["line"]["state"]) == (0, "warning", "skipped")
    code, found = run(post, "--hub", f"http://127.0.0.1:{free_port()}", "--custodian", post.town.custodian_url)  # fmt: skip
    assert (code, found["line-cut"]["state"], found["clock"]["state"]) == (60, "failed", "skipped")
    code, found = run(post, "--hub", post.town.hub_url)
    assert (code, found["line"]["state"], found["clock"]["state"]) == (0, "ok", "ok")
    assert list(post.home.iterdir()) == []


def test_a_joined_agent_that_is_offline_is_told_the_rest(post: Post) -> None:
    HERE["line-cut"](post)
    _code, found = run(post)
    assert {found[name]["state"] for name in ("clock", "hub", "charter", "chain")} == {"skipped"}
    assert {found[name]["state"] for name in ("disk", "keys", "mapping", "export", "custodian")} <= {"ok", "skipped"}  # fmt: skip
    assert found["quota"]["state"] == "ok"


def test_keys_in_two_places_and_a_locked_keyring(post: Post, held_keyring: HeldKeyring) -> None:
    credentials = post.home.parent / "credentials"
    credentials.mkdir()
    (credentials / "farandole-signing.key").write_text("11" * 32)
    post.patch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    shows(post, "key-twice")
    post.patch.delenv("CREDENTIALS_DIRECTORY")
    keys.move(post.home / "keys", "keyring")
    assert "keyring" in run(post)[1]["keys"]["found"]
    held_keyring.locked = True
    shows(post, "keyring-silent")


def test_a_hub_that_shows_another_history(post: Post) -> None:
    def grow() -> None:
        with post.town.control.transaction(OffsetClock()) as tx:
            audit.append(tx, "test", {})
            checkpoints.checkpoint(tx, "essai", partial(sign, post.town.net.hub_private))
            tx.commit()

    grow()
    config, key = Patient(Home(post.home), OffsetClock()).settings, post.town.net.keys[VENUE]
    assert config
    Desk(Home(post.home), config, key, OffsetClock()).charter()
    kept = (post.home / "network.json").read_bytes()
    grow()
    _code, found = run(post)
    assert found["chain"]["state"] == "ok"
    assert (post.home / "network.json").read_bytes() == kept, "a doctor remembers nothing"
    with post.town.control.transaction(OffsetClock()) as tx:
        tx.connection.exec_driver_sql("DELETE FROM checkpoint")
        tx.commit()
    shows(post, "chain-forked")


@pytest.mark.parametrize(
    ("cause", "status", "body"),
    [
        ("hub-odd", 200, b"<html>Bienvenue au wifi du th\xc3\xa9\xc3\xa2tre</html>"),
        ("hub-odd", 403, b"<html>"),
        ("hub-down", 503, b""),
        ("charter-none", 404, b"{}"),
    ],
)
def test_something_else_stands_where_the_hub_was(
    post: Post, opened: ExitStack, cause: str, status: int, body: bytes
) -> None:
    port = opened.enter_context(answering({"": (status, body)}))
    post.rewrite("agent.toml", post.town.hub_url, f"http://127.0.0.1:{port}")
    shows(post, cause)


def test_something_else_stands_where_the_custodian_was(post: Post, opened: ExitStack) -> None:
    port = opened.enter_context(answering({"": (200, b"<html>")}))
    post.rewrite("agent.toml", post.town.custodian_url, f"http://127.0.0.1:{port}")
    shows(post, "custodian-silent")


def test_a_custodian_of_before_does_not_tell_the_quota(post: Post, opened: ExitStack) -> None:
    season = post.town.keeper.keys.public().model_dump_json().encode()  # type: ignore[union-attr]
    missing = b'{"type": "https://farandole.example/problems/not-found", "title": "", "status": 404, "detail": ""}'
    port = opened.enter_context(answering({"": (404, missing), api.PATH_KEYS: (200, season)}))
    post.rewrite("agent.toml", post.town.custodian_url, f"http://127.0.0.1:{port}")
    _code, found = run(post)
    assert found["quota"]["state"] == "skipped"
    assert found["custodian"]["state"] == "ok"


def test_proxies(post: Post, opened: ExitStack, tmp_path: Path) -> None:
    dead = f"http://anne:secret@127.0.0.1:{free_port()}"
    post.patch.setenv("HTTPS_PROXY", dead)
    told = shows(post, "proxy-dead", *_before(post, "https://hub.invalid"))
    assert "HTTPS_PROXY" in told["found"]
    assert "secret" not in json.dumps(told), "a password of the proxy is on the screen"
    post.patch.setenv("NO_PROXY", "hub.invalid")
    assert "proxy-dead" not in run(post, "--hub", "https://hub.invalid")[1]
    post.patch.delenv("NO_PROXY")
    port = opened.enter_context(answering({"": (407, b"")}))
    post.patch.setenv("HTTPS_PROXY", f"127.0.0.1:{port}")
    assert "407" in shows(post, "proxy-refuses", "--hub", "https://hub.invalid")["found"]
    tunnel = opened.enter_context(tunnelling())
    post.patch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{tunnel}")
    context = certified(tmp_path / "tls")
    post.patch.setenv("SSL_CERT_FILE", str(tmp_path / "tls" / "authority.pem"))
    server = opened.enter_context(answering({"": (404, b"")}, context))
    _code, found = run(post, "--hub", f"https://127.0.0.1:{server}")
    assert {found[name]["state"] for name in ("proxy", "tls", "clock")} == {"ok"}


def _before(post: Post, hub: str) -> tuple[str, str]:
    """The words to try a hub before joining."""
    post.home = post.home.parent / "before"
    post.home.mkdir(exist_ok=True)
    return "--hub", hub


@pytest.mark.parametrize(
    ("cause", "made"),
    [
        ("tls", {}),
        ("tls-expired", {"ends": -1}),
        ("tls-early", {"begins": 2}),
        ("tls-name", {"name": "127.0.0.2"}),
        ("tls-name", {"name": "hub.example", "stranger": True}),
        ("tls-issuer", {"stranger": True}),
        ("tls-soon", {"ends": 3}),
    ],
)
def test_certificates(
    post: Post, opened: ExitStack, tmp_path: Path, cause: str, made: dict[str, Any]
) -> None:
    stranger = made.get("stranger", False)
    context = certified(tmp_path / "tls", **{k: v for k, v in made.items() if k != "stranger"})
    certified(tmp_path / "other")
    known = tmp_path / ("other" if stranger else "tls") / "authority.pem"
    post.patch.setenv("SSL_CERT_FILE", str(known))
    url = f"https://127.0.0.1:{opened.enter_context(answering({'': (404, b'')}, context))}"
    words = _before(post, url)
    if cause == "tls":
        code, found = run(post, *words)
        assert (code, found["tls"]["state"], found["clock"]["state"]) == (0, "ok", "ok")
        assert "Autorité d'essai" in found["tls"]["found"]
    else:
        shows(post, cause, *words)


def test_a_bundle_that_the_environment_names_is_the_one_that_counts(
    post: Post, opened: ExitStack, tmp_path: Path
) -> None:
    context = certified(tmp_path / "tls")
    certified(tmp_path / "other")
    url = f"https://127.0.0.1:{opened.enter_context(answering({'': (404, b'')}, context))}"
    post.patch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "other" / "authority.pem"))
    words = _before(post, url)
    assert "other/authority.pem" in shows(post, "tls-issuer", *words)["found"]
    post.patch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "tls" / "authority.pem"))
    assert run(post, *words)[1]["tls"]["state"] == "ok"


def test_a_port_that_does_not_speak_tls(post: Post, opened: ExitStack) -> None:
    port = opened.enter_context(talking_nonsense())
    shows(post, "tls-other", *_before(post, f"https://127.0.0.1:{port}"))
