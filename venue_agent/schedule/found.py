"""Finds what starts the agent of one folder by itself, on this machine as it stands: units, or a Windows task."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from venue_agent.schedule import systemd, windows
from venue_agent.schedule.plan import FOLDER, UNITS, Command, Plan, Runner

PACKAGED: Final = Path("/usr/lib/systemd/system")
WANTED: Final = Path("timers.target.wants") / systemd.TIMER
STAMP: Final = Path("systemd/timers") / f"stamp-{systemd.TIMER}"


def in_place(
    home: Path, environment: Mapping[str, str] = os.environ, units: Path = UNITS, packaged: Path = PACKAGED
) -> Plan | None:  # fmt: skip
    """Return how to take away what starts the agent of *home*; None when nothing does.

    Units of another folder are left alone: there is one agent's timer for each user of a machine.
    Those of the Debian package are only stopped: the package takes them away.
    """
    if os.name == "nt":
        return _task(home)
    for kind, folder, own in (
        ("system", units, ("systemctl",)),
        ("user", _user_units(environment), ("systemctl", "--user")),
    ):
        service, timer = folder / systemd.SERVICE, folder / systemd.TIMER
        if _starts(service, home):
            return Plan(
                kind, {service: b"", timer: b""}, install=(),
                before_removal=[(*own, "disable", "--now", systemd.TIMER)],
                after_removal=[(*own, "daemon-reload")],
            )  # fmt: skip
    if (units / WANTED).is_symlink() and _starts(packaged / systemd.SERVICE, home):
        stop = ("systemctl", "disable", "--now", systemd.TIMER)
        return Plan("package", {units / WANTED: b""}, install=(), before_removal=[stop])
    return None


def stamps(environment: Mapping[str, str] = os.environ, state: Path = systemd.STATE) -> list[Path]:
    """Return the stamps that systemd keeps of the timer's last run, for the machine and for this user."""
    data = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return [path for path in (state / STAMP, Path(data) / STAMP) if path.exists()]


def quiet(command: Command) -> int:
    """Run one command of the system without a word on the screen; 127 when it is not there."""
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode  # noqa: S603 - fixed words of ours
    except FileNotFoundError:
        return 127


def _task(home: Path, run: Runner = quiet) -> Plan | None:
    path = home / FOLDER / windows.FILE
    if not path.exists() or run(("schtasks", "/Query", "/TN", windows.NAME)):
        return None
    gone = ("schtasks", "/Delete", "/TN", windows.NAME, "/F")
    return Plan("windows", {path: b""}, install=(), before_removal=[gone])


def _user_units(environment: Mapping[str, str]) -> Path:
    settings = environment.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(settings) / "systemd" / "user"


def _starts(service: Path, home: Path) -> bool:
    try:
        text = service.read_text(encoding="utf-8")
    except OSError:
        return False
    names = {home, systemd.STATE / home.name if home.parent == systemd.PRIVATE else home}
    told = [line.strip().strip('"') for line in text.replace("Environment=", "\n").splitlines()]
    return any(f"FARANDOLE_AGENT_HOME={name}" in told for name in names)
