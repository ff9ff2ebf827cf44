"""Exports as spreadsheets, printers and old machines make them, built by code: nothing is a blob."""

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq
import xlwt

Cell = str | float | bool | dt.date | dt.time | None
HEADER = (
    "Numero billet",
    "Reservation",
    "Date reservation",
    "Heure reservation",
    "Date representation",
    "Spectacle",
    "Prix",
    "Nom",
    "Email",
    "Code postal",
    "Telephone",
    "Optin",
)
FIRST = ("1", "1", "02/06/15 00:00", "14:37:49", "13/06/15", "Été", "12,5", "Guérin",
         "guerin@mail.example", "01000", "06\u202f41\u202f52\u202f78\u202f96", "Oui")  # fmt: skip
SECOND = ("2", "2", "02/06/15 00:00", "09:05:00", "13/06/15", "Été", "1\u202f250,00", "Noël",
          "noel@mail.example", "69003", "0687316429", "Non")  # fmt: skip
MAPPING = """
name = "essai"
booked_formats = ["%d/%m/%y 00:00", "%d/%m/%y"]
event_formats = ["%d/%m/%y"]
[tickets]
{source}
[columns]
ticket = "Numero billet"
order = "Reservation"
booked = ["Date reservation", "Heure reservation"]
event_date = "Date representation"
title = "Spectacle"
price = "Prix"
last_name = "Nom"
email = "Email"
postcode = "Code postal"
phone = "Telephone"
[[consent]]
column = "Optin"
text = "J'accepte."
grants = ["statistics"]
dated_by = "booked"
"""


at = dt.datetime.fromisoformat


def lines(*rows: Sequence[str], header: Sequence[str] = HEADER, sign: str = ";") -> str:
    """Text of a CSV whose cells need no quotes."""
    return "".join(sign.join(row) + "\r\n" for row in (header, *rows))


def typed() -> list[Sequence[Cell]]:
    """The same rows as a spreadsheet holds them: numbers, dates, hours, and zeros lost."""
    return [
        HEADER,
        (1.0, 1.0, at("2015-06-02"), dt.time(14, 37, 49), dt.date(2015, 6, 13), "Été", 12.5,
         "Guérin", "guerin@mail.example", 1000.0, 641527896.0, True),
        (2.0, 2.0, at("2015-06-02"), dt.time(9, 5), dt.date(2015, 6, 13), "Été", 1250.0,
         "Noël", "noel@mail.example", 69003.0, "'0687316429", False),
    ]  # fmt: skip


def write_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[Cell]]], hidden: str = "") -> Path:
    """The least that Excel opens: inline texts, numbers, and dates as numbers with a style."""
    names = list(sheets)
    book = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"'
        f"{' state=' + chr(34) + 'hidden' + chr(34) if name == hidden else ''}/>"
        for n, name in enumerate(names, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml" Type="{_TYPE}/worksheet"/>'
        for n in range(1, len(names) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"/>')
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Target="xl/workbook.xml" Type="{_TYPE}/officeDocument"/></Relationships>')  # fmt: skip
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_TYPE}"><sheets>{book}</sheets></workbook>')  # fmt: skip
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}<Relationship Id="rIdS" Target="styles.xml" Type="{_TYPE}/styles"/></Relationships>')  # fmt: skip
        archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="21"/></cellXfs></styleSheet>')  # fmt: skip
        for n, name in enumerate(names, 1):
            rows = "".join(
                f'<row r="{r}">{"".join(_xlsx(cell, r, c) for c, cell in enumerate(row))}</row>'
                for r, row in enumerate(sheets[name], 1)
            )
            archive.writestr(f"xl/worksheets/sheet{n}.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>')  # fmt: skip
    return path


def write_ods(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    """The least that LibreOffice opens."""
    body = "".join(
        f"<table:table-row>{''.join(_ods(cell) for cell in row)}</table:table-row>" for row in rows
    )
    spaces = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')  # fmt: skip
        archive.writestr("content.xml", f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="A">{body}</table:table></office:spreadsheet></office:body></office:document-content>')  # fmt: skip
    return path


def write_xls(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    """A workbook of Excel 97."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Feuille1")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            style = xlwt.easyxf(num_format_str=_XLS.get(type(cell), "General"))
            sheet.write(r, c, cell, style)
    book.save(str(path))
    return path


def write_parquet(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    """Columns with their types, as a data warehouse exports them."""
    header, *body = rows
    columns = [
        pa.array([str(c) if i in (9, 10) else c for c in column])
        for i, column in enumerate(zip(*body, strict=True))
    ]
    pq.write_table(pa.table(columns, names=[str(name) for name in header]), path)
    return path


def write_bomb_parquet(path: Path, rows: int) -> Path:
    """One long text, *rows* times: a dictionary and a run length."""
    text = pa.array(["x" * 1000])
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), text)
    pq.write_table(pa.table({"Nom": column}), path, compression="zstd", row_group_size=rows)
    return path


def write_bomb_xlsx(path: Path, megabytes: int) -> Path:
    """A sheet of zeros that deflates a thousandfold."""
    write_xlsx(path.with_suffix(".seed"), {"A": [["Nom"]]})
    row = b"<row>" + b'<c t="n"><v>0</v></c>' * 1000 + b"</row>"
    with (
        zipfile.ZipFile(path.with_suffix(".seed")) as seed,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in seed.namelist():
            if "sheet1" not in name:
                archive.writestr(name, seed.read(name))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for _ in range(megabytes * (1 << 20) // len(row)):
                sheet.write(row)
            sheet.write(b"</sheetData></worksheet>")
    return path


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XLS = {dt.datetime: "DD/MM/YYYY HH:MM", dt.date: "DD/MM/YYYY", dt.time: "HH:MM:SS"}
_EPOCH = at("1899-12-30")


def _xlsx(cell: Cell, row: int, column: int) -> str:
    place = f'r="{chr(65 + column)}{row}"'
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return f'<c {place} t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, str):
        return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    if isinstance(cell, dt.time):
        share = (cell.hour * 3600 + cell.minute * 60 + cell.second) / 86400
        return f'<c {place} s="2"><v>{share!r}</v></c>'
    if isinstance(cell, dt.date):
        moment = cell if isinstance(cell, dt.datetime) else at(cell.isoformat())
        return f'<c {place} s="1"><v>{(moment - _EPOCH).total_seconds() / 86400!r}</v></c>'
    return f"<c {place}><v>{cell!r}</v></c>"


def _ods(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(cell).lower()}"/>'
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    if isinstance(cell, dt.time):
        return f'<table:table-cell office:value-type="time" office:time-value="PT{cell.hour:02}H{cell.minute:02}M{cell.second:02}S"/>'
    if isinstance(cell, dt.date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
        )
    return f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'
