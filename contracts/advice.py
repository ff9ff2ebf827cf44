"""What the members agreed that every house's advice owes the others: the dial, the houses to support, the small ones."""

from typing import Annotated

from pydantic import Field

from contracts.base import Slug, Wire

Percent = Annotated[int, Field(ge=0, le=100)]


class AdviceRules(Wire):
    """Part of a charter; each house applies it to its own lists, offline."""

    openness: Percent = 20  # where the dial stands unless a house moves it
    least: Percent = 0  # how low a house may move it
    supported: Annotated[list[Slug], Field(max_length=50)] = Field(
        default_factory=list
    )  # houses « à soutenir »
    supported_percent: Annotated[int, Field(ge=0, le=30)] = 0  # of the places told, theirs together
    # Of its share of visits, what each place of the less visited half is told of at least.
    floor_percent: Percent = 0
    lists: Annotated[int, Field(ge=0, le=31)] = 0  # for one person in 30 days; 0: the house decides
