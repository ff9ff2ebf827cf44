"""The four export layouts that the demonstration houses use: headers and one row per ticket."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from deploy.demo.houses import House, Show
from deploy.demo.records import Record
from deploy.demo.world import Booking

FR23 = ("Numero billet", "Reservation", "Date reservation", "Heure reservation", "Cle spectacle", "Spectacle", "Cle representation", "Representation", "Date representation", "Heure representation", "Date fin representation", "Heure fin representation", "Prix", "Type de produit", "Filiere de vente", "Nom", "Prenom", "Email", "Adresse", "Code postal", "Pays", "Age", "Sexe")  # fmt: skip
FR23PLUS = (*FR23, "Telephone", "Optin newsletter", "Optin partenaires", "Date optin")
EVENTBRITE = ("Order #", "Order Date", "First Name", "Last Name", "Email", "Quantity", "Price Tier", "Ticket Type", "Attendee #", "Group", "Order Type", "Currency", "Total Paid", "Fees Paid", "Eventbrite Fees", "Eventbrite Payment Processing", "Attendee Status", "Home Address 1", "Home Address 2", "Home City", "Home State", "Home Zip", "Home Country", "Event Name", "Event Start Date", "Event Start Time", "Cell Phone", "I agree that partner venues may be told of my visits", "Keep me informed")  # fmt: skip
HELLOASSO = ("Référence commande", "Date de la commande", "Statut de la commande", "Nom participant", "Prénom participant", "Nom payeur", "Prénom payeur", "Email payeur", "Numéro de billet", "Tarif", "Montant tarif", "Événement", "Date de l'événement", "Téléphone", "Code postal", "Ville", "J'accepte la lettre d'information", "J'accepte le partage avec les lieux partenaires")  # fmt: skip
BREVO = ("CONTACT ID", "EMAIL", "FIRSTNAME", "LASTNAME", "SMS", "EMAIL_BLACKLISTED", "SMS_BLACKLISTED", "OPTIN_PARTENAIRES", "ADDED_TIME", "MODIFIED_TIME")  # fmt: skip
REDUCED = 0.6


@dataclass(frozen=True)
class Ticket:
    """Everything a row says: one seat of one booking, and the customer record when there is one."""

    number: int
    order: int
    house: House
    house_number: int
    show: Show
    booking: Booking
    record: Record | None
    reduced: bool

    @property
    def price(self) -> float:
        """Return the price of the seat, in euros."""
        return round(self.house.price * (REDUCED if self.reduced else 1), 2)

    def said(self, name: str) -> str:
        """Return a field of the customer record, "" when the sale is anonymous."""
        return str(getattr(self.record, name)) if self.record else ""


def fr23(ticket: Ticket) -> list[object]:
    """Return a row of the 23-column French layout: dates and hours apart, two-digit years, decimal comma."""
    b, show = ticket.booking, ticket.show
    end = b.visit + dt.timedelta(hours=2)
    channel = "GUICHET" if b.counter or ticket.record is None else "INTERNET"
    return [
        ticket.number, ticket.order, f"{b.booked:%d/%m/%y} 00:00", f"{b.booked:%H:%M:%S}",
        100 + ticket.house_number, show.title, f"{show.event[-2:]}{b.visit:%j}", show.title,
        f"{b.visit:%d/%m/%y}", f"{b.visit:%H:%M:%S}", f"{end:%d/%m/%y}", f"{end:%H:%M:%S}",
        f"{ticket.price:g}".replace(".", ","), "Place individuelle", channel,
        ticket.said("last"), ticket.said("first"), ticket.said("mail"), ticket.said("street"), ticket.said("postcode"),
        "France" if ticket.said("postcode") else "", ticket.said("age"), ticket.said("sex"),
    ]  # fmt: skip


def fr23plus(ticket: Ticket) -> list[object]:
    """Return a row of the same layout with telephone and dated consent."""
    day = f"{ticket.record.answered:%d/%m/%Y}" if ticket.record else ""
    return [*fr23(ticket), ticket.said("phone"), ticket.said("news"), ticket.said("share"), day]


def eventbrite(ticket: Ticket) -> list[object]:
    """Return a row of the Eventbrite layout: American dates, consent asked at each order."""
    b = ticket.booking
    return [
        ticket.order, f"{b.booked:%m/%d/%y %H:%M}", ticket.said("first"), ticket.said("last"), ticket.said("mail"),
        1, "", "Tarif réduit" if ticket.reduced else "Plein tarif", ticket.number, "", "Eventbrite Completed", "EUR",
        f"{ticket.price:.2f}", "0.00", "0.00", "0.00", "Attending", ticket.said("street"), "", ticket.said("city"), "",
        ticket.said("postcode"), "FR" if ticket.said("postcode") else "", ticket.show.title,
        f"{b.visit:%Y-%m-%d}", f"{b.visit:%H:%M}", ticket.said("phone"), ticket.said("share"), ticket.said("news"),
    ]  # fmt: skip


def helloasso(ticket: Ticket) -> list[object]:
    """Return a row of the HelloAsso layout: payer and participant, accents in the headers."""
    b = ticket.booking
    return [
        ticket.order, f"{b.booked:%d/%m/%Y %H:%M}", "Validé", ticket.said("last"), ticket.said("first"),
        ticket.said("last"), ticket.said("first"), ticket.said("mail"), ticket.number,
        "Réduit" if ticket.reduced else "Plein", f"{ticket.price:.2f}".replace(".", ","), ticket.show.title,
        f"{b.visit:%d/%m/%Y %H:%M}", ticket.said("phone"), ticket.said("postcode"), ticket.said("city"),
        ticket.said("news"), ticket.said("share"),
    ]  # fmt: skip


@dataclass(frozen=True)
class Form:
    """How a layout is written to disk."""

    header: tuple[str, ...]
    row: Callable[[Ticket], list[object]]
    delimiter: str
    encoding: str


FORMS: dict[str, Form] = {
    "fr23plus": Form(FR23PLUS, fr23plus, ";", "cp1252"),
    "fr23+brevo": Form(FR23, fr23, ";", "utf-8-sig"),
    "eventbrite": Form(EVENTBRITE, eventbrite, ",", "utf-8"),
    "helloasso": Form(HELLOASSO, helloasso, ";", "utf-8-sig"),
}
