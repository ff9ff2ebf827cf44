"""Work in progress, by stage: what is under way, how far it is, who asked; a stage is a step of the public plan.

Nothing here is an amount: neither rows, nor bytes, nor people. Publishing can be called off until its charge commits.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Row, delete, insert, select, update

from contracts.phrase import Phrase
from hub.errors import StateConflict
from hub.people.states import why_not_ask, why_not_cancel
from hub.store.tables_work import work
from hub.store.transaction import Reading, Transaction

EDITION: Final = "edition"
BATCHES: Final = "batches"
CHARGE: Final = "charge"
"""The stage from which on an edition is paid, and cannot be called off."""


@dataclass(frozen=True)
class Work:
    """One piece of work: ``at`` counts stages of the plan, from 0."""

    kind: str
    subject: str
    state: str
    stage: str
    stages: int
    at: int
    asked_by: str | None
    began_at: str


def everything(reading: Reading) -> list[Work]:
    """Return what is or was under way, the newest first."""
    order = work.c.began_at.desc(), work.c.kind, work.c.subject
    return [_work(row) for row in reading.run(select(work).order_by(*order))]


def find(reading: Reading, kind: str, subject: str) -> Work | None:
    """Return one piece of work, or None."""
    row = reading.run(
        select(work).where(work.c.kind == kind, work.c.subject == subject)
    ).one_or_none()
    return None if row is None else _work(row)


def ask(tx: Transaction, edition: str, *, by: str) -> None:
    """Ask for an edition to be published; the vault's process takes it up.

    Raises:
        StateConflict: it waits or is under way already.
    """
    present = find(tx, EDITION, edition)
    problem = why_not_ask(state=present.state if present else "")
    if problem:
        raise StateConflict(
            "This edition is asked for already ({problem}); expected it not to be.", problem=problem
        )
    _put(tx, Work(EDITION, edition, "asked", "", 0, 0, by, tx.now()))


def wanted(reading: Reading) -> list[str]:
    """Return the editions that the office asked for and that are not made: those of a killed worker too."""
    query = select(work.c.subject).where(
        work.c.kind == EDITION,
        work.c.asked_by.is_not(None),
        work.c.state.in_(("asked", "running")),
    )
    return list(reading.run(query.order_by(work.c.began_at, work.c.subject)).scalars())


def begin(tx: Transaction, kind: str, subject: str, stage: str, stages: int) -> None:
    """Say that work begins, or begins again."""
    present = find(tx, kind, subject)
    by = present.asked_by if present else None
    _put(tx, Work(kind, subject, "running", stage, stages, 0, by, tx.now()))


def take(tx: Transaction, edition: str, stage: str, stages: int) -> None:
    """Begin an edition that the office asked for.

    Raises:
        StateConflict: it was called off meanwhile.
    """
    if edition not in wanted(tx):
        raise StateConflict(CALLED_OFF)
    begin(tx, EDITION, edition, stage, stages)


def reach(tx: Transaction, kind: str, subject: str, stage: str, at: int) -> None:
    """Say that a stage begins; nothing is written for work that nobody began."""
    here = (work.c.kind == kind, work.c.subject == subject, work.c.state == "running")
    tx.run(update(work).where(*here).values(stage=stage, at=at))


def end(tx: Transaction, kind: str, subject: str, state: str) -> None:
    """Say that work is done, or that it failed and may be asked for again."""
    here = (work.c.kind == kind, work.c.subject == subject, work.c.state == "running")
    tx.run(update(work).where(*here).values(state=state))


def require_wanted(tx: Transaction, edition: str) -> None:
    """Stand beside the charge, in its unit of work: whoever calls off comes before it or too late.

    Raises:
        StateConflict: the edition was called off; nothing is charged.
    """
    present = find(tx, EDITION, edition)
    if present is not None and present.state == "cancelled":
        raise StateConflict(CALLED_OFF)
    reach(tx, EDITION, edition, CHARGE, 1)


def cancel(tx: Transaction, edition: str) -> None:
    """Call an edition off.

    Raises:
        StateConflict: it is paid or over: what is paid is published.
    """
    present = find(tx, EDITION, edition)
    problem = why_not_cancel(
        state=present.state if present else "", paid=bool(present and present.at > 0)
    )
    if problem:
        raise StateConflict(
            "This cannot be called off ({problem}); expected it before its charge.", problem=problem
        )
    here = (work.c.kind == EDITION, work.c.subject == edition)
    tx.run(update(work).where(*here).values(state="cancelled"))


CALLED_OFF: Final = Phrase(
    "This edition was called off before its charge; nothing was charged. Ask for it again in the office."
)


def _put(tx: Transaction, new: Work) -> None:
    tx.run(delete(work).where(work.c.kind == new.kind, work.c.subject == new.subject))
    tx.run(insert(work).values(**vars(new)))


def _work(row: Row[tuple[object, ...]]) -> Work:
    return Work(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
