"""« Circulation » : shared audiences, passages from one venue to the next, and any two venues up close."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from contracts.edition import COVERED
from hub.web.matrix import directed_of
from hub.web.pages import Page, Shown, Visit
from hub.web.ranks import tied
from hub.web.rings import chord, flow_map
from hub.web.summary import teller
from hub.web.words import said
from hub.web.words.circulation import WORDS

LAGS = ("0-30", "0-90", "0-365")
VIEWS = ("matrix", "chord", "map")
NAMED = 3  # of tied pairs; the others are counted


@dataclass(frozen=True)
class Pair:
    """Two places up close: what they share, and the passages each way by delay."""

    a: str
    b: str
    shared: Shown | None
    ways: tuple[tuple[str, Shown], ...]


def read(visit: Visit) -> Mapping[str, object]:
    """Return the tables at the delay that the address asks for, drawn in the view that it asks for."""
    lag, how = visit.choice("lag", LAGS, "0-90"), visit.choice("view", VIEWS, "matrix")
    pairs, flows = visit.shown("pairs"), visit.shown("flows", lag=lag)
    say = said(WORDS, visit.tongue)
    words = teller(visit.published, visit.labels) if visit.published else None
    return {
        "pairs": pairs,
        "flows": flows,
        "square": directed_of(flows.table, visit.labels) if flows else None,
        "balance": visit.shown("flows-balance"),
        "pair_words": shared_words(visit),
        "flow_words": next((s.text for s in words.flow(lag)), say["flow_none"]) if words else "",
        "ring": chord(pairs.table.rows, visit.labels) if pairs and how == "chord" else None,
        "map": flow_map(flows.table.rows, visit.charter, visit.labels)
        if flows and visit.charter and how == "map"
        else None,
        "lag": lag,
        "view": how,
        "lags": tuple((key, say[f"lag_{key[2:]}"]) for key in LAGS),
        "views": tuple((key, say[f"view_{key}"]) for key in VIEWS),
        **near(visit),
    }


def shared_words(visit: Visit) -> str:
    """Return the sentence about the largest shared audience, or about those that are tied for it."""
    say, table = said(WORDS, visit.tongue), visit.table("pairs")
    rows = [row for row in table.rows if row.wording != COVERED] if table else []
    if visit.published is None or not rows:
        return say["shared_none"]
    alone = next(teller(visit.published, visit.labels).pair(), None)
    if alone is not None:
        return alone.text
    equals = tied(max(rows, key=lambda row: row.value_milli), rows)
    names = [dict(zip("ab", (visit.labels.key(p, "place") for p in row.keys[:2]), strict=True)) for row in equals[:NAMED]]  # fmt: skip
    items = [say["shared_item"].format(**pair) for pair in names]
    items += [say["shared_more"].format(count=len(equals) - NAMED)] if len(equals) > NAMED else []
    low, high = min(r.low_milli for r in equals), max(r.high_milli for r in equals)
    ends = {"low": visit.tongue.bare(low, "persons"), "high": visit.tongue.bare(high, "persons")}
    return say["shared_tie"].format(list=", ".join(items), **ends)


def near(visit: Visit) -> Mapping[str, object]:
    """Return the menus of two places, and the pair when two different ones are asked for."""
    pairs, labels = visit.table("pairs"), visit.labels
    slugs = sorted({p for row in pairs.rows for p in row.keys[:2]}) if pairs else []
    places = sorted(((p, labels.key(p, "place")) for p in slugs), key=lambda one: one[1])
    a, b = (visit.choice(name, tuple(slugs), "") for name in ("a", "b"))
    pair = _pair(visit, a, b) if a and b and a != b else None
    first = a or next((p for p, _ in places), "")
    other = b or next((p for p, _ in places if p != first), "")  # the menus open on two places
    return {"places": places, "a": a, "other": other, "pair": pair, "same": bool(a) and a == b}


def _pair(visit: Visit, a: str, b: str) -> Pair:
    first, second = sorted((a, b))
    text = said(WORDS, visit.tongue)["pair_way"]
    name = {place: visit.labels.key(place, "place") for place in (a, b)}
    ways = []
    for start, end in ((a, b), (b, a)):
        shown = visit.shown("flows", **{"from": start, "to": end})
        if shown is not None and shown.table.rows:
            ways.append((text.format(start=name[start], end=name[end]), _named(shown)))
    shared = visit.shown("pairs", place_a=first, place_b=second)
    return Pair(name[a], name[b], shared if shared and shared.table.rows else None, tuple(ways))


def _named(shown: Shown) -> Shown:
    """Return a small table whose three bars stand on one scale and need no sorting."""
    return replace(shown, view=replace(shown.view, directed=False, ranked=False))


PAGE = Page(
    "circulation", "/circulation", WORDS, read, asks=("lag", "view", "a", "b"), explores=True
)
