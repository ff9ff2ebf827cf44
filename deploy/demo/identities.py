"""Synthetic people: who they are, where they live, and the many ways in which a box office writes them down."""

import csv
import datetime as dt
import math
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from contracts.earth import EARTH_KM
from deploy.demo.houses import HOUSES, house_index

DATA = Path(__file__).parent / "data" / "postcodes.csv"
ADULT = 18
FIRST = ("Anaïs", "Bastien", "Camille", "Chloé", "Cédric", "Élodie", "Émile", "Fatou", "François", "Gaëlle", "Hélène", "Inès", "Jean-Baptiste", "Joëlle", "Karim", "Léa", "Loïc", "Louise", "Maëlys", "Malo", "Marie-Claire", "Mathis", "Mélanie", "Naïma", "Noé", "Océane", "Pauline", "Quentin", "René", "Romane", "Samir", "Solène", "Théo", "Tiphaine", "Valérie", "Yann", "Yasmine", "Zoé")  # fmt: skip
LAST = ("Allain", "Aubry", "Baron", "Belhadj", "Berthelot", "Bourdin", "Briand", "Cissé", "Coëffic", "Cormier", "D'Alençon", "De Kerguelen", "Delaunay", "Évrard", "Fofana", "Gendron", "Guillou", "Hervé", "Jaouen", "Kerboul", "Lebrun", "Le Bihan", "Le Goff", "Maréchal", "Ménard", "Nguyen", "Orhan", "Pelé", "Péron", "Pichon", "Quéméneur", "Rivière", "Saint-Just", "Tanguy", "Thébaud", "Vasseur", "Yvon", "Zidane")  # fmt: skip
STREETS = ("rue des Tanneurs", "quai de la Fosse", "allée des Érables", "boulevard du Port", "impasse du Puits", "place du Bouffay")  # fmt: skip
HOSTS = ("mail.example", "poste.example", "courriel.example", "example.net", "example.org")
MEAN_AGES, SPREAD, SHARES = (22.0, 36.0, 59.0), (2.4, 8.0, 11.0), (0.18, 0.38, 0.44)


@dataclass(frozen=True)
class Home:
    """A postcode, its centre in degrees and its weight in the draw."""

    postcode: str
    city: str
    departement: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Person:
    """One synthetic person; every address is under a name reserved by RFC 2606, every number out of service."""

    person: int
    first: str
    last: str
    mail: str
    second_mail: str  # "" when she has one address only
    phone: str  # nine national digits, "" when she gives none
    birth_year: int
    sex: str
    home: Home
    street: str
    share: float  # propensity to accept sharing with the network
    objects: bool  # listed in the opposition files

    def age(self, year: int) -> int:
        """Return the age reached in *year*."""
        return year - self.birth_year


def kilometres(home: Home, latitude: float, longitude: float) -> float:
    """Return the great-circle distance from a home to a point, in kilometres.

    As ``contracts.earth.kilometres`` but for the last bits: what the demo draws hangs on them.
    """
    lat, to = math.radians(home.latitude), math.radians(latitude)
    half = math.sin((to - lat) / 2) ** 2
    half += (
        math.cos(lat) * math.cos(to) * math.sin(math.radians(longitude - home.longitude) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def make_people(
    rng: np.random.Generator, *, count: int, year: int, from_afar: bool = False
) -> tuple[Person, ...]:
    """Return *count* people; 1 % are minors, 3 % use a partner's address.

    They live around the metropolis, or with *from_afar* all over the country, nearer places first.
    """
    homes, weights = _homes(from_afar=from_afar)
    drawn = rng.choice(len(homes), size=count, p=weights)
    ages = _ages(rng, count)
    people = [
        _person(rng, n, homes[h], year - int(age))
        for n, (h, age) in enumerate(zip(drawn, ages, strict=True))
    ]
    return tuple(_households(rng, people))


def messy_mail(rng: np.random.Generator, mail: str) -> str:
    """Return *mail* as a tired clerk writes it."""
    x = rng.random()
    ways = (
        (0.10, mail.upper()),
        (0.18, mail.capitalize()),
        (0.23, f" {mail} "),
        (0.26, f"{mail}\u00a0"),
        (0.28, mail.replace("@", "+billets@")),
        (0.29, mail.replace("@", " @ ")),
        (0.305, mail[:-1]),  # a typing error: nobody can repair it
    )
    return next((text for limit, text in ways if x < limit), mail)


def messy_phone(rng: np.random.Generator, phone: str) -> str:
    """Return nine national digits in one of the ways people write them."""
    if not phone:
        return ""
    pairs = [phone[0], *(phone[i : i + 2] for i in range(1, 9, 2))]
    ways = (
        f"0{phone}",
        f"0{' '.join(pairs)}",
        f"0{'.'.join(pairs)}",
        f"+33{phone}",
        f"+33 {' '.join(pairs)}",
        f"0033{phone}",
        f"+33 (0){phone}",
    )
    shares = (0.32, 0.60, 0.70, 0.85, 0.95, 0.98, 1.0)
    return ways[int(np.searchsorted(shares, rng.random()))]


def messy_name(rng: np.random.Generator, person: Person) -> tuple[str, str]:
    """Return first and last name, in capitals, without accents or swapped now and then."""
    x = rng.random()
    if x < 0.35:
        return person.first, person.last.upper()
    if x < 0.45:
        return plain(person.first), plain(person.last).upper()
    return (person.last, person.first) if x < 0.46 else (person.first, person.last)


def plain(text: str) -> str:
    """Return *text* without accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def opt_in_day(rng: np.random.Generator, season: str) -> dt.datetime:
    """Return an instant within the two years before the season starts."""
    start = dt.datetime(int(season[:4]), 9, 1, tzinfo=dt.UTC)
    return start - dt.timedelta(minutes=int(rng.integers(1, 700 * 1440)))


def _homes(*, from_afar: bool) -> tuple[list[Home], np.ndarray]:
    centre = HOUSES[house_index("theatre-des-ecluses")]
    homes, weights = [], []
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            home = Home(
                row["postcode"],
                row["city"],
                row["departement"],
                float(row["lat"]),
                float(row["lon"]),
            )
            far = kilometres(home, centre.latitude, centre.longitude)
            homes.append(home)
            near = math.exp(-far / 12) + 0.004 * math.exp(-far / 250)
            weights.append(float(row["population"]) * (math.exp(-far / 350) if from_afar else near))
    total = np.array(weights)
    return homes, total / total.sum()


def _ages(rng: np.random.Generator, count: int) -> np.ndarray:
    group = rng.choice(3, size=count, p=SHARES)
    ages = np.clip(
        rng.normal(np.array(MEAN_AGES)[group], np.array(SPREAD)[group]), ADULT, 93
    ).astype(int)
    ages[rng.random(count) < 0.01] = 16
    return ages


def _person(rng: np.random.Generator, number: int, home: Home, birth_year: int) -> Person:
    first, last = FIRST[rng.integers(len(FIRST))], LAST[rng.integers(len(LAST))]
    local = re.sub(r"[^a-z.]", "", f"{plain(first)}.{plain(last)}".lower())
    mobile = rng.random() < 0.9
    number_text = f"600{number * 37 % 999_983:06d}" if mobile else f"26191{number % 10_000:04d}"
    return Person(
        person=number,
        first=first,
        last=last,
        mail=f"{local}{number}@{HOSTS[rng.integers(len(HOSTS))]}" if rng.random() < 0.97 else "",
        second_mail=f"{local[0]}{number}@entreprise.example" if rng.random() < 0.06 else "",
        phone=number_text if rng.random() < 0.9 else "",
        birth_year=birth_year,
        sex="F" if rng.random() < 0.58 else "H",
        home=home,
        street=f"{rng.integers(1, 140)} {STREETS[rng.integers(len(STREETS))]}",
        share=float(rng.beta(4.0, 1.7)),
        objects=bool(rng.random() < 0.01),
    )


def _households(rng: np.random.Generator, people: list[Person]) -> list[Person]:
    """Let 1.5 % give their partner's address and number: the false merges that real linkage meets."""
    out = list(people)
    for person in people:
        if rng.random() < 0.015:
            partner = people[int(rng.integers(len(people)))]
            shared = {"mail": partner.mail, "phone": partner.phone, "last": partner.last}
            out[person.person] = Person(**{**vars(person), **shared})
    return out
