"""What a partner may ask of other houses' audiences: a small closed language that names nobody.

A predicate speaks of one trait that a house knows of its own people. None speaks of a sensitive event, of an
amount or of an hour; the houses answer with their own data, the network with its published editions alone.
"""

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from contracts.base import EventId, Slug, Wire
from contracts.visit import AgeBand, Discipline, DistanceBand

MOST_PREDICATES: Final = 12

Departement = Annotated[
    str, StringConstraints(pattern=r"^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[678])$")
]
Days = Annotated[int, Field(ge=1, le=730)]


class Level(StrEnum):
    """How much somebody cares for a discipline or a house, by her visits at the house that is asked."""

    ONCE = "once"  # at least one visit
    OFTEN = "often"  # at least two
    MAIN = "main"  # at least half of her visits


class Rung(StrEnum):
    """The steps of loyalty: visits in the season."""

    ONE = "1"
    TWO = "2"
    FEW = "3-5"
    MANY = "6+"


class History(StrEnum):
    """Whether the house that is asked knows her since this season or longer."""

    NEW = "new"
    RETURNING = "returning"


class Ages(Wire):
    """Aged within one of these bands."""

    trait: Literal["age"]
    values: Annotated[list[AgeBand], Field(min_length=1, max_length=10)]


class Distances(Wire):
    """Living that far from the partner."""

    trait: Literal["distance"]
    values: Annotated[list[DistanceBand], Field(min_length=1, max_length=10)]


class Homes(Wire):
    """Living in one of these départements."""

    trait: Literal["home"]
    values: Annotated[list[Departement], Field(min_length=1, max_length=110)]


class Loyalties(Wire):
    """On one of these steps of loyalty."""

    trait: Literal["loyalty"]
    values: Annotated[list[Rung], Field(min_length=1, max_length=10)]


class Histories(Wire):
    """New to the house, or coming back."""

    trait: Literal["history"]
    values: Annotated[list[History], Field(min_length=1, max_length=10)]


class Tastes(Wire):
    """Fond of one of these disciplines, at least so much."""

    trait: Literal["taste"]
    values: Annotated[list[Discipline], Field(min_length=1, max_length=20)]
    level: Level


class Houses(Wire):
    """Fond of one of these houses, at least so much."""

    trait: Literal["house"]
    values: Annotated[list[Slug], Field(min_length=1, max_length=60)]
    level: Level


class Subscribers(Wire):
    """Holding a subscription of the house."""

    trait: Literal["subscriber"]


class Bought(Wire):
    """Having a ticket for one of these events of the public catalogue."""

    trait: Literal["bought"]
    values: Annotated[list[EventId], Field(min_length=1, max_length=50)]


class Contacted(Wire):
    """Written to by the house for a partner in the last so many days."""

    trait: Literal["contacted"]
    days: Days


class Incident(Wire):
    """Ticketed for an event that was cancelled, cut short or moved in the last so many days."""

    trait: Literal["incident"]
    days: Days


Predicate = (
    Ages | Distances | Homes | Loyalties | Histories | Tastes | Houses | Subscribers | Bought | Contacted | Incident
)  # fmt: skip


class AudienceSpec(Wire):
    """Whom one means: who fulfils every predicate of ``include`` and none of ``exclude``; empty: everybody."""

    include: Annotated[list[Predicate], Field(max_length=MOST_PREDICATES)]
    exclude: Annotated[list[Predicate], Field(max_length=MOST_PREDICATES)]
