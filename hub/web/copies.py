"""Copies of pages, drawn once and kept in memory within a bound of bytes: what strangers ask for cannot fill it."""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hub.web.kept import Kept

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
        self._kept: Kept[Copy] = Kept(most, lambda copy: copy.held)

    def get(self, key: tuple[object, ...], draw: Callable[[], str]) -> Copy:
        """Return the copy of *key*, drawn when none is kept, once for all who ask for it meanwhile.

        What *draw* raises goes through, and nothing is kept.
        """
        return self._kept.get(key, lambda: copy_of(draw().encode()))
