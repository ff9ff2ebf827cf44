"""Activations in the vault: whom a house selected for a partner's request, and whether it wrote to her.

They rest beside the visits of their venue-month, encrypted and erased as those are, and join the frozen view of an
edition that measures their request. A house's word counts only for an order that the hub signed for that very house.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from contracts.base import Hex32, Slug, canonical
from contracts.order import Order, SignedOrder
from contracts.order_check import dates_wrong, is_measured
from contracts.seal import SealError, verify
from hub.vault.facts import PartRef, Readable

SCHEMA: Final = pa.schema(
    [
        ("contribution_key", pa.uint64()),
        ("priority", pa.uint64()),
        ("request", pa.string()),
        ("arm", pa.uint8()),
        ("event_day", pa.int32()),
    ]
)
"""At rest: the request stands in the place of the order, for houses are measured together."""
FROZEN: Final = pa.schema(
    [
        ("person_key", pa.uint64()),
        ("venue", pa.uint16()),
        ("event_day", pa.int32()),
        ("priority", pa.uint64()),
        ("operation", pa.uint16()),
        ("arm", pa.uint8()),
    ]
)
"""In a frozen view: rows beside those of visits, which have no arm."""
_EPOCH: Final = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Campaign:
    """The request that an order answers and the days that it covers, counted since 1970."""

    request: Slug
    first_day: int
    last_day: int


def measured(
    orders: Iterable[SignedOrder], keys: Collection[Hex32], fields: Collection[str]
) -> list[Order]:
    """Return the orders that are measured, whose days are days, and that the hub signed.

    The web process may write in the database that holds them: their signature decides. It may put back one that was
    signed before the members took a field out of the charter: *fields*, of the charter in force, decide too.
    """
    return [s.order for s in orders if _counts(s.order, fields) and _is_signed(s, keys)]


def campaigns(orders: Iterable[Order], venue: Slug, *, weekly: bool) -> dict[Slug, Campaign]:
    """Return what each of these orders allows *venue* to say, where it is addressed to it.

    Args:
        orders: measured and signed.
        venue: whose batch it is.
        weekly: days are told as the Mondays of their weeks.
    """
    found = {}
    for order in orders:
        if order.venue == venue:
            first, last = map(dt.date.fromisoformat, _days(order))
            first -= dt.timedelta(days=first.weekday() if weekly else 0)
            found[order.order] = Campaign(
                order.request.request, (first - _EPOCH).days, (last - _EPOCH).days
            )
    return found


def frozen(
    facts: Readable,
    refs: Sequence[PartRef],
    who: pa.Table,
    operations: Mapping[Slug, int],
    days: range,
) -> pa.Table:
    """Return the activations of these files for *operations*, under the keys of the persons that they are of.

    Args:
        facts: where the files are.
        refs: of the kind ``arms``.
        who: contribution_key, person_key and venue of those to keep, in the order of contribution_key.
        operations: the code of each request that the edition measures.
        days: of the window.
    """
    tables = [SCHEMA.empty_table(), *(facts.read(ref) for ref in refs)]
    rows = pa.concat_tables(tables)
    keys, handles = (table["contribution_key"].to_numpy() for table in (who, rows))
    places = np.minimum(np.searchsorted(keys, handles), max(len(keys) - 1, 0))
    code = np.array([operations.get(name, -1) for name in rows["request"].to_pylist()], np.int64)
    day = rows["event_day"].to_numpy()
    kept = (code >= 0) & (day >= days.start) & (day < days.stop)
    kept &= keys[places] == handles if len(keys) else False
    at = places[kept]
    return pa.table(
        [
            who["person_key"].to_numpy()[at],
            who["venue"].to_numpy()[at],
            day[kept],
            rows["priority"].to_numpy()[kept],
            code[kept].astype(np.uint16),
            rows["arm"].to_numpy()[kept],
        ],
        schema=FROZEN,
    )


def _counts(order: Order, fields: Collection[str]) -> bool:
    asked = order.request
    return order.measured and is_measured(asked, fields) and not dates_wrong(asked)


def _days(order: Order) -> tuple[str, str]:
    return order.request.first_day, order.request.last_day


def _is_signed(signed: SignedOrder, keys: Collection[Hex32]) -> bool:
    for key in keys:
        try:
            verify(key, canonical(signed.order), signed.signature)
        except SealError:
            continue
        return True
    return False
