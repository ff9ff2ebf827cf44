"""Encrypted Parquet files, created once and never changed: the only place where visit rows rest.

Parquet modular encryption (AES-GCM, one derived key a file, its place as additional data). DuckDB 2.0
cannot write it without an extension from the network and refuses pyarrow's additional data, so pyarrow
decrypts and DuckDB receives Arrow in memory; no plain row ever touches the disk.
"""

import contextlib
import hashlib
import io
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Any, BinaryIO, Final, Literal, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.parquet import encryption

from hub.errors import HubError, StateConflict
from hub.vault.keys import KEY_SIZE, VaultKeys

Kind = Literal["persons", "tokens", "visits", "arms", "snapshot", "linkage"]
FROZEN: Final = frozenset({"snapshot", "linkage"})
ROW_GROUP: Final = 131_072


@dataclass(frozen=True)
class Place:
    """What a file holds: authenticated with it, so that files cannot be exchanged."""

    kind: Kind
    venue: str  # of snapshots: the edition
    month: str  # of snapshots: empty

    def label(self) -> bytes:
        """Return the additional data that binds the bytes to this place."""
        return f"farandole/facts/1|{self.kind}|{self.venue}|{self.month}".encode()


@dataclass(frozen=True)
class PartRef:
    """One file: where it belongs, the digest of its encrypted bytes, the salt of its key."""

    place: Place
    sha256: str
    salt: bytes


class Readable(Protocol):
    """Files of visits that can be read; the vault's are encrypted, those of an audit are made up in memory."""

    def read(self, ref: PartRef, columns: list[str] | None = None) -> pa.Table:
        """Return the rows of one file."""
        ...

    def rows(self, ref: PartRef) -> int:
        """Return how many they are."""
        ...


class FactStore:
    """A folder of encrypted files."""

    def __init__(self, root: Path, keys: VaultKeys) -> None:
        self._root = root
        self._keys = keys

    def write(self, place: Place, table: pa.Table) -> PartRef:
        """Encrypt *table* into a new file, on the disk when this returns."""
        return self.write_all(place, [table])

    def write_all(self, place: Place, tables: Iterable[pa.Table]) -> PartRef:
        """Encrypt *tables*, one after the other and at least one, into a new file; one is in memory at a time."""
        salt = token_bytes(KEY_SIZE)
        properties = encryption.create_encryption_properties(
            self._keys.file_key(place.kind, salt, place.label()),
            aad_prefix=place.label(),
            store_aad_prefix=False,
        )

        def fill(file: "_Digesting") -> None:
            following = iter(tables)
            first = next(following)
            with pq.ParquetWriter(
                file, first.schema, compression="zstd", encryption_properties=properties
            ) as writer:
                for table in chain([first], following):
                    writer.write_table(table, row_group_size=ROW_GROUP)

        return _create(lambda sha256: PartRef(place, sha256, salt), self.path, fill)

    def read(self, ref: PartRef, columns: list[str] | None = None) -> pa.Table:
        """Decrypt one file.

        Raises:
            StateConflict: it is missing, or not the file that was written for this place.
        """
        with self._opened(ref) as file:
            return file.read(columns=columns)

    def stream(self, ref: PartRef, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """Decrypt one file, a few rows at a time; raises as ``read`` does."""
        with self._opened(ref) as file:
            for group in range(file.num_row_groups):
                yield file.read_row_group(group, columns=columns)

    def rows(self, ref: PartRef) -> int:
        """Return how many rows one file holds; raises as ``read`` does."""
        with self._opened(ref) as file:
            return int(file.metadata.num_rows)

    @contextlib.contextmanager
    def _opened(self, ref: PartRef) -> Iterator[pq.ParquetFile]:
        properties = encryption.create_decryption_properties(
            self._keys.file_key(ref.place.kind, ref.salt, ref.place.label()),
            aad_prefix=ref.place.label(),
        )
        try:
            with pq.ParquetFile(self.path(ref), decryption_properties=properties) as file:
                yield file
        except (OSError, pa.ArrowException):
            raise StateConflict(
                "The {kind} of {venue} {month} cannot be read from the facts folder; restore the folder and "
                "the vault database together, or ask the venue to send again.",
                kind=ref.place.kind,
                venue=ref.place.venue,
                month=ref.place.month,
            ) from None

    def path(self, ref: PartRef) -> Path:
        """Return where the file stands."""
        frozen = ref.place.kind in FROZEN
        folder = self._root / ("snapshots" if frozen else f"venue={ref.place.venue}")
        stem = "part" if ref.place.kind == "visits" else ref.place.kind
        return folder / f"{stem}-{ref.sha256}.parquet"

    def delete(self, refs: Collection[PartRef]) -> None:
        """Remove files that no row names any more; a missing file is no error."""
        for ref in refs:
            self.path(ref).unlink(missing_ok=True)

    def sweep(self, kept: Collection[PartRef]) -> int:
        """Remove what a killed process left behind; return how many files went."""
        known = {self.path(ref) for ref in kept}
        stray = [
            path
            for path in self._root.rglob("*")
            if path.is_file() and path not in known and path.suffix in {".parquet", ".new"}
        ]
        for path in stray:
            path.unlink(missing_ok=True)
        return len(stray)


class _Digesting(io.RawIOBase):
    """A file that is written once, from its first byte to its last, and knows its digest."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw, self._digest = raw, hashlib.sha256()

    def writable(self) -> bool:
        """Say yes, which Arrow asks."""
        return True

    def write(self, data: Any) -> int:
        """Write bytes at the end."""
        self._digest.update(data)
        return self._raw.write(data)

    def hexdigest(self) -> str:
        """Return the digest of all that was written."""
        return self._digest.hexdigest()


def _create(
    ref_of: Callable[[str], PartRef],
    path_of: Callable[[PartRef], Path],
    fill: Callable[[_Digesting], None],
) -> PartRef:
    folder = path_of(ref_of("")).parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = folder / f"{token_hex(8)}.new"
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as raw:
            file = _Digesting(raw)
            fill(file)
            raw.flush()
            os.fsync(raw.fileno())
        ref = ref_of(file.hexdigest())
        new.rename(path_of(ref))
    except (OSError, HubError):
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
    return ref
