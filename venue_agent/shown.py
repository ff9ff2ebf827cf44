"""What the agent's commands show of their steps, of the charter and of a month, in words."""

import datetime as dt
from types import MappingProxyType
from typing import Final

from contracts.charter import Charter
from contracts.clock import parse_stamp
from contracts.visit import Purpose
from venue_agent.join import member_of
from venue_agent.spool import Packed
from venue_agent.words import _, mark, several

STEPS: Final = MappingProxyType(
    {
        "read": mark("Reading the export…"),
        "normalise": mark("Joining the records of one person…"),
        "consent": mark("Consent…"),
        "minimise": mark("Minimising…"),
        "pseudonymise": mark("Pseudonyms, with the custodian of keys…"),
        "pack": mark("Sealing…"),
        "push": mark("Sending…"),
    }
)
PURPOSES: Final = MappingProxyType(
    {
        Purpose.STATISTICS: mark("statistics"),
        Purpose.RECOMMENDATION: mark("recommendation"),
        Purpose.PARTNER_OFFERS: mark("offers of named partners"),
    }
)
STATES: Final = MappingProxyType(
    {
        "accepted": mark("received by the vault"),
        "refused": mark("refused by the vault"),
        "": mark("to be sent"),
    }
)


def step(name: str) -> str:
    """Return what the agent is doing at a step."""
    return _(STEPS[name]) if name in STEPS else name


def terms(charter: Charter, venue: str, now: dt.datetime) -> list[tuple[str, str]]:
    """Return the charter as pairs of a heading and what it says, for somebody to read before signing."""
    member = member_of(charter, venue)
    budget = charter.budgets[0]
    days = (parse_stamp(charter.expires) - now).days
    none = _("none")
    identifiers = several(
        "{count} declared identifier", "{count} declared identifiers", member.declared_identifiers
    )
    return [
        (_("Network"), _("{name} (revision {revision})").format(name=charter.name, revision=charter.revision)),
        (_("This venue"), f"{member.name}, {identifiers}"),
        (_("Members"), ", ".join(m.venue for m in charter.members)),
        (_("Controller"), f"{charter.controller.name}, {charter.controller.contact}"),
        (_("DPO"), f"{charter.dpo.name}, {charter.dpo.contact}"),
        (_("Hub"), f"{charter.hub.operator}, {charter.hub.url}"),
        (_("Custodian of keys"), f"{charter.custodian.operator}, {charter.custodian.url}"),
        (_("Purposes"), ", ".join(_(PURPOSES[purpose]) for purpose in charter.purposes)),
        (_("Named partners"), ", ".join(charter.partners) or none),
        (_("Fields that leave"), ", ".join(charter.fields)),
        (_("Dates"), _("to the day") if charter.date_granularity == "day" else _("to the week")),
        (_("Retention"), several("{count} month", "{count} months", charter.retention_months)),
        (_("Largest loss of privacy"), _("ρ {rho} per person and season").format(rho=f"{budget.total_rho_micro / 1e6:.3f}")),
        (_("Planned editions"), ", ".join(e.edition for e in charter.editions) or none),
        (_("Expires"), f"{day(charter.expires)} ({_in_days(days)})"),
    ]  # fmt: skip


def day(stamp: str) -> str:
    """Return the day of a wire instant as the reader writes days."""
    return f"{parse_stamp(stamp):{_('%Y-%m-%d')}}"


def moment(stamp: str) -> str:
    """Return a wire instant as the reader writes them, in UTC."""
    return f"{parse_stamp(stamp):{_('%Y-%m-%d %H:%M')}} UTC"


def month_state(packed: Packed) -> dict[str, str | int]:
    """Return one month of the spool, for machines: state is accepted, refused or waiting."""
    receipt = packed.receipt.receipt if packed.receipt else None
    return {
        "month": packed.month,
        "sequence": packed.commit.sequence,
        "state": receipt.state if receipt else "waiting",
        "opened": receipt.opened if receipt else "",
    }


def month_row(packed: Packed) -> tuple[str, str, str, str]:
    """Return one month of the spool in words: month, state, when it was opened, sequence."""
    receipt = packed.receipt.receipt if packed.receipt else None
    opened = moment(receipt.opened) if receipt else "–"
    state = _(STATES[receipt.state if receipt else ""])
    return packed.month, state, opened, str(packed.commit.sequence)


def _in_days(days: int) -> str:
    return several("in {count} day", "in {count} days", days) if days >= 0 else _("past")
