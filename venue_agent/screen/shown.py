"""What the agent's commands show of their steps, of the charter and of a month, in words."""

import datetime as dt
from types import MappingProxyType
from typing import Final

from contracts.charter import Charter
from contracts.clock import parse_stamp
from contracts.loss import MICRO, PICO, display_delta_pico, epsilon
from contracts.visit import (
    ACTIVATION_COLUMNS,
    ARM,
    EPCI,
    PARTNER_DISTANCE,
    VISIT_COLUMNS,
    person_columns,
)
from venue_agent.consents.purposes import in_words
from venue_agent.network.join import member_of
from venue_agent.outbox.spool import Packed
from venue_agent.words import VOICE, _, mark, several

STEPS: Final = MappingProxyType(
    {
        "read": mark("Reading the export…"),
        "normalise": mark("Joining the records of one person…"),
        "consent": mark("Consent…"),
        "minimise": mark("Minimising…"),
        "pseudonymise": mark("Pseudonyms, with the custodian of keys…"),
        "pack": mark("Sealing…"),
        "spool": mark("Writing down what was prepared…"),
        "push": mark("Sending…"),
        "score": mark("Scoring…"),
        "select": mark("Choosing…"),
    }
)
LABELS: Final = MappingProxyType(
    {
        "statistics": mark("consent to each purpose"),
        "recommendation": "",
        "partner_offers": "",
        "age_band": mark("age band"),
        "departement": mark("département"),
        EPCI: mark("group of communes"),
        "country": mark("country"),
        "subscriber": mark("subscription"),
        "qpv": mark("priority neighbourhood"),
        "event_id": mark("event"),
        "discipline": mark("discipline"),
        "event_date": mark("date"),
        "lead_days": mark("booking lead"),
        "channel": mark("sales channel"),
        "party_band": mark("size of the party"),
        "price_band": mark("price band"),
        "distance_band": mark("distance band"),
        "first_time_here": mark("first visit or not"),
        "satisfaction": mark("satisfaction"),
        "order": mark("partner’s request"),
        "arm": mark("written to, or left alone"),
        "day": mark("date of the selection"),
    }
)
FINER: Final = mark(
    "the group of communes is finer than the département: about 30,000 inhabitants against 500,000. Beside "
    "an age band and dates, few people may share a row's values; the hub keeps such rows, and publishes none"
)
"""What a group of communes tells, beside the département: said wherever somebody decides that it leaves."""
STATES: Final = MappingProxyType(
    {
        "accepted": mark("received by the vault"),
        "refused": mark("refused by the vault"),
        "": mark("not received by the vault yet"),
    }
)
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def step(name: str) -> str:
    """Return what the agent is doing at a step."""
    return _(STEPS[name]) if name in STEPS else name


def terms(charter: Charter, venue: str, now: dt.datetime) -> list[tuple[str, str]]:
    """Return the charter as pairs of a heading and what it says, for somebody to read before signing."""
    member = member_of(charter, venue)
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
        (_("Purposes"), ", ".join(in_words(purpose) for purpose in charter.purposes)),
        (_("Named partners"), ", ".join(charter.partners) or none),
        (_("What leaves of a person"), _labels(charter, person_columns(charter.fields))),
        (_("What leaves of a visit"), _labels(charter, VISIT_COLUMNS)),
        *_finer(charter),
        *_requests(charter),
        (_("Dates"), _("to the day") if charter.date_granularity == "day" else _("to the week")),
        (_("Retention"), several("{count} month", "{count} months", charter.retention_months)),
        (_("Largest loss of privacy"), _loss(charter)),
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


def month_row(packed: Packed) -> tuple[str, str, str]:
    """Return one month of the spool in words: month, state, when the vault opened it."""
    receipt = packed.receipt.receipt if packed.receipt else None
    opened = moment(receipt.opened) if receipt else "–"
    state = _(STATES[receipt.state if receipt else ""])
    return packed.month, state, opened


def _finer(charter: Charter) -> list[tuple[str, str]]:
    """Return what a charter that names the intercommunalité lets be known, for whoever signs it."""
    return [(_("Beware"), _(FINER))] if EPCI in charter.fields else []


def _requests(charter: Charter) -> list[tuple[str, str]]:
    """Return what leaves of a partner's request, where the charter lets it leave."""
    if ARM not in charter.fields:
        return []
    named = [_("random number"), *(_(LABELS[name]) for name in ACTIVATION_COLUMNS[1:])]
    if PARTNER_DISTANCE in charter.fields:
        named.append(_("whether the person lives as near to the partner as the request says"))
    return [(_("What leaves of a partner’s request"), ", ".join(named))]


def _labels(charter: Charter, columns: tuple[str, ...]) -> str:
    """Return the fields that the charter names among *columns*, in words, with the random numbers."""
    words = [_(LABELS[name]) for name in columns if name in charter.fields and LABELS.get(name)]
    first = [_("random number"), _("pseudonyms")] if "tokens" in columns else [_("random number")]
    return ", ".join((*first, *words))


def _loss(charter: Charter) -> str:
    budget = charter.budgets[0]
    delta = display_delta_pico(charter.persons_bound)
    return _("ρ {rho} per person and season (ε {epsilon} at δ {delta})").format(
        rho=VOICE.decimal(f"{budget.total_rho_micro / MICRO:.3f}"),
        epsilon=VOICE.decimal(f"{epsilon(budget.total_rho_micro, delta):.1f}"),
        delta=_power(delta),
    )


def _power(delta_pico: int) -> str:
    """Return δ as a digit and a power of ten: 2·10⁻⁶."""
    digit, exponent = f"{delta_pico / PICO:.0e}".split("e")
    return f"{digit}·10{str(int(exponent)).translate(_RAISED)}"


def _in_days(days: int) -> str:
    return several("in {count} day", "in {count} days", days) if days >= 0 else _("past")
