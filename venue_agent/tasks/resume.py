"""What a preview leaves in the spool as it is, so that an interrupted sending goes on instead of beginning anew.

Sealing the same rows twice gives other bytes: parts that the hub holds already would be sent again.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from contracts.charter import Charter
from contracts.charter_check import charter_hash
from contracts.clock import parse_stamp
from venue_agent.desk import Desk
from venue_agent.outbox.batches import Batch
from venue_agent.outbox.spool import Packed
from venue_agent.people.handles import Handles
from venue_agent.rights.suppress import Suppressions

YOUNG: Final = dt.timedelta(hours=12)
"""How old the reading of a month that is left as it is may be: half of what a sending allows."""


def to_write(desk: Desk, charter: Charter, batches: Iterable[Batch]) -> Iterator[Batch]:
    """Yield the batches that must take the place of what the spool holds.

    A month that waits with the very same rows stays, and so does one that carries a withdrawal
    whose receipt has not come: the receipt of another batch would not prove it.
    """
    book = Suppressions(Handles(desk.home.state, desk.config.venue))
    carriers = {each.sequence for each in book.waiting()}
    waiting = {p.month: p for p in desk.spool.unsent() if _holds(p, charter)}
    for batch in batches:
        packed = waiting.get(batch.month)
        if packed is None or not (
            packed.commit.sequence in carriers or _is_same(packed, batch, desk.clock.now())
        ):
            yield batch


def _holds(packed: Packed, charter: Charter) -> bool:
    """Return whether the month was sealed under the charter in force: otherwise it cannot be sent."""
    return packed.commit.charter_sha256 == charter_hash(charter)


def _is_same(packed: Packed, batch: Batch, now: dt.datetime) -> bool:
    there, here = packed.manifest.manifest, batch.manifest.manifest
    own = {"sequence", "created", "export_read"}
    same = there.model_dump(exclude=own) == here.model_dump(exclude=own)
    return same and now - parse_stamp(there.export_read) < YOUNG
