"""What houses do with partners' requests: each act checks who may speak for the house and whether now, then notes it.

Every function takes the person who was signed in. Whoever has no voice for a house is told the same as if there were
no such request.
"""

from dataclasses import dataclass
from typing import Final

from contracts.audience import Predicate
from contracts.base import canonical, digest
from hub.audiences.narrow import NotNarrower, narrowed
from hub.audiences.states import ANSWER, Act, Answer, Reason, State, why_not_answer, why_not_lend
from hub.errors import AudienceRefused
from hub.people.roles import Grant, Role, Voice, partners_of, voices
from hub.store import audience_orders, audiences, people
from hub.store.audiences import Answered, Deed, Kept
from hub.store.people import Person
from hub.store.transaction import Reading, Transaction

GIVEN: Final = tuple(reason for reason in Reason if reason is not Reason.SILENCE)
"""Reasons that somebody may give."""


@dataclass(frozen=True)
class Change:
    """What a house changes in a request: predicates to exclude besides, and a lower cap."""

    excluded: tuple[Predicate, ...]
    cap: int


def inbox_of(reading: Reading, venue: str, now: str) -> list[tuple[Kept, Answered]]:
    """Return what a house is asked, the requests that wait first, then by day of submission."""
    found = [
        (kept, one)
        for one in audiences.asked_of(reading, venue)
        if (kept := audiences.find(reading, one.request)) is not None
    ]
    return sorted(
        found, key=lambda pair: (pair[0].standing(now) is not State.SUBMITTED, pair[0].submitted_at or "")
    )  # fmt: skip


def reminders(reading: Reading, now: str) -> list[tuple[Kept, Answered]]:
    """Return which houses have still to answer in the last week of their time."""
    return [
        (kept, one)
        for kept in audiences.submitted(reading)
        if kept.dates and kept.dates.remind_at <= now < kept.dates.issued_at
        for one in audiences.answers(reading, kept.request)
        if one.state is Answer.WAITING or one.dpo == "waiting"
    ]


def waiting_for(reading: Reading, person: Person, now: str) -> int:
    """Return how many requests wait for what this person may say."""
    count = 0
    for kept in audiences.submitted(reading):
        if kept.standing(now) is not State.SUBMITTED:
            continue
        for one in audiences.answers(reading, kept.request):
            held = voices_of(reading, person, one.venue, now[:10])
            count += (Voice.MARKETING in held and one.state is Answer.WAITING) or (
                Voice.DPO in held and one.dpo == "waiting"
            )
    return count


def voices_of(reading: Reading, person: Person, venue: str, today: str) -> frozenset[Voice]:
    """Return in what qualities somebody answers for a house today; a voice lent by who lost it is lost.

    Whoever is the DPO there has no lent voice: two yeses that the charter asks would be one person's.
    """
    own = voices(person.grants, venue)
    lender = audience_orders.lent(reading, venue, today).get(person.person)
    if lender is None or Voice.DPO in own:
        return own
    lent = _is_marketing(people.by_handle(reading, lender.lent_by), venue)
    return voices(person.grants, venue, lent=lent)


def approve(tx: Transaction, request: str, venue: str, *, by: Person) -> None:
    """Agree for one house, in every quality that *by* has there.

    Raises:
        AudienceRefused: she has no voice for that house, or the time or the state is not one to agree in.
    """
    kept, had, held = _opened(tx, request, venue, by)
    values: dict[str, str] = {}
    if Voice.MARKETING in held and had.state is Answer.WAITING:
        values["state"] = ANSWER[had.state, Act.APPROVE].value
    if Voice.DPO in held and had.dpo == "waiting":
        values["dpo"] = "approved"
    _require(None if values else f"answer-{had.state.value}")
    _require(_why_not(tx, kept, had, Act.APPROVE if "state" in values else None, by))
    audiences.answer(tx, had, **values)
    for quality in values:
        audiences.note(tx, Deed(request, by.person, _DONE[quality], venue))


def modify(tx: Transaction, request: str, venue: str, change: Change, *, by: Person) -> None:
    """Agree for one house to fewer people: more exclusions, a lower cap, nothing else.

    Where the DPO had agreed to the former text, she is asked again.

    Raises:
        AudienceRefused: no voice, no time, or the change is not a narrower one.
    """
    kept, had, held = _opened(tx, request, venue, by)
    _require(None if Voice.MARKETING in held else "no-voice")
    _require(_why_not(tx, kept, had, Act.MODIFY, by))
    try:
        asked = narrowed(had.asked, change.excluded, change.cap)
    except NotNarrower:
        raise AudienceRefused("not-narrower") from None
    dpo = "waiting" if had.dpo == "approved" else had.dpo
    state = ANSWER[had.state, Act.MODIFY].value
    audiences.answer(tx, had, state=state, dpo=dpo, body=canonical(asked))
    audiences.note(tx, Deed(request, by.person, Act.MODIFY, venue, told=digest(canonical(asked))))


def refuse(tx: Transaction, request: str, venue: str, reason: str, *, by: Person) -> None:
    """Refuse for one house, with a reason of the closed list: none of them tells how many people there are.

    Raises:
        AudienceRefused: no voice, no time, or no such reason.
    """
    kept, had, held = _opened(tx, request, venue, by)
    _require(None if reason in {each.value for each in GIVEN} else "reason-unknown")
    if Voice.MARKETING in held:
        _require(_why_not(tx, kept, had, Act.REFUSE, by))
        audiences.answer(tx, had, state=ANSWER[had.state, Act.REFUSE].value, reason=reason)
    else:
        _require(_why_not(tx, kept, had, None, by))
        _require(None if had.dpo in ("waiting", "approved") else f"answer-{had.state.value}")
        audiences.answer(tx, had, dpo="refused", reason=reason)
    audiences.note(tx, Deed(request, by.person, Act.REFUSE, venue, told=reason))


def lend(tx: Transaction, venue: str, to: str, until: str, *, by: Person) -> None:
    """Lend the voice of a house's marketing to somebody else of that house, for three months at most.

    Raises:
        AudienceRefused: not hers to lend, or not to that person or day; nor to the DPO, who speaks for herself.
    """
    _require(None if _is_marketing(by, venue) else "no-voice")
    found = people.by_handle(tx, to)
    same = found is not None and may_be_lent(found, venue)
    _require(why_not_lend(until=until, today=tx.now()[:10], to_same_house=same, to_oneself=to == by.person))  # fmt: skip
    audience_orders.lend(tx, venue, to, by=by.person, until=until)
    audiences.note(tx, Deed("", by.person, "lend", venue, told=f"{to} {until}"))


def may_be_lent(person: Person, venue: str) -> bool:
    """Say whether somebody is of that house, and not its DPO."""
    of_it = any(grant.venue == venue and grant.role is not Role.PARTNER for grant in person.grants)
    return of_it and Voice.DPO not in voices(person.grants, venue)


def take_back(tx: Transaction, venue: str, to: str, *, by: Person) -> None:
    """End what was lent.

    Raises:
        AudienceRefused: not hers.
    """
    _require(None if _is_marketing(by, venue) else "no-voice")
    if audience_orders.take_back(tx, venue, to):
        audiences.note(tx, Deed("", by.person, "take-back", venue, told=to))


_DONE: Final = {"state": Act.APPROVE.value, "dpo": "approve-dpo"}


def _opened(tx: Transaction, request: str, venue: str, by: Person) -> tuple[Kept, Answered, frozenset[Voice]]:  # fmt: skip
    """Return a request, its answer for one house and the voices that somebody has there.

    Whoever has none is told the same as if there were no such request.
    """
    held = voices_of(tx, by, venue, tx.now()[:10])
    kept = audiences.find(tx, request)
    found = [one for one in audiences.answers(tx, request) if one.venue == venue]
    if not held or kept is None or not found:
        raise AudienceRefused("audience-unknown")
    return kept, found[0], held


def _why_not(tx: Transaction, kept: Kept, had: Answered, act: Act | None, by: Person) -> str | None:
    """Say why an answer cannot change now; *act* is None for the DPO's own yes or no."""
    asks = by.person in (kept.made_by, kept.submitted_by) or kept.partner in partners_of(by.grants)
    return why_not_answer(kept.standing(tx.now()), had.state, act, is_own=asks)


def _is_marketing(person: Person | None, venue: str) -> bool:
    return person is not None and person.active and Grant(Role.MARKETING, venue) in person.grants


def _require(problem: str | None) -> None:
    if problem is not None:
        raise AudienceRefused(problem)
