"""The *city pass* world: dense, where the theatres are sparse; about five sites a person, within two days."""

import datetime as dt
from typing import Final

import numpy as np

from contracts.visit import Discipline
from deploy.demo.houses import Clusters, House, Show
from deploy.demo.identities import Person, make_people
from deploy.demo.world import Booking, World

D = Discipline
SITES: Final = (
    House("chateau-des-estuaires", "Château des Estuaires", D.HERITAGE, "44000", 47.2161, -1.5497, "fr23plus", "Oui", "Non", 2.6, 9, 1),
    House("galerie-des-automates", "Galerie des Automates", D.SCIENCE, "44200", 47.2060, -1.5640, "eventbrite", "TRUE", "FALSE", 2.4, 10, 3),
    House("musee-des-beaux-fonds", "Musée des Beaux Fonds", D.MUSEUM, "44000", 47.2195, -1.5470, "fr23+brevo", "1", "0", 1.8, 8, 1),
    House("le-lieu-du-sel", "Le Lieu du Sel, art contemporain", D.CONTEMPORARY_ART, "44000", 47.2152, -1.5450, "helloasso", "O", "N", 1.2, 6, 1),
    House("memorial-des-quais", "Mémorial des Quais", D.HERITAGE, "44000", 47.2092, -1.5645, "fr23plus", "Yes", "No", 1.3, 5, 1),
    House("museum-des-marees", "Muséum des Marées", D.SCIENCE, "44000", 47.2123, -1.5647, "fr23+brevo", "oui", "non", 1.4, 4, 1),
    House("tour-de-la-douane", "Tour de la Douane", D.HERITAGE, "44000", 47.2145, -1.5537, "fr23plus", "TRUE", "FALSE", 1.5, 7, 1),
    House("planetarium-du-coteau", "Planétarium du Coteau", D.SCIENCE, "44100", 47.2020, -1.5760, "eventbrite", "Yes", "No", 0.9, 8, 2),
    House("croisiere-de-l-erdre", "Croisière de l’Aval", D.OTHER, "44000", 47.2240, -1.5530, "helloasso", "Oui", "Non", 1.1, 14, 2),
    House("serres-du-jardin", "Serres du Jardin", D.HERITAGE, "44000", 47.2195, -1.5430, "fr23plus", "O", "N", 1.0, 3, 0),
    House("maison-du-port", "Maison du Port", D.MUSEUM, "44200", 47.2010, -1.5480, "helloasso", "1", "0", 0.5, 4, 0),
    House("atelier-des-voiles", "Atelier des Voiles", D.MUSEUM, "44200", 47.2030, -1.5580, "fr23+brevo", "x", "", 0.5, 4, 0),
    House("musee-de-l-imprime", "Musée de l'Imprimé", D.MUSEUM, "44000", 47.2100, -1.5540, "helloasso", "Oui", "Non", 0.4, 4, 0),
)  # fmt: skip
SITE_CLUSTERS: Final[Clusters] = {
    "petits-musees": (
        "Petits musées",
        ("maison-du-port", "atelier-des-voiles", "musee-de-l-imprime"),
    )
}
TOGETHER: Final = ("chateau-des-estuaires", "galerie-des-automates", 0.62)
"""Planted: the share of all people who see both; no other pair comes near."""
NEXT_DAY: Final = ("galerie-des-automates", "museum-des-marees", 0.25)
"""Planted: the share of all people who go from the one to the other the day after."""
SAME_DAY: Final = 0.7
"""Planted: the share of visits decided on the day itself or the day before."""
LEAST, MOST, MIDDLE = 3, 7, 5
_HOURS: Final = (10, 11, 13, 15, 16)
_SPREAD: Final = (0.10, 0.25, 0.32, 0.22, 0.11)  # of people, by 3 to 7 sites


def make_pass_world(seed: int, *, people: int = 8_000, season: str = "2025-2026") -> World:
    """Return the world of *seed*: 13 sites, *people* holders of a pass, each in the city for two days."""
    rng = np.random.default_rng((seed, 5))
    year = int(season[:4])
    persons = make_people(rng, count=people, year=year, from_afar=True)
    start = dt.date(year, 9, 1)
    shows = tuple(_open(site, start) for site in SITES)
    bookings = [b for person in persons for b in _stay(rng, person, start)]
    return World(
        seed=seed,
        season=season,
        houses=SITES,
        programmes=shows,
        people=persons,
        newcomers=frozenset(range(people)),
        bookings=tuple(sorted(bookings, key=lambda b: (b.visit, b.person, b.house))),
        clusters=SITE_CLUSTERS,
        facts=pass_facts(),
    )


def pass_facts() -> dict[str, object]:
    """Return what the observatory must find again."""
    return {
        "pair": {"places": list(TOGETHER[:2]), "share_of_people": TOGETHER[2]},
        "flow": {"from": NEXT_DAY[0], "to": NEXT_DAY[1], "share_of_people": NEXT_DAY[2]},
        "lead": {"share_decided_within_a_day": SAME_DAY},
        "sites_per_person": MIDDLE,
    }


def _open(site: House, start: dt.date) -> tuple[Show, ...]:
    """Return the one permanent visit of a site, open every day of the season."""
    days = tuple(start + dt.timedelta(days=day) for day in range(365))
    return (Show(f"{site.slug}-{start.year}", f"Visite : {site.name}", site.discipline, days, 10),)


def _stay(rng: np.random.Generator, person: Person, start: dt.date) -> list[Booking]:
    """Return one person's two days: what she surely sees, then others by popularity, some on either day."""
    first = start + dt.timedelta(days=int(rng.integers(0, 364)))
    count = int(rng.choice(np.arange(LEAST, MOST + 1), p=_SPREAD))
    seen: dict[int, int] = {}  # site → day
    names = [site.slug for site in SITES]
    chance = rng.random()
    if chance < NEXT_DAY[2]:
        seen[names.index(NEXT_DAY[0])], seen[names.index(NEXT_DAY[1])] = 0, 1
    elif chance < NEXT_DAY[2] + TOGETHER[2]:
        for name in TOGETHER[:2]:
            seen[names.index(name)] = 0
    weights = np.array([site.weight for site in SITES])
    weights[[names.index(name) for name in TOGETHER[:2]]] /= (
        4  # beyond the planted pair they are like others
    )
    while len(seen) < count:
        site = int(rng.choice(len(SITES), p=weights / weights.sum()))
        seen.setdefault(site, int(rng.random() < 0.5))
    return [_book(rng, person, site, first + dt.timedelta(days=day)) for site, day in seen.items()]


def _book(rng: np.random.Generator, person: Person, site: int, day: dt.date) -> Booking:
    visit = dt.datetime.combine(day, dt.time(_HOURS[int(rng.integers(len(_HOURS)))]))
    soon = rng.random() < SAME_DAY
    lead = int(rng.integers(0, 2)) if soon else int(rng.integers(2, 30))
    booked = visit - dt.timedelta(days=lead)
    return Booking(
        person=person.person,
        house=site,
        show=0,
        visit=visit,
        booked=booked.replace(hour=9, minute=int(rng.integers(60))),
        quantity=1 + int(rng.random() < 0.4),
        counter=bool(rng.random() < 0.2),
        anonymous=bool(rng.random() < 0.03),
    )
