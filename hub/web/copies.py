"""Copies of pages, kept in memory within a bound of bytes: what strangers ask for cannot fill it."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

KEPT_BYTES: Final = (
    32 * 1024 * 1024
)  # of one process: pages × languages × choices that people look at
SMALL: Final = 1024  # bytes that travel in one packet anyway
MARK: Final = 32  # hexadecimal digits of a tag


@dataclass(frozen=True)
class Copy:
    """The bytes of a page, the same packed (b"" when that gains nothing), and the tag that says which they are."""

    body: bytes
    tag: str
    packed: bytes = b""

    @property
    def held(self) -> int:
        """Return how many bytes it takes."""
        return len(self.body) + len(self.packed)


def copy_of(body: bytes) -> Copy:
    """Return a copy of *body*; the same bytes give the same tag and the same packed bytes, whenever that is."""
    packed = gzip.compress(body, compresslevel=6, mtime=0) if len(body) > SMALL else b""
    return Copy(body, hashlib.sha256(body).hexdigest()[:MARK], packed)


class Copies:
    """Pages by all that they were made of; the longest unread ones leave when there is no more room."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._most = most
        self._held = 0
        self._kept: OrderedDict[tuple[object, ...], Copy] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...], draw: Callable[[], str]) -> Copy:
        """Return the copy of *key*, drawn when none is kept; what *draw* raises goes through, and nothing is kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = copy_of(draw().encode())
        with self._lock:
            if key not in self._kept:
                self._held += made.held
            self._kept[key] = made
            while self._held > self._most and len(self._kept) > 1:
                self._held -= self._kept.popitem(last=False)[1].held
        return made
