"""The public catalogues of the network's houses on this machine: fetched with the model, read without a connection."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pydantic import Field, ValidationError

from contracts.base import Hex32, Wire, canonical
from contracts.catalogue import Catalogue, Event, is_title, told_title
from contracts.charter import Charter
from contracts.model import Model
from contracts.tags import Axis, catalogues_sha256, spoken, tag_of
from contracts.visit import Discipline
from venue_agent.config import Home
from venue_agent.desk import Desk
from venue_agent.home.durable import write_private
from venue_agent.recommend.places import place_of

FILE: Final = "shows.json"
MOST: Final = 500
"""Shows of one house that are looked at, the first days first: no house makes everybody's lists slow."""


class Programs(Wire):
    """What is here of the houses' public catalogues: what was not over when it was fetched."""

    sha256: Hex32 | None = None  # of the catalogues whole, as a model names those that it counted
    catalogues: list[Catalogue] = Field(default_factory=list)


@dataclass(frozen=True)
class Left:
    """Shows to come that are not looked at, in numbers."""

    titles: int = 0  # whose title may not be told to people
    beyond: int = 0  # of houses that show more than MOST


NONE: Final = Left()


@dataclass(frozen=True)
class Show:
    """Something to see that is not over yet: at which place of the model, in which house, what."""

    place: int
    venue: str
    house: str  # its name
    event: Event

    @property
    def name(self) -> str:
        """What people are told: a title of which no mail program makes a link."""
        return told_title(self.event.title)

    @property
    def title(self) -> str:
        """What it is compared by: a show that travels keeps its title."""
        return spoken(self.event.title)


@dataclass(frozen=True)
class Seen:
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

    A house that made none public has none. The catalogues are public, name nobody and are signed by nobody: a house
    writes what it likes in its own, and the hub could leave a show out or invent one. Neither learns by it who is told
    what, as long as nobody writes to them: so titles that carry an address are never told (``sound``), and what a
    show may change of a list is bounded (``contracts.tags``).

    Raises:
        AgentError: the hub cannot be reached or refuses.
    """
    hub = desk.hub
    asked = [(member.venue, hub.catalogue(member.venue)) for member in charter.members]
    found = [each for venue, each in asked if each is not None and each.venue == venue]
    today = desk.clock.now().date()
    kept = [
        Catalogue(venue=each.venue, events=[e for e in each.events if not is_over(e, today)])
        for each in found
    ]
    sha256 = catalogues_sha256(found)
    write_private(desk.home.path / FILE, canonical(Programs(sha256=sha256, catalogues=kept)))
    return sum(len(each.events) for each in kept)


def here(home: Home) -> Programs:
    """Return the catalogues that are here; none where none was fetched, or where they cannot be read."""
    try:
        return Programs.model_validate_json((home.path / FILE).read_bytes())
    except (OSError, ValidationError):
        return Programs()


def as_counted(programs: Programs, model: Model) -> bool | None:
    """Return whether the catalogues that are here are those that the model counted; None where either says nothing.

    Houses go on writing theirs, so that they differ is no alarm: then the hub's word alone says what is shown.
    """
    if model.tags is None or programs.sha256 is None:
        return None
    return programs.sha256 == model.tags.catalogue_sha256


def sound(catalogues: Iterable[Catalogue], today: dt.date) -> tuple[list[Catalogue], Left]:
    """Return what may be told of the shows to come: fit titles, MOST of each house, the first days first; and what is left out."""
    kept, titles, beyond = [], 0, 0
    for each in catalogues:
        coming = [e for e in each.events if not e.sensitive and not is_over(e, today)]
        fit = sorted((e for e in coming if is_title(e.title)), key=lambda e: (e.first_day or "", e.event))  # fmt: skip
        titles += len(coming) - len(fit)
        beyond += max(len(fit) - MOST, 0)
        kept.append(each.model_copy(update={"events": fit[:MOST]}))
    return kept, Left(titles, beyond)


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
