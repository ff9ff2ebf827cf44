"""Writes a file whole or not at all, where only this account can read it."""

import os
from collections.abc import Iterable
from pathlib import Path


def write_private(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 in the place of *path*, durably."""
    write_private_pieces(path, [data])


def write_private_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file of mode 0600 in the place of *path*, durably, one piece after the other."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
