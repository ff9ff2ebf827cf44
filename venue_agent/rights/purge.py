"""Takes people out of the spool: of what was sent, of what waits, and of what is sent in its place."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from venue_agent.outbox.spool import Packed

ROWS: Final = ("activations.csv", "visits.csv", "persons.csv")
"""In the order in which they are rewritten: whoever goes is found by her line of persons, which goes last."""
Reseal = Callable[[Packed, Mapping[str, bytes]], None]
"""Puts a month that was not sent yet in the spool again, with these files."""


@dataclass(frozen=True)
class Gone:
    """Who goes: by handle, or by an identifier as it was sent ("email:<64 hex>")."""

    handles: Collection[str]
    tokens: Collection[str] = frozenset()


def files_of(packed: Packed) -> dict[str, bytes]:
    """Return the plaintext files of a month."""
    return {path.name: path.read_bytes() for path in sorted(packed.plaintext.iterdir())}


def without(files: Mapping[str, bytes], gone: Gone) -> dict[str, bytes]:
    """Return the files without the rows of those people; the others stay byte for byte."""
    out = {row.split(b",")[0] for row in _rows(files["persons.csv"]) if _named(row, gone)}
    kept = dict(files)
    for name in ROWS:
        if name not in files:
            continue  # most months hold no activation
        head, _, body = files[name].partition(b"\n")
        rows = (r for r in body.splitlines(keepends=True) if r.split(b",")[0] not in out)
        kept[name] = head + b"\n" + b"".join(rows)
    return kept


def purge(months: Collection[Packed], gone: Gone, reseal: Reseal | None = None) -> None:
    """Erase those people from every month that was sent, and with *reseal* from what waits too."""
    for packed in months:
        files = files_of(packed)
        kept = without(files, gone)
        if kept == files:
            continue
        if packed.receipt is not None:
            rewrite(packed, kept)
        elif reseal is not None:
            reseal(packed, kept)


def rewrite(packed: Packed, files: Mapping[str, bytes]) -> None:
    """Put these rows in the place of a month's plaintext; what was sealed stays as it was sent."""
    for name in ROWS:
        if name in files:
            _replace(packed, name, files[name])


def _named(row: bytes, gone: Gone) -> bool:
    handle, tokens, *_ = row.decode().split(",")
    return handle in gone.handles or any(token in gone.tokens for token in tokens.split())


def _rows(data: bytes) -> Iterator[bytes]:
    yield from data.splitlines()[1:]


def _replace(packed: Packed, name: str, data: bytes) -> None:
    draft = packed.folder / f".{name}.new"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(packed.plaintext / name)
