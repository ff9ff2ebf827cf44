"""What venue IT has before it: a joined agent with an export, and a hub and a custodian on loopback that a test can harm."""

import datetime as dt
import json
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import BaseWSGIServer, make_server

from contracts import api
from contracts.base import canonical, digest
from contracts.clock import stamp
from contracts.seal import fingerprint, signing_public
from hub.app import create_app as hub_app
from hub.config import WebConfig
from hub.custodian import quota, venues
from hub.custodian.app import create_app as custodian_app
from hub.custodian.evaluate import Desk
from hub.custodian.keys import add_season, load_home, make_home
from hub.custodian.store import open_store
from hub.store import charters, members
from hub.store.database import Control, open_control
from tests.support.agent_world import write_export
from tests.support.wire import VENUES, Network, network
from venue_agent import cli
from venue_agent.config import AgentConfig, Home, write_config
from venue_agent.network.custodian_client import HttpCustodian

VENUE = VENUES[0]
SEASON = "2025-2026"
ROOT = Path(__file__).parents[2]
CANARY = ("canari.zoe@mail.example", "0612345678", "Canarizoe", "7 rue du Serin")
NOW = dt.datetime.now(dt.UTC)
CACHES = (".bin", ".sqlite", ".lock", ".jsonl")


@dataclass
class OffsetClock:
    """The machine's clock, some minutes off."""

    off: dt.timedelta = dt.timedelta()

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.off


@dataclass
class Town:
    """A hub and a custodian that serve, and how a test bends what they say."""

    net: Network
    control: Control
    hub_url: str = ""
    custodian_url: str = ""
    clock: OffsetClock = field(default_factory=OffsetClock)
    charter: bytes = b""  # shown in place of the true one
    keeper: Desk | None = None  # the custodian's own

    def invite(self, venue: str) -> str:
        """Return a one-time code of the hub."""
        with self.control.transaction(self.clock) as tx:
            code = members.issue_code(tx, venue)
            tx.commit()
        return code

    def show(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Show the charter as *change* alters it, signatures as they were."""
        plain = json.loads(canonical(self.net.signed))
        change(plain)
        self.charter = json.dumps(plain).encode()

    def sign_again(self, **changes: Any) -> None:
        """Show a charter with *changes* that every member signed."""
        plain = json.loads(canonical(self.net.charter)) | changes
        charter = type(self.net.charter).model_validate_json(canonical(plain))
        self.charter = canonical(replace(self.net, charter=charter).signed)

    def bent(self, app: Any) -> Callable[..., Any]:
        def serve(environ: dict[str, Any], start: Any) -> Any:
            if self.charter and environ["PATH_INFO"] == api.PATH_CHARTER:
                start("200 OK", [("Content-Type", "application/json")])
                return [self.charter]
            return app(environ, start)

        return serve


@dataclass
class Post:
    """One venue's machine: the agent's folder, its exports, and what the last command said."""

    home: Path
    town: Town
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    @property
    def export(self) -> Path:
        return self.home / "exports" / "essai_billetterie.csv"

    def run(self, *words: str) -> tuple[int, str]:
        """Type a command; return its exit code and everything that it printed."""
        self.patch.setattr(sys, "argv", ["venue-agent", *words, "--home", str(self.home)])
        self.capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = self.capture.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    def rewrite(self, name: str, old: str, new: str, encoding: str = "utf-8") -> None:
        path = self.home / name
        text = path.read_text(encoding)
        assert old in text
        path.write_text(text.replace(old, new), encoding)

    def state(self) -> dict[str, str]:
        """A digest of what must not be lost: source, settings, keys, people, spool; caches may change."""
        files = {p for p in self.home.rglob("*") if p.is_file() and p.suffix not in CACHES and p.name != "layouts.json"}  # fmt: skip
        held = {p.relative_to(self.home).as_posix(): digest(p.read_bytes()) for p in files}
        with closing(sqlite3.connect(self.home / "state.sqlite")) as memory:
            return held | {"state.sqlite": "\n".join(memory.iterdump())}


@contextmanager
def serving(app: Any, server: BaseWSGIServer) -> Iterator[None]:
    server.app = app
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    root = tmp_path_factory.mktemp("town")
    servers = [make_server("127.0.0.1", 0, lambda *_: [], threaded=True) for _ in range(2)]
    hub_url, custodian_url = (f"http://127.0.0.1:{server.port}" for server in servers)
    desk = _custodian(root / "custodian")
    net = network(
        valid_from=stamp(NOW - dt.timedelta(days=30)),
        expires=stamp(NOW + dt.timedelta(days=300)),
        custodian={
            "url": custodian_url,
            "operator": "Notaire",
            "contact": "n@example.org",
            "signing_key": "ab" * 32,
            "season_keys": desk.keys.public().season_keys,
        },
    )
    control = _hub(root / "hub", net)
    made = Town(net, control, hub_url, custodian_url, keeper=desk)
    config = WebConfig(
        home=root / "hub",
        network="essai",
        signing_key=net.charter.hub.signing_key,
        public_url=hub_url,
    )
    with desk.store.transaction(desk.clock) as tx:
        code = venues.issue_code(tx, VENUE, daily_cap=100_000)
        quota.open_season(tx, VENUE, SEASON, 100_000)
        tx.commit()
    hub = made.bent(hub_app(config, made.clock, control))
    with (
        serving(hub, servers[0]),
        serving(custodian_app(Desk(desk.store, desk.keys, made.clock), custodian_url), servers[1]),
    ):
        key = signing_public(net.keys[VENUE])
        HttpCustodian(custodian_url, VENUE, net.keys[VENUE], made.clock).enrol(code, key)
        yield made
    control.close()


def _custodian(home: Path) -> Desk:
    make_home(home, "Notaire", None)
    add_season(home, SEASON)
    keys = load_home(home)
    store = open_store(keys.database_url)
    store.create()
    return Desk(store, keys, OffsetClock())


def _hub(home: Path, net: Network) -> Control:
    home.mkdir()
    control = open_control(f"sqlite:///{home / 'control.sqlite'}")
    control.migrate()
    with control.transaction(OffsetClock()) as tx:
        for member in net.charter.members:
            code = members.issue_code(tx, member.venue)
            key = member.signing_key
            members.enrol(tx, api.Enrolment(venue=member.venue, code=code, signing_key=key))
        charters.save_draft(tx, net.charter)
        for signature in net.signed.signatures:
            charters.add_signature(tx, signature)
        tx.commit()
    return control


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory, town: Town) -> Path:
    """An agent that has joined, with its export; nothing is prepared yet."""
    home = Home(tmp_path_factory.mktemp("venue") / "agent")
    home.path.mkdir()
    (home.path / "exports").mkdir()
    write_config(home, _settings(town))
    home.keys.mkdir(mode=0o700)
    key = home.keys / "signing.key"
    key.write_text(town.net.keys[VENUE].hex())
    key.chmod(0o600)
    preset = ROOT / "venue_agent" / "presets" / "fr23plus.toml"
    shutil.copyfile(preset, home.path / "mapping.toml")
    email, phone, name, street = CANARY
    zoe = {"Email": email, "Telephone": phone, "Nom": name, "Adresse": street}
    write_export(home.path / "exports", *[_visit(n) | (zoe if n < 3 else _other(n)) for n in range(40)])  # fmt: skip
    return home.path


def _settings(town: Town) -> AgentConfig:
    return AgentConfig(
        venue=VENUE,
        hub_url=town.hub_url,
        hub_fingerprint=fingerprint_of(town),
        custodian_url=town.custodian_url,
    )


def _visit(number: int) -> dict[str, str]:
    event = NOW - dt.timedelta(days=20 + number % 7)
    booked = event - dt.timedelta(days=number % 11)
    return {
        "Date reservation": f"{booked:%d/%m/%y} 00:00",
        "Date representation": f"{event:%d/%m/%y}",
        "Date optin": f"{booked - dt.timedelta(days=100):%d/%m/%Y}",
    }


def _other(number: int) -> dict[str, str]:
    return {
        "Email": f"personne{number}@mail.example",
        "Nom": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 26] * 6,
        "Adresse": f"{number} rue Voltaire",
        "Code postal": f"6900{number % 9 + 1}",
    }


@pytest.fixture(scope="module")
def prepared(joined: Path, town: Town) -> Path:
    """The same, with a first preview in the spool."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["venue-agent", "preview", "--home", str(joined)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 0
    return joined


@pytest.fixture
def post(
    prepared: Path,
    town: Town,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Post]:
    shutil.copytree(prepared, tmp_path / "agent")
    yield Post(tmp_path / "agent", town, capsys, monkeypatch)
    town.charter, town.clock.off = b"", dt.timedelta()


def fingerprint_of(town: Town) -> str:
    return fingerprint(town.net.charter.hub.signing_key)
