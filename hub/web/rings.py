"""A chord of at most twelve places and a map of their passages, as paths that a template draws; no script."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.charter import Charter
from contracts.edition import COVERED, Estimate
from hub.web.labels import Labels

MOST_PLACES: Final = 12
MOST_LINES: Final = 24
RADIUS, INNER, GAP = 180.0, 168.0, 0.05  # units of the drawing; radians between two arcs
WIDTH, HEIGHT, MARGIN = 640.0, 420.0, 60.0
THICK: Final = 14.0
APART, EDGE, TURNS = 62.0, 24.0, 60  # units between two places, and to the edge; steps
NOTHING: Final = 1e-6  # a length too short to have a direction


@dataclass(frozen=True)
class Shape:
    """One thing to draw: its path, its class, and the sentence that a pointer shows."""

    path: str
    kind: str
    sentence: str
    width: float = 0.0


@dataclass(frozen=True)
class Spot:
    """A place on the drawing: where, its number and its name."""

    x: float
    y: float
    number: int
    name: str


@dataclass(frozen=True)
class Picture:
    """A drawing and its legend."""

    shapes: tuple[Shape, ...]
    spots: tuple[Spot, ...]
    quiet: tuple[str, ...] = ()  # places of which nothing is drawn


def chord(rows: Sequence[Estimate], labels: Labels) -> Picture | None:
    """Return the ring of shared audiences; None beyond twelve places, or when chance covers every pair.

    *rows* are pairs of places, each once, in persons.
    """
    places = sorted({place for row in rows for place in row.keys[:2]})
    told = [row for row in rows if row.wording != COVERED and row.value_milli > 0]
    if not told or len(places) > MOST_PLACES:
        return None
    weight = {p: sum(r.value_milli for r in told if p in r.keys[:2]) for p in places}
    arcs = _arcs({place: one for place, one in weight.items() if one})
    shapes = [_arc(*ends) for ends in arcs.values()]
    used = {place: start for place, (start, _) in arcs.items()}
    whole = sum(weight.values())
    turn = 2 * math.pi - GAP * len(arcs)
    for row in sorted(told, key=lambda r: -r.value_milli):
        wide = turn * row.value_milli / whole
        ends = []
        for place in row.keys[:2]:
            ends.append((used[place], used[place] + wide))
            used[place] += wide
        shapes.append(Shape(_ribbon(*ends), row.wording, link_sentence(row, labels, "–")))
    spots = tuple(
        Spot(*_point(sum(arcs[p]) / 2, RADIUS + 16), i + 1, labels.key(p, "place"))
        for i, p in enumerate(places)
        if p in arcs
    )
    quiet = tuple(labels.key(p, "place") for p in places if p not in arcs)
    return Picture(tuple(shapes), spots, quiet)


def flow_map(rows: Sequence[Estimate], charter: Charter, labels: Labels) -> Picture | None:
    """Return the passages between places where they stand; a group of small venues stands at its middle.

    *rows* are directed: from, to, in persons. The largest are drawn, those that chance does not cover.
    """
    at = standing(charter, {place for row in rows for place in row.keys[:2]})
    told = [r for r in rows if r.wording != COVERED and r.value_milli > 0 and set(r.keys[:2]) <= at.keys()]  # fmt: skip
    if not told:
        return None
    told = sorted(told, key=lambda row: -row.value_milli)[:MOST_LINES]
    top = told[0].value_milli
    lines = [
        Shape(
            _bow(at[row.keys[0]], at[row.keys[1]]),
            row.wording,
            link_sentence(row, labels, "→"),
            round(1.5 + THICK * row.value_milli / top, 1),
        )
        for row in reversed(told)
    ]
    spots = [Spot(*at[p], i + 1, labels.key(p, "place")) for i, p in enumerate(sorted(at))]
    return Picture(tuple(lines), tuple(spots))


def standing(charter: Charter, places: set[str]) -> dict[str, tuple[float, float]]:
    """Return where each place stands on the map of passages, in units of the drawing."""
    where = _where(charter, places)
    return _projected(where) if where else {}


def link_sentence(row: Estimate, labels: Labels, between: str) -> str:
    """Return the sentence about what two places share ("–"), or about those who go from one to the other ("→")."""
    tongue = labels.tongue
    names = f" {between} ".join(labels.key(place, "place") for place in row.keys[:2])
    low, high = (tongue.bare(end, "persons") for end in (row.low_milli, row.high_milli))
    value, words = tongue.bare(row.value_milli, "persons"), tongue.wordings[row.wording]
    return tongue.phrases["cell"].format(names=names, value=value, low=low, high=high, words=words)


def _arcs(weight: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    """Return where each place's arc begins and ends, in radians from the top."""
    whole, angle, arcs = sum(weight.values()), 0.0, {}
    for place, one in weight.items():
        wide = (2 * math.pi - GAP * len(weight)) * one / whole
        arcs[place] = (angle, angle + wide)
        angle += wide + GAP
    return arcs


def _point(angle: float, radius: float) -> tuple[float, float]:
    return round(radius * math.sin(angle), 1), round(-radius * math.cos(angle), 1)


def _turn(radius: float, start: float, end: float, *, forward: bool = True) -> str:
    x, y = _point(end if forward else start, radius)
    return f"A{radius:g} {radius:g} 0 {int(abs(end - start) > math.pi)} {int(forward)} {x:g} {y:g}"


def _arc(start: float, end: float) -> Shape:
    (x1, y1), (x2, y2) = _point(start, RADIUS), _point(end, INNER)
    back = _turn(INNER, start, end, forward=False)
    return Shape(f"M{x1:g} {y1:g}{_turn(RADIUS, start, end)}L{x2:g} {y2:g}{back}Z", "arc", "")


def _ribbon(one: tuple[float, float], other: tuple[float, float]) -> str:
    inner = INNER - 2
    (x1, y1), (x2, y2) = _point(one[0], inner), _point(other[0], inner)
    first, second = _turn(inner, *one), _turn(inner, *other)
    return f"M{x1:g} {y1:g}{first}Q0 0 {x2:g} {y2:g}{second}Q0 0 {x1:g} {y1:g}Z"


def _where(charter: Charter, places: set[str]) -> dict[str, tuple[float, float]]:
    """Return longitude and latitude in degrees of each place."""
    points = {m.venue: (m.longitude_microdeg / 1e6, m.latitude_microdeg / 1e6) for m in charter.members}  # fmt: skip
    for group in charter.clusters:
        inside = [points[v] for v in group.venues if v in points]
        if inside:
            points[group.cluster] = (
                sum(x for x, _ in inside) / len(inside),
                sum(y for _, y in inside) / len(inside),
            )
    return {place: points[place] for place in places if place in points}


def _projected(where: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Return places in the drawing: true directions from the middle, far distances drawn in, neighbours set apart."""
    squeeze = math.cos(math.radians(statistics.median(y for _, y in where.values())))
    middle = [statistics.median(point[axis] for point in where.values()) for axis in (0, 1)]
    drawn_in = {}
    for place, (x, y) in where.items():
        across, down = (x - middle[0]) * squeeze, middle[1] - y
        far = math.hypot(across, down)
        drawn_in[place] = (across / far**0.55, down / far**0.55) if far > 0 else (0.0, 0.0)
    at = _fitted(drawn_in)
    for _ in range(TURNS):
        at = _apart(at)
    return {place: (round(x, 1), round(y, 1)) for place, (x, y) in at.items()}


def _fitted(flat: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Return points spread over the whole drawing."""
    left, right = min(x for x, _ in flat.values()), max(x for x, _ in flat.values())
    top, bottom = min(y for _, y in flat.values()), max(y for _, y in flat.values())
    room = (WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN)
    scale = min(room[0] / max(right - left, NOTHING), room[1] / max(bottom - top, NOTHING))
    x0, y0 = (WIDTH - scale * (right + left)) / 2, (HEIGHT - scale * (top + bottom)) / 2
    return {place: (scale * x + x0, scale * y + y0) for place, (x, y) in flat.items()}


def _apart(at: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Return points after each has stepped away from those that it covers, within the drawing."""
    moved = {}
    for i, (place, (x, y)) in enumerate(at.items()):
        across = down = 0.0
        for j, (other, (u, v)) in enumerate(at.items()):
            far = math.hypot(x - u, y - v)
            if other == place or far >= APART:
                continue
            # Two at one spot leave in directions of their own.
            way = (
                ((x - u) / far, (y - v) / far) if far > NOTHING else (math.cos(i - j), math.sin(i))
            )
            across, down = across + way[0] * (APART - far) / 2, down + way[1] * (APART - far) / 2
        moved[place] = (
            min(WIDTH - EDGE, max(EDGE, x + across)),
            min(HEIGHT - EDGE, max(EDGE, y + down)),
        )
    return moved


def _bow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return a curve that leans to the right of its way, so that two directions do not cover each other."""
    (x1, y1), (x2, y2) = start, end
    across, down = x2 - x1, y2 - y1
    x, y = (x1 + x2) / 2 - 0.22 * down, (y1 + y2) / 2 + 0.22 * across
    return f"M{x1:g} {y1:g}Q{x:.1f} {y:.1f} {x2:g} {y2:g}"
