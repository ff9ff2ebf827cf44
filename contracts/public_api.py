"""The public JSON API: published editions, tables, questions and venues, as anybody may read them; nothing is signed or sent."""

from typing import Annotated, Final, Literal

from pydantic import Field

from contracts.base import Day, Hex32, Instant, SeasonId, Slug, Text, Wire
from contracts.edition import Wording
from contracts.problems import TYPE_PREFIX, Problem
from contracts.visit import Discipline

ROOT: Final = "/api/v1"
API_EDITIONS: Final = "/api/v1/editions"
API_EDITION: Final = "/api/v1/editions/{edition}"
API_TABLES: Final = "/api/v1/editions/{edition}/tables"
API_TABLE: Final = "/api/v1/editions/{edition}/tables/{table}"
API_MEASURE: Final = "/api/v1/editions/{edition}/measures/{measure}"
API_ALLIES: Final = "/api/v1/editions/{edition}/allies"
API_QUESTIONS: Final = "/api/v1/questions"
API_QUESTION: Final = "/api/v1/questions/{question}"
API_VENUES: Final = "/api/v1/venues"
API_DOCUMENT: Final = "/api/v1/openapi.json"
LATEST: Final = "latest"
"""Stands for the newest published edition wherever an edition is named."""

WITHDRAWN: Final = Problem(
    type=TYPE_PREFIX + "withdrawn",
    title="An erratum withdrew this edition: its figures no longer hold.",
    status=410,
    detail="Read a later edition.",
)

Name = Annotated[str, Field(max_length=120)]
Tongue = Literal["fr", "en"]


class EditionHead(Wire):
    """One published edition, without its figures; prices in millionths of ρ."""

    edition: Slug
    title: Text
    network: Slug
    season: SeasonId
    first_day: Day
    last_day: Day
    prepared: Instant
    demonstration: bool
    charter_sha256: Hex32
    edition_sha256: Hex32
    rho_micro: int
    epsilon: float  # of the whole edition, at ``delta``
    delta: float
    measures: list[Name]


class Editions(Wire):
    """Every edition that stands published, the oldest first, and those that were withdrawn."""

    editions: list[EditionHead]
    withdrawn: list[Slug]


class TableHead(Wire):
    """One table of an edition, without its rows."""

    table: Slug
    measure: Slug
    question: Name
    title: Text
    columns: list[Name]  # the keys of a row
    unit: Name
    figures: int


class Tables(Wire):
    """The tables of one edition."""

    edition: Slug
    tables: list[TableHead]


class Row(Wire):
    """One figure and where the truth lies in 95 % of draws; in the table's unit."""

    keys: dict[Name, Name]
    labels: dict[Name, Text]
    value: float
    ci_low: float
    ci_high: float
    wording: Wording
    suppressed: bool  # chance covers the figure: quote the interval alone


class TableFull(TableHead):
    """One table with its rows, its price and what to know before quoting it."""

    edition: Slug
    edition_sha256: Hex32
    release: Name
    first_day: Day
    last_day: Day
    demonstration: bool
    how_to_read: Text
    estimand: Text
    rho_micro: int
    delta_pico: int
    rows: list[Row]


class MeasureFull(Wire):
    """Every table of one paid measure."""

    edition: Slug
    measure: Slug
    tables: list[TableFull]


class PlaceAllies(Wire):
    """A place, and at most three others whose publics are like its own and that it does not share yet."""

    place: Slug
    name: Text
    allies: list[Slug]  # the most alike first


class Allies(Wire):
    """Each place's allies, read in the edition's recommendation model; ``model`` is false when it has none."""

    edition: Slug
    model: bool
    places: list[PlaceAllies]


class QuestionHead(Wire):
    """One question of the catalogue, and whether the edition answers it."""

    question: Name
    text: Text
    measures: list[Name]  # any of these would answer it
    answered: bool
    measure: Name | None  # the one that does
    tables: list[Name]
    limit: Text | None  # what stays unsaid even so
    cause: Name | None  # why nothing answers it
    why: Text | None
    nearest: list[Name]  # questions to ask instead


class Questions(Wire):
    """The catalogue of questions, read against one edition; ``edition`` is null before the first."""

    edition: Slug | None
    questions: list[QuestionHead]


class VenueHead(Wire):
    """One member of the network, as the charter in force names it."""

    venue: Slug
    name: Text
    discipline: Discipline
    postcode: Name
    latitude: float
    longitude: float
    cluster: Slug | None  # it appears in this group, never alone


class ClusterHead(Wire):
    """A group in which small venues appear together."""

    cluster: Slug
    name: Text
    venues: list[Slug]


class Venues(Wire):
    """The members of the network; empty before the charter is in force."""

    network: Slug | None
    name: Text | None
    venues: list[VenueHead]
    clusters: list[ClusterHead]
