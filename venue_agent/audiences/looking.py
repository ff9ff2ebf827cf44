"""Looks at the house's own people for one order: who may be written to, by which address, under which token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contracts.audience import Bought, Distances
from contracts.charter import Charter
from contracts.linkage import IdentifierKind, identifier
from contracts.order import Order
from venue_agent import geo
from venue_agent.audiences.cards import cards_of, reachable, usable
from venue_agent.audiences.policy import Policy
from venue_agent.audiences.traits import NEVER, Setting, Traits, traits_of
from venue_agent.audiences.willing import terms_of, willing
from venue_agent.catalogue import LocalCatalogue
from venue_agent.config import source_of
from venue_agent.consents.register import Register
from venue_agent.desk import Desk
from venue_agent.frames import Consented
from venue_agent.hearing import Progress
from venue_agent.home.elements import FILE, ElementStore, held_epoch
from venue_agent.minimise import rules_of
from venue_agent.order_errors import OrderForeign, TokensMissing
from venue_agent.people.handles import Handles
from venue_agent.people.offers import Offers, Said
from venue_agent.pipeline import addressed, epoch_of
from venue_agent.rights.suppress import Suppressions
from venue_agent.visits import VisitRules
from venue_agent.words import _

MICRO: Final = 1e6
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class House:
    """What the house brings to one order besides its export."""

    desk: Desk
    charter: Charter
    policy: Policy
    offers: Offers


@dataclass(frozen=True)
class People:
    """Everybody who said yes to something, row by row; ``may``: those whom this order may reach.

    ``digests``: what each is remembered by; ``tokens``: N of her e-mail, else of her telephone, b"" without;
    ``said``: the offers that she had.
    """

    consented: Consented
    may: Flags
    willing: int  # of which so many said yes to this partner, reachable or not
    cards: pd.DataFrame
    traits: Traits
    digests: Sequence[tuple[bytes, ...]]
    tokens: Sequence[bytes]
    said: Sequence[Sequence[Said]]


def look(house: House, order: Order, progress: Progress) -> People:
    """Read the export and return the house's people as *order* sees them; nothing is written.

    Raises:
        OrderForeign: it speaks of a sensitive event, or of distances from a place that nobody told.
        TokensMissing: the network's tokens of this season are not here.
        AgentError: the export cannot be read, as for ``preview``.
    """
    desk, catalogue = house.desk, house.desk.catalogue()
    _refuse_sensitive(order, catalogue)
    source = source_of(desk.home, desk.config)
    setting = _setting(house, order, catalogue)
    store = _tokens(desk, house.charter)
    handles = Handles(desk.home.state, desk.config.venue)
    barred = Suppressions(handles).barred()
    records, consented = addressed(source, barred, house.charter, desk.clock, progress)
    progress("select")
    terms = terms_of(order, house.charter.retention_months, desk.clock.now())
    yes = willing(consented, source.mapping.rules, Register(desk.home.path).notices(), terms)
    people = consented.persons
    cards = cards_of(records, people[yes], usable(people, yes)).reindex(people.index, fill_value="")
    may = yes.copy()
    may[yes] = reachable(cards[yes], order.request.channel)
    digests = [_digests(handles, row) for row in zip(people["keys"], people["identifiers"], strict=True)]  # fmt: skip
    may &= np.array(
        [bool(hers) for hers in digests], dtype=np.bool_
    )  # nobody whom a second run would not know again
    said = _said(digests, house.offers.said())
    return People(
        consented=consented,
        may=may,
        willing=int(yes.sum()),
        cards=cards,
        traits=traits_of(consented, _last_offer(said, people.index, setting), setting),
        digests=digests,
        tokens=[_token(store, pairs) for pairs in people["identifiers"]],
        said=said,
    )


def _setting(house: House, order: Order, catalogue: LocalCatalogue) -> Setting:
    desk, charter = house.desk, house.charter
    rules = rules_of(charter, desk.config.venue, catalogue, source_of(desk.home, desk.config).mapping.values)  # fmt: skip
    place = _place(order, charter, house.policy)
    spec = order.request.spec
    if place is None and any(isinstance(p, Distances) for p in (*spec.include, *spec.exclude)):
        raise OrderForeign(
            _(
                "The order asks how far people live from {partner}, and the charter does not say "
                "where that is. Write its postcode under [postcodes] in audiences.toml."
            ).format(partner=order.request.partner)
        )
    return Setting(
        venue=desk.config.venue,
        today=desk.clock.now().date(),
        partner_at=place,
        retention_months=charter.retention_months,
        rules=VisitRules(rules.catalogue, rules.values, rules.member.discipline, "day"),
        incidents=frozenset((each.event, each.day.isoformat()) for each in house.policy.incidents),
    )


def _place(order: Order, charter: Charter, policy: Policy) -> tuple[float, float] | None:
    """Return where the partner stands, in degrees: a member's own place, else the postcode that the house wrote."""
    for member in charter.members:
        if member.venue == order.request.partner:
            return member.latitude_microdeg / MICRO, member.longitude_microdeg / MICRO
    postcode = policy.postcodes.get(order.request.partner, "")
    if postcode not in geo.postcodes().index:
        return None
    lat, lon = geo.postcodes().loc[postcode, ["lat", "lon"]].to_numpy(dtype="float64")
    return float(lat), float(lon)


def _refuse_sensitive(order: Order, catalogue: LocalCatalogue) -> None:
    spec = order.request.spec
    named = {e for p in (*spec.include, *spec.exclude) if isinstance(p, Bought) for e in p.values}  # noqa: PD011
    if named & {event.event for event in catalogue.public.events if event.sensitive}:
        raise OrderForeign(
            _("The order speaks of an event that this house holds sensitive. Nothing was done.")
        )


def _tokens(desk: Desk, charter: Charter) -> Mapping[bytes, bytes]:
    """Return the tokens that are here, sealed, of the charter's own season."""
    path, epoch = desk.home.path / FILE, epoch_of(charter).public_key
    if held_epoch(path) != epoch:
        raise TokensMissing(
            _(
                "People have no tokens of this season here, so nobody can tell who is to be left "
                "alone. Run `venue-agent preview` once, then this again."
            )
        )
    return ElementStore(path, desk.cache_key, epoch)


def _token(store: Mapping[bytes, bytes], pairs: Sequence[tuple[str, str]]) -> bytes:
    """Return N of her e-mail if it is known, else of her telephone; of several the first in the alphabet."""
    for kind, text in sorted(pairs):
        item = identifier(IdentifierKind(kind), text)
        if item in store:
            return store[item]
    return b""


def _digests(
    handles: Handles, known: tuple[Sequence[str], Sequence[tuple[str, str]]]
) -> tuple[bytes, ...]:
    """Return what she is remembered by: her keys, and her addresses even where a household shares them."""
    keys, pairs = known
    names = dict.fromkeys([*keys, *(f"{kind}:{text}" for kind, text in pairs)])
    return tuple(handles.digest(name) for name in names)


def _said(
    digests: Sequence[tuple[bytes, ...]], offers: Mapping[bytes, Sequence[Said]]
) -> list[list[Said]]:
    return [
        list({told.offer: told for digest in hers for told in offers.get(digest, ())}.values())
        for hers in digests
    ]


def _last_offer(said: Sequence[Sequence[Said]], index: pd.Index, setting: Setting) -> pd.Series:
    """Return days since the last offer that reached each person; NEVER without."""
    today = pd.Timestamp(setting.today)
    days = [
        min(((today - pd.Timestamp(t.day)).days for t in hers if t.arm == "contacted"), default=NEVER)
        for hers in said
    ]  # fmt: skip
    return pd.Series(days, index=index, dtype="int64")


def some(people: People, rows: Flags) -> Consented:
    """Return the consents of some of the people, with their tickets."""
    persons = people.consented.persons[rows]
    tickets = people.consented.tickets
    return replace(
        people.consented, persons=persons, tickets=tickets[tickets["person"].isin(persons.index)]
    )
