"""Writes a person's answers as a consent record of ISO/IEC TS 27560, with terms of the W3C's DPV.

The shape is that of the DPVCG's guide (w3id.org/dpv/guides/consent-27560): what the record is, whose data
and who decides, then one process per purpose with its text, its state and the instant of its event.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from contracts.visit import Purpose

CONTEXT: Final = MappingProxyType(
    {
        "dct": "http://purl.org/dc/terms/",
        "dpv": "https://w3id.org/dpv#",
        "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        "loc": "https://w3id.org/dpv/loc#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
SCHEMA: Final = "https://w3id.org/dpv/schema/dpv-27560#record"
PURPOSES: Final = MappingProxyType(
    {
        Purpose.STATISTICS.value: "dpv:ServiceUsageAnalytics",
        Purpose.RECOMMENDATION.value: "dpv:ProvideEventRecommendations",
        Purpose.PARTNER_OFFERS.value: "dpv:DirectMarketing",
    }
)
GIVEN: Final = "given"
REFUSED: Final = "refused"
ENDED: Final = "ended"
STATES: Final = MappingProxyType(
    {
        GIVEN: "dpv:ConsentGiven",
        REFUSED: "dpv:ConsentRefused",
        ENDED: "dpv:ConsentStatusInvalidForProcessing",
    }
)
"""``ended``: nothing of hers may be sent any more, whichever rule says so: withdrawal, objection, lapse…"""


@dataclass(frozen=True)
class Parties:
    """Who decides, as the charter says, and for how long; the venue itself is one of them."""

    venue: str
    controller: str
    contact: str  # of the charter's DPO: where consent is withdrawn
    retention_months: int


@dataclass(frozen=True)
class Event:
    """One answer: what about, its state, when it was given, by which text, and when it was recorded."""

    handle: str
    purpose: str
    partner: str
    channel: str
    state: str
    at: str  # as the file dates it; "" undated
    notice: str
    recorded: str


def record(handle: str, events: Iterable[Event], parties: Parties) -> dict[str, Any]:
    """Return the consent record of *handle* as JSON-LD, without its context; *events* oldest first.

    The last event of a question is its state; the earlier ones are its history.
    """
    kept = list(events)
    asked = list(dict.fromkeys((e.purpose, e.partner, e.channel) for e in kept))
    return {
        "@id": _urn(parties.venue, "consent", handle),
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": {"@id": SCHEMA},
        "dct:identifier": handle,
        "dct:created": _instant(min((e.recorded for e in kept), default="")),
        "dct:modified": _instant(max((e.recorded for e in kept), default="")),
        "dpv:hasDataSubject": {"@id": _urn(parties.venue, "person", handle)},
        "dpv:hasDataController": [{"@id": f"urn:farandole:{parties.venue}"}, parties.controller],
        "dpv:hasContact": parties.contact,
        "dpv:hasJurisdiction": {"@id": "loc:FR"},
        "dpv:hasLegalBasis": {"@id": "eu-gdpr:A6-1-a"},
        "dpv:hasPersonalData": {"@id": "dpv:PseudonymisedData"},
        "dpv:hasStorageCondition": {
            "@type": "dpv:StorageDuration",
            "dpv:hasDuration": {
                "@type": "xsd:duration",
                "@value": f"P{parties.retention_months}M",
            },
        },
        "dpv:hasProcess": [
            _process([e for e in kept if (e.purpose, e.partner, e.channel) == one], parties)
            for one in asked
        ],
    }


def notice(key: str, told: Mapping[str, Any], venue: str) -> dict[str, Any]:
    """Return the text that people saw, in one of its versions, as JSON-LD."""
    return {
        "@id": _urn(venue, "notice", key),
        "@type": "dpv:ConsentNotice",
        "dct:identifier": key,
        "dct:description": told["text"],
        "dct:source": told["source"],
        "dct:created": _instant(told["since"]),
        "dpv:hasPurpose": [{"@id": PURPOSES[p]} for p in told["grants"] or told["denies"]],
        "dpv:hasRecipient": told["partners"],
    }


def _process(events: list[Event], parties: Parties) -> dict[str, Any]:
    last, history = events[-1], events[:-1]
    told: dict[str, Any] = {
        "@type": "dpv:Process",
        "dct:title": last.purpose,
        "dpv:hasPurpose": {"@id": PURPOSES[last.purpose]},
        **_state(last, parties),
    }
    if last.partner:
        told |= {"dpv:hasRecipient": last.partner, "dpv:hasCommunicationMechanism": last.channel}
    if history:
        told["dct:replaces"] = [_state(event, parties) for event in history]
    return told


def _state(event: Event, parties: Parties) -> dict[str, Any]:
    told: dict[str, Any] = {
        "dpv:hasConsentStatus": {"@id": STATES[event.state]},
        "dct:dateSubmitted": _instant(event.recorded),
    }
    if event.state in (GIVEN, REFUSED):
        told["dpv:isIndicatedBy"] = {"@id": "dpv:DataSubject"}
    if event.at:
        told["dpv:isIndicatedAtTime"] = _instant(event.at)
    if event.notice:
        told["dpv:hasNotice"] = {"@id": _urn(parties.venue, "notice", event.notice)}
    return told


def _instant(text: str) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": text}


def _urn(venue: str, kind: str, key: str) -> str:
    return f"urn:farandole:{venue}:{kind}:{key}"
