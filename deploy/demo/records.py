"""Customer records of one house, as messy as a box office keeps them, and what each person answered there."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from deploy.demo.houses import House
from deploy.demo.identities import Person, messy_mail, messy_name, messy_phone, opt_in_day
from deploy.demo.world import Booking, World

PLACEHOLDER_MAILS = ("guichet@example.com", "sans-mail@example.com", "noreply@example.com")
PLACEHOLDER_PHONES = ("0000000000", "0600000000", "0102030405")
NEWS = 0.85
"""Propensity to accept a house's newsletter, with what its text says of other houses' offers."""
WITH_AGE = ("fr23plus", "fr23+brevo")


@dataclass(frozen=True)
class Record:
    """One customer record: the texts exactly as exported, and the instant of its consent."""

    person: int
    mail: str
    phone: str
    first: str
    last: str
    share: str
    news: str
    answered: dt.datetime
    age: str
    sex: str
    postcode: str
    city: str
    street: str


@dataclass
class Books:
    """The books of one house: its records, who wrote each booking, and the latest explicit answer of each person."""

    house: House
    index: int
    bookings: list[Booking] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    written: list[int | None] = field(default_factory=list)  # booking → record, None when anonymous
    answers: dict[int, tuple[dt.datetime, bool]] = field(default_factory=dict)

    def answer(self, record: Record, at: dt.datetime) -> None:
        """Note an answer; blank is none, unless blank is how this house writes "no"; the latest wins."""
        if record.share == "" and self.house.no != "":
            return
        old = self.answers.get(record.person)
        if old is None or at >= old[0]:
            self.answers[record.person] = (at, record.share == self.house.yes)


def keep_books(world: World, index: int, *, history: bool, more: Sequence[Booking] = ()) -> Books:
    """Return the books of house number *index*, seeded by the world and the house alone.

    Args:
        world: what happened.
        index: of the house.
        history: with the season before.
        more: sold besides, whatever the house; nothing else in the books changes for it.
    """
    rng = np.random.default_rng((world.seed, index, 7))
    books = Books(world.houses[index], index)
    books.bookings = [b for b in _bookings(world, history=history) if b.house == index]
    latest: dict[int, int] = {}
    for booking in books.bookings:
        if booking.anonymous:
            books.written.append(None)
            continue
        known = latest.get(booking.person)
        if known is None or rng.random() < 0.04:  # a second record of the same person, dirtier
            latest[booking.person] = len(books.records)
            books.records.append(_record(rng, world, books.house, booking.person))
        books.written.append(latest[booking.person])
    _sell(books, world, [b for b in more if b.house == index])
    _settle(books, world)
    return books


def known_at(books: Books, until: dt.datetime | None) -> Books:
    """Return *books* with the records alone that the house had at an hour (local wall time); all without one."""
    if until is None:
        return books
    pairs = zip(books.bookings, books.written, strict=True)
    seen = {number for booking, number in pairs if booking.booked <= until}
    return replace(books, records=[r for n, r in enumerate(books.records) if n in seen])


def _sell(books: Books, world: World, more: Sequence[Booking]) -> None:
    rng = np.random.default_rng((world.seed, books.index, 13))
    latest = {record.person: number for number, record in enumerate(books.records)}
    for booking in more:
        if booking.person not in latest:
            latest[booking.person] = len(books.records)
            books.records.append(_record(rng, world, books.house, booking.person))
        books.bookings.append(booking)
        books.written.append(latest[booking.person])


def address(mail: str) -> str:
    """Return the address that a newsletter tool keys its contacts by, or "" when it is not one."""
    text = "".join(c for c in unicodedata.normalize("NFKC", mail).lower() if not c.isspace())
    local, at, host = text.partition("@")
    usable = bool(local and at) and "." in host and text not in PLACEHOLDER_MAILS
    return f"{local.partition('+')[0]}@{host}" if usable else ""


def contacts(books: Books) -> dict[str, Record]:
    """Return the newsletter tool's contacts: one per address, its latest record."""
    kept: dict[str, Record] = {}
    for record in sorted(books.records, key=lambda r: r.answered):
        if address(record.mail):
            kept[address(record.mail)] = record
    return kept


def objectors(books: Books, people: Iterable[Person]) -> list[Record]:
    """Return the records of people on the opposition list who can be found by an address or a number."""
    listed = {p.person for p in people if p.objects}
    return [r for r in books.records if r.person in listed and usable(r)]


def usable(record: Record) -> bool:
    """Return whether the record can be found again by an address or a number."""
    return bool(address(record.mail) or (record.phone and record.phone not in PLACEHOLDER_PHONES))


def _bookings(world: World, *, history: bool) -> tuple[Booking, ...]:
    return (*world.history, *world.bookings) if history else world.bookings


def _settle(books: Books, world: World) -> None:
    settle = {"fr23plus": _by_record, "fr23+brevo": _by_contact}.get(books.house.layout, _by_order)
    settle(books)
    for record in objectors(books, world.people):
        books.answers[record.person] = (record.answered, False)


def _by_record(books: Books) -> None:
    for record in books.records:
        books.answer(record, record.answered)


def _by_contact(books: Books) -> None:
    kept = contacts(books)
    for record in books.records:
        if address(record.mail):
            contact = kept[address(record.mail)]
            books.answer(replace(contact, person=record.person), contact.answered)


def _by_order(books: Books) -> None:
    for booking, number in zip(books.bookings, books.written, strict=True):
        if number is not None:
            books.answer(books.records[number], booking.booked.replace(tzinfo=dt.UTC))


def _record(rng: np.random.Generator, world: World, house: House, number: int) -> Record:
    person = world.people[number]
    first, last = messy_name(rng, person)
    age = person.age(int(world.season[:4]))
    minor = age < 18
    blank_age = not minor and rng.random() < 0.15
    return Record(
        person=number,
        mail=_mail(rng, person),
        phone=_phone(rng, person),
        first=first,
        last=last,
        share=_answer(rng, house, person.share),
        news=_answer(rng, house, NEWS),
        answered=opt_in_day(rng, world.season),
        age="" if blank_age else str(age),
        sex="" if rng.random() < 0.2 else person.sex,
        postcode=_postcode(rng, person.home.postcode),
        city=person.home.city,
        street=person.street,
    )


def _mail(rng: np.random.Generator, person: Person) -> str:
    if not person.mail or rng.random() < 0.04:
        return PLACEHOLDER_MAILS[rng.integers(3)] if rng.random() < 0.3 else ""
    second = person.second_mail and rng.random() < 0.4
    return messy_mail(rng, person.second_mail if second else person.mail)


def _phone(rng: np.random.Generator, person: Person) -> str:
    if not person.phone or rng.random() < 0.3:
        return PLACEHOLDER_PHONES[rng.integers(3)] if rng.random() < 0.06 else ""
    return messy_phone(rng, person.phone)


def _answer(rng: np.random.Generator, house: House, propensity: float) -> str:
    if rng.random() < 0.05:
        return ""
    return house.yes if rng.random() < propensity else house.no


def _postcode(rng: np.random.Generator, postcode: str) -> str:
    x = rng.random()
    if x < 0.06:
        return ""
    return postcode.lstrip("0") if x < 0.1 else postcode  # a spreadsheet ate the leading zero
