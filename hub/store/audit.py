"""The audit chain: every change of state adds one public link, and nothing is ever taken out."""

from typing import Any

from sqlalchemy import Row, insert, select, update

from contracts.chain import next_entry
from contracts.edition import AuditEntry
from hub.errors import ChainBroken
from hub.store import tables
from hub.store.transaction import Reading, Transaction


def append(tx: Transaction, kind: str, body: dict[str, Any]) -> AuditEntry:
    """Add an event to the chain; *body* becomes public and is never derived from a person.

    Raises:
        ChainBroken: the head moved although it was locked.
        ValueError: the body is longer than the wire allows (2,000 characters).
    """
    head = tx.head()
    entry = next_entry(head, at=tx.now(), kind=kind, body=body)
    tx.run(insert(tables.audit).values(entry.model_dump()))
    moved = tx.run(
        update(tables.head)
        .where(tables.head.c.sequence == head.sequence, tables.head.c.sha256 == head.sha256)
        .values(sequence=entry.sequence, sha256=entry.sha256)
    )
    if moved.rowcount != 1:
        raise ChainBroken(
            "The chain's head moved inside a transaction; expected its lock to hold. Check the database."
        )
    return entry


def entries(
    reading: Reading, *, after: int = 0, up_to: int | None = None, limit: int | None = None
) -> list[AuditEntry]:
    """Return the links after sequence *after* and up to *up_to*, oldest first, at most *limit*."""
    sequence = tables.audit.c.sequence
    query = select(tables.audit).where(sequence > after).order_by(sequence).limit(limit)
    if up_to is not None:
        query = query.where(sequence <= up_to)
    return [_entry(row) for row in reading.run(query)]


def of_kind(reading: Reading, kind: str) -> list[AuditEntry]:
    """Return the links of one kind, oldest first."""
    table = tables.audit
    query = select(table).where(table.c.kind == kind).order_by(table.c.sequence)
    return [_entry(row) for row in reading.run(query)]


def last_of_kind(reading: Reading, kind: str) -> AuditEntry | None:
    """Return the newest link of one kind, or None."""
    table = tables.audit
    query = select(table).where(table.c.kind == kind).order_by(table.c.sequence.desc()).limit(1)
    row = reading.run(query).first()
    return None if row is None else _entry(row)


def entry(reading: Reading, sequence: int) -> AuditEntry | None:
    """Return one link, or None when the chain is shorter."""
    row = reading.run(select(tables.audit).where(tables.audit.c.sequence == sequence)).one_or_none()
    return None if row is None else _entry(row)


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry.model_validate(dict(row._mapping))  # noqa: SLF001 - SQLAlchemy's public name for it
