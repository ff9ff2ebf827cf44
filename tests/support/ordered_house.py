"""A house with an export, tokens and a policy, and a hub that sends it partners' orders; nobody else to talk to."""

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.audience import AudienceSpec
from contracts.base import canonical
from contracts.charter import Charter
from contracts.charter_check import charter_hash
from contracts.clock import FixedClock
from contracts.linkage import IdentifierKind, identifier
from contracts.order import Order, SignedOrder
from contracts.order_check import sign_order
from tests.support.advice_world import VENUE, LoneDesk, make_desk, ticket
from tests.support.control_world import keys
from venue_agent import pipeline
from venue_agent.audiences import deciding, looking, orders
from venue_agent.audiences.policy import FILE as POLICY
from venue_agent.audiences.running import Asked, Outcome, run
from venue_agent.config import SourceConfig
from venue_agent.desk import Desk
from venue_agent.hearing import Progress, silent
from venue_agent.home.elements import FILE as ELEMENTS
from venue_agent.home.elements import ElementStore
from venue_agent.network.charters import keep_charter
from venue_agent.network.memory import FILE as MEMORY
from venue_agent.network.memory import Known
from venue_agent.people.known import IsBarred, nobody
from venue_agent.pipeline import epoch_of

PARTNER = "v01"
NOW = dt.datetime(2025, 9, 15, 8, tzinfo=dt.UTC)
SUBMITTED = "2025-09-01T08:00:00Z"
CODE = "DANSE-2025"
OFFERS = """
[[consent]]
column = "Optin offres"
text = "J'accepte de recevoir les offres de Maison 1."
grants = ["partner_offers"]
partners = ["v01"]
channels = ["email", "sms", "post"]
dated_by = "Date optin"
date_formats = ["%d/%m/%Y", "%d/%m/%y"]
"""
OPEN = """
version = 1
partners = ["v01"]
aims = ["support", "discovery", "loyalty"]
channels = ["email", "sms", "post"]
traits = ["age", "distance", "home", "loyalty", "history", "taste", "house", "subscriber", "bought", "contacted", "incident", "like"]
people_per_order = 100000
people_per_month = 100000
"""
_READ: dict[Any, Any] = {}
EVERYBODY = AudienceSpec(include=[], exclude=[])


def person(who: int, title: str = "Hamlet", **changes: str) -> dict[str, str]:
    """A ticket of somebody who said yes to statistics, advice and the partner's offers on 1 January 2025."""
    said = {"Optin partenaires": "Oui", "Optin conseils": "Oui", "Optin offres": "Oui"}
    return ticket(who, title, **(said | {"Telephone": f"06 12 {who // 10000:02} {who // 100 % 100:02} {who % 100:02}"} | changes))  # fmt: skip


def crowd(count: int, first: int = 1, **changes: str) -> list[dict[str, str]]:
    """People who go to the theatre, every third to dance."""
    return [person(n, "Hamlet" if n % 3 else "La Danse", **changes) for n in range(first, first + count)]  # fmt: skip


def make_house(folder: Path, *tickets: dict[str, str], policy: str = OPEN, items: int = 12) -> LoneDesk:  # fmt: skip
    """A house that has previewed: its people have tokens; ``desk.lone.orders`` is what the hub sends."""
    purposes = ("statistics", "recommendation", "partner_offers")
    made = make_desk(folder, *tickets, purposes=purposes, items=items)
    mapping = folder / "mapping.toml"
    mapping.write_text(mapping.read_text() + OFFERS)
    (folder / POLICY).write_text(policy)
    desk = obey(made, made.law.model_copy(update={"partners": [PARTNER]}))
    give_tokens(desk, [t["Email"] for t in tickets])
    send(desk)
    return desk


def copied(house: LoneDesk, path: Path) -> LoneDesk:
    """The same house in a folder of its own, with no order waiting."""
    shutil.copytree(house.home.path, path)
    made = replace(house, home=replace(house.home, path=path))
    send(made)
    return made


def obey(desk: LoneDesk, charter: Charter) -> LoneDesk:
    """The same house under another charter."""
    keep_charter(desk.home.path, charter)
    known = Known(revision=charter.revision, charter_sha256=charter_hash(charter), checkpoint=None)
    (desk.home.path / MEMORY).write_bytes(canonical(known))
    return replace(desk, law=charter)


def read_each_export_once(patch: pytest.MonkeyPatch) -> None:
    """Let runs on the same export, mapping, charter and hour share one reading of it; it is the agent's own."""

    def addressed(
        source: SourceConfig, barred: IsBarred, law: Charter, clock: Any, heard: Progress
    ) -> Any:
        if barred is not nobody:
            return pipeline.addressed(source, barred, law, clock, heard)
        export = b"".join(sorted(path.read_bytes() for path in source.folder.iterdir()))
        key = export, source.mapping.model_dump_json(), charter_hash(law), clock.now()
        if key not in _READ:
            _READ[key] = pipeline.addressed(source, barred, law, clock, heard)
        return _READ[key]

    patch.setattr(looking, "addressed", addressed)


def at(desk: LoneDesk, instant: dt.datetime) -> LoneDesk:
    """The same house at another hour."""
    return replace(desk, clock=FixedClock(instant))


def token_of(email: str) -> bytes:
    """The custodian's N of an address: the same in every house."""
    return hashlib.sha256(f"N of {email}".encode()).digest()


def give_tokens(desk: Desk, emails: Iterable[str]) -> None:
    store = ElementStore(
        desk.home.path / ELEMENTS, desk.cache_key, epoch_of(desk.charter()).public_key
    )
    store.update({identifier(IdentifierKind.EMAIL, mail): token_of(mail) for mail in emails})


def an_order(desk: LoneDesk, **changes: Any) -> Order:
    """An order to this house; keys of the request among *changes* go there."""
    request: dict[str, Any] = {
        "request": "demande-1", "partner": PARTNER, "partner_name": "Maison 1", "aim": "discovery",
        "spec": EVERYBODY.model_dump(mode="json"), "sources": [VENUE], "channel": "email",
        "first_day": "2025-09-10", "last_day": "2025-10-31", "cap": 5000,
        "offer": "Deux places pour le prix d'une.", "codes": {VENUE: CODE},
        "expires": "2025-11-30T00:00:00Z",
    }  # fmt: skip
    order: dict[str, Any] = {
        "order": "ordre-1", "network": desk.law.network, "venue": VENUE,
        "charter_sha256": charter_hash(desk.law), "holdout_key": "5a" * 32, "measured": True,
        "approved_by_dpo": False, "submitted_at": SUBMITTED, "issued_at": "2025-09-05T08:00:00Z",
        "expires": "2025-11-30T00:00:00Z",
    }  # fmt: skip
    for name, value in changes.items():
        plain = value.model_dump(mode="json") if isinstance(value, AudienceSpec) else value
        (order if name in order else request)[name] = plain
    return Order.model_validate_json(canonical(order | {"request": request}))


def signed(order: Order) -> SignedOrder:
    return sign_order(order, keys().private["hub"])


def send(desk: LoneDesk, *waiting: SignedOrder) -> None:
    """Put those orders, and no other, at the hub."""
    desk.lone.orders = lambda: list(waiting)  # type: ignore[attr-defined]


def approved(desk: LoneDesk, order: Order) -> orders.Held:
    """Pull an order and approve it in the house."""
    send(desk, signed(order))
    assert not orders.pull(desk).refused
    deciding.decide(desk, order.order, "approved", "Mme Diaz")
    return orders.find(desk, order.order)


def run_it(desk: LoneDesk, held: orders.Held, *tools: str, dry: bool = False) -> Outcome:
    asked = Asked(tools=tools or ("csv",), who="M. Faure", dry=dry)  # type: ignore[arg-type]
    return run(desk, orders.find(desk, held.order.order), asked, silent)
