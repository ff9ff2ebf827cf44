"""Opens one delimited text file as categorical text columns, with errors that say what to do."""

import csv
import re
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
from pandas.api.types import union_categoricals

from venue_agent.encodings import find_encoding
from venue_agent.errors import BrokenSource, ColumnMissing, EmptySource, SourceMissing
from venue_agent.mapping import FileRule

SEPARATORS = (";", ",", "\t", "|")
HEADER_BYTES = 1 << 20
CHUNK_ROWS = 250_000
LINE_IN_MESSAGE = re.compile(r"(?:line|row) (\d+)")


def find_files(folder: Path, pattern: str) -> tuple[Path, ...]:
    """Return the files of *folder* that *pattern* names, in the order of their names.

    Raises:
        SourceMissing: the pattern leaves the folder, or names no file.
    """
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise SourceMissing(
            f"The pattern {pattern} leaves the exports folder. Correct the mapping."
        )
    found = tuple(sorted(p for p in folder.glob(pattern) if p.is_file()))
    if not found:
        raise SourceMissing(
            f"No file in the exports folder is called {pattern}. "
            "Export it there, or correct the pattern in the mapping."
        )
    return found


def open_table(path: Path, rule: FileRule, wanted: Iterable[str]) -> pd.DataFrame:
    """Return the *wanted* columns of *path* as categorical text, "" where blank.

    Headers are compared without case, accents' composition or outer spaces.

    Raises:
        WrongEncoding, EmptySource, ColumnMissing, BrokenSource, SourceMissing.
    """
    encoding = find_encoding(path, rule.encoding)
    separator, header = _header(path, encoding, rule.separator)
    positions = _positions(path, header, tuple(dict.fromkeys(wanted)))
    frame = _parse(path, encoding, separator, sorted(positions.values()))
    if frame.empty:
        raise EmptySource(
            f"{path.name} has a header and no row. Expected one row per line. Export it again."
        )
    frame.columns = pd.Index([header[i] for i in sorted(positions.values())])
    renamed = {header[position]: name for name, position in positions.items()}
    return frame.rename(columns=renamed)


def same_words(text: str) -> str:
    """Return *text* as headers and words are compared: NFC, one space, no case."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def _header(path: Path, encoding: str, separator: str) -> tuple[str, list[str]]:
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        head = stream.read(HEADER_BYTES)
    first = next((line for line in head.splitlines() if line.strip()), "")
    if not first:
        raise EmptySource(f"{path.name} is empty. Expected a header and rows. Export it again.")
    if separator == "auto":
        separator = max(SEPARATORS, key=first.count)
    return separator, next(csv.reader([first], delimiter=separator))


def _positions(path: Path, header: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for position, name in enumerate(header):
        places.setdefault(same_words(name), position)
    if missing := [name for name in wanted if same_words(name) not in places]:
        # What stands in the first line is not echoed: without a header it is somebody's data.
        raise ColumnMissing(
            f"{path.name}: found {len(header)} columns, none called « {missing[0]} ». "
            "Correct the mapping, or export that column."
        )
    return {name: places[same_words(name)] for name in wanted}


def _parse(path: Path, encoding: str, separator: str, positions: list[int]) -> pd.DataFrame:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            chunks = pd.read_csv(
                path,
                sep=separator,
                encoding=encoding,
                encoding_errors="replace",  # cp1252 has five holes; the encoding is found already
                header=0,
                index_col=False,
                dtype=str,  # "category" would turn 01000 into a number
                na_filter=False,
                on_bad_lines="error",  # usecols would silence it, and let a shifted line through
                chunksize=CHUNK_ROWS,
            )
            return _gather([chunk.iloc[:, positions].astype("category") for chunk in chunks])
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        where = LINE_IN_MESSAGE.search(str(error))
        raise BrokenSource(
            f"{path.name}: line {where[1] if where else '2'} does not have the header's columns "
            "(an unclosed quote, or a separator inside a cell). Export it again."
        ) from None


def _gather(chunks: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the chunks as one frame; only distinct texts are held, so memory stays small."""
    if len(chunks) == 1:
        return chunks[0]
    columns = chunks[0].columns if chunks else pd.Index([])
    return pd.DataFrame(
        {name: union_categoricals([chunk[name] for chunk in chunks]) for name in columns}
    )
