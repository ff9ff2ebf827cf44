"""Forgets the months that the charter no longer lets the hub keep, and frozen views that nobody needs."""

import datetime as dt
from typing import Final

from contracts.clock import stamp
from contracts.season import month_of
from hub.vault import index
from hub.vault.vault import Vault

FROZEN_FOR: Final = dt.timedelta(days=31)
"""A publication that was killed is taken up again within a month, or its frozen view goes: it holds people
whom newer snapshots no longer hold."""


def expire(vault: Vault, retention_months: int) -> None:
    """Drop the files of every month that ended more than *retention_months* ago, and old frozen views.

    The sequence of a dropped month stays, so that an old snapshot of it cannot return under an
    old number; a venue that sends such a month anew is dropped again at the next call.

    Raises:
        VaultUnavailable: the vault database does not answer.
    """
    now = vault.clock.now()
    today = now.date()
    year, month = divmod(today.year * 12 + today.month - 1 - retention_months, 12)
    oldest = month_of(today.replace(year=year, month=month + 1, day=1))
    with vault.database.locked() as connection:
        old = [ref for ref in index.parts(connection) if ref.place.month < oldest]
        for place in {(ref.place.venue, ref.place.month) for ref in old}:
            index.drop_month(connection, *place)
        views = index.snapshots(connection)
        for edition in index.frozen_before(connection, stamp(now - FROZEN_FOR)):
            index.drop_snapshot(connection, edition)
            old += views[edition][1:]
        connection.commit()
        vault.facts.delete(old)
