"""Partners' programs: a public key each, deposited and then confirmed by somebody of that partner; no secret is kept."""

import json
import secrets
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update

from contracts.base import canonical
from contracts.clock import stamp
from hub.errors import StateConflict
from hub.people.programs import KEYS_EACH, PENDING_LIFETIME, SHOWN
from hub.store import audit
from hub.store.tables_partners import access, client
from hub.store.transaction import Reading, Transaction

PUBLIC: Final = ("crv", "kty", "x", "y")


@dataclass(frozen=True)
class Deposit:
    """What is deposited: the partner, its name for it, a public P-256 key (RFC 7517), and whether it is for trying."""

    partner: str
    name: str
    key: dict[str, str]
    thumbprint: str
    sandbox: bool


@dataclass(frozen=True)
class Client:
    """One program as kept; ``key`` is JSON."""

    client: str
    partner: str
    name: str
    key: str
    thumbprint: str
    sandbox: bool
    state: str
    made_by: str
    made_at: str


def deposit(tx: Transaction, new: Deposit, *, by: str) -> Client:
    """Keep a key that waits to be confirmed; those that nobody confirmed in time leave.

    Raises:
        StateConflict: the partner has too many keys, or this very one.
    """
    since = stamp(tx.clock.now() - PENDING_LIFETIME)
    tx.run(delete(client).where(client.c.state == "pending", client.c.made_at <= since))
    present = [one for one in of_partner(tx, new.partner) if one.state != "revoked"]
    if len(present) >= KEYS_EACH or any(one.thumbprint == new.thumbprint for one in present):
        raise StateConflict(
            "This partner has {present} keys; expected fewer than {keys_each}, and another key.",
            present=len(present),
            keys_each=KEYS_EACH,
        )
    values = {
        "client": f"k{secrets.token_hex(8)}",
        "partner": new.partner,
        "name": new.name,
        "key": canonical({name: new.key[name] for name in PUBLIC}).decode(),
        "thumbprint": new.thumbprint,
        "sandbox": new.sandbox,
        "state": "pending",
        "made_by": by,
        "made_at": tx.now(),
    }
    tx.run(insert(client).values(values))
    return _require(tx, str(values["client"]))


def confirm(tx: Transaction, name: str, start: str, *, by: str) -> Client:
    """Let a program in, once whoever deposited its key has typed the start of the fingerprint that she holds.

    Raises:
        StateConflict: it does not wait, waits no more, was deposited by another, or has another fingerprint.
    """
    one = _require(tx, name)
    waits = one.state == "pending" and one.made_at > stamp(tx.clock.now() - PENDING_LIFETIME)
    typed = secrets.compare_digest(one.thumbprint[:SHOWN].encode(), start.strip().lower().encode())
    if not (waits and typed and one.made_by == by):
        raise StateConflict(
            "This key is not confirmed; expected its own fingerprint, within the hour, from who "
            "deposited it."
        )
    tx.run(update(client).where(client.c.client == name).values(state="active"))
    _tell(tx, "program-added", one, by)
    return _require(tx, name)


def revoke(tx: Transaction, name: str, *, by: str) -> None:
    """Shut a program out at once: its tokens die with its key."""
    one = _require(tx, name)
    if one.state == "revoked":
        return
    tx.run(delete(access).where(access.c.client == name))
    if one.state == "pending":
        tx.run(delete(client).where(client.c.client == name))
        return
    tx.run(update(client).where(client.c.client == name).values(state="revoked"))
    _tell(tx, "program-revoked", one, by)


def revoke_of(tx: Transaction, person: str, *, by: str, partner: str | None = None) -> None:
    """Shut out every program that a person let in, of one partner or of all: she does not answer for it any more."""
    mine = select(client).where(client.c.made_by == person)
    mine = mine if partner is None else mine.where(client.c.partner == partner)
    for row in tx.run(mine.order_by(client.c.client)).all():
        revoke(tx, row.client, by=by)


def of_partner(reading: Reading, partner: str) -> list[Client]:
    """Return the programs of a partner, the newest first."""
    rows = reading.run(
        select(client)
        .where(client.c.partner == partner)
        .order_by(client.c.made_at.desc(), client.c.client)
    )
    return [_client(row) for row in rows]


def find(reading: Reading, name: str) -> Client | None:
    """Return one program, or None."""
    row = reading.run(select(client).where(client.c.client == name)).one_or_none()
    return None if row is None else _client(row)


def key_of(one: Client) -> dict[str, str]:
    """Return the public key of a program."""
    key: dict[str, str] = json.loads(one.key)
    return key


def _tell(tx: Transaction, kind: str, one: Client, by: str) -> None:
    body = {
        "program": one.client,
        "partner": one.partner,
        "key_sha256": one.thumbprint,
        "sandbox": one.sandbox,
        "by": by,
    }
    audit.append(tx, kind, body)


def _require(reading: Reading, name: str) -> Client:
    found = find(reading, name)
    if found is None:
        raise StateConflict("Found no such program; expected one of this partner's.")
    return found


def _client(row: Row[Any]) -> Client:
    return Client(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
