"""The version of what the agent keeps on disk: an older folder is brought up to date, a newer one refused.

Forward only: what a step changes is copied to ``before/`` first, and the number of the format is written last,
so that a step which was cut is done again. No copy holds a person's data: old copies would outlive a withdrawal.
"""

import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from contracts.clock import Clock
from venue_agent.config import Home
from venue_agent.errors import HomeTooNew, StateDamaged
from venue_agent.home.durable import write_private
from venue_agent.home.lock import alone
from venue_agent.words import _

FILE: Final = "version.json"
BEFORE: Final = "before"


@dataclass(frozen=True)
class Step:
    """How a folder of one format becomes one of the next; doing it twice is harmless."""

    touches: Sequence[str]
    apply: Callable[[Home], None]


def _rename_fingerprint(home: Home) -> None:
    """``hub_signing_key`` was the hub's fingerprint all along, and is called so."""
    text = home.config.read_text(encoding="utf-8-sig")
    if re.search(r"(?m)^\s*hub_fingerprint\s*=", text):
        return
    _replace(home.config, re.sub(r"(?m)^(\s*)hub_signing_key(\s*=)", r"\1hub_fingerprint\2", text))


STEPS: Final = (Step(("agent.toml",), _rename_fingerprint),)
"""The step at each place leads to the format of the next number; agent 0.1.0 wrote format 0, without a file."""
FORMAT: Final = len(STEPS)


def bring_up_to_date(home: Home, clock: Clock) -> int:
    """Bring the folder to this agent's format, under its lock; return from which one it came.

    Raises:
        HomeTooNew: a newer agent has written there.
        StateDamaged: the version cannot be read.
        AlreadyRunning: an upgrade is due, and another command is at work.
    """
    if not home.config.exists() or _checked(home) == FORMAT:
        return FORMAT
    with alone(home, clock):
        found = _checked(home)  # another command may have done it meanwhile
        for number in range(found, FORMAT):
            _keep(home, number)
            STEPS[number].apply(home)
        mark(home)
    return found


def mark(home: Home) -> None:
    """Write that the folder has this agent's format: at once for a new one, last for an upgraded one."""
    told = {"format": FORMAT, "agent": _here()}
    _replace(home.path / FILE, json.dumps(told) + "\n")


def format_of(home: Home) -> tuple[int, str]:
    """Return the format of a folder, and the version of the agent that gave it.

    Raises:
        StateDamaged: what stands there is no version.
    """
    try:
        told = json.loads((home.path / FILE).read_text(encoding="utf-8"))
        number, agent = told["format"], str(told["agent"])
    except FileNotFoundError:
        return 0, "0.1.0"
    except (OSError, ValueError, KeyError, TypeError):
        number, agent = -1, ""
    if type(number) is not int or number < 0:
        raise StateDamaged(
            _("{file} cannot be read: the format of the folder is not known. Restore it.").format(
                file=FILE
            )
        )
    return number, agent


def _checked(home: Home) -> int:
    number, agent = format_of(home)
    if number > FORMAT:
        raise HomeTooNew(
            _(
                "The agent's folder was written by agent {agent} (format {found}); this one is "
                "{here} and reads up to format {known}. Nothing was changed. Install version "
                "{agent} or a later one."
            ).format(agent=agent, found=number, here=_here(), known=FORMAT)
        )
    return number


def _keep(home: Home, number: int) -> None:
    folder = home.path / BEFORE / f"format-{number}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in STEPS[number].touches:
        if (home.path / name).exists() and not (folder / name).exists():
            shutil.copy2(home.path / name, folder / f".{name}.new")
            (folder / f".{name}.new").replace(folder / name)


def _replace(path: Path, text: str) -> None:
    write_private(path, text.encode())


def _here() -> str:
    try:
        return version("farandole")
    except PackageNotFoundError:  # pragma: no cover - run from a folder that was never installed
        return "?"
