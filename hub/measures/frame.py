"""The public facts that a measure may use: venues, places, window, bounds; nothing from the data."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from contracts import epci
from contracts.charter import Bounds, Charter, EditionSpec, Member
from contracts.tags import Tag
from contracts.visit import BY_EPCI, EPCI, Discipline
from hub.measures.departements import DEPARTEMENTS

DISCIPLINES = tuple(discipline.value for discipline in Discipline)
NEAR_KM: Final = 100.0
"""Intercommunalités whose centre is so near one of the venues may be keys; farther ones are told together."""
_MICRO: Final = 1_000_000


@dataclass(frozen=True)
class Venue:
    """A member of the network, as the charter knows it; its code is its place in slug order."""

    slug: str
    name: str
    discipline: str
    latitude_microdeg: int
    longitude_microdeg: int


@dataclass(frozen=True)
class Operation:
    """One partner's request that houses answered, as its orders say it; its code is its place in the frame."""

    request: str
    partner: str  # a member, or a house outside the network
    first_day: dt.date
    last_day: dt.date
    sources: tuple[str, ...]  # members with a measured order, in slug order


@dataclass(frozen=True)
class Frame:
    """What everybody knows before the edition."""

    season: str
    first_day: dt.date
    last_day: dt.date
    venues: tuple[Venue, ...]  # in slug order: the codes of visit.venue
    clusters: tuple[tuple[str, tuple[str, ...]], ...]  # slug, venues that show only together
    bounds: Bounds
    disciplines: tuple[str, ...] = DISCIPLINES  # that may be keys; a subset of the public list
    departements: tuple[str, ...] = DEPARTEMENTS
    by_week: bool = False  # the charter keeps the Monday of each week, no day
    attendance: tuple[tuple[str, int], ...] = ()  # venue, tickets that it says publicly it sold
    overlaps: tuple[
        tuple[str, ...], ...
    ] = ()  # sets of places that the plan names, as it names them
    operations: tuple[Operation, ...] = ()  # whose campaigns lie in the window
    persons: int = 0  # about how many people, by the charter's own figures
    tags: tuple[tuple[Tag, tuple[str, ...]], ...] = ()  # the values that the charter names, by tag
    epcis: tuple[str, ...] = ()  # that may be keys; none where the charter does not let them leave
    epci_leaves: bool = False  # the charter lets the intercommunalité leave

    def __post_init__(self) -> None:
        """Refuse a frame in which a code or a place would be ambiguous."""
        slugs = [venue.slug for venue in self.venues]
        if slugs != sorted(set(slugs)) or not slugs:
            raise ValueError("venues must be distinct and in the order of their slugs")
        members = [slug for _, inside in self.clusters for slug in inside]
        if len(set(members)) != len(members) or not set(members) <= set(slugs):
            raise ValueError("a cluster holds known venues, each in one cluster at most")
        if len(set(self.places)) != len(self.places):
            raise ValueError("a cluster may not bear the name of a venue")
        requests = [operation.request for operation in self.operations]
        if requests != sorted(set(requests)):
            raise ValueError("operations must be distinct and in the order of their requests")

    @cached_property
    def places(self) -> tuple[str, ...]:
        """What may be seen: venues that stand alone, then clusters, each in slug order."""
        hidden = {slug for _, inside in self.clusters for slug in inside}
        alone = [venue.slug for venue in self.venues if venue.slug not in hidden]
        return (*alone, *sorted(slug for slug, _ in self.clusters))

    @cached_property
    def place_of(self) -> tuple[int, ...]:
        """For each venue code, the position of its place."""
        cluster_of = {venue: slug for slug, inside in self.clusters for venue in inside}
        position = {slug: index for index, slug in enumerate(self.places)}
        return tuple(position[cluster_of.get(v.slug, v.slug)] for v in self.venues)


def frame_of(charter: Charter, edition: EditionSpec, operations: Iterable[Operation] = ()) -> Frame:
    """Return the frame of one edition: the charter's words, and the operations that its orders tell.

    Disciplines that may be keys are those of the members.
    """
    members = sorted(charter.members, key=lambda member: member.venue)
    present = {member.discipline.value for member in members}
    return Frame(
        season=edition.season,
        first_day=dt.date.fromisoformat(edition.first_day),
        last_day=dt.date.fromisoformat(edition.last_day),
        venues=tuple(
            Venue(m.venue, m.name, m.discipline.value, m.latitude_microdeg, m.longitude_microdeg)
            for m in members
        ),
        clusters=tuple((c.cluster, tuple(c.venues)) for c in charter.clusters),
        bounds=charter.bounds,
        disciplines=tuple(slug for slug in DISCIPLINES if slug in present),
        by_week=charter.date_granularity == "week",
        attendance=tuple(sorted(edition.attendance.items())),
        overlaps=tuple(tuple(places) for places in edition.overlaps),
        operations=tuple(operations),
        persons=_persons(charter, edition),
        tags=()
        if edition.model is None
        else tuple((k.axis, tuple(k.values)) for k in edition.model.tags),
        epcis=_epcis(charter, edition, members),
        epci_leaves=EPCI in charter.fields,
    )


def _epcis(charter: Charter, edition: EditionSpec, members: list[Member]) -> tuple[str, ...]:
    """Return the intercommunalités around the members, where the charter lets them leave and the edition reads them."""
    if all(spec.measure != BY_EPCI for spec in edition.measures) or EPCI not in charter.fields:
        return ()
    return epci.near(
        tuple((m.latitude_microdeg / _MICRO, m.longitude_microdeg / _MICRO) for m in members),
        NEAR_KM,
    )


def _persons(charter: Charter, edition: EditionSpec) -> int:
    """Return what the edition says of its people, or what the members' identifiers let expect."""
    said = 0 if edition.model is None else edition.model.persons
    declared = sum(member.declared_identifiers for member in charter.members)
    return min(said or declared, charter.persons_bound)
