"""The chain's one word about withdrawals: a commitment a day, on every day, whether there were any or not."""

import datetime as dt
import json
from typing import Final

from hub.store import audit
from hub.store.transaction import Reading, Transaction

KIND: Final = "erasures"


def due(reading: Reading, now: dt.datetime) -> list[str]:
    """Return the days that are over and not told yet, oldest first, from the chain's first day on."""
    last = told(reading)
    if last is not None:
        day = dt.date.fromisoformat(last[0]) + dt.timedelta(days=1)
    else:
        first = audit.entry(reading, 1)
        if first is None:
            return []
        day = dt.date.fromisoformat(first.at[:10])
    today = now.astimezone(dt.UTC).date()
    return [(day + dt.timedelta(days=n)).isoformat() for n in range((today - day).days)]


def told(reading: Reading) -> tuple[str, str] | None:
    """Return the last day that was told and its commitment."""
    entry = audit.last_of_kind(reading, KIND)
    if entry is None:
        return None
    body = json.loads(entry.body)
    return body["day"], body["commitment"]


def tell(tx: Transaction, commitments: dict[str, str]) -> None:
    """Add one entry for each of the days that are due and in *commitments*; again adds nothing."""
    for day in due(tx, tx.clock.now()):
        if day not in commitments:
            return  # the days follow one another without gap
        audit.append(tx, KIND, {"day": day, "commitment": commitments[day]})
