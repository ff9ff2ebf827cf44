"""Partners' requests as kept: written, submitted, answered house by house; every act is noted in private.

Rules are of ``hub.audiences``; here a row changes only from the state in which it was read.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select, update

from contracts.base import canonical
from contracts.order import Request
from hub.audiences.states import Act, Answer, Dates, Reason, State, dates_of, standing
from hub.errors import StateConflict
from hub.store.tables_audiences import audience, audience_act, audience_answer
from hub.store.transaction import Reading, Transaction

HANDLE_BYTES: Final = 8
CALENDAR: Final = "calendar"
"""Who acts when nobody did: the dates of the request."""


@dataclass(frozen=True)
class Kept:
    """One request as kept; ``state`` is what was done to it, ``standing`` where its calendar has brought it."""

    request: str
    partner: str
    state: State
    asked: Request
    holdout_key: str = field(repr=False)
    made_by: str
    made_at: str
    submitted_by: str | None
    submitted_at: str | None
    issued_at: str | None
    issued: bool

    @property
    def dates(self) -> Dates | None:
        """Return its calendar, once it is submitted."""
        return None if self.submitted_at is None else dates_of(self.asked, self.submitted_at)

    def standing(self, now: str) -> State:
        """Return where it is at that instant, as its partner sees it."""
        return standing(self.state, self.dates, self.asked.expires, now)


@dataclass(frozen=True)
class Answered:
    """One house's answer: its marketing's, the DPO's where it is asked, and what would be ordered."""

    request: str
    venue: str
    state: Answer
    reason: str
    dpo: str  # unasked, waiting, approved, refused
    asked: Request

    @property
    def agreed(self) -> bool:
        """Whether the house agrees, DPO included."""
        said = self.state in (Answer.APPROVED, Answer.MODIFIED)
        return said and self.dpo in ("unasked", "approved")


@dataclass(frozen=True)
class Deed:
    """One act on a request; ``venue`` is "" where its partner acted."""

    request: str
    person: str
    act: str
    venue: str = ""
    told: str = ""
    at: str = ""


def new_name() -> str:
    """Return a fresh random name of a request, which tells nothing."""
    return f"d{secrets.token_hex(HANDLE_BYTES)}"


def write(tx: Transaction, asked: Request, *, by: str) -> Kept:
    """Keep a request that its partner has not submitted, new or changed.

    Raises:
        StateConflict: it is submitted, over, or another partner's.
    """
    present = find(tx, asked.request)
    if present is None:
        tx.run(
            insert(audience).values(
                request=asked.request,
                partner=asked.partner,
                state=State.DRAFT.value,
                body=canonical(asked),
                holdout_key=secrets.token_hex(32),
                made_by=by,
                made_at=tx.now(),
                issued=0,
            )
        )
    elif present.partner != asked.partner:
        raise StateConflict("Found another partner's request; expected one's own.")
    else:
        change(tx, present, State.DRAFT, body=canonical(asked))
    note(tx, Deed(asked.request, by, Act.WRITE))
    return _require(tx, asked.request)


def change(tx: Transaction, kept: Kept, state: State, **values: Any) -> None:
    """Bring a request from the state in which it was read to another.

    Raises:
        StateConflict: it changed meanwhile.
    """
    changed = tx.run(
        update(audience)
        .where(audience.c.request == kept.request, audience.c.state == kept.state.value)
        .values(state=state.value, **values)
    )
    if changed.rowcount != 1:
        raise StateConflict("This request changed at this very instant; read it again.")


def find(reading: Reading, name: str) -> Kept | None:
    """Return one request, or None."""
    row = reading.run(select(audience).where(audience.c.request == name)).one_or_none()
    return None if row is None else _kept(row)


def of_partner(reading: Reading, partner: str) -> list[Kept]:
    """Return a partner's requests, the newest first."""
    order = audience.c.made_at.desc(), audience.c.request
    rows = reading.run(select(audience).where(audience.c.partner == partner).order_by(*order))
    return [_kept(row) for row in rows]


def made_since(reading: Reading, partner: str, instant: str) -> int:
    """Return how many requests a partner began from that instant on, whatever became of them."""
    mine = audience.c.partner == partner, audience.c.made_at >= instant
    return int(reading.run(select(func.count()).select_from(audience).where(*mine)).scalar_one())


def submitted(reading: Reading) -> list[Kept]:
    """Return every request that was submitted and not withdrawn, the oldest first."""
    rows = reading.run(
        select(audience)
        .where(audience.c.state == State.SUBMITTED.value)
        .order_by(audience.c.submitted_at, audience.c.request)
    )
    return [_kept(row) for row in rows]


def unsubmitted(reading: Reading) -> list[Kept]:
    """Return every request that nobody has put before its houses, the oldest first."""
    open_ = audience.c.state.in_((State.DRAFT.value, State.ESTIMATED.value))
    order = audience.c.made_at, audience.c.request
    return [_kept(row) for row in reading.run(select(audience).where(open_).order_by(*order))]


def erase_draft(tx: Transaction, request: str) -> None:
    """Erase a request that was never submitted; one that was stays."""
    mine = audience.c.request == request, audience.c.submitted_at.is_(None)
    tx.run(delete(audience).where(*mine))


def ask(tx: Transaction, kept: Kept, asked: dict[str, Request], *, dpo: bool) -> None:
    """Put a request before its houses: by house, what that house may know of it."""
    rows = [
        {
            "request": kept.request,
            "venue": venue,
            "state": Answer.WAITING.value,
            "reason": "",
            "dpo": "waiting" if dpo else "unasked",
            "body": canonical(own),
        }
        for venue, own in sorted(asked.items())
    ]
    tx.run(insert(audience_answer), rows)


def answers(reading: Reading, request: str) -> list[Answered]:
    """Return every house's answer to one request, by name of house."""
    table = audience_answer
    rows = reading.run(select(table).where(table.c.request == request).order_by(table.c.venue))
    return [_answered(row) for row in rows]


def asked_of(reading: Reading, venue: str) -> list[Answered]:
    """Return what one house is asked."""
    table = audience_answer
    rows = reading.run(select(table).where(table.c.venue == venue).order_by(table.c.request))
    return [_answered(row) for row in rows]


def answer(tx: Transaction, had: Answered, **values: Any) -> None:
    """Change a house's answer from what was read.

    Raises:
        StateConflict: it changed meanwhile.
    """
    table = audience_answer
    changed = tx.run(
        update(table)
        .where(
            table.c.request == had.request,
            table.c.venue == had.venue,
            table.c.state == had.state.value,
            table.c.dpo == had.dpo,
            table.c.body == canonical(had.asked),
        )
        .values(**values)
    )
    if changed.rowcount != 1:
        raise StateConflict("This answer changed at this very instant; read it again.")


def note(tx: Transaction, deed: Deed) -> None:
    """Add a line to the private register of acts, which nobody can change; its instant is now."""
    values = {**vars(deed), "act": str(deed.act), "at": tx.now()}
    tx.run(insert(audience_act).values(**values))


def deeds(reading: Reading, request: str) -> list[Deed]:
    """Return what was done to a request, in order."""
    table = audience_act
    rows = reading.run(select(table).where(table.c.request == request).order_by(table.c.id))
    return [Deed(r.request, r.person, r.act, r.venue, r.told, r.at) for r in rows]


def _require(reading: Reading, name: str) -> Kept:
    found = find(reading, name)
    if found is None:
        raise StateConflict("Found no such request.")
    return found


def _kept(row: Row[Any]) -> Kept:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    asked = Request.model_validate_json(values.pop("body"))
    return Kept(**{**values, "state": State(row.state), "issued": bool(row.issued), "asked": asked})


def _answered(row: Row[Any]) -> Answered:
    reason = Reason(row.reason).value if row.reason else ""
    asked = Request.model_validate_json(row.body)
    return Answered(row.request, row.venue, Answer(row.state), reason, row.dpo, asked)
