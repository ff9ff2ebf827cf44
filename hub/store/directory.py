"""Who of our people an outside directory knows as whom: one subject each, kept as a keyed digest, linked once.

A link dies with the person's other ways in (``people.forget_factors``): after a new invitation, she links anew.
"""

from sqlalchemy import delete, insert, or_, select

from hub.store import people
from hub.store.people import Person
from hub.store.tables_people import directory_link
from hub.store.transaction import Reading, Transaction


def person_of(reading: Reading, mac: str) -> Person | None:
    """Return whom this digest of a subject is linked to, or None."""
    found = reading.run(
        select(directory_link.c.person).where(directory_link.c.mac == mac)
    ).scalar_one_or_none()
    return None if found is None else people.by_handle(reading, found)


def is_linked(reading: Reading, who: str, issuer: str) -> bool:
    """Say whether this issuer knows the person already: nobody is two of its subjects."""
    table = directory_link.c
    query = select(table.mac).where(table.person == who, table.issuer == issuer)
    return reading.run(query).first() is not None


def link(tx: Transaction, who: str, issuer: str, mac: str) -> bool:
    """Link a subject to a person; False, and nothing is written, when either is linked already."""
    table = directory_link.c
    taken = or_(table.mac == mac, (table.person == who) & (table.issuer == issuer))
    if tx.run(select(table.mac).where(taken)).first() is not None:
        return False
    tx.run(insert(directory_link).values(mac=mac, person=who, issuer=issuer, linked_at=tx.now()))
    people.note(tx, who, "directory-linked")
    return True


def unlink(tx: Transaction, who: str, issuer: str) -> bool:
    """Forget whom this issuer knows the person as; False, and nothing is written, when it knows her as nobody."""
    if not is_linked(tx, who, issuer):
        return False
    table = directory_link.c
    tx.run(delete(directory_link).where(table.person == who, table.issuer == issuer))
    people.note(tx, who, "directory-unlinked")
    return True
