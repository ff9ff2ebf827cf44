"""DuckDB in memory, shut off from files and network: what it is given leaves only as an answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Limits:
    """What one computation may take of the machine."""

    memory: str = "2GB"
    threads: int = 2


@contextmanager
def open_engine(limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give an empty engine, closed at the end of the block.

    It never spills: rows on a temporary disk would be plain rows. Beyond its memory it fails
    with ``duckdb.OutOfMemoryException`` and nothing was drawn yet.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": limits.memory,
        "threads": str(limits.threads),
        "temp_directory": "",
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "preserve_insertion_order": "false",
        "lock_configuration": "true",
    }
    connection = duckdb.connect(":memory:", config=config)
    try:
        yield connection
    finally:
        connection.close()
