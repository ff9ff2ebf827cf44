"""The twelve fictitious houses around Nantes: what they are, how they sell and what they show."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np

from contracts.visit import Discipline

Layout = Literal["fr23plus", "fr23+brevo", "eventbrite", "helloasso"]
MONDAY = 0


@dataclass(frozen=True)
class House:
    """One fictitious venue; coordinates in degrees, price in euros, lead in days."""

    slug: str
    name: str
    discipline: Discipline
    postcode: str
    latitude: float
    longitude: float
    layout: Layout
    yes: str
    no: str
    weight: float  # popularity
    price: float
    lead_median: float


@dataclass(frozen=True)
class Show:
    """One event of a house's public catalogue, and the days on which it can be seen."""

    event: str
    title: str
    discipline: Discipline
    days: tuple[dt.date, ...]
    hour: int


D = Discipline
HOUSES = (
    House("theatre-des-ecluses", "Théâtre des Écluses", D.THEATRE, "44000", 47.2149, -1.5583, "fr23plus", "Oui", "Non", 1.7, 24, 21),
    House("studio-courant-d-air", "Studio Courant d'air", D.DANCE, "44200", 47.2055, -1.5480, "fr23+brevo", "1", "0", 0.8, 18, 16),
    House("la-cale", "La Cale, musée d'art contemporain", D.CONTEMPORARY_ART, "44000", 47.2068, -1.5652, "fr23plus", "O", "N", 1.5, 9, 9),
    House("le-remous", "Le Remous", D.CONTEMPORARY_MUSIC, "44200", 47.2040, -1.5610, "eventbrite", "TRUE", "FALSE", 1.3, 22, 18),
    House("musee-des-vagues", "Musée des Vagues", D.MUSEUM, "44000", 47.2190, -1.5480, "fr23+brevo", "oui", "non", 1.6, 8, 5),
    House("opera-du-passage", "Opéra du Passage", D.OPERA, "44000", 47.2135, -1.5620, "fr23plus", "Yes", "No", 0.9, 45, 45),
    House("theatre-de-la-rive-sud", "Théâtre de la Rive sud", D.THEATRE, "44400", 47.1830, -1.5470, "helloasso", "Oui", "Non", 0.6, 14, 12),
    House("scene-du-tillay", "Scène du Tillay", D.DANCE, "44800", 47.2160, -1.6480, "fr23+brevo", "x", "", 0.6, 16, 14),
    House("cirque-des-grues", "Cirque des Grues", D.CIRCUS, "44340", 47.1790, -1.6230, "eventbrite", "Yes", "No", 0.5, 20, 20),
    House("auditorium-des-tilleuls", "Auditorium des Tilleuls", D.CLASSICAL, "44700", 47.2520, -1.6220, "helloasso", "1", "0", 0.5, 28, 25),
    House("maison-du-sel", "Maison des sciences du Sel", D.SCIENCE, "44600", 47.2780, -2.2100, "helloasso", "O", "N", 0.6, 7, 4),
    House("la-petite-passerelle", "La Petite Passerelle", D.YOUNG_AUDIENCE, "44240", 47.2990, -1.5510, "fr23plus", "TRUE", "FALSE", 0.5, 8, 11),
)  # fmt: skip
Clusters = dict[str, tuple[str, tuple[str, ...]]]
"""By slug: the name, and the small houses that show together."""
CLUSTERS: Clusters = {
    "petites-scenes": (
        "Petites scènes de la métropole",
        ("scene-du-tillay", "cirque-des-grues", "la-petite-passerelle", "theatre-de-la-rive-sud"),
    )
}
DANCES = {"theatre-des-ecluses": 2, "le-remous": 2, "opera-du-passage": 3}
"""Houses of another art that show dance too: one show in so many."""
MUSEUMS = (D.MUSEUM, D.CONTEMPORARY_ART, D.SCIENCE)
_NOUNS = ("Le Phare", "La Marée", "Les Oiseaux", "Le Jardin", "La Nuit", "Les Lettres", "Le Pont", "La Brume", "Les Géants", "Le Fil", "La Traversée", "Les Cendres")  # fmt: skip
_TAILS = ("de sel", "en hiver", "sans fin", "du canal", "à contre-jour", "d'à côté", "des absents", "en équilibre", "à voix basse", "du dimanche")  # fmt: skip


def house_index(slug: str) -> int:
    """Return the position of a house in ``HOUSES``."""
    return next(i for i, house in enumerate(HOUSES) if house.slug == slug)


def programme(house: House, *, season: str, rng: np.random.Generator) -> tuple[Show, ...]:
    """Return what *house* shows in *season*: six exhibitions for a museum, else shows of 1 to 5 evenings."""
    start = dt.date(int(season[:4]), 9, 1)
    return _exhibitions(house, start) if house.discipline in MUSEUMS else _stage(house, start, rng)


def _exhibitions(house: House, start: dt.date) -> tuple[Show, ...]:
    shows = []
    for n in range(6):
        first = start + dt.timedelta(days=60 * n)
        days = [first + dt.timedelta(days=d) for d in range(60)]
        shows.append(_show(house, start, n, [d for d in days if d.weekday() != MONDAY], 14))
    return tuple(shows)


def _stage(house: House, start: dt.date, rng: np.random.Generator) -> tuple[Show, ...]:
    shows: list[Show] = []
    first = start + dt.timedelta(days=int(rng.integers(3, 9)))
    while first < start + dt.timedelta(days=350):
        evenings = int(rng.integers(1, 6))
        shows.append(
            _show(
                house,
                start,
                len(shows),
                [first + dt.timedelta(days=d) for d in range(evenings)],
                20,
            )
        )
        first += dt.timedelta(days=evenings + int(rng.integers(4, 10)))
    return tuple(shows)


def _show(house: House, start: dt.date, number: int, days: list[dt.date], hour: int) -> Show:
    title = f"{_NOUNS[(number * 5 + len(house.slug)) % 12]} {_TAILS[(number * 7 + len(house.name)) % 10]}"
    title = f"{title} {number + 1}"  # one title, one event: mapping by title stays unambiguous
    event = f"{house.slug}-{start.year}-{number + 1:02d}"
    dances = house.slug in DANCES and number % DANCES[house.slug] == 1
    return Show(event, title, D.DANCE if dances else house.discipline, tuple(days), hour)
