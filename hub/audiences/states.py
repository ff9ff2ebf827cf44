"""Whether now: the life of a partner's request, and of each house's answer, as two tables of what leads where.

Who may is in ``hub.people.roles``. What a partner sees follows the request's calendar alone: every date is fixed
when it is submitted, and no house's act or silence moves one.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contracts.clock import parse_stamp, stamp
from contracts.order import Request

ANSWER_DAYS: Final = 14
"""Days that houses have to answer; then orders go out for those that agreed, and silence is a refusal."""
REMINDER_DAYS: Final = 7
"""Days before the last one from which a waiting request is marked as urgent."""
COUNTED_DAYS: Final = 30
"""Days after the campaign's last one until what came of it may be in an edition."""
CLOSED_DAYS: Final = 365


class State(StrEnum):
    """Where a request is, as its partner sees it."""

    DRAFT = "draft"  # brouillon
    ESTIMATED = "estimated"  # estimé
    SUBMITTED = "submitted"  # soumis
    ANSWERED = "answered"  # les lieux ont répondu
    ACTIVE = "active"  # activé
    MEASURED = "measured"  # mesuré
    CLOSED = "closed"  # clos
    EXPIRED = "expired"  # expiré


class Answer(StrEnum):
    """Where one house is about a request."""

    WAITING = "waiting"
    APPROVED = "approved"
    MODIFIED = "modified"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a house refuses: a matter of policy, the same whoever and however many it would reach."""

    PARTNER = "partner"  # we do not write for this partner
    PURPOSE = "purpose"  # not for this aim
    CHANNEL = "channel"  # not by this channel
    CALENDAR = "calendar"  # other things are sent at that time
    OFFER = "offer"  # the offer does not suit our public
    PRESSURE = "pressure"  # our public has been written to enough this season
    SILENCE = "silence"  # nobody answered in time; nobody may give it as a reason


class Act(StrEnum):
    """What somebody does, or what the calendar does."""

    WRITE = "write"
    ESTIMATE = "estimate"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    MODIFY = "modify"
    REFUSE = "refuse"
    LAPSE = "lapse"  # the answers' last day
    ISSUE = "issue"  # the campaign's first day
    COUNT = "count"
    CLOSE = "close"
    EXPIRE = "expire"


CALENDAR: Final = frozenset({Act.LAPSE, Act.ISSUE, Act.COUNT, Act.CLOSE, Act.EXPIRE})

REQUEST: Final[dict[tuple[State, Act], State]] = {
    (State.DRAFT, Act.WRITE): State.DRAFT,
    (State.DRAFT, Act.ESTIMATE): State.ESTIMATED,
    (State.DRAFT, Act.EXPIRE): State.EXPIRED,
    (State.ESTIMATED, Act.WRITE): State.DRAFT,
    (State.ESTIMATED, Act.ESTIMATE): State.ESTIMATED,
    (State.ESTIMATED, Act.SUBMIT): State.SUBMITTED,
    (State.ESTIMATED, Act.EXPIRE): State.EXPIRED,
    (State.SUBMITTED, Act.WITHDRAW): State.CLOSED,
    (State.SUBMITTED, Act.LAPSE): State.ANSWERED,
    (State.ANSWERED, Act.ISSUE): State.ACTIVE,
    (State.ACTIVE, Act.COUNT): State.MEASURED,
    (State.MEASURED, Act.CLOSE): State.CLOSED,
}
ANSWER: Final[dict[tuple[Answer, Act], Answer]] = {
    (Answer.WAITING, Act.APPROVE): Answer.APPROVED,
    (Answer.WAITING, Act.MODIFY): Answer.MODIFIED,
    (Answer.WAITING, Act.REFUSE): Answer.REFUSED,
    (Answer.WAITING, Act.LAPSE): Answer.REFUSED,
    (Answer.APPROVED, Act.MODIFY): Answer.MODIFIED,
    (Answer.APPROVED, Act.REFUSE): Answer.REFUSED,
    (Answer.MODIFIED, Act.MODIFY): Answer.MODIFIED,
    (Answer.MODIFIED, Act.REFUSE): Answer.REFUSED,
}


@dataclass(frozen=True)
class Dates:
    """The calendar of one request, known from the moment when it is submitted; instants as the wire writes them."""

    submitted_at: str
    remind_at: str
    issued_at: str  # answers stand, orders go out
    first_at: str
    counted_at: str
    closed_at: str


def dates_of(request: Request, submitted_at: str) -> Dates:
    """Return the calendar of a request that is submitted at that instant.

    Answers stand at the midnight (UTC) that ends their last day.
    """
    told = parse_stamp(submitted_at)
    issued = _midnight(told + dt.timedelta(days=ANSWER_DAYS + 1))
    last = _midnight(parse_stamp(f"{request.last_day}T00:00:00Z"))
    return Dates(
        submitted_at=submitted_at,
        remind_at=stamp(issued - dt.timedelta(days=REMINDER_DAYS)),
        issued_at=stamp(issued),
        first_at=f"{request.first_day}T00:00:00Z",
        counted_at=stamp(last + dt.timedelta(days=COUNTED_DAYS)),
        closed_at=stamp(last + dt.timedelta(days=CLOSED_DAYS)),
    )


def standing(kept: State, dates: Dates | None, expires: str, now: str) -> State:
    """Return where a request is *now*: what was done to it, then what its calendar has done since."""
    if dates is None or kept is not State.SUBMITTED:
        open_ = (kept, Act.EXPIRE) in REQUEST
        return REQUEST[kept, Act.EXPIRE] if open_ and now >= expires else kept
    state: State = kept
    for at, act in (
        (dates.issued_at, Act.LAPSE),
        (dates.first_at, Act.ISSUE),
        (dates.counted_at, Act.COUNT),
        (dates.closed_at, Act.CLOSE),
    ):
        if now < at:
            break
        state = REQUEST[state, act]
    return state


def why_not(state: State, act: Act) -> str | None:
    """Say why *act* cannot be done to a request in that state, or None."""
    return None if (state, act) in REQUEST else f"audience-{state.value}"


def why_not_answer(state: State, answer: Answer, act: Act | None, *, is_own: bool) -> str | None:
    """Say why a house's answer cannot change now: the calendar has closed it, or one would answer oneself.

    *act* is None for the DPO's own yes or no, which stands beside the marketing's.
    """
    if is_own:
        return "audience-own"
    if state is not State.SUBMITTED:
        return f"audience-{state.value}"
    return None if act is None or (answer, act) in ANSWER else f"answer-{answer.value}"


def why_not_lend(*, until: str, today: str, to_same_house: bool, to_oneself: bool) -> str | None:
    """Say why a house's marketing cannot lend its voice so; days as the wire writes them."""
    if to_oneself or not to_same_house:
        return "lend-person"
    far = (dt.date.fromisoformat(today) + dt.timedelta(days=90)).isoformat()
    return None if today <= until <= far else "lend-until"


def _midnight(instant: dt.datetime) -> dt.datetime:
    return instant.replace(hour=0, minute=0, second=0, microsecond=0)
