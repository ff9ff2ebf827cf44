"""Orders on this machine: fetched, believed only when the charter's hub signed them, kept, decided, run once.

Nothing goes back to the hub: neither what was decided nor whether anything was run.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from contracts.base import canonical, digest
from contracts.charter import Charter
from contracts.clock import Clock, parse_stamp, stamp
from contracts.order import Order, SignedOrder
from contracts.order_check import is_measured
from venue_agent.audiences.soundness import allowed, forged, law, sound
from venue_agent.config import Home
from venue_agent.desk import Desk
from venue_agent.errors import AgentError, CharterRefused, NotJoined
from venue_agent.home.durable import write_private
from venue_agent.home.lists import AUDIENCES
from venue_agent.network.charters import kept_charter
from venue_agent.network.memory import Memory
from venue_agent.order_errors import OrderForeign, OrderForged, OrderReplayed, OrderUnknown
from venue_agent.people.handles import Handles
from venue_agent.people.offers import Known, Offers
from venue_agent.words import _


@dataclass(frozen=True)
class Held:
    """An order that is here, sound in its words, and what the house remembers of it."""

    known: Known
    order: Order


@dataclass(frozen=True)
class Pulled:
    """What a look at the hub gave: new orders by name, and what was refused of the others."""

    new: tuple[str, ...]
    refused: tuple[AgentError, ...]


def offers_of(desk: Desk) -> Offers:
    """Return this house's memory of orders and offers."""
    return Offers(Handles(desk.home.state, desk.config.venue))


def pull(desk: Desk) -> Pulled:
    """Fetch the orders that wait at the hub; keep the sound ones, and say what is wrong with each of the others.

    One that is here already, byte for byte, is no news.

    Raises:
        AgentError: the charter or the hub, as their names say; nothing was kept.
    """
    charter, offers = desk.charter(), offers_of(desk)
    new, refused = [], []
    for signed in desk.hub.orders():
        try:
            if _take(desk, signed, charter, offers):
                new.append(signed.order.order)
        except AgentError as error:
            refused.append(error)
    return Pulled(tuple(new), tuple(refused))


def charter_here(home: Home, clock: Clock) -> Charter:
    """Return the charter that this house obeyed last, without any connection.

    Raises:
        NotJoined: none was seen yet.
        CharterRefused: it has expired.
    """
    known = Memory(home.path).known()
    charter = kept_charter(home.path, known.charter_sha256) if known else None
    if charter is None:
        raise NotJoined(_("No charter here yet: run `venue-agent audiences pull` first."))
    if parse_stamp(charter.expires) <= clock.now():
        raise CharterRefused(
            _("The charter has expired: no order is run under it any more. Ask the network for the new one.")
        )  # fmt: skip
    return charter


def held(desk: Desk) -> list[Held]:
    """Return the orders that are here and whole, oldest first; whether they may be run is another question.

    Raises:
        OrderForged: a file is not the order that came.
    """
    there = [
        (known, path)
        for known in offers_of(desk).orders()
        if (path := path_of(desk.home, known.name)).exists()
    ]
    return [Held(known, _read(path, known).order) for known, path in there]


def find(desk: Desk, name: str) -> Held:
    """Return the order that *name* means: its number in the list, or its own name.

    Raises:
        OrderUnknown: there is none.
        OrderForged: its file is not the order that came.
    """
    for known in offers_of(desk).orders():
        if name in (str(known.number), known.name):
            path = path_of(desk.home, known.name)
            if path.exists():
                return Held(known, _read(path, known).order)
    raise OrderUnknown(
        _("No order {name} is here. See which are: `venue-agent audiences list`.").format(name=name)
    )


def recheck(desk: Desk, found: Held) -> Charter:
    """Check an order of this machine again, before it is run: its signature, its dates, today's charter.

    The charter that it was made under may have been amended since; what the charter of today no longer
    allows is not done. No connection is opened.

    Returns:
        The charter of today.

    Raises:
        OrderForged, OrderForeign, OrderExpired: as their names say.
    """
    today = charter_here(desk.home, desk.clock)
    signed = _read(path_of(desk.home, found.known.name), found.known)
    sound(signed, law(desk, signed.order, today), desk)
    allowed(signed.order, today, desk.config.venue)
    return today


def measured_under(home: Home, offers: Offers, charter: Charter) -> frozenset[str]:
    """Return the orders of which arms may leave under *charter*: it names still what each of their predicates reads.

    One whose file is not here, or not the one that came, is none of them.
    """
    here = whole(home, offers)
    return frozenset(
        each.known.name for each in here if is_measured(each.order.request, charter.fields)
    )


def whole(home: Home, offers: Offers) -> Iterator[Held]:
    """Yield the orders whose file is here and is the one that came, oldest first."""
    for known in offers.orders():
        with contextlib.suppress(OrderForged):
            yield Held(known, _read(path_of(home, known.name), known).order)


def path_of(home: Home, name: str) -> Path:
    """Return where an order is kept."""
    return home.path / AUDIENCES / f"order-{name}.json"


def _take(desk: Desk, signed: SignedOrder, charter: Charter, offers: Offers) -> bool:
    """Keep one order if it is sound and new; return whether it is new."""
    order, sha256 = signed.order, digest(canonical(signed))
    if sha256 in {known.sha256 for known in offers.orders()}:
        return False
    sound(signed, law(desk, order, charter), desk)
    allowed(order, charter, desk.config.venue)
    had = _same_order(desk, signed, offers)
    if had is not None:
        _replace_signature(desk, had, signed, charter, offers)
        return False
    _refuse_second(order, offers.orders())
    write_private(path_of(desk.home, order.order), canonical(signed))
    offers.add(
        order.order,
        order.request.request,
        sha256,
        measured=order.measured,
        now=stamp(desk.clock.now()),
    )
    return True


def _same_order(desk: Desk, signed: SignedOrder, offers: Offers) -> Held | None:
    """Return the order that is here and says the same as one that comes signed anew, for an amended charter; else None.

    What came is on disk already where the machine stopped before it was written down: then it is the same.
    """
    order = signed.order
    for known in offers.orders():
        if known.name != order.order:
            continue
        path = path_of(desk.home, known.name)
        if path.exists() and path.read_bytes() == canonical(signed):
            return Held(known, order)
        anew = {"charter_sha256": order.charter_sha256, "measured": order.measured}
        with contextlib.suppress(OrderForged):
            had = _read(path, known).order
            return Held(known, had) if had.model_copy(update=anew) == order else None
    return None


def _replace_signature(
    desk: Desk, had: Held, signed: SignedOrder, today: Charter, offers: Offers
) -> None:
    """Let an order signed anew stand in the place of the first, where the hub's key was replaced since; else the first stands.

    The first can be checked no more; the new one says the same and was checked under today's charter. What the house
    decided of it stays. The file first, then what is known of it: stopped between the two, this is done again.
    """
    order, body, path = signed.order, canonical(signed), path_of(desk.home, signed.order.order)
    if path.read_bytes() != body:
        try:
            law(desk, had.order, today)
        except OrderForeign:
            write_private(path, body)
        else:
            return
    offers.sign_again(had.known.number, digest(body), measured=order.measured)


def _refuse_second(order: Order, orders: Sequence[Known]) -> None:
    """Refuse an order whose name came with other bytes, or whose request came under another name."""
    names, requests = {known.name for known in orders}, {known.request for known in orders}
    if order.order in names or order.request.request in requests:
        raise OrderReplayed(
            _(
                "The hub sends the order {name} again with other words, or its request a second time. "
                "The first one stands; tell the network."
            ).format(name=order.order)
        )


def _read(path: Path, known: Known) -> SignedOrder:
    try:
        body = path.read_bytes()
        signed = SignedOrder.model_validate_json(body)
    except (OSError, ValidationError):
        raise forged() from None
    if digest(canonical(signed)) != known.sha256:
        raise forged()
    return signed
