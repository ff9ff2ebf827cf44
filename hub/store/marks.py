"""A mark of the control database that changes when anything that a page may show changes."""

from typing import Final

from sqlalchemy import func, select

from hub.store import tables
from hub.store.transaction import Reading

Mark = tuple[str | int, ...]
_CHECKPOINT = tables.checkpoint.c
QUESTION: Final = select(  # made once: a page asks it for every reader
    select(tables.head.c.sha256).scalar_subquery(),
    select(func.count(_CHECKPOINT.sequence)).scalar_subquery(),
    select(func.count(_CHECKPOINT.custodian_signature)).scalar_subquery(),
)


def mark(reading: Reading, day: str) -> Mark:
    """Return the head of the chain, the checkpoints and their signatures, and the *day* (ISO).

    Editions, charges, caps and charters all add a link to the chain. Batches do not, and change no mark either: a
    page that has to be drawn anew takes longer, and whoever timed pages would count every venue's batches. The
    week of a venue's last batch, which a page shows, is therefore read again once a day.
    """
    return (*reading.run(QUESTION).one(), day)
