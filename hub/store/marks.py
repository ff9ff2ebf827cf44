"""A mark of the control database that changes when anything that a page may show changes."""

from typing import Final

from sqlalchemy import func, select

from hub.store import tables
from hub.store.transaction import Reading

Mark = tuple[str | int, ...]
_CHECKPOINT, _COMMIT = tables.checkpoint.c, tables.commit_.c
_MARK: Final = select(  # made once: a page asks it for every reader
    select(tables.head.c.sha256).scalar_subquery(),
    select(func.count(_CHECKPOINT.sequence)).scalar_subquery(),
    select(func.count(_CHECKPOINT.custodian_signature)).scalar_subquery(),
    select(func.count()).where(_COMMIT.state == "accepted").scalar_subquery(),
)


def mark(reading: Reading) -> Mark:
    """Return the head of the chain, the checkpoints and their signatures, and the batches accepted so far.

    Editions, charges, caps and charters all add a link to the chain; the week of a batch does not. The mark is for
    caches inside the process: it counts what no page shows.
    """
    return tuple(reading.run(_MARK).one())
