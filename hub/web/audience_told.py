"""A partner's request as its partner sees it: its words said back, its calendar, its houses from their day on."""

from collections.abc import Sequence

from contracts.audience_words import Names, sentence
from contracts.charter import Charter
from contracts.order import HouseSaid, Request, RequestDates, RequestDraft, RequestSeen
from contracts.questions import Said as Words
from hub import audience_desk
from hub.audiences.states import Dates
from hub.store.audiences import Kept
from hub.store.transaction import Reading
from hub.web.words.audiences import DISCIPLINES


def seen(reading: Reading, kept: Kept, charter: Charter, now: str) -> RequestSeen:
    """Return what a partner sees of its request at that instant; two requests of one calendar differ in nothing else."""
    words = sentence(kept.asked.spec, names_of(charter))
    return RequestSeen(
        state=kept.standing(now).value,
        asked=kept.asked,
        french=words.fr,
        english=words.en,
        dates=None if kept.dates is None else _dates(kept.dates),
        houses=_houses(reading, kept, charter, now),
    )


def request_of(draft: RequestDraft, name: str, partner: str) -> Request:
    """Return a partner's draft as a request of that name."""
    return Request(request=name, partner=partner, **dict(draft))


def names_of(charter: Charter) -> Names:
    """Return what disciplines and houses are called within a sentence."""
    houses = {m.venue: Words(f"«\u00a0{m.name}\u00a0»", f"“{m.name}”") for m in charter.members}
    return {**DISCIPLINES, **houses}


def _houses(reading: Reading, kept: Kept, charter: Charter, now: str) -> list[HouseSaid]:
    told = audience_desk.seen_by_partner(reading, kept, now)
    if told:
        return [_said(one) for one in told]
    houses: Sequence[str] = audience_desk.sources_of(kept.asked, charter)
    return [HouseSaid(venue=venue, state="waiting", reason=None) for venue in houses]


def _said(one: audience_desk.Said) -> HouseSaid:
    return HouseSaid(
        venue=one.venue, state="agreed" if one.agreed else "refused", reason=one.reason or None
    )


def _dates(dates: Dates) -> RequestDates:
    return RequestDates(
        submitted_at=dates.submitted_at,
        issued_at=dates.issued_at,
        first_at=dates.first_at,
        counted_at=dates.counted_at,
        closed_at=dates.closed_at,
    )
