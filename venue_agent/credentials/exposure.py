"""Tells whether others on this machine may read what is the venue's alone, on POSIX and on Windows."""

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Final

OTHERS: Final = 0o077
EVERYONE: Final = MappingProxyType(
    {"S-1-1-0": "Everyone", "S-1-5-11": "Authenticated Users", "S-1-5-32-545": "Users"}
)
"""Security identifiers that Windows has on every machine, whatever its language."""

Run = Callable[[list[str]], str]
"""Runs a command and returns what it printed; raises OSError when it is not there."""


def exposed_to(path: Path, system: str = os.name, run: Run | None = None) -> str:
    """Return who else may read *path*: the mode on POSIX, groups on Windows; "" when nobody may.

    Raises:
        OSError: *path* cannot be looked at.
    """
    if system == "posix":
        mode = path.stat().st_mode & 0o777
        return f"{mode:03o}" if mode & OTHERS else ""
    path.stat()
    found = (name for sid, name in EVERYONE.items() if _names(path, sid, run or _printed))
    return ", ".join(found)


def remedy(path: Path, system: str = os.name) -> str:
    """Return the command that takes the others' rights away."""
    if system == "posix":
        return f"chmod {'700' if path.is_dir() else '600'} {shlex.quote(str(path))}"
    return f'icacls "{path}" /inheritance:r /grant:r "%USERNAME%:{"(OI)(CI)F" if path.is_dir() else "F"}"'


def _names(path: Path, sid: str, run: Run) -> bool:
    """Whether the access list of *path* names *sid*; /findsid prints the path only where it does."""
    return str(path).casefold() in run(["icacls", str(path), "/findsid", f"*{sid}"]).casefold()


def _printed(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, check=False, timeout=30)  # noqa: S603 - no shell, our own words
    return done.stdout.decode(errors="replace")
