"""Checks of what the agent was told and holds: its settings and its key."""

from collections.abc import Iterator
from typing import Final

from venue_agent.credentials.exposure import exposed_to, remedy
from venue_agent.credentials.key_stores import STORE_WORDS
from venue_agent.credentials.keys import SIGNING, Kept, stores
from venue_agent.doctor.causes import ill
from venue_agent.doctor.finding import Finding, well
from venue_agent.doctor.patient import Patient
from venue_agent.errors import AgentError, KeyExposed, KeyringUnusable
from venue_agent.words import _

SHOWN: Final = 16  # digits of a fingerprint


def settings(patient: Patient) -> Iterator[Finding]:
    """Check that the settings can be read and that the venue takes part."""
    config = patient.config
    if config is None:
        yield ill("not-joined", folder=patient.home.path)
    elif isinstance(config, AgentError):
        yield ill("settings-broken", error=config)
    elif patient.has_left:
        yield ill("left")
    else:
        told = _("venue {venue}, hub {hub}").format(venue=config.venue, hub=config.hub_url)
        yield well("settings", told)


def keys(patient: Patient) -> Iterator[Finding]:
    """Check that the signing key is there, is the agent's alone, and is one."""
    if patient.settings is None and patient.key is None:
        return  # `init` makes it
    yield _judge_key(patient)
    if isinstance(patient.key, Kept):
        yield from _doubled(patient, patient.key)


def _judge_key(patient: Patient) -> Finding:
    key = patient.key
    if key is None:
        return ill("key-missing", folder=patient.home.keys)
    if isinstance(key, KeyExposed):
        path = patient.home.keys / f"{SIGNING}.key"
        return ill("key-exposed", path=path, found=exposed_to(path), command=remedy(path))
    if isinstance(key, KeyringUnusable):
        return ill("keyring-silent", error=key.reason)
    if isinstance(key, AgentError):
        return ill("key-damaged", error=key)
    return well("keys", _("{store}: {place}, fingerprint {digest}…").format(
        store=_(STORE_WORDS[key.store]), place=key.place, digest=key.fingerprint[:SHOWN]))  # fmt: skip


def _doubled(patient: Patient, used: Kept) -> Iterator[Finding]:
    for store in stores(patient.home.keys, patient.environment).values():
        try:
            other = store.read(SIGNING)
        except AgentError:
            continue  # what is used works; another place that does not is none of today's worry
        if other is not None and other != used.secret:
            yield ill("key-twice", used=_(STORE_WORDS[used.store]), other=store.place(SIGNING))
