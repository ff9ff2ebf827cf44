"""The network's places as people know them: names, and how far each is from this house."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts.charter import Charter, Member
from contracts.earth import EARTH_KM
from contracts.model import Model
from contracts.visit import Discipline


@dataclass(frozen=True)
class Places:
    """In the order of the model's items."""

    venue: str  # this house
    slugs: tuple[str, ...]
    names: tuple[str, ...]
    disciplines: tuple[Discipline, ...]
    kilometres: NDArray[np.float64]  # great circle from this house; a group stands at its middle


def places_of(model: Model, charter: Charter, venue: str) -> Places:
    """Return the places of the model; a place that the charter no longer names keeps its short name."""
    members = {member.venue: member for member in charter.members}
    groups = {cluster.cluster: cluster for cluster in charter.clusters}
    inside = {
        item.item: groups[item.item].venues if item.item in groups else [item.item]
        for item in model.items
    }
    here = _middle([members[venue]]) if venue in members else (0.0, 0.0)
    there = [_middle([members[v] for v in inside[i.item] if v in members]) for i in model.items]
    return Places(
        venue=venue,
        slugs=tuple(item.item for item in model.items),
        names=tuple(
            groups[i.item].name
            if i.item in groups
            else getattr(members.get(i.item), "name", i.item)
            for i in model.items
        ),
        disciplines=tuple(item.discipline for item in model.items),
        kilometres=np.asarray([_kilometres(here, point) for point in there]),
    )


def allies_of(model: Model, charter: Charter, venue: str) -> list[tuple[str, str]]:
    """Return the short name and the name of this house's allies, the most alike first."""
    places = places_of(model, charter, venue)
    own = place_of(charter, venue)
    if own not in places.slugs:
        return []
    return [(places.slugs[n], places.names[n]) for n in model.allies[places.slugs.index(own)]]


def place_of(charter: Charter, venue: str) -> str:
    """Return the place under which a venue appears: its own name, or that of its group."""
    groups = {inside: cluster.cluster for cluster in charter.clusters for inside in cluster.venues}
    return groups.get(venue, venue)


def _middle(members: Sequence[Member]) -> tuple[float, float]:
    found = [
        (member.latitude_microdeg / 1e6, member.longitude_microdeg / 1e6) for member in members
    ]
    if not found:
        return 0.0, 0.0
    return sum(p[0] for p in found) / len(found), sum(p[1] for p in found) / len(found)


def _kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    (la, oa), (lb, ob) = np.radians(a), np.radians(b)
    half = np.sin((lb - la) / 2) ** 2 + np.cos(la) * np.cos(lb) * np.sin((ob - oa) / 2) ** 2
    return float(2 * EARTH_KM * np.arcsin(np.sqrt(half)))
