"""The vault's own database: one head row, locked before anything is read to be changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, insert, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import IntegrityError, OperationalError

from hub.errors import ConfigError, HubError
from hub.vault import tables

BUSY_MS: Final = 120_000  # a freeze of ten million visits fits inside it


class VaultUnavailable(HubError):
    """The vault database does not answer, is busy for too long, or its disk is full."""


class VaultDatabase:
    """SQLite file or PostgreSQL database that the vault process alone may open."""

    def __init__(self, url: str) -> None:
        self._writer = _engine(make_url(url), begin="BEGIN IMMEDIATE")
        self._reader = _engine(make_url(url), begin="BEGIN")

    def migrate(self) -> None:
        """Create what is missing.

        Raises:
            ConfigError: the database was made by a version that this one does not know.
            VaultUnavailable: the database does not answer.
        """
        row = {"id": 1, "schema_version": tables.SCHEMA_VERSION, "revision": 0}
        with _translated():
            tables.metadata.create_all(self._writer)
            try:
                with self._writer.begin() as connection:
                    if connection.execute(select(tables.head.c.id)).first() is None:
                        connection.execute(insert(tables.head).values(row))
            except IntegrityError:
                pass  # another process made the row between our look and our write
            with self.reading() as connection:
                found = connection.execute(select(tables.head.c.schema_version)).scalar_one()
        if found != tables.SCHEMA_VERSION:
            raise ConfigError(
                "The vault database has schema {found}, expected {schema_version}: run the version that made "
                "it.",
                found=found,
                schema_version=tables.SCHEMA_VERSION,
            )

    @contextmanager
    def locked(self) -> Iterator[Connection]:
        """Hold the vault head until ``commit()``; leaving without it rolls everything back.

        Tombstones are read and parts are swapped under this lock alone, so that an upload that
        races with an erasure sees it or is seen by it.

        Raises:
            VaultUnavailable: the database does not answer.
        """
        bump = (
            update(tables.head)
            .where(tables.head.c.id == 1)
            .values(revision=tables.head.c.revision + 1)
        )
        with _translated(), self._writer.connect() as connection:
            connection.execute(bump)  # PostgreSQL: the row lock; SQLite: BEGIN IMMEDIATE took it
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one consistent state; changes nothing.

        Raises:
            VaultUnavailable: the database does not answer.
        """
        with _translated(), self._reader.connect() as connection:
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self._writer.dispose()
        self._reader.dispose()


def _engine(url: URL, begin: str) -> Engine:
    kind = url.get_backend_name()
    if kind == "postgresql":
        level = "READ COMMITTED" if "IMMEDIATE" in begin else "REPEATABLE READ"
        url = url.set(drivername="postgresql+psycopg")
        return create_engine(url, isolation_level=level, hide_parameters=True)
    if kind != "sqlite" or not url.database or url.database == ":memory:":
        raise ConfigError("The vault database must be an SQLite file or a PostgreSQL database.")
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours, above
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = TRUNCATE",
        "synchronous = EXTRA",
        "secure_delete = ON",  # what was erased does not linger in free pages
    ):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise VaultUnavailable(
            "The vault database does not answer, is busy or full; nothing was half done: "
            "check its disk and server, then try again."
        ) from error
