"""A whole network in real processes on loopback: custodian, hub, vault, one agent per venue."""

import shutil
import tomllib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.demo.processes import Service, free_port, run
from deploy.demo.toml import dumps

Say = Callable[[str], None]
AT_ONCE = 2


@dataclass(frozen=True)
class Site:
    """One venue: its place in the charter and the folder of its exports and mapping."""

    member: Mapping[str, Any]
    folder: Path

    @property
    def venue(self) -> str:
        """The slug."""
        return str(self.member["venue"])


@dataclass
class Network:
    """Runs the commands that people would type, in the order in which they would."""

    root: Path
    draft: dict[str, Any]  # network.toml but for URLs and members
    sites: Sequence[Site]
    custodian_operator: str
    hub_options: Sequence[str] = ()  # more of `hub init`: other databases
    calendar: Path | None = None  # the network's own clock; the machine's without it
    say: Say = lambda _line: None
    services: list[Service] = field(default_factory=list)

    @property
    def hub_home(self) -> Path:
        """The hub's folder."""
        return self.root / "hub"

    @property
    def custodian_home(self) -> Path:
        """The custodian's folder."""
        return self.root / "custodian"

    def agent_home(self, venue: str) -> Path:
        """The folder of one venue's agent."""
        return self.root / "agents" / venue

    @property
    def log(self) -> Path:
        """Everything that commands printed."""
        return self.root / "commands.log"

    def hub(self, *command: str, check: bool = True) -> str:
        """Run one hub command and return what it printed."""
        return self._run(["hub", *command, "--home", str(self.hub_home)], check=check)

    def agent(self, venue: str, *command: str, check: bool = True) -> str:
        """Run one command of a venue's agent and return what it printed."""
        home = str(self.agent_home(venue))
        return self._run(["venue-agent", *command, "--home", home], check=check)

    def custodian(self, *command: str) -> str:
        """Run one custodian command and return what it printed."""
        home = str(self.custodian_home)
        return self._run(["farandole-custodian", *command, "--home", home])

    def build(self) -> None:
        """Make custodian and hub, enrol every venue, and have all of them sign the charter."""
        self.root.mkdir(parents=True, exist_ok=True)
        hub_port, custodian_port = free_port(), free_port()
        season = str(self.draft["pseudonym_season"])
        self.custodian("init", "--operator", self.custodian_operator, "--season", season)
        self.start_custodian(custodian_port)
        self._write_draft(hub_port, custodian_port)
        draft = str(self.root / "network.toml")
        fingerprint = self.hub("init", "--draft", draft, *self.hub_options).split()[-1]
        signing_key = tomllib.loads((self.hub_home / "web.toml").read_text())["signing_key"]
        self.custodian("pin-hub", str(self.draft["network"]), signing_key)
        self.start_web(hub_port)
        self._each("adhésion", lambda site: self._enrol(site, fingerprint))
        self.hub("charter", "assemble")
        self._each("signature de la charte", lambda site: self.agent(site.venue, "init", "--yes"))

    def send(self) -> None:
        """Prepare and push every venue's export, and have the vault open what arrived."""
        self._each("aperçu et envoi", self._prepare_and_push)
        self.hub("vault", "run", "--once")
        self._each("reçus du coffre", lambda site: self.agent(site.venue, "push"))

    def start_custodian(self, port: int) -> None:
        """Serve the custodian."""
        bind = f"127.0.0.1:{port}"
        command = ["farandole-custodian", "serve", "--bind", bind]
        self._serve([*command, "--home", str(self.custodian_home)], "custodian", bind)

    def start_web(self, port: int) -> None:
        """Serve the hub's web process."""
        bind = f"127.0.0.1:{port}"
        self._serve(["hub", "serve", "--bind", bind, "--home", str(self.hub_home)], "web", bind)

    def restart(self) -> None:
        """Serve again a network that was built before, at the addresses that its charter names."""
        draft = tomllib.loads((self.hub_home / "network.toml").read_text(encoding="utf-8"))
        self.start_custodian(int(draft["custodian_url"].rsplit(":", 1)[1]))
        self.start_web(int(draft["hub_url"].rsplit(":", 1)[1]))

    @property
    def url(self) -> str:
        """The hub's address."""
        draft = tomllib.loads((self.hub_home / "network.toml").read_text(encoding="utf-8"))
        return str(draft["hub_url"])

    def stop(self) -> None:
        """End every service."""
        for service in reversed(self.services):
            service.stop()
        self.services.clear()

    def _prepare_and_push(self, site: Site) -> None:
        self.agent(site.venue, "preview")
        self.agent(site.venue, "push", "--no-wait")

    def _each(self, what: str, act: Callable[[Site], object]) -> None:
        """Do the same for every venue, two at a time: each is a process of its own."""

        def one(site: Site) -> None:
            self.say(f"{site.venue} : {what}")
            act(site)

        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            list(pool.map(one, self.sites))

    def _run(self, command: Sequence[str], *, check: bool = True) -> str:
        return run(command, log=self.log, check=check, calendar=self.calendar)

    def _serve(self, command: Sequence[str], name: str, bind: str) -> None:
        service = Service(command, self.root / f"{name}.log", self.calendar)
        self.services.append(service)
        service.wait_for(f"http://{bind}/v1/{'keys' if name == 'custodian' else 'charter'}")

    def _write_draft(self, hub_port: int, custodian_port: int) -> None:
        draft = {
            **self.draft,
            "hub_url": f"http://127.0.0.1:{hub_port}",
            "custodian_url": f"http://127.0.0.1:{custodian_port}",
            "members": [dict(site.member) for site in self.sites],
        }
        (self.root / "network.toml").write_text(dumps(draft), encoding="utf-8")

    def _enrol(self, site: Site, fingerprint: str) -> None:
        venue = site.venue
        code = self.hub("enrol", venue).split()[-1]
        declared = str(site.member["declared_identifiers"])
        custodian_code = self.custodian("enrol", venue, "--declared", declared).split()[1]
        home = self.agent_home(venue)
        home.mkdir(parents=True, exist_ok=True)
        for name in ("mapping.toml", "catalogue.csv"):
            if (site.folder / name).exists():
                shutil.copyfile(site.folder / name, home / name)
        draft = tomllib.loads((self.root / "network.toml").read_text(encoding="utf-8"))
        self.agent(
            venue, "init", "--yes",
            "--venue", venue, "--hub", draft["hub_url"], "--code", code,
            "--fingerprint", fingerprint,
            "--custodian", draft["custodian_url"], "--custodian-code", custodian_code,
            "--exports", str(site.folder),
        )  # fmt: skip
