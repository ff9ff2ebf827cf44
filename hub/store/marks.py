"""A mark of the control database that changes when anything that a page may show changes."""

from sqlalchemy import func, select

from hub.store import tables
from hub.store.transaction import Reading

Mark = tuple[str | int, ...]


def mark(reading: Reading) -> Mark:
    """Return the head of the chain, the checkpoints and their signatures, and the batches accepted so far.

    Editions, charges, caps and charters all add a link to the chain; the week of a batch does not. The mark is for
    caches inside the process: it counts what no page shows.
    """
    checkpoint, commit = tables.checkpoint.c, tables.commit_.c
    row = reading.run(
        select(
            select(tables.head.c.sha256).scalar_subquery(),
            select(func.count(checkpoint.sequence)).scalar_subquery(),
            select(func.count(checkpoint.custodian_signature)).scalar_subquery(),
            select(func.count()).where(commit.state == "accepted").scalar_subquery(),
        )
    ).one()
    return tuple(row)
