"""Tells what a file is by its first bytes: its name says what somebody hoped it was."""

import zipfile
from pathlib import Path
from typing import Final

from venue_agent.errors import BrokenSource, SourceMissing
from venue_agent.words import _

TEXT: Final = "text"
SHEET: Final = "sheet"
PARQUET: Final = "parquet"
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP: Final = b"PK\x03\x04"
MARKUP: Final = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")
HEAD: Final = 512


def kind_of(path: Path) -> str:
    """Return ``text``, ``sheet`` (XLSX, XLSB, XLS, ODS) or ``parquet``.

    Raises:
        SourceMissing: the file cannot be read.
        BrokenSource: it is something else: an archive, a PDF, a web page called .xls.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise SourceMissing(
            _("The file {file} cannot be read. Check its rights.").format(file=path.name)
        ) from error
    if head.startswith(b"PAR1"):
        return PARQUET
    if head.startswith(OLD_EXCEL) or (head.startswith(ZIP) and _is_workbook(path)):
        return SHEET
    if head.startswith((ZIP, b"%PDF", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
        raise BrokenSource(
            _(
                "{file} is an archive or a document, not a table. Expected CSV, XLSX, XLS, ODS "
                "or Parquet. Unpack it, or export it again."
            ).format(file=path.name)
        )
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(MARKUP):
        raise BrokenSource(
            _(
                "{file} is a web page, whatever its name says. Open it in a spreadsheet and save "
                "it as XLSX, or export it again as CSV."
            ).format(file=path.name)
        )
    return TEXT


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (OSError, zipfile.BadZipFile, NotImplementedError):
        return path.suffix.lower() in (
            ".xlsx",
            ".xlsm",
            ".xlsb",
            ".ods",
        )  # the child says what is wrong
    return any(name.startswith(("xl/", "content.xml")) for name in names)
