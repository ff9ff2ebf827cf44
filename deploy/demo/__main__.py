"""``make demo``: a fictitious world, theatres or sites of a city pass, a custodian, a hub, an edition, and its page."""

import argparse
import hashlib
import json
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from types import ModuleType

import requests
from rich.console import Console
from rich.live import Live

from contracts.api import PATH_CHARTER
from contracts.charter import SignedCharter
from contracts.edition import PublishedEdition
from deploy.demo import citypass, scene, season_clock, theatres, visitor
from deploy.demo.closing import codes, where_to_look
from deploy.demo.headlines import headlines
from deploy.demo.network import Network
from deploy.demo.processes import CommandFailed

ROOT = Path(__file__).parents[2]
EDITION, OPERATOR = theatres.EDITION, theatres.OPERATOR
WORLDS = {"theatres": (theatres, 20_000), "citypass": (citypass, citypass.PEOPLE)}
FOLDERS = {"theatres": "demo", "citypass": "demo-citypass"}
CODE = ("contracts", "hub", "venue_agent", "deploy/demo")
console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    """Build the demonstration network or find it again; print its figures or serve its page."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="print the figures and end")
    parser.add_argument("--world", choices=WORLDS, default="theatres", help="sparse, or dense")
    parser.add_argument("--folder", type=Path, help="where to build; var/demo by default")
    parser.add_argument(
        "--plain", action="store_true", help="without a partner's request: half the work"
    )
    parser.add_argument("--people", type=int, help="how many fictitious people")
    options = parser.parse_args()
    chosen, people = WORLDS[options.world]
    people = options.people or people
    story = chosen is theatres and not options.plain
    started = time.monotonic()
    root: Path = (options.folder or ROOT / "var" / FOLDERS[options.world]).resolve()
    network = Network(
        root=root,
        draft=theatres.story_draft() if story else chosen.draft(),
        sites=(),
        custodian_operator=OPERATOR,
    )
    try:
        if _stands(root):
            console.print("Le réseau de démonstration est déjà construit : on le rouvre.")
            if not options.once:
                _reopen(network)
        else:
            _build(network, chosen, people, story=story)
        _show(root, time.monotonic() - started)
        if not options.once:
            _wait(network.url, root)
    except CommandFailed as error:
        console.print(f"[bold red]La démonstration s'est arrêtée.[/] {error}")
        console.print(f"Le détail est dans {network.log}.")
        return 1
    finally:
        network.stop()
    return 0


def _build(network: Network, chosen: ModuleType, people: int, *, story: bool) -> None:
    root = network.root
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    with console.status("Des lieux fictifs vendent leurs billets…") as status:

        def say(line: str) -> None:
            status.update(f"{line}…")
            if not console.is_terminal:  # a log, where nothing turns
                console.print(f"{line}…")

        network.say = say
        if story:
            scene.Story(network, scene.season_of(root / "exports", people)).play(say)
        else:
            network.sites = chosen.sites(root / "exports", people=people)
            network.build()
            network.send()
            say("Le hub publie l'édition")
            network.hub("publish", EDITION)
            network.hub("verify", EDITION)
    (root / "edition.json").write_bytes(_published(network))
    (root / "charter.json").write_bytes(_charter(network))
    (root / "ready.json").write_text(json.dumps({"code": _code_digest()}))


def _reopen(network: Network) -> None:
    """Serve again a network that was built before, on its own calendar if it has one."""
    calendar = network.root / scene.CLOCK
    if calendar.exists():
        season_clock.catch_up(calendar)
        network.calendar = calendar
    network.restart()


def _published(network: Network) -> bytes:
    return network.hub("export", EDITION).encode()


def _charter(network: Network) -> bytes:
    with requests.Session() as session:
        session.trust_env = False  # no proxy stands on loopback
        return session.get(network.url + PATH_CHARTER, timeout=60).content


def _stands(root: Path) -> bool:
    ready = root / "ready.json"
    return ready.exists() and json.loads(ready.read_text()).get("code") == _code_digest()


def _show(root: Path, seconds: float) -> None:
    published = PublishedEdition.model_validate_json((root / "edition.json").read_bytes())
    signed = SignedCharter.model_validate_json((root / "charter.json").read_bytes())
    for line in headlines(published, signed.charter, console.width):
        console.print(line)
    console.print(f"[dim]en {seconds:.0f} s[/]")


def _wait(url: str, root: Path) -> None:
    console.print(f"\nL'observatoire est ouvert : [bold]{url}/[/]   (Ctrl-C pour fermer)")
    stop = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if not (root / visitor.FILE).exists():
        stop.wait()
        return
    for line in where_to_look(url, root):
        console.print(line)
    with Live(codes(root), console=console, auto_refresh=False) as shown:
        while not stop.wait(1):
            shown.update(codes(root), refresh=True)


def _code_digest() -> str:
    """Return a digest of the code that makes the demonstration: an old network is not shown for a new one."""
    total = hashlib.sha256()
    for top in CODE:
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in {".py", ".toml", ".csv", ".html", ".css"}:
                total.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
