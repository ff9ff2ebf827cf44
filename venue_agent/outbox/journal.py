"""What the agent did, one JSON line a step, for whoever looks after the machine; never a value from data.

A line holds the time, the command, the step, whole numbers and an exit code: nothing else can be written.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final

from contracts.charter_check import CharterError
from contracts.clock import Clock, SystemClock, stamp
from contracts.seal import SealError
from venue_agent.config import Home
from venue_agent.errors import AgentError, CharterRefused, ConfigError, DiskFull
from venue_agent.home.lock import alone, command
from venue_agent.outbox.spool import Spool, disk_is_full

FOLDER: Final = "log"
FILE: Final = "agent.jsonl"
LARGEST: Final = 1024 * 1024
KEPT: Final = 4  # older files: 5 MiB of log at most
INTERRUPTED: Final = 130

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_RESERVED: Final = frozenset({"time", "command", "process", "step"})


@dataclass(frozen=True)
class Journal:
    """The log of one agent's folder; a full disk or a refused right never stops the work itself."""

    folder: Path
    clock: Clock

    @property
    def path(self) -> Path:
        """The newest file."""
        return self.folder / FILE

    def write(self, step: str, **counts: int) -> None:
        """Add one line.

        Raises:
            ValueError: the step is no short name, or a count no whole number; it is not written.
        """
        names = (step, *counts)
        if not all(map(_NAME.fullmatch, names)) or _RESERVED & counts.keys():
            raise ValueError("a step and its counts have short names of the agent's own")
        if not all(type(count) is int for count in counts.values()):
            raise ValueError("the journal holds whole numbers, nothing from data")
        told: dict[str, Any] = {
            "time": stamp(self.clock.now()),
            "command": command(),
            "process": os.getpid(),
            "step": step,
        }
        line = json.dumps(told | counts) + "\n"
        with suppress(OSError):
            self._append(line.encode())

    @contextmanager
    def told(self) -> Iterator[None]:
        """Write that a command begins, and how it ended: its exit code, and how long it took."""
        self.rotate()
        begun = monotonic()
        self.write("begin")
        code = 0
        try:
            yield
        except BaseException as error:
            code = exit_code(error)
            raise
        finally:
            self.write("end", exit_code=code, milliseconds=int((monotonic() - begun) * 1000))

    def rotate(self) -> None:
        """Put a file that has grown large aside, and drop the oldest."""
        with suppress(OSError):  # not there yet, or held open by another run (Windows)
            if self.path.stat().st_size < LARGEST:
                return
            for number in range(KEPT, 0, -1):
                before = self._older(number - 1)
                if before.exists():
                    before.replace(self._older(number))

    def _older(self, number: int) -> Path:
        return self.path.with_suffix(f".{number}.jsonl") if number else self.path

    def _append(self, line: bytes) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line)  # one call: lines of two commands never mix
        finally:
            os.close(handle)


def journal(home: Home, clock: Clock | None = None) -> Journal:
    """Return the log of the agent's folder *home*."""
    return Journal(home.path / FOLDER, clock or SystemClock())


@contextmanager
def at_work(home: Home, clock: Clock | None = None) -> Iterator[Journal]:
    """Hold the folder for a command that writes, mend its spool, and note how the command ended.

    Raises:
        AlreadyRunning: another command holds the folder; that is noted too.
    """
    book = journal(home, clock)
    with book.told(), alone(home, clock):
        Spool(home.spool).recover()
        yield book


def exit_code(error: BaseException) -> int:
    """Return the exit code that a command which ends by *error* has."""
    if isinstance(error, AgentError):
        return error.exit_code
    if isinstance(error, CharterError):
        return CharterRefused.exit_code
    if isinstance(error, SealError):
        return ConfigError.exit_code
    if isinstance(error, OSError) and disk_is_full(error):
        return DiskFull.exit_code
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    return AgentError.exit_code
