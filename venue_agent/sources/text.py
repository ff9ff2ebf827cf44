"""Reads delimited text: finds its header, then gives its rows a piece at a time."""

import csv
import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple, TextIO, TypeAlias, cast

import pandas as pd
import pyarrow as pa

from venue_agent.errors import BrokenSource, EmptySource
from venue_agent.sources.quick import even_pieces
from venue_agent.words import _

SEPARATORS: Final = (";", ",", "\t", "|")
HEADER_BYTES: Final = 1 << 20
HEADER_LINES: Final = 20  # a title and a date may stand above the header
MOSTLY: Final = 0.7  # of the cells of the fullest line: a header names almost every column
CHUNK_ROWS: Final = 250_000
LINE_IN_MESSAGE: Final = re.compile(r"(?:line|row) (\d+)")

IsHeader = Callable[[Sequence[str]], bool]
Piece: TypeAlias = "pd.DataFrame | pa.RecordBatch"
Pieces = Callable[[Sequence[int] | None], Iterator[Piece]]
"""The columns at these places, or all of them (None), some thousands of rows at a time."""


class Opened(NamedTuple):
    """A table whose header was found: its columns as written, and its rows, as text, in order."""

    header: list[str]
    pieces: Pieces
    share: Callable[[], float] = float  # read so far, 0 to 1; 0 where nobody can know


class _Ahead(io.TextIOBase):
    """A text stream of which some lines were looked at already; what pandas asks of a file."""

    def __init__(self, lines: Sequence[str], stream: TextIO) -> None:
        super().__init__()
        self.seen, self.stream = "".join(lines), stream

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        if self.seen:
            seen, self.seen = self.seen, ""
            return seen
        return self.stream.read(-1 if size is None else size)


def open_text(
    name: str, stream: TextIO, separator: str, is_header: IsHeader, *, quick: bool = False
) -> Opened:
    """Return the table in *stream* (opened with ``newline=""``); ``auto`` guesses the separator.

    *quick*: the pieces raise ``Uneven`` at the first row that has not the header's columns.

    The header is the first line of which *is_header* is true; else the first that is as full as
    the others, so that the title above it is passed over.

    Raises:
        EmptySource: there is no line.
        BrokenSource: from the pieces, when a line does not have the header's columns.
    """
    lines = _first_lines(stream)
    filled = [at for at, line in enumerate(lines) if line.strip()]
    if not filled:
        raise EmptySource(
            _("{file} is empty. Expected a header and rows. Export it again.").format(file=name)
        )
    cut = [_cut(lines[at], separator) for at in filled]
    full = [sum(bool(cell.strip()) for cell in cells) for _sign, cells in cut]
    named = [at for at, (_sign, cells) in enumerate(cut) if is_header(cells)]
    place = named[0] if named else next(at for at, n in enumerate(full) if n >= MOSTLY * max(full))
    sign, header = cut[place]
    above = filled[place]
    ahead = _Ahead(lines[above:], stream)
    if quick:
        return Opened(header, partial(even_pieces, ahead, sign, len(header)))
    return Opened(header, partial(_pieces, name, ahead, sign, above))


def _first_lines(stream: TextIO) -> list[str]:
    """Return the first lines; one that a quoted cell continues is one line."""
    lines: list[str] = []
    size = 0
    while len(lines) < HEADER_LINES and size < HEADER_BYTES and (line := stream.readline()):
        while line.count('"') % 2 and size + len(line) < HEADER_BYTES:
            more = stream.readline()
            line += more
            if not more:
                break
        lines.append(line)
        size += len(line)
    return lines


def _cut(line: str, separator: str) -> tuple[str, list[str]]:
    sign = max(SEPARATORS, key=line.count) if separator == "auto" else separator
    return sign, next(csv.reader(line.splitlines(keepends=True), delimiter=sign))


def _pieces(
    name: str, lines: _Ahead, separator: str, above: int, places: Sequence[int] | None
) -> Iterator[pd.DataFrame]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            for piece in pd.read_csv(
                cast("TextIO", lines),
                sep=separator,
                header=0,
                index_col=False,
                dtype=str,  # "category" would turn 01000 into a number
                na_filter=False,
                on_bad_lines="error",  # usecols would silence it, and let a shifted line through
                chunksize=CHUNK_ROWS,
            ):
                yield piece if places is None else piece.iloc[:, list(places)]
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        where = LINE_IN_MESSAGE.search(str(error))
        raise BrokenSource(
            _(
                "{file}: line {line} does not have the header's columns (an "
                "unclosed quote, or a separator inside a cell). Export it again."
            ).format(file=name, line=above + int(where[1]) if where else above + 2)
        ) from None
