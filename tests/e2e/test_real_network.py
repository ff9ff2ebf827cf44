"""Real visits, real processes: from ticketing exports to a published edition, held against the truth."""

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.edition import Estimate, PublishedEdition
from deploy.demo.network import Network
from tests.support.real_exports import City, make_city
from tests.support.real_network import EDITION, make_network

pytestmark = pytest.mark.timeout(1800)  # a whole network; the machine may be shared

VENUES = 5  # the largest: they hold all four layouts


@pytest.fixture(scope="module")
def city() -> City:
    return make_city("edinburgh")


@pytest.fixture(scope="module")
def network(city: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    largest = sorted(city.venues, key=lambda v: -city.venues[v]["persons_consenting"])[:VENUES]
    assert {city.venues[v]["layout"] for v in largest} == {
        "fr23plus", "fr23+brevo", "eventbrite", "helloasso",
    }  # fmt: skip
    made = make_network(tmp_path_factory.mktemp("real"), city, largest)
    try:
        made.build()
        made.send()
        made.hub("publish", EDITION)
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def published(network: Network) -> PublishedEdition:
    return PublishedEdition.model_validate_json(network.hub("export", EDITION))


def _rows(published: PublishedEdition, table: str) -> dict[tuple[str, ...], Estimate]:
    found = [t for r in published.edition.releases for t in r.tables if t.table == table]
    assert len(found) == 1
    return {tuple(row.keys): row for row in found[0].rows}


def _inside(row: Estimate, truth: float, slack: float) -> bool:
    return row.low_milli / 1000 - slack <= truth <= row.high_milli / 1000 + slack


def test_the_edition_checks_from_public_files(network: Network) -> None:
    assert "FAILS" not in network.hub("verify", EDITION)


def test_reach_of_each_venue_holds_the_truth(city: City, published: PublishedEdition) -> None:
    rows = _rows(published, "reach-venues")
    held = [
        _inside(row, city.venues[keys[0]]["persons_consenting"], slack=8)
        for keys, row in rows.items()
        if keys[0] in city.venues
    ]
    # 95 % intervals over noise and clipping; slack: people whom typing errors made two, or minors
    assert sum(held) >= len(held) - 2


def test_most_pairs_hold_the_truth(
    city: City, network: Network, published: PublishedEdition
) -> None:
    rows = _rows(published, "pairs")
    venues = sorted(site.venue for site in network.sites)
    truth = {
        frozenset((a, b)): city.truth["pairs_consenting"].get("|".join(sorted((a, b))), 0)
        for a, b in itertools.combinations(venues, 2)
    }
    held = {frozenset(keys): _inside(row, truth[frozenset(keys)], 6) for keys, row in rows.items()}
    assert set(held) == set(truth)
    assert sum(held.values()) >= 0.8 * len(held)  # 95 % each, and noise is noise


def test_asked_again_it_is_the_same_and_costs_nothing(network: Network) -> None:
    before, spent = network.hub("export", EDITION), network.hub("budget")
    network.hub("publish", EDITION)
    assert network.hub("export", EDITION) == before
    assert network.hub("budget") == spent


def test_pushed_again_nothing_doubles(network: Network) -> None:
    venue = network.sites[0].venue
    assert network.agent(venue, "push").startswith("Rien à envoyer")
    network.agent(venue, "preview")
    assert network.agent(venue, "push").startswith("Rien à envoyer")


def test_no_identifier_is_in_any_byte_that_left(city: City, network: Network) -> None:
    wanted = _identifiers(city, {site.venue for site in network.sites})
    assert len(wanted) > 1000
    outside = [network.hub_home, network.custodian_home]
    files = [p for home in outside for p in home.rglob("*") if p.is_file()]
    files += [network.log, *network.root.glob("*.log")]
    for path in files:
        data = path.read_bytes().lower()
        found = [word for word in wanted if word in data]
        assert not found, f"{path.name} holds {len(found)} identifiers"


def _identifiers(city: City, venues: set[str]) -> set[bytes]:
    wanted: set[str] = set()
    with Path(city.folder / "truth" / "records.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["venue_id"] in venues:
                wanted |= {row["email"].strip(), row["phone"].replace(" ", "").replace(".", "")}
                wanted.add(f"{row['first']} {row['last']}")
    # a placeholder is nobody's, and ten noughts stand in every chain's first hash
    return {w.lower().encode() for w in wanted if len(w) >= 9 and w.strip("0")}
