"""What is written where, and which commands the system is given: the same to print, to run and to take back."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from venue_agent.errors import ConfigError
from venue_agent.schedule import systemd, windows
from venue_agent.schedule.job import Job, folders_of
from venue_agent.words import _

FOLDER: Final = "schedule"
UNITS: Final = Path("/etc/systemd/system")
_HIDDEN: Final = (Path("/home"), Path("/root"), Path("/run/user"))

Command = tuple[str, ...]
Runner = Callable[[Command], int]


@dataclass(frozen=True)
class Plan:
    """Files by the place that the system reads them from, and the commands before and after."""

    kind: str  # "system", "user" or "windows"
    files: Mapping[Path, bytes]
    install: Sequence[Command]
    before_removal: Sequence[Command]
    after_removal: Sequence[Command] = ()
    hint: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether the files stand where the system reads them."""
        return all(path.exists() for path in self.files)

    def do(self, run: Runner) -> None:
        """Write the files and give the system its commands.

        Raises:
            ConfigError: the system refuses one of them.
        """
        for path, data in self.files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(0o644 if self.kind == "system" else 0o600)
        for command in self.install:
            _done(command, run)

    def undo(self, run: Runner) -> bool:
        """Stop the timer and remove its files; return whether there was anything."""
        if not any(path.exists() for path in self.files):
            return False
        for command in self.before_removal:
            run(command)  # it may be stopped already
        for path in self.files:
            path.unlink(missing_ok=True)
        for command in self.after_removal:
            run(command)
        return True


def plan_of(job: Job) -> Plan:
    """Return the plan for the system that the agent runs on, and for whoever runs it.

    Raises:
        ConfigError: a service of the system could not reach the program or the folder; says how to.
    """
    if os.name == "nt":
        return for_windows(job)
    return for_system(job) if os.geteuid() == 0 else for_user(job)


def for_system(job: Job, units: Path = UNITS) -> Plan:
    """Return the service under its own passing user; raises as ``plan_of``."""
    home = _state_folder(job.home)
    _refuse_hidden(job)
    here = Job(job.program, home, job.at, job.language, job.reads, job.group)
    text = systemd.service(here, system=True, credentials=systemd.credentials())
    return Plan(
        "system",
        {units / systemd.SERVICE: text.encode(), units / systemd.TIMER: systemd.timer(job).encode()},
        install=[("systemctl", "daemon-reload"), ("systemctl", "enable", "--now", systemd.TIMER)],
        before_removal=[("systemctl", "disable", "--now", systemd.TIMER)],
        after_removal=[("systemctl", "daemon-reload")],
    )  # fmt: skip


def for_user(job: Job, units: Path | None = None) -> Plan:
    """Return the units of one user, who must be allowed to linger while nobody is logged in."""
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    place = units or settings / "systemd" / "user"
    text = systemd.service(job, system=False)
    own = ("systemctl", "--user")
    return Plan(
        "user",
        {place / systemd.SERVICE: text.encode(), place / systemd.TIMER: systemd.timer(job).encode()},
        install=[
            (*own, "daemon-reload"),
            (*own, "enable", "--now", systemd.TIMER),
            ("loginctl", "enable-linger"),
        ],
        before_removal=[(*own, "disable", "--now", systemd.TIMER)],
        after_removal=[(*own, "daemon-reload")],
    )  # fmt: skip


def for_windows(job: Job) -> Plan:
    """Return the task; ``schtasks`` asks for the password of the account it runs under."""
    path = job.home / FOLDER / windows.FILE
    account = f"{os.environ.get('USERDOMAIN', '.')}\\{os.environ.get('USERNAME', '')}"
    created = ("schtasks", "/Create", "/TN", windows.NAME, "/XML", str(path))
    return Plan(
        "windows",
        {path: windows.task(job)},
        install=[(*created, "/RU", account, "/RP", "*", "/F")],
        before_removal=[("schtasks", "/Delete", "/TN", windows.NAME, "/F")],
    )


def start(command: Command) -> int:
    """Run one command of the system; 127 when it is not there."""
    try:
        return subprocess.run(command, check=False).returncode  # noqa: S603 - fixed words of ours
    except FileNotFoundError:
        return 127


def _done(command: Command, run: Runner) -> None:
    code = run(command)
    if code:
        raise ConfigError(
            _("`{command}` ended with {code}. The files are in place; mend it and run it again.").format(
                command=" ".join(command), code=code
            )
        )  # fmt: skip


def _state_folder(home: Path) -> Path:
    """Return the home as a service with StateDirectory= sees it: directly below /var/lib."""
    if home.parent == systemd.PRIVATE:
        home = systemd.STATE / home.name
    if home.parent != systemd.STATE:
        raise ConfigError(
            _(
                "A service of the system keeps its folder below /var/lib, and {home} is not there. "
                "Move it to /var/lib/farandole-agent and give it by --home, or schedule the agent "
                "as its own user instead of root."
            ).format(home=home)
        )
    return home


def _refuse_hidden(job: Job) -> None:
    hidden = [f for f in folders_of(job.program) if any(f.is_relative_to(h) for h in _HIDDEN)]
    if hidden:
        raise ConfigError(
            _(
                "The agent is installed in {folder}, where a service of the system may not look. "
                "Install it for the whole machine (the Debian package, or UV_TOOL_DIR=/opt/farandole "
                "uv tool install …), or schedule it as its own user instead of root."
            ).format(folder=hidden[0])
        )
