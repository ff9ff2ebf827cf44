"""Take sealed parts in, unread: each is on disk whole under its own digest, or not at all."""

import datetime as dt
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal, Protocol

from pydantic import TypeAdapter, ValidationError

from contracts.base import Hex32, Slug
from contracts.batch import Acknowledgement, Commit, Part
from contracts.clock import Clock
from contracts.problems import ProblemType
from hub.errors import IntakeRefused
from hub.store import inbox
from hub.store.database import Control

MAX_STAGED_BYTES: Final = 16 * 1024**3
"""What one venue's parts may take on disk at a time: one venue cannot fill the hub's disk alone."""

ABANDONED: Final = dt.timedelta(hours=1)
"""A part that nothing was written to for that long belongs to a process that died."""

_CHUNK: Final = 256 * 1024
_TEMPORARY: Final = ".part-"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SLUG: Final[TypeAdapter[str]] = TypeAdapter(Slug)
_HEX: Final[TypeAdapter[str]] = TypeAdapter(Hex32)


class _Digest(Protocol):
    def hexdigest(self) -> str: ...


@dataclass(frozen=True)
class Inbox:
    """The folder ``<root>/<venue>/<sha256>`` of sealed parts."""

    root: Path
    max_part_bytes: int
    max_staged_bytes: int = MAX_STAGED_BYTES

    def path(self, venue: str, sha256: str) -> Path:
        """Return where a part stands; names are checked here, whatever the caller checked.

        Raises:
            IntakeRefused: a name that is not a slug or a digest.
        """
        try:
            return self.root / _SLUG.validate_python(venue) / _HEX.validate_python(sha256)
        except ValidationError:
            raise IntakeRefused(ProblemType.NOT_FOUND) from None

    def sweep(self, now: dt.datetime) -> None:
        """Remove what a process that died left half-written; other processes may be writing now."""
        limit = (now - ABANDONED).timestamp()
        for left in self.root.glob(f"*/{_TEMPORARY}*"):
            with suppress(FileNotFoundError):
                if left.stat().st_mtime < limit:
                    left.unlink()


def has_part(folder: Inbox, venue: str, sha256: str) -> bool:
    """Return whether this part is here, whole."""
    return folder.path(venue, sha256).is_file()


def receive_part(
    folder: Inbox, venue: str, sha256: str, body: BinaryIO
) -> Literal["received", "already"]:
    """Stream a part to disk and give it its name only when every byte is there and durable.

    Raises:
        IntakeRefused: too large, not what its name says, or the disk is full; nothing remains.
    """
    path = folder.path(venue, sha256)
    if path.is_file():
        return "already"
    with _disk_errors():
        path.parent.mkdir(parents=True, exist_ok=True)
        if _staged(path.parent) > folder.max_staged_bytes:
            raise IntakeRefused(ProblemType.STORAGE)
        temporary = path.with_name(_TEMPORARY + secrets.token_hex(8))
        try:
            with temporary.open("xb") as file:
                found = _copy(body, file, folder.max_part_bytes)
                file.flush()
                os.fsync(file.fileno())
            if found.hexdigest() != sha256:
                raise IntakeRefused(ProblemType.DIGEST)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync(path.parent)
    return "received"


def receive_commit(
    control: Control, folder: Inbox, commit: Commit, clock: Clock
) -> Acknowledgement:
    """Acknowledge a commit whose parts are all here; the same one again changes nothing.

    Raises:
        IntakeRefused: parts are missing, the charter is another, or the reference was used.
    """
    with control.transaction(clock) as tx:
        # A commit that was opened has no parts any more: it is known before they are looked for.
        if not inbox.is_received(tx, commit):
            missing = [part for part in commit.parts if not _stands(folder, commit.venue, part)]
            if missing:
                raise IntakeRefused(ProblemType.MISSING_PARTS)
        state = inbox.record_commit(tx, commit)
        tx.commit()
    return Acknowledgement(commit_sha256=inbox.commit_hash(commit), state=state)


def _stands(folder: Inbox, venue: str, part: Part) -> bool:
    path = folder.path(venue, part.sha256)
    return path.is_file() and path.stat().st_size == part.size


def _staged(folder: Path) -> int:
    total = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                total += entry.stat().st_size
            except FileNotFoundError:
                continue  # the vault opened and removed it just now
    return total


def _copy(source: BinaryIO, target: BinaryIO, limit: int) -> _Digest:
    found, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise IntakeRefused(ProblemType.TOO_LARGE)
        found.update(chunk)
        target.write(chunk)
    return found


def _sync(folder: Path) -> None:
    if os.name == "nt":  # pragma: no cover - folders cannot be synced there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in _FULL
        raise IntakeRefused(ProblemType.STORAGE if full else ProblemType.UNAVAILABLE) from error
