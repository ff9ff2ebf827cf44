"""What the measures over two seasons mean, in plain Python: one person at a time, keys by name."""

import datetime as dt
from collections import Counter
from itertools import combinations

from contracts.season import season_of
from contracts.typology import affinity, family
from hub.measures.frame import Frame
from tests.support.oracle import (
    AGES,
    ANSWERS,
    DISCIPLINES,
    Term,
    once,
    place_name,
    weight_of,
)
from tests.support.town import EPOCH, Row

DRIFT_BINS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 21, 26, 31, 38, 46, 61, 76, 91, 121, 181, 241)  # fmt: skip


def two_season_term(visits: list[Row], frame: Frame) -> dict[str, Term]:
    """Return one person's term in every vector of the measures over two seasons."""
    later = season_of(frame.last_day)
    return {
        **returns_terms(visits, frame, later),
        "lead-drift-cell": drift_term(visits, frame),
        **habits(visits, frame, later),
    }


def season(visit: Row) -> str:
    """Return the season of a visit."""
    return season_of(EPOCH + dt.timedelta(days=visit.event_day))


def returns_terms(visits: list[Row], frame: Frame, later: str) -> dict[str, Term]:
    """Return, for each place that was new to her in the first season, where she was seen in the next."""
    by_place: dict[str, list[Row]] = {}
    for visit in visits:
        by_place.setdefault(place_name(frame.venues[visit.venue].slug, frame), []).append(visit)
    again = {place for place, hers in by_place.items() if any(season(v) == later for v in hers)}
    answers, classes = set(), {}
    for place, hers in by_place.items():
        first = min(visit.event_day for visit in hers)
        said = {ANSWERS[v.first_time] for v in hers if v.event_day == first}
        word = next(word for word in ("no", "yes", "unknown") if word in said)
        if any(season(v) == later for v in hers if v.event_day == first):
            continue
        answers.add(word)
        if word == "yes":
            classes[place] = "here" if place in again else "elsewhere" if again else "lost"
    weight = weight_of(len(classes), min(2, len(frame.places)))
    network = {("seen" if again else "lost",): 1} if answers == {"yes"} else {}
    return {
        "returns-cell": dict.fromkeys(classes.items(), weight),
        "returns-network": network,
    }


def drift_term(visits: list[Row], frame: Frame) -> Term:
    """Return the different cells of season, age and delay."""
    cells = set()
    for visit in visits:
        if visit.lead_days >= 0:
            bin_ = max(first for first in DRIFT_BINS if first <= visit.lead_days)
            cells.add((season(visit), AGES[visit.age], str(bin_)))
    return once(cells, min(2, frame.bounds.cells))


def habits(visits: list[Row], frame: Frame, later: str) -> dict[str, Term]:
    """Return family, affinities and bubble of somebody; nothing but insufficient when she is not assiduous."""
    seasons = Counter(season(visit) == later for visit in visits)
    if seasons[False] < 2 or seasons[True] < 2:
        return {"typology-family": {("insufficient",): 1}}
    seen = Counter(DISCIPLINES[visit.discipline] for visit in visits)
    usual = max(seen, key=lambda slug: (seen[slug], -DISCIPLINES.index(slug)))
    outside = 1000 * (len(visits) - seen[usual]) // len(visits)
    name = usual if usual in frame.disciplines else "others"
    known = [slug for slug in frame.disciplines if seen[slug]]
    k = min(frame.bounds.venues, len(frame.disciplines))
    weight = weight_of(len(known) * (len(known) + 1) // 2, k * (k + 1) // 2)
    cells = {(slug, slug, "any") for slug in known}
    cells |= {(a, b, affinity(seen[a], seen[b])) for a, b in combinations(known, 2)}
    return {
        "typology-family": {(family(list(seen.values())),): 1},
        "affinity-cell": dict.fromkeys(cells, weight),
        "bubble-cell": {(name, "usual"): 1000 - outside, (name, "outside"): outside},
    }
