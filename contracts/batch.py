"""A batch: the full snapshot of one venue-month; a newer one replaces it, and absence is withdrawal."""

from typing import Annotated, Literal

from pydantic import Field

from contracts.base import Hex32, Hex64, HexBlob, Instant, Month, SeasonId, Slug, Wire


class FileEntry(Wire):
    """One plaintext file inside a sealed batch."""

    name: Literal["persons.csv", "visits.csv", "activations.csv", "erasures.csv"]
    size: Annotated[int, Field(ge=0, le=2_000_000_000)]
    rows: Annotated[int, Field(ge=0, le=50_000_000)]
    sha256: Hex32


class Manifest(Wire):
    """The sealed table of contents; it stands inside the batch, where the web process cannot read it."""

    version: Literal[1] = 1
    columns_version: Literal[1] = 1
    normaliser_version: Annotated[int, Field(ge=1, le=1000)]
    venue: Slug
    season: SeasonId  # epoch of the pseudonym key
    month: Month  # of the events; "full snapshot of one venue-month"
    charter_sha256: Hex32
    sequence: Annotated[int, Field(ge=1, le=2**53)]
    created: Instant
    export_read: (
        Instant  # when the export was read: consent older than 24 h is refused by the agent
    )
    files: Annotated[list[FileEntry], Field(min_length=1, max_length=4)]
    suppressions: Annotated[
        Literal["whole"] | None, Field(exclude_if=lambda said: said is None)
    ] = None
    """"whole": the erasures of this batch are all that the venue ever asked for, under this season's key."""


class SignedManifest(Wire):
    """The manifest and the venue's Ed25519 signature over its canonical bytes."""

    manifest: Manifest
    signature: Hex64


class Part(Wire):
    """One sealed part, named by its content."""

    sha256: Hex32
    size: Annotated[int, Field(ge=1, le=8_388_608)]


class Commit(Wire):
    """What the web process sees of a batch: who, which month, which sealed parts. No count, no size."""

    version: Literal[1] = 1
    venue: Slug
    season: SeasonId
    month: Month
    charter_sha256: Hex32
    sequence: Annotated[int, Field(ge=1, le=2**53)]
    key_sha256: Hex32  # of the vault key it is sealed to
    parts: Annotated[list[Part], Field(min_length=1, max_length=1024)]


class Acknowledgement(Wire):
    """The web's word: the sealed parts are here, unread."""

    commit_sha256: Hex32
    state: Literal["received", "already"]


class Refusal(Wire):
    """Rows refused for one reason; the reason never echoes a value, and depends on these bytes only."""

    reason: Slug
    rows: Annotated[int, Field(ge=1, le=50_000_000)]


class Receipt(Wire):
    """The vault's word: what it opened, digest by digest, in the venue's own bytes only."""

    version: Literal[1] = 1
    venue: Slug
    month: Month
    sequence: Annotated[int, Field(ge=1, le=2**53)]
    commit_sha256: Hex32
    state: Literal["accepted", "refused"]
    problem: Slug | None  # of contracts.problems when refused
    files: list[FileEntry]
    refusals: list[Refusal]
    opened: Instant


class SignedReceipt(Wire):
    """The receipt and the hub's Ed25519 signature over its canonical bytes."""

    receipt: Receipt
    signature: Hex64


class Envelope(Wire):
    """An answer as the web carries it: which commit, how it ended, and the receipt that it cannot read.

    An accepted batch's receipt is sealed (``contracts.receipts``); a refusal counts nothing and is in clear.
    """

    version: Literal[1] = 1
    venue: Slug
    commit_sha256: Hex32
    state: Literal["accepted", "refused"]
    receipt: SignedReceipt | None
    sealed: HexBlob | None
