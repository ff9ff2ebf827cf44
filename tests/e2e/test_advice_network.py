"""Advice in a network of real processes: the hub makes the model, a house fetches it, unplugs and advises."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.api import PATH_CHARTER, PATH_EDITION, PATH_MODEL
from deploy.demo.network import Network
from deploy.demo.processes import BIN
from deploy.demo.theatres import EDITION, OPERATOR, draft, sites
from venue_agent.network.transport import new_sender

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

HOUSES = 5
ENVIRONMENT = {**os.environ, "FARANDOLE_LANG": "fr"}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    root = tmp_path_factory.mktemp("advice")
    plan = draft() | {"clusters": []}
    plan["editions"] = [
        plan["editions"][0]
        | {"measures": [m for m in plan["editions"][0]["measures"] if m["measure"] in ("reach", "pairs")]}
    ]  # fmt: skip
    built = Network(root=root, draft=plan, sites=sites(root / "exports", people=800)[:HOUSES],
                    custodian_operator=OPERATOR)  # fmt: skip
    try:
        built.build()
        built.send()
        built.hub("publish", EDITION)
        yield built
    finally:
        built.stop()


def test_from_the_edition_to_the_counter(network: Network, tmp_path: Path) -> None:
    made = network.hub("model", "make", EDITION)
    assert "déjà payé" in made
    assert made.splitlines()[-1] == network.hub("model", "make", EDITION).splitlines()[-1]

    public = {}
    for name, path in (("edition", PATH_EDITION), ("model", PATH_MODEL), ("charter", PATH_CHARTER)):
        answer = new_sender()("GET", network.url + path.format(edition=EDITION), b"", {})
        assert answer.ok
        public[name] = tmp_path / f"{name}.json"
        public[name].write_bytes(answer.body)
    told = subprocess.run(
        [BIN / "hub", "model", "verify", str(public["model"]), "--edition", str(public["edition"]), "--charter", str(public["charter"])],
        capture_output=True, text=True, check=False, env=ENVIRONMENT,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr

    venue = network.sites[0].venue
    assert "reçu et contrôlé" in network.agent(venue, "model", "pull")
    assert "déjà là" in network.agent(venue, "model", "pull")
    network.stop()  # nobody is there any more: what follows needs nobody
    shown = json.loads(network.agent(venue, "model", "show", "--json"))
    assert shown["places"] == HOUSES
    report = json.loads(network.agent(venue, "recommend", "--as", "sheet", "--json"))
    assert report["people"] > 20
    assert report["told"] == 3 * report["people"]
    folder = network.agent_home(venue) / "recommend"
    assert (folder / "counter-sheet.html").stat().st_mode & 0o777 == 0o600
    other = network.sites[1].venue
    ranked = json.loads(network.agent(venue, "recommend", "--to", other, "--json"))
    assert ranked["people"] == report["people"]
