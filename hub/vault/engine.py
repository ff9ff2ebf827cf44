"""DuckDB in memory, shut off from files and network: what it is given leaves only as an answer."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

import duckdb

from hub.errors import ConfigError, HubError

_CLOSED: Final = (
    "SET temp_directory = ''",
    "SET preserve_insertion_order = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


class MemoryRanOut(HubError):
    """A computation needs more memory than it may take; nothing was drawn yet."""


@dataclass(frozen=True)
class Limits:
    """What one computation may take of the machine."""

    memory: str = "2GB"
    threads: int = 2

    def __post_init__(self) -> None:
        """Refuse what is no limit: the text goes into a statement."""
        if not re.fullmatch(r"[0-9]{1,6}(MB|GB)", self.memory) or self.threads < 1:
            raise ConfigError(
                "Found memory {memory!r} and {threads} threads; expected as 2GB and at least 1.",
                memory=self.memory,
                threads=self.threads,
            )

    @property
    def bytes(self) -> int:
        """The memory, as DuckDB counts it: a MB is a million bytes."""
        return int(self.memory[:-2]) * (10**9 if self.memory.endswith("GB") else 10**6)


@contextmanager
def open_engine(limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give an empty engine, closed at the end of the block.

    It never spills: rows on a temporary disk would be plain rows. Beyond its memory it fails,
    and nothing was drawn yet.

    Raises:
        MemoryRanOut: from within the block.
    """
    connection = _started(limits)
    try:
        with _bounded(limits):
            yield connection
    finally:
        connection.close()


Opener = Callable[[Limits], AbstractContextManager[duckdb.DuckDBPyConnection]]
"""How a computation gets an empty engine: ``open_engine``, or ``KeptEngine.open`` where many small ones follow."""


class KeptEngine:
    """One engine for many computations, one after the other: starting one costs more than a small computation.

    For people who are made up only: what a block made is undone at its end, but the engine's memory lives on.
    """

    def __init__(self) -> None:
        self._started: dict[Limits, duckdb.DuckDBPyConnection] = {}

    @contextmanager
    def open(self, limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give an empty engine, emptied at the end of the block; raises as ``open_engine`` does."""
        if limits not in self._started:
            self._started[limits] = _started(limits)
        connection = self._started[limits]
        connection.execute("BEGIN TRANSACTION")
        try:
            with _bounded(limits):
                yield connection
        finally:
            connection.execute("ROLLBACK")


def _started(limits: Limits) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute(f"SET memory_limit = '{limits.memory}'")
    connection.execute(f"SET threads = {limits.threads}")
    for setting in _CLOSED:
        connection.execute(setting)
    return connection


@contextmanager
def _bounded(limits: Limits) -> Iterator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise MemoryRanOut(
            f"Memory ran out at {limits.memory}; nothing was drawn. Give more with --memory or memory_limit."
        ) from None
