"""« Mon lieu » : a venue, or the group in which it appears, beside the network; and the list from which to choose it."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.charter import Cluster, Member
from contracts.edition import COVERED
from hub.web.allies import allies_in
from hub.web.pages import Page, Shown, Visit
from hub.web.site.home import houses
from hub.web.site.provenance import by_epci
from hub.web.tables import Row
from hub.web.words import said
from hub.web.words.venue import WORDS

GLANCE = (
    ("reach", "reach-venues", ""),
    ("firsts", "firsts", ""),
    ("young", "young-places", "young-network"),
    ("returns", "returns", ""),
    ("coverage", "coverage", ""),
)
"""Figures of one place: the words, its table, the table that says the same of the whole network."""
MOST = 6
MILLI = 1000


@dataclass(frozen=True)
class Figure:
    """A figure of the place, its rank among the others, and the network's when there is one."""

    what: str
    row: Row
    shown: Shown
    rank: str
    network: str


def index(visit: Visit) -> Mapping[str, object]:
    """Return every member."""
    return {"houses": houses(visit)}


def one(visit: Visit) -> Mapping[str, object]:
    """Return what the edition says of one member.

    Raises:
        NotFound: the charter names no such member.
    """
    slug = visit.values["venue"]
    members = visit.charter.members if visit.charter else []
    member = next((m for m in members if m.venue == slug), None)
    if member is None or visit.charter is None:
        raise visit.missing()
    group = next((c for c in visit.charter.clusters if slug in c.venues), None)
    place = group.cluster if group else slug
    provenance = visit.shown("provenance", place=place)
    return {
        **_heading(visit, member, group),
        "figures": figures(visit, place),
        "place": place,
        "shares": _nonempty(shared(visit, place)),
        "onward": _nonempty(visit.shown("flows", **{"from": place, "lag": "0-90"})),
        "inward": _nonempty(visit.shown("flows", to=place, lag="0-90")),
        "origins": provenance if provenance and provenance.table.rows else None,
        "by_epci": by_epci(visit, place),
        "double": double(visit),
        "allies": allies(visit, place),
        "venues": {m.venue for m in members},
        "reach": visit.shown("reach-venues"),
    }


def _heading(visit: Visit, member: Member, group: Cluster | None) -> Mapping[str, object]:
    say, labels = said(WORDS, visit.tongue), visit.labels
    discipline = labels.key(member.discipline.value, "discipline")
    grouped = ""
    if group is not None:
        name = labels.key(group.cluster, "place")
        grouped = say["grouped"].format(cluster=name, count=len(group.venues))
    lead = say["one_lead"].format(discipline=discipline[:1].upper() + discipline[1:])
    return {"name": labels.key(member.venue, "place"), "intro": lead, "grouped": grouped}


def allies(visit: Visit, place: str) -> list[tuple[str, str]] | None:
    """Return the short name and the name of the place's allies; None when the edition has no model."""
    body = visit.shelf.model(visit.published.edition.edition) if visit.published else None
    if body is None:
        return None
    near = dict(allies_in(body)).get(place, ())
    return [(slug, visit.labels.key(slug, "place")) for slug in near]


def figures(visit: Visit, place: str) -> list[Figure]:
    """Return the figures of one place that the edition holds."""
    say, found = said(WORDS, visit.tongue), []
    for name, slug, whole in GLANCE:
        shown = visit.shown(slug)
        at = _at(shown, place) if shown else None
        if shown is None or at is None:
            continue
        row = shown.view.rows[at]
        rank = say["rank"].format(rank=row.rank, count=len(shown.table.rows)) if row.rank else ""
        network = visit.shown(whole) if whole else None
        told = network.view.rows[0] if network else None
        beside = f"{say['network']}{visit.tongue.phrases['colon']}{told.shown} ({told.span})" if told and told.shown else ""  # fmt: skip
        found.append(Figure(say[name], row, shown, rank, beside))
    return found


def _at(shown: Shown, place: str) -> int | None:
    return next((i for i, row in enumerate(shown.table.rows) if row.keys == [place]), None)


def shared(visit: Visit, place: str) -> Shown | None:
    """Return the shared audiences of one place with each other."""
    found = visit.found("pairs")
    if found is None:
        return None
    table = found[0]
    rows = [
        row.model_copy(update={"keys": [next(k for k in row.keys if k != place)]})
        for row in table.rows
        if place in row.keys
    ]
    return visit.ready(table.model_copy(update={"columns": ["place", "persons"], "rows": rows}), found[1])  # fmt: skip


def _nonempty(shown: Shown | None) -> Shown | None:
    return shown if shown and shown.table.rows else None


def double(visit: Visit) -> str:
    """Return how many people a sum of audiences would count twice, with an interval that is never too narrow.

    Sums of the published ends: whatever ties the noises together, the true gap lies within.
    """
    venues, network = visit.table("reach-venues"), visit.table("reach-network")
    if venues is None or network is None or network.rows[0].wording == COVERED:
        return ""
    whole, tongue = network.rows[0], visit.tongue
    low = sum(row.low_milli for row in venues.rows) - whole.high_milli
    high = sum(row.high_milli for row in venues.rows) - whole.low_milli
    if low <= 0:
        return ""
    return said(WORDS, tongue)["double_text"].format(
        sum=tongue.grouped(round(sum(row.value_milli for row in venues.rows) / MILLI)),
        reach=tongue.grouped(round(whole.value_milli / MILLI)),
        low=tongue.grouped(low // MILLI),
        high=tongue.grouped(-(-high // MILLI)),
    )


INDEX = Page("venues", "/lieux", WORDS, index, needs_edition=False)
ONE = Page("venue", "/lieux/<venue>", WORDS, one)
