"""The control database's door: open it, bring its tables up to date, write in one queue or read without writing."""

import importlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from contracts.clock import Clock
from hub.errors import HubError
from hub.store import marks
from hub.store.engine import BUSY_MILLISECONDS, open_engine, refuse_if_not_durable
from hub.store.kept import KeptReading
from hub.store.published import Published
from hub.store.transaction import Reached, Reading, Transaction, pass_by

MIGRATION_LOCK = (
    0x_FA_2A_4D_01  # an arbitrary constant: hubs that start together migrate one after the other
)


class StoreUnavailable(HubError):
    """The control database does not answer, is busy for too long, or its disk is full."""


class Control:
    """The control database: ledger, audit chain, editions, members, charter and inbox."""

    def __init__(self, url: str, reached: Reached = pass_by) -> None:
        self.reached = reached
        self._writer: Engine = open_engine(url, writing=True)
        self._line = threading.RLock()
        self._reader: Engine = open_engine(url, writing=False)
        self._mark = KeptReading(self._reader, marks.QUESTION)

    def migrate(self) -> None:
        """Bring the tables to this version's shape; all of it or nothing.

        Raises:
            ConfigError: the server does not keep what it acknowledges, or a newer hub made the tables.
            StoreUnavailable: the database does not answer.
        """
        # Alembic is slow to load and wanted here alone: every other command starts without it.
        schema = importlib.import_module("hub.store.schema")
        with _translated(), self._writer.begin() as connection:
            refuse_if_not_durable(connection)
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            schema.upgrade(connection)

    @contextmanager
    def transaction(self, clock: Clock) -> Iterator[Transaction]:
        """Give a writing unit of work; it ends in ``commit()`` or leaves no trace.

        Raises:
            StoreUnavailable: the database does not answer; whether a commit under way was kept is not known,
                so ask again with the same key.
        """
        with _translated(), self._queue(), self._writer.connect() as connection:
            tx = Transaction(connection, clock, self.reached)
            tx.begin()
            yield tx

    @contextmanager
    def _queue(self) -> Iterator[None]:
        """Let this process's SQLite writers wait in line: left to poll for the file, the unlucky starve."""
        if self._writer.dialect.name != "sqlite":
            yield
            return
        if not self._line.acquire(timeout=BUSY_MILLISECONDS / 1000):
            raise StoreUnavailable("The control database is busy for too long. Try again.")
        try:
            yield
        finally:
            self._line.release()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Give one consistent view that cannot write."""
        with _translated(), self._reader.connect() as connection:
            yield Reading(connection)

    def published(self) -> Published:
        """Return the read-only door of the public pages."""
        return Published(self.reading, quickly=self._mark.ask)

    def close(self) -> None:
        """Give the connections back."""
        self._mark.close()
        self._writer.dispose()
        self._reader.dispose()


def open_control(url: str, *, reached: Reached = pass_by) -> Control:
    """Return the control database at *url*; no table is touched before ``migrate()``.

    Raises:
        ConfigError: the URL is not of SQLite on a file or PostgreSQL.
    """
    return Control(url, reached)


@contextmanager
def _translated() -> Iterator[None]:
    """Speak of the database's failures in the hub's own words, without its SQL."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise StoreUnavailable(
            "The control database does not answer, is busy or full; expected it to. "
            "Nothing was half done: check its disk and server, then try again."
        ) from error
