"""Forgets the months that the charter no longer lets the hub keep, and their order stays known."""

from contracts.season import month_of
from hub.vault import index
from hub.vault.vault import Vault


def expire(vault: Vault, retention_months: int) -> None:
    """Drop the files of every month that ended more than *retention_months* ago.

    The sequence of a dropped month stays, so that an old snapshot of it cannot return under an
    old number; a venue that sends such a month anew is dropped again at the next call.

    Raises:
        VaultUnavailable: the vault database does not answer.
    """
    today = vault.clock.now().date()
    year, month = divmod(today.year * 12 + today.month - 1 - retention_months, 12)
    oldest = month_of(today.replace(year=year, month=month + 1, day=1))
    with vault.database.locked() as connection:
        old = [ref for ref in index.parts(connection) if ref.place.month < oldest]
        for place in {(ref.place.venue, ref.place.month) for ref in old}:
            index.drop_month(connection, *place)
        connection.commit()
        vault.facts.delete(old)
