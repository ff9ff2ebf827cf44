"""Opens one table, whatever it is made of, as categorical text columns, with errors that say what to do."""

import io
import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from venue_agent.errors import ColumnMissing, EmptySource, SourceMissing
from venue_agent.hearing import Heard, unheard
from venue_agent.settings.mapping import FileRule
from venue_agent.sources import kinds
from venue_agent.sources.decode import decoded
from venue_agent.sources.encodings import find_decoding
from venue_agent.sources.quick import Uneven, columns_of, gathered
from venue_agent.sources.text import IsHeader, Opened, Piece, open_text
from venue_agent.sources.tidy import NOTES, tidy
from venue_agent.words import _


@dataclass(frozen=True)
class Table:
    """One file of the exports folder, or the answer to one query (then there is no ``path``)."""

    name: str  # what messages call it
    written: float  # seconds since 1970; now for a query
    path: Path | None = None


def find_tables(folder: Path, rule: FileRule, now: float) -> tuple[Table, ...]:
    """Return what *rule* names: its files, in the order of their names, or its query.

    Raises:
        SourceMissing: the pattern leaves the folder, or names no file.
    """
    if rule.url:
        return (Table(_("The database"), now),)
    return tuple(file_table(path) for path in find_files(folder, rule.pattern))


def file_table(path: Path) -> Table:
    """Return the table in the file at *path*, which is there."""
    return Table(path.name, path.stat().st_mtime, path)


def find_files(folder: Path, pattern: str) -> tuple[Path, ...]:
    """Return the files of *folder* that *pattern* names, in the order of their names.

    Raises:
        SourceMissing: the pattern leaves the folder, or names no file.
    """
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise SourceMissing(
            _("The pattern {pattern} leaves the exports folder. Correct the mapping.").format(
                pattern=pattern
            )
        )
    found = tuple(sorted(p for p in folder.glob(pattern) if p.is_file()))
    if not found:
        raise SourceMissing(
            _(
                "No file in the exports folder is called {pattern}. Export it there, or "
                "correct the pattern in the mapping."
            ).format(pattern=pattern)
        )
    return found


def open_table(
    table: Table, rule: FileRule, wanted: Iterable[str], heard: Heard = unheard
) -> pd.DataFrame:
    """Return the *wanted* columns of *table* as categorical text, "" where blank.

    Headers are compared without case, accents' composition or outer spaces. Blank lines, repeated
    headers and footers are left out, and counted in ``attrs["notes"]``. *heard* hears of its rows.

    Raises:
        WrongEncoding, EmptySource, ColumnMissing, BrokenSource, SourceMissing, SourceTooLarge,
        DatabaseRefused.
    """
    names = tuple(dict.fromkeys(wanted))
    try:
        found = _read(table, rule, names, heard, quick=True)
    except Uneven:  # a total below, a cell cut in two
        found = _read(table, rule, names, heard, quick=False)
    places = list(dict.fromkeys(found.positions.values()))
    cells = _tidy(table, found.cells, [found.header[place] for place in places])
    frame = pd.DataFrame({n: cells.iloc[:, places.index(at)] for n, at in found.positions.items()})
    frame.attrs[NOTES] = cells.attrs[NOTES]
    return frame


class _Found(NamedTuple):
    """The columns of a table as it stands: where each wanted one is, and those only."""

    header: list[str]
    positions: dict[str, int]
    cells: pd.DataFrame


def _read(
    table: Table, rule: FileRule, names: Sequence[str], heard: Heard, *, quick: bool
) -> _Found:
    words = {same_words(name) for name in names}

    def is_header(cells: Sequence[str]) -> bool:
        return words <= {same_words(cell) for cell in cells}

    with _opened(table, rule, is_header, quick=quick) as opened:
        positions = _positions(table.name, opened.header, names)
        places = list(dict.fromkeys(positions.values()))
        pieces = [columns_of(piece) for piece in _counted(opened, places, heard)]
    return _Found(opened.header, positions, gathered(pieces))


def header_of(table: Table, rule: FileRule, wanted: Iterable[str]) -> list[str]:
    """Return the columns of *table* as written; of its first lines, the one that has the *wanted*.

    Raises:
        AgentError: as ``open_table``, save ColumnMissing.
    """
    words = {same_words(name) for name in wanted}
    with _opened(table, rule, lambda cells: words <= {same_words(c) for c in cells}) as opened:
        return list(opened.header)


def sample_table(table: Table, rule: FileRule, rows: int) -> pd.DataFrame:
    """Return every column of the first *rows* rows at most, under its header as written.

    Raises:
        AgentError: as ``open_table``, save ColumnMissing.
    """
    with _opened(table, rule, lambda _cells: False) as opened:
        first = next(opened.pieces(None), None)
        header = opened.header
    cells = pd.DataFrame() if first is None else _categories(first.iloc[:rows, : len(header)])
    tidied = _tidy(table, cells, header)
    tidied.columns = pd.Index(header)
    return tidied


def same_words(text: str) -> str:
    """Return *text* as headers and words are compared: NFC, one space, no case."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


@contextmanager
def _opened(
    table: Table, rule: FileRule, is_header: IsHeader, *, quick: bool = False
) -> Iterator[Opened]:
    if table.path is None:
        from venue_agent.sources.sql import (  # noqa: PLC0415 - SQLAlchemy costs every command of a venue of files half a second
            answered,
            with_secrets,
        )

        with answered(with_secrets(rule.url, os.environ), rule.query) as (header, pieces):
            yield Opened(header, partial(_chosen, pieces))
        return
    kind = kinds.kind_of(table.path)
    if kind != kinds.TEXT:
        with decoded(table.path, kind, rule.sheet) as stream:
            lines = io.TextIOWrapper(stream, encoding="utf-8", newline="")
            yield open_text(table.name, lines, ",", is_header, quick=quick)
        return
    codec, errors = find_decoding(table.path, rule.encoding)
    with (
        table.path.open("rb") as raw,
        io.TextIOWrapper(raw, encoding=codec, errors=errors, newline="") as text,
    ):
        opened = open_text(table.name, text, rule.separator, is_header, quick=quick)
        size = max(table.path.stat().st_size, 1)
        yield opened._replace(share=lambda: raw.tell() / size)


def _chosen(
    pieces: Iterable[list[list[str]]], places: Sequence[int] | None
) -> Iterator[pd.DataFrame]:
    for piece in pieces:
        frame = pd.DataFrame(piece, dtype="str")
        yield frame if places is None else frame.iloc[:, list(places)]


def _counted(opened: Opened, places: Sequence[int], heard: Heard) -> Iterator[Piece]:
    """Yield the pieces, and tell after each how many rows there were and about how many there are."""
    rows = 0
    for piece in opened.pieces(places):
        yield piece
        rows += len(piece)
        share = opened.share()
        heard(rows, max(rows, round(rows / share)) if share else 0)


def _categories(piece: pd.DataFrame) -> pd.DataFrame:
    """Return *piece* with places for names: two columns may bear the same one."""
    piece.columns = pd.RangeIndex(piece.shape[1])
    return piece.astype("category")


def _tidy(table: Table, cells: pd.DataFrame, header: list[str]) -> pd.DataFrame:
    tidied = tidy(cells, header) if len(cells) else cells
    if tidied.empty:
        raise EmptySource(
            _("{file} has a header and no row. Expected one row per line. Export it again.").format(
                file=table.name
            )
        )
    return tidied


def _positions(table: str, header: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for position, name in enumerate(header):
        places.setdefault(same_words(name), position)
    if missing := [name for name in wanted if same_words(name) not in places]:
        # What stands in the first line is not echoed: without a header it is somebody's data.
        raise ColumnMissing(
            _(
                "{file}: found {count} columns, none called « {name} ». Correct the mapping, or "
                "export that column."
            ).format(file=table, count=len(header), name=missing[0])
        )
    return {name: places[same_words(name)] for name in wanted}
