"""Checks of the machine itself: versions, the agent's folder and its rights, room for the next export."""

import getpass
import importlib.metadata
import os
import platform
import shlex
import stat
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from venue_agent.credentials.exposure import exposed_to, remedy
from venue_agent.doctor.causes import ill
from venue_agent.doctor.finding import Finding, well
from venue_agent.doctor.patient import Patient
from venue_agent.home.versions import FORMAT, format_of
from venue_agent.words import _, number

PYTHON: Final = (3, 11)
PARTS: Final = ("pandas", "pyarrow", "python_calamine", "sqlalchemy", "stamina", "truststore")
OURS: Final = ("keys", "spool", "state.sqlite", "elements.bin", "consents", "proofs", "log", "charters", "network.json", "layouts.json", "recommend", "model.json", "shows.json")  # fmt: skip
"""What the agent writes in its folder; exports and mapping are the venue's own to guard."""
SPARE: Final = 200 * 1024 * 1024
COPIES: Final = 4
"""An export of n bytes is decoded, written as CSV, sealed, and stands beside the month that it replaces."""
_MIB: Final = 1024 * 1024


def versions(patient: Patient) -> Iterator[Finding]:
    """Say which agent, Python and system these are, and refuse what is too old or not whole."""
    missing = [name for name in PARTS if find_spec(name) is None]
    yield judge_versions(sys.version_info[:2], missing)
    if patient.settings is not None:
        number, agent = format_of(patient.home)
        if number > FORMAT:
            yield ill("home-newer", agent=agent, found=number, known=FORMAT)


def judge_versions(python: tuple[int, ...], missing: Sequence[str]) -> Finding:
    """Judge the Python and the parts that are missing."""
    found = ".".join(map(str, python))
    if python < PYTHON:
        return ill("python-old", found=found, wanted=".".join(map(str, PYTHON)))
    if missing:
        return ill("part-missing", names=", ".join(missing))
    agent = importlib.metadata.version("farandole")
    return well("versions", _("agent {agent}, Python {python}, {system}").format(
        agent=agent, python=found, system=f"{platform.system()} {platform.release()}"))  # fmt: skip


def folder(patient: Patient) -> Iterator[Finding]:
    """Check that the agent may write in its folder, and that others may not read what is in it."""
    path = patient.home.path
    if _is_missing(path):
        yield ill("folder-missing", folder=path, command=_make(path))
        return
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield ill("folder-closed", folder=path, user=_user(), command=_give(path))
        return
    opened = list(_opened(path))
    yield from opened or [well("folder", _("{folder}: the agent's alone").format(folder=path))]


def _is_missing(path: Path) -> bool:
    """Whether no folder is there; one behind a closed door is not missing."""
    try:
        return not stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False


def _opened(path: Path) -> Iterator[Finding]:
    """Yield what others may read; a closed folder closes all that is in it."""
    if not exposed_to(path):
        return
    for name in OURS:
        inside = path / name
        if inside.exists() and (found := exposed_to(inside)):
            yield ill("folder-open", path=inside, found=found, command=remedy(inside))


def disk(patient: Patient) -> Iterator[Finding]:
    """Check that the disk has room for the next export."""
    path = patient.home.path
    if path.is_dir():
        yield judge_disk(path, patient.free(path), needed_bytes(patient))


def judge_disk(path: Path, free: int, needed: int) -> Finding:
    """Judge *free* against *needed*, in bytes."""
    if free < needed:
        return ill("disk-short", folder=path, free=_size(free), needed=_size(needed))
    return well("disk", _("{free} free, {needed} needed").format(free=_size(free), needed=_size(needed)))  # fmt: skip


def needed_bytes(patient: Patient) -> int:
    """Return the room that the next run may take, from the exports that are there now."""
    folder = patient.home.inside(patient.settings.exports if patient.settings else "exports")
    sizes = [file.stat().st_size for file in folder.glob("*") if file.is_file()]
    return SPARE + COPIES * sum(sizes)


def _size(count: int) -> str:
    if count >= 10 * 1024 * _MIB:
        return _("{size} GiB").format(size=number(count // (1024 * _MIB)))
    return _("{size} MiB").format(size=count // _MIB)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as systemd's dynamic ones may be
        return str(os.getuid()) if hasattr(os, "getuid") else "?"


def _make(path: Path) -> str:
    return f"mkdir -m 700 {shlex.quote(str(path))}" if os.name == "posix" else f'mkdir "{path}"'


def _give(path: Path) -> str:
    if os.name == "posix":
        return f"chown -R {_user()} {shlex.quote(str(path))}"
    return f'icacls "{path}" /grant "%USERNAME%:(OI)(CI)F" /T'
