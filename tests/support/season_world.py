"""A network that turns from one season to the next: custodian, charter, hub and venues, all in this process."""

from dataclasses import replace
from typing import Any

import requests

from contracts.api import Carriage
from contracts.charter_check import charter_hash
from hub import season_desk
from hub.carriage import HttpCarrier
from hub.custodian import carriage, quota
from hub.custodian.keys import add_season
from hub.custodian.witness import pin_hub
from hub.store import charters
from hub.vault import season
from hub.vault.season import Opening
from tests.support import custodian
from tests.support.rights_world import RightsWorld
from tests.support.wire import CLOCK

OLD, NEW = "2025-2026", "2026-2027"


def open_at_custodian(world: RightsWorld, name: str = NEW) -> None:
    """The custodian draws the key of a season, and gives every venue its quota there."""
    keeper = world.custodian
    add_season(keeper.home, name)
    with keeper.desk.store.transaction(keeper.clock) as tx:
        pin_hub(tx, world.net.charter.network, world.net.charter.hub.signing_key)
        for venue in world.net.keys:
            quota.open_season(tx, venue, name, 100_000)
        tx.commit()


def sign_next(world: RightsWorld, name: str = NEW, **changes: Any) -> None:
    """Every member signs the next revision, under which identifiers are evaluated in that season."""
    before = world.net.charter
    held = before.custodian.model_copy(
        update={"url": custodian.URL, "season_keys": world.custodian.desk.keys.public().season_keys}
    )
    said = {"revision": before.revision + 1, "custodian": held, "pseudonym_season": name, **changes}
    world.net = replace(world.net, charter=before.model_copy(update=said))
    with world.web.control.transaction(CLOCK) as tx:
        charters.save_draft(tx, world.net.charter)
        for signature in world.net.signed.signatures:
            charters.add_signature(tx, signature)
        tx.commit()


def allow(world: RightsWorld) -> None:
    """The custodian's operator allows the carriage under the charter in force."""
    keeper, charter = world.custodian, world.net.charter
    asked = Carriage(network=charter.network, former=OLD, season=charter.pseudonym_season, cap=0)
    with keeper.desk.store.transaction(keeper.clock) as tx:
        carriage.allow(tx, keeper.desk.keys, asked, charter_hash(charter))
        tx.commit()


def carrier(world: RightsWorld, former: str = OLD) -> HttpCarrier:
    """The hub's way to the custodian."""
    session = requests.Session()
    session.mount(custodian.URL, world.custodian.adapter)
    return HttpCarrier(world.net.signed, former, world.vault.keys.signing_private, CLOCK, session)


def open_at_hub(world: RightsWorld) -> Opening:
    """The hub's operator opens the season of the charter in force."""
    former = season.standing(world.vault) or ""
    return season_desk.turn(
        world.web.control, world.vault, world.net.signed, carrier(world, former)
    )


def turn(world: RightsWorld, **changes: Any) -> Opening:
    """All of it: the season is open when this returns."""
    open_at_custodian(world)
    sign_next(world, **changes)
    allow(world)
    return open_at_hub(world)
