"""What stands beside a CSV: its columns and where it comes from, as W3C's Tabular Data writes it (csv-metadata.json)."""

import json
from typing import Any

from contracts.edition import Release, Table
from hub.web.exports.source import Source
from hub.web.labels import unit_of


def sheet_metadata(table: Table, release: Release, source: Source) -> bytes:
    """Return the metadata of a table's CSV (W3C Recommendation "Metadata Vocabulary for Tabular Data", 2015).

    The sheet itself stays a plain table, which every program reads; a block of notes in it would break them.
    """
    tongue, labels = source.tongue, source.labels
    say, unit = tongue.phrases, tongue.units[unit_of(table)]
    keys = [(key, labels.column(key), "string") for key in table.columns[:-1]]
    figures = [
        ("value", say["sheet_value"].format(unit=unit), "number"),
        ("ci_low", say["sheet_low"], "number"),
        ("ci_high", say["sheet_high"], "number"),
        ("wording", say["words"], "string"),
    ]
    codes = [(f"{key}_code", say["sheet_code"].format(column=title), "string") for key, title, _ in keys]  # fmt: skip
    body: dict[str, Any] = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{table.table}.csv?lang={tongue.code}",
        "dc:title": source.title(table),
        "dialect": {"delimiter": tongue.comma_csv, "encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [
                {"name": name, "titles": title, "datatype": _datatype(kind, tongue.point)}
                for name, title, kind in (*keys, *figures, *codes)
            ]
        },
        "notes": [
            {"code": line.code, "name": line.name, "value": line.value}
            for line in source.about(table, release)
        ],
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def _datatype(kind: str, point: str) -> str | dict[str, Any]:
    return {"base": "decimal", "format": {"decimalChar": point}} if kind == "number" else kind
