"""Passkeys: public halves of keys that never leave a person's device; stolen, these rows open nothing."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from hub.store.tables_people import passkey
from hub.store.transaction import Reading, Transaction


@dataclass(frozen=True)
class Passkey:
    """One passkey; ``credential`` in hexadecimal, ``body`` the office's own JSON."""

    credential: str
    person: str
    name: str
    body: str
    sign_count: int
    used_at: str


def add(tx: Transaction, new: Passkey) -> None:
    """Keep a new passkey."""
    tx.run(insert(passkey).values(vars(new)))


def find(reading: Reading, credential: str) -> Passkey | None:
    """Return the passkey of this credential, or None."""
    row = reading.run(select(passkey).where(passkey.c.credential == credential)).one_or_none()
    return None if row is None else Passkey(**row._mapping)  # noqa: SLF001 - its public name


def of_person(reading: Reading, who: str) -> list[Passkey]:
    """Return a person's passkeys, by name."""
    rows = reading.run(select(passkey).where(passkey.c.person == who).order_by(passkey.c.name))
    return [Passkey(**row._mapping) for row in rows]  # noqa: SLF001 - its public name


def used(tx: Transaction, credential: str, sign_count: int) -> None:
    """Keep the counter that a device showed, and when."""
    tx.run(
        update(passkey)
        .where(passkey.c.credential == credential)
        .values(sign_count=sign_count, used_at=tx.now())
    )


def remove(tx: Transaction, credential: str) -> None:
    """Forget a passkey."""
    tx.run(delete(passkey).where(passkey.c.credential == credential))
