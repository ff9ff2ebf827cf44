"""Checks of partners' orders: the house's policy can be read, and no file of people stays longer than it says."""

import importlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from venue_agent.doctor.causes import ill
from venue_agent.doctor.finding import Finding, well
from venue_agent.doctor.patient import Patient, attempted
from venue_agent.errors import AgentError
from venue_agent.home.inventory import POLICY
from venue_agent.home.lists import AUDIENCES
from venue_agent.people.handles import Handles
from venue_agent.people.offers import Offers
from venue_agent.words import _, several


def audiences(patient: Patient) -> Iterator[Finding]:
    """Check policy and files; nothing to check where no order ever came and no policy was written."""
    home = patient.home
    if patient.settings is None or not ((home.path / POLICY).exists() or (home.path / AUDIENCES).exists()):  # fmt: skip
        return
    allowed = attempted(partial(_heavy("policy").load_policy, home))
    if isinstance(allowed, AgentError):
        yield ill("policy-broken", error=allowed, file=POLICY)
        return
    there: Any = _heavy("files")
    late: list[str] = []
    if (home.path / AUDIENCES).exists():
        offers = Offers(Handles(home.state, patient.settings.venue))
        late = there.old(home, offers, patient.clock.now())
    if late:
        yield ill("audience-files-old", count=len(late))
    else:
        yield well("audiences", _told(patient, len(allowed.partners)))


def _told(patient: Patient, partners: int) -> str:
    waiting = _heavy("waiting")
    found = waiting.open_orders(patient.home, patient.settings.venue, patient.clock) if patient.settings else ()  # fmt: skip
    none = _("the policy allows no partner")
    count = several("{count} partner allowed", "{count} partners allowed", partners)
    return " · ".join(filter(None, (count if partners else none, waiting.sentence(len(found)))))


def _heavy(module: str) -> Any:
    return importlib.import_module(f"venue_agent.audiences.{module}")
