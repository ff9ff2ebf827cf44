"""Tags of the public catalogue that a model reads: those that a charter names, and what a model says of them."""

import unicodedata
from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import Field

from contracts.base import Hex32, Slug, Text, Wire, canonical, digest
from contracts.catalogue import Catalogue, Event, shown
from contracts.visit import Discipline

Tag = Literal["period", "work", "author", "company"]
Axis = Literal["discipline", "period", "work", "author", "company"]
TAGS: Final[tuple[Tag, ...]] = ("period", "work", "author", "company")
"""What a catalogue may say of an event besides its discipline, in the order of ``contracts.catalogue``."""
MAX_VALUES: Final = 60
BITS: Final = 15
"""What one tag of a visit takes where the four are packed in one number, in the order of ``TAGS``."""
UNSAID: Final = (1 << BITS) - 1
"""A tag that the event does not say, or whose value nobody counts."""
NEAREST: Final = 8
"""As many different shows of a place, the first days first, weigh in what the place is worth."""
MOST_LIFT: Final = 3.0
"""A show is worth to nobody more than so many times its place, nor less than that part of it."""
MOST_EXPECTED: Final = 3.0
"""A show expects at most so many times the public of the mean, nor less than that part of it."""
NOTHING_SAID: Final = (1 << BITS * len(TAGS)) - 1

Count = Annotated[int, Field(ge=0, le=10**15)]
Lift = Annotated[int, Field(ge=100, le=10_000)]


class TagKeys(Wire):
    """Values of one tag that an edition counts: signed with the charter, so that they are public before any visit is read."""

    axis: Tag
    values: Annotated[list[Text], Field(min_length=2, max_length=MAX_VALUES)]


class ModelTerms(Wire):
    """What an edition says of its model, besides the measures that it plans for it."""

    # About how many people the network has, from an earlier edition or the houses' own public word; sets the
    # split of the price. 0: taken from the identifiers that the members declare.
    persons: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    tags: Annotated[list[TagKeys], Field(max_length=4)] = Field(default_factory=list)


class AxisTastes(Wire):
    """What an edition says of one axis; each list in the order of ``values``.

    ``affinity_milli[a][b]``: how much more often than by chance people see both; 1000 is chance, between 100 and
    10000; symmetric.
    """

    axis: Axis
    values: Annotated[list[Text], Field(min_length=2, max_length=MAX_VALUES)]
    persons_milli: list[Count]  # who saw something of the value, from noise: 0 at least
    # Of the catalogue, in the edition's window: persons over events is what a show may expect. Then the same by item
    # of the model, items × values: what the affinity was weighed by.
    events: list[Count]
    shown: list[list[Count]]
    affinity_milli: list[list[Lift]]


class TagTastes(Wire):
    """The tags block of a model: what a show may expect before its first visitor.

    A person who knows n things, with values a_1 … a_n on an axis, finds a show of value b as many times likelier as
    exp((log L[a_1][b] + … + log L[a_n][b]) / √n), L the affinity; the factors of several axes multiply: the show's
    lift. A value that the axis does not list says nothing (factor 1, and not counted in n). On the axis of
    disciplines, L[a][b] stands over L[a][d], d the discipline of the place, which the place's score has in it.

    A show of value b expects e = persons[b] / events[b] people, over the same of the whole axis, between 1/3 and 3
    (``MOST_EXPECTED``); over several axes the geometric mean of those that say something; times the part of its
    discipline in the place's cells (``Cell``), over the largest there, 1/3 at least. It orders the shows of a place
    and weighs them, and compares no place with another.

    A place is worth its score times the mean lift of its shows: those that say the same on every axis are one, the
    best of them; the first eight (``NEAREST``) by day count; each lift is held between 1/3 and 3 (``MOST_LIFT``) and
    weighs e. So no catalogue changes its house's score more than threefold, and a house gains nothing by declaring
    many shows. The show that is named is the one of its place with the largest lift times e (the lift between e^-10
    and e^10); one that the person saw is never named, and counts here for 1/3.
    """

    catalogue_sha256: Hex32  # ``catalogues_sha256`` of the catalogues whose events are counted
    rho_micro: Annotated[int, Field(ge=1, le=10**15)]  # what the release of tags cost
    events: list[Count]  # of each item of the model, in the edition's window, whatever they say
    axes: Annotated[list[AxisTastes], Field(min_length=1, max_length=5)]


class Cell(Wire):
    """An item of the second level: what a place shows of one discipline.

    It is worth its place's score, times popularity_milli over the place's own, times the lift of its discipline from
    those that the person knows (``Model.lifts_milli``).
    """

    kind: Literal["cell"] = "cell"
    place: Slug
    discipline: Discipline
    popularity_milli: Count


def spoken(text: str) -> str:
    """Return a tag as it is compared: NFKC, case folded, spaces single."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def tag_of(event: Event, axis: Axis) -> str | None:
    """Return what an event says on *axis*, as it is compared; None when it says nothing, or is sensitive."""
    if axis == "discipline":
        return event.discipline.value
    said = None if event.sensitive else getattr(event, axis)
    return None if said is None else spoken(said)


def catalogues_sha256(catalogues: Iterable[Catalogue]) -> str:
    """Return the digest of public catalogues, in the order of their venues: a model's catalogue version.

    Of what everybody may see of them, so that everybody can make it again.
    """
    ordered = sorted(map(shown, catalogues), key=lambda each: each.venue)
    return digest(canonical([each.model_dump(mode="json") for each in ordered]))
