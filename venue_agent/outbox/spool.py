"""The spool: packed months on disk, readable before they leave, whole after any crash."""

import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from contracts.base import Wire, canonical, digest
from contracts.batch import Commit, SignedManifest, SignedReceipt
from contracts.clock import Clock
from venue_agent.errors import DiskFull, SpoolDamaged
from venue_agent.outbox.batches import Batch, Sent
from venue_agent.words import _

MANIFEST: Final = "manifest.json"
COMMIT: Final = "commit.json"
RECEIPT: Final = "receipt.json"
PLAINTEXT: Final = "plaintext"
PARTS: Final = "parts"

_TEMPORARY: Final = ".tmp-"
_NEW: Final = ".new-"
_OLD: Final = ".old-"
_LOOKS: Final = 3
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

Model = TypeVar("Model", bound=Wire)


@dataclass(frozen=True)
class Packed:
    """One month of the spool, as it stands on disk."""

    folder: Path
    manifest: SignedManifest
    commit: Commit
    receipt: SignedReceipt | None

    @property
    def month(self) -> str:
        """The month of the events."""
        return self.commit.month

    @property
    def plaintext(self) -> Path:
        """The folder of the very CSV files that are sealed in the parts."""
        return self.folder / PLAINTEXT

    def part(self, sha256: str) -> bytes:
        """Return one sealed part.

        Raises:
            SpoolDamaged: it is missing or altered.
        """
        try:
            data = (self.folder / PARTS / sha256).read_bytes()
        except FileNotFoundError:
            data = b""
        if digest(data) != sha256:
            raise SpoolDamaged(
                _(
                    "A sealed part of {month} is missing or altered in {folder}; prepare the month "
                    "again with `preview`."
                ).format(month=self.month, folder=self.folder)
            )
        return data


class Spool:
    """The folder of packed months; a month is replaced whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, batch: Batch) -> None:
        """Put *batch* in the place of its month, durably.

        Raises:
            DiskFull: no room; what stood there before stands there still.
        """
        self.recover()
        temporary = self.root / f"{_TEMPORARY}{secrets.token_hex(8)}"
        new = self.root / f"{_NEW}{batch.month}"
        try:
            with _disk_errors(self.root):
                _fill(temporary, batch)
                temporary.rename(new)
                _sync(self.root)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        self._swap(new)

    def months(self) -> list[Packed]:
        """Return every month, in the order in which they must be sent.

        Raises:
            SpoolDamaged: a file of a month is missing or cannot be read.
        """
        for left in reversed(range(_LOOKS)):
            folders = self._folders()
            try:
                return sorted(map(_load, folders), key=lambda packed: packed.commit.sequence)
            except SpoolDamaged:
                if not left or all(folder.is_dir() for folder in folders):
                    raise
        return []  # pragma: no cover - the last look returns or raises

    def unsent(self) -> list[Packed]:
        """Return the months that have no receipt yet."""
        return [packed for packed in self.months() if packed.receipt is None]

    def sent(self) -> Mapping[str, Sent]:
        """Return what the vault confirmed, by month: pack leaves out what has not changed since."""
        return {
            packed.month: Sent(packed.commit.charter_sha256, tuple(packed.receipt.receipt.files))
            for packed in self.months()
            if packed.receipt is not None and packed.receipt.receipt.state == "accepted"
        }

    def next_sequence(self, clock: Clock) -> int:
        """Return a sequence above all of this venue, even when the spool was lost: milliseconds."""
        last = max((packed.commit.sequence for packed in self.months()), default=0)
        return max(last + 1, int(clock.now().timestamp() * 1000))

    def confirm(self, packed: Packed, receipt: SignedReceipt) -> None:
        """Keep the vault's receipt; an accepted batch needs its sealed parts no longer.

        Raises:
            DiskFull: no room for the receipt; the month is sent again next time, which is harmless.
        """
        with _disk_errors(self.root):
            temporary = packed.folder / f"{_TEMPORARY}{secrets.token_hex(8)}"
            try:
                _write(temporary, canonical(receipt))
                temporary.replace(packed.folder / RECEIPT)
            finally:
                temporary.unlink(missing_ok=True)
            _sync(packed.folder)
        _free(packed.folder, receipt)

    def _folders(self) -> list[Path]:
        """Return each month's folder; a whole one that has not taken its place yet counts for it.

        Readers hold no lock: a command may be writing, or may have died while it did.
        """
        if not self.root.is_dir():
            return []
        found = {path.name: path for path in self.root.iterdir() if path.name[0] != "."}
        new = {path.name.removeprefix(_NEW): path for path in self.root.glob(f"{_NEW}*")}
        return list((found | new).values())

    def recover(self) -> None:
        """Finish or undo what a process that died had begun; only for whoever holds the agent's folder."""
        if not self.root.is_dir():
            return
        for left in self.root.glob(f"{_TEMPORARY}*"):
            shutil.rmtree(left, ignore_errors=True)
        for new in self.root.glob(f"{_NEW}*"):
            self._swap(new)  # it took this name only when it was whole
        for old in self.root.glob(f"{_OLD}*"):
            shutil.rmtree(old, ignore_errors=True)
        for draft in (*self.root.glob(f"*/{_TEMPORARY}*"), *self.root.glob("*/.*.new")):
            draft.unlink(missing_ok=True)
        with suppress(SpoolDamaged):  # said by whatever needs that month
            for packed in self.months():
                _free(packed.folder, packed.receipt)

    def _swap(self, new: Path) -> None:
        month = new.name.removeprefix(_NEW)
        place, old = self.root / month, self.root / f"{_OLD}{month}"
        with _disk_errors(self.root):
            if place.exists():
                shutil.rmtree(old, ignore_errors=True)
                place.rename(old)
            new.rename(place)
            _sync(self.root)
        shutil.rmtree(old, ignore_errors=True)


def _free(folder: Path, receipt: SignedReceipt | None) -> None:
    """Remove the sealed parts of an accepted month: they are needed no longer."""
    if receipt is not None and receipt.receipt.state == "accepted":
        shutil.rmtree(folder / PARTS, ignore_errors=True)


def _fill(folder: Path, batch: Batch) -> None:
    (folder / PLAINTEXT).mkdir(parents=True, mode=0o700)
    (folder / PARTS).mkdir(mode=0o700)
    for name, data in batch.files.items():
        _write(folder / PLAINTEXT / name, data)
    for part in batch.parts:
        _write(folder / PARTS / digest(part), part)
    _write(folder / MANIFEST, _readable(batch.manifest))
    _write(folder / COMMIT, _readable(batch.commit))
    for inner in (folder / PLAINTEXT, folder / PARTS, folder):
        _sync(inner)


def _readable(model: Wire) -> bytes:
    plain = json.loads(canonical(model))
    return json.dumps(plain, indent=2, sort_keys=True, ensure_ascii=False).encode()


def _load(folder: Path) -> Packed:
    receipt = folder / RECEIPT
    packed = Packed(
        folder=folder,
        manifest=_read(folder / MANIFEST, SignedManifest),
        commit=_read(folder / COMMIT, Commit),
        receipt=_read(receipt, SignedReceipt) if receipt.exists() else None,
    )
    if packed.month != folder.name.removeprefix(_NEW):
        raise SpoolDamaged(
            _("{folder} holds another month than its name says; prepare it again.").format(
                folder=folder
            )
        )
    return packed


def _read(path: Path, model: type[Model]) -> Model:
    try:
        return model.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        raise SpoolDamaged(
            _(
                "{path} is missing or cannot be read; remove its folder and prepare the month "
                "again."
            ).format(path=path)
        ) from None


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    if os.name == "nt":  # pragma: no cover - folders cannot be synced there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _disk_errors(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if not disk_is_full(error):
            raise
        raise DiskFull(
            _(
                "The disk that holds {root} is full. Nothing that was there is lost; free some "
                "space and start again."
            ).format(root=root)
        ) from error


def disk_is_full(error: OSError) -> bool:
    """Return whether *error* says that the disk, the quota or the largest file size is reached."""
    return error.errno in _FULL
