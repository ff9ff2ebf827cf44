"""« Provenance » : maps of départements for a venue and for the network, tourists, and the month to come."""

from collections import Counter
from collections.abc import Mapping

from contracts.edition import COVERED
from contracts.visit import BY_EPCI
from hub.web.choropleth import map_of
from hub.web.pages import Page, Shown, Visit
from hub.web.words import said
from hub.web.words.provenance import WORDS


def read(visit: Visit) -> Mapping[str, object]:
    """Return the maps and tables, for the place and the month that the address asks for."""
    say = said(WORDS, visit.tongue)
    places, months = keys(visit, "provenance", "place"), keys(visit, "shop", "month")
    places = places or keys(visit, BY_EPCI, "place")
    place = visit.choice("place", tuple(k for k, _ in places), clearest(visit))
    month = visit.choice("month", tuple(k for k, _ in months), months[-1][0] if months else "")
    home = visit.shown("provenance", place=place) if place else None
    shop = visit.shown("shop", month=month) if month else None
    reach = visit.shown("penetration")
    name = visit.labels.key(place, "place")
    return {
        "places": places,
        "place": place,
        "heading": say["of_place"].format(place=name),
        "epci_heading": say["of_place_epci"].format(place=name),
        "by_epci": by_epci(visit, place),
        "epci_measured": visit.table(BY_EPCI) is not None,
        "home": home,
        "home_map": map_of(home.table, visit.labels) if home else None,
        "reach": reach,
        "reach_map": map_of(reach.table, visit.labels) if reach else None,
        "white": visit.shown("penetration-white"),
        "tourists": [s for s in (visit.shown("tourists"), visit.shown("tourists-places")) if s],
        "months": months,
        "month": month,
        "shop": shop,
        "shop_map": map_of(shop.table, visit.labels) if shop else None,
        "districts": [s for s in (visit.shown("qpv-network"), visit.shown("qpv-places")) if s],
    }


def by_epci(visit: Visit, place: str) -> Shown | None:
    """Return what is told of a place by intercommunalité; None where none has enough people, or none is measured."""
    found = visit.shown(BY_EPCI, place=place) if place else None
    return found if found and found.table.rows else None


def clearest(visit: Visit) -> str:
    """Return the place of whose audience the edition says most; "" when it says nothing of any."""
    table = visit.table("provenance") or visit.table(BY_EPCI)
    rows = table.rows if table else []
    told = Counter(row.keys[0] for row in rows if row.wording != COVERED)
    return told.most_common(1)[0][0] if told else rows[0].keys[0] if rows else ""


def keys(visit: Visit, slug: str, column: str) -> list[tuple[str, str]]:
    """Return the keys of a column of a table with their names, in the order of the names (months: of time)."""
    table = visit.table(slug)
    if table is None or column not in table.columns:
        return []
    at = table.columns.index(column)
    found = [(key, visit.labels.key(key, column)) for key in dict.fromkeys(row.keys[at] for row in table.rows)]  # fmt: skip
    return sorted(found, key=lambda one: one[0] if column == "month" else one[1])


PAGE = Page("provenance", "/provenance", WORDS, read, asks=("place", "month"), explores=True)
