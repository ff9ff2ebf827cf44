"""A hub, its vault at work and a custodian behind real ports, and agents that may die in front of them."""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from hub.store import inbox
from hub.vault import index
from hub.vault.worker import run_forever
from tests.support import rights_world
from tests.support.rights_world import (  # fmt: skip
    BOTH,
    CANARY,
    MAIL,
    NOVEMBER,
    OCTOBER,
    VENUE,
    ZOE,
    RightsWorld,
    Template,
)
from tests.support.venue_it import serving
from venue_agent.config import Home
from venue_agent.outbox.spool import Spool

ROOT = Path(__file__).parents[2]
DECEMBER = {"Date representation": "05/12/25", "Date reservation": "01/10/25 00:00"}
NEW = {"Nom": "Petit", "Prenom": "Léa", "Email": "lea.petit@exemple.fr"}
LATER = (*BOTH, ZOE | DECEMBER, NEW | NOVEMBER)
"""The export of the day after: another month, and somebody new; Canari has asked to be forgotten."""
ROWS = {"2025-10": 1, "2025-11": 2, "2025-12": 1}
"""Visits that the hub must hold in the end."""
BEFORE = {"2025-10": 2, "2025-11": 2}
"""Visits that it held before."""


class Agents:
    """Starts agents, each a fork of one process that has loaded everything."""

    def __init__(self) -> None:
        command = (sys.executable, "-m", "tests.support.crash_agent")
        self._mother = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip

    def run(self, errand: dict[str, Any]) -> int:
        """Return the exit code of one agent; minus the signal that it died of."""
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        print(json.dumps(errand), file=self._mother.stdin, flush=True)
        return int(self._mother.stdout.readline())

    def close(self) -> None:
        self._mother.communicate()


@dataclass
class Station:
    """One trial: its own hub, vault and agent's folder."""

    world: RightsWorld
    ports: tuple[int, int]
    agents: Agents
    uploads: Counter[str] = field(default_factory=Counter)
    """How often the hub took each part in; a part that it held already does not count."""
    again: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.world.root / VENUE

    def round(
        self,
        kind: str = "none",
        at: int = 0,
        *,
        home: Path | None = None,
        hub: int = 0,
        seconds: float = 30,
    ) -> int:
        """Have an agent do its round; return its exit code once the vault has opened what came.

        *home*, *hub*: another folder, another port for the hub than the station's own; *seconds*:
        how long the agent asks again.
        """
        ports = (hub or self.ports[0], self.ports[1])
        errand = self._errand(home or self.home, ports) | {
            "kind": kind,
            "at": at,
            "seconds": seconds,
        }
        code = self.agents.run(errand)
        self.settle()
        return code

    def traced(self, *tracer: str) -> int:
        """Have an agent do its round under a tracer; return what the tracer ends with."""
        errand = self._errand(self.home, self.ports) | {"kind": "none", "at": 0, "seconds": 30}
        command = (*tracer, sys.executable, "-m", "tests.support.crash_agent", json.dumps(errand))
        code = subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode
        self.settle()
        return code

    def _errand(self, home: Path, ports: tuple[int, int]) -> dict[str, Any]:
        return {"home": str(home), "ports": ports, "told": str(self.world.root / "told.json")}

    def seen(self) -> list[str]:
        """Return the names of the points that the last round passed, if it lived."""
        return list(json.loads((self.world.root / "told.json").read_text()))

    def settle(self) -> None:
        """Wait until the vault has answered every commit that the hub has."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with self.world.web.control.reading() as reading:
                if not inbox.waiting(reading):
                    return
            time.sleep(0.01)
        raise AssertionError("the vault does not answer")

    def visits(self) -> dict[str, int]:
        """Visits in the vault, by month."""
        held: Counter[str] = Counter()
        with self.world.vault.database.reading() as connection:
            for ref in index.parts(connection, [VENUE]):
                if ref.place.kind == "visits":
                    held[ref.place.month] += self.world.vault.facts.read(ref).num_rows
        return {month: rows for month, rows in held.items() if rows}

    def people(self) -> dict[str, set[int]]:
        """Persons in the vault, by month."""
        held: dict[str, set[int]] = {}
        with self.world.vault.database.reading() as connection:
            for ref in index.parts(connection, [VENUE]):
                if ref.place.kind == "persons":
                    rows = self.world.vault.facts.read(ref).column("contribution_key")
                    held.setdefault(ref.place.month, set()).update(rows.to_pylist())
        return {month: keys for month, keys in held.items() if keys}

    def previewed(self) -> dict[str, set[int]]:
        """Persons in the readable files of the spool, as the vault would know them."""
        found = {}
        for packed in Spool(self.home / "spool").months():
            lines = (packed.plaintext / "persons.csv").read_text().splitlines()[1:]
            handles = [line.split(",")[0] for line in lines]
            found[packed.month] = {self.world.vault.keys.contribution_key(VENUE, h) for h in handles}  # fmt: skip
        return {month: keys for month, keys in found.items() if keys}

    def files(self) -> set[str]:
        """Names in the agent's folder, without those that no two runs share."""
        names = (p.relative_to(self.home).as_posix() for p in self.home.rglob("*") if p.is_file())
        return {n for n in names if not n.startswith(("log/", "proofs/", "schedule/"))}


@contextmanager
def stations(root: Path) -> Iterator["Depot"]:
    """Make what every trial starts from, once."""
    template = rights_world.template(root / "network")
    first = root / "first"
    first.mkdir()
    with rights_world.opened(first, template) as world:
        world.export(*BOTH)
        world.prepare()
        world.send()
        rights_world.erasure.erase_here(world.desk(), rights_world.named(email=MAIL), "venue")
        world.export(*LATER)
    agents = Agents()
    yield Depot(template, first, agents)
    agents.close()


@dataclass(frozen=True)
class Depot:
    """Where stations come from."""

    template: Template
    first: Path
    agents: Agents

    @contextmanager
    def station(self, root: Path) -> Iterator[Station]:
        """A fresh copy of the world in which a round is due."""
        for name in ("facts", VENUE):
            shutil.copytree(self.first / name, root / name)
        shutil.copy(self.first / "vault.sqlite", root)
        template = Template(self.template.custodian, self.template.net, self.template.keys, self.first / "hub")  # fmt: skip
        stop = threading.Event()
        servers = [make_server("127.0.0.1", 0, lambda *_: [], threaded=True) for _ in range(2)]
        ports = (servers[0].port, servers[1].port)
        with rights_world.opened(root, template) as world:
            station = Station(world, ports, self.agents)
            hub = _counted(world.web.web.application, station)
            with serving(hub, servers[0]), serving(world.custodian.adapter.app, servers[1]):
                worker = threading.Thread(target=run_forever, args=(world.vault, world.inbox(), stop, 0.02))  # fmt: skip
                worker.start()
                yield station
                stop.set()
                worker.join()


def _counted(app: Any, station: Station) -> Any:
    def serve(environ: dict[str, Any], start: Any) -> Any:
        def told(status: str, *args: Any) -> Any:
            if environ["REQUEST_METHOD"] == "PUT" and "/parts/" in environ["PATH_INFO"]:
                name = environ["PATH_INFO"].rsplit("/", 1)[1]
                if status.startswith("201"):
                    station.uploads[name] += 1
                elif status.startswith("2"):  # a cut request is a 400, which took nothing in
                    station.again.append(name)
            return start(status, *args)

        return app(environ, told)

    return serve


__all__ = ["BEFORE", "CANARY", "OCTOBER", "ROWS", "Depot", "Home", "Station", "stations"]
