"""A sealed batch as it waits in the spool, and what it takes to seal one."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from contracts.batch import Commit, FileEntry, SignedManifest
from contracts.charter import Charter


@dataclass(frozen=True)
class Sent:
    """What the vault last confirmed of one month."""

    charter_sha256: str
    files: tuple[FileEntry, ...]


@dataclass(frozen=True)
class Sealing:
    """Who packs, under which charter, when.

    ``first_sequence``: above every earlier one of this venue.
    ``sent``: months that the vault confirmed; an unchanged one is not packed again, and one that
    has vanished from the export is packed empty, for absence is withdrawal. Empty: pack everything.
    """

    venue: str
    signing_key: bytes = field(repr=False)
    charter: Charter
    now: dt.datetime
    first_sequence: int
    normaliser_version: int
    sent: Mapping[str, Sent] = field(default_factory=dict)
    suppressions: Literal["whole"] | None = None  # "whole": the erasures are the venue's whole list


@dataclass(frozen=True)
class Batch:
    """One venue-month: the plaintext that may be read first, and the sealed parts that are sent."""

    month: str
    files: Mapping[str, bytes]
    manifest: SignedManifest
    commit: Commit
    parts: tuple[bytes, ...]
