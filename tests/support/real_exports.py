"""Real visits with synthetic identities, made by ../shared when it is there; never copied here."""

import atexit
import csv
import functools
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from venue_agent.frames import Consented, Minimised
from venue_agent.people.handles import Handles

SHARED = Path(__file__).parents[3] / "shared"
MAKER = SHARED / "tools" / "make_venue_exports.py"
SCORER = SHARED / "tools" / "score_exports.py"
VISITS = SHARED / "data" / "visits"
CITIES = ("edinburgh", "toronto")
Unit = tuple[str, str]  # (venue, contribution id)


@dataclass(frozen=True)
class City:
    """``folder`` holds exports/ and truth/; ``venues`` is what the truth file says of each."""

    name: str
    folder: Path
    venues: dict[str, dict[str, Any]]
    truth: dict[str, Any]

    def lay_out(self, venue: str, destination: Path) -> Path:
        """Copy the export files of *venue*, alone, to *destination*; return it."""
        destination.mkdir(parents=True, exist_ok=True)
        for name in self.venues[venue]["files"]:
            shutil.copy2(self.folder / "exports" / name, destination / name)
        return destination


@functools.cache
def make_city(name: str, seed: int = 1) -> City:
    """Return the exports of one city, made once a session; skip, with the reason, without ../shared."""
    if not MAKER.exists():
        pytest.skip(f"real visits are read from {SHARED.name}/ beside the repository: not there")
    folder = Path(tempfile.mkdtemp(prefix=f"farandole-{name}-{seed}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    command = [sys.executable, str(MAKER), "--seed", str(seed), "--out", str(folder)]
    command += ["--visits", str(VISITS / f"flickr_{name}_visits.csv")]
    command += ["--venues", str(VISITS / f"flickr_{name}_venues.csv")]
    command += ["--communes", str(SHARED / "data" / "geo" / "communes_fr.csv")]
    subprocess.run(command, check=True, capture_output=True)
    truth = json.loads((folder / "truth" / "truth.json").read_text(encoding="utf-8"))
    return City(name, folder, truth["venues"], truth)


def ticket_contributions(
    consented: Consented, minimised: Minimised, handles: Handles
) -> dict[str, str]:
    """Return ticket number -> contribution id, for the tickets of people whose rows leave.

    Only the scorer needs it: no ticket number goes past ``minimise``.
    """
    sent = set(minimised.persons["contribution_id"])
    people = consented.persons[consented.persons["identifiers"].map(bool).astype(bool)]
    people = people[people["statistics"]]
    ids = dict(zip(people.index, handles.assign(list(people["keys"])), strict=True))
    lines = zip(consented.tickets["ticket"], consented.tickets["person"], strict=True)
    return {str(t): ids[p] for t, p in lines if p in ids and ids[p] in sent}


def link_plainly(persons: dict[str, pd.DataFrame]) -> dict[Unit, str]:
    """Return (venue, contribution) -> cluster, by union-find over equal identifiers.

    It stands for the vault, without the cryptography and without its guards.
    """
    parent: dict[object, object] = {}

    def find(item: object) -> object:
        while parent.setdefault(item, item) != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    units: list[Unit] = []
    for venue, frame in persons.items():
        for contribution, pairs in zip(frame["contribution_id"], frame["identifiers"], strict=True):
            units.append((venue, contribution))
            for pair in pairs:
                parent[find(pair)] = find((venue, contribution))
    return {unit: str(find(unit)) for unit in units}


def score_linkage(city: City, links: Iterable[tuple[str, str, str]]) -> dict[str, float]:
    """Return what score_exports.py says of links (venue, ticket number, pseudonym)."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "links.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("venue_id", "ticket_no", "pseudonym"), *links])
        command = [sys.executable, str(SCORER), "linkage", str(city.folder / "truth"), str(file)]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    scores: dict[str, float] = json.loads(out[out.index("{") :])
    first = out.splitlines()[0]
    return scores | {"sent_without_consent": float(first.rsplit(" ", 1)[1])}
