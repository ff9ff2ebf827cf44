"""Checks of what hub and custodian say: charter, chain, season key, quota; held against what this venue knows, and not remembered."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from contracts.api import SMALLEST_REQUEST, Counters
from contracts.charter import Charter, SignedCharter
from contracts.charter_check import (
    CharterError,
    Expired,
    NotYetValid,
    SignatureMissing,
    charter_hash,
    verify_signed,
)
from contracts.clock import parse_stamp
from contracts.seal import fingerprint, signing_public
from venue_agent.credentials.keys import Kept
from venue_agent.doctor.causes import ill
from venue_agent.doctor.finding import Finding, skipped, well
from venue_agent.doctor.line import UNANSWERED
from venue_agent.doctor.patient import Patient, attempted
from venue_agent.errors import (
    AgentError,
    CharterRefused,
    CheckpointRefused,
    ClockOff,
    CustodianRefused,
    FingerprintMismatch,
    HubDown,
    StateDamaged,
)
from venue_agent.network.client import check_fingerprint
from venue_agent.network.memory import Known, Memory
from venue_agent.words import _, mark, number, say

SHOWN: Final = 16
SOON_DAYS: Final = 30
LOW: Final = 10
"""One part in so many of a quota is little."""
NO_CHARTER: Final = mark("not checked: no charter")
_NOT_FOUND: Final = ("not-found", "unknown")


def hub(patient: Patient) -> Iterator[Finding]:
    """Check that the hub answers, and is the one that this venue joined."""
    if patient.settings is None:
        return
    if patient.hub is None:
        yield skipped("hub", _(UNANSWERED) if isinstance(patient.key, Kept) else _("not checked: no key"))  # fmt: skip
        return
    signed = patient.signed
    if isinstance(signed, ClockOff):
        yield skipped("hub", _("not checked: the clock comes first"))
    elif isinstance(signed, HubDown):
        yield ill("hub-down", error=signed, contact=patient.contact)
    elif isinstance(signed, AgentError):
        yield ill("hub-odd", error=signed, url=patient.hub_url)
    else:
        expected = patient.settings.hub_fingerprint
        yield judge_fingerprint(signed.charter.hub.signing_key if signed else "", expected)


def judge_fingerprint(key: str, expected: str) -> Finding:
    """Judge the hub's public key (hex; "" while it shows none) against the fingerprint confirmed at joining."""
    if not key:
        return well("hub", _("answers"))
    found = fingerprint(key)
    try:
        check_fingerprint(found, expected)
    except FingerprintMismatch:
        return ill("fingerprint-other", found=found[:SHOWN], expected=expected[:SHOWN])
    return well("hub", _("answers, fingerprint {found}…").format(found=found[:SHOWN]))


def charter(patient: Patient) -> Iterator[Finding]:
    """Check that the charter is in force, signed by all, names this venue's key, and say whether it changed."""
    signed, key = patient.signed, patient.key
    if patient.settings is None:
        return
    if patient.hub is None or isinstance(signed, AgentError) or not isinstance(key, Kept):
        yield skipped("charter", _(UNANSWERED))
        return
    if signed is None:
        yield ill("charter-none")
        return
    venue, contact = patient.settings.venue, patient.contact
    broken = judge_charter(signed, venue, patient.clock.now(), contact) or judge_member(
        signed.charter, venue, signing_public(key.secret), contact
    )
    yield broken or judge_change(signed.charter, patient.known, patient.clock.now(), contact)


def judge_charter(
    signed: SignedCharter, venue: str, now: dt.datetime, contact: str
) -> Finding | None:
    """Return what keeps the charter from being in force; None when it is."""
    try:
        verify_signed(signed, now)
    except (Expired, NotYetValid) as error:
        return ill("charter-over", error=say(error), contact=contact)
    except SignatureMissing as error:
        if error.venue == venue:
            return ill("charter-unsigned", revision=signed.charter.revision)
        return ill("charter-waits", error=say(error), contact=contact)
    except CharterError as error:
        return ill("charter-broken", error=say(error), contact=contact)
    return None


def judge_member(shown: Charter, venue: str, key: str, contact: str) -> Finding | None:
    """Return whether the charter names another key than this venue's own (public, hex)."""
    named = {member.venue: member.signing_key for member in shown.members}.get(venue, "")
    if named == key:
        return None
    found = fingerprint(named)[:SHOWN] if named else "–"
    return ill("charter-stranger", found=found, expected=fingerprint(key)[:SHOWN], contact=contact)


def judge_change(
    shown: Charter, known: Known | AgentError | None, now: dt.datetime, contact: str
) -> Finding:
    """Judge a charter in force against the last one that was obeyed."""
    if isinstance(known, Known) and known.charter_sha256 != charter_hash(shown):
        if shown.revision <= known.revision:
            return ill("charter-back", found=shown.revision, expected=known.revision, contact=contact)  # fmt: skip
        return ill("charter-changed", found=shown.revision, before=known.revision)
    end = parse_stamp(shown.expires)
    days = (end - now).days
    if days < SOON_DAYS:
        return ill("charter-soon", day=f"{end:%Y-%m-%d}", days=days, least=SOON_DAYS, contact=contact)  # fmt: skip
    return well("charter", _("revision {revision}, signed by {count} venues, until {day}").format(
        revision=shown.revision, count=len(shown.members), day=f"{end:%Y-%m-%d}"))  # fmt: skip


def chain(patient: Patient) -> Iterator[Finding]:
    """Check that the hub's chain goes on from the head that is kept here."""
    if patient.settings is None:
        return
    if isinstance(patient.known, StateDamaged):
        yield ill("memory-damaged", error=patient.known, contact=patient.contact)
        return
    if patient.hub is None or not isinstance(patient.signed, SignedCharter):
        yield skipped("chain", _(NO_CHARTER) if patient.hub else _(UNANSWERED))
        return
    seen = attempted(lambda: Memory(patient.home.path).look(patient.hub, patient.signed.charter))  # type: ignore[arg-type,union-attr]
    if isinstance(seen, CharterRefused):
        yield skipped("chain", _("not checked: the charter comes first"))
    elif isinstance(seen, CheckpointRefused):
        yield ill("chain-forked", error=seen, contact=patient.contact)
    elif isinstance(seen, AgentError):
        yield skipped("chain", _(UNANSWERED))
    elif seen.checkpoint is None:
        yield well("chain", _("the hub shows no head yet"))
    else:
        told = _("goes on from the head kept here, up to entry {sequence}")
        yield well("chain", told.format(sequence=number(seen.checkpoint.checkpoint.sequence)))


def custodian(patient: Patient) -> Iterator[Finding]:
    """Check that the custodian answers, and that its season key is the charter's."""
    if patient.settings is None:
        return
    if patient.custodian is None:
        yield skipped("custodian", _(UNANSWERED))
        return
    found = attempted(patient.custodian.keys)
    if isinstance(found, AgentError):
        yield ill("custodian-silent", error=found, contact=patient.custodian_contact)
    elif not isinstance(patient.signed, SignedCharter):
        yield skipped("custodian", _(NO_CHARTER))
    else:
        shown = patient.signed.charter
        yield judge_season_key(shown, found.season_keys.get(shown.pseudonym_season, ""), patient.contact)  # fmt: skip


def judge_season_key(shown: Charter, key: str, contact: str) -> Finding:
    """Judge the custodian's public key of the season (hex) against the one that the members signed."""
    season = shown.pseudonym_season
    expected = shown.custodian.season_keys[season]
    if key != expected:
        return ill("custodian-other", season=season, found=key[:SHOWN] or "–", expected=expected[:SHOWN], contact=contact)  # fmt: skip
    return well("custodian", _("{operator}: the key of {season} is the charter's").format(operator=shown.custodian.operator, season=season))  # fmt: skip


def quota(patient: Patient) -> Iterator[Finding]:
    """Check what is left of the quota at the custodian, of the season and of the day."""
    if patient.settings is None:
        return
    if patient.custodian is None:
        yield skipped("quota", _(UNANSWERED))
        return
    counters = attempted(patient.custodian.counters)
    if isinstance(counters, CustodianRefused) and counters.problem in _NOT_FOUND:
        yield skipped("quota", _("not checked: this custodian does not tell what is left"))
    elif isinstance(counters, CustodianRefused):
        yield ill("not-enrolled", contact=patient.custodian_contact)
    elif isinstance(counters, AgentError):
        yield skipped("quota", _(UNANSWERED))
    else:
        yield judge_quota(counters, patient.custodian_contact)


def judge_quota(counters: Counters, contact: str) -> Finding:
    """Judge what is left, in identifiers: of the newest season first, then of today."""
    seasons = [each for each in counters.seasons if each.use == "linkage"]
    if not seasons:
        return ill("not-enrolled", contact=contact)
    newest = max(seasons, key=lambda each: each.season)
    left = newest.cap - newest.spent
    told = {"left": number(left), "cap": number(newest.cap), "season": newest.season}
    if left < SMALLEST_REQUEST:
        return ill("quota-out", least=SMALLEST_REQUEST, contact=contact, **told)
    if left * LOW < newest.cap:
        return ill("quota-low", contact=contact, **told)
    if counters.day_cap - counters.day_spent < SMALLEST_REQUEST:
        return ill("quota-day", spent=number(counters.day_spent), cap=number(counters.day_cap))
    today = number(min(left, counters.day_cap - counters.day_spent))
    return well("quota", _("{left} identifiers left of {cap} for {season}, at most {today} today").format(today=today, **told))  # fmt: skip
