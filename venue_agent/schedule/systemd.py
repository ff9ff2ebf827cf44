"""The service and the timer, as text: a user of its own, no right but to read exports and speak to two servers."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from venue_agent.credentials.key_stores import credential_name
from venue_agent.credentials.keys import SIGNING
from venue_agent.schedule.job import SPREAD_MINUTES, Job

SERVICE: Final = "venue-agent.service"
TIMER: Final = "venue-agent.timer"
USER: Final = "farandole-agent"
STATE: Final = Path("/var/lib")
PRIVATE: Final = STATE / "private"
ENCRYPTED: Final = Path("/etc/credstore.encrypted")
PLAIN: Final = Path("/etc/credstore")

ANYWHERE: Final = (
    "NoNewPrivileges=yes",
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@privileged",
    "SystemCallErrorNumber=EPERM",
    "UMask=0077",
)
"""What the manager of a single user can enforce too."""
SYSTEM: Final = (
    "CapabilityBoundingSet=",
    "AmbientCapabilities=",
    "KeyringMode=private",
    "PrivateDevices=yes",
    "PrivateIPC=yes",
    "PrivateTmp=yes",
    "PrivateUsers=yes",
    "ProcSubset=pid",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHome=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "ProtectSystem=strict",
    "RemoveIPC=yes",
)
"""What needs the system's own manager."""


def timer(job: Job) -> str:
    """Return the timer: every day at the job's time, spread, and caught up after a night without power."""
    return _unit(
        Unit=("Description=Farandole agent: every day",),
        Timer=(
            f"OnCalendar=*-*-* {job.at:%H:%M}:00",
            f"RandomizedDelaySec={SPREAD_MINUTES}min",
            "FixedRandomDelay=yes",  # the same minute every day: a log is easier to read
            "AccuracySec=1min",
            "Persistent=true",
        ),
        Install=("WantedBy=timers.target",),
    )


def service(job: Job, *, system: bool, credentials: Iterable[str] = ()) -> str:
    """Return the service that the timer starts.

    *system*: under a user that exists only while it runs (DynamicUser=), its folder below /var/lib.
    """
    name = job.home.name
    program, *words = job.command
    state = _quoted(str(PRIVATE / name))
    # What the administrator's own commands wrote there is handed to the service's user.
    owned = "/usr/bin/chown --recursive --no-dereference --from=root"
    own = (
        "DynamicUser=yes",
        f"User={USER}",
        f"StateDirectory={_escaped(name)}",
        "StateDirectoryMode=0700",
        *((f"SupplementaryGroups={job.group}",) if job.group else ()),
        f"ExecStartPre=+{owned} --reference={state} {state}",
        *credentials,
    )
    return _unit(
        Unit=(
            "Description=Farandole agent: daily round",
            *(("Wants=network-online.target", "After=network-online.target") if system else ()),
        ),
        Service=(
            "Type=oneshot",
            f"ExecStart={_quoted(program, variables=False)} {' '.join(map(_quoted, words))}",
            "Environment=" + _quoted(f"FARANDOLE_AGENT_HOME={job.home}", variables=False),
            f"Environment=FARANDOLE_LANG={job.language}",
            "TimeoutStartSec=6h",
            "Nice=10",
            "IOSchedulingClass=idle",
            "MemoryMax=3G",
            "TasksMax=256",
            *(own if system else ()),
            *ANYWHERE,
            *((*SYSTEM, *_reads(job)) if system else ()),
        ),
    )


def credentials(encrypted: Path = ENCRYPTED, plain: Path = PLAIN) -> tuple[str, ...]:
    """Return the line that hands over the signing key, when the machine holds it as a credential."""
    name = credential_name(SIGNING)
    if (encrypted / name).exists():
        return (f"LoadCredentialEncrypted={name}:{encrypted / name}",)
    if (plain / name).exists():
        return (f"LoadCredential={name}:{plain / name}",)
    return ()


def _reads(job: Job) -> list[str]:
    """Show the service the folders of exports that ProtectHome= would hide."""
    hidden = (Path("/home"), Path("/root"), Path("/run/user"))
    return [f"BindReadOnlyPaths={_quoted(str(folder))}" for folder in job.reads
            if any(folder.is_relative_to(place) for place in hidden)]  # fmt: skip


def _unit(**sections: Iterable[str]) -> str:
    return "\n".join("\n".join((f"[{name}]", *lines, "")) for name, lines in sections.items())


def _quoted(word: str, *, variables: bool = True) -> str:
    """Return *word* as systemd.syntax(7) reads it back; a command line replaces ``$`` too."""
    word = _escaped(word).replace("\\", "\\\\").replace('"', '\\"')
    if variables:
        word = word.replace("$", "$$")
    return f'"{word}"' if any(letter in word for letter in " '\"\\;") else word


def _escaped(word: str) -> str:
    return word.replace("%", "%%")
