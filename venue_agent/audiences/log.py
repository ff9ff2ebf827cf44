"""What was done with each order, one line an act, for the house's DPO: who, when, how many; nobody by name or number."""

import getpass
import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

from contracts.clock import Clock, stamp
from contracts.order import Order
from venue_agent.config import Home

FILE: Final = "audiences.jsonl"


def write(
    home: Home, clock: Clock, act: str, order: Order, more: Mapping[str, Any] | None = None
) -> None:
    """Add one line, durably: an act that cannot be written down is not done."""
    asked = order.request
    told = {
        "version": 1,
        "at": stamp(clock.now()),
        "act": act,
        "order": order.order,
        "request": asked.request,
        "partner": asked.partner,
        "channel": asked.channel.value,
        **(more or {}),
    }
    line = json.dumps(told, ensure_ascii=False) + "\n"
    handle = os.open(home.path / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def lines(home: Home) -> Iterator[dict[str, Any]]:
    """Yield what was written down, oldest first; nothing before the first act."""
    path = home.path / FILE
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def account() -> str:
    """Return the account of this machine that runs the command."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"
