"""Runs alone, under limits: decodes one foreign file and writes it to standard output as CSV.

``python -I -m venue_agent.sources.child KIND PATH SHEET MEMORY SECONDS``. Nothing of ours is imported here but
this file: whoever owns a parser through a crafted file owns a process without memory, without
files to write and without our keys, and the parent reads nothing from it but text.
"""

import contextlib
import csv
import datetime as dt
import importlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

BROKEN: Final = 3
EMPTY: Final = 4
LOCKED: Final = 5
NO_SHEET: Final = 6
TOO_MUCH: Final = 7
MEMORY: Final = 2 << 30
CPU_SECONDS: Final = 300
OPEN_FILES: Final = 64
ROWS_AT_ONCE: Final = 20_000
WHOLE: Final = 1 << 53  # above, a float no longer holds every whole number


def main(kind: str, path: str, sheet: str, memory: str, seconds: str) -> int:
    """Write the table and return 0, or the code of what is wrong; nothing is said on stderr."""
    limit(int(memory), int(seconds))
    out = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False)  # noqa: SIM115
    writer = csv.writer(out, lineterminator="\n")
    try:
        rows = parquet_rows(path) if kind == "parquet" else sheet_rows(path, sheet)
        written = 0
        for row in rows:
            writer.writerow([text_of(cell) for cell in row])
            written += 1
        out.flush()
    except MemoryError:
        return TOO_MUCH
    except LookupError:
        return NO_SHEET
    except Exception as error:  # noqa: BLE001 - a parser may raise anything; its words may be data
        return _code(error)
    return 0 if written else EMPTY


def limit(memory: int, seconds: int) -> None:
    """Take away what a parser does not need; where the system cannot, the parent's limits remain."""
    os.environ.update(ARROW_DEFAULT_MEMORY_POOL="system", OMP_NUM_THREADS="1")
    with contextlib.suppress(ImportError):  # Windows: no such limits
        resource: Any = importlib.import_module("resource")
        for what, most in (
            ("AS", memory),
            ("CPU", seconds),
            ("FSIZE", 0),
            ("CORE", 0),
            ("NOFILE", OPEN_FILES),
        ):
            hard = resource.getrlimit(getattr(resource, f"RLIMIT_{what}"))[1]
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            with contextlib.suppress(ValueError, OSError):  # macOS refuses some
                resource.setrlimit(getattr(resource, f"RLIMIT_{what}"), (bound, bound))


def sheet_rows(path: str, name: str) -> Iterator[Iterable[Any]]:
    """Yield the rows of the sheet called *name*; of the first visible one that has any without."""
    calamine: Any = importlib.import_module("python_calamine")
    book = calamine.CalamineWorkbook.from_path(path)
    if name and name not in book.sheet_names:
        raise LookupError
    visible = [
        meta.name
        for meta in book.sheets_metadata
        if meta.visible == calamine.SheetVisibleEnum.Visible
    ]
    for title in (name,) if name else visible:
        sheet = book.get_sheet_by_name(title)
        if sheet.height:
            yield from sheet.iter_rows()
            return


def parquet_rows(path: str) -> Iterator[Iterable[Any]]:
    """Yield the header, then the rows, a piece at a time: a piece is all that is ever decoded."""
    parquet: Any = importlib.import_module("pyarrow.parquet")
    with parquet.ParquetFile(path, memory_map=False, pre_buffer=False) as file:
        yield file.schema_arrow.names
        for batch in file.iter_batches(ROWS_AT_ONCE, use_threads=False):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def text_of(cell: object) -> str:
    """Return a cell as the CSV of the same export would say it; dates as ISO 8601."""
    writer = WRITTEN.get(type(cell))
    return writer(cell) if writer else str(cell).replace("\x00", "")


def _number(cell: float) -> str:
    if cell != cell:  # noqa: PLR0124 - NaN
        return ""
    return str(int(cell)) if cell.is_integer() and abs(cell) < WHOLE else repr(cell)


WRITTEN: Final[dict[type, Callable[[Any], str]]] = {
    type(None): lambda _: "",
    bool: lambda cell: "true" if cell else "false",
    float: _number,
    # A cell that is a date alone comes as midnight, which is how the CSV exports write it too.
    dt.datetime: lambda cell: cell.replace(tzinfo=None).isoformat(" ", "seconds"),
    dt.time: lambda cell: cell.isoformat("seconds"),
    dt.timedelta: lambda cell: str(dt.timedelta(seconds=round(cell.total_seconds()))),
    bytes: lambda cell: cell.decode("utf-8", "replace").replace("\x00", ""),
}


def _code(error: Exception) -> int:
    name = type(error).__name__
    if name == "PasswordError" or "encrypt" in str(error).lower():
        return LOCKED
    return TOO_MUCH if "Memory" in name or "alloc" in str(error).lower() else BROKEN


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:6]))
