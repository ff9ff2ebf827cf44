"""What partners do with their requests: each act checks whether now, then writes once and notes it.

Every function takes a partner's slug that its caller has verified. Nothing here counts anybody, and what a partner
is shown follows the request's calendar alone.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from contracts.audience import AudienceSpec, Bought
from contracts.audience_form import NobodyMeant, canonical_spec
from contracts.base import canonical, digest
from contracts.charter import Charter
from contracts.clock import stamp
from contracts.order import Request
from contracts.order_check import dates_wrong
from contracts.visit import Purpose
from hub.audiences.narrow import for_house
from hub.audiences.states import REQUEST, Act, Reason, State, dates_of, why_not
from hub.errors import AudienceRefused
from hub.store import audience_orders, audiences, inbox
from hub.store.audiences import Answered, Deed, Kept
from hub.store.transaction import Reading, Transaction

MOST_NEW: Final = 200
WORDS: Final = ("partner_name", "offer", "offer_en")
NEW_WITHIN: Final = dt.timedelta(days=30)
"""A partner begins so many requests in a month: people answer each of them, and each stays."""


@dataclass(frozen=True)
class Said:
    """What a partner sees of one house's answer, once its calendar shows it: never before, never how it was changed."""

    venue: str
    agreed: bool
    reason: str  # of the closed list, where it does not agree


def write(tx: Transaction, asked: Request, charter: Charter, *, by: str) -> Kept:
    """Keep a draft, in the one form of its meaning.

    Raises:
        AudienceRefused: its words contradict each other, or it is not to be changed any more.
    """
    present = audiences.find(tx, asked.request)
    if present is not None:
        _require(why_not(present.standing(tx.now()), Act.WRITE))
        _require(None if present.partner == asked.partner else "audience-unknown")
    else:
        begun = audiences.made_since(tx, asked.partner, stamp(tx.clock.now() - NEW_WITHIN))
        _require("requests-many" if begun >= MOST_NEW else None)
    form = _form(asked.spec)
    _require(_wrong_houses(asked, charter))
    words = {name: _plain(said) for name in WORDS if (said := getattr(asked, name)) is not None}
    kept = asked.model_copy(update={"spec": form, "codes": {}, **words})
    return audiences.write(tx, kept, by=by)


def of_partner(reading: Reading, partner: str, request: str) -> Kept:
    """Return a partner's own request.

    Raises:
        AudienceRefused: there is none, or it is another's: the two cannot be told apart.
    """
    found = audiences.find(reading, request)
    if found is None or found.partner != partner:
        raise AudienceRefused("audience-unknown")
    return found


def estimate(tx: Transaction, kept: Kept, *, by: str) -> None:
    """Note that a request was estimated; the figures are the caller's to read in the published cube.

    Raises:
        AudienceRefused: it is over.
    """
    now = kept.standing(tx.now())
    if now is State.ESTIMATED:
        return
    _require(why_not(now, Act.ESTIMATE))
    audiences.change(tx, kept, REQUEST[now, Act.ESTIMATE])
    audiences.note(tx, Deed(kept.request, by, Act.ESTIMATE))


def submit(tx: Transaction, kept: Kept, charter: Charter, *, by: str) -> Kept:
    """Put a request before its houses, with one code for each, and fix its calendar.

    Raises:
        AudienceRefused: it is not estimated, or asks what the charter, the catalogues or the dates do not allow.
    """
    _require(why_not(kept.standing(tx.now()), Act.SUBMIT))
    houses = sources_of(kept.asked, charter)
    _require(_wrong_request(kept.asked, charter, tx.now()) or _wrong_events(tx, kept.asked, houses))
    season = charter.pseudonym_season
    codes = {v: audience_orders.code_for(tx, kept.partner, v, season) for v in houses}
    asked = kept.asked.model_copy(update={"codes": codes})
    dates = dates_of(asked, tx.now())
    audiences.change(
        tx,
        kept,
        State.SUBMITTED,
        body=canonical(asked),
        submitted_by=by,
        submitted_at=dates.submitted_at,
        issued_at=dates.issued_at,
    )
    own = {venue: for_house(asked, venue) for venue in houses}
    audiences.ask(tx, kept, own, dpo=charter.dpo_approves_audiences)
    audiences.note(tx, Deed(kept.request, by, Act.SUBMIT, told=digest(canonical(asked))))
    return of_partner(tx, kept.partner, kept.request)


def withdraw(tx: Transaction, kept: Kept, *, by: str) -> None:
    """Take a request back while houses may still answer; nothing is ordered for it.

    Raises:
        AudienceRefused: it is not before the houses.
    """
    _require(why_not(kept.standing(tx.now()), Act.WITHDRAW))
    audiences.change(tx, kept, State.CLOSED)
    audiences.note(tx, Deed(kept.request, by, Act.WITHDRAW))


def seen_by_partner(reading: Reading, kept: Kept, now: str) -> list[Said]:
    """Return the houses' answers from the day on which the calendar shows them, all at once; nothing before.

    A house that agrees to fewer people shows as one that agrees: how many it left would tell of its public.
    """
    if kept.dates is None or now < kept.dates.issued_at or kept.state is State.CLOSED:
        return []
    return [_said(one) for one in audiences.answers(reading, kept.request)]


def sources_of(asked: Request, charter: Charter) -> list[str]:
    """Return the houses that a request is put to: those it names, or all; never the partner itself."""
    named = asked.sources or [member.venue for member in charter.members]
    return sorted(set(named) - {asked.partner})


def _said(one: Answered) -> Said:
    reason = "" if one.agreed else one.reason or Reason.SILENCE.value
    return Said(one.venue, one.agreed, reason)


def _plain(text: str) -> str:
    """Return a partner's words without what nobody sees and screens obey: it moves the cursor, turns the direction."""
    return "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in text)


def _form(spec: AudienceSpec) -> AudienceSpec:
    try:
        return canonical_spec(spec)
    except NobodyMeant:
        raise AudienceRefused("nobody-meant") from None


def _wrong_houses(asked: Request, charter: Charter) -> str | None:
    members = {member.venue for member in charter.members}
    unknown = set(asked.sources) - members or {asked.like or asked.partner} - members - {
        asked.partner
    }
    return "house-unknown" if unknown or not sources_of(asked, charter) else None


def _wrong_request(asked: Request, charter: Charter, now: str) -> str | None:
    """Say what in a request the charter or the calendar does not allow."""
    if dates_wrong(asked):
        return "dates-order"
    dates = dates_of(asked, now)
    checks = (
        ("partner-unnamed", asked.partner not in charter.partners),
        ("purpose-unnamed", Purpose.PARTNER_OFFERS not in charter.purposes),
        ("house-unknown", _wrong_houses(asked, charter) is not None),
        ("dates-soon", asked.first_day < dates.issued_at[:10]),
        ("dates-far", asked.expires > charter.expires),
    )
    return next((name for name, is_wrong in checks if is_wrong), None)


def _wrong_events(reading: Reading, asked: Request, houses: Iterable[str]) -> str | None:
    """Refuse an event that no asked house makes public: a sensitive one and one that does not exist alike."""
    named = {
        event
        for predicate in (*asked.spec.include, *asked.spec.exclude)
        if isinstance(predicate, Bought)
        for event in predicate.values
    }
    if not named:
        return None
    catalogues = (inbox.catalogue_of(reading, venue) for venue in houses)
    public = {e.event for c in catalogues if c for e in c.events if not e.sensitive}
    return "event-unknown" if named - public else None


def _require(problem: str | None) -> None:
    if problem is not None:
        raise AudienceRefused(problem)
