"""What the measures mean, in plain Python: slow, obvious, right; one person at a time, keys by name."""

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations

from contracts.visit import AgeBand, Channel, Discipline, DistanceBand, YesNo
from hub.measures.frame import Frame
from hub.measures.holidays import is_holiday
from tests.support.town import Row

Term = dict[tuple[str, ...], int]
"""What one person adds to one vector: weight by key."""

AGES = [band.value for band in AgeBand]
DISTANCES = [band.value for band in DistanceBand]
DISCIPLINES = [discipline.value for discipline in Discipline]
CHANNELS = [channel.value for channel in Channel]
ANSWERS = [answer.value for answer in YesNo]
READ = 32


Oracle = Callable[[list[Row], Frame], dict[str, Term]]
"""From one person's visits, her term in some vectors."""


def vectors(rows: Iterable[Row], frame: Frame, oracle: Oracle) -> dict[str, Term]:
    """Return vectors as a sum of one term per person."""
    total: dict[str, Term] = defaultdict(lambda: defaultdict(int))
    for term in terms(rows, frame, oracle).values():
        for name, weights in term.items():
            for key, weight in weights.items():
                total[name][key] += weight
    return total


def terms(rows: Iterable[Row], frame: Frame, oracle: Oracle) -> dict[int, dict[str, Term]]:
    """Return each person's term in each vector."""
    hers: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        hers[row.person_key].append(row)
    return {person: oracle(visits, frame) for person, visits in hers.items()}


def term_of(visits: list[Row], frame: Frame) -> dict[str, Term]:
    """Return one person's term in every vector of the measures of one season, from her visits alone."""
    read, all_places = places_read(visits, frame)
    k = frame.bounds.venues
    visible = min(len(frame.places), READ)
    weight = weight_of(len(read), min(k, visible))
    more = all_places > READ
    term: dict[str, Term] = {
        "reach-venue": {(place,): weight for place in read},
        "reach-spread": {(spread_class(all_places),): 1},
        "provenance-place": {(place,): weight for place in read},
        "provenance-cell": {(place, home_of(visits, frame)): weight for place in read},
        "provenance-epci-place": {(place,): weight for place in read},
        "provenance-epci-cell": {(place, epci_of(visits, frame)): weight for place in read},
        "lead-time-cell": lead_term(visits, frame),
    }
    term["reach-slack"] = {("all",): 1000 if more else 1000 - weight}
    term["reach-missing"] = {("all",): min(len(read) * (1000 - weight), READ * 1000)}
    term |= ladder_terms(len(visits), frame.bounds.visits)
    term |= pair_terms(read, frame, more=more)
    term |= channel_terms(visits, frame)
    age = min(AGES.index(AGES[visit.age]) for visit in visits)
    young = "18-25" if AGES[age] == "18-25" else "unknown" if AGES[age] == "unknown" else "older"
    term["young-place"] = {(place, young): weight for place in read}
    term["young-network"] = {(young,): 1}
    classes = first_classes(visits, frame)
    days = [visit_of_season(visit, frame) for visit in visits]
    term["season-spread-cell"] = counted([day for day in days if day], frame.bounds.cells)
    origins = [origin_of(visit, frame) for visit in visits]
    term["tourists-cell"] = counted(origins, frame.bounds.cells)
    term["crossing-pair"] = crossing_term(visits, frame)
    term["firsts-cell"] = {(place, classes[place]): weight for place in read}
    return term


def places_read(visits: list[Row], frame: Frame) -> tuple[dict[str, int], int]:
    """Return the day of the first visit to each place that is read, and how many places there are."""
    first: dict[str, int] = {}
    order: dict[str, int] = {}
    for visit in visits:
        place = place_name(frame.venues[visit.venue].slug, frame)
        first[place] = min(first.get(place, visit.event_day), visit.event_day)
        order[place] = min(order.get(place, visit.priority), visit.priority)
    # Of a priority 38 bits are kept; the position of the place decides between equal ones.
    ranked = sorted(first, key=lambda place: (order[place] >> 26, frame.places.index(place)))
    return {place: first[place] for place in ranked[:READ]}, len(first)


def place_name(slug: str, frame: Frame) -> str:
    """Return the cluster of a venue, or the venue that stands alone."""
    for cluster, members in frame.clusters:
        if slug in members:
            return cluster
    return slug


def weight_of(cells: int, room: int) -> int:
    """Return the largest whole number of thousandths whose squares fit in the room."""
    weight = 1000
    while cells * weight * weight > room * 1000 * 1000:
        weight -= 1
    return weight


def spread_class(places: int) -> str:
    """Return the class of a number of places."""
    return {1: "1", 2: "2", 3: "3-4", 4: "3-4"}.get(places, "5+")


def ladder_terms(visits: int, most: int) -> dict[str, Term]:
    """Return the rung, and the visits beyond the sixth."""
    rungs: dict[str, Term] = {"ladder-rungs": {(str(visits) if visits < 6 else "6+",): 1}}
    if visits > 6:
        rungs["ladder-extra"] = {("all",): min(visits, most) - 6}
    return rungs


def pair_terms(read: dict[str, int], frame: Frame, *, more: bool) -> dict[str, Term]:
    """Return pairs and flows: every two places, by the days of their first visits."""
    visible = min(len(frame.places), READ)
    k = min(frame.bounds.venues, visible)
    count = len(read) * (len(read) - 1) // 2
    weight = weight_of(count, k * (k - 1) // 2)
    slack = {("all",): 1000 if more else 1000 - weight}
    missing = min(count * (1000 - weight), frame.bounds.pairs_total * 1000)
    pairs: Term = {}
    flows: Term = {}
    for a, b in combinations(sorted(read, key=frame.places.index), 2):
        pairs[a, b] = weight
        early, late = (a, b) if read[a] < read[b] else (b, a)
        lag = read[late] - read[early]
        if 1 <= lag <= 365:
            flows[early, late, "1-30" if lag <= 30 else "31-90" if lag <= 90 else "91-365"] = weight
    return {
        "pairs-cell": pairs,
        "pairs-slack": slack,
        "pairs-missing": {("all",): missing},
        "flows-cell": flows,
        "flows-slack": slack,
    }


def home_of(visits: list[Row], frame: Frame) -> str:
    """Return the least département of her rows; unknown when it is not a public code."""
    least = min(visit.departement for visit in visits)
    return least if least in frame.departements else ""


def epci_of(visits: list[Row], frame: Frame) -> str:
    """Return the least intercommunalité that her rows say; all those that are no key are elsewhere."""
    said = sorted(visit.epci for visit in visits if visit.epci)
    return "" if not said else said[0] if said[0] in frame.epcis else "elsewhere"


def lead_term(visits: list[Row], frame: Frame) -> Term:
    """Return the different cells of age, distance, discipline and lead that her visits fall in."""
    cells = set()
    for visit in visits:
        discipline = DISCIPLINES[visit.discipline]
        age, distance = AGES[visit.age], DISTANCES[visit.distance]
        if visit.lead_days < 0 or "unknown" in (age, distance):
            continue
        if discipline in frame.disciplines:
            cells.add((age, distance, discipline, lead_bin(visit.lead_days)))
    return {cell: weight_of(len(cells), frame.bounds.cells) for cell in cells}


def lead_bin(days: int) -> str:
    """Return the first day of the bin."""
    return str(max(first for first in (0, 1, 2, 3, 4, 8, 15, 31, 61, 121, 241) if first <= days))


def once(cells: set[tuple[str, ...]], room: int) -> Term:
    """Return the weight of somebody who counts once in each of her cells."""
    return {cell: weight_of(len(cells), room) for cell in cells}


def arrival(visits: list[Row], place: str, frame: Frame) -> tuple[str, str, int]:
    """Return what a place says of a person on her first day there, how she bought, and the day."""
    here = [v for v in visits if place_name(frame.venues[v.venue].slug, frame) == place]
    day = min(visit.event_day for visit in here)
    said = [(ANSWERS[v.first_time], v.channel) for v in here if v.event_day == day]
    standing = next(word for word in ("no", "yes", "unknown") if word in dict(said))
    channel = min(code for word, code in said if word == standing)
    return {"no": "known", "yes": "new"}.get(standing, standing), CHANNELS[channel], day


def first_classes(visits: list[Row], frame: Frame) -> dict[str, str]:
    """Return, for each of her places, whether she was known there, new, or known elsewhere before."""
    places = {place_name(frame.venues[visit.venue].slug, frame) for visit in visits}
    came = {place: arrival(visits, place, frame) for place in places}
    classes = {}
    for place, (standing, _, day) in came.items():
        others = [other for name, other in came.items() if name != place]
        before = any(known == "known" or first < day for known, _, first in others)
        new = "new-elsewhere" if before else "new-only"
        classes[place] = new if standing == "new" else standing
    return classes


def channel_terms(visits: list[Row], frame: Frame) -> dict[str, Term]:
    """Return how she bought, by age and discipline, and whether she was new where she did."""
    cells = {
        (CHANNELS[visit.channel], AGES[visit.age], DISCIPLINES[visit.discipline])
        for visit in visits
        if DISCIPLINES[visit.discipline] in frame.disciplines
    }
    places = {place_name(frame.venues[visit.venue].slug, frame) for visit in visits}
    arrivals = {arrival(visits, place, frame) for place in places}
    new = {(channel, standing) for standing, channel, _ in arrivals if standing != "unknown"}
    room = frame.bounds.cells
    return {"channels-cell": once(cells, room), "channels-new": once(new, room)}


def counted(cells: list[tuple[str, ...]], room: int) -> Term:
    """Return the weight of somebody whose visits count, five in a cell at most."""
    counts = {cell: min(count, 5) for cell, count in Counter(cells).items()}
    squares = sum(count * count for count in counts.values())
    weight = min(1000, math.isqrt(room * 1000 * 1000 // squares)) if squares else 0
    return {cell: count * weight for cell, count in counts.items()}


def visit_of_season(visit: Row, frame: Frame) -> tuple[str, str] | None:
    """Return the month and the day of the week of a visit in the months of the window."""
    day = dt.date(1970, 1, 1) + dt.timedelta(days=visit.event_day)
    month = day.strftime("%Y-%m")
    if not frame.first_day.strftime("%Y-%m") <= month <= frame.last_day.strftime("%Y-%m"):
        return None
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return month, "week" if frame.by_week else names[day.weekday()]


def origin_of(visit: Row, frame: Frame) -> tuple[str, str, str]:
    """Return the place, the period and the origin of a visit."""
    day = dt.date(1970, 1, 1) + dt.timedelta(days=visit.event_day)
    known = frame.last_day.year <= 2027 and not frame.by_week
    period = ("holidays" if is_holiday(day) else "term") if known else "all"
    band = DISTANCES[visit.distance]
    origin = {"100+": "far", "unknown": "unknown"}.get(band, "near")
    if visit.departement == "99" or visit.country not in ("", "FR"):
        origin = "abroad"
    return place_name(frame.venues[visit.venue].slug, frame), period, origin


def crossing_term(visits: list[Row], frame: Frame) -> Term:
    """Return her disciplines, and the pairs of them that she saw in two different places."""
    seen: dict[str, set[str]] = defaultdict(set)
    for visit in visits:
        if DISCIPLINES[visit.discipline] in frame.disciplines:
            place = place_name(frame.venues[visit.venue].slug, frame)
            seen[DISCIPLINES[visit.discipline]].add(place)
    k = min(frame.bounds.venues, len(frame.disciplines))
    count = len(seen)
    weight = weight_of(count * (count + 1) // 2, k * (k + 1) // 2)
    cells = {(own, own) for own in seen}
    for a, b in combinations(sorted(seen, key=frame.disciplines.index), 2):
        if any(x != y for x in seen[a] for y in seen[b]):
            cells.add((a, b))
    return dict.fromkeys(cells, weight)
