"""Signed orders to the houses of the vault's test network, and the vault that knows them."""

from pathlib import Path
from typing import Any

from contracts.order import SignedOrder
from contracts.order_check import sign_order
from tests.support.orders import order_of, request_plain
from tests.support.vault_world import FIELDS, A, B, C, VaultWorld, vault_world

DANCE, ELSEWHERE = "danse-automne", "hors-reseau"
ARMED = [*FIELDS, "arm"]


def order_to(
    world: VaultWorld, venue: str, *, by: bytes | None = None, **changes: Any
) -> SignedOrder:
    """An order of the third house's request to *venue*, named after it; *changes* are of its own fields."""
    asked = request_plain(
        partner=C, sources=[venue], codes={}, request=changes.pop("request", DANCE)
    )
    own = {"order": f"o-{venue}", "venue": venue, "network": world.net.charter.network}
    order = order_of(world.net.charter, **{**own, "request": asked, "measured": True, **changes})
    return sign_order(order, by or world.net.hub_private)


def world_of_orders(url: str, folder: Path, **charter: Any) -> VaultWorld:
    """A vault whose charter lets activations leave, with an order to each of two houses for the third."""
    world = vault_world(url, folder, **{"fields": ARMED, **charter})
    world.orders = (order_to(world, A), order_to(world, B))
    return world
