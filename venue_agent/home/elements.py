"""Keep the elements of an epoch on the venue's own disk, sealed, so that each identifier spends the custodian's quota once."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Final

from contracts.ristretto import POINT_BYTES

FILE: Final = "elements.bin"
_DIGEST: Final = 32
_RECORD: Final = _DIGEST + POINT_BYTES
_PERSON: Final = b"farandole-elmnts"
_PADS: Final = b"farandole-elpads"
_SEALED: Final = b"farandole-elv2ml"  # the second layout; in the first, elements stood in the clear


class ElementStore(MutableMapping[bytes, bytes]):
    """A file of (keyed digest of the identifier, its element N under a pad); another epoch or key starts it afresh.

    Without the venue's key the file tests no guess, and shows no element that the hub would know. It
    never leaves. A pad covers one element only: digest and epoch decide both.
    """

    def __init__(self, path: Path, key: bytes, public_key: bytes) -> None:
        """Open or make the file *path* of the epoch whose key is *public_key* (32 bytes)."""
        self._path, self._key = path, key
        self._pads = hashlib.blake2b(
            public_key, key=key, person=_PADS, digest_size=_DIGEST
        ).digest()
        mark = hashlib.blake2b(public_key, key=key, person=_SEALED, digest_size=_DIGEST).digest()
        self._header = mark + public_key
        self._first_header = self._digest(public_key) + public_key
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
        self._write(self._held)

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
            file.write(self._rows(records))
            file.flush()
            os.fsync(file.fileno())
        self._held.update(records)

    def take_out(self, items: Iterable[bytes]) -> dict[bytes, bytes]:
        """Forget many identifiers in one writing; return the elements that were held of them."""
        taken = {item: self[item] for item in items if item in self}
        for item in taken:
            del self._held[self._digest(item)]
        if taken:
            self._write(self._held)
        return taken

    def _digest(self, item: bytes) -> bytes:
        return hashlib.blake2b(item, key=self._key, digest_size=_DIGEST).digest()

    def _rows(self, records: Mapping[bytes, bytes]) -> bytes:
        return b"".join(digest + self._padded(digest, e) for digest, e in records.items())

    def _padded(self, digest: bytes, element: bytes) -> bytes:
        """Cover an element, or uncover it."""
        pad = hashlib.blake2b(digest, key=self._pads, digest_size=POINT_BYTES).digest()
        mixed = int.from_bytes(element, "big") ^ int.from_bytes(pad, "big")
        return mixed.to_bytes(POINT_BYTES, "big")

    def _read(self) -> dict[bytes, bytes]:
        stored = self._path.read_bytes() if self._path.exists() else b""
        whole = stored[: len(stored) - len(stored) % _RECORD]  # a killed append leaves a torn tail
        held = {
            whole[at : at + _DIGEST]: whole[at + _DIGEST : at + _RECORD]
            for at in range(_RECORD, len(whole), _RECORD)
        }
        header = whole[:_RECORD]
        if header == self._header:
            held = {digest: self._padded(digest, covered) for digest, covered in held.items()}
        elif header != self._first_header:
            held = {}
        if not held or header != self._header or len(whole) != len(stored):
            self._write(held)
        return held

    def _write(self, records: Mapping[bytes, bytes]) -> None:
        draft = self._path.with_suffix(".tmp")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(self._header + self._rows(records))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


def first_key(signing_key: bytes) -> bytes:
    """Return the key of a store of agent 0.1, which drew it from the signing key: nothing held is lost."""
    return hashlib.blake2b(signing_key, person=_PERSON, digest_size=_DIGEST).digest()


def held_epoch(path: Path) -> bytes:
    """Return the public key of the epoch that the file is of; empty when there is none."""
    stored = path.read_bytes()[_DIGEST:_RECORD] if path.exists() else b""
    return stored if len(stored) == POINT_BYTES else b""
