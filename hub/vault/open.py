"""Opens a sealed batch and checks all of it: seals, signature, charter, digests, then row by row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from contracts.base import Hex32, Hex64, canonical
from contracts.batch import Commit, FileEntry, Manifest, Refusal, SignedManifest
from contracts.charter import Charter, Member
from contracts.charter_check import charter_hash
from contracts.order import SignedOrder
from contracts.payload import Limits, PayloadError, open_parts, unpack
from contracts.problems import ProblemType
from contracts.seal import SealError, verify
from contracts.season import first_month
from contracts.succession import SignedSuccession, follow
from hub.errors import BatchRefused
from hub.vault.arms import Campaign, campaigns, measured
from hub.vault.fields import Rules
from hub.vault.keys import VaultKeys
from hub.vault.rows import Reader, Rows

MONTHS_AHEAD: Final = 24
"""Tickets are sold at most so far ahead of the event."""
QUOTA_PERCENT: Final = 125
"""A venue may send at most this share of the identifiers that it declared in the charter."""


@dataclass(frozen=True)
class Terms:
    """What batches are held against: the charter in force and the catalogue's sensitive events."""

    charter: Charter
    sensitive: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)
    successions: tuple[SignedSuccession, ...] = ()  # of the public chain, in its order
    orders: tuple[SignedOrder, ...] = ()  # issued to the venue: arms count for these alone

    def signing_key(self, member: Member) -> Hex32:
        """Return the key with which the member signs today: the charter's, or what followed it."""
        hers = [s for s in self.successions if s.succession.network == self.charter.network]
        own = [s for s in hers if (s.succession.role, s.succession.name) == ("venue", member.venue)]
        return follow(member.signing_key, own)

    def member(self, venue: str) -> Member:
        """Return the member of that name.

        Raises:
            BatchRefused: the charter does not name it.
        """
        for member in self.charter.members:
            if member.venue == venue:
                return member
        raise BatchRefused(ProblemType.FORBIDDEN.slug)


@dataclass(frozen=True)
class Opened:
    """A batch that was read to the end: its manifest and the rows that may stay."""

    manifest: Manifest
    signature: Hex64  # of the manifest: known to the venue and here alone
    rows: Rows
    most: int  # identifiers that the venue may send over all its months

    @property
    def files(self) -> list[FileEntry]:
        """The files with the digests that were recomputed from their bytes."""
        return self.manifest.files

    @property
    def refusals(self) -> list[Refusal]:
        """Rows refused, by reason; depends on the batch's own bytes only."""
        counts = Counter(self.rows.refusals)
        return [Refusal(reason=r, rows=n) for r, n in sorted(counts.items()) if n]


def open_batch(commit: Commit, sealed: Sequence[bytes], *, terms: Terms, keys: VaultKeys) -> Opened:
    """Return the batch that *commit* announces, from its sealed parts in order.

    Raises:
        BatchRefused: anything about the whole batch is wrong; single rows are refused one by one.
    """
    member = terms.member(commit.venue)
    _check_commit(commit, terms.charter, keys)
    try:
        payload = open_parts(sealed, commit, keys.opener(commit.key_sha256) or b"")
        signed, files = unpack(payload, terms.limits)
    except PayloadError as error:
        raise BatchRefused(error.problem.slug) from None
    _check_manifest(signed, commit, terms.signing_key(member))
    rules = Rules(terms.charter, commit.month, terms.sensitive, _campaigns(terms, commit, keys))
    rows = Reader(commit.venue, rules, keys).read(files)
    _check_linkage(terms.charter, commit, rows)
    _check_rows(signed.manifest, rows, member)
    most = member.declared_identifiers * QUOTA_PERCENT // 100
    return Opened(signed.manifest, signed.signature, rows, most)


def _campaigns(terms: Terms, commit: Commit, keys: VaultKeys) -> dict[str, Campaign]:
    charter = terms.charter
    signers = {charter.hub.signing_key, keys.signing_public}
    ours = measured(terms.orders, signers, charter.fields)
    return campaigns(ours, commit.venue, weekly=charter.date_granularity == "week")


def _check_commit(commit: Commit, charter: Charter, keys: VaultKeys) -> None:
    if commit.charter_sha256 != charter_hash(charter):
        raise BatchRefused(ProblemType.CHARTER.slug)
    if commit.season != charter.pseudonym_season:
        raise BatchRefused(ProblemType.CHARTER.slug)
    if keys.opener(commit.key_sha256) is None:
        raise BatchRefused(ProblemType.UNOPENABLE.slug)


def _check_manifest(signed: SignedManifest, commit: Commit, key: Hex32) -> None:
    manifest = signed.manifest
    try:
        verify(key, canonical(manifest), signed.signature)
    except SealError:
        raise BatchRefused(ProblemType.UNSIGNED.slug) from None
    said = (manifest.venue, manifest.season, manifest.month, manifest.charter_sha256)
    announced = (commit.venue, commit.season, commit.month, commit.charter_sha256)
    if said != announced or manifest.sequence != commit.sequence:
        raise BatchRefused(ProblemType.MANIFEST.slug)
    if _months(manifest.month) > _months(manifest.created) + MONTHS_AHEAD:
        raise BatchRefused(ProblemType.MANIFEST.slug)


def _check_linkage(charter: Charter, commit: Commit, rows: Rows) -> None:
    """Refuse visits from before the linkage starts; empty snapshots and withdrawals may always come."""
    since = charter.linkage_from
    if (
        since
        and commit.month < first_month(since)
        and (rows.persons.num_rows or rows.visits.num_rows)
    ):
        raise BatchRefused(ProblemType.SEASON.slug)


def _months(text: str) -> int:
    """Return the number of a month, from a text that starts as ``2025-10``."""
    return int(text[:4]) * 12 + int(text[5:7])


def _check_rows(manifest: Manifest, rows: Rows, member: Member) -> None:
    if any(rows.counts.get(entry.name, 0) != entry.rows for entry in manifest.files):
        raise BatchRefused(ProblemType.MANIFEST.slug)
    if rows.tokens.num_rows * 100 > member.declared_identifiers * QUOTA_PERCENT:
        raise BatchRefused(ProblemType.QUOTA.slug)
