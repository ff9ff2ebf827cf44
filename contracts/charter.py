"""The charter: the signed document that says what may leave a venue, for what, and at what price."""

from typing import Annotated, Literal

from pydantic import Field

from contracts.advice import AdviceRules
from contracts.base import (
    Day,
    Hex32,
    Hex64,
    HexBlob,
    Instant,
    SeasonId,
    Slug,
    Text,
    Wire,
)
from contracts.tags import ModelTerms
from contracts.visit import Discipline, Purpose

MicroRho = Annotated[int, Field(ge=1, le=10_000_000)]
"""Privacy loss in zero-concentrated differential privacy, in millionths of rho."""
PicoDelta = Annotated[int, Field(ge=0, le=1_000_000)]
"""Probability in millionths of a millionth."""


class Party(Wire):
    """A legal entity and how to write to it."""

    name: Text
    operator: Text
    contact: Text


class HubKeys(Wire):
    """The hub: its address, its vault's HPKE key and the key that signs receipts and checkpoints."""

    url: Text
    operator: Text
    vault_key: HexBlob  # MLKEM768_X25519 public key, as contracts.seal writes it
    signing_key: Hex32  # Ed25519


class Custodian(Wire):
    """The other legal entity, which alone holds the season's pseudonym keys."""

    url: Text
    operator: Text
    contact: Text
    signing_key: Hex32  # Ed25519: co-signs checkpoints
    season_keys: dict[SeasonId, Hex32]  # public keys K = k·G of the pseudonym epochs


class Member(Wire):
    """A venue of the network, as the public catalogue knows it, and its keys."""

    venue: Slug
    name: Text
    discipline: Discipline
    postcode: Annotated[str, Field(pattern=r"^[0-9]{5}$")]
    latitude_microdeg: Annotated[int, Field(ge=-90_000_000, le=90_000_000)]
    longitude_microdeg: Annotated[int, Field(ge=-180_000_000, le=180_000_000)]
    signing_key: Hex32
    declared_identifiers: Annotated[int, Field(ge=1, le=50_000_000)]


class Cluster(Wire):
    """At least three small venues that appear together."""

    cluster: Slug
    name: Text
    venues: Annotated[list[Slug], Field(min_length=3, max_length=200)]


class Bounds(Wire):
    """What one person may weigh at most, in every edition, whatever the data say."""

    venues: Annotated[int, Field(ge=2, le=64)]  # k: distinct venues
    visits: Annotated[int, Field(ge=1, le=366)]  # v: visits
    cells: Annotated[int, Field(ge=1, le=366)]  # c: cells of one histogram (lead time…)
    pairs_total: Annotated[int, Field(ge=1, le=2016)]  # P_max of the capped total that de-biases


class MeasureSpec(Wire):
    """One paid table of an edition."""

    measure: Slug
    rho_micro: MicroRho
    delta_pico: PicoDelta = 0


class EditionSpec(Wire):
    """One scheduled publication: its window, its tables, and what they cost."""

    edition: Slug
    title: Text
    season: SeasonId
    first_day: Day
    last_day: Day
    measures: Annotated[list[MeasureSpec], Field(min_length=1, max_length=60)]
    # Tickets that each venue says publicly it sold in the window, to two significant digits; left out where
    # nobody says, so that charters from before keep their bytes and their fingerprint.
    attendance: dict[Slug, Annotated[int, Field(ge=1, le=100_000_000)]] = Field(
        default_factory=dict, exclude_if=lambda said: not said
    )
    # Sets of places whose common public is counted, with their own price; left out likewise where none is named.
    overlaps: Annotated[
        list[Annotated[list[Slug], Field(min_length=2, max_length=4)]], Field(max_length=20)
    ] = Field(default_factory=list, exclude_if=lambda sets: not sets)
    # What its model counts of the catalogue's tags; left out likewise.
    model: Annotated[ModelTerms | None, Field(exclude_if=lambda terms: terms is None)] = None


class Budget(Wire):
    """The cap for one person and one season, in total and for each use."""

    season: SeasonId
    total_rho_micro: MicroRho
    observatory_rho_micro: MicroRho
    recommendation_rho_micro: MicroRho
    audiences_rho_micro: MicroRho
    delta_pico: PicoDelta


class Charter(Wire):
    """Everything the members agreed to; the agent refuses to send what it does not allow."""

    version: Literal[1] = 1
    revision: Annotated[int, Field(ge=1, le=100_000)]
    network: Slug
    name: Text
    valid_from: Instant
    expires: Instant
    controller: Party
    dpo: Party
    hub: HubKeys
    custodian: Custodian
    demonstration: bool  # true when one operator runs both hub and custodian: shown on every page
    pseudonym_season: SeasonId  # the epoch of custodian keys in which identifiers are evaluated now
    linkage_from: Annotated[SeasonId | None, Field(exclude_if=lambda season: season is None)] = None
    """First season whose visits may be linked to the present ones; earlier ones are dropped when a season
    opens. None: all that retention allows. Left out of the signed bytes when None, as before it existed."""
    purposes: Annotated[list[Purpose], Field(min_length=1, max_length=3)]
    partners: Annotated[list[Slug], Field(max_length=500)]
    fields: Annotated[
        list[Slug | Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]],
        Field(min_length=1, max_length=40),
    ]
    date_granularity: Literal["day", "week"]
    dpo_approves_audiences: Annotated[bool, Field(exclude_if=lambda asked: not asked)] = False
    """Whether a partner's request needs each house's DPO besides its marketing; left out when False."""
    retention_months: Annotated[int, Field(ge=13, le=36)]
    persons_bound: Annotated[int, Field(ge=100, le=100_000_000)]  # public bound; δ ≤ 1/(10 × it)
    bounds: Bounds
    budgets: Annotated[list[Budget], Field(min_length=1, max_length=10)]
    editions: Annotated[list[EditionSpec], Field(max_length=60)]
    members: Annotated[list[Member], Field(min_length=1, max_length=1000)]
    clusters: Annotated[list[Cluster], Field(max_length=300)]
    advice: Annotated[AdviceRules | None, Field(exclude_if=lambda rules: rules is None)] = None
    """What every house's lists owe the others; left out of the signed bytes when None, as before it existed."""

    @property
    def links_back(self) -> bool:
        """Whether visits of seasons before the pseudonym season stay linked to the present ones."""
        return self.linkage_from is None or self.linkage_from < self.pseudonym_season


class MemberSignature(Wire):
    """One member's Ed25519 signature over the canonical bytes of the charter."""

    venue: Slug
    signature: Hex64


class SignedCharter(Wire):
    """A charter and the signatures that it has so far."""

    charter: Charter
    signatures: list[MemberSignature]
