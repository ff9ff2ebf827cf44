"""A partner's request in the demonstration: who asks whom for what, and the visits that their letters bring, planted."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any, Final

import numpy as np

from deploy.demo.houses import HOUSES, house_index
from deploy.demo.records import address
from deploy.demo.world import Booking, World

PARTNER: Final = "studio-courant-d-air"
AGREES: Final = "theatre-des-ecluses"
NARROWS: Final = "le-remous"
REFUSES: Final = "opera-du-passage"
ASKED: Final = (AGREES, NARROWS, REFUSES)
SEATS: Final = 400

OPENS: Final = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
"""The network is founded, an edition comes out, the partner asks and the houses answer, all on one day."""
FIRST_DAY, LAST_DAY = dt.date(2026, 3, 19), dt.date(2026, 4, 30)
WRITES: Final = dt.datetime(2026, 3, 19, 9, tzinfo=dt.UTC)
"""Answers stood for two weeks; orders are signed, and houses write to their people."""
ENDS: Final = dt.datetime(2026, 9, 7, 8, tzinfo=dt.UTC)
"""The season is over: all send it, and an edition measures what came of the letters."""

BOUGHT: Final = 0.14
"""Planted: of the people who were written to, the share that buys for it and would not have come."""
FORM: Final[dict[str, Any]] = {
    "partner": PARTNER,
    "partner_name": "Studio Courant d'air",
    "aim": "support",
    "channel": "email",
    "taste": ["dance"],
    "level": "once",
    "distance": ["0-5", "5-20"],
    "not_house": [PARTNER],
    "sources": list(ASKED),
    "first_day": FIRST_DAY.isoformat(),
    "last_day": LAST_DAY.isoformat(),
    "cap": "1500",
    "holdout_percent": "30",
    "offer": f"« La Brume à voix basse » : {SEATS} places à remplir, deux pour le prix d'une avec le code.",
    "offer_en": f"“La Brume à voix basse”: {SEATS} seats to fill, two for the price of one with the code.",
}
"""The request as the partner's marketing types it in the office: dance, within 20 km, who never came."""
POLICY: Final = f"""version = 1
partners = ["{PARTNER}"]
aims = ["support", "discovery"]
channels = ["email"]
traits = ["age", "distance", "house", "taste"]
people_per_order = 1500
people_per_month = 3000
"""
"""What each asked house allows, in its own ``audiences.toml``."""


def purchases(world: World, contacted: Collection[str]) -> Iterator[Booking]:
    """Yield what the letters sold at the partner's: one in seven of those written to, whoever they are, buys once.

    Args:
        world: whose people they are.
        contacted: the addresses in the houses' files.
    """
    rng = np.random.default_rng((world.seed, 17))
    house = house_index(PARTNER)
    dates = [
        (dt.datetime.combine(day, dt.time(show.hour)), number)
        for number, show in enumerate(world.programmes[house])
        for day in show.days
        if FIRST_DAY + dt.timedelta(days=2) <= day <= LAST_DAY
    ]
    reached = {address(mail) for mail in contacted}
    for person in world.people:
        if address(person.mail) in reached and rng.random() < BOUGHT:
            visit, show = dates[int(rng.integers(len(dates)))]
            lead = int(rng.integers((visit.date() - FIRST_DAY).days))
            yield Booking(
                person=person.person,
                house=house,
                show=show,
                visit=visit,
                booked=(visit - dt.timedelta(days=lead)).replace(hour=10, minute=0),
                quantity=2,
                counter=False,
                anonymous=False,
            )


def name_of(venue: str) -> str:
    """Return what a house is called."""
    return next(house.name for house in HOUSES if house.slug == venue)
