"""What one check says: well, a warning, a failure with its remedy, or not checked."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from venue_agent.words import _, mark


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


CHECKS: Final = MappingProxyType(
    {
        "versions": mark("versions"),
        "folder": mark("folder"),
        "disk": mark("disk"),
        "settings": mark("settings"),
        "keys": mark("keys"),
        "proxy": mark("proxy"),
        "line": mark("line"),
        "tls": mark("TLS"),
        "clock": mark("clock"),
        "hub": mark("hub"),
        "charter": mark("charter"),
        "chain": mark("chain of the hub"),
        "custodian": mark("custodian"),
        "quota": mark("quota"),
        "mapping": mark("mapping"),
        "export": mark("export"),
        "consent": mark("consent"),
        "catalogue": mark("catalogue"),
        "audiences": mark("partners' orders"),
        "schedule": mark("schedule"),
    }
)
"""Every check, in the order in which it is made, by the name that the screen shows."""


@dataclass(frozen=True)
class Cause:
    """One thing that can be wrong: how it shows, what was expected, and what to type or whom to call."""

    check: str
    state: State
    found: str
    expected: str
    remedy: str


@dataclass(frozen=True)
class Finding:
    """What one check found; whatever is wrong carries its remedy."""

    check: str
    state: State
    found: str
    cause: str = ""
    expected: str = ""
    remedy: str = ""

    def __post_init__(self) -> None:
        """Refuse a failure or a warning that leaves the reader alone with it."""
        if self.state in (State.FAILED, State.WARNING) and not (self.expected and self.remedy):
            raise ValueError(f"{self.check}: what is wrong needs what was expected and a remedy")

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self) | {"state": self.state.value}


def well(check: str, found: str) -> Finding:
    """Return that all is well, and what was seen."""
    return Finding(check, State.OK, found)


def skipped(check: str, why: str) -> Finding:
    """Return that nothing could be checked, and why."""
    return Finding(check, State.SKIPPED, why)


def of_cause(name: str, cause: Cause, facts: dict[str, object]) -> Finding:
    """Return the finding of a cause, in the language spoken, with the facts of this machine."""
    told = {key: str(value) for key, value in facts.items()}
    said = (_(text).format(**told) for text in (cause.found, cause.expected, cause.remedy))
    found, expected, remedy = said
    return Finding(cause.check, cause.state, found, name, expected, remedy)
