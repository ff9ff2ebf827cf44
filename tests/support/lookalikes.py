"""Exports that look like those of the products whose header was seen; nobody in them exists."""

import csv
from collections.abc import Sequence
from pathlib import Path

from venue_agent.mapper.known import Layout

PEOPLE = [
    ("Zoé", "Durand", "zoe.durand@mail.example", "0641527896", "69003", "Lyon"),
    ("Aïcha", "N'Diaye", "aicha.ndiaye@mail.example", "0687316429", "01000", "Bourg-en-Bresse"),
    ("Noël", "Lefèvre", "n.lefevre@mail.example", "0652738194", "38000", "Grenoble"),
    ("Inès", "Guérin", "ines.g@mail.example", "0629471538", "42100", "Saint-Étienne"),
    ("Ugo", "Roy", "ugo.roy@mail.example", "0671829364", "73000", "Chambéry"),
]
CELLS = {
    "ticket": lambda n, p: str(700_000 + n),
    "order": lambda n, p: str(90_000 + n // 2),
    "title": lambda n, p: ("La Danse", "Hommage", "887")[n % 3],
    "event_key": lambda n, p: str(100 + n % 3),
    "price": lambda n, p: ("12,5", "8", "0")[n % 3],
    "product": lambda n, p: ("Abonnement", "Place individuelle")[n % 2],
    "channel": lambda n, p: ("GUICHET", "DIGITICK")[n % 2],
    "last_name": lambda n, p: p[1],
    "first_name": lambda n, p: p[0],
    "email": lambda n, p: p[2],
    "phone": lambda n, p: p[3],
    "street": lambda n, p: f"{n} rue Voltaire",
    "postcode": lambda n, p: p[4],
    "city": lambda n, p: p[5],
    "country": lambda n, p: "France",
    "age": lambda n, p: str(20 + n % 60),
    "booked": lambda n, p: f"{1 + n % 28:02}/06/15 00:00",
    "booked_time": lambda n, p: f"{9 + n % 10:02}:37:49",
    "event_date": lambda n, p: f"{1 + n % 28:02}/07/15",
    "event_time": lambda n, p: "20:30:00",
}


def rows_of(layout: Layout, size: int = 40) -> list[dict[str, str]]:
    """Rows with every column of the layout, seen and unseen; those that no field reads are blank."""
    names = [*layout.header, *layout.unseen]
    return [
        dict.fromkeys(names, "")
        | {column: CELLS[f](n, PEOPLE[n % 5]) for f, column in layout.columns.items() if f in CELLS}
        for n in range(size)
    ]


def write_rows(
    path: Path, rows: Sequence[dict[str, str]], sign: str = ";", encoding: str = "utf-8"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=sign, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def box_office(layout: Layout, **more: str) -> list[dict[str, str]]:
    return [row | more for row in rows_of(layout)]


def eventbrite(layout: Layout) -> list[dict[str, str]]:
    told = {"Currency": "EUR", "Quantity": "1", "I agree to be told of": "Yes"}
    return [
        row
        | told
        | {
            "Order Date": f"06/{1 + n % 28:02}/15 14:05",
            "Event Start Date": f"2015-07-{1 + n % 28:02}",
            "Attendee Status": ("Attending", "Refunded")[n % 9 == 0],
            "Total Paid": "12.50",
        }
        for n, row in enumerate(rows_of(layout))
    ]


def helloasso(layout: Layout) -> list[dict[str, str]]:
    told = {
        "Statut de la commande": "Validé",
        "Tarif": "Plein tarif",
        "J'accepte le partage ": "Oui",
    }
    return [
        row
        | told
        | {
            "Date de la commande": f"{1 + n % 28:02}/06/2015 14:05",
            "Date de l'événement": f"{1 + n % 28:02}/07/2015 20:30",
        }
        for n, row in enumerate(rows_of(layout))
    ]


def brevo(layout: Layout) -> list[dict[str, str]]:
    return [
        row
        | {
            "SMS": "33" + row["SMS"][1:],
            "EMAIL_BLACKLISTED": ("No", "Yes")[n % 7 == 0],
            "SMS_BLACKLISTED": "No",
            "ADDED_TIME": f"{1 + n % 28:02}-01-2015 10:00",
            "MODIFIED_TIME": f"{1 + n % 28:02}-05-2015 10:00",
            "OPTIN_PARTENAIRES": ("Yes", "No")[n % 3 == 0],
        }
        for n, row in enumerate(rows_of(layout, 5))
    ]


def mailchimp(layout: Layout, *, out: bool = False) -> list[dict[str, str]]:
    told = {"MEMBER_RATING": "2", "OPTIN_TIME": "2015-05-20 10:00:00", "OPTIN_IP": "192.0.2.1"}
    told |= {"UNSUB_TIME": "2015-06-20 10:00:00"} if out else {}
    people = rows_of(layout, 5)
    return [row | told for row in (people[:1] if out else people)]


def shopify(layout: Layout) -> list[dict[str, str]]:
    return [
        row
        | {
            "Customer ID": f"'{8_000_000 + n}",
            "Default Address Zip": f"'{PEOPLE[n][4]}",
            "Phone": f"'+33{row['Phone'][1:]}",
            "Accepts Email Marketing": ("yes", "no")[n % 2],
            "Note": 'deux\nlignes, et des "guillemets"',
        }
        for n, row in enumerate(rows_of(layout, 5))
    ]
