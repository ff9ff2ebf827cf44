"""Signed orders, promotion codes and lent voices, as kept beside partners' requests."""

import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, insert, select, update

from contracts.base import canonical
from contracts.order import SignedOrder
from hub.store.tables_audiences import audience, audience_code, audience_lent, audience_order
from hub.store.transaction import Reading, Transaction

LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""Without 0 and 1, which people mistake for letters, and without vowels: no word, no month, no 12E34 that a spreadsheet
would compute."""
CODE_LENGTH: Final = 8


@dataclass(frozen=True)
class Lent:
    """A house's voice that somebody has for a time."""

    person: str
    lent_by: str
    until: str


def code_for(tx: Transaction, partner: str, venue: str, season: str) -> str:
    """Return the one code of a partner at a house in a season, drawn now or before."""
    key = {"partner": partner, "venue": venue, "season": season}
    found = tx.run(select(audience_code.c.code).filter_by(**key)).scalar_one_or_none()
    if found is not None:
        return str(found)
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    tx.run(insert(audience_code).values(**key, code=code))
    return code


def keep(tx: Transaction, signed: SignedOrder) -> None:
    """Keep a signed order, or sign one anew under another charter: it keeps its name."""
    order = signed.order
    values = {"body": canonical(signed), "charter_sha256": order.charter_sha256}
    changed = tx.run(
        update(audience_order).where(audience_order.c.order == order.order).values(**values)
    )
    if not changed.rowcount:
        tx.run(
            insert(audience_order).values(
                order=order.order,
                request=order.request.request,
                venue=order.venue,
                expires=order.expires,
                **values,
            )
        )


def issued(tx: Transaction, request: str) -> None:
    """Say that the orders of a request were signed."""
    tx.run(update(audience).where(audience.c.request == request).values(issued=1))


def orders_of(reading: Reading, venue: str, now: str) -> list[SignedOrder]:
    """Return the orders to one house that have not expired, in a fixed order."""
    table = audience_order
    rows = reading.run(
        select(table.c.body)
        .where(table.c.venue == venue, table.c.expires > now)
        .order_by(table.c.order)
    )
    return [SignedOrder.model_validate_json(body) for body in rows.scalars()]


def every(reading: Reading, venue: str | None = None) -> list[SignedOrder]:
    """Return every order that was ever kept, expired ones too, or those to one house; arms come back after them."""
    table = audience_order
    query = select(table.c.body).order_by(table.c.order)
    if venue is not None:
        query = query.where(table.c.venue == venue)
    return [SignedOrder.model_validate_json(body) for body in reading.run(query).scalars()]


def under_another(reading: Reading, charter_sha256: str, now: str) -> list[SignedOrder]:
    """Return the orders that run on and were signed under another charter."""
    table = audience_order
    rows = reading.run(
        select(table.c.body)
        .where(table.c.charter_sha256 != charter_sha256, table.c.expires > now)
        .order_by(table.c.order)
    )
    return [SignedOrder.model_validate_json(body) for body in rows.scalars()]


def lend(tx: Transaction, venue: str, person: str, *, by: str, until: str) -> None:
    """Lend a house's voice to somebody until that day, in place of what she was lent before."""
    take_back(tx, venue, person)
    tx.run(insert(audience_lent).values(venue=venue, person=person, lent_by=by, until=until))


def take_back(tx: Transaction, venue: str, person: str) -> bool:
    """End what was lent; say whether there was something."""
    table = audience_lent
    gone = tx.run(delete(table).where(table.c.venue == venue, table.c.person == person))
    return bool(gone.rowcount)


def lent(reading: Reading, venue: str, today: str) -> dict[str, Lent]:
    """Return by person who lent her the house's voice, and until what day."""
    table = audience_lent
    rows = reading.run(select(table).where(table.c.venue == venue, table.c.until >= today))
    return {row.person: Lent(row.person, row.lent_by, row.until) for row in rows}
