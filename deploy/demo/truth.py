"""The exact answers of the demonstration world, by plain counting: what a scorer holds the edition against."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from deploy.demo.houses import HOUSES, Clusters, house_index
from deploy.demo.identities import kilometres
from deploy.demo.records import Books, usable
from deploy.demo.world import NEAR_KM, YOUNG, Booking, World

WINDOWS = (30, 90, 365)
Seen = dict[int, dict[str, set[dt.date]]]
"""Person → place → days of visit."""


def truth(world: World, books: Sequence[Books]) -> dict[str, object]:
    """Return the truth over all bookings, over identified ones, and over those that may leave a house.

    ``consenting`` is what a perfect network would count: adults, identified, reachable by an address or a number,
    whose latest explicit answer at that house is yes, and who are on no opposition list; ``consenting_by_place``
    counts the same people with the houses of a cluster as one place, as an edition does.
    """
    slugs = [house.slug for house in world.houses]
    every = [b for book in books for b in book.bookings if _in_season(world, b)]
    named = [b for book in books for b in _named(book) if _in_season(world, b)]
    sent = [b for book in books for b in _sendable(world, book) if _in_season(world, b)]
    return {
        "seed": world.seed,
        "season": world.season,
        "rule": "consent = latest dated explicit answer at that house; blank = none; opposition list = no",
        "planted": dict(world.facts),
        "newcomers": len(world.newcomers),
        "houses": {book.house.slug: _house(book) for book in books},
        "all": _counts(world, every, slugs),
        "identified": _counts(world, named, slugs),
        "consenting": _counts(world, sent, slugs),
        "consenting_by_place": _counts(world, sent, _places(slugs, world.clusters)),
    }


def _house(book: Books) -> dict[str, object]:
    house = book.house
    return {
        "name": house.name,
        "discipline": house.discipline.value,
        "layout": house.layout,
        "bookings": len(book.bookings),
        "records": len(book.records),
        "persons_consenting": sum(yes for _, yes in book.answers.values()),
    }


def _named(book: Books) -> list[Booking]:
    return [b for b, r in zip(book.bookings, book.written, strict=True) if r is not None]


def _sendable(world: World, book: Books) -> list[Booking]:
    year = int(world.season[:4])
    reachable = {r.person for r in book.records if usable(r)}
    yes = {person for person, (_, said) in book.answers.items() if said}
    adults = {p for p in yes & reachable if world.people[p].age(year) >= min(YOUNG)}
    return [b for b in _named(book) if b.person in adults]


def _in_season(world: World, booking: Booking) -> bool:
    return booking.visit >= dt.datetime(int(world.season[:4]), 9, 1)  # noqa: DTZ001 local wall time


def _places(slugs: Sequence[str], clusters: Clusters) -> list[str]:
    cluster_of = {slug: cluster for cluster, (_, inside) in clusters.items() for slug in inside}
    return [cluster_of.get(slug, slug) for slug in slugs]


def _counts(world: World, bookings: Iterable[Booking], names: Sequence[str]) -> dict[str, object]:
    """Count people and visits; *names* says, for each house, the place that it is counted under."""
    kept = list(bookings)
    seen = _seen(kept, names)
    visits = list(Counter(p for p, _, _, _ in _visits(kept)).values())
    return {
        "reach": len(seen),
        "visits": sum(visits),
        "reach_by_place": _text(Counter(place for places in seen.values() for place in places)),
        "places_per_person": _text(Counter(_step(len(p), (1, 2, 3, 5)) for p in seen.values())),
        "ladder": _text(Counter(_step(n, (1, 2, 3, 6)) for n in visits)),
        "visits_by_rung": _text(_sum_by_rung(visits)),
        "pairs": _pairs(seen),
        "flows": _flows(seen),
        **({"lead_young_near_cale": _lead(world, kept)} if world.houses == HOUSES else {}),
        "departements": _text(Counter(world.people[p].home.departement for p in seen)),
    }


def _visits(bookings: Iterable[Booking]) -> set[tuple[int, int, int, dt.date]]:
    """A visit is one person, one house, one event, one day, however many bookings she made for it."""
    return {(b.person, b.house, b.show, b.visit.date()) for b in bookings}


def _seen(bookings: Iterable[Booking], names: Sequence[str]) -> Seen:
    seen: Seen = {}
    for person, house, _, day in _visits(bookings):
        seen.setdefault(person, {}).setdefault(names[house], set()).add(day)
    return seen


def _step(count: int, floors: tuple[int, ...]) -> int:
    """Return the highest floor that *count* reaches."""
    return max(floor for floor in floors if count >= floor)


def _sum_by_rung(visits: Iterable[int]) -> Counter[int]:
    out: Counter[int] = Counter()
    for n in visits:
        out[_step(n, (1, 2, 3, 6))] += n
    return out


def _pairs(seen: Seen) -> dict[str, int]:
    both: Counter[str] = Counter()
    for places in seen.values():
        both.update(f"{a}|{b}" for a, b in itertools.combinations(sorted(places), 2))
    return dict(sorted(both.items()))


def _flows(seen: Seen) -> dict[str, dict[str, int]]:
    """Count people whose first visit to b follows their first to a by 1 to 30, 90, 365 days; sums, not classes."""
    out: dict[str, Counter[str]] = {f"0-{days}": Counter() for days in WINDOWS}
    for places in seen.values():
        first = {place: min(days) for place, days in places.items()}
        for a, b in itertools.permutations(first, 2):
            lag = (first[b] - first[a]).days
            for days in WINDOWS:
                out[f"0-{days}"][f"{a}>{b}"] += 0 < lag <= days
    return {window: _text(+cells) for window, cells in out.items()}


def _lead(world: World, bookings: Iterable[Booking]) -> dict[str, float]:
    cale, year = house_index("la-cale"), int(world.season[:4])
    house = world.houses[cale]
    days = [
        (b.visit.date() - b.booked.date()).days
        for b in bookings
        if b.house == cale
        and world.people[b.person].age(year) in YOUNG
        and kilometres(world.people[b.person].home, house.latitude, house.longitude) <= NEAR_KM
    ]
    return {"purchases": len(days), "median_days": float(median(days)) if days else -1.0}


def _text(counts: Mapping[int, int] | Mapping[str, int]) -> dict[str, int]:
    return {str(key): count for key, count in sorted(counts.items())}
