"""A table of an edition as the CSV that a French spreadsheet opens: semicolons, BOM, decimal commas, no formula."""

import csv
import io

from contracts.edition import Estimate, Table
from hub.web.words import UNITS, WORDINGS, Labels, unit_of

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"


def sheet(table: Table, labels: Labels) -> str:
    """Return *table* as CSV text: keys, their labels, the value and its 95 % interval, and the wording."""
    keys = tuple(table.columns[:-1])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([*map(guarded, _header(keys, table, labels))])
    writer.writerows(_line(row, keys, labels) for row in table.rows)
    return BOM + out.getvalue()


def guarded(text: str) -> str:
    """Return *text* so that no spreadsheet takes it for a formula (OWASP, "CSV injection")."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def number(milli: int) -> str:
    """Return thousandths as a number with a decimal comma; a negative one stays a number."""
    sign, (whole, rest) = "-" if milli < 0 else "", divmod(abs(milli), 1000)
    return f"{sign}{whole}" + (f",{rest:03d}".rstrip("0") if rest else "")


def _header(keys: tuple[str, ...], table: Table, labels: Labels) -> list[str]:
    codes = [f"{labels.column(key)} (code)" for key in keys]
    figures = [
        f"Valeur ({UNITS[unit_of(table)]})",
        "Bas de l’intervalle à 95 %",
        "Haut de l’intervalle à 95 %",
    ]
    return [*(labels.column(key) for key in keys), *figures, "Lecture", *codes]


def _line(row: Estimate, keys: tuple[str, ...], labels: Labels) -> list[str]:
    named = [guarded(labels.key(key, column)) for key, column in zip(row.keys, keys, strict=True)]
    figures = [number(row.value_milli), number(row.low_milli), number(row.high_milli)]
    return [*named, *figures, WORDINGS[row.wording], *map(guarded, row.keys)]
