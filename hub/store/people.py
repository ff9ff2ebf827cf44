"""People who sign in: kept under a random handle, which alone is told to the chain; e-mails stay in their table."""

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from contracts.clock import stamp
from hub.errors import StateConflict
from hub.people.roles import Act, Grant, Role, may
from hub.people.states import JOURNAL_KEPT, why_not_leave
from hub.store import audit, clients, leaving, webhooks
from hub.store.tables_people import WAYS_IN, journal, person, person_role, recovery_code, session_
from hub.store.transaction import Reading, Transaction

HANDLE_BYTES: Final = 8
OPERATOR: Final = "operator"
"""Who acts from the server's own terminal."""


@dataclass(frozen=True)
class Person:
    """One person as kept; ``uniquifier`` and ``handle`` are random, ``secret`` is encrypted by the office."""

    person: str
    email: str
    active: bool
    password: str | None
    uniquifier: str
    handle: str
    second: str | None
    secret: str | None
    counter: int
    created_at: str
    grants: tuple[Grant, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles, whatever the venue."""
        return frozenset(grant.role for grant in self.grants)


@dataclass(frozen=True)
class Line:
    """One line of the private journal."""

    at: str
    person: str
    act: str


def normalised(email: str) -> str:
    """Return an address as it is kept and compared."""
    return email.strip().lower()


def add(tx: Transaction, email: str, grants: Iterable[Grant]) -> Person:
    """Keep a new person, without a password yet.

    Raises:
        StateConflict: somebody has this address.
    """
    if by_email(tx, email) is not None:
        raise StateConflict("Somebody has this address already; expected a new one.")
    new = Person(
        person=f"p{secrets.token_hex(HANDLE_BYTES)}",
        email=normalised(email),
        active=True,
        password=None,
        uniquifier=secrets.token_hex(32),
        handle=secrets.token_hex(32),
        second=None,
        secret=None,
        counter=0,
        created_at=tx.now(),
    )
    values = {name: value for name, value in vars(new).items() if name != "grants"}
    tx.run(insert(person).values(values))
    for grant in sorted(set(grants)):
        tx.run(insert(person_role).values(person=new.person, role=grant.role, venue=grant.venue))
    return _require(tx, new.person)


def by_handle(reading: Reading, who: str) -> Person | None:
    """Return the person of this handle, or None."""
    return _one(reading, person.c.person == who)


def by_email(reading: Reading, email: str) -> Person | None:
    """Return the person of this address, or None."""
    return _one(reading, person.c.email == normalised(email))


def by_uniquifier(reading: Reading, value: str) -> Person | None:
    """Return the person whose sessions carry *value*, or None."""
    return _one(reading, person.c.uniquifier == value)


def by_passkey_handle(reading: Reading, value: str) -> Person | None:
    """Return the person whom passkeys call *value*, or None."""
    return _one(reading, person.c.handle == value)


def everybody(reading: Reading) -> list[Person]:
    """Return every person, the oldest first."""
    rows = reading.run(select(person).order_by(person.c.created_at, person.c.person))
    return [_person(reading, row) for row in rows.all()]


def save_credentials(tx: Transaction, changed: Person) -> None:
    """Keep what a person signs in with: password, second factor and the mark of her sessions."""
    tx.run(
        update(person)
        .where(person.c.person == changed.person)
        .values(
            password=changed.password,
            uniquifier=changed.uniquifier,
            second=changed.second,
            secret=changed.secret,
        )
    )


def take_counter(tx: Transaction, who: str, counter: int) -> bool:
    """Take a one-time code: True once for each counter, and never for an earlier one, whatever races."""
    taken = tx.run(
        update(person)
        .where(person.c.person == who, person.c.counter < counter)
        .values(counter=counter)
    )
    return taken.rowcount == 1


def set_recovery_codes(tx: Transaction, who: str, macs: Iterable[str]) -> None:
    """Keep new recovery codes as keyed digests; the earlier ones die."""
    tx.run(delete(recovery_code).where(recovery_code.c.person == who))
    for mac in macs:
        tx.run(insert(recovery_code).values(mac=mac, person=who))


def recovery_codes_left(reading: Reading, who: str) -> int:
    """Return how many recovery codes are left."""
    count = select(func.count()).select_from(recovery_code).where(recovery_code.c.person == who)
    return int(reading.run(count).scalar_one())


def take_recovery_code(tx: Transaction, who: str, mac: str) -> bool:
    """Use a recovery code up: True once for each code."""
    used = tx.run(
        delete(recovery_code).where(recovery_code.c.person == who, recovery_code.c.mac == mac)
    )
    return used.rowcount == 1


def grant(tx: Transaction, who: str, given: Grant, *, by: str) -> None:
    """Give a role; the same again changes nothing. The chain is told the handles.

    Open links for her address die: who holds one would open an account that may more than it was made for.
    """
    present = _require(tx, who)
    if given in present.grants:
        return
    leaving.end_links_for(tx, present.email)
    tx.run(insert(person_role).values(person=who, role=given.role, venue=given.venue))
    _tell(tx, "role-given", who, given, by)


def withdraw(tx: Transaction, who: str, taken: Grant, *, by: str) -> None:
    """Take a role back; her sessions end, with the open links that she made or could use.

    Raises:
        StateConflict: she is the last administrator.
    """
    present = _require(tx, who)
    if taken not in present.grants:
        return
    _keep_an_administrator(tx, who, losing=taken.role is Role.ADMINISTRATOR)
    table = person_role.c
    tx.run(
        delete(person_role).where(
            table.person == who, table.role == taken.role, table.venue == taken.venue
        )
    )
    end_sessions(tx, who)
    leaving.end_links(tx, who, present.email)
    if taken.role is Role.PARTNER:
        clients.revoke_of(tx, who, by=by, partner=taken.venue)
        webhooks.remove_of(tx, who, taken.venue)
    if not may(_require(tx, who).roles, Act.PROPOSE):
        leaving.refuse_proposals(tx, who, by=by)
    _tell(tx, "role-taken", who, taken, by)


def revoke(tx: Transaction, who: str, *, by: str) -> None:
    """Take all access from a person, at once and for good: sessions, passkeys, codes, password and open links.

    Raises:
        StateConflict: she is the last administrator, or unknown.
    """
    present = _require(tx, who)
    _keep_an_administrator(tx, who, losing=Role.ADMINISTRATOR in present.roles)
    forget_factors(tx, who)
    save_credentials(tx, replace(_require(tx, who), password=None))
    tx.run(update(person).where(person.c.person == who).values(active=False))
    tx.run(delete(person_role).where(person_role.c.person == who))
    leaving.end_links(tx, who, present.email)
    leaving.refuse_proposals(tx, who, by=by)
    clients.revoke_of(tx, who, by=by)
    webhooks.remove_of(tx, who)
    audit.append(tx, "person-revoked", {"person": who, "by": by})


def revive(tx: Transaction, who: str) -> None:
    """Let a person in again, who was invited anew."""
    tx.run(update(person).where(person.c.person == who).values(active=True))


def forget_factors(tx: Transaction, who: str) -> None:
    """Take every second factor, passkey, recovery code, link to a directory and session of a person."""
    kept = _require(tx, who)
    fresh = replace(kept, second=None, secret=None, uniquifier=secrets.token_hex(32))
    save_credentials(tx, fresh)
    for table in WAYS_IN:
        tx.run(delete(table).where(table.c.person == who))
    end_sessions(tx, who)


def end_sessions(tx: Transaction, who: str) -> None:
    """End every session of a person: the next request of each finds none."""
    tx.run(delete(session_).where(session_.c.person == who))


def note(tx: Transaction, who: str, act: str) -> None:
    """Write one line into the private journal, and drop what is older than it is kept."""
    tx.run(delete(journal).where(journal.c.at < stamp(tx.clock.now() - JOURNAL_KEPT)))
    tx.run(insert(journal).values(at=tx.now(), person=who, act=act))


def journal_lines(reading: Reading, limit: int = 200) -> list[Line]:
    """Return the journal's newest lines, the newest first."""
    query = select(journal.c.at, journal.c.person, journal.c.act).order_by(journal.c.id.desc())
    return [Line(row.at, row.person, row.act) for row in reading.run(query.limit(limit))]


def in_use(reading: Reading) -> bool:
    """Say whether two people at least could propose and decide: then what takes two people takes them."""
    able = {Role.COORDINATOR, Role.ADMINISTRATOR, Role.DPO}
    return sum(1 for p in everybody(reading) if p.active and p.password and p.roles & able) > 1


def idle_since(now: dt.datetime, lifetime: dt.timedelta) -> str:
    """Return the instant before which what was seen is too old."""
    return stamp(now - lifetime)


def _keep_an_administrator(tx: Transaction, who: str, *, losing: bool) -> None:
    others = [p for p in everybody(tx) if p.active and Role.ADMINISTRATOR in p.roles]
    problem = why_not_leave(administrators=len(others), is_administrator=losing)
    if problem and who in {p.person for p in others}:
        raise StateConflict(
            "She is the last administrator; expected another one to stay. Give that role to somebody "
            "first."
        )


def _tell(tx: Transaction, kind: str, who: str, given: Grant, by: str) -> None:
    body = {"person": who, "role": given.role.value, "venue": given.venue, "by": by}
    audit.append(tx, kind, body)


def _require(reading: Reading, who: str) -> Person:
    found = by_handle(reading, who)
    if found is None:
        raise StateConflict("Found no such person; expected one of `hub people list`.")
    return found


def _one(reading: Reading, condition: ColumnElement[bool]) -> Person | None:
    row = reading.run(select(person).where(condition)).one_or_none()
    return None if row is None else _person(reading, row)


def _person(reading: Reading, row: Row[Any]) -> Person:
    table = person_role.c
    grants = reading.run(
        select(table.role, table.venue)
        .where(table.person == row.person)
        .order_by(table.role, table.venue)
    )
    return Person(
        **row._mapping,  # noqa: SLF001 - SQLAlchemy's public name for it
        grants=tuple(Grant(Role(g.role), g.venue) for g in grants),
    )
