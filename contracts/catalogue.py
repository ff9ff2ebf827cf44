"""The public catalogue: events of a venue, without persons."""

import re
import unicodedata
from typing import Annotated, Final

from pydantic import Field

from contracts.base import Day, EventId, Slug, Text, Wire
from contracts.visit import Discipline

MAX_TITLE: Final = 200
_ADDRESS: Final = re.compile(r"://|@|www\.|\w\.\w+/")
_HIDDEN: Final = frozenset(
    {"Cc", "Cf", "Cs", "Zl", "Zp"}
)  # controls, what turns the reading, lines
_DOTTED: Final = re.compile(r"(?<=\w)[.\u3002](?=[^\W\d_])")

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


def is_title(text: str) -> bool:
    """Return whether *text* may be told to other houses' people: 200 characters, no address of the web or of mail, nothing hidden."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    hidden = any(unicodedata.category(sign) in _HIDDEN for sign in text)
    return len(text) <= MAX_TITLE and not hidden and _ADDRESS.search(plain) is None


def wrong_title(catalogue: Catalogue) -> int | None:
    """Return the number, from 1, of the first event whose title may not be told; None where all may."""
    found = (n for n, event in enumerate(catalogue.events, 1) if not is_title(event.title))
    return next(found, None)


def told_title(title: str) -> str:
    """Return a title as it is written to people: no mail program makes a link of "name.com" with a space in it."""
    return _DOTTED.sub(". ", unicodedata.normalize("NFKC", title))


def shown(catalogue: Catalogue) -> Catalogue:
    """Return what everybody may see of a catalogue: which of its events are sensitive is nobody else's business."""
    events = [event for event in catalogue.events if not event.sensitive]
    return catalogue.model_copy(update={"events": events})
