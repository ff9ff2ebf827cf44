"""What the administration shows of the network and of proposals, in words; it reads the control database alone."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from contracts.base import canonical
from contracts.charter import Charter
from contracts.clock import stamp
from contracts.seal import fingerprint
from hub.people.states import Kind
from hub.store import charters, editions, members, people, proposals
from hub.store.database import Control
from hub.store.proposals import Proposal
from hub.store.transaction import Reading
from hub.web.charter_changes import changes
from hub.web.labels import Labels
from hub.web.tongue import Tongue
from hub.web.words import said
from hub.web.words.charter import WORDS

MICRO: Final = 1_000_000


@dataclass(frozen=True)
class Member:
    """One venue: its name, what it appears in, its key's fingerprint, and whether it signed the newest charter."""

    venue: str
    name: str
    cluster: str
    key: str
    signed: bool
    in_charter: bool


@dataclass(frozen=True)
class Planned:
    """One edition of the charter's calendar and how far it is."""

    edition: str
    title: str
    period: str
    state: str
    measures: int


@dataclass(frozen=True)
class Purse:
    """One scope of the ledger, in ρ."""

    scope: str
    cap: str
    spent: str
    left: str


@dataclass(frozen=True)
class NetworkTold:
    """Everything that the administration shows of the network."""

    revision: int | None
    in_force: bool
    members: tuple[Member, ...]
    hub_key: str
    vault_key: str
    custodian_key: str
    calendar: tuple[Planned, ...]
    purses: tuple[Purse, ...]


def network_told(control: Control, tongue: Tongue) -> NetworkTold:
    """Return the network as the newest charter and the store tell it."""
    published = control.published()
    draft, force = published.draft(), published.charter()
    with control.reading() as reading:
        keys = members.member_keys(reading)
        charter = draft.charter if draft else None
        planned = [one.edition for one in charter.editions] if charter else []
        states = {one: editions.state(reading, one) or "to-come" for one in planned}
    hub = charter.hub if charter else None
    return NetworkTold(
        revision=charter.revision if charter else None,
        in_force=draft is not None and force == draft,
        members=_members(charter, keys, {s.venue for s in draft.signatures} if draft else set()),
        hub_key=fingerprint(hub.signing_key) if hub else "",
        vault_key=hub.vault_key[:16] if hub else "",
        custodian_key=fingerprint(charter.custodian.signing_key) if charter else "",
        calendar=_calendar(charter, states, tongue),
        purses=tuple(
            Purse(
                b.scope,
                tongue.decimal(b.cap_rho_micro / MICRO, 6),
                tongue.decimal(b.spent_rho_micro / MICRO, 6),
                tongue.decimal((b.cap_rho_micro - b.spent_rho_micro) / MICRO, 6),
            )
            for b in published.budgets()
        ),
    )


def _members(charter: Charter | None, keys: dict[str, str], signed: set[str]) -> tuple[Member, ...]:
    named = {m.venue: m.name for m in charter.members} if charter else {}
    inside = {v: c.name for c in charter.clusters for v in c.venues} if charter else {}
    return tuple(
        Member(
            venue=venue,
            name=named.get(venue, venue),
            cluster=inside.get(venue, ""),
            key=fingerprint(keys[venue]) if venue in keys else "",
            signed=venue in signed,
            in_charter=venue in named,
        )
        for venue in sorted({*named, *keys})
    )


def _calendar(
    charter: Charter | None, states: dict[str, str], tongue: Tongue
) -> tuple[Planned, ...]:
    if charter is None:
        return ()
    return tuple(
        Planned(
            edition=one.edition,
            title=one.title,
            period=tongue.phrases["period"].format(
                first=tongue.day(one.first_day), last=tongue.day(one.last_day)
            ),
            state=states[one.edition],
            measures=len(one.measures),
        )
        for one in charter.editions
    )


@dataclass(frozen=True)
class ProposalTold:
    """One proposal in words: ``lines`` say what it would change."""

    proposal: str
    kind: Kind
    subject: str
    lines: tuple[str, ...]
    by: str
    at: str
    mine: bool
    state: str
    decided_by: str


@dataclass(frozen=True)
class ProposalsTold:
    """What waits and what was decided."""

    waiting: tuple[ProposalTold, ...]
    decided: tuple[ProposalTold, ...]


def proposals_told(reading: Reading, me: str, now: dt.datetime, labels: Labels) -> ProposalsTold:
    """Return the proposals as somebody signed in reads them: with the addresses of the others."""
    names = {p.person: p.email for p in people.everybody(reading)}

    def told(one: Proposal) -> ProposalTold:
        subject, lines = _subject(reading, one, labels)
        return ProposalTold(
            proposal=one.proposal,
            kind=one.kind,
            subject=subject,
            lines=lines,
            by=names.get(one.proposed_by, one.proposed_by),
            at=labels.tongue.day(one.proposed_at[:10]),
            mine=one.proposed_by == me,
            state=one.state,
            decided_by=names.get(one.decided_by or "", one.decided_by or ""),
        )

    return ProposalsTold(
        waiting=tuple(told(one) for one in proposals.waiting(reading, stamp(now))),
        decided=tuple(told(one) for one in proposals.decided(reading)),
    )


def _subject(reading: Reading, one: Proposal, labels: Labels) -> tuple[str, tuple[str, ...]]:
    if one.kind is Kind.CAP:
        cap = labels.tongue.decimal(one.body["cap_rho_micro"] / MICRO, 6)
        return f"{one.body['scope']} · ρ = {cap}", ()
    if one.kind is Kind.FAMILY:
        measure = one.body["measure"]
        return labels.tongue.measures.get(measure, (measure, ""))[0], ()
    proposed = Charter.model_validate_json(canonical(one.body))
    force = charters.in_force(reading)
    words = said(WORDS, labels.tongue)
    told = changes(force.charter if force else None, proposed)
    lines = tuple(
        f"{words[f'part_{c.part}']} {c.subject} : {c.before or '–'} → {c.after or '–'}"
        for c in told
    )
    return str(proposed.revision), lines
