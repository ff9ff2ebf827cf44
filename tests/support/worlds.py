"""The demonstration's worlds as the relation ``visit`` holds them: what a perfect network, linked without fault, would freeze."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pyarrow as pa

from contracts.charter import Bounds
from contracts.visit import Channel, Discipline
from deploy.demo import citypass, theatres
from deploy.demo.identities import kilometres
from deploy.demo.world import Booking, World
from hub.measures.frame import DISCIPLINES, Frame, Venue
from tests.support import town

FIRST, LAST = dt.date(2025, 9, 1), dt.date(2026, 8, 31)
DISTANCES = (5, 20, 50, 100, 10**9)
AGES = (26, 35, 50, 65, 10**9)
QPV, ANSWERED = (0.1, 0.7, 0.2), 0.3
"""Shares of people in a priority district, outside, unknown; share of visits with a mark: the worlds plant neither."""


def frame_of(world: World, *, seasons: int = 1) -> Frame:
    """Return the frame of the demonstration's charter for this world, over one season or the two last."""
    draft = (theatres if world.history else citypass).draft()
    houses = sorted(world.houses, key=lambda house: house.slug)
    kinds = {house.discipline.value for house in houses}
    frame = Frame(
        season="2025-2026",
        first_day=FIRST.replace(year=FIRST.year + 1 - seasons),
        last_day=LAST,
        venues=tuple(
            Venue(h.slug, h.name, h.discipline.value, round(h.latitude * 1e6), round(h.longitude * 1e6))
            for h in houses
        ),
        clusters=tuple((slug, tuple(inside)) for slug, (_, inside) in world.clusters.items()),
        bounds=Bounds(**draft["bounds"]),
        disciplines=tuple(slug for slug in DISCIPLINES if slug in kinds),
        attendance=tuple((house.slug, 1000 * (1 + n)) for n, house in enumerate(houses)),
    )  # fmt: skip
    return replace(frame, overlaps=(frame.places[:3],))


def visits_of(world: World, *, seasons: int = 1) -> pa.Table:
    """Return everybody's visits; what the world does not say of people (priority districts, marks) is drawn."""
    slugs = sorted(house.slug for house in world.houses)
    code = [slugs.index(house.slug) for house in world.houses]
    bookings = [*(world.history if seasons > 1 else ()), *world.bookings]
    known = {(b.person, b.house) for b in world.history} if seasons == 1 else set()
    draw = np.random.default_rng((world.seed, 8))
    qpv = draw.choice(3, len(world.people), p=QPV)
    marks = np.where(
        draw.random(len(bookings)) < ANSWERED, draw.integers(0, 11, len(bookings)), 255
    )
    rows = [
        town.Row(
            person_key=b.person,
            venue=code[b.house],
            discipline=list(Discipline).index(world.houses[b.house].discipline),
            event_day=(b.visit.date() - town.EPOCH).days,
            lead_days=(b.visit.date() - b.booked.date()).days,
            age=_age(world, b),
            distance=_distance(world, b),
            departement=world.people[b.person].home.departement,
            priority=(b.person * 1024 + b.house) * 2_654_435_761 % 2**62,
            channel=list(Channel).index(Channel.COUNTER if b.counter else Channel.ONLINE),
            first_time=1 if (b.person, b.house) in known else 0,
            qpv=int(qpv[b.person]),
            satisfaction=int(marks[number]),
            party=min(b.quantity - 1, 3),
        )
        for number, b in enumerate(bookings)
    ]
    return town.table_of(rows)


def _age(world: World, booking: Booking) -> int:
    return int(np.searchsorted(AGES, world.people[booking.person].age(FIRST.year), side="right"))


def _distance(world: World, booking: Booking) -> int:
    house = world.houses[booking.house]
    far = kilometres(world.people[booking.person].home, house.latitude, house.longitude)
    return int(np.searchsorted(DISTANCES, far))
