"""The *theatres* world: 20,000 fictitious people and where they went, the same for the same seed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from contracts.visit import Discipline
from deploy.demo.houses import CLUSTERS, HOUSES, Clusters, House, Show, house_index, programme
from deploy.demo.identities import Person, kilometres, make_people

ONCE, TWICE, LOYAL = 0.68, 0.16, 0.16  # shares of people by visits in the season
SEVERAL_HOUSES = 0.15  # share of people seen in more than one house
FLOWS = (
    ("theatre-des-ecluses", "studio-courant-d-air", 0.050),
    ("la-cale", "le-remous", 0.040),
)  # planted: from, to, share of all people who go from one to the other within 30 days
NEAR_KM = 5.0  # planted: 18-25s who live this near La Cale buy three days ahead
YOUNG = range(18, 26)
PLANTED_LEAD = 3.5  # median of the continuous draw; whole days are its floor


@dataclass(frozen=True)
class Booking:
    """One purchase: who, which house, which show, when, how many; instants are local time."""

    person: int
    house: int
    show: int
    visit: dt.datetime
    booked: dt.datetime
    quantity: int
    counter: bool
    anonymous: bool


@dataclass(frozen=True)
class World:
    """Everything that happened, exactly; only the truth file may say it."""

    seed: int
    season: str
    houses: tuple[House, ...]
    programmes: tuple[tuple[Show, ...], ...]  # by house: the season's shows, then those before
    people: tuple[Person, ...]
    newcomers: frozenset[int]  # people whom no house had seen before this season
    bookings: tuple[Booking, ...]  # the season's, in order of visit
    history: tuple[Booking, ...] = field(default=(), repr=False)  # the season before
    clusters: Clusters = field(default_factory=lambda: CLUSTERS)
    facts: Mapping[str, object] = field(default_factory=lambda: {**planted()})
    """What the observatory must find again."""


@dataclass(frozen=True)
class _Dates:
    """Every (show, day, hour) of a house, in order of day."""

    shows: tuple[int, ...]
    visits: tuple[dt.datetime, ...]

    def within(self, first: dt.datetime, last: dt.datetime) -> list[int]:
        return [i for i, at in enumerate(self.visits) if first < at <= last]


def make_world(seed: int, *, people: int = 20_000, season: str = "2025-2026") -> World:
    """Return the world of *seed*: 12 houses, *people* persons, a season and the one before.

    Shares are exact by construction (see the constants above): 68 % come once, 16 % are loyal and pay half of
    the tickets, 85 % know one house only, half had never come before. Two flows and one habit are planted.
    """
    rng = np.random.default_rng(seed)
    year = int(season[:4])
    persons = make_people(rng, count=people, year=year)
    programmes = tuple(programme(h, season=season, rng=rng) for h in HOUSES)
    before = tuple(programme(h, season=f"{year - 1}-{year}", rng=rng) for h in HOUSES)
    order = rng.permutation(people)
    newcomers = frozenset(int(p) for p in rng.permutation(people)[: people // 2])
    maker = _Maker(rng, persons, programmes, year)
    bookings = maker.season(order)
    past = _Maker(rng, persons, before, year - 1).past(bookings, newcomers)
    history = tuple(replace(b, show=b.show + len(programmes[b.house])) for b in past)
    shown = tuple(
        (*own, *(replace(s, title=f"{s.title} ({year - 1})") for s in old))
        for own, old in zip(programmes, before, strict=True)
    )
    return World(seed, season, HOUSES, shown, persons, newcomers, bookings, history)


class _Maker:
    """Draws bookings for one season."""

    def __init__(
        self,
        rng: np.random.Generator,
        people: tuple[Person, ...],
        programmes: tuple[tuple[Show, ...], ...],
        year: int,
    ) -> None:
        self.rng, self.people, self.year = rng, people, year
        self.dates = [_dates(shows) for shows in programmes]
        self.cale = HOUSES[house_index("la-cale")]

    def season(self, order: np.ndarray) -> tuple[Booking, ...]:
        """Return the season's bookings; *order* decides who comes once, twice or often."""
        count = len(order)
        once, loyal = round(ONCE * count), round(LOYAL * count)
        several = round(SEVERAL_HOUSES * count)
        faithful, twice = order[:loyal], order[loyal : count - once]
        # Six in ten of those who know several houses are loyal; loyalty is what makes people wander.
        wander = {
            *map(int, faithful[: round(0.6 * several)]),
            *map(int, twice[: several - round(0.6 * several)]),
        }
        plans = self._planted(sorted(wander))
        out = [
            b for p in order[count - once :] for b in self._visits(int(p), [self._house(int(p))])
        ]
        for group, least in ((twice, 2), (faithful, 3)):
            for p in map(int, group):
                out.extend(self._many(p, least, wander=p in wander, flow=plans.get(p)))
        return tuple(sorted(out, key=lambda b: (b.visit, b.person, b.house)))

    def past(self, bookings: tuple[Booking, ...], newcomers: frozenset[int]) -> tuple[Booking, ...]:
        """Return one or two visits in the season before for everyone who is not a newcomer."""
        known: dict[int, list[int]] = {}
        for booking in bookings:
            known.setdefault(booking.person, []).append(booking.house)
        out = []
        for person in sorted(set(known) - newcomers):
            houses = known[person][: int(self.rng.integers(1, 3))]
            out.extend(self._visits(person, houses))
        return tuple(sorted(out, key=lambda b: (b.visit, b.person, b.house)))

    def _planted(self, wander: list[int]) -> dict[int, tuple[int, int]]:
        drawn = [int(p) for p in self.rng.permutation(wander)]
        plans: dict[int, tuple[int, int]] = {}
        for start, end, share in FLOWS:
            for person in [drawn.pop() for _ in range(round(share * len(self.people)))]:
                plans[person] = (house_index(start), house_index(end))
        return plans

    def _many(
        self, person: int, least: int, *, wander: bool, flow: tuple[int, int] | None
    ) -> list[Booking]:
        extra = int(min(self.rng.geometric(0.245) - 1, 21)) if least > 2 else 0
        total = least + extra
        out = self._flow(person, flow) if flow else []
        home = out[0].house if out else self._house(person)
        houses = [home] * (total - len(out))
        if wander and not out:
            other = self._house(person, but=home)
            houses[-1] = other
            houses[1:-1] = [
                h if self.rng.random() < 0.7 else self._house(person) for h in houses[1:-1]
            ]
        return out + self._visits(person, houses, after=out[0].visit if out else None)

    def _flow(self, person: int, flow: tuple[int, int]) -> list[Booking]:
        start, end = flow
        dates, then = self.dates[start], self.dates[end]
        while (
            True
        ):  # ends: almost every date has a show of the other house in the month that follows
            first = int(self.rng.integers(len(dates.visits)))
            at = dates.visits[first]
            follow = then.within(at, at + dt.timedelta(days=30))
            if follow:
                second = follow[int(self.rng.integers(len(follow)))]
                return [self._book(person, start, first), self._book(person, end, second)]

    def _visits(
        self, person: int, houses: list[int], after: dt.datetime | None = None
    ) -> list[Booking]:
        """Return one booking per house named, on distinct days, after a given visit when there is one."""
        out, taken = [], set()
        for house in houses:
            choice = self._date(house, after)
            while (house, self.dates[house].visits[choice].date()) in taken:
                choice = self._date(house, None)
            taken.add((house, self.dates[house].visits[choice].date()))
            out.append(self._book(person, house, choice))
        return out

    def _date(self, house: int, after: dt.datetime | None) -> int:
        visits = self.dates[house].visits
        first = next((i for i, at in enumerate(visits) if after and at > after), 0)
        return int(self.rng.integers(first, len(visits)))

    def _house(self, person: int, but: int | None = None) -> int:
        p = self.people[person]
        weights = np.array(
            [h.weight / (4 + kilometres(p.home, h.latitude, h.longitude)) for h in HOUSES]
        )
        if self._young_near(p):
            weights[house_index("la-cale")] *= 4
        if but is not None:
            weights[but] = 0
        return int(np.searchsorted(np.cumsum(weights / weights.sum()), self.rng.random()))

    def _young_near(self, person: Person) -> bool:
        near = kilometres(person.home, self.cale.latitude, self.cale.longitude) <= NEAR_KM
        return near and person.age(self.year) in YOUNG

    def _book(self, person: int, house: int, date: int) -> Booking:
        rng, visit = self.rng, self.dates[house].visits[date]
        booked = visit - dt.timedelta(days=self._lead(self.people[person], HOUSES[house]))
        return Booking(
            person=person,
            house=house,
            show=self.dates[house].shows[date],
            visit=visit,
            booked=booked.replace(hour=int(rng.integers(8, 14)), minute=int(rng.integers(60))),
            quantity=1 + int(np.searchsorted((0.52, 0.88, 0.95, 0.99, 1.0), rng.random())),
            counter=bool(rng.random() < 0.3),
            anonymous=bool(rng.random() < 0.15),
        )

    def _lead(self, person: Person, house: House) -> int:
        """Return whole days between purchase and visit; they grow with distance, and youth halves them."""
        if self._young_near(person):
            return int(PLANTED_LEAD * np.exp(self.rng.normal(0, 0.45)))
        far = min(kilometres(person.home, house.latitude, house.longitude), 100)
        median = house.lead_median * (1 + far / 60) * (0.6 if person.age(self.year) in YOUNG else 1)
        return int(min(median * np.exp(self.rng.normal(0, 0.8)), 400))


def _dates(shows: tuple[Show, ...]) -> _Dates:
    every = sorted(
        (dt.datetime.combine(day, dt.time(show.hour)), n)
        for n, show in enumerate(shows)
        for day in show.days
    )
    return _Dates(tuple(n for _, n in every), tuple(at for at, _ in every))


def planted() -> dict[str, object]:
    """Return what the observatory must find again."""
    return {
        "flows": [{"from": a, "to": b, "share_of_people": share} for a, b, share in FLOWS],
        "young_lead": {
            "age_band": "18-25",
            "near_km": NEAR_KM,
            "discipline": Discipline.CONTEMPORARY_ART.value,
            "median_days": 3,
        },
    }
