"""The hash chain's one rule: how an audit entry is made, and how anybody checks that a chain extends a head."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.base import canonical, digest
from contracts.edition import AuditEntry

GENESIS_SHA256: Final = "0" * 64
"""What the first entry names as its predecessor."""


class ChainError(Exception):
    """Entries do not link to the head that is held; the message names a sequence, nothing else."""


@dataclass(frozen=True)
class Head:
    """The end of a chain: its length and the hash of its last entry."""

    sequence: int
    sha256: str


GENESIS: Final = Head(sequence=0, sha256=GENESIS_SHA256)


def entry_sha256(entry: AuditEntry) -> str:
    """Return the hash that *entry* must carry: SHA-256 over its canonical bytes without ``sha256``."""
    return _sha256(entry.model_dump(mode="json", exclude={"sha256"}))


def next_entry(head: Head, *, at: str, kind: str, body: dict[str, Any]) -> AuditEntry:
    """Return the entry that extends *head* with an event of *kind*.

    Raises:
        TypeError: the body holds a float.
        ValueError: the body is longer than the wire allows, or *kind* is no slug.
    """
    text = canonical(body)
    fields = {
        "sequence": head.sequence + 1,
        "previous_sha256": head.sha256,
        "at": at,
        "kind": kind,
        "body_sha256": digest(text),
        "body": text.decode(),
    }
    return AuditEntry.model_validate({**fields, "sha256": _sha256(fields)})


def extend(head: Head, entries: Sequence[AuditEntry]) -> Head:
    """Return the head after *entries*, each of which must link to the one before it.

    Raises:
        ChainError: a sequence is missing, a link or a digest is wrong.
    """
    for entry in entries:
        if entry.sequence != head.sequence + 1:
            raise ChainError(
                f"found entry {entry.sequence} after entry {head.sequence}; expected the next one"
            )
        if entry.previous_sha256 != head.sha256:
            raise ChainError(
                f"entry {entry.sequence} does not name the entry before it: the chain was forked"
            )
        if entry.body_sha256 != digest(entry.body.encode()) or entry.sha256 != entry_sha256(entry):
            raise ChainError(
                f"entry {entry.sequence} does not have the hash that it carries: it was changed"
            )
        head = Head(sequence=entry.sequence, sha256=entry.sha256)
    return head


def _sha256(fields: dict[str, Any]) -> str:
    return digest(canonical(fields))
