"""Letters to people of houses whose answer to a partner's request is still awaited, and what is left of drafts nobody pursued.

A letter holds the office's address and a date: neither the partner nor its words, nor anything of any public. Whom it
goes to follows the calendar and the house's own silence, and a partner never sees that one went.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

from contracts.clock import parse_stamp, stamp
from hub import audience_answers
from hub.audiences.states import Answer, State
from hub.people.roles import Voice
from hub.store import audiences, people
from hub.store.audiences import Answered
from hub.store.people import Person
from hub.store.transaction import Reading, Transaction

DAYS_LEFT: Final = frozenset({7, 3, 1})
"""Days before the answers' term on which somebody is written to: run once a day, it keeps no memory of its own."""
KEPT: Final = dt.timedelta(days=365)
"""A draft that nobody has submitted for so long goes."""
EXPIRED_FOR: Final = dt.timedelta(days=30)
"""So does one that has been expired for so long."""


@dataclass(frozen=True)
class Reminder:
    """One person to write to: how many of her houses' answers are awaited, and until when at the latest."""

    email: str
    requests: int
    until: str

    @property
    def last_day(self) -> dt.date:
        """The last day on which an answer counts: the term is the instant after it."""
        return (parse_stamp(self.until) - dt.timedelta(seconds=1)).date()


def reminders(reading: Reading, now: str, *, whenever: bool = False) -> list[Reminder]:
    """Return whom to write to today, by address; with *whenever*, in the whole last week."""
    waiting: dict[str, list[str]] = {}
    for kept, one in audience_answers.reminders(reading, now):
        until = kept.issued_at or now
        if whenever or _days_left(now, until) in DAYS_LEFT:
            for person in _asked(reading, one, now):
                waiting.setdefault(person.email, []).append(until)
    return [Reminder(email, len(ends), min(ends)) for email, ends in sorted(waiting.items())]


def letter(reminder: Reminder, sender: str, public_url: str) -> EmailMessage:
    """Return the letter to one person, in French and in English."""
    written = EmailMessage()
    written["From"], written["To"] = sender, reminder.email
    day = reminder.last_day
    written["Subject"] = f"Une réponse de votre lieu est attendue, le {day:%d/%m/%Y} au plus tard"
    written["Auto-Submitted"] = "auto-generated"
    page = f"{public_url.rstrip('/')}/bureau/demandes-recues/"
    written.set_content(
        f"Bonjour,\n\nDes demandes de partenaires attendent une réponse de votre lieu\u00a0: {reminder.requests}.\n"
        f"Le dernier jour pour répondre à la première est le {day:%d/%m/%Y} (minuit, UTC). Sans réponse, c'est un refus.\n\n"
        f"{page}\n\n"
        "--\n\n"
        f"Requests of partners that wait for your house's answer: {reminder.requests}.\n"
        f"The last day to answer the first is {day:%-d %B %Y} (midnight, UTC). Silence is a refusal.\n"
    )
    return written


def forgotten(reading: Reading, now: str) -> list[str]:
    """Return the drafts that nobody submitted and nobody pursued: expired for a month, or a year old."""
    found = []
    month, year = _before(now, EXPIRED_FOR), _before(now, KEPT)
    for kept in audiences.unsubmitted(reading):
        over = kept.standing(month) is State.EXPIRED or kept.made_at < year
        if over and kept.made_at < month:
            found.append(kept.request)
    return found


def purge(tx: Transaction) -> int:
    """Erase drafts that nobody pursued; return how many. What was done to them stays in the register of acts."""
    gone = forgotten(tx, tx.now())
    for name in gone:
        audiences.erase_draft(tx, name)
    return len(gone)


def _asked(reading: Reading, one: Answered, now: str) -> Iterator[Person]:
    """Yield who may give the answer that is missing: the house's marketing or whom it lent its voice, or the DPO."""
    missing = {Voice.MARKETING} if one.state is Answer.WAITING else set()
    missing |= {Voice.DPO} if one.dpo == "waiting" else set()
    for person in people.everybody(reading):
        if person.active and missing & audience_answers.voices_of(reading, person, one.venue, now[:10]):  # fmt: skip
            yield person


def _days_left(now: str, until: str) -> int:
    return (dt.date.fromisoformat(until[:10]) - dt.date.fromisoformat(now[:10])).days


def _before(now: str, span: dt.timedelta) -> str:
    return stamp(parse_stamp(now) - span)
