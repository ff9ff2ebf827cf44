"""The public catalogue: events of a venue, without persons."""

from typing import Annotated

from pydantic import Field

from contracts.base import Day, EventId, Slug, Text, Wire
from contracts.visit import Discipline


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


class Catalogue(Wire):
    """All events that one venue makes public."""

    venue: Slug
    events: Annotated[list[Event], Field(max_length=100_000)]
