"""The use log: who evaluated how many points and when, hash-chained, without any point or identifier."""

from typing import Any

from sqlalchemy import insert, select, update

from contracts.chain import GENESIS, ChainError, Head, extend, next_entry
from contracts.edition import AuditEntry
from hub.custodian import tables
from hub.custodian.errors import LogBroken
from hub.custodian.store import HEAD_ROW, Transaction


def append(tx: Transaction, kind: str, body: dict[str, Any]) -> None:
    """Append one event; the head row that *tx* holds keeps entries in one line."""
    row = tx.run(select(tables.head)).one()
    entry = next_entry(Head(row.sequence, row.sha256), at=tx.now(), kind=kind, body=body)
    tx.run(insert(tables.log).values(**entry.model_dump()))
    tx.run(
        update(tables.head)
        .where(tables.head.c.id == HEAD_ROW)
        .values(sequence=entry.sequence, sha256=entry.sha256)
    )


def entries(tx: Transaction) -> list[AuditEntry]:
    """Return the whole log, oldest first."""
    rows = tx.run(select(tables.log).order_by(tables.log.c.sequence))
    return [AuditEntry.model_validate(dict(row._mapping)) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def of_kind(tx: Transaction, kind: str) -> list[AuditEntry]:
    """Return the entries of one kind, oldest first."""
    query = select(tables.log).where(tables.log.c.kind == kind).order_by(tables.log.c.sequence)
    return [AuditEntry.model_validate(dict(row._mapping)) for row in tx.run(query)]  # noqa: SLF001 - SQLAlchemy's public name


def verify(tx: Transaction) -> Head:
    """Return the head of the log after checking every link.

    Raises:
        LogBroken: an entry was changed, removed or added by hand.
    """
    try:
        found = extend(GENESIS, entries(tx))
    except ChainError as error:
        raise LogBroken(
            "The use log does not link: {error}. Compare with a backup.", error=error
        ) from error
    if found != tx.head:
        raise LogBroken(
            "The use log ends before its head: entries were removed. Compare with a backup."
        )
    return found
