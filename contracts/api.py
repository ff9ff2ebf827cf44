"""The small messages of enrolment and evaluation; the paths they travel are listed here once."""

from typing import Annotated, Final, Literal

from pydantic import Field

from contracts.base import Hex32, Hex64, Instant, SeasonId, Slug, Wire
from contracts.charter import Charter, SignedCharter
from contracts.edition import AuditEntry, Checkpoint

# hub.web
PATH_ENROL: Final = "/v1/enrol"  # POST Enrolment -> Enrolled
PATH_CHARTER: Final = "/v1/charter"  # GET -> SignedCharter; 404 until all members have enrolled
PATH_SIGNATURES: Final = "/v1/charter/signatures"  # POST MemberSignature -> SignedCharter
PATH_CATALOGUE: Final = "/v1/venues/{venue}/catalogue"  # PUT Catalogue; GET, public -> Catalogue
PATH_PART: Final = "/v1/venues/{venue}/parts/{sha256}"  # PUT bytes; HEAD 200/404
PATH_COMMITS: Final = "/v1/venues/{venue}/commits"  # POST Commit -> Acknowledgement
PATH_RECEIPT: Final = "/v1/venues/{venue}/receipts/{sha256}"  # GET -> Envelope; 404 until opened
PATH_SUCCESSION: Final = "/v1/venues/{venue}/succession"  # POST SignedSuccession -> Enrolled
PATH_ORDERS: Final = "/v1/venues/{venue}/orders"  # GET -> list[SignedOrder]
PATH_CHECKPOINT: Final = "/v1/checkpoint"  # GET -> SignedCheckpoint
PATH_CHAIN: Final = "/v1/chain"  # GET ?after=N -> list[AuditEntry]
PATH_EDITIONS: Final = "/v1/editions"  # GET -> list of edition ids
PATH_EDITION: Final = "/v1/editions/{edition}"  # GET -> PublishedEdition
PATH_MODEL: Final = (
    "/v1/editions/{edition}/model"  # GET -> SignedModel; 304 when If-None-Match holds
)
# hub.custodian
PATH_CUSTODIAN_ENROL: Final = "/v1/enrol"  # POST Enrolment -> Enrolled
PATH_CUSTODIAN_SUCCESSION: Final = "/v1/succession"  # POST SignedSuccession -> Enrolled
PATH_EVALUATE: Final = "/v1/evaluate"  # POST EvaluateRequest -> EvaluateResponse
PATH_PROVE: Final = "/v1/prove"  # POST ProveRequest -> ProveResponse
PATH_KEYS: Final = "/v1/keys"  # GET -> CustodianKeys
PATH_COUNTERS: Final = "/v1/counters"  # GET, signed -> Counters of the venue that asks
PATH_WITNESS: Final = "/v1/witness"  # POST WitnessRequest -> WitnessResponse
PATH_CARRIAGES: Final = "/v1/carriages"  # POST CarriageRequest -> Carriage
PATH_CARRY: Final = "/v1/carry"  # POST CarryRequest -> CarryResponse

MAX_POINTS: Final = 4096
PROOF_SIZE: Final = 64
SMALLEST_REQUEST: Final = 64  # points, padding included, so that newcomers cannot be counted

Use = Literal["linkage", "erasure"]
"""What points are evaluated for: to send people, or to name them in a withdrawal."""


class Enrolment(Wire):
    """A venue joins with a one-time code and the key that it made itself."""

    venue: Slug
    code: Annotated[str, Field(pattern=r"^[A-Z2-7]{4}(-[A-Z2-7]{4}){5}$")]
    signing_key: Hex32


class Enrolled(Wire):
    """The answer to an enrolment: the fingerprint to compare with what the code's sender said."""

    venue: Slug
    fingerprint: Hex32


class EvaluateRequest(Wire):
    """Blinded points; padded by the agent to a bucket so that newcomers cannot be counted."""

    venue: Slug
    season: SeasonId
    points: Annotated[list[Hex32], Field(min_length=1, max_length=MAX_POINTS)]
    use: Use = "linkage"  # which quota pays; the answer is the same


class EvaluateResponse(Wire):
    """k·B for each point, and the session under which a proof may be asked."""

    session: Hex32
    points: list[Hex32]


class ProveRequest(Wire):
    """Indices, chosen after seeing the evaluated points, within one stored session."""

    venue: Slug
    session: Hex32
    indices: Annotated[
        list[Annotated[int, Field(ge=0, lt=MAX_POINTS)]],
        Field(min_length=1, max_length=MAX_POINTS),
    ]


class ProveResponse(Wire):
    """The batched DLEQ proof (RFC 9497, section 2.2): c then s, 32 bytes each."""

    proof: Hex64


class SeasonCounter(Wire):
    """Identifiers of one season that a venue has spent, of how many, for one use."""

    season: SeasonId
    use: Use
    spent: Annotated[int, Field(ge=0)]
    cap: Annotated[int, Field(ge=0)]


class Counters(Wire):
    """A venue's own quota at the custodian, in identifiers; nobody is told of another's."""

    venue: Slug
    day_spent: Annotated[int, Field(ge=0)]
    day_cap: Annotated[int, Field(ge=0)]
    seasons: list[SeasonCounter]


class CustodianKeys(Wire):
    """What the custodian makes public."""

    operator: str
    signing_key: Hex32
    season_keys: dict[SeasonId, Hex32]


class WitnessRequest(Wire):
    """A new head and the entries that lead to it from the last head that was witnessed."""

    checkpoint: Checkpoint
    hub_signature: Hex64
    entries: list[AuditEntry]


class WitnessResponse(Wire):
    """The custodian's Ed25519 signature over the checkpoint's canonical bytes."""

    signature: Hex64


class CarriageRequest(Wire):
    """A hub asks to carry its pseudonyms from a season to the one that this charter names."""

    charter: SignedCharter
    former: SeasonId


class Carriage(Wire):
    """What the custodian grants: so many points, from one season to the next, for one charter."""

    network: Slug
    former: SeasonId
    season: SeasonId
    cap: Annotated[int, Field(ge=0)]


class CarryRequest(Wire):
    """Pseudonyms under blinds of the hub's own: uniformly random points, always as many."""

    network: Slug
    former: SeasonId
    season: SeasonId
    points: Annotated[list[Hex32], Field(min_length=MAX_POINTS, max_length=MAX_POINTS)]


class CarryResponse(Wire):
    """δ·B for each point, where δ = k'/k, which nobody but the custodian ever knows."""

    points: list[Hex32]


class CharterDraft(Wire):
    """A charter before it is signed, as the coordinator writes it."""

    charter: Charter
    written: Instant
