"""What the measures that a charter adds mean, in plain Python: one person at a time, keys by name."""

import datetime as dt
import math

from hub.measures.frame import Frame
from tests.support.oracle import (
    ANSWERS,
    DISCIPLINES,
    Term,
    home_of,
    once,
    place_name,
    places_read,
    weight_of,
)
from tests.support.town import EPOCH, Row

DISTRICTS = {"yes": "in", "no": "out", "unknown": "unknown"}


def place_terms(visits: list[Row], frame: Frame) -> dict[str, Term]:
    """Return one person's term in every vector of the measures of one season that a charter may add."""
    return {
        "penetration-home": {(home_of(visits, frame),): 1},
        **shop_terms(visits, frame),
        "bridges-cell": bridges_term(visits, frame),
        "conflicts-week": conflicts_term(visits, frame),
        **district_terms(visits, frame),
        **satisfaction_terms(visits, frame),
        **potential_terms(visits, frame),
        "coverage-seats": coverage_term(visits, frame),
    }


def day_of(visit: Row) -> dt.date:
    """Return the day of a visit."""
    return EPOCH + dt.timedelta(days=visit.event_day)


def month_of(visit: Row, frame: Frame) -> str | None:
    """Return the month of a visit, when the window touches it."""
    month = day_of(visit).strftime("%Y-%m")
    inside = frame.first_day.strftime("%Y-%m") <= month <= frame.last_day.strftime("%Y-%m")
    return month if inside else None


def place_of(visit: Row, frame: Frame) -> str:
    """Return where a visit was."""
    return place_name(frame.venues[visit.venue].slug, frame)


def shop_terms(visits: list[Row], frame: Frame) -> dict[str, Term]:
    """Return her months, and her months under her département."""
    months = {month for month in (month_of(visit, frame) for visit in visits) if month}
    home, room = home_of(visits, frame), frame.bounds.cells
    return {
        "shop-cell": once({(month, home) for month in months}, room),
        "shop-month": once({(month,) for month in months}, room),
    }


def bridges_term(visits: list[Row], frame: Frame) -> Term:
    """Return where and when she met each discipline after another one."""
    began = min(visit.event_day for visit in visits)
    cells = set()
    for kind in {visit.discipline for visit in visits}:
        hers = [visit for visit in visits if visit.discipline == kind]
        first = min(
            hers, key=lambda v: (v.event_day, frame.places.index(place_of(v, frame)), v.first_time)
        )
        met = first.event_day > began and ANSWERS[first.first_time] != "no"
        month = month_of(first, frame)
        if met and month and DISCIPLINES[kind] in frame.disciplines:
            cells.add((DISCIPLINES[kind], place_of(first, frame), month))
    return once(cells, frame.bounds.cells)


def conflicts_term(visits: list[Row], frame: Frame) -> Term:
    """Return her places and weeks."""
    cells = set()
    for visit in visits:
        day = day_of(visit)
        monday = day - dt.timedelta(days=day.weekday())
        if frame.first_day - dt.timedelta(days=6) <= monday <= frame.last_day:
            cells.add((place_of(visit, frame), monday.isoformat()))
    return once(cells, frame.bounds.cells)


def district_terms(visits: list[Row], frame: Frame) -> dict[str, Term]:
    """Return whether she lives in a priority district: any yes, else any no."""
    said = {ANSWERS[visit.qpv] for visit in visits}
    name = DISTRICTS[next(word for word in ("yes", "no", "unknown") if word in said)]
    read, _ = places_read(visits, frame)
    visible = min(len(frame.places), 32)
    weight = weight_of(len(read), min(frame.bounds.venues, visible))
    return {
        "qpv-place": {(place, name): weight for place in read},
        "qpv-network": {(name,): 1},
    }


def satisfaction_terms(visits: list[Row], frame: Frame) -> dict[str, Term]:
    """Return her mean mark of each discipline, and whether she came again after the first."""
    marked = [visit for visit in visits if visit.satisfaction <= 10]
    cells = set()
    for kind in {visit.discipline for visit in marked}:
        marks = [visit.satisfaction for visit in marked if visit.discipline == kind]
        if DISCIPLINES[kind] in frame.disciplines:
            cells.add((DISCIPLINES[kind], str(math.floor(sum(marks) / len(marks) + 0.5))))
    again = ("none", "none")
    if marked:
        day = min(visit.event_day for visit in marked)
        mark = min(visit.satisfaction for visit in marked if visit.event_day == day)
        later = any(visit.event_day > day for visit in visits)
        name = "0-4" if mark <= 4 else "5-7" if mark <= 7 else "8-10"
        again = (name, "again" if later else "not-again")
    return {
        "satisfaction-mark": once(cells, frame.bounds.cells),
        "satisfaction-again": {again: 1},
    }


def coverage_term(visits: list[Row], frame: Frame) -> Term:
    """Return her seats in each place, fifty at most, weighed so that their squares stay in the room."""
    seats: dict[tuple[str, ...], int] = {}
    for visit in visits:
        place = (place_of(visit, frame),)
        seats[place] = min(seats.get(place, 0) + (1, 2, 3, 6, 1)[visit.party], 50)
    squares = sum(count * count for count in seats.values())
    room = max(1, (frame.bounds.visits * frame.bounds.visits) // 4)
    weight = min(1000, math.isqrt(room * 1000 * 1000 // squares))
    return {place: count * weight for place, count in seats.items()}


def potential_terms(visits: list[Row], frame: Frame) -> dict[str, Term]:
    """Return the places that she lives close to, likes the discipline of, and never came to."""
    came = {place_of(visit, frame) for visit in visits}
    could = set()
    for venue in frame.venues:
        place = place_name(venue.slug, frame)
        hers = {
            owner.discipline for owner in frame.venues if place_name(owner.slug, frame) == place
        }
        likes = any(DISCIPLINES[visit.discipline] in hers for visit in visits)
        if place not in came and likes and any(close(visit, venue, frame) for visit in visits):
            could.add(place)
    weight = weight_of(len(could), min(frame.bounds.venues, len(frame.places))) if could else 0
    term: dict[str, Term] = {"potential-place": {(place,): weight for place in could}}
    if could:
        term["potential-slack"] = {("all",): 1000 - weight}
        term["potential-missing"] = {("all",): min(len(could) * (1000 - weight), 32_000)}
    return term


def close(visit: Row, venue, frame: Frame) -> bool:
    """Tell whether where she came from, for this visit, is close to another venue."""
    apart = 2 * 6371 * math.asin(math.dist(_point(frame.venues[visit.venue]), _point(venue)) / 2)
    return (visit.distance == 0 and apart <= 20) or (visit.distance <= 1 and apart <= 5)


def _point(venue) -> tuple[float, float, float]:
    """Return where a venue is on the unit sphere; half of the chord between two is the sine of half their angle."""
    north, east = (
        math.radians(angle / 1e6) for angle in (venue.latitude_microdeg, venue.longitude_microdeg)
    )
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)
