"""Writes what each house would export, ready for its agent, and apart from it the truth that only a scorer may see."""

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from deploy.demo.houses import Show
from deploy.demo.layouts import BREVO, FORMS, Ticket
from deploy.demo.mappings import mapping_toml
from deploy.demo.records import Books, Record, contacts, keep_books, known_at, objectors
from deploy.demo.truth import truth
from deploy.demo.world import World

SALES = "billetterie.csv"
CONTACTS = "brevo.csv"
OBJECTIONS = "oppositions.csv"
CATALOGUE = "catalogue.csv"
MAPPING = "mapping.toml"
TRUTH = "truth.json"


def write_exports(world: World, folder: Path, *, history: bool = False) -> dict[str, Path]:
    """Write one folder per house and ``truth.json`` under *folder*; return each house's folder by slug.

    With *history* the exports also hold the season before.
    """
    every = [keep_books(world, index, history=history) for index in range(len(world.houses))]
    folders = {books.house.slug: write_house(world, books, folder) for books in every}
    write_truth(world, every, folder)
    return folders


def write_house(
    world: World, books: Books, folder: Path, *, until: dt.datetime | None = None, offers: str = ""
) -> Path:
    """Write what one house exports into a folder of its own under *folder*, and return that folder.

    It holds ``billetterie.csv``, perhaps ``brevo.csv`` and ``oppositions.csv``, the public ``catalogue.csv`` and the
    agent's ``mapping.toml``.

    Args:
        world: what happened.
        books: of the house.
        folder: of all houses.
        until: sales after this hour (local wall time) are not made yet.
        offers: the partner whose offers the house's newsletter announces; "" for none.
    """
    home = folder / books.house.slug
    home.mkdir(parents=True, exist_ok=True)
    shows = world.programmes[books.index]
    _write_sales(home / SALES, books, shows, until)
    others = _write_consent(home, known_at(books, until), world)
    _write_catalogue(home / CATALOGUE, shows)
    text = mapping_toml(books.house, others, offers)
    (home / MAPPING).write_text(text, encoding="utf-8")
    return home


def write_truth(world: World, every: Sequence[Books], folder: Path) -> None:
    """Write ``truth.json``: what only a scorer may see."""
    text = json.dumps(truth(world, every), ensure_ascii=False, indent=1)
    (folder / TRUTH).write_text(text + "\n", encoding="utf-8")


def _write_sales(
    path: Path, books: Books, shows: Sequence[Show], until: dt.datetime | None
) -> None:
    form = FORMS[books.house.layout]
    with path.open("w", encoding=form.encoding, newline="", errors="strict") as file:
        writer = csv.writer(file, delimiter=form.delimiter)
        writer.writerow(form.header)
        writer.writerows(
            form.row(ticket)
            for ticket in _tickets(books, shows)
            if until is None or ticket.booking.booked <= until
        )


def _tickets(books: Books, shows: Sequence[Show]) -> Iterator[Ticket]:
    """Yield a ticket per seat; one booking in eight is at the reduced price."""
    rng = np.random.default_rng((books.index, 11))
    number, order = (
        1_000_000 * (books.index + 1),
        100_000 * (books.index + 1),
    )  # as box offices number
    for booking, record in zip(books.bookings, books.written, strict=True):
        order += 1
        reduced = bool(rng.random() < 1 / 8)
        for _ in range(booking.quantity):
            number += 1
            yield Ticket(
                number=number,
                order=order,
                house=books.house,
                house_number=books.index,
                show=shows[booking.show],
                booking=booking,
                record=None if record is None else books.records[record],
                reduced=reduced,
            )


def _write_consent(home: Path, books: Books, world: World) -> tuple[str, ...]:
    """Write the newsletter tool's contacts and the opposition list; return the names of the files written."""
    names = []
    if books.house.layout == "fr23+brevo":
        rows = (
            _contact(books, n, mail, r)
            for n, (mail, r) in enumerate(sorted(contacts(books).items()), 1)
        )
        _write(home / CONTACTS, BREVO, rows)
        names.append(CONTACTS)
    listed = {(r.mail.strip(), r.phone) for r in objectors(books, world.people)}
    if listed:
        _write(home / OBJECTIONS, ("email", "telephone"), sorted(listed))
        names.append(OBJECTIONS)
    return tuple(names)


def _contact(books: Books, number: int, mail: str, record: Record) -> tuple[object, ...]:
    at = f"{record.answered:%d-%m-%Y %H:%M:%S}"
    blacklisted = "Non" if record.news == books.house.yes else "Oui"
    return (
        number,
        mail,
        record.first,
        record.last,
        record.phone,
        blacklisted,
        "Non",
        record.share,
        at,
        at,
    )


def _write_catalogue(path: Path, shows: Sequence[Show]) -> None:
    rows = (
        (s.title, s.event, s.title, s.discipline.value, min(s.days), max(s.days), "no")
        for s in shows
    )
    _write(
        path, ("match", "event", "title", "discipline", "first_day", "last_day", "sensitive"), rows
    )


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        writer.writerows(rows)
