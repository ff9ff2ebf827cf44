"""Writes each house's mapping file: its columns, its words for yes, and what its consent question grants."""

import json
from collections.abc import Iterable, Mapping

from deploy.demo.houses import HOUSES, House

TEXT = (
    "J'accepte que mes venues soient comptées, sous pseudonyme, dans les statistiques du réseau "
    "et servent à me recommander des spectacles ici."
)
CONTACT_TEXT = f"Inscription à la lettre d'information, case séparée : {TEXT}"
GRANTS = ["statistics", "recommendation"]
Columns = dict[str, str | list[str]]

FR23: Columns = {
    "ticket": "Numero billet",
    "order": "Reservation",
    "booked": ["Date reservation", "Heure reservation"],
    "event_date": ["Date representation", "Heure representation"],
    "title": "Spectacle",
    "channel": "Filiere de vente",
    "price": "Prix",
    "last_name": "Nom",
    "first_name": "Prenom",
    "email": "Email",
    "street": "Adresse",
    "postcode": "Code postal",
    "country": "Pays",
    "age": "Age",
}
COLUMNS: dict[str, Columns] = {
    "fr23plus": {**FR23, "phone": "Telephone"},
    "fr23+brevo": FR23,
    "eventbrite": {
        "ticket": "Attendee #",
        "order": "Order #",
        "booked": "Order Date",
        "event_date": ["Event Start Date", "Event Start Time"],
        "title": "Event Name",
        "status": "Attendee Status",
        "price": "Total Paid",
        "last_name": "Last Name",
        "first_name": "First Name",
        "email": "Email",
        "phone": "Cell Phone",
        "street": "Home Address 1",
        "city": "Home City",
        "postcode": "Home Zip",
        "country": "Home Country",
    },
    "helloasso": {
        "ticket": "Numéro de billet",
        "order": "Référence commande",
        "booked": "Date de la commande",
        "event_date": "Date de l'événement",
        "title": "Événement",
        "status": "Statut de la commande",
        "price": "Montant tarif",
        "last_name": "Nom payeur",
        "first_name": "Prénom payeur",
        "email": "Email payeur",
        "phone": "Téléphone",
        "postcode": "Code postal",
        "city": "Ville",
    },
}
FORMATS = {
    "fr23plus": ("%d/%m/%y %H:%M", "%d/%m/%y"),
    "fr23+brevo": ("%d/%m/%y %H:%M", "%d/%m/%y"),
    "eventbrite": ("%m/%d/%y %H:%M", "%Y-%m-%d"),
    "helloasso": ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M"),
}
FILES = {
    "fr23plus": ("cp1252", ";"),
    "fr23+brevo": ("utf-8", ";"),
    "eventbrite": ("utf-8", ","),
    "helloasso": ("utf-8", ";"),
}
ASKED: dict[str, dict[str, object]] = {
    "fr23plus": {
        "column": "Optin partenaires",
        "dated_by": "Date optin",
        "date_formats": ["%d/%m/%Y"],
    },
    "eventbrite": {
        "column": "I agree that partner venues may be told of my visits",
        "dated_by": "booked",
    },
    "helloasso": {
        "column": "J'accepte le partage avec les lieux partenaires",
        "dated_by": "booked",
    },
}
NEWSLETTER: dict[str, dict[str, object]] = {
    "fr23plus": {
        "column": "Optin newsletter",
        "dated_by": "Date optin",
        "date_formats": ["%d/%m/%Y"],
    },
    "eventbrite": {"column": "Keep me informed", "dated_by": "booked"},
    "helloasso": {"column": "J'accepte la lettre d'information", "dated_by": "booked"},
}
NEWSLETTER_TEXT = (
    "J'accepte de recevoir par e-mail la lettre de ce lieu, où il présente ses spectacles et les offres de "
    "{partner}."
)


def mapping_toml(house: House, files: tuple[str, ...], offers: str = "") -> str:
    """Return the text of ``mapping.toml`` for *house*, whose other files are named in *files*.

    *offers*: the short name of the partner whose offers its newsletter announces, "" for none.
    """
    encoding, separator = FILES[house.layout]
    booked, event = FORMATS[house.layout]
    blocks = [
        _table("", {"version": 1, "name": f"Démonstration : {house.name}", "booked_formats": [booked], "event_formats": [event]}),
        _table("[tickets]", {"pattern": "billetterie.csv", "encoding": encoding, "separator": separator}),
        _table("[columns]", COLUMNS[house.layout]),
        *_values(house),
        *_consent(house, files),
        *_offers(house, offers),
    ]  # fmt: skip
    return "\n".join(blocks)


def _values(house: House) -> Iterable[str]:
    status = {"eventbrite": ["Attending"], "helloasso": ["Validé"]}.get(house.layout)
    values: dict[str, object] = {
        "yes": [house.yes.lower()],
        "no": [house.no.lower()] if house.no else [],
    }
    if status:
        values |= {"default_channel": "online", "keep_status": status}
    yield _table("[values]", values)
    if not status:
        yield _table("[values.channel]", {"GUICHET": "counter", "INTERNET": "online"})


def _consent(house: House, files: tuple[str, ...]) -> Iterable[str]:
    if house.layout in ASKED:
        yield _table("[[consent]]", {**ASKED[house.layout], "text": TEXT, "grants": GRANTS})
    if "brevo.csv" in files:
        yield _table(
            "[[consent_files]]", {"pattern": "brevo.csv", "encoding": "utf-8", "separator": ";"}
        )
        yield _table("[consent_files.columns]", {"email": "EMAIL"})
        asked = {
            "column": "OPTIN_PARTENAIRES",
            "text": CONTACT_TEXT,
            "grants": GRANTS,
            "dated_by": "MODIFIED_TIME",
            "date_formats": ["%d-%m-%Y %H:%M:%S"],
        }
        yield _table("[[consent_files.consent]]", asked)
    if "oppositions.csv" in files:
        yield _table(
            "[[oppositions]]", {"pattern": "oppositions.csv", "encoding": "utf-8", "separator": ";"}
        )
        yield _table("[oppositions.columns]", {"email": "email", "phone": "telephone"})


def _offers(house: House, partner: str) -> Iterable[str]:
    if partner and partner != house.slug and house.layout in NEWSLETTER:
        name = next(each.name for each in HOUSES if each.slug == partner)
        asked = {
            **NEWSLETTER[house.layout],
            "text": NEWSLETTER_TEXT.format(partner=name),
            "grants": ["partner_offers"],
            "partners": [partner],
            "channels": ["email"],
        }
        yield _table("[[consent]]", asked)


def _table(title: str, values: Mapping[str, object]) -> str:
    """Return one TOML table; texts and lists of texts are written alike in TOML and JSON."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([*filter(None, [title]), *lines, ""])
