"""What one row says of a person and of a visit: public vocabularies, columns and bands."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

COLUMNS_VERSION: Final = 1


class Purpose(StrEnum):
    """What a person may consent to; each is asked and withdrawn on its own."""

    STATISTICS = "statistics"
    RECOMMENDATION = "recommendation"
    PARTNER_OFFERS = "partner_offers"


class AgeBand(StrEnum):
    """Five bands of age in the year of the visit; under-18s never leave a venue."""

    A18 = "18-25"
    A26 = "26-34"
    A35 = "35-49"
    A50 = "50-64"
    A65 = "65+"
    UNKNOWN = "unknown"


class DistanceBand(StrEnum):
    """Kilometres, great circle, from the centre of the postcode to the venue."""

    D0 = "0-5"
    D5 = "5-20"
    D20 = "20-50"
    D50 = "50-100"
    D100 = "100+"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """How the ticket was sold."""

    ONLINE = "online"
    COUNTER = "counter"
    PHONE = "phone"
    RESELLER = "reseller"
    GROUP = "group"
    OTHER = "other"


class PartyBand(StrEnum):
    """Tickets bought together."""

    ONE = "1"
    TWO = "2"
    FEW = "3-5"
    MANY = "6+"
    UNKNOWN = "unknown"


class PriceBand(StrEnum):
    """Price of one ticket, in euros; the amount itself never leaves."""

    FREE = "free"
    P10 = "0-10"
    P25 = "10-25"
    P50 = "25-50"
    P50PLUS = "50+"
    UNKNOWN = "unknown"


class Discipline(StrEnum):
    """The public list of disciplines."""

    MUSEUM = "museum"
    CONTEMPORARY_ART = "contemporary-art"
    HERITAGE = "heritage"
    SCIENCE = "science"
    THEATRE = "theatre"
    DANCE = "dance"
    BALLET = "ballet"
    OPERA = "opera"
    CLASSICAL = "classical-music"
    CONTEMPORARY_MUSIC = "contemporary-music"
    CIRCUS = "circus"
    CINEMA = "cinema"
    YOUNG_AUDIENCE = "young-audience"
    SPORT = "sport"
    OTHER = "other"


class YesNo(StrEnum):
    """An answer that may be unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Arm(StrEnum):
    """What a house did with somebody whom a partner's order selected."""

    CONTACTED = "contacted"
    HELD_OUT = "held-out"  # selected and left alone, so that the effect can be seen


LEAD_CAP_DAYS: Final = 730
LEAD_UNKNOWN: Final = -1

PERSON_COLUMNS: Final = (
    "contribution_id",  # 128 random bits, lower-case hex: this person at this venue, nowhere else
    "tokens",  # blinded-evaluated identifiers: "email:<64 hex>" or "phone:<64 hex>", space-separated
    "statistics",  # yes/no: consent by purpose
    "recommendation",  # yes/no
    "partner_offers",  # slugs of the partners named in the consent, space-separated, or empty
    "age_band",
    "departement",  # 01…95, 2A, 2B, 971…989, "" unknown, "99" abroad
    "country",  # ISO 3166-1 alpha-2 for foreign addresses, else ""
    "subscriber",  # yes/no/unknown
    "qpv",  # yes/no/unknown
)
EPCI: Final = "epci"
"""A column of persons that a charter adds by naming it: the intercommunalité (``contracts.epci``), or ""."""
BY_EPCI: Final = "provenance-epci"
"""The one measure that tells intercommunalités apart: without it, no edition reads the column."""
VISIT_COLUMNS: Final = (
    "contribution_id",
    "event_id",  # of the public catalogue, or "" when the event is not in it (or sensitive)
    "discipline",
    "event_date",  # ISO day, or the Monday of the week, as the charter's granularity says
    "lead_days",  # 0…730, whole days from first purchase to event; -1 unknown
    "channel",
    "party_band",
    "price_band",
    "distance_band",
    "first_time_here",  # yes/no/unknown
    "satisfaction",  # 0…10, or "" when not surveyed
)
ERASURE_COLUMNS: Final = (
    "scope",  # "venue" or "network"
    "contribution_id",  # the handle, or "" when it is lost
    "tokens",  # re-evaluated identifiers, as in persons, or ""
)
ACTIVATION_COLUMNS: Final = (
    "contribution_id",
    "order",  # of the hub, to this venue
    "arm",  # contacted/held-out
    "day",  # ISO day when she was selected, or the Monday of the week, as the charter's granularity says
)
ARM: Final = "arm"
"""The field by which a charter lets activations leave; where it is not named, no row of them does."""
PARTNER_DISTANCE: Final = "partner_distance_band"
"""No column: named beside ``arm``, it lets arms come back for requests that ask how far people live from the partner.

An arm says that somebody fulfils the request. ``distance_band`` tells how far she lives from the house that she went to; how
far from a partner is another circle, which crosses the first: nothing else that travels draws it.
"""
ALWAYS_SENT: Final = frozenset(
    {"contribution_id", "tokens", "statistics", "recommendation", "partner_offers", "event_date"}
)
"""Columns without which a row means nothing; every other one needs the charter's word."""


def person_columns(named: Collection[str]) -> tuple[str, ...]:
    """Return the columns of ``persons.csv`` where *named* are the charter's fields, or a frame's own columns.

    Those of ``PERSON_COLUMNS`` always stand there, blank where the charter does not name them; the one that it
    adds stands there only if it is named, so that the files of every other charter keep their bytes.
    """
    return (*PERSON_COLUMNS, EPCI) if EPCI in named else PERSON_COLUMNS
