"""Reports being made: each by a process of its own, one at a time, its stage in a file that every worker and reload reads.

A folder for each report, named by all that it is made of, holds ``state.json`` (stages of a public plan), ``lock`` (held by
whoever makes it, so that a crash shows), ``ticket`` (what its asker may call it off with), ``cancel`` and ``report.pdf``.
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, Literal

from contracts.base import canonical, digest
from contracts.charter_check import charter_hash
from hub.web.exports.source import Source

State = Literal["none", "running", "done", "cancelled", "failed"]
AT_ONCE: Final = 3  # reports that may wait or be made, of all strangers together
KEPT: Final = 12
TRIES, PAUSE = (
    20,
    0.01,
)  # how often and how long apart, in seconds, a lock is asked for that a look may hold
MAKER: Final = (sys.executable, "-I", "-m", "hub.web.exports.maker")
PASSED: Final = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "FONTCONFIG_PATH")


class Full(Exception):
    """As many reports are being made as may be; whoever asks comes again."""


@dataclass(frozen=True)
class Making:
    """Where a report stands: ``at`` of ``of`` stages, and the table whose chart is drawn."""

    state: State
    stage: str = ""
    at: int = 0
    of: int = 0
    table: str = ""


class Reports:
    """The reports below one folder, which every worker of the site shares."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: list[subprocess.Popen[bytes]] = []

    def state(self, source: Source) -> Making:
        """Return where the report of *source* stands."""
        place = self._place(source)
        if (place / "report.pdf").exists():
            return Making("done")
        if not place.is_dir():
            return Making("none")
        if _held(place):
            return _read(place)
        if (place / "report.pdf").exists():  # it was finished between the two looks
            return Making("done")
        return Making("cancelled" if (place / "cancel").exists() else "failed")

    def done(self, source: Source) -> bytes | None:
        """Return the report of *source*, if it is made."""
        try:
            return (self._place(source) / "report.pdf").read_bytes()
        except OSError:
            return None

    def start(self, source: Source) -> str:
        """Begin to make the report of *source*, and return what it can be called off with; "" when it is made or under way.

        Raises:
            Full: too many are under way.
        """
        self._made = [one for one in self._made if one.poll() is None]
        if self.state(source).state in ("done", "running"):
            return ""
        self._clean()
        if sum(_held(place) for place in self._places()) >= AT_ONCE:
            raise Full("As many reports are being made as may be; ask again.")
        place = self._place(source)
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        for _ in range(TRIES):
            with _taken(place) as lock:
                if lock is not None:
                    return self._begin(place, lock, source)
            if self.state(source).state in ("done", "running"):
                break
            time.sleep(PAUSE)  # somebody only looked whether it is held
        return ""

    def cancel(self, source: Source, ticket: str) -> bool:
        """Call a report off, for who holds its ticket; return whether it was under way and theirs."""
        place = self._place(source)
        if self.state(source).state != "running" or not self.mine(source, ticket):
            return False
        (place / "cancel").touch()
        return True

    def mine(self, source: Source, ticket: str) -> bool:
        """Return whether *ticket* is that of the report of *source*."""
        try:
            kept = (self._place(source) / "ticket").read_text(encoding="ascii")
        except OSError:
            return False
        return bool(ticket) and secrets.compare_digest(kept, digest(ticket.encode()))

    def _begin(self, place: Path, lock: int, source: Source) -> str:
        ticket = secrets.token_urlsafe(16)
        for name in ("cancel", "state.json"):
            (place / name).unlink(missing_ok=True)
        (place / "ticket").write_text(digest(ticket.encode()), encoding="ascii")
        asked = {
            "published": json.loads(canonical(source.published)),
            "charter": json.loads(canonical(source.charter)) if source.charter else None,
            "lang": source.tongue.code,
        }
        kept = {name: os.environ[name] for name in PASSED if name in os.environ}
        with (
            TemporaryFile() as told
        ):  # a pipe would hold whoever asks until the maker has loaded all it needs
            told.write(json.dumps(asked).encode())
            told.seek(0)
            # The lock goes with it: whoever holds it is at work, and a crash lets it go.
            made = subprocess.Popen(  # noqa: S603 - a fixed command: this Python, a module of ours and a folder of ours
                [*MAKER, str(place.resolve())],
                stdin=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=kept, pass_fds=(lock,), start_new_session=True,
            )  # fmt: skip
        self._made.append(made)
        return ticket

    def _clean(self) -> None:
        """Let the oldest reports go that nobody is making."""
        idle = [place for place in self._places() if not _held(place)]
        idle.sort(key=lambda place: place.stat().st_mtime, reverse=True)
        for place in idle[KEPT - 1 :]:
            shutil.rmtree(place, ignore_errors=True)

    def _places(self) -> list[Path]:
        return [each for each in self._folder.glob("*") if each.is_dir()]

    def _place(self, source: Source) -> Path:
        named = charter_hash(source.charter) if source.charter else ""
        made_of = f"{source.published.edition_sha256} {named} {source.tongue.code}"
        return self._folder / digest(made_of.encode())[:32]


@contextlib.contextmanager
def _taken(place: Path) -> Iterator[int | None]:
    """Hold the lock of a report; None when somebody else does."""
    lock = os.open(place / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        yield None
        return
    try:
        yield lock
    finally:
        os.close(lock)  # the maker's own copy goes on holding it


def _held(place: Path) -> bool:
    """Return whether somebody makes this report; two who look at once do not see each other."""
    try:
        with (place / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no such folder, or one that was cleaned away just now
        return False
    return False


def _read(place: Path) -> Making:
    """Return the stage that the maker wrote last; that it opens, before the first."""
    try:
        told = json.loads((place / "state.json").read_bytes())
    except (OSError, ValueError):
        return Making("running", "open")
    return Making("running", told["stage"], told["at"], told["of"], told["table"])
