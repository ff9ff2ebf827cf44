"""Goes through every check in order; one that breaks does not keep the others from being made."""

from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Final

from venue_agent.doctor import audiences, exports, line, machine, network, schedule, settings
from venue_agent.doctor.causes import ill
from venue_agent.doctor.finding import Finding
from venue_agent.doctor.patient import Patient
from venue_agent.errors import AgentError

Check = Callable[[Patient], Iterator[Finding]]

VISIT: Final = MappingProxyType(
    {
        "versions": machine.versions,
        "folder": machine.folder,
        "disk": machine.disk,
        "settings": settings.settings,
        "keys": settings.keys,
        "line": line.line,
        "clock": line.clock,
        "hub": network.hub,
        "charter": network.charter,
        "chain": network.chain,
        "custodian": network.custodian,
        "quota": network.quota,
        "mapping": exports.mapping,
        "export": exports.export,
        "consent": exports.consent,
        "catalogue": exports.catalogue,
        "audiences": audiences.audiences,
        "schedule": schedule.schedule,
    }
)
"""Each check by its name; ``line`` also finds what is wrong with proxy and certificates."""
WITHOUT_FOLDER: Final = frozenset({"line", "clock"})
"""What can still be checked where there is no folder to look into."""


def visit(patient: Patient) -> Iterator[Finding]:
    """Yield what every check finds, as it is found."""
    closed = False
    for name, check in VISIT.items():
        if closed and name not in WITHOUT_FOLDER:
            continue
        for finding in _guarded(name, check, patient):
            closed |= finding.cause in ("folder-missing", "folder-closed")
            yield finding


def _guarded(name: str, check: Check, patient: Patient) -> Iterator[Finding]:
    try:
        yield from check(patient)
    except AgentError as error:
        yield ill("check-broken", what=name, error=error)
    except Exception as error:  # noqa: BLE001 - the one that looks for what is wrong must not end by it
        yield ill("check-broken", what=name, error=type(error).__name__)
