"""The same road with both of the hub's databases on PostgreSQL: two venues, real processes, one edition."""

from pathlib import Path

import pytest

from deploy.demo.network import Network
from deploy.demo.theatres import EDITION, OPERATOR, draft, sites
from tests.support.databases import new_postgres_database

pytestmark = pytest.mark.timeout(1800)  # a whole network; the machine may be shared


def test_an_edition_is_published_from_postgresql(tmp_path: Path, postgres_server: str) -> None:
    control, vault = (new_postgres_database(postgres_server) for _ in range(2))
    network = Network(
        root=tmp_path / "network",
        draft=draft() | {"clusters": []},
        sites=sites(tmp_path / "exports", people=600)[:2],
        custodian_operator=OPERATOR,
        hub_options=("--control-url", control, "--vault-url", vault),
    )
    try:
        network.build()
        network.send()
        network.hub("publish", EDITION)
        assert "FAILS" not in network.hub("verify", EDITION)
        assert not list(network.hub_home.rglob("*.sqlite"))
    finally:
        network.stop()
