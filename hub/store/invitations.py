"""Invitations: a one-time link of 256 random bits, kept as its digest, that dies when used, revoked or old.

Whoever was invited before and comes again by a new link starts anew: password, second factors and sessions of
before are gone, which is also how access is recovered.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, update

from contracts.base import digest
from contracts.clock import stamp
from hub.errors import CodeRefused
from hub.people.roles import Grant, Role
from hub.people.states import INVITATION_LIFETIME, why_not_accept
from hub.store import audit, people
from hub.store.people import Person
from hub.store.tables_people import invitation
from hub.store.transaction import Reading, Transaction

TOKEN_BYTES: Final = 32


@dataclass(frozen=True)
class Invitation:
    """One invitation, without its link; ``mark`` names it among the open ones."""

    mark: str
    email: str
    grant: Grant
    invited_by: str
    expires_at: str


def invite(
    tx: Transaction,
    email: str,
    given: Grant,
    *,
    by: str,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """Return the secret of a new link for *email*; an open one of the same address dies. Show it now or never."""
    address = people.normalised(email)
    tx.run(
        update(invitation)
        .where(invitation.c.email == address, invitation.c.state == "open")
        .values(state="revoked")
    )
    token = random_bytes(TOKEN_BYTES).hex()
    values = {
        "token_sha256": digest(token.encode()),
        "email": address,
        "role": given.role.value,
        "venue": given.venue,
        "invited_by": by,
        "expires_at": stamp(tx.clock.now() + INVITATION_LIFETIME),
        "state": "open",
    }
    tx.run(invitation.insert().values(values))
    body = {"role": given.role.value, "venue": given.venue, "by": by}
    audit.append(tx, "person-invited", body)
    return token


def pending(reading: Reading, token: str, now: str) -> Invitation:
    """Return the invitation of this link, which can be accepted now.

    Raises:
        CodeRefused: unknown, used, revoked or expired: the same words for each.
    """
    row = reading.run(
        select(invitation).where(invitation.c.token_sha256 == digest(token.encode()))
    ).one_or_none()
    if row is None or why_not_accept(state=row.state, expires_at=row.expires_at, now=now):
        raise CodeRefused(
            "The invitation is unknown, used or expired; expected the newest link. Ask for another."
        )
    return Invitation(
        mark=row.token_sha256[:12],
        email=row.email,
        grant=Grant(Role(row.role), row.venue),
        invited_by=row.invited_by,
        expires_at=row.expires_at,
    )


def accept(tx: Transaction, token: str, password_hash: str) -> Person:
    """Use the link up: the person exists, has the role and this password, and nothing else of before.

    Raises:
        CodeRefused: the link cannot be used now, or somebody used it at the same instant.
    """
    invited = pending(tx, token, tx.now())
    used = tx.run(
        update(invitation)
        .where(invitation.c.token_sha256 == digest(token.encode()), invitation.c.state == "open")
        .values(state="used")
    )
    if used.rowcount != 1:
        raise CodeRefused("The invitation was used at this very instant. Ask for another.")
    known = people.by_email(tx, invited.email) or people.add(tx, invited.email, ())
    people.revive(tx, known.person)
    people.forget_factors(tx, known.person)
    people.grant(tx, known.person, invited.grant, by=invited.invited_by)
    fresh = people.by_handle(tx, known.person) or known
    joined = Person(**{**vars(fresh), "password": password_hash})
    people.save_credentials(tx, joined)
    audit.append(tx, "person-joined", {"person": joined.person})
    people.note(tx, joined.person, "joined")
    return joined


def open_ones(reading: Reading, now: str) -> list[Invitation]:
    """Return the invitations that can still be accepted, the next to expire first."""
    table = invitation.c
    rows = reading.run(
        select(invitation)
        .where(table.state == "open", table.expires_at > now)
        .order_by(table.expires_at, table.token_sha256)
    )
    return [
        Invitation(
            r.token_sha256[:12], r.email, Grant(Role(r.role), r.venue), r.invited_by, r.expires_at
        )
        for r in rows
    ]


def revoke(tx: Transaction, mark: str, *, by: str) -> bool:
    """Let an open link die; say whether there was one."""
    table = invitation.c
    found = [i for i in open_ones(tx, tx.now()) if i.mark == mark]
    for one in found:
        tx.run(
            update(invitation)
            .where(table.email == one.email, table.state == "open")
            .values(state="revoked")
        )
        audit.append(tx, "invitation-revoked", {"role": one.grant.role.value, "by": by})
    return bool(found)
