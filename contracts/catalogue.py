"""The public catalogue: events of a venue, without persons."""

from typing import Annotated

from pydantic import Field

from contracts.base import Day, EventId, Slug, Text, Wire
from contracts.visit import Discipline

Tag = Annotated[Text | None, Field(exclude_if=lambda said: said is None)]
"""What a venue may say of an event besides; left out where it does not, as before it could."""


class Event(Wire):
    """A show, exhibition or other thing one buys a ticket for."""

    event: EventId
    title: Text
    discipline: Discipline
    first_day: Day | None = None
    last_day: Day | None = None
    sensitive: bool = (
        False  # reveals health, religion, opinion or sexual life: never leaves by name
    )
    period: Tag = None  # "baroque", "1950-2000"
    work: Tag = None  # what is played or shown: "Giselle"
    author: Tag = None  # composer, author, artist
    company: Tag = None  # who plays it


class Catalogue(Wire):
    """All events that one venue makes public."""

    venue: Slug
    events: Annotated[list[Event], Field(max_length=100_000)]
