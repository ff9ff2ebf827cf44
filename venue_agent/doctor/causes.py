"""All that `doctor` can find wrong, each with its remedy; the table in the docs is this one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from venue_agent.doctor.causes_here import HERE
from venue_agent.doctor.causes_network import NETWORK
from venue_agent.doctor.finding import Cause, Finding, of_cause

CAUSES: Final[Mapping[str, Cause]] = MappingProxyType({**HERE, **NETWORK})


def ill(name: str, **facts: object) -> Finding:
    """Return the finding of the cause *name*, with the facts that its sentences ask for."""
    return of_cause(name, CAUSES[name], facts)
