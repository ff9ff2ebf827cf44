"""The export of one large house: 300,000 people, two million tickets, two seasons, written once per size."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deploy.demo.houses import HOUSES, Show, programme
from deploy.demo.identities import Person, make_people, messy_mail, messy_name, messy_phone
from deploy.demo.layouts import FR23PLUS
from deploy.demo.mappings import mapping_toml

HOUSE = HOUSES[0]
SEASONS = ("2024-2025", "2025-2026")
TODAY = dt.date(2025, 11, 3)
RECORDS = (0.80, 0.97, 1.0)  # of a person: one way of writing her down, two, three
SEATS = (0.30, 0.78, 0.90, 1.0)  # of a booking
SEED = 20251103


@dataclass(frozen=True)
class Size:
    """How large the house is, and what one day adds."""

    people: int = 300_000
    tickets: int = 2_000_000
    newcomers: float = 0.005  # of the people, in one day


def write(folder: Path, size: Size) -> None:
    """Write ``first/`` and ``second/``, the exports of two days, each with its mapping; once."""
    done = folder / "written"
    if done.exists():
        return
    rng = np.random.default_rng(SEED)
    fresh = round(size.people * size.newcomers)
    records = _records(rng, make_people(rng, count=size.people + fresh, year=2025))
    shows = [show for s in SEASONS for show in programme(HOUSE, season=s, rng=rng)]
    before = _rows(rng, records[: size.people], shows, size.tickets, 1_000_000)
    per_person = size.tickets / size.people
    upcoming = [show for show in shows if min(show.days) >= TODAY]
    after = _rows(rng, records[size.people :], upcoming, round(fresh * per_person), 9_000_000)
    for day in ("first", "second"):
        (folder / day).mkdir(parents=True, exist_ok=True)
        (folder / day / "mapping.toml").write_text(mapping_toml(HOUSE, ()), encoding="utf-8")
    head = ";".join(FR23PLUS)
    with (
        (folder / "first" / "billetterie.csv").open("w", encoding="cp1252", newline="") as first,
        (folder / "second" / "billetterie.csv").open("w", encoding="cp1252", newline="") as second,
    ):
        for file in (first, second):
            file.write(head + "\r\n")
        for line in before:
            first.write(line)
            second.write(line)
        for line in after:
            second.write(line)
    done.touch()


def _records(rng: np.random.Generator, people: tuple[Person, ...]) -> list[list[tuple[str, str]]]:
    """Return each person's records: the cells of the layout from the name to the sex, and after it."""
    counts = np.searchsorted(RECORDS, rng.random(len(people))) + 1
    return [
        [_record(rng, person) for _ in range(count)]
        for person, count in zip(people, counts, strict=True)
    ]


def _record(rng: np.random.Generator, person: Person) -> tuple[str, str]:
    first, last = messy_name(rng, person)
    other = person.second_mail and rng.random() < 0.3
    mail = messy_mail(rng, person.second_mail if other else person.mail)
    phone = messy_phone(rng, person.phone) if rng.random() < 0.7 else ""
    age = str(person.age(2025)) if rng.random() < 0.6 else ""
    share = HOUSE.yes if rng.random() < person.share else HOUSE.no if rng.random() < 0.7 else ""
    day = TODAY - dt.timedelta(days=int(rng.integers(1, 700)))
    name = f"{last};{first};{mail};{person.street};{person.home.postcode};France;{age};{person.sex}"
    return name, f"{phone};{HOUSE.yes if share else ''};{share};{day:%d/%m/%Y}"


def _rows(
    rng: np.random.Generator,
    records: list[list[tuple[str, str]]],
    shows: list[Show],
    tickets: int,
    number: int,
) -> Iterator[str]:
    """Yield a line per ticket; half of the bookings are of one person in six."""
    bookings = tickets * 2 // 3
    keen = rng.random(bookings) < 0.5
    whose = np.where(keen, rng.integers(0, max(len(records) // 6, 1), bookings), rng.integers(0, len(records), bookings))  # fmt: skip
    whose[: len(records)] = np.arange(min(len(records), bookings))  # everybody came once
    seats = np.searchsorted(SEATS, rng.random(bookings)) + 1
    which = rng.integers(0, len(shows), bookings)
    leads = np.minimum(rng.lognormal(2.7, 1.0, bookings), 400)
    draws = rng.random(bookings)
    written = 0
    for at, person in enumerate(whose):
        if written >= tickets:
            return
        show, own = shows[which[at]], records[person]
        name, after = own[int(draws[at] * len(own))]
        visit = show.days[int(draws[at] * len(show.days))]
        booked = visit - dt.timedelta(days=int(leads[at]))
        before = (
            f"{100 + at};{booked:%d/%m/%y} 00:00;{at % 24:02d}:{at % 60:02d}:00;100;{show.title};"
            f"{which[at]};{show.title};{visit:%d/%m/%y};20:30:00;{visit:%d/%m/%y};22:30:00;"
            f"{HOUSE.price:g};Place individuelle;{'GUICHET' if at % 5 == 0 else 'INTERNET'}"
        )
        for _ in range(min(seats[at], tickets - written)):
            written += 1
            yield f"{number + written};{before};{name};{after}\r\n"
