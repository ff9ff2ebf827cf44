"""What each column that leaves is called, why it leaves, which measures read it and what it looks like."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from contracts.charter import Charter
from contracts.visit import (
    ACTIVATION_COLUMNS,
    ARM,
    EPCI,
    PERSON_COLUMNS,
    VISIT_COLUMNS,
    person_columns,
)
from venue_agent.screen.shown import LABELS
from venue_agent.words import _, mark

ALWAYS: Final = frozenset(
    {"contribution_id", "tokens", "statistics", "recommendation", "partner_offers"}
)
WHY: Final = MappingProxyType(
    {
        "contribution_id": mark("random number of this venue alone: the person can be withdrawn"),
        "tokens": mark("pseudonym made with the custodian: joins a person's venues"),
        "statistics": mark("consent to statistics (without it, nothing leaves)"),
        "recommendation": mark("consent to recommendation"),
        "partner_offers": mark("named partners to whom the person said yes"),
        "age_band": mark("age band, for booking times and the young"),
        "departement": mark("département, for where people come from"),
        EPCI: mark("group of communes, for where people come from; finer than the département"),
        "country": mark("country, for addresses abroad"),
        "subscriber": mark("subscription, for loyalty"),
        "qpv": mark("priority neighbourhood, computed here"),
        "event_id": mark("event of the public catalogue; blank if sensitive"),
        "discipline": mark("discipline, for how audiences cross"),
        "event_date": mark("day or week of the visit, for how audiences move"),
        "lead_days": mark("days from purchase to visit"),
        "channel": mark("sales channel"),
        "party_band": mark("size of the party, as a band"),
        "price_band": mark("price, as a band; never the amount"),
        "distance_band": mark("distance to the venue, as a band"),
        "first_time_here": mark("first visit here, computed here"),
        "satisfaction": mark("satisfaction mark, if there is one"),
        "order": mark("name of the hub's order that selected the person for a partner"),
        "arm": mark("written to for it, or left alone so that its effect can be seen"),
        "day": mark("day or week when the person was selected"),
    }
)
SHAPES: Final = MappingProxyType(
    {
        "contribution_id": mark("32 hexadecimal digits, drawn at random"),
        "tokens": mark("“email:” or “phone:” and 64 hexadecimal digits; 8 at most"),
        "partner_offers": mark("short names of the partners, or nothing"),
        "departement": mark("01 to 95, 2A, 2B, 971 to 989; 99 abroad"),
        EPCI: mark("9 digits of a public list (10,000 inhabitants or more), or nothing"),
        "country": mark("two letters; nothing for France"),
        "event_id": mark("short name in the public catalogue, or nothing"),
        "lead_days": mark("0 to 730 days; −1 when not known"),
        "satisfaction": mark("0 to 10, or nothing"),
        "order": mark("short name that the hub gave the order"),
    }
)
"""Those whose values are a short public list need no shape: the list is shown."""
DATED: Final = MappingProxyType(
    {"day": mark("the day, 2025-10-15"), "week": mark("the Monday of the week, 2025-10-13")}
)
MEASURES: Final = MappingProxyType(
    {
        "reach": mark("how many people come"),
        "ladder": mark("how often they come"),
        "pairs": mark("audiences that two venues share"),
        "flows": mark("from one venue to another"),
        "lead-time": mark("how early one books"),
        "provenance": mark("where people come from"),
        "provenance-epci": mark("from which groups of communes people come"),
        "channels": mark("how one buys"),
        "young": mark("the 18–25s"),
        "firsts": mark("first visits"),
        "season-spread": mark("the calendar of visits"),
        "tourists": mark("tourism and holidays"),
        "crossing": mark("from one discipline to another"),
        "penetration": mark("how much of a département comes"),
        "shop": mark("where next month’s visitors come from"),
        "bridges": mark("shows that bring new people"),
        "conflicts": mark("evenings that compete"),
        "qpv": mark("priority neighbourhoods"),
        "satisfaction": mark("how pleased people are"),
        "potential": mark("people nearby who do not come yet"),
        "returns": mark("who comes back"),
        "lead-drift": mark("booking earlier or later than last season"),
        "typology": mark("families of audiences"),
        "affinity": mark("affinity between disciplines"),
        "bubble": mark("leaving one's habits"),
        "cube": mark("traits of people, crossed"),
        "overlaps": mark("people that sets of venues share"),
        "coverage": mark("share of tickets with a consenting buyer"),
        "cooperation": mark("what partners’ offers change"),
        "reciprocity": mark("visits that houses send one another"),
        "tags": mark("what is liked together, for advice"),
        "model-pairs": mark("audiences that venues share, for advice alone"),
    }
)
"""What the public pages call a measure, shortly."""
READ_BY: Final = MappingProxyType(
    {
        "age_band": ("lead-time", "channels", "young", "lead-drift", "cube"),
        "departement": ("provenance", "tourists", "penetration", "shop", "cube"),
        EPCI: ("provenance-epci",),
        "country": ("tourists",),
        "qpv": ("qpv",),
        "event_id": ("tags",),
        "discipline": (
            *("lead-time", "channels", "crossing", "bridges", "satisfaction", "potential"),
            *("typology", "affinity", "bubble", "cube", "tags"),
        ),
        "lead_days": ("lead-time", "lead-drift", "cube"),
        "channel": ("channels", "cube"),
        "distance_band": ("lead-time", "tourists", "potential", "cube"),
        "first_time_here": ("channels", "firsts", "bridges", "returns"),
        "satisfaction": ("satisfaction",),
        "order": ("cooperation", "reciprocity"),
        "arm": ("cooperation", "reciprocity"),
        "day": ("cooperation", "reciprocity"),
    }
)
"""Which measures read a column; those below serve all of them."""
NAMES: Final = MappingProxyType(
    {
        "contribution_id": mark("random number"),
        "tokens": mark("pseudonyms"),
        "statistics": mark("yes to statistics"),
        "recommendation": mark("yes to recommendation"),
        "partner_offers": mark("yes to offers of named partners"),
    }
)
"""Columns that the charter's own words do not tell apart."""
BY_ALL: Final = frozenset({"tokens", "statistics", "event_date"})
NEVER: Final = (
    mark("names, e-mail addresses, telephones, streets, birth dates, customer numbers"),
    mark("any hash of one, plain or keyed: only pseudonyms that nobody can compute alone"),
    mark("amounts paid, titles and hours of shows, free text, notes"),
    mark("people who did not say yes to statistics, or said no since"),
    mark("people under 18, and people without a contact of their own"),
    mark("sensitive events: their discipline alone leaves"),
)
"""What leaves under no charter."""
FORBIDDEN: Final = mark("not allowed by this charter, left blank")


def label(name: str) -> str:
    """Return what a column is called."""
    return _(NAMES.get(name) or LABELS.get(name) or name)


def leaving(charter: Charter) -> Iterator[str]:
    """Yield the columns that *charter* lets leave, in the order of the files."""
    for name in dict.fromkeys((*person_columns(charter.fields), *VISIT_COLUMNS)):
        if name in ALWAYS or name in charter.fields:
            yield name
    if ARM in charter.fields:  # it lets the whole row of an activation leave
        yield from ACTIVATION_COLUMNS[1:]


def staying(charter: Charter) -> list[str]:
    """Return the columns of the contract that *charter* keeps at the venue."""
    there = set(leaving(charter))
    every = (*PERSON_COLUMNS, EPCI, *VISIT_COLUMNS)
    return [n for n in dict.fromkeys(every) if n not in there]


def readers(name: str, charter: Charter) -> list[str]:
    """Return the measures of the charter's editions that read the column *name*."""
    planned = dict.fromkeys(m.measure for e in charter.editions for m in e.measures)
    return [slug for slug in planned if name in BY_ALL or slug in READ_BY.get(name, ())]


def measure(slug: str) -> str:
    """Return what a measure is called; its slug when this version does not know it."""
    return _(MEASURES[slug]) if slug in MEASURES else slug


def shape(name: str, charter: Charter) -> str:
    """Return what a value of *name* looks like, made up; "" when its values are a public list."""
    if name in {"event_date", "day"}:
        return _(DATED[charter.date_granularity])
    return _(SHAPES[name]) if name in SHAPES else ""
