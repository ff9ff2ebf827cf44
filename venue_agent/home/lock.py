"""One writing run at a time in an agent's folder; the system itself lets go when a run ends or is killed.

The file stays for ever and holds nothing but who locked it last: no file is ever taken for a lock, so none
can be stale. It must stand on a local disk, as the agent's other files.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

from contracts.clock import Clock, SystemClock, parse_stamp, stamp
from venue_agent.config import Home
from venue_agent.errors import AlreadyRunning
from venue_agent.words import _

FILE: Final = "agent.lock"
_FAR: Final = 1 << 30  # Windows hides locked bytes from readers: lock one that nobody writes
_MOST: Final = 500
_COMMAND: Final = re.compile(r"[a-z][a-z-]{0,30}")

if sys.platform == "win32":  # pragma: no cover - tried on POSIX only
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone(home: Home, clock: Clock | None = None) -> Iterator[None]:
    """Hold the agent's folder for a command that writes; commands take it, what they call does not.

    Raises:
        AlreadyRunning: another command holds it, in this process too; says which and since when.
    """
    path = home.path / FILE
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # not inherited by children (PEP 446)
    try:
        try:
            _lock(handle)
        except OSError:  # BlockingIOError, or PermissionError on Windows
            _refuse(path)
        _sign(handle, clock or SystemClock())
        yield
    finally:
        os.close(handle)  # which unlocks


def command() -> str:
    """Return the command that this process was started with; never an argument of it."""
    words = (word for word in sys.argv[1:2] if _COMMAND.fullmatch(word))
    return next(words, "?")


def _sign(handle: int, clock: Clock) -> None:
    told = {"command": command(), "since": stamp(clock.now()), "process": os.getpid()}
    os.ftruncate(handle, 0)
    os.write(handle, json.dumps(told).encode())


def _refuse(path: Path) -> NoReturn:
    try:
        told = json.loads(path.read_bytes()[:_MOST])
        name, process = str(told["command"]), int(told["process"])
        since = parse_stamp(str(told["since"])).astimezone()
    except (OSError, ValueError, KeyError, TypeError):  # it begins just now, or its disk is full
        raise AlreadyRunning(
            _(
                "Another command of the agent is at work in {folder}. Nothing was done; wait until "
                "it has ended and start again."
            ).format(folder=path.parent)
        ) from None
    raise AlreadyRunning(
        _(
            "`venue-agent {command}` has been at work in {folder} since {since} (process "
            "{process}). Nothing was done; wait until it has ended and start again."
        ).format(
            command=name, folder=path.parent, since=f"{since:%Y-%m-%d %H:%M:%S}", process=process
        )
    )
