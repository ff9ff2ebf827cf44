"""The cube of an edition in one small file: traits, what crosses them, and how sure each sum is.

Everything in it follows from the published edition, so that anybody may make it again.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from contracts.base import Hex32, Slug, Wire
from contracts.edition import Key

MILLI: Final = 1000
MICRO: Final = 10**6
MAX_TRAITS: Final = 16

Place = Annotated[int, Field(ge=0, lt=MAX_TRAITS)]
"""The position of a trait."""
People = Annotated[int, Field(ge=0, le=10**9)]


class Trait(Wire):
    """What is told of a person: every person has exactly one of the values."""

    trait: Slug
    values: Annotated[list[Key], Field(min_length=2, max_length=200)]


class Crossing(Wire):
    """People by the values of some traits, the last trait running fastest."""

    traits: Annotated[list[Place], Field(min_length=2, max_length=3)]
    counts: list[People]  # whole people that add up to the other tables; of two traits only
    found_milli: list[int]  # the unbiased estimate, in thousandths of a person; may be negative


class Doubt(Wire):
    """The variance of what some traits add to their subsets, in millionths of a person squared."""

    traits: list[Place]
    variance_micro: Annotated[int, Field(ge=0, le=10**18)]


class Cube(Wire):
    """All that an estimate needs; ``doubts`` covers every subset of every crossing, the empty one too."""

    version: Literal[1] = 1
    kind: Literal["cube"] = "cube"
    network: Slug
    edition: Slug
    edition_sha256: Hex32
    charter_sha256: Hex32
    rho_micro: Annotated[int, Field(ge=1, le=10**15)]  # what the crossings cost; this adds nothing
    people: People
    traits: Annotated[list[Trait], Field(min_length=2, max_length=MAX_TRAITS)]
    crossings: Annotated[list[Crossing], Field(min_length=1)]
    doubts: list[Doubt]
