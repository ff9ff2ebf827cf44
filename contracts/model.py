"""The recommendation model of an edition: what agents score their own people with, offline.

Everything in it is made from the published edition and the charter alone, so that anybody may make it again.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from contracts.base import Hex32, Hex64, Slug, Wire
from contracts.tags import Cell, TagTastes
from contracts.visit import Discipline

MICRO: Final = 10**6
MILLI: Final = 1000
MAX_ITEMS: Final = 4096
MAX_RANK: Final = 160

Method = Literal["popularity", "spectral", "full-rank"]
"""How scores are made: the network's popularity alone, or what the pair matrix adds to it."""

Micro = Annotated[int, Field(ge=-(10**12), le=10**12)]
Milli = Annotated[int, Field(ge=-(10**12), le=10**12)]
Positive = Annotated[int, Field(ge=1, le=10**15)]
Share = Annotated[int, Field(ge=0, le=100)]


class ModelItem(Wire):
    """What may be recommended: a place of the network, as the edition shows it, and its discipline."""

    item: Slug
    discipline: Discipline  # "other" for a group of venues of several disciplines


class Dial(Wire):
    """Where the openness dial stands unless a venue moves it, and how low it may be moved."""

    openness: Share = 20
    least: Share = 0


class Bridge(Wire):
    """A programme that led people of other disciplines to a new one: a place's, in one month."""

    discipline: Discipline
    place: Slug
    month: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$")]
    persons_milli: Annotated[int, Field(ge=0, le=10**15)]  # as the edition shows them


class Card(Wire):
    """What to expect of the model, from public figures alone."""

    persons_milli: Annotated[int, Field(ge=0, le=10**15)]  # the edition's noisy count of people
    kappa_milli: Annotated[int, Field(ge=0, le=10**15)]  # persons / (items × noise multiplier)
    eta_micro: Annotated[int, Field(ge=0, le=10**15)]  # noise edge / mean popularity
    rank: Annotated[int, Field(ge=0, le=MAX_RANK)]  # components that stand above the noise
    retained_percent: Share  # of the best non-private quality, as measured at this eta; 0 unknown
    better_than_popularity: bool  # false: the list is « popular in the network », and says so


class Model(Wire):
    """Scores of a person x (one 1 for each item that she knows), by item j.

    - ``popularity``: ``popularity_milli[j]``.
    - ``spectral``: Σ_i x_i · (F_i · F_j) · s_j / s_i, F ``factors_micro`` (items × columns), s
      ``scale_micro``.
    - ``full-rank``: Σ_i x_i · M_ij · s_j / s_i, M ``factors_micro`` (items × items, symmetric).

    ``lifts_milli``: by pair of disciplines, how much more often than by chance people go to both;
    in the order of ``disciplines``; 1000 is chance. ``allies``: by item, the positions of others whose
    publics are like its own and that it does not share yet, the most alike first.
    """

    version: Literal[1] = 1
    kind: Literal["model"] = "model"
    network: Slug
    edition: Slug
    edition_sha256: Hex32
    charter_sha256: Hex32
    matrix: Slug  # the published vector that it was made from
    places: Annotated[int, Field(ge=2, le=64)]  # k: places within which a person weighs one
    rho_micro: Positive  # what that vector cost; the model adds nothing
    sigma_micro: Positive  # of the vector's noise, in millionths of its unit
    unit_milli: Annotated[int, Field(ge=1, le=1_000_000)]
    items: Annotated[list[ModelItem], Field(min_length=2, max_length=MAX_ITEMS)]
    popularity_milli: list[Milli]
    disciplines: list[Discipline]
    lifts_milli: list[list[Milli]]
    method: Method
    factors_micro: list[list[Micro]]
    scale_micro: list[Micro]
    allies: list[list[Annotated[int, Field(ge=0, lt=MAX_ITEMS)]]]
    dial: Dial
    card: Card
    # What the edition's bridges show; left out where it has none, so that earlier models keep their bytes.
    bridges: Annotated[list[Bridge], Field(max_length=1000)] = Field(
        default_factory=list, exclude_if=lambda found: not found
    )
    # What the edition's tags say of shows, and places by discipline; left out likewise.
    tags: Annotated[TagTastes | None, Field(exclude_if=lambda found: found is None)] = None
    cells: Annotated[list[Cell], Field(max_length=4 * MAX_ITEMS)] = Field(
        default_factory=list, exclude_if=lambda found: not found
    )
    # By which rules it follows from the edition (``hub.recommend``); left out for the first ones.
    rules: Annotated[int, Field(ge=1, le=1000, exclude_if=lambda found: found == 1)] = 1


class SignedModel(Wire):
    """A model as it travels: signed by the hub whose key the charter names."""

    model: Model
    signature: Hex64
