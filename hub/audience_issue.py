"""Signs the orders of requests whose answers stand, on the day that each request's calendar says; the vault's process does it.

The chain is told one line for each request, whatever its houses answered: its name, and a keyed digest of all acts, so
that nobody can change them afterwards and nobody learns from it who agreed, or when. The key is drawn for that line alone
and stands among the acts: the request's own key is known to every house that agreed.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Final

from contracts.base import canonical
from contracts.charter import SignedCharter
from contracts.charter_check import charter_hash
from contracts.clock import Clock, stamp
from contracts.order import Order, SignedOrder
from contracts.order_check import dates_wrong, is_measured
from hub.audiences.states import State
from hub.store import audience_orders, audiences, audit
from hub.store.audiences import Answered, Deed, Kept
from hub.store.database import Control
from hub.store.transaction import Transaction

KIND: Final = "audience-settled"
SETTLED: Final = "settle"
"""The last act: the calendar's, which notes the key of the digest."""
Sign = Callable[[bytes], str]


def issue_due(control: Control, clock: Clock, sign: Sign) -> int:
    """Sign what is due, and again what a new charter has overtaken; return how many requests were settled.

    Nothing happens while no charter is in force; a killed call is taken up by the next.
    """
    signed = control.published().charter()
    if signed is None:
        return 0
    with control.reading() as reading:
        now = stamp(clock.now())
        due = [k for k in audiences.submitted(reading) if _is_due(k, now)]
        overtaken = audience_orders.under_another(reading, charter_hash(signed.charter), now)
    for kept in due:
        with control.transaction(clock) as tx:
            _settle(tx, kept, signed, sign)
            tx.commit()
    for old in overtaken:
        with control.transaction(clock) as tx:
            audience_orders.keep(tx, _signed(_again(old.order, signed), sign))
            tx.commit()
    return len(due)


def _is_due(kept: Kept, now: str) -> bool:
    return not kept.issued and kept.issued_at is not None and kept.issued_at <= now


def _settle(tx: Transaction, kept: Kept, signed: SignedCharter, sign: Sign) -> None:
    present = audiences.find(tx, kept.request)
    if present is None or present.issued or present.state is not State.SUBMITTED:
        return
    for one in audiences.answers(tx, kept.request):
        if one.agreed and not dates_wrong(one.asked):
            audience_orders.keep(tx, _signed(order_of(kept, one, signed), sign))
    audience_orders.issued(tx, kept.request)
    salt = secrets.token_hex(32)
    audiences.note(tx, Deed(kept.request, audiences.CALENDAR, SETTLED, told=salt))
    audit.append(tx, KIND, {"request": kept.request, "acts_hmac": _acts(tx, kept, salt)})


def order_of(kept: Kept, one: Answered, signed: SignedCharter) -> Order:
    """Return the order to one house that agreed: what it approved, and nothing of the others."""
    charter = signed.charter
    return Order(
        order=f"o{secrets.token_hex(8)}",
        network=charter.network,
        venue=one.venue,
        charter_sha256=charter_hash(charter),
        request=one.asked,
        holdout_key=kept.holdout_key,
        measured=is_measured(one.asked, charter.fields),
        approved_by_dpo=one.dpo == "approved",
        submitted_at=kept.submitted_at or "",
        issued_at=kept.issued_at or "",
        expires=one.asked.expires,
    )


def _again(order: Order, signed: SignedCharter) -> Order:
    """Return the same order under the charter in force, by its name: a house that has run it does not run it again."""
    measured = order.measured and is_measured(order.request, signed.charter.fields)
    return order.model_copy(
        update={"charter_sha256": charter_hash(signed.charter), "measured": measured}
    )


def _signed(order: Order, sign: Sign) -> SignedOrder:
    return SignedOrder(order=order, signature=sign(canonical(order)))


def _acts(tx: Transaction, kept: Kept, salt: str) -> str:
    """Return the keyed digest of all acts: times and handles are few enough to guess by whoever has the key."""
    told = [vars(deed) for deed in audiences.deeds(tx, kept.request)]
    return hmac.new(bytes.fromhex(salt), canonical(told), hashlib.sha256).hexdigest()
