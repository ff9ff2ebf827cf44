"""Engines for the two databases we run on, set so that what was committed survives a power cut."""

from typing import Any, Final

from sqlalchemy import Engine, NullPool, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url

from hub.errors import ConfigError

BUSY_MILLISECONDS: Final = 60_000
POOL_SIZE: Final = 4
POOL_OVERFLOW: Final = 12
DURABLE_COMMITS: Final = frozenset({"on", "local", "remote_write", "remote_apply"})


def open_engine(url: str, *, writing: bool) -> Engine:
    """Return an engine for *url* (``sqlite:///file`` or ``postgresql://…``).

    Raises:
        ConfigError: the URL names another kind of database, or one in memory.
    """
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return _sqlite(parsed, writing=writing)
    if kind == "postgresql":
        return _postgresql(parsed, writing=writing)
    raise ConfigError(
        "found a database of kind {kind}; expected sqlite or postgresql. Change the database URL.",
        kind=kind,
    )


def _sqlite(url: URL, *, writing: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ConfigError(
            "found an SQLite database in memory; expected a file, for a ledger must outlive its process."
        )
    # No pool: a forked worker never shares a file handle, and opening a file costs less than one fsync.
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _durable(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            f"busy_timeout = {BUSY_MILLISECONDS}",
            "journal_mode = TRUNCATE",  # WAL lost commits to a copied file before SQLite 3.51.3
            "synchronous = EXTRA",
            "foreign_keys = ON",
            "trusted_schema = OFF",
            f"query_only = {'OFF' if writing else 'ON'}",  # not mode=ro: that could not undo a killed writer's journal
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _postgresql(url: URL, *, writing: bool) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=BUSY_MILLISECONDS / 1000,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text must not quote a row
        execution_options={"postgresql_readonly": not writing},
        isolation_level="READ COMMITTED" if writing else "REPEATABLE READ",
    )


def refuse_if_not_durable(connection: Connection) -> None:
    """Refuse a PostgreSQL server that answers before the disk has the commit.

    Raises:
        ConfigError: ``fsync`` or ``synchronous_commit`` is off.
    """
    if connection.dialect.name != "postgresql":
        return
    fsync = connection.exec_driver_sql("SHOW fsync").scalar_one()
    commits = connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
    if fsync != "on" or commits not in DURABLE_COMMITS:
        raise ConfigError(
            "found fsync = {fsync} and synchronous_commit = {commits}; expected both on, else a power "
            "cut could refund budget. Change postgresql.conf.",
            fsync=fsync,
            commits=commits,
        )
