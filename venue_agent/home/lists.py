"""Writes advice where only this account can read it, and takes all of it away when somebody is forgotten."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from contracts.cells import guarded
from venue_agent.config import Home
from venue_agent.home.durable import write_private

FOLDER: Final = "recommend"
AUDIENCES: Final = "audiences"
"""Where partners' orders and the files of people for them stand; those of people end in .csv."""


def folder_of(home: Home) -> Path:
    """Return where the lists stand; everything in it can be made again."""
    return home.path / FOLDER


def write(home: Home, name: str, data: bytes) -> Path:
    """Write one file, whole, mode 0600; return where it is."""
    path = folder_of(home) / name
    write_private(path, data)
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
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig" if separator == ";" else "utf-8")


def as_json(value: Any) -> bytes:
    """Return JSON that people can read too."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
