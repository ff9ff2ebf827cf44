"""The exact answers of the demonstration world, by plain counting: what a scorer holds the edition against."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from deploy.demo.houses import House, house_index
from deploy.demo.identities import kilometres
from deploy.demo.records import Books, usable
from deploy.demo.world import NEAR_KM, YOUNG, Booking, World, planted

LAGS = ((0, 30, "30"), (31, 90, "90"), (91, 365, "365"))
Seen = dict[int, dict[int, set[dt.date]]]
"""Person → house → days of visit."""


def truth(world: World, books: Sequence[Books]) -> dict[str, object]:
    """Return the truth over all bookings, over identified ones, and over those that may leave a house.

    ``consenting`` is what a perfect network would count: adults, identified, reachable by an address or a number,
    whose latest explicit answer at that house is yes, and who are on no opposition list.
    """
    every = [b for book in books for b in book.bookings if _in_season(world, b)]
    named = [b for book in books for b in _named(book) if _in_season(world, b)]
    sent = [b for book in books for b in _sendable(world, book) if _in_season(world, b)]
    return {
        "seed": world.seed,
        "season": world.season,
        "rule": "consent = latest dated explicit answer at that house; blank = none; opposition list = no",
        "planted": planted(),
        "newcomers": len(world.newcomers),
        "houses": {book.house.slug: _house(book) for book in books},
        "all": _counts(world, every),
        "identified": _counts(world, named),
        "consenting": _counts(world, sent),
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


def _counts(world: World, bookings: Iterable[Booking]) -> dict[str, object]:
    kept = list(bookings)
    seen = _seen(kept)
    visits = [sum(len(days) for days in places.values()) for places in seen.values()]
    return {
        "reach": len(seen),
        "visits": sum(visits),
        "reach_by_house": _named_houses(
            world.houses, Counter(h for places in seen.values() for h in places)
        ),
        "houses_per_person": _text(Counter(_step(len(p), (1, 2, 3, 5)) for p in seen.values())),
        "ladder": _text(Counter(_step(n, (1, 2, 3, 6)) for n in visits)),
        "visits_by_rung": _text(_sum_by_rung(visits)),
        "pairs": _pairs(world.houses, seen),
        "flows": _flows(world.houses, seen),
        "lead_young_near_cale": _lead(world, kept),
        "departements": _text(Counter(world.people[p].home.departement for p in seen)),
    }


def _seen(bookings: Iterable[Booking]) -> Seen:
    seen: Seen = {}
    for b in bookings:
        seen.setdefault(b.person, {}).setdefault(b.house, set()).add(b.visit.date())
    return seen


def _step(count: int, floors: tuple[int, ...]) -> int:
    """Return the highest floor that *count* reaches."""
    return max(floor for floor in floors if count >= floor)


def _sum_by_rung(visits: Iterable[int]) -> Counter[int]:
    out: Counter[int] = Counter()
    for n in visits:
        out[_step(n, (1, 2, 3, 6))] += n
    return out


def _pairs(houses: tuple[House, ...], seen: Seen) -> dict[str, int]:
    both: Counter[tuple[int, int]] = Counter()
    for places in seen.values():
        both.update(itertools.combinations(sorted(places), 2))
    return {f"{houses[a].slug}|{houses[b].slug}": n for (a, b), n in sorted(both.items())}


def _flows(houses: tuple[House, ...], seen: Seen) -> dict[str, dict[str, int]]:
    """Count people by the days between their first visits to two houses, in disjoint classes."""
    out: dict[str, Counter[str]] = {name: Counter() for _, _, name in LAGS}
    for places in seen.values():
        first = {house: min(days) for house, days in places.items()}
        for a, b in itertools.permutations(first, 2):
            lag = (first[b] - first[a]).days
            # The same day twice has no direction: it counts once, from the house of lower rank.
            if lag > 0 or (lag == 0 and a < b):
                name = next((n for low, high, n in LAGS if low <= lag <= high), None)
                out[name or "365"][f"{houses[a].slug}>{houses[b].slug}"] += 1
    return {name: dict(sorted(cells.items())) for name, cells in out.items()}


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


def _named_houses(houses: tuple[House, ...], counts: Counter[int]) -> dict[str, int]:
    return {houses[h].slug: n for h, n in sorted(counts.items())}


def _text(counts: Mapping[int, int] | Mapping[str, int]) -> dict[str, int]:
    return {str(key): count for key, count in sorted(counts.items())}
