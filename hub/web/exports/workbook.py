"""Tables as a workbook: a first sheet that says what they are, then one sheet each; text is never a formula."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from contracts.clock import parse_stamp
from contracts.edition import Release, Table
from hub.web.exports.plain import number
from hub.web.exports.source import Line, Source
from hub.web.labels import unit_of

MOST_TITLE: Final = 31  # letters of a sheet's name
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A cell of text is written as a shared string: it stays text, whatever its first letter.
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(pairs: Iterable[tuple[Table, Release]], source: Source) -> bytes:
    """Return the tables of *pairs* as XLSX bytes, the same at every call."""
    pairs, out = list(pairs), BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    made = parse_stamp(source.published.edition.prepared).replace(tzinfo=None)  # XLSX has no zones
    book.set_properties(
        {"title": source.published.edition.title, "author": source.say["network"], "created": made}
    )
    writer = _Writer(book, source)
    names = _names(pairs)
    if len(pairs) == 1:
        writer.about(source.about(*pairs[0]))
    else:
        writer.about(source.edition_lines(), [(n, source.title(t)) for n, (t, _) in zip(names, pairs, strict=True)])  # fmt: skip
    for name, (table, release) in zip(names, pairs, strict=True):
        writer.table(name, table, source.about(table, release) if len(pairs) > 1 else [])
    book.close()
    return out.getvalue()


def _names(pairs: list[tuple[Table, Release]]) -> list[str]:
    return [_FORBIDDEN.sub("-", table.table)[:MOST_TITLE] for table, _ in pairs]


class _Writer:
    """Writes sheets with one set of formats."""

    def __init__(self, book: Any, source: Source) -> None:
        self._book, self._source = book, source
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._head = book.add_format(
            {"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}
        )
        self._whole, self._tenth = (
            book.add_format({"num_format": f}) for f in ("#,##0", "#,##0.0")
        )

    def about(self, lines: list[Line], contents: Iterable[tuple[str, str]] = ()) -> None:
        """Write the first sheet: what the tables are, and their list."""
        sheet = self._book.add_worksheet(self._source.say["about"][:MOST_TITLE])
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)
        self._lines(sheet, 0, lines)
        at = len(lines) + 1
        for place, (name, title) in enumerate(contents):
            _text(sheet, at + place, 0, name, self._bold)
            _text(sheet, at + place, 1, title, self._wrap)

    def table(self, name: str, table: Table, about: list[Line]) -> None:
        """Write one table: its header, its figures as numbers, and what it is below them."""
        sheet, keys = self._book.add_worksheet(name), table.columns[:-1]
        labels, tongue = self._source.labels, self._source.tongue
        for place, title in enumerate(self._header(table)):
            _text(sheet, 0, place, title, self._head)
        sheet.set_column(0, len(keys) - 1, 30)
        sheet.set_column(len(keys), len(keys) + 3 + len(keys), 16)
        sheet.freeze_panes(1, 0)
        figures = self._whole if unit_of(table) in ("persons", "visits") else self._tenth
        for at, row in enumerate(table.rows, start=1):
            named = [labels.key(key, column) for key, column in zip(row.keys, keys, strict=True)]
            for place, text in enumerate(named):
                _text(sheet, at, place, text)
            for place, milli in enumerate((row.value_milli, row.low_milli, row.high_milli)):
                sheet.write_number(at, len(keys) + place, number(milli), figures)
            for place, text in enumerate((tongue.wordings[row.wording], *row.keys)):
                _text(sheet, at, len(keys) + 3 + place, text)
        self._lines(sheet, len(table.rows) + 2, about)

    def _header(self, table: Table) -> list[str]:
        labels, say = self._source.labels, self._source.tongue.phrases
        names = [labels.column(key) for key in table.columns[:-1]]
        unit = self._source.tongue.units[unit_of(table)]
        codes = [say["sheet_code"].format(column=name) for name in names]
        figures = [say["sheet_value"].format(unit=unit), say["sheet_low"], say["sheet_high"]]
        return [*names, *figures, say["words"], *codes]

    def _lines(self, sheet: Any, first: int, lines: list[Line]) -> None:
        for place, line in enumerate(lines):
            _text(sheet, first + place, 0, line.name, self._bold)
            _text(sheet, first + place, 1, line.value, self._wrap)


def _text(sheet: Any, row: int, column: int, text: str, style: Any = None) -> None:
    """Write text as text: a formula would begin with =, and some readers believe + - @ too."""
    sheet.write_string(row, column, _NOT_XML.sub("\ufffd", text), style)
