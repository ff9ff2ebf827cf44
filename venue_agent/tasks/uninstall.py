"""Takes the agent off this machine: timer, keys of every store, and what it made in its folder; not the venue's own files."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from contracts.clock import Clock
from venue_agent.config import AgentConfig, Home
from venue_agent.credentials import keys
from venue_agent.credentials.key_stores import credential_name
from venue_agent.desk import LEFT
from venue_agent.errors import ConfigError
from venue_agent.home import inventory
from venue_agent.home.lock import FILE as LOCK
from venue_agent.home.lock import alone
from venue_agent.schedule import found as scheduled
from venue_agent.schedule.plan import Plan, Runner
from venue_agent.schedule.systemd import ENCRYPTED, PLAIN, PRIVATE, STATE
from venue_agent.words import _


@dataclass(frozen=True)
class Survey:
    """What is there to remove, and what will stay."""

    home: Home
    timer: Plan | None
    keys: Sequence[str]
    credentials: Sequence[Path]
    made: Sequence[Path]
    own: Sequence[Path]  # the venue's: mapping, catalogue; removed only when everything is
    others: Sequence[Path]
    joined: bool
    left: bool


def survey(home: Home, config: AgentConfig | None) -> Survey:
    """Look at what the agent has on this machine.

    Raises:
        ConfigError: nothing in *home* says that it is an agent's folder.
        KeyringUnusable, StateDamaged: a key cannot be looked for, so it could not be removed.
    """
    made = tuple(inventory.made(home.path))
    if not any((home.path / name).exists() for name in ("agent.toml", "version.json", "keys")):
        raise ConfigError(
            _("{folder} is no agent's folder: nothing to remove. Name the right one with --home.").format(folder=home.path)
        )  # fmt: skip
    own = inventory.written_by_venue(home.path, config)
    return Survey(
        home=home,
        timer=scheduled.in_place(home.path),
        keys=_places(home),
        credentials=[f / credential_name(keys.SIGNING) for f in (ENCRYPTED, PLAIN) if _is_ours(f)],
        made=made,
        own=own,
        others=[path for path in inventory.others(home.path) if path not in own],
        joined=config is not None,
        left=(home.path / LEFT).exists(),
    )


def remove(found: Survey, clock: Clock, run: Runner, *, everything: bool) -> list[Path]:
    """Remove it all, timer and keys first; return what stays in the folder. Doing it again is harmless.

    Raises:
        AlreadyRunning: a command of the agent is at work.
        KeyringUnusable: nothing but the timer was removed.
    """
    home = found.home
    with alone(home, clock):
        if found.timer:
            found.timer.undo(run)
            for stamp in scheduled.stamps():
                with suppress(OSError):  # of the machine's, where a user took away his own
                    stamp.unlink()
        keys.remove_all(home.keys)
        for path in (*found.credentials, *found.made, *(found.own if everything else ())):
            _take_away(path)
        for folder in inventory.folders(home.path):
            _empty(folder)
    (home.path / LOCK).unlink(missing_ok=True)
    stays = [path for path in home.path.rglob("*") if path.is_file()]
    _empty(home.path)
    link = STATE / home.path.name  # what StateDirectory= leaves beside a private folder
    if home.path.parent == PRIVATE and link.is_symlink() and not link.exists():
        link.unlink()
    return sorted(stays)


def _take_away(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        for inside in path.iterdir():
            _take_away(inside)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


def _empty(folder: Path) -> None:
    """Remove *folder*, and the folders in it, where nothing is left in them."""
    for inside in (path for path in folder.iterdir() if path.is_dir() and not path.is_symlink()):
        if inside.name in {"marks", "plaintext", "parts"}:
            _empty(inside)
    with suppress(OSError):  # not empty: the venue keeps something there
        folder.rmdir()


def _places(home: Home) -> list[str]:
    stores = keys.stores(home.keys).values()
    writable = [store for store in stores if store.name != "credential"]
    return [s.place(n) for s in writable for n in keys.NAMES if s.holds(n)]


def _is_ours(folder: Path) -> bool:
    """Whether a credential of the agent stands there that this account may remove."""
    return (folder / credential_name(keys.SIGNING)).exists() and os.access(folder, os.W_OK)
