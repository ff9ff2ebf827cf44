"""Runs one order on the house's own people: read, choose, remember, write; nothing of it leaves this machine.

No connection is opened. What is under the fewest people is not written at all, and nobody outside can tell that
from an order that was never run.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contracts.audience_form import NobodyMeant, canonical_spec
from contracts.clock import stamp
from contracts.order import FEWEST, Order
from contracts.season import month_of, season_of
from venue_agent.audiences import files, log
from venue_agent.audiences.choosing import Draw, first, likeliest
from venue_agent.audiences.files import Sheet, Tool
from venue_agent.audiences.likeness import scorable, share_for
from venue_agent.audiences.looking import House, People, look
from venue_agent.audiences.matching import matching
from venue_agent.audiences.orders import Held, offers_of, recheck
from venue_agent.audiences.policy import cap_of, check, load_policy
from venue_agent.desk import Desk
from venue_agent.hearing import Progress
from venue_agent.order_errors import OrderReplayed, OrderUndecided, TooFewPeople
from venue_agent.people.offers import Arm, Offer
from venue_agent.words import _

Flags = NDArray[np.bool_]
CONTACTED: Final[Arm] = "contacted"
HELD_OUT: Final[Arm] = "held-out"


@dataclass(frozen=True)
class Asked:
    """How an order is to be run."""

    tools: Sequence[Tool]
    who: str
    dry: bool = False  # count, and write nothing


@dataclass(frozen=True)
class Outcome:
    """What a run did, for this house's eyes alone: people left after each step, and the files."""

    steps: dict[str, int]
    again: bool  # it was run before: the same people, without those who changed their mind
    files: tuple[Path, ...] = ()
    until: str = ""


@dataclass(frozen=True)
class Choice:
    """Whom the order reaches, row by row of ``People``."""

    contacted: Flags
    held_out: Flags
    steps: dict[str, int]

    def __len__(self) -> int:
        """Return how many were selected, held out or not."""
        return int(self.contacted.sum() + self.held_out.sum())


def run(desk: Desk, held: Held, asked: Asked, progress: Progress) -> Outcome:
    """Run an order; a second time, write its files again for whoever of the first may still be written to.

    Raises:
        OrderUndecided, OrderReplayed, OrderForged, OrderForeign, OrderExpired, BeyondPolicy: it may not be run.
        TooFewPeople: under 500 are selected; nothing was written but the DPO's line.
        TokensMissing, ModelMissing, AgentError: something that it needs is not here.
    """
    order, again = held.order, held.known.state == "run"
    charter, policy = recheck(desk, held), load_policy(desk.home)
    _decided(held)
    check(order, policy)
    for tool in asked.tools:
        files.shape_of(tool, order.request.channel)
    house = House(desk, charter, policy, offers_of(desk))
    files.expire(desk.home, house.offers, desk.clock.now())
    people = look(house, order, progress)
    choice = _as_before(people, order) if again else choose(house, people, order)
    if not again and len(choice) < FEWEST:
        _tell(house, "too-few", held, (asked, choice))
        raise TooFewPeople(_too_few())
    if asked.dry:
        _tell(house, "counted", held, (asked, choice))
        return Outcome(choice.steps, again)
    return _write(house, held, people, (asked, choice))


def choose(house: House, people: People, order: Order) -> Choice:
    """Return whom an order reaches of the people who may be written to.

    In this order: the request's own words, offers that people had this season, the likeliest, the cap.

    Raises:
        BeyondPolicy: the house's own limits leave fewer than anything may be sent to.
        TooFewPeople, ModelMissing: as ``likeness``.
    """
    asked, today = order.request, house.desk.clock.now().date()
    steps = {"consenting": people.willing, "reachable": int(people.may.sum())}
    rows = people.may & _meant(order, people)
    steps["meant"] = int(rows.sum())
    offered = dt.date.fromisoformat(_day(order, today))
    rows &= rested(people, offered, house.policy.offers_per_season)
    steps["rested"] = int(rows.sum())
    cap = cap_of(order, house.policy, house.offers.contacted_in(month_of(offered)))
    draw = Draw(bytes.fromhex(order.holdout_key), asked.holdout_percent)
    known = zip(people.tokens, people.digests, strict=True)
    names = [token or next(iter(hers), b"") for token, hers in known]
    if asked.like is not None:
        rows &= scorable(people)
        steps["scorable"] = int(rows.sum())
        share = share_for(house, people, rows, asked.like)
        kept = likeliest(share, draw.priority(_at(names, rows)), cap)
    else:
        kept = first(draw.priority(_at(names, rows)), cap)
    rows[rows] = kept
    out = rows.copy()
    out[rows] = draw.held_out(_at(people.tokens, rows))
    steps |= {"selected": int(rows.sum()), "held_out": int(out.sum())}
    return Choice(rows & ~out, out, steps | {"contacted": int((rows & ~out).sum())})


def rested(people: People, today: dt.date, most: int) -> Flags:
    """Return who had fewer than *most* offers this season in this house: a courtesy, no bound of privacy."""
    season = season_of(today)
    had = [
        sum(told.arm == CONTACTED and _season(told.day) == season for told in hers)
        for hers in people.said
    ]
    return np.asarray([count < most for count in had], dtype=np.bool_)


def _meant(order: Order, people: People) -> Flags:
    try:
        return matching(canonical_spec(order.request.spec), people.traits)
    except NobodyMeant:
        return np.zeros(len(people.may), dtype=np.bool_)


def _as_before(people: People, order: Order) -> Choice:
    """Return the people of the first run who may still be written to; nobody new."""
    arms = [next((t.arm for t in hers if t.order == order.order), "") for hers in people.said]
    side = np.asarray(arms, dtype=object)
    contacted = people.may & np.asarray(side == CONTACTED, dtype=np.bool_)
    held_out = people.may & np.asarray(side == HELD_OUT, dtype=np.bool_)
    steps = {"consenting": people.willing, "reachable": int(people.may.sum()),
             "selected": int((contacted | held_out).sum()), "held_out": int(held_out.sum()),
             "contacted": int(contacted.sum())}  # fmt: skip
    return Choice(contacted, held_out, steps)


def _write(house: House, held: Held, people: People, what: tuple[Asked, Choice]) -> Outcome:
    """Remember whom the run chose, then write the files: cut in between, a second run writes them."""
    desk, order, (asked, choice) = house.desk, held.order, what
    now = desk.clock.now()
    until = stamp(_last_instant(house, order, now))
    again = held.known.state == "run"
    if not again:
        house.offers.ran(held.known.number, _day(order, now.date()), _offers(people, choice))
    house.offers.keep_files(held.known.number, until)
    code = order.request.codes.get(desk.config.venue, "")
    sheet = Sheet(order.order, order.request.channel, code)
    cards = people.cards[choice.contacted]
    written = tuple(files.write(desk.home, tool, cards, sheet) for tool in asked.tools)
    _tell(house, "run-again" if again else "run", held, what)
    return Outcome(choice.steps, again, written, until)


def _offers(people: People, choice: Choice) -> list[Offer]:
    """Return both arms, in an order that tells nothing; who has no token is in no arm that is counted."""
    counted = people.consented.persons["statistics"].to_numpy(dtype=np.bool_)
    sides: tuple[tuple[Arm, Flags], ...] = ((CONTACTED, choice.contacted), (HELD_OUT, choice.held_out))  # fmt: skip
    found = [
        Offer(people.digests[n], arm, bool(counted[n]) and people.tokens[n] != b"")
        for arm, rows in sides
        for n in np.flatnonzero(rows).tolist()
    ]
    return sorted(found, key=lambda offer: offer.digests)


def _tell(house: House, act: str, held: Held, what: tuple[Asked, Choice]) -> None:
    asked, choice = what
    more = {
        "by": asked.who,
        "account": log.account(),
        "approved_by": held.known.decided_by,
        "people": choice.steps,
        "tools": list(asked.tools),
        "dry": asked.dry,
    }
    log.write(house.desk.home, house.desk.clock, act, held.order, more)


def _decided(held: Held) -> None:
    if held.known.state == "refused":
        raise OrderReplayed(
            _("This house refused the order {name} already. Nothing was done.").format(
                name=held.order.order
            )
        )
    if held.known.state == "waiting":
        raise OrderUndecided(
            _(
                "Nobody of this house approved the order yet. Read it: `venue-agent audiences show "
                "{number}`, then `venue-agent audiences approve {number}`."
            ).format(number=held.known.number)
        )


def _too_few() -> str:
    return _(
        "Fewer than {fewest} people are selected: nothing was written, and nobody outside this "
        "house learns it. A wider request of the partner, or more consents, would be needed."
    ).format(fewest=FEWEST)


def _last_instant(house: House, order: Order, now: dt.datetime) -> dt.datetime:
    """Return when the files go: after the house's days, and never after the campaign."""
    kept = now + dt.timedelta(days=house.policy.keep_days)
    end = dt.datetime.fromisoformat(order.request.last_day).replace(tzinfo=dt.UTC)
    return min(kept, end + dt.timedelta(days=1))


def _day(order: Order, today: dt.date) -> str:
    """Return the day of the offer: today, or the first of the campaign when that is to come."""
    return max(today.isoformat(), order.request.first_day)


def _season(day: str) -> str:
    return season_of(dt.date.fromisoformat(day))


def _at(texts: Sequence[bytes], rows: Flags) -> list[bytes]:
    return [texts[n] for n in np.flatnonzero(rows).tolist()]
