"""DuckDB in memory, shut off from files and network: what it is given leaves only as an answer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
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
                f"Found memory {self.memory!r} and {self.threads} threads; expected as 2GB and at least 1."
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
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"SET memory_limit = '{limits.memory}'")
        connection.execute(f"SET threads = {limits.threads}")
        for setting in _CLOSED:
            connection.execute(setting)
        yield connection
    except duckdb.OutOfMemoryException:
        raise MemoryRanOut(
            f"Memory ran out at {limits.memory}; nothing was drawn. Give more with --memory or memory_limit."
        ) from None
    finally:
        connection.close()
