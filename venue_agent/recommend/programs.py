"""The public catalogues of the network's houses on this machine: fetched with the model, read without a connection."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from contracts.base import canonical
from contracts.catalogue import Catalogue, Event
from contracts.charter import Charter
from contracts.model import Model
from contracts.tags import Axis, spoken, tag_of
from contracts.visit import Discipline
from venue_agent.config import Home
from venue_agent.desk import Desk
from venue_agent.home.durable import write_private
from venue_agent.recommend.places import place_of

FILE: Final = "shows.json"
_KEPT: Final = TypeAdapter(list[Catalogue])


@dataclass(frozen=True)
class Show:
    """Something to see that is not over yet: at which place of the model, in which house, what."""

    place: int
    venue: str
    house: str  # its name
    event: Event

    @property
    def title(self) -> str:
        """What it is compared by: a show that travels keeps its title."""
        return spoken(self.event.title)


@dataclass(frozen=True)
class Thing:
    """What somebody saw in this house: a discipline, and the event where the house's catalogue names one."""

    discipline: Discipline
    event: Event | None = None

    def says(self, axis: Axis) -> str | None:
        """Return its value on *axis*."""
        if axis == "discipline":
            return self.discipline.value
        return None if self.event is None else tag_of(self.event, axis)


def fetch(desk: Desk, charter: Charter) -> int:
    """Fetch every house's catalogue in the place of what was here; return how many shows are not over.

    A house that made none public has none. The catalogues are public and name nobody; the hub could leave
    a show out or invent one, and could learn nothing by it.

    Raises:
        AgentError: the hub cannot be reached or refuses.
    """
    hub = desk.hub
    found = [hub.catalogue(member.venue) for member in charter.members]
    today = desk.clock.now().date()
    kept = [
        Catalogue(venue=each.venue, events=[e for e in each.events if not is_over(e, today)])
        for each in found
        if each is not None
    ]
    body = canonical([each.model_dump(mode="json") for each in kept])
    write_private(desk.home.path / FILE, body)
    return sum(len(each.events) for each in kept)


def here(home: Home) -> list[Catalogue]:
    """Return the catalogues that are here; none where none was fetched, or where they cannot be read."""
    try:
        return _KEPT.validate_json((home.path / FILE).read_bytes())
    except (OSError, ValidationError):
        return []


def to_come(
    catalogues: Iterable[Catalogue], model: Model, charter: Charter, today: dt.date
) -> tuple[Show, ...]:
    """Return the shows that are not over at the places of the model: place by place, the first day first.

    What is marked sensitive is never proposed by name.
    """
    slugs = {item.item: n for n, item in enumerate(model.items)}
    names = {member.venue: member.name for member in charter.members}
    found = [
        Show(slugs[place_of(charter, each.venue)], each.venue, names[each.venue], event)
        for each in catalogues
        if each.venue in names and place_of(charter, each.venue) in slugs
        for event in each.events
        if not event.sensitive and not is_over(event, today)
    ]
    return tuple(sorted(found, key=lambda s: (s.place, s.event.first_day or "", s.venue, s.event.event)))  # fmt: skip


def is_over(event: Event, today: dt.date) -> bool:
    """Return whether nobody can go there any more; so is what has no day."""
    last = event.last_day or event.first_day
    return last is None or last <= today.isoformat()
