"""The charter's life at the hub: drafted, signed by each member, then in force; drafts never change."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update

from contracts.base import canonical, digest
from contracts.charter import Charter, MemberSignature, SignedCharter
from contracts.seal import SealError, verify
from hub.errors import StateConflict
from hub.store import audit, members, tables
from hub.store.transaction import Reading, Transaction


def save_draft(tx: Transaction, charter: Charter) -> None:
    """Keep a charter for the members to sign; the same bytes again change nothing.

    Raises:
        StateConflict: its revision is not above the newest, or a member's key is not the enrolled one.
    """
    body = canonical(charter)
    sha256 = digest(body)
    newest = _newest(tx)
    if newest is not None and newest.sha256 == sha256:
        return
    if newest is not None and charter.revision <= newest.revision:
        raise StateConflict(
            "Found revision {revision} of the charter; expected more than {revision_2}, which members "
            "may have signed. Raise the revision.",
            revision=charter.revision,
            revision_2=newest.revision,
        )
    _require_enrolled(tx, charter)
    tx.run(insert(tables.charter).values(revision=charter.revision, sha256=sha256, body=body))
    audit.append(tx, "charter-drafted", {"revision": charter.revision, "sha256": sha256})


def add_signature(tx: Transaction, signature: MemberSignature) -> SignedCharter:
    """Add a member's signature to the newest draft and return it; the last one puts it in force.

    Raises:
        StateConflict: there is no draft, the venue is no member of it, or the signature is not
            that of its key over these bytes.
    """
    row = _newest(tx)
    if row is None:
        raise StateConflict("Found no charter to sign; expected a draft. Wait for the coordinator.")
    signed = _signed(tx, row)
    if signature.venue in {s.venue for s in signed.signatures}:
        _check(signed.charter, signature)
        return signed
    _check(signed.charter, signature)
    tx.run(
        insert(tables.charter_signature).values(charter_sha256=row.sha256, **signature.model_dump())
    )
    audit.append(tx, "charter-signed", {"sha256": row.sha256, "venue": signature.venue})
    signed = _signed(tx, row)
    if len(signed.signatures) == len(signed.charter.members):
        _put_in_force(tx, row)
    return signed


def current(reading: Reading) -> SignedCharter | None:
    """Return the newest draft with the signatures that it has so far, for members to sign."""
    row = _newest(reading)
    return None if row is None else _signed(reading, row)


def in_force(reading: Reading) -> SignedCharter | None:
    """Return the newest charter that every member signed; its dates are the reader's to check."""
    row = reading.run(
        select(tables.charter)
        .where(tables.charter.c.in_force_at.is_not(None))
        .order_by(tables.charter.c.revision.desc())
        .limit(1)
    ).first()
    return None if row is None else _signed(reading, row)


def in_force_since(reading: Reading) -> str | None:
    """Return when the charter in force came into force, as the wire writes it; None before the first."""
    at = tables.charter.c.in_force_at
    return reading.run(
        select(at).where(at.is_not(None)).order_by(tables.charter.c.revision.desc()).limit(1)
    ).scalar_one_or_none()


@dataclass(frozen=True)
class Version:
    """One revision as it was drafted: its signatures so far, and the days that the chain tells."""

    signed: SignedCharter
    sha256: str
    in_force_at: str | None
    signed_at: dict[str, str]


def history(reading: Reading) -> list[Version]:
    """Return every revision, the newest first."""
    days: dict[str, dict[str, str]] = {}
    for link in audit.of_kind(reading, "charter-signed"):
        told = json.loads(link.body)
        days.setdefault(told["sha256"], {})[told["venue"]] = link.at
    rows = reading.run(select(tables.charter).order_by(tables.charter.c.revision.desc())).all()
    return [
        Version(_signed(reading, row), row.sha256, row.in_force_at, days.get(row.sha256, {}))
        for row in rows
    ]


def by_hash(reading: Reading, sha256: str) -> SignedCharter | None:
    """Return the charter whose canonical bytes have this digest: an edition names its own."""
    row = reading.run(select(tables.charter).where(tables.charter.c.sha256 == sha256)).first()
    return None if row is None else _signed(reading, row)


def _newest(reading: Reading) -> Row[Any] | None:
    return reading.run(
        select(tables.charter).order_by(tables.charter.c.revision.desc()).limit(1)
    ).first()


def _signed(reading: Reading, row: Row[Any]) -> SignedCharter:
    signature = tables.charter_signature
    rows = reading.run(
        select(signature.c.venue, signature.c.signature)
        .where(signature.c.charter_sha256 == row.sha256)
        .order_by(signature.c.venue)
    )
    return SignedCharter(
        charter=Charter.model_validate_json(row.body),
        signatures=[MemberSignature(venue=s.venue, signature=s.signature) for s in rows],
    )


def _require_enrolled(tx: Transaction, charter: Charter) -> None:
    enrolled = members.member_keys(tx)
    for member in charter.members:
        if enrolled.get(member.venue) != member.signing_key:
            raise StateConflict(
                "The charter's key of {venue} is not an enrolled one; expected the key that the venue "
                "enrolled. Enrol the venue, then draft the charter again.",
                venue=member.venue,
            )


def _check(charter: Charter, signature: MemberSignature) -> None:
    keys = {member.venue: member.signing_key for member in charter.members}
    if signature.venue not in keys:
        raise StateConflict(
            "{venue} is not a member in this charter; nothing to sign.", venue=signature.venue
        )
    try:
        verify(keys[signature.venue], canonical(charter), signature.signature)
    except SealError as error:
        raise StateConflict(
            "The signature of {venue} is not over the newest draft (revision {revision}); expected its "
            "key over these bytes. Fetch the charter and sign again.",
            venue=signature.venue,
            revision=charter.revision,
        ) from error


def _put_in_force(tx: Transaction, row: Row[Any]) -> None:
    tx.run(
        update(tables.charter)
        .where(tables.charter.c.revision == row.revision)
        .values(in_force_at=tx.now())
    )
    audit.append(tx, "charter-in-force", {"revision": row.revision, "sha256": row.sha256})
