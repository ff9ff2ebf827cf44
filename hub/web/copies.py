"""Copies of pages, kept in memory within a bound of bytes: what strangers ask for cannot fill it."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

KEPT_BYTES: Final = (
    32 * 1024 * 1024
)  # of one process: pages × languages × choices that people look at
MARK: Final = 32  # hexadecimal digits of a tag


@dataclass(frozen=True)
class Copy:
    """The bytes of a page, and the tag that says which they are."""

    body: bytes
    tag: str


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
        body = draw().encode()
        made = Copy(body, hashlib.sha256(body).hexdigest()[:MARK])
        with self._lock:
            if key not in self._kept:
                self._held += len(body)
            self._kept[key] = made
            while self._held > self._most and len(self._kept) > 1:
                self._held -= len(self._kept.popitem(last=False)[1].body)
        return made
