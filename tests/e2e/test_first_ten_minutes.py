"""A newcomer's first ten minutes in a real terminal, in French and in English, with one mistake on the way."""

import datetime as dt
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pexpect
import pytest

from contracts.visit import Discipline
from deploy.demo.network import Network, Site
from deploy.demo.processes import BIN, environment
from deploy.demo.theatres import draft
from tests.support.agent_world import write_export

pytestmark = pytest.mark.timeout(1800)  # a whole network; the machine may be shared

PRESET = Path(__file__).parents[2] / "venue_agent" / "presets" / "fr23plus.toml"
SEASON_START = dt.date(2025, 10, 1)
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
REDRAWN = re.compile(r"\r+")  # a progress line is written over the one before
BOX = "J'accepte que mes venues servent aux statistiques du réseau."
CANARY = ("zoe.canari@mail.example", "Canarizoe", "7 rue du Serin")

FRENCH = {
    "lang": "fr",
    "copy": "Recopiez les lignes de l'invitation",
    "mistyped": "code",
    "sign": r"Signer cette charte au nom du lieu",
    "signed": "Signée",
    "correct": "Entrée",
    "which": "Quelle colonne",
    "beside": "à côté de la case",
    "grants": "accorde",
    "written": "Écrit",
    "left": "Rien n'est parti",
    "sent": r"lots? (est|sont) au hub",
}
ENGLISH = {
    "lang": "en",
    "copy": "Copy the lines of the invitation",
    "mistyped": "code",
    "sign": r"Sign this charter in the venue's name",
    "signed": "Signed",
    "correct": "Enter",
    "which": "Which column",
    "beside": "beside the box",
    "grants": "grant",
    "written": "Written",
    "left": "Nothing has left",
    "sent": r"batch(es)? (is|are) at the hub",
}
OURS = {"le-petit-louvre": FRENCH, "the-little-louvre": ENGLISH}


@dataclass
class Terminal:
    """A person at a terminal of 100 columns: reads what is shown, types answers."""

    home: Path
    lang: str
    seen: list[str] = field(default_factory=list)

    def open(self, *words: str) -> Any:
        variables = {k: v for k, v in environment().items() if k not in {"NO_COLOR", "CI"}}
        return pexpect.spawn(
            str(BIN / "venue-agent"), [*words, "--home", str(self.home), "--lang", self.lang],
            env={**variables, "TERM": "xterm-256color", "COLUMNS": "100"},
            dimensions=(40, 100), encoding="utf-8", timeout=400, cwd=str(self.home),
        )  # fmt: skip

    def end(self, child: Any) -> tuple[int, str]:
        """Wait for the end of a command; return its exit code and what it showed since the last wait."""
        child.expect(pexpect.EOF)
        child.close()
        said = REDRAWN.sub("\n", ANSI.sub("", child.before))
        self.seen.append(said)
        return int(child.exitstatus), said

    def run(self, *words: str) -> tuple[int, str]:
        return self.end(self.open(*words))


@dataclass
class Walked(Network):
    """A network of which two venues join by hand, each in a terminal and a language."""

    def _enrol(self, site: Site, fingerprint: str) -> None:
        if site.venue not in OURS:
            super()._enrol(site, fingerprint)
            return
        words, terminal = OURS[site.venue], self.terminal(site.venue)
        invitation = self._invitation(site, fingerprint)
        terminal.home.mkdir(parents=True)
        status, said = _join(terminal, words, [*invitation[:-1], "AAAA-BBBB"])
        assert status != 0, said
        assert "--custodian-code" in said
        status, said = _join(terminal, words, invitation)
        assert status == 0, said

    def _invitation(self, site: Site, fingerprint: str) -> list[str]:
        """Return the six lines, as they are asked: venue, hub, fingerprint, code, custodian, its code."""
        hub_code = self.hub("enrol", site.venue).split()[-1]
        declared = str(site.member["declared_identifiers"])
        custodian_code = self.custodian("enrol", site.venue, "--declared", declared).split()[1]
        plan = (self.root / "network.toml").read_text(encoding="utf-8")
        url = {
            key: re.search(rf'^{key}_url = "(.*)"$', plan, re.MULTILINE)
            for key in ("hub", "custodian")
        }
        hub, custodian = (found[1] for found in url.values() if found)
        return [site.venue, hub, fingerprint, hub_code, custodian, custodian_code]

    def agent(self, venue: str, *command: str, check: bool = True) -> str:
        if venue not in OURS:
            return super().agent(venue, *command, check=check)
        words, terminal = OURS[venue], self.terminal(venue)
        child = terminal.open("init")
        child.expect(words["sign"])
        child.sendline("o" if words["lang"] == "fr" else "y")
        status, said = terminal.end(child)
        assert status == 0, said
        assert words["signed"] in said
        return said

    def terminal(self, venue: str) -> Terminal:
        return Terminal(self.agent_home(venue), OURS[venue]["lang"])


def _join(terminal: Terminal, words: dict[str, str], answers: list[str]) -> tuple[int, str]:
    child = terminal.open("init")
    child.expect(words["copy"])
    for answer in answers:
        child.sendline(answer)
    child.sendline("")  # the folder of the exports: the one that is proposed
    return terminal.end(child)


def _visits(people: int) -> list[dict[str, str]]:
    changes = []
    for number in range(people):
        event = SEASON_START + dt.timedelta(days=number % 200)
        booked = event - dt.timedelta(days=number % 30)
        changes.append({
            "Date reservation": f"{booked:%d/%m/%y} 00:00",
            "Date representation": f"{event:%d/%m/%y}",
            "Date optin": f"{booked - dt.timedelta(days=100):%d/%m/%Y}",
            "Email": CANARY[0] if number == 0 else f"personne{number}@mail.example",
            "Nom": CANARY[1] if number == 0 else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 26] * 6,
            "Adresse": CANARY[2] if number == 0 else f"{number} rue Voltaire",
            "Code postal": f"6900{number % 9 + 1}",
            "Optin partenaires": "Oui" if number % 5 else "Non",
        })  # fmt: skip
    return changes


def _site(folder: Path, venue: str) -> Site:
    folder.mkdir(parents=True)
    if venue not in OURS:
        (folder / "mapping.toml").write_text(PRESET.read_text("utf-8"), encoding="utf-8")
        write_export(folder, *_visits(40))
    member = {
        "venue": venue,
        "name": venue.replace("-", " ").title(),
        "discipline": Discipline.MUSEUM.value,
        "postcode": "69001",
        "latitude": 45.76,
        "longitude": 4.83,
        "declared_identifiers": 2_000,
    }
    return Site(member=member, folder=folder)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    root = tmp_path_factory.mktemp("minutes")
    sites = [_site(root / "exports" / name, name) for name in (*OURS, "le-voisin")]
    plan = draft() | {"clusters": []}
    made = Walked(root=root / "net", draft=plan, sites=sites, custodian_operator="Gardien d'essai")
    try:
        made.build()
        yield made
    finally:
        made.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a Unix matter")
@pytest.mark.parametrize("venue", OURS, ids=["fr", "en"])
def test_a_newcomer_joins_maps_checks_reads_and_sends(network: Walked, venue: str) -> None:
    words, terminal = OURS[venue], network.terminal(venue)
    exports = terminal.home / "exports"
    exports.mkdir()
    write_export(exports, *_visits(60))
    export = exports / "essai_billetterie.csv"
    export.write_text(
        export.read_text("cp1252").replace("Email;", "Adresse de contact;", 1), encoding="cp1252"
    )

    _map(terminal, words, export)
    status, said = terminal.run("doctor")
    assert status == 0, said
    status, said = terminal.run("preview")
    assert status == 0, said
    assert re.search(words["left"], said)
    status, said = terminal.run("push", "--no-wait")
    assert status == 0, said
    assert re.search(words["sent"], said)
    network.hub("vault", "run", "--once")
    status, said = terminal.run("push")
    assert status == 0, said
    status, said = terminal.run("status")
    assert status == 0, said
    shown = "".join(terminal.seen)
    assert not [word for word in CANARY if word in shown]
    lines = shown.replace(str(terminal.home), "…").splitlines()
    assert [line for line in lines if len(line) > 100] == []


def _map(terminal: Terminal, words: dict[str, str], export: Path) -> None:
    child = terminal.open("map", str(export))
    child.expect(words["correct"])
    child.sendline("email=Adresse de contact")
    child.expect(words["correct"])
    child.sendline("")
    while True:
        asked = child.expect([words["beside"], words["grants"], words["which"], pexpect.EOF])
        if asked == 3:
            break
        child.sendline([BOX, "statistics", "Optin partenaires"][asked])
    child.close()
    said = REDRAWN.sub("\n", ANSI.sub("", child.before))
    assert child.exitstatus == 0, said
    assert words["written"] in said
    terminal.seen.append(said)
