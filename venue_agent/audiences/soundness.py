"""Whether an order is one to obey: signed by the charter's hub, in time, for this house, as the charter of today allows."""

from contracts.base import canonical
from contracts.charter import Charter
from contracts.clock import stamp
from contracts.order import Order, SignedOrder
from contracts.order_check import OrderError, check_order
from contracts.seal import SealError, verify
from contracts.visit import Purpose
from venue_agent.desk import Desk
from venue_agent.network.charters import kept_charter
from venue_agent.order_errors import OrderExpired, OrderForeign, OrderForged
from venue_agent.words import _, say


def law(desk: Desk, order: Order, today: Charter) -> Charter:
    """Return the charter that an order was made under: today's, or one obeyed before whose hub has the same key.

    Raises:
        OrderForeign: this house never obeyed it, or its hub's key has been replaced since.
    """
    found = kept_charter(desk.home.path, order.charter_sha256)
    if found is None or found.hub.signing_key != today.hub.signing_key:
        raise OrderForeign(
            _(
                "The order {name} was made under a charter that this house never obeyed, or by a key of "
                "the hub that no longer stands. Nothing was done. If the hub's key was replaced, fetch the "
                "order signed anew: `venue-agent audiences pull`."
            ).format(name=order.order)
        )
    return found


def sound(signed: SignedOrder, charter: Charter, desk: Desk) -> None:
    """Check signature, dates and address under *charter*."""
    order, now = signed.order, stamp(desk.clock.now())
    try:
        verify(charter.hub.signing_key, canonical(order), signed.signature)
    except SealError:
        raise forged() from None
    if now >= min(order.expires, order.request.expires) or now[:10] > order.request.last_day:
        raise OrderExpired(
            _("The order {name} has expired: nothing may be sent for it.").format(name=order.order)
        )
    try:
        check_order(signed, charter, desk.config.venue, now)
    except OrderError as error:
        raise OrderForeign(say(error)) from error


def allowed(order: Order, charter: Charter, venue: str) -> None:
    """Check that *charter* names the house, the partner and the purpose."""
    if venue not in {member.venue for member in charter.members}:
        raise OrderForeign(_("The charter no longer names this house among its members."))
    named = order.request.partner in charter.partners
    if not named or Purpose.PARTNER_OFFERS not in charter.purposes:
        raise OrderForeign(
            _("The charter names no offers of the partner {partner}: people cannot have consented to them.")
            .format(partner=order.request.partner)
        )  # fmt: skip
    if charter.dpo_approves_audiences and not order.approved_by_dpo:
        raise OrderForeign(
            _("The charter asks the DPO's word for audiences; this order does not carry it.")
        )


def forged() -> OrderForged:
    """Return the error of an order that is not the one that was signed."""
    return OrderForged(
        _(
            "An order is not the one that the charter's hub signed. Nothing was done. Tell the "
            "network and its DPO."
        )
    )
