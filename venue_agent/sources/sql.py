"""Reads the answer to one query from a venue's database: streamed, read-only, as text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from venue_agent.errors import ConfigError, DatabaseRefused
from venue_agent.sources.child import text_of
from venue_agent.words import _

ROWS_AT_ONCE: Final = 50_000
SECRET: Final = re.compile(r"\$\{(\w+)\}")
READING: Final = re.compile(
    r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:select|with)\b", re.IGNORECASE | re.DOTALL
)
ONLY_READ: Final = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET TRANSACTION READ ONLY"}


def with_secrets(url: str, environment: Mapping[str, str]) -> str:
    """Return *url* with each ``${NAME}`` taken from *environment*: no password in the mapping.

    Raises:
        ConfigError: a name is not set.
    """

    def value(name: re.Match[str]) -> str:
        if name[1] not in environment:
            raise ConfigError(
                _("The database address needs the variable {name}, which is not set.").format(
                    name=name[1]
                )
            )
        return environment[name[1]]

    return SECRET.sub(value, url)


@contextmanager
def answered(url: str, query: str) -> Iterator[tuple[list[str], Iterator[list[list[str]]]]]:
    """Give the columns of the answer, then its rows as text, some thousands at a time.

    Nothing of the address or of the server's words is repeated: they may hold a password or a cell.

    Raises:
        ConfigError: the query does more than read, or the address names no known database.
        DatabaseRefused: the server does not answer, or not to this.
    """
    if not READING.match(query) or ";" in query.strip().rstrip(";"):
        raise ConfigError(
            _("The query of the mapping must be one SELECT: the agent only reads. Correct it.")
        )
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            if order := ONLY_READ.get(engine.dialect.name):
                connection.exec_driver_sql(order)
            streaming = connection.execution_options(
                stream_results=True, max_row_buffer=ROWS_AT_ONCE, no_parameters=True
            )
            result = streaming.exec_driver_sql(query)
            yield list(result.keys()), _pieces(result)
    except SQLAlchemyError as error:
        raise DatabaseRefused(
            _(
                "The database does not answer the query of the mapping ({kind}). Try the same "
                "address and query with the database's own client, from this machine."
            ).format(kind=type(getattr(error, "orig", None) or error).__name__)
        ) from None
    finally:
        engine.dispose()


def _engine(url: str) -> sa.Engine:
    try:
        return sa.create_engine(url, poolclass=sa.pool.NullPool)
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise ConfigError(
            _(
                "The database address of the mapping is not one. Expected "
                "dialect+driver://user:${{PASSWORD}}@host/base. Correct it."
            ).format()
        ) from None
    except ImportError as error:
        raise ConfigError(
            _("The database needs the Python package {name}. Install it beside the agent.").format(
                name=error.name or "?"
            )
        ) from None


def _pieces(result: sa.CursorResult[Any]) -> Iterator[list[list[str]]]:
    rows: Sequence[Any]
    for rows in result.partitions(ROWS_AT_ONCE):
        yield [[text_of(cell) for cell in row] for row in rows]
