"""Notes what somebody of the house decided of an order; the network is not told."""

from typing import Final, Literal

from venue_agent.audiences import log
from venue_agent.audiences.orders import find, offers_of, recheck
from venue_agent.audiences.policy import check, load_policy
from venue_agent.desk import Desk
from venue_agent.order_errors import OrderReplayed
from venue_agent.words import _

Decision = Literal["approved", "refused"]
APPROVED: Final = "approved"


def decide(desk: Desk, name: str, state: Decision, who: str) -> None:
    """Note that *who* approved or refused an order.

    Raises:
        OrderReplayed: it was run, or refused for good.
        OrderForged, OrderForeign, OrderExpired, BeyondPolicy: it cannot be approved.
    """
    held = find(desk, name)
    if held.known.state in ("run", "refused"):
        raise OrderReplayed(
            _("The order {name} was run or refused already. Nothing was changed.").format(
                name=held.order.order
            )
        )
    if state == APPROVED:
        recheck(desk, held)
        check(held.order, load_policy(desk.home))
    log.write(desk.home, desk.clock, state, held.order, {"by": who, "account": log.account()})
    offers_of(desk).decide(held.known.number, state, who)
