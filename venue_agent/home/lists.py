"""Writes advice where only this account can read it, and takes all of it away when somebody is forgotten."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from contracts.cells import guarded
from venue_agent.config import Home
from venue_agent.home.durable import write_private, write_private_pieces

FOLDER: Final = "recommend"
AUDIENCES: Final = "audiences"
"""Where partners' orders and the files of people for them stand; those of people end in .csv."""


ROWS: Final = 10_000  # written at a time


def folder_of(home: Home) -> Path:
    """Return where the lists stand; everything in it can be made again."""
    return home.path / FOLDER


def write(home: Home, name: str, data: bytes) -> Path:
    """Write one file, whole, mode 0600; return where it is."""
    path = folder_of(home) / name
    write_private(path, data)
    return path


def stream(home: Home, name: str, pieces: Iterable[str], encoding: str = "utf-8") -> Path:
    """Write one file, whole, mode 0600, piece by piece: what a million people are told is not held in memory."""
    path = folder_of(home) / name
    write_private_pieces(path, (piece.encode(encoding) for piece in pieces))
    return path


def discard(home: Home) -> None:
    """Remove every list: somebody in them was forgotten, or the venue leaves."""
    folder = folder_of(home)
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    for path in (home.path / AUDIENCES).glob("*.csv"):
        path.unlink()


def as_csv(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, separator: str = ";"
) -> bytes:
    """Return a table for a spreadsheet: UTF-8 with a BOM, no cell that is a formula.

    With commas it is for a machine, which would take the BOM for a letter: there is none.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(_cells(row))
    return out.getvalue().encode("utf-8-sig" if separator == ";" else "utf-8")


def _cells(row: Sequence[object]) -> list[object]:
    return [guarded(cell) if isinstance(cell, str) else cell for cell in row]


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the text of a table as ``as_csv`` writes it for a spreadsheet, many rows at a time."""
    each = iter(rows)
    some: list[Sequence[object]] = [header]
    yield "\ufeff"
    while some:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerows(map(_cells, some))
        yield out.getvalue()
        some = list(islice(each, ROWS))


def json_pieces(rows: Iterable[dict[str, object]]) -> Iterator[str]:
    """Yield the text of a JSON array of objects, one a line."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "\n]" if before != "[\n" else "[]"


def as_json(value: Any) -> bytes:
    """Return JSON that people can read too."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
