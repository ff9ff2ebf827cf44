"""Open the custodian's database, SQLite or PostgreSQL, and hand out transactions that queue behind one head row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, Executable, NullPool, create_engine, event, insert, select
from sqlalchemy.engine import URL, Connection, CursorResult, make_url

from contracts.chain import GENESIS, Head
from contracts.clock import Clock, stamp
from hub.custodian import tables
from hub.custodian.errors import ConfigError

HEAD_ROW: Final = 1
_BUSY_MILLISECONDS: Final = 60_000


@dataclass(frozen=True)
class Transaction:
    """Everything that one request may change; leaving the block without ``commit`` rolls back."""

    connection: Connection
    clock: Clock
    head: Head

    def run(self, statement: Executable) -> CursorResult[Any]:
        """Execute one statement."""
        return self.connection.execute(statement)

    def now(self) -> str:
        """Return the present instant as the wire writes it."""
        return stamp(self.clock.now())

    def commit(self) -> None:
        """Make the changes durable."""
        self.connection.commit()


class Store:
    """The custodian's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self) -> None:
        """Make the tables where they are missing."""
        tables.metadata.create_all(self._engine)
        with self._engine.connect() as connection:
            if connection.execute(select(tables.head)).first() is None:
                first = {"id": HEAD_ROW, "sequence": GENESIS.sequence, "sha256": GENESIS.sha256}
                connection.execute(insert(tables.head).values(first))
            connection.commit()

    @contextmanager
    def transaction(self, clock: Clock) -> Iterator[Transaction]:
        """Yield a transaction that holds the head row, so that no other one writes meanwhile."""
        with self._engine.connect() as connection:
            row = connection.execute(select(tables.head).with_for_update()).one()
            yield Transaction(connection, clock, Head(sequence=row.sequence, sha256=row.sha256))

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def open_store(url: str) -> Store:
    """Return the store at *url* (``sqlite:///file`` or ``postgresql://…``).

    Raises:
        ConfigError: the URL names another kind of database, or one in memory.
    """
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        return Store(create_engine(parsed, pool_pre_ping=True, hide_parameters=True))
    if kind == "sqlite" and parsed.database and parsed.database != ":memory:":
        return Store(_sqlite(parsed))
    raise ConfigError(
        "Found a database of kind {kind} that cannot be kept; expected an SQLite file or PostgreSQL.",
        kind=kind,
    )


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _durable(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        connection.execute("PRAGMA journal_mode = TRUNCATE")
        connection.execute("PRAGMA synchronous = EXTRA")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
