"""A table as plain values for machines: labels and numbers, its price and its proofs beside them."""

from decimal import Decimal
from io import BytesIO
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from contracts.edition import COVERED, Estimate, Release, Table
from hub.web.exports.source import Source

MILLI: Final = 1000
_NUMBERS: Final = ("value", "ci_low", "ci_high")


def number(milli: int) -> int | float:
    """Return thousandths as the shortest JSON number that says them."""
    return milli // MILLI if milli % MILLI == 0 else float(Decimal(milli) / MILLI)


def row_of(row: Estimate, table: Table, source: Source) -> dict[str, Any]:
    """Return one figure: its keys, their labels, the figure and its interval, and what may be said of it."""
    keys = dict(zip(table.columns[:-1], row.keys, strict=True))
    labels = source.labels
    return {
        "keys": keys,
        "labels": {column: labels.key(key, column) for column, key in keys.items()},
        "value": number(row.value_milli),
        "ci_low": number(row.low_milli),
        "ci_high": number(row.high_milli),
        "wording": row.wording,
        "suppressed": row.wording == COVERED,
    }


def as_json(table: Table, release: Release, source: Source) -> dict[str, Any]:
    """Return the table as JSON values: ``about`` by code, ``columns``, and ``rows``."""
    return {
        "about": {line.code: line.value for line in source.about(table, release)},
        "edition": source.published.edition.edition,
        "table": table.table,
        "measure": release.measure,
        "question": table.question,
        "title": source.title(table),
        "columns": list(table.columns[:-1]),
        "unit": table.columns[-1],
        "rows": [row_of(row, table, source) for row in table.rows],
    }


def as_parquet(table: Table, release: Release, source: Source) -> bytes:
    """Return the table as a Parquet file: a column for each key and its label, then the figures.

    What the file is made of stands in the schema's metadata, under ``farandole.<code>``.
    """
    rows = [row_of(row, table, source) for row in table.rows]
    columns: dict[str, pa.Array] = {}
    for key in table.columns[:-1]:
        columns[key] = pa.array([r["keys"][key] for r in rows], pa.string())
        columns[f"{key}_label"] = pa.array([r["labels"][key] for r in rows], pa.string())
    for name in _NUMBERS:
        columns[name] = pa.array([float(r[name]) for r in rows], pa.float64())
    columns["wording"] = pa.array([r["wording"] for r in rows], pa.string())
    columns["suppressed"] = pa.array([r["suppressed"] for r in rows], pa.bool_())
    about = {f"farandole.{line.code}": line.value for line in source.about(table, release)}
    made = pa.table(columns).replace_schema_metadata(about)
    out = BytesIO()
    pq.write_table(made, out, compression="zstd")
    return out.getvalue()
