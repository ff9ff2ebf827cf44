"""What a chart is explored with: the figures of a page, with their sentences, as plain data that a script draws.

A figure that chance covers has no value here, as it has none on the page. Nothing is computed that the page does not say.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.edition import COVERED, Estimate, Table
from hub.web.choropleth import map_of
from hub.web.labels import unit_of
from hub.web.matrix import Matrix, directed_of
from hub.web.outlines import OUTLINES
from hub.web.pages import Shown, Visit
from hub.web.rings import HEIGHT, MOST_PLACES, WIDTH, link_sentence, standing
from hub.web.words import said
from hub.web.words.explore import WORDS

STATISTIC, MEDIAN = "statistic", "median"
LAGS: Final = ("0-30", "0-90", "0-365")
MILLI: Final = 1000
LONGEST: Final = 48  # lines of a chart of intervals: more cannot be read
Data = dict[str, Any]


@dataclass(frozen=True)
class Drawing:
    """One chart that can be explored: what the address may ask for, and how its data are read (None: nothing to draw)."""

    read: Callable[[Visit], Data | None]
    asks: tuple[str, ...] = ()


def _pairs(visit: Visit) -> Data | None:
    shown = visit.shown("pairs")
    return _heat(visit, shown, shown.view.matrix) if shown else None


def _passages(visit: Visit) -> Data | None:
    shown = _at_lag(visit)
    return _heat(visit, shown, directed_of(shown.table, visit.labels)) if shown else None


def _ring(visit: Visit) -> Data | None:
    shown = visit.shown("pairs")
    places = _places(shown.table) if shown else []
    if shown is None or len(places) > MOST_PLACES:
        return None
    return _linked(visit, shown, "ring", places)


def _map(visit: Visit) -> Data | None:
    shown = _at_lag(visit)
    if shown is None or visit.charter is None:
        return None
    at = standing(visit.charter, set(_places(shown.table)))
    data = _linked(visit, shown, "flows", sorted(at))
    spots = [{"x": x, "y": y} for _, (x, y) in sorted(at.items())]
    return data and data | {"at": spots, "width": WIDTH, "height": HEIGHT}


def _linked(visit: Visit, shown: Shown, kind: str, places: Sequence[str]) -> Data | None:
    between = "–" if kind == "ring" else "→"
    links = [
        {"from": places.index(a), "to": places.index(b), "value": row.value_milli / MILLI, "wording": row.wording, "said": link_sentence(row, visit.labels, between)}
        for row in shown.table.rows
        for a, b in (row.keys[:2],)
        if row.wording != COVERED and row.value_milli > 0 and a in places and b in places
    ]  # fmt: skip
    if not links:
        return None
    links.sort(key=_largest_first)
    names = [visit.labels.key(place, "place") for place in places]
    return _said(visit, kind, shown.view.title, len(links)) | {"places": names, "links": links}


def _heat(visit: Visit, shown: Shown, square: Matrix | None) -> Data | None:
    if square is None:
        return None
    cells = [
        {"x": x, "y": y, "shade": cell.shade, "text": cell.text, "wording": cell.wording, "said": cell.sentence}
        for y, line in enumerate(square.rows)
        for x, cell in enumerate(line)
        if cell is not None
    ]  # fmt: skip
    data = {"lines": square.names, "columns": square.columns, "numbered": square.numbered}
    return _said(visit, "heat", shown.view.title, len(cells)) | data | {"cells": cells}


def _areas(slug: str, *only: str) -> Callable[[Visit], Data | None]:
    def read(visit: Visit) -> Data | None:
        keys = {name: visit.asked.get(name, "") for name in only}
        shown = visit.shown(slug, **keys)
        drawn = map_of(shown.table, visit.labels) if shown else None
        if shown is None or drawn is None:
            return None
        areas = [
            {"code": a.code, "path": OUTLINES[a.code], "shade": int(a.kind[1:]) if a.wording else -1, "wording": a.wording, "said": a.sentence}
            for a in drawn.areas
        ]  # fmt: skip
        held = sum(bool(area["wording"]) for area in areas)
        box = [float(each) for each in drawn.view.split()]
        return _said(visit, "areas", shown.view.title, held) | {"box": box, "areas": areas}

    return read


def _delays(slug: str, lines: str, series: str = "", *only: str) -> Callable[[Visit], Data | None]:
    """Return the reader of the medians of a table, a line for each *lines*, a mark for each *series*."""

    def read(visit: Visit) -> Data | None:
        keys = {name: visit.asked.get(name, "") for name in only}
        shown = visit.shown(slug, **keys, **{STATISTIC: MEDIAN})
        if shown is None or not shown.table.rows or lines not in shown.table.columns:
            return None
        return _spans(visit, shown.view.title, [_series(visit, shown.table, lines, series)])

    return read


def _ladder(visit: Visit) -> Data | None:
    found = [s for s in map(visit.shown, ("ladder-persons", "ladder-visits")) if s]
    if not found:
        return None
    say = said(WORDS, visit.tongue)
    panels = [_series(visit, s.table, "visits", name=say[s.table.table]) for s in found]
    return _spans(visit, say["ladder"], panels)


def _series(
    visit: Visit, table: Table, lines: str, series: str = "", name: str = ""
) -> Data:  # fmt: skip
    """Return a panel of intervals, all in one unit: its lines, and its points by series."""
    down, across = table.columns.index(lines), table.columns.index(series) if series else None
    telling = {row.keys[down] for row in table.rows if row.wording != COVERED}
    order = [key for key in dict.fromkeys(row.keys[down] for row in table.rows) if key in telling]
    groups: dict[str, list[Data]] = {}
    for row in table.rows:
        if row.keys[down] in order:
            of = row.keys[across] if across is not None else ""
            groups.setdefault(of, []).append(_point(visit, table, row, order.index(row.keys[down])))
    return {
        "name": name or _started(visit.tongue.units[unit_of(table)]),
        "lines": [_started(visit.labels.key(key, lines)) for key in order],
        "series": [{"name": visit.labels.key(key, series) if key else "", "points": points} for key, points in groups.items()],
    }  # fmt: skip


def _spans(visit: Visit, title: str, panels: list[Data]) -> Data | None:
    count = sum(len(each["points"]) for panel in panels for each in panel["series"])
    if not count or any(len(panel["lines"]) > LONGEST for panel in panels):
        return None
    return _said(visit, "spans", title, count) | {"panels": panels}


def _point(visit: Visit, table: Table, row: Estimate, line: int) -> Data:
    tongue, unit = visit.tongue, unit_of(table)
    pairs = zip(row.keys, table.columns, strict=False)
    names = ", ".join(visit.labels.key(key, column) for key, column in pairs)
    ends = {"low": tongue.figure(row.low_milli, unit), "high": tongue.figure(row.high_milli, unit)}
    covered = row.wording == COVERED
    phrase = tongue.phrases["cell_few" if covered else "cell"]
    value = tongue.told(row.value_milli, unit)
    sentence = phrase.format(names=names, value=value, words=tongue.wordings[row.wording], **ends)
    return {
        "line": line,
        "value": None if covered else row.value_milli / MILLI,
        "low": row.low_milli / MILLI,
        "high": row.high_milli / MILLI,
        "wording": row.wording,
        "said": _started(sentence),
    }


def _said(visit: Visit, kind: str, title: str, count: int) -> Data:
    """Return what every drawing says: its kind, its words, and its description for those who do not see it."""
    words = said(WORDS, visit.tongue)
    say = {key: text for key, text in words.items() if not key.startswith("about_")}
    about = words[f"about_{kind}"].format(count=count, title=title)
    return {"kind": kind, "lang": visit.tongue.code, "title": title, "about": about, "say": say}


def _at_lag(visit: Visit) -> Shown | None:
    return visit.shown("flows", lag=visit.choice("lag", LAGS, "0-90"))


def _places(table: Table) -> list[str]:
    return sorted({place for row in table.rows for place in row.keys[:2]})


def _largest_first(link: Data) -> float:
    return -float(link["value"])


def _started(text: str) -> str:
    return text[:1].upper() + text[1:]


DRAWINGS: Final[Mapping[str, Drawing]] = {
    "pairs": Drawing(_pairs),
    "ring": Drawing(_ring),
    "passages": Drawing(_passages, ("lag",)),
    "map": Drawing(_map, ("lag",)),
    "provenance": Drawing(_areas("provenance", "place"), ("place",)),
    "penetration": Drawing(_areas("penetration")),
    "shop": Drawing(_areas("shop", "month"), ("month",)),
    "lead-near": Drawing(_delays("lead-near", "discipline", "age")),
    "lead-detail": Drawing(_delays("lead-detail", "distance", "age", "discipline"), ("discipline",)),
    "lead-distance": Drawing(_delays("lead-distance", "distance")),
    "ladder": Drawing(_ladder),
}  # fmt: skip
"""The charts that gain by it, by the name that their address bears."""
