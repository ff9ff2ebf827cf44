"""What takes two people: one proposes, another decides, and the chain tells both; nothing here carries it out."""

import datetime as dt
import json
import secrets
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, insert, select, update

from contracts.base import canonical, digest
from contracts.clock import stamp
from hub.errors import StateConflict
from hub.people.states import PROPOSAL_LIFETIME, Kind, why_not_decide
from hub.store import audit
from hub.store.tables_people import proposal
from hub.store.transaction import Reading, Transaction

MAX_BODY: Final = 1_000_000
APPROVED: Final = "family-approved"


@dataclass(frozen=True)
class Proposal:
    """One proposal: its handle, what it would do, and who said what."""

    proposal: str
    kind: Kind
    body: dict[str, Any]
    body_sha256: str
    proposed_by: str
    proposed_at: str
    expires_at: str
    state: str
    decided_by: str | None
    decided_at: str | None


def propose(tx: Transaction, kind: Kind, body: dict[str, Any], *, by: str) -> Proposal:
    """Keep a proposal for another person to decide; the chain is told its digest.

    Raises:
        StateConflict: it is too long, or the very same one waits already.
    """
    text = canonical(body).decode()
    if len(text) > MAX_BODY:
        raise StateConflict("The proposal is too long; expected a charter, a cap or a measure.")
    sha256 = digest(text.encode())
    if any(p.body_sha256 == sha256 and p.kind is kind for p in waiting(tx, tx.now())):
        raise StateConflict(
            "The very same proposal waits already; expected a decision on it first."
        )
    name = f"x{secrets.token_hex(8)}"
    tx.run(
        insert(proposal).values(
            proposal=name,
            kind=kind.value,
            body=text,
            body_sha256=sha256,
            proposed_by=by,
            proposed_at=tx.now(),
            expires_at=_later(tx, PROPOSAL_LIFETIME),
            state="open",
        )
    )
    told = {"proposal": name, "kind": kind.value, "body_sha256": sha256, "by": by}
    audit.append(tx, "proposed", told)
    return _require(tx, name)


def decide(tx: Transaction, name: str, *, by: str, confirmed: bool) -> Proposal:
    """Confirm or refuse a proposal, once; carrying it out is the caller's, in this same unit of work.

    Whoever proposed may refuse (take it back), never confirm.

    Raises:
        StateConflict: it is decided, too old, or would be confirmed by who proposed it.
    """
    present = _require(tx, name)
    person = by if confirmed else ""
    problem = why_not_decide(
        state=present.state,
        expires_at=present.expires_at,
        now=tx.now(),
        proposed_by=present.proposed_by,
        person=person,
    )
    if problem:
        raise StateConflict(
            "This proposal cannot be decided so ({problem}); expected an open one, and another person.",
            problem=problem,
        )
    state = "confirmed" if confirmed else "refused"
    changed = tx.run(
        update(proposal)
        .where(proposal.c.proposal == name, proposal.c.state == "open")
        .values(state=state, decided_by=by, decided_at=tx.now())
    )
    if changed.rowcount != 1:
        raise StateConflict("This proposal was decided at this very instant; expected an open one.")
    told = {"proposal": name, "body_sha256": present.body_sha256, "by": by}
    audit.append(tx, state, told)
    return _require(tx, name)


def waiting(reading: Reading, now: str) -> list[Proposal]:
    """Return the proposals that can still be decided, the oldest first."""
    table = proposal.c
    rows = reading.run(
        select(proposal)
        .where(table.state == "open", table.expires_at > now)
        .order_by(table.proposed_at, table.proposal)
    )
    return [_proposal(row) for row in rows]


def decided(reading: Reading, limit: int = 50) -> list[Proposal]:
    """Return what was decided, the newest first."""
    table = proposal.c
    rows = reading.run(
        select(proposal)
        .where(table.state != "open")
        .order_by(table.decided_at.desc(), table.proposal)
        .limit(limit)
    )
    return [_proposal(row) for row in rows]


def find(reading: Reading, name: str) -> Proposal | None:
    """Return one proposal, or None."""
    row = reading.run(select(proposal).where(proposal.c.proposal == name)).one_or_none()
    return None if row is None else _proposal(row)


def approved_families(reading: Reading) -> frozenset[str]:
    """Return the measures that two people let be published, as the chain tells."""
    links = audit.of_kind(reading, APPROVED)
    return frozenset(str(json.loads(link.body)["measure"]) for link in links)


def _later(tx: Transaction, lifetime: dt.timedelta) -> str:
    return stamp(tx.clock.now() + lifetime)


def _require(reading: Reading, name: str) -> Proposal:
    found = find(reading, name)
    if found is None:
        raise StateConflict("Found no such proposal; expected one that waits.")
    return found


def _proposal(row: Row[Any]) -> Proposal:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Proposal(**{**values, "kind": Kind(row.kind), "body": json.loads(row.body)})
