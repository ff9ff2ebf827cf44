"""Signed heads of the chain: what the outside keeps, so that an old backup or a second history is noticed."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, insert, select, update

from contracts.base import canonical
from contracts.chain import GENESIS, Head
from contracts.edition import Checkpoint, SignedCheckpoint
from hub.errors import ChainBroken, LedgerBehind, StateConflict
from hub.store import audit, tables
from hub.store.transaction import Reading, Transaction

Sign = Callable[[bytes], str]
"""Ed25519 over bytes, in hexadecimal; the key stays with whoever made the function."""


def checkpoint(tx: Transaction, network: str, sign: Sign) -> SignedCheckpoint:
    """Return the present head, signed by the hub and kept; an unchanged head is not signed twice."""
    head = tx.head()
    kept = at(tx, head.sequence)
    if kept is not None:
        return kept
    plain = Checkpoint(
        network=network, sequence=head.sequence, head_sha256=head.sha256, at=tx.now()
    )
    signature = sign(canonical(plain))
    tx.run(insert(tables.checkpoint).values(**plain.model_dump(), hub_signature=signature))
    tx.reached("checkpoint.recorded")
    return SignedCheckpoint(checkpoint=plain, hub_signature=signature)


def due(tx: Transaction, every: int) -> bool:
    """Say whether *every* entries were added since the latest checkpoint."""
    kept = latest(tx)
    return tx.head().sequence - (kept.checkpoint.sequence if kept else 0) >= every


def set_witness(tx: Transaction, signed: SignedCheckpoint) -> None:
    """Keep the custodian's signature on a checkpoint of ours; it is set once and never replaced.

    Raises:
        StateConflict: it has none, or the checkpoint is not the one that was kept.
    """
    kept = at(tx, signed.checkpoint.sequence)
    if signed.custodian_signature is None or kept is None:
        raise StateConflict(
            "Found no witnessed checkpoint of ours; expected one. Checkpoint first."
        )
    if kept.checkpoint != signed.checkpoint:
        raise StateConflict("The witnessed checkpoint is not the one kept here; expected the same.")
    table = tables.checkpoint.c
    tx.run(
        update(tables.checkpoint)
        .where(table.sequence == signed.checkpoint.sequence, table.custodian_signature.is_(None))
        .values(custodian_signature=signed.custodian_signature)
    )


def at(reading: Reading, sequence: int) -> SignedCheckpoint | None:
    """Return the checkpoint of the chain at *sequence*, or None."""
    return _signed(
        reading.run(
            select(tables.checkpoint).where(tables.checkpoint.c.sequence == sequence)
        ).first()
    )


def latest(reading: Reading) -> SignedCheckpoint | None:
    """Return the checkpoint of the longest chain, or None before the first."""
    table = tables.checkpoint
    return _signed(reading.run(select(table).order_by(table.c.sequence.desc()).limit(1)).first())


def last_witnessed(reading: Reading) -> SignedCheckpoint | None:
    """Return the latest checkpoint that the custodian co-signed: its next check starts there."""
    table = tables.checkpoint
    return _signed(
        reading.run(
            select(table)
            .where(table.c.custodian_signature.is_not(None))
            .order_by(table.c.sequence.desc())
            .limit(1)
        ).first()
    )


def refuse_if_behind(reading: Reading, held: Checkpoint) -> None:
    """Refuse to go on when this ledger does not extend a checkpoint that is held outside.

    Raises:
        LedgerBehind: the chain is shorter: an old backup was restored, and budget would come back.
        ChainBroken: the chain is as long but says something else.
    """
    entry = audit.entry(reading, held.sequence)
    if entry is None and held.sequence > GENESIS.sequence:
        raise LedgerBehind(
            "The ledger is older than checkpoint {sequence}, which is held outside; expected to find "
            "that entry. An old backup was restored: restore the newest one. Until then nothing is "
            "charged, for what was spent since would be spent again.",
            sequence=held.sequence,
        )
    found = GENESIS if entry is None else Head(entry.sequence, entry.sha256)
    if found.sha256 != held.head_sha256:
        raise ChainBroken(
            "Entry {sequence} of the chain is not the one in the checkpoint held outside; expected the "
            "same hash. The ledger was rewritten or forked: stop, and compare backups.",
            sequence=held.sequence,
        )


def _signed(row: Row[Any] | None) -> SignedCheckpoint | None:
    if row is None:
        return None
    return SignedCheckpoint(
        checkpoint=Checkpoint(
            network=row.network, sequence=row.sequence, head_sha256=row.head_sha256, at=row.at
        ),
        hub_signature=row.hub_signature,
        custodian_signature=row.custodian_signature,
    )
