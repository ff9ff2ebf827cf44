"""What the cube says of a person, in plain Python: one value of each trait, then every crossing by name."""

import math
from collections import Counter
from itertools import combinations

from hub.measures.frame import Frame
from hub.measures.populations import INHABITANTS
from tests.support.oracle import AGES, CHANNELS, DISCIPLINES, DISTANCES, Term, home_of, place_name
from tests.support.town import Row

THREES = (
    ("age", "distance", "taste"),
    ("age", "taste", "loyalty"),
    ("distance", "taste", "loyalty"),
    ("distance", "taste", "house"),
)
NAMES = ("age", "distance", "home", "taste", "loyalty", "channel", "lead", "house")


def cube_term(visits: list[Row], frame: Frame) -> dict[str, Term]:
    """Return one person's term: her cell of each two traits and of four threes."""
    hers = traits_of(visits, frame)
    known = [name for name in NAMES if name in hers]
    term: Term = {}
    for names in combinations(known, 2):
        term[tuple(f"{name}={hers[name]}" for name in names)] = 1000
    for names in THREES:
        if set(names) <= set(known):
            ordered = sorted(names, key=NAMES.index)
            term[tuple(f"{name}={hers[name]}" for name in ordered)] = 1400
    return {"cube-cell": term}


def traits_of(visits: list[Row], frame: Frame) -> dict[str, str]:
    """Return her value of each trait."""
    leads = [lead_class(visit.lead_days) for visit in visits if visit.lead_days >= 0]
    named = [DISCIPLINES[visit.discipline] for visit in visits]
    tastes = [name for name in named if name in frame.disciplines]
    taste = usual(tastes, list(frame.disciplines)) if tastes else ""
    order = ["0", "1-3", "4-14", "15-60", "61+"]
    found = {
        "age": AGES[min(visit.age for visit in visits)],
        "distance": DISTANCES[min(visit.distance for visit in visits)],
        "home": coarse(home_of(visits, frame), frame),
        "taste": taste if taste and 2 * tastes.count(taste) >= len(visits) else "several",
        "loyalty": rung(len(visits)),
        "channel": usual([CHANNELS[visit.channel] for visit in visits], CHANNELS),
        "lead": usual(leads, order) if leads else "unknown",
    }
    houses, order = usual_places(visits, frame)
    return found if len(order) == 1 else found | {"house": usual(houses, order)}


def usual(values: list[str], order: list[str]) -> str:
    """Return the value that comes most often, the first in the order of several."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], order.index(value)))


def usual_places(visits: list[Row], frame: Frame) -> tuple[list[str], list[str]]:
    """Return where her visits were, and what may be said: places, or disciplines where there are many."""
    own = [frame.venues[visit.venue] for visit in visits]
    if len(frame.places) <= 24:
        return [place_name(venue.slug, frame) for venue in own], list(frame.places)
    return [v.discipline for v in own], list(dict.fromkeys(v.discipline for v in frame.venues))


def rung(visits: int) -> str:
    """Return how often she came."""
    return "1" if visits == 1 else "2" if visits == 2 else "3-5" if visits < 6 else "6+"


def lead_class(days: int) -> str:
    """Return the class of a delay."""
    for name, last in (("0", 0), ("1-3", 3), ("4-14", 14), ("15-60", 60)):
        if days <= last:
            return name
    return "61+"


def coarse(home: str, frame: Frame) -> str:
    """Return the département when it is one of the eight nearest to a venue."""
    if home in ("", "99"):
        return {"": "unknown", "99": "99"}[home]
    return home if home in near(frame) else "rest"


def near(frame: Frame) -> list[str]:
    """Return the eight départements whose centre is nearest to a venue."""
    far = {}
    for code, (_, latitude, longitude) in INHABITANTS.items():
        far[code] = min(
            apart(latitude, longitude, v.latitude_microdeg / 1e6, v.longitude_microdeg / 1e6)
            for v in frame.venues
        )
    return sorted(far, key=lambda code: far[code])[:8]


def apart(a: float, b: float, c: float, d: float) -> float:
    """Return the angle between two points on the globe."""
    a, b, c, d = (math.radians(angle) for angle in (a, b, c, d))
    cosine = math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(b - d)
    return math.acos(max(-1.0, min(1.0, cosine)))


def overlap_term(visits: list[Row], frame: Frame) -> dict[str, Term]:
    """Return, for each set that the plan names, how many of its places she went to."""
    came = {place_name(frame.venues[visit.venue].slug, frame) for visit in visits}
    term: Term = {}
    for places in frame.overlaps:
        if came.intersection(places):
            term["+".join(places), str(len(came.intersection(places)))] = 1
    return {"overlaps-set": term}
