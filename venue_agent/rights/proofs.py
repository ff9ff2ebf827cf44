"""Shows the consent records to the DPO: all of them in a file, counts on a screen, one person's in an answer."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from contracts.charter import Charter
from contracts.clock import stamp
from venue_agent.config import source_of
from venue_agent.consents import record
from venue_agent.consents.purposes import in_words
from venue_agent.consents.record import CONTEXT, ENDED, GIVEN, REFUSED, STATES, Parties
from venue_agent.consents.register import Register, Run
from venue_agent.desk import Desk
from venue_agent.errors import NotJoined
from venue_agent.home.durable import write_private
from venue_agent.network.charters import kept_charter
from venue_agent.network.memory import Memory
from venue_agent.people.handles import Handles
from venue_agent.pipeline import Prepared
from venue_agent.words import _, mark

WORDS: Final = MappingProxyType(
    {GIVEN: mark("given"), REFUSED: mark("refused"), ENDED: mark("ended")}
)
MONTH_DAYS: Final = 31


def keep(desk: Desk, charter: Charter, prepared: Prepared) -> int:
    """Record what the last reading decided; return how many answers changed.

    Raises:
        StateDamaged: the records cannot be read.
    """
    now = desk.clock.now()
    mapping = source_of(desk.home, desk.config).mapping
    book = Handles(desk.home.state, desk.config.venue)
    oldest = now - dt.timedelta(days=MONTH_DAYS * charter.retention_months)
    run = Run(
        prepared.decisions, mapping.rules, frozenset(book.withdrawn()), stamp(now), stamp(oldest)
    )
    return Register(desk.home.path).keep(run)


def export(desk: Desk, out: Path) -> dict[str, Any]:
    """Write every record in *out*, mode 0600; return how many, and the states of their last answers.

    Raises:
        StateDamaged: the records cannot be read.
    """
    register, parties = Register(desk.home.path), _parties(desk)
    records, states = [], Counter[str]()
    for handle, events in register.events():
        records.append(record.record(handle, events, parties))
        last = {(e.purpose, e.partner, e.channel): e.state for e in events}
        states.update(WORDS[state] for state in last.values())
    notices = [record.notice(k, n, parties.venue) for k, n in register.notices().items()]
    whole = {"@context": dict(CONTEXT), "@graph": [*notices, *records]}
    write_private(out, json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n")
    return {"records": len(records), "texts": len(notices), "states": dict(states)}


def summary(desk: Desk) -> dict[str, Any]:
    """Return how many last answers each question has in each state, and every text with its version.

    Raises:
        StateDamaged: the records cannot be read.
    """
    register = Register(desk.home.path)
    last: Counter[tuple[str, str, str, str]] = Counter()
    for _handle, events in register.events():
        last.update(
            (*question, state)
            for question, state in {
                (e.purpose, e.partner, e.channel): e.state for e in events
            }.items()
        )
    names = ("purpose", "partner", "channel", "state", "count")
    return {
        "version": 1,
        "venue": desk.config.venue,
        "questions": [
            dict(zip(names, (*key, n), strict=True)) | {"words": WORDS[key[-1]]}
            for key, n in sorted(last.items())
        ],
        "notices": register.notices(),
    }


def of(desk: Desk, handles: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the consent record of each of *handles* that has one, whole, for an access request.

    Raises:
        StateDamaged: the records cannot be read.
    """
    register = Register(desk.home.path)
    found = list(register.events(handles))
    if not found:
        return {}
    parties, texts = _parties(desk), register.notices()
    told = {}
    for handle, events in found:
        shown = {event.notice: None for event in events if event.notice in texts}
        told[handle] = {
            "@context": dict(CONTEXT),
            **record.record(handle, events, parties),
            "dpv:hasNotice": [record.notice(k, texts[k], parties.venue) for k in shown],
        }
    return told


def told(record: dict[str, Any] | None) -> Iterator[str]:
    """Yield a consent record in words, a line for each question."""
    states = {term: WORDS[state] for state, term in STATES.items()}
    for process in (record or {}).get("dpv:hasProcess", ()):
        about = [in_words(process["dct:title"]), process.get("dpv:hasRecipient", "")]
        at = process.get("dpv:isIndicatedAtTime", {}).get("@value", "")
        yield _("Consent, {about}: {state}{at}").format(
            about=" · ".join(filter(None, about)),
            state=_(states[process["dpv:hasConsentStatus"]["@id"]]),
            at=f", {at[:10]}" if at else "",
        )


def _parties(desk: Desk) -> Parties:
    known = Memory(desk.home.path).known()
    charter = kept_charter(desk.home.path, known.charter_sha256) if known else None
    if charter is None:
        raise NotJoined(
            _("This venue has obeyed no charter yet: there is no consent record. Run `preview`.")
        )
    return Parties(
        venue=desk.config.venue,
        controller=charter.controller.name,
        contact=charter.dpo.contact,
        retention_months=charter.retention_months,
    )
