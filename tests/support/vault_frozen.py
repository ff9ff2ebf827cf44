"""Windows over the test network, and frozen views read back as plain rows."""

import datetime as dt
from typing import Any

from hub.vault.snapshot import Snapshot, read_frozen
from hub.vault.view import Window
from tests.support.vault_world import VaultWorld


def window(world: VaultWorld, **changes: Any) -> Window:
    values = {
        "edition": "automne-2025",
        "first_day": dt.date(2025, 9, 1),
        "last_day": dt.date(2025, 12, 31),
        "venues": tuple(sorted(world.net.keys)),
    }
    return Window(**{**values, **changes})


def frozen_visits(world: VaultWorld, snapshot: Snapshot) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read_frozen(world.vault, snapshot).to_pylist()
    return rows
