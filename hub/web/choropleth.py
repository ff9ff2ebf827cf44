"""A map of the départements: a shade for each figure, hatching where there are too few people; no script."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.edition import COVERED, Estimate, Table
from hub.web.labels import Labels, unit_of
from hub.web.outlines import OUTLINES, VIEW

STEPS: Final = 6


@dataclass(frozen=True)
class Area:
    """One département: its outline, its class (``s0`` hatched, ``s1`` to ``s6``, ``none``) and what a pointer shows."""

    code: str
    path: str
    kind: str
    sentence: str
    wording: str = ""  # "" for a département that the table does not hold


@dataclass(frozen=True)
class Map:
    """The outlines, the box that holds them, and the figures at both ends of the shades."""

    view: str
    areas: tuple[Area, ...]
    low: str
    high: str


def map_of(table: Table | None, labels: Labels) -> Map | None:
    """Return the map of a table whose only key is a département; None when none of its rows lies on the map.

    Départements that the table does not hold stay blank: their people are in « tous les autres ».
    """
    if table is None or table.columns[:-1] != ["departement"]:
        return None
    rows = {row.keys[0]: row for row in table.rows if row.keys[0] in OUTLINES}
    if not rows:
        return None
    told = [row.value_milli for row in rows.values() if row.wording != COVERED]
    unit, tongue, top = unit_of(table), labels.tongue, max(told, default=0)
    areas = tuple(
        Area(
            code,
            path,
            _kind(row, top),
            _sentence(row, code, table, labels),
            row.wording if row else "",
        )
        for code, path in OUTLINES.items()
        for row in (rows.get(code),)
    )
    ends = [tongue.told(value, unit) for value in (min(told, default=0), top)]
    return Map(VIEW, areas, ends[0] if told else "", ends[1] if told else "")


def _kind(row: Estimate | None, top: int) -> str:
    if row is None:
        return "none"
    if row.wording == COVERED:
        return "s0"
    share = math.sqrt(max(0.0, row.value_milli / top)) if top > 0 else 0.0
    return f"s{max(1, round(share * STEPS))}"


def _sentence(row: Estimate | None, code: str, table: Table, labels: Labels) -> str:
    name, tongue, unit = labels.key(code, "departement"), labels.tongue, unit_of(table)
    if row is None:
        return name
    blanks: Mapping[str, str] = {
        "names": name,
        "value": tongue.told(row.value_milli, unit),
        "low": tongue.figure(row.low_milli, unit),
        "high": tongue.figure(row.high_milli, unit),
        "words": tongue.wordings[row.wording],
    }
    return tongue.phrases["cell_few" if row.wording == COVERED else "cell"].format(**blanks)
