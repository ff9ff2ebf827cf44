"""One connection kept open for one small question: opening an SQLite file costs thirty times the answer.

Nothing of an answer is kept: the same work is done whether the database changed or not, so that whoever times pages
learns nothing of what was written.
"""

import os
import sqlite3
from threading import Lock
from typing import Any, Final

from sqlalchemy import Engine, Select
from sqlalchemy.dialects.sqlite import dialect

_File = tuple[
    int, int, int
]  # process, device and inode: no connection crosses a fork, or outlives the file that it opened


class KeptReading:
    """A question asked again and again of an SQLite file, on one connection of this process; elsewhere it has no answer."""

    def __init__(self, engine: Engine, question: Select[Any]) -> None:
        self._engine = engine
        self._path = engine.url.database if engine.dialect.name == "sqlite" else None
        self._question: Final = str(question.compile(dialect=dialect()))
        self._lock = Lock()
        self._open: dict[
            _File, Any
        ] = {}  # those of a parent stay here: to close one would be to use it

    def ask(self) -> tuple[Any, ...] | None:
        """Return the one row of the answer; None when the ordinary way must be taken (another database, or any trouble)."""
        if self._path is None:
            return None
        with self._lock:
            try:
                return self._answer(self._path)
            except (OSError, sqlite3.Error):
                self._forget()
                return None

    def _answer(self, path: str) -> tuple[Any, ...] | None:
        status = os.stat(path)  # noqa: PTH116 - asked for every page
        key = (os.getpid(), status.st_dev, status.st_ino)
        if key not in self._open:
            self._forget()
            self._open[key] = self._engine.raw_connection()  # held whole: let go, it closes
        connection: Any = self._open[key].driver_connection
        row: tuple[Any, ...] | None = connection.execute(self._question).fetchone()
        return row

    def _forget(self) -> None:
        for key in [key for key in self._open if key[0] == os.getpid()]:
            self._open.pop(key).close()

    def close(self) -> None:
        """Give this process's connection back."""
        with self._lock:
            self._forget()
