"""Orders that wait for somebody of this house: fetched by the night round, told by every command that says how things stand.

Nothing is decided or run by itself. What is told is a number of orders, never of people.
"""

from dataclasses import dataclass

from contracts.charter import Charter
from contracts.clock import Clock, stamp
from contracts.order import Order
from contracts.visit import Purpose
from venue_agent.audiences import log
from venue_agent.audiences.orders import find, pull, whole
from venue_agent.config import Home
from venue_agent.desk import Desk
from venue_agent.errors import AgentError
from venue_agent.home.lists import AUDIENCES
from venue_agent.outbox.journal import Journal
from venue_agent.people.handles import Handles
from venue_agent.people.offers import Offers
from venue_agent.words import several


@dataclass(frozen=True)
class News:
    """What a round found: orders that came, what the hub sent and this house did not take, and what waits here."""

    new: int = 0
    refused: int = 0
    waiting: int = 0


def fetch(desk: Desk, charter: Charter, book: Journal) -> News:
    """Fetch the orders of a network whose charter names partners; what is wrong with them holds up nothing else."""
    if Purpose.PARTNER_OFFERS not in charter.purposes or not charter.partners:
        return News()
    try:
        pulled = pull(desk)
        for name in pulled.new:
            log.write(desk.home, desk.clock, "pulled", find(desk, name).order)
    except AgentError as error:
        book.write("audiences-pull", new=0, code=error.exit_code)
        return News(waiting=len(open_orders(desk.home, desk.config.venue, desk.clock)))
    book.write("audiences-pull", new=len(pulled.new), refused=len(pulled.refused))
    waiting = len(open_orders(desk.home, desk.config.venue, desk.clock))
    return News(len(pulled.new), len(pulled.refused), waiting)


def open_orders(home: Home, venue: str, clock: Clock) -> list[Order]:
    """Return the orders that this house has neither run nor refused, and still may; no connection is opened."""
    if not (home.path / AUDIENCES).exists():  # no order ever came: its memory is not begun
        return []
    offers, now = Offers(Handles(home.state, venue)), stamp(clock.now())
    return [
        held.order
        for held in whole(home, offers)
        if held.known.state in ("waiting", "approved")
        and now[:10] <= held.order.request.last_day
        and now < min(held.order.expires, held.order.request.expires)
    ]


def sentence(count: int) -> str:
    """Return what to tell the house's people; "" where nothing waits."""
    if not count:
        return ""
    return several(
        "{count} order of a partner waits for somebody of this house: `venue-agent audiences list`",
        "{count} orders of partners wait for somebody of this house: `venue-agent audiences list`",
        count,
    )
