"""An edition: one publication, immutable; everything that anybody sees is made from it."""

from typing import Annotated, Final, Literal

from pydantic import Field

from contracts.base import Day, Hex32, Hex64, Instant, SeasonId, Slug, Text, Wire
from contracts.charter import MicroRho, PicoDelta

Key = Annotated[str, Field(max_length=120)]
Wording = Literal["presque-sur", "indicatif", "trop-peu"]
SURE: Final = "presque-sur"
INDICATIVE: Final = "indicatif"
COVERED: Final = "trop-peu"
"""The wording of a figure that chance covers: its interval is told, its value is not."""


class Vector(Wire):
    """Integers drawn once: exact sum + discrete Gaussian noise, and all that one needs to check it."""

    name: Slug
    mechanism: Literal["discrete-gaussian", "discrete-gaussian-threshold"]
    unit_milli: Annotated[int, Field(ge=1, le=1_000_000)]  # one person or visit = this many units
    l2_sensitivity_squared: Annotated[
        int, Field(ge=1, le=10**15)
    ]  # in units², one person's whole worth
    sigma_micro: Annotated[
        int, Field(ge=1, le=10**18)
    ]  # noise standard deviation, millionths of a unit
    rho_micro: MicroRho
    delta_pico: PicoDelta
    threshold: int | None  # of the noisy value, in units; null when the keys are public
    keys: list[list[Key]]
    values: list[int]


def sigma_of(vector: Vector) -> float:
    """Return the standard deviation of a vector's noise, in whole persons or visits."""
    return vector.sigma_micro / 10**6 / vector.unit_milli


class Estimate(Wire):
    """One figure that people read: post-processing of the vectors, in thousandths."""

    keys: list[Key]
    value_milli: int
    low_milli: int  # 95 % interval
    high_milli: int
    wording: Wording


class Table(Wire):
    """A readable table; its interval columns stand beside every value."""

    table: Slug
    question: Annotated[str, Field(pattern=r"^Q[0-9]{2}$")]
    title_fr: Text
    title_en: Text
    how_to_read_fr: Text
    how_to_read_en: Text
    columns: list[Slug | Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]]
    estimand: Text
    # Left out where it is empty, so that editions from before keep their bytes and their digest.
    estimand_en: Annotated[str, Field(max_length=2000, exclude_if=lambda text: not text)] = ""
    rows: list[Estimate]


class Release(Wire):
    """One paid measure: its noised vectors and the tables read from them."""

    release: Slug  # edition + measure
    measure: Slug
    rho_micro: MicroRho
    delta_pico: PicoDelta
    seasons: Annotated[list[SeasonId], Field(min_length=1, max_length=4)]
    charge: Hex32  # id of the ledger charge that paid for it
    vectors: Annotated[list[Vector], Field(min_length=1)]
    tables: list[Table]


class Edition(Wire):
    """One publication."""

    version: Literal[1] = 1
    edition: Slug
    title: Text
    network: Slug
    charter_sha256: Hex32
    season: SeasonId
    first_day: Day
    last_day: Day
    prepared: Instant
    demonstration: bool
    # The rules that its figures keep, by ``hub.verify_figures``; left out where none, so that editions from before
    # keep their bytes and are held to no rule that came later.
    figures: Annotated[int, Field(ge=0, le=1000, exclude_if=lambda rules: not rules)] = 0
    releases: Annotated[list[Release], Field(min_length=1)]


class ChargeRecord(Wire):
    """One ledger charge, public."""

    charge: Hex32
    key: Text  # idempotency key
    request_sha256: Hex32
    edition: Slug
    measure: Slug
    scopes: list[Text]
    rho_micro: MicroRho
    delta_pico: PicoDelta


class AuditEntry(Wire):
    """One link of the public hash chain: sha256 over the canonical bytes of all but ``sha256``."""

    sequence: Annotated[int, Field(ge=1)]
    previous_sha256: Hex32
    at: Instant
    kind: Slug
    body_sha256: Hex32
    body: Text  # canonical JSON of what happened; never derived from a person
    sha256: Hex32


class Checkpoint(Wire):
    """The head of the chain at one moment."""

    network: Slug
    sequence: Annotated[int, Field(ge=0)]
    head_sha256: Hex32
    at: Instant


class SignedCheckpoint(Wire):
    """The head, signed by the hub and, once it has checked the extension, by the custodian."""

    checkpoint: Checkpoint
    hub_signature: Hex64
    custodian_signature: Hex64 | None = None


class PublishedEdition(Wire):
    """The public file that ``hub verify`` reads."""

    edition: Edition
    edition_sha256: Hex32
    charges: list[ChargeRecord]
    chain: list[AuditEntry]
    checkpoint: SignedCheckpoint
