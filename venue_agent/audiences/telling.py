"""Says an order back to whoever decides in the house: what is asked, what the house's policy makes of it, and what it cannot know."""

from collections.abc import Iterator
from typing import Any, Final

from contracts.audience_form import NobodyMeant, canonical_spec
from contracts.audience_words import sentence
from contracts.order import Aim, Channel, Order
from contracts.questions import Said
from contracts.visit import Discipline
from venue_agent.audiences.matching import elsewhere
from venue_agent.audiences.orders import Held, recheck
from venue_agent.audiences.policy import Policy, check
from venue_agent.desk import Desk
from venue_agent.errors import AgentError
from venue_agent.network.charters import newest_charter
from venue_agent.words import _, mark, number, spoken

AIMS: Final = {
    Aim.SUPPORT: mark("to support: seats that would stay empty"),
    Aim.DISCOVERY: mark("discovery: people who would not come of themselves"),
    Aim.LOYALTY: mark("loyalty"),
}
CHANNELS: Final = {
    Channel.EMAIL: mark("e-mail"),
    Channel.SMS: mark("text message"),
    Channel.POST: mark("post"),
}
KINDS: Final = {
    Discipline.MUSEUM: Said("un musée", "a museum"),
    Discipline.CONTEMPORARY_ART: Said("de l’art contemporain", "contemporary art"),
    Discipline.HERITAGE: Said("un lieu de patrimoine", "a heritage site"),
    Discipline.SCIENCE: Said("une exposition de sciences", "a science exhibition"),
    Discipline.THEATRE: Said("du théâtre", "theatre"),
    Discipline.DANCE: Said("de la danse", "dance"),
    Discipline.BALLET: Said("un ballet", "a ballet"),
    Discipline.OPERA: Said("un opéra", "an opera"),
    Discipline.CLASSICAL: Said("un concert classique", "a classical concert"),
    Discipline.CONTEMPORARY_MUSIC: Said("un concert de musiques actuelles", "a concert of contemporary music"),
    Discipline.CIRCUS: Said("du cirque", "circus"),
    Discipline.CINEMA: Said("un film", "a film"),
    Discipline.YOUNG_AUDIENCE: Said("un spectacle jeune public", "a show for the young"),
    Discipline.SPORT: Said("du sport", "sport"),
    Discipline.OTHER: Said("autre chose", "something else"),
}  # fmt: skip
"""Each discipline after « saw »."""
STATES: Final = {
    "waiting": mark("waits for this house"),
    "approved": mark("approved, not run"),
    "refused": mark("refused"),
    "run": mark("run"),
}


def meant(desk: Desk, order: Order) -> str:
    """Return whom the request means, in one sentence of the language spoken."""
    try:
        said = sentence(canonical_spec(order.request.spec), _names(desk))
    except NobodyMeant:
        return _("Nobody: what is asked contradicts itself.")
    return said.fr if spoken() == "fr" else said.en


def why_not(desk: Desk, held: Held, policy: Policy) -> str:
    """Return why the order may not be run whatever anybody decides; "" when it may."""
    try:
        recheck(desk, held)
        check(held.order, policy)
    except AgentError as error:
        return str(error)
    return ""


def lines(desk: Desk, held: Held) -> Iterator[tuple[str, str]]:
    """Yield what to read before deciding: a heading and its text."""
    order, asked = held.order, held.order.request
    yield _("partner"), f"{asked.partner_name} ({asked.partner})"
    yield _("what for"), _(AIMS[asked.aim])
    yield _("whom"), meant(desk, order)
    if asked.like is not None:
        yield _("most like"), _("those who go to {place}: the likeliest quarter").format(place=asked.like)  # fmt: skip
    yield _("how"), _(CHANNELS[asked.channel])
    yield _("when"), _("{first} to {last}").format(first=asked.first_day, last=asked.last_day)
    yield _("people at most"), number(asked.cap)
    yield _("share left alone"), _("{percent} %, so that the effect can be seen").format(percent=asked.holdout_percent)  # fmt: skip
    yield _("offer"), asked.offer if spoken() == "fr" or not asked.offer_en else asked.offer_en
    yield _("code, the same for everybody"), asked.codes.get(desk.config.venue, "—")
    yield _("consents older than"), order.submitted_at[:10]
    yield _("DPO"), _("approved it at the hub") if order.approved_by_dpo else _("was not asked")
    yield _("effect measured"), _("yes") if order.measured else _("no: it reads what the charter does not send")  # fmt: skip
    if others := elsewhere(asked.spec, desk.config.venue):
        yield _("not known here"), _("who went to {places}: each house knows its own visits alone").format(
            places=", ".join(others))  # fmt: skip


def plain(desk: Desk, held: Held, policy: Policy) -> dict[str, Any]:
    """Return an order as JSON values."""
    why = why_not(desk, held, policy)
    return {
        "number": held.known.number,
        "state": held.known.state,
        "decided_by": held.known.decided_by,
        "files_until": held.known.kept_until,
        "allowed": not why,
        "why_not": why,
        "means": meant(desk, held.order),
        "not_known_here": elsewhere(held.order.request.spec, desk.config.venue),
        "order": held.order.model_dump(mode="json"),
    }


def _names(desk: Desk) -> dict[str, Said]:
    """Return what disciplines, houses and this house's own events are called."""
    charter = newest_charter(desk.home.path)
    members = charter.members if charter else []
    events = desk.catalogue().public.events
    plain_names = {member.venue: member.name for member in members}
    plain_names |= {event.event: f"«\u00a0{event.title}\u00a0»" for event in events}
    named = {slug: Said(name, name) for slug, name in plain_names.items()}
    return {**named, **{kind.value: said for kind, said in KINDS.items()}}
