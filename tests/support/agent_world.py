"""A small charter, catalogue and book of handles for tests of the agent's steps."""

import csv
import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from contracts.catalogue import Catalogue
from contracts.charter import Member
from contracts.clock import FixedClock
from contracts.visit import PERSON_COLUMNS, VISIT_COLUMNS, Discipline, Purpose
from venue_agent.catalogue import LocalCatalogue
from venue_agent.config import SourceConfig
from venue_agent.consent import Allowed, consent
from venue_agent.frames import Consented, Minimised, Normalised, Raw
from venue_agent.minimise import Rules, minimise
from venue_agent.normalise import normalise
from venue_agent.people.handles import Handles
from venue_agent.people.known import Keys
from venue_agent.read import read
from venue_agent.settings.mapping import Mapping

CLOCK = FixedClock(dt.datetime(2025, 9, 15, 8, 0, tzinfo=dt.UTC))
EVERYTHING = frozenset(PERSON_COLUMNS) | frozenset(VISIT_COLUMNS)
ALL = Allowed(frozenset(Purpose), frozenset({"friends", "theatre-b"}))


def member(venue: str = "venue-a", lat: float = 45.764, lon: float = 4.8357) -> Member:
    return Member(
        venue=venue,
        name="Lieu d'essai",
        discipline=Discipline.MUSEUM,
        postcode="69001",
        latitude_microdeg=round(lat * 1e6),
        longitude_microdeg=round(lon * 1e6),
        signing_key="00" * 32,
        declared_identifiers=1000,
    )


def rules(mapping: Mapping, where: Member | None = None, **changes: object) -> Rules:
    where = where or member()
    empty = LocalCatalogue(Catalogue(venue=where.venue, events=[]), {})
    settings: dict[str, object] = {
        "member": where,
        "fields": EVERYTHING,
        "granularity": "day",
        "retention_months": 36,
        "catalogue": empty,
        "values": mapping.values,
    }
    return Rules(**(settings | changes))  # type: ignore[arg-type]


def counted_tokens() -> Callable[[int], bytes]:
    """Return a source of distinct bytes that is the same at every run."""
    numbers = itertools.count(1)
    return lambda size: next(numbers).to_bytes(size, "big")


class ForgetfulBook:
    """A HandleBook in memory."""

    def __init__(self) -> None:
        self.given: dict[Keys, str] = {}
        self.gone: list[str] = []

    def assign(self, people: Sequence[Keys]) -> list[str]:
        return [self.given.setdefault(k, f"{len(self.given) + 1:032x}") for k in people]

    def withdraw(self, people: Iterable[Keys]) -> None:
        self.gone += [self.given.pop(keys) for keys in people if keys in self.given]

    def withdrawn(self) -> list[str]:
        return self.gone


def front(folder: Path, mapping: Mapping) -> tuple[Raw, Normalised, Consented]:
    """Run the three first steps over the exports in *folder*."""
    raw = read(SourceConfig(mapping, folder), CLOCK)
    normalised = normalise(raw, mapping.values, mapping.groups)
    return raw, normalised, consent(normalised, mapping.rules, ALL, mapping.contact.months)


def whole_front(
    folder: Path, mapping: Mapping, state: Path, where: Member | None = None
) -> tuple[Consented, Minimised, Handles]:
    """Run the four steps of the agent's front over the exports in *folder*."""
    where = where or member()
    _, _, consented = front(folder, mapping)
    handles = Handles(state, where.venue)
    return consented, minimise(consented, rules(mapping, where), handles), handles


ROW = {
    "Numero billet": "1",
    "Reservation": "1",
    "Date reservation": "01/03/25 00:00",
    "Heure reservation": "10:00:00",
    "Cle spectacle": "100",
    "Spectacle": "La Danse",
    "Date representation": "15/03/25",
    "Heure representation": "20:30:00",
    "Prix": "12,5",
    "Type de produit": "Place individuelle",
    "Filiere de vente": "INTERNET",
    "Nom": "Durand",
    "Prenom": "Zoé",
    "Email": "zoe.durand@mail.example",
    "Adresse": "3 rue Voltaire",
    "Code postal": "69003",
    "Pays": "France",
    "Age": "41",
    "Telephone": "",
    "Optin newsletter": "",
    "Optin partenaires": "Oui",
    "Date optin": "01/01/2025",
}


def write_csv(path: Path, rows: Sequence[dict[str, str]], encoding: str = "utf-8-sig") -> Path:
    """Write *rows* as venues do: ``;`` between cells, CRLF, quotes where needed."""
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_export(folder: Path, *changes: dict[str, str], encoding: str = "cp1252") -> Path:
    """Write a fr23plus export: one ticket per set of changes to ROW, numbered from 1."""
    numbered = [
        ROW | {"Numero billet": str(n), "Reservation": str(n)} | change
        for n, change in enumerate(changes, start=1)
    ]
    return write_csv(folder / "essai_billetterie.csv", numbered, encoding)


def write_oppositions(folder: Path, *rows: dict[str, str]) -> Path:
    """Write an opposition list with the columns email and telephone."""
    full = [{"email": "", "telephone": ""} | row for row in rows]
    return write_csv(folder / "essai_oppositions.csv", full)
