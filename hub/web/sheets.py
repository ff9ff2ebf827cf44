"""A table of an edition as the CSV that a spreadsheet opens: BOM, the marks of its language, no formula."""

import csv
import io

from contracts.cells import guarded
from contracts.edition import Estimate, Table
from hub.web.labels import Labels, unit_of
from hub.web.tongue import Tongue

BOM = "\ufeff"


def sheet(table: Table, labels: Labels) -> str:
    """Return *table* as CSV text: keys, their labels, the value and its 95 % interval, and the wording.

    French has semicolons and decimal commas, English commas and points: each opens by itself.
    """
    keys = tuple(table.columns[:-1])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=labels.tongue.comma_csv, lineterminator="\r\n")
    writer.writerow([*map(guarded, _header(keys, table, labels))])
    writer.writerows(_line(row, keys, labels) for row in table.rows)
    return BOM + out.getvalue()


def number(milli: int, tongue: Tongue) -> str:
    """Return thousandths as a number with a decimal mark; a negative one stays a number."""
    sign, (whole, rest) = "-" if milli < 0 else "", divmod(abs(milli), 1000)
    return f"{sign}{whole}" + (f"{tongue.point}{rest:03d}".rstrip("0") if rest else "")


def _header(keys: tuple[str, ...], table: Table, labels: Labels) -> list[str]:
    say = labels.tongue.phrases
    codes = [say["sheet_code"].format(column=labels.column(key)) for key in keys]
    unit = labels.tongue.units[unit_of(table)]
    figures = [say["sheet_value"].format(unit=unit), say["sheet_low"], say["sheet_high"]]
    return [*(labels.column(key) for key in keys), *figures, say["words"], *codes]


def _line(row: Estimate, keys: tuple[str, ...], labels: Labels) -> list[str]:
    tongue = labels.tongue
    named = [guarded(labels.key(key, column)) for key, column in zip(row.keys, keys, strict=True)]
    figures = [number(m, tongue) for m in (row.value_milli, row.low_milli, row.high_milli)]
    return [*named, *figures, tongue.wordings[row.wording], *map(guarded, row.keys)]
