"""Keep the elements of an epoch on the venue's own disk, so that each identifier spends the custodian's quota once."""

import hashlib
import os
from collections.abc import Iterable, Iterator, MutableMapping
from pathlib import Path
from typing import Final

from contracts.ristretto import POINT_BYTES

_DIGEST: Final = 32
_RECORD: Final = _DIGEST + POINT_BYTES
_PERSON: Final = b"farandole-elmnts"


class ElementStore(MutableMapping[bytes, bytes]):
    """A file of (keyed digest of the identifier, its element N); another epoch or key starts it afresh.

    The digest is keyed with a secret of the venue, so that the file alone tests no guess. It never leaves.
    """

    def __init__(self, path: Path, secret: bytes, public_key: bytes) -> None:
        """Open or make the file *path* of the epoch whose key is *public_key* (32 bytes)."""
        self._path = path
        self._key = hashlib.blake2b(secret, person=_PERSON, digest_size=_DIGEST).digest()
        self._header = self._digest(public_key) + public_key
        self._held = self._read()

    def __getitem__(self, item: bytes) -> bytes:
        """Return the element of an identifier."""
        return self._held[self._digest(item)]

    def __setitem__(self, item: bytes, element: bytes) -> None:
        """Keep one element, durably."""
        self.update({item: element})

    def __delitem__(self, item: bytes) -> None:
        """Forget one identifier: the file is written anew without it."""
        del self._held[self._digest(item)]
        self._write(b"".join(d + e for d, e in self._held.items()))

    def __iter__(self) -> Iterator[bytes]:
        """Iterate over keyed digests: identifiers themselves are not kept."""
        return iter(self._held)

    def __len__(self) -> int:
        """Return how many are held."""
        return len(self._held)

    def __contains__(self, item: object) -> bool:
        """Tell whether an identifier's element is held."""
        return isinstance(item, bytes) and self._digest(item) in self._held

    def update(self, more: dict[bytes, bytes]) -> None:  # type: ignore[override]
        """Keep many elements with one append and one fsync."""
        records = {self._digest(item): element for item, element in more.items()}
        with self._path.open("ab") as file:
            file.write(b"".join(digest + element for digest, element in records.items()))
            file.flush()
            os.fsync(file.fileno())
        self._held.update(records)

    def take_out(self, items: Iterable[bytes]) -> dict[bytes, bytes]:
        """Forget many identifiers in one writing; return the elements that were held of them."""
        taken = {item: self[item] for item in items if item in self}
        for item in taken:
            del self._held[self._digest(item)]
        if taken:
            self._write(b"".join(digest + element for digest, element in self._held.items()))
        return taken

    def _digest(self, item: bytes) -> bytes:
        return hashlib.blake2b(item, key=self._key, digest_size=_DIGEST).digest()

    def _read(self) -> dict[bytes, bytes]:
        stored = self._path.read_bytes() if self._path.exists() else b""
        whole = stored[: len(stored) - len(stored) % _RECORD]  # a killed append leaves a torn tail
        held = {
            whole[at : at + _DIGEST]: whole[at + _DIGEST : at + _RECORD]
            for at in range(_RECORD, len(whole), _RECORD)
        }
        if whole[:_RECORD] != self._header:
            held = {}
        if not held or len(whole) != len(stored):
            self._write(b"".join(d + e for d, e in held.items()))
        return held

    def _write(self, records: bytes) -> None:
        draft = self._path.with_suffix(".tmp")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(self._header + records)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


def held_epoch(path: Path) -> bytes:
    """Return the public key of the epoch that the file is of; empty when there is none."""
    stored = path.read_bytes()[_DIGEST:_RECORD] if path.exists() else b""
    return stored if len(stored) == POINT_BYTES else b""
