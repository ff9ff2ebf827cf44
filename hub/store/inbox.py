"""What the control database knows of sealed batches: requests seen, commits, receipts, catalogues."""

import datetime as dt
from typing import Final, Literal

from sqlalchemy import delete, func, insert, select, update

from contracts.base import canonical, digest
from contracts.batch import Commit, Envelope
from contracts.catalogue import Catalogue, shown
from contracts.charter_check import charter_hash
from contracts.clock import stamp
from contracts.problems import ProblemType
from hub.errors import IntakeRefused
from hub.store import charters, tables
from hub.store.transaction import Reading, Transaction

NONCE_KEPT: Final = dt.timedelta(hours=25)
"""Far longer than a request may be old, so that a clock set back by a day lets no replay in."""


def remember_nonce(tx: Transaction, keyid: str, nonce: str) -> None:
    """Note that this signed request was seen, and forget the oldest ones.

    Raises:
        IntakeRefused: it was seen before.
    """
    column = tables.nonce.c
    seen = select(column.nonce).where(column.keyid == keyid, column.nonce == nonce)
    if tx.run(seen).first() is not None:
        raise IntakeRefused(ProblemType.REPLAYED)
    tx.run(delete(tables.nonce).where(column.seen_at < stamp(tx.clock.now() - NONCE_KEPT)))
    tx.run(insert(tables.nonce).values(keyid=keyid, nonce=nonce, seen_at=tx.now()))


def commit_hash(commit: Commit) -> str:
    """Return the name of a commit: SHA-256 of its canonical bytes."""
    return digest(canonical(commit))


def is_received(reading: Reading, commit: Commit) -> bool:
    """Return whether this very commit was received.

    Raises:
        IntakeRefused: another commit has its venue, month and sequence.
    """
    column = tables.commit_.c
    known = reading.run(
        select(column.sha256).where(
            column.venue == commit.venue,
            column.month == commit.month,
            column.sequence == commit.sequence,
        )
    ).scalar_one_or_none()
    if known is not None and known != commit_hash(commit):
        raise IntakeRefused(ProblemType.CONFLICT)
    return known is not None


def record_commit(tx: Transaction, commit: Commit) -> Literal["received", "already"]:
    """Write a commit whose parts are all on disk, once.

    The public chain has no word of it: when a venue sends what would tell of its people.

    Raises:
        IntakeRefused: another commit has its place, or the charter in force is another one or expired.
    """
    if is_received(tx, commit):
        return "already"
    signed = charters.in_force(tx)
    if signed is None or commit.charter_sha256 != charter_hash(signed.charter):
        raise IntakeRefused(ProblemType.CHARTER)
    if not signed.charter.valid_from <= tx.now() < signed.charter.expires:
        raise IntakeRefused(ProblemType.CHARTER)
    tx.run(
        insert(tables.commit_).values(
            sha256=commit_hash(commit),
            venue=commit.venue,
            month=commit.month,
            sequence=commit.sequence,
            body=canonical(commit),
            state="received",
            received_at=tx.now(),
        )
    )
    return "received"


def waiting(reading: Reading, limit: int = 100) -> list[Commit]:
    """Return commits that the vault has not opened yet, each venue's in order of sequence."""
    column = tables.commit_.c
    rows = reading.run(
        select(column.body)
        .where(column.state == "received")
        .order_by(column.venue, column.sequence)
        .limit(limit)
    )
    return [Commit.model_validate_json(row.body) for row in rows]


def settle(tx: Transaction, envelope: Envelope) -> None:
    """Write the vault's receipt of a commit, as unreadable as it came; the first one stays.

    Raises:
        IntakeRefused: no such commit was received.
    """
    column = tables.commit_.c
    changed = tx.run(
        update(tables.commit_)
        .where(column.sha256 == envelope.commit_sha256, column.state == "received")
        .values(state=envelope.state)
    )
    if changed.rowcount:
        tx.run(
            insert(tables.receipt).values(
                commit_sha256=envelope.commit_sha256, body=canonical(envelope)
            )
        )
    elif receipt_bytes(tx, envelope.venue, envelope.commit_sha256) is None:
        raise IntakeRefused(ProblemType.NOT_FOUND)


def receipt_bytes(reading: Reading, venue: str, commit_sha256: str) -> bytes | None:
    """Return the canonical Envelope of this venue's commit, or None until it is opened."""
    commit, receipt = tables.commit_.c, tables.receipt.c
    return reading.run(
        select(receipt.body)
        .join_from(tables.receipt, tables.commit_, receipt.commit_sha256 == commit.sha256)
        .where(receipt.commit_sha256 == commit_sha256, commit.venue == venue)
    ).scalar_one_or_none()


def save_catalogue(tx: Transaction, catalogue: Catalogue) -> None:
    """Replace the public catalogue of one venue."""
    kept = tables.catalogue
    tx.run(delete(kept).where(kept.c.venue == catalogue.venue))
    public = canonical(shown(catalogue))
    tx.run(
        insert(kept).values(
            venue=catalogue.venue,
            body=canonical(catalogue),
            shown=public,
            shown_sha256=digest(public),
        )
    )


def shown_sha256(reading: Reading, venue: str) -> str | None:
    """Return the digest of what everybody may see of one venue's catalogue, or None."""
    kept = tables.catalogue.c
    return reading.run(select(kept.shown_sha256).where(kept.venue == venue)).scalar_one_or_none()


def shown_bytes(reading: Reading, venue: str) -> bytes | None:
    """Return the canonical bytes of what everybody may see of one venue's catalogue, or None."""
    kept = tables.catalogue.c
    return reading.run(select(kept.shown).where(kept.venue == venue)).scalar_one_or_none()


def catalogue_of(reading: Reading, venue: str) -> Catalogue | None:
    """Return the public catalogue of one venue, or None."""
    body = reading.run(
        select(tables.catalogue.c.body).where(tables.catalogue.c.venue == venue)
    ).scalar_one_or_none()
    return None if body is None else Catalogue.model_validate_json(body)


def catalogues(reading: Reading) -> list[Catalogue]:
    """Return the public catalogues of all venues, in the order of their names."""
    kept = tables.catalogue.c
    rows = reading.run(select(kept.body).order_by(kept.venue))
    return [Catalogue.model_validate_json(row.body) for row in rows]


def weeks(reading: Reading) -> dict[str, str]:
    """Return for each venue the Monday (ISO day) of the week in which its last accepted batch came.

    A week and nothing finer: how often a venue sends, and how much, stays its own affair.
    """
    column = tables.commit_.c
    rows = reading.run(
        select(column.venue, func.max(column.received_at).label("last"))
        .where(column.state == "accepted")
        .group_by(column.venue)
    )
    return {row.venue: _monday(row.last) for row in rows}


def _monday(instant: str) -> str:
    day = dt.date.fromisoformat(instant[:10])
    return (day - dt.timedelta(days=day.weekday())).isoformat()
