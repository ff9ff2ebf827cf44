"""Whether now: what may be done in the present state of an invitation, a proposal, a person; who may is in ``roles``.

Each function returns the reason why not as a slug, which the pages say in the reader's language, or None.
"""

import datetime as dt
from enum import StrEnum
from typing import Final

INVITATION_LIFETIME: Final = dt.timedelta(days=3)
PROPOSAL_LIFETIME: Final = dt.timedelta(days=14)
SESSION_IDLE: Final = dt.timedelta(hours=1)
SESSION_LIFETIME: Final = dt.timedelta(hours=10)
SIGN_IN_WINDOW: Final = dt.timedelta(minutes=15)
SIGN_IN_TRIES: Final = 8  # for one name in one window, whether it exists or not
JOURNAL_KEPT: Final = dt.timedelta(
    days=183
)  # CNIL, délibération 2021-122: traces are kept six to twelve months


class Kind(StrEnum):
    """What takes two people."""

    CAP = "raise-cap"
    CHARTER = "change-charter"
    FAMILY = "new-family"


def why_not_accept(*, state: str, expires_at: str, now: str) -> str | None:
    """Say why an invitation cannot be accepted now; instants as the wire writes them."""
    if state != "open":
        return "invitation-used"
    return "invitation-expired" if expires_at <= now else None


def why_not_decide(
    *, state: str, expires_at: str, now: str, proposed_by: str, person: str
) -> str | None:
    """Say why *person* cannot confirm a proposal now: two people means two."""
    if state != "open":
        return "proposal-decided"
    if expires_at <= now:
        return "proposal-expired"
    return "proposal-own" if person == proposed_by else None


def why_not_leave(*, administrators: int, is_administrator: bool) -> str | None:
    """Say why somebody cannot lose the access now: a network keeps one administrator at least."""
    return "last-administrator" if is_administrator and administrators <= 1 else None


def why_not_ask(*, state: str) -> str | None:
    """Say why an edition cannot be asked for now; *state* is its work's, "" before any."""
    return "work-under-way" if state in ("asked", "running") else None


def why_not_cancel(*, state: str, paid: bool) -> str | None:
    """Say why work cannot be called off now: what is paid is made, or the price would buy nothing."""
    if state not in ("asked", "running"):
        return "work-over"
    return "work-paid" if paid else None
