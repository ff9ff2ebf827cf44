"""Folders that earlier minors of the agent made, with keys and people of nobody, and the network they were in."""

import json
import shutil
from pathlib import Path
from typing import Any

from contracts.base import canonical
from contracts.charter import Charter
from tests.support.wire import Network

HERE = Path(__file__).parent
MINORS = ("0.1",)


def network_of(minor: str) -> Network:
    """Return the network that the folder of *minor* joined."""
    told: dict[str, Any] = json.loads((HERE / minor / "network.json").read_text("utf-8"))
    return Network(
        keys={venue: bytes.fromhex(key) for venue, key in told["keys"].items()},
        vault_private=bytes.fromhex(told["vault_private"]),
        hub_private=bytes.fromhex(told["hub_private"]),
        charter=Charter.model_validate_json(canonical(told["charter"])),
    )


def copy_home(minor: str, place: Path) -> Path:
    """Copy the folder of *minor* to *place*, with the modes that git does not keep."""
    shutil.copytree(HERE / minor / "home", place)
    for path in (place, *place.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return place
