"""Three houses, three partners, and the people who speak for them, over one control database."""

import datetime as dt
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from contracts.base import canonical
from contracts.catalogue import Catalogue
from contracts.charter import Charter
from contracts.clock import FixedClock
from contracts.order import Request
from hub import audience_desk
from hub.people.roles import Grant
from hub.store import audiences, inbox, people
from hub.store.audiences import Kept
from hub.store.database import Control, open_control
from hub.store.people import Person
from tests.support.control_world import CLOCK, VENUES, charter, settle
from tests.support.orders import PARTNER, request_plain

PARTNERS = (PARTNER, "festival-du-nord", "scene-libre")
PROGRAM = "a-program"
FIRST, LAST, EXPIRES = "2025-10-01", "2025-11-30", "2025-12-31T00:00:00Z"


@cache
def _migrated() -> bytes:
    """A control database's file, migrated once: migrating is slow."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "control.sqlite"
        control = open_control(f"sqlite:///{file}")
        control.migrate()
        control.close()
        return file.read_bytes()


def fresh(file: Path) -> Control:
    """A control database of its own, on SQLite."""
    file.write_bytes(_migrated())
    return open_control(f"sqlite:///{file}")


def network(**changes: Any) -> Charter:
    plain = charter().model_dump(mode="json")
    plain |= {
        "purposes": ["statistics", "partner_offers"],
        "partners": list(PARTNERS),
        "fields": ["age_band", "discipline", "event_id"],
    }
    return Charter.model_validate_json(canonical(plain | changes))


def opened(control: Control, **changes: Any) -> Charter:
    """Put a charter in force, with one house's catalogue of two events, one of which is sensitive."""
    terms = network(**changes)
    settle(control, terms)
    events = [
        {"event": "le-lac", "title": "Le Lac", "discipline": "dance"},
        {"event": "la-foi", "title": "La Foi", "discipline": "dance", "sensitive": True},
    ]
    with control.transaction(CLOCK) as tx:
        inbox.save_catalogue(
            tx, Catalogue.model_validate_json(canonical({"venue": VENUES[0], "events": events}))
        )
        tx.commit()
    return terms  # fmt: skip


def asked(name: str = "demande-1", partner: str = PARTNER, **changes: Any) -> Request:
    plain = request_plain(
        request=name,
        partner=partner,
        sources=[],
        codes={},
        first_day=FIRST,
        last_day=LAST,
        expires=EXPIRES,
    )
    return Request.model_validate_json(canonical(plain | changes))  # fmt: skip


def submitted(control: Control, terms: Charter, request: Request, at: FixedClock = CLOCK) -> Kept:
    """Write, estimate and submit a request as a partner's program does."""
    with control.transaction(at) as tx:
        kept = audience_desk.write(tx, request, terms, by=PROGRAM)
        audience_desk.estimate(tx, kept, by=PROGRAM)
        kept = audience_desk.of_partner(tx, request.partner, request.request)
        kept = audience_desk.submit(tx, kept, terms, by=PROGRAM)
        tx.commit()
    return kept


def somebody(control: Control, email: str, *grants: Grant) -> Person:
    with control.transaction(CLOCK) as tx:
        found = people.add(tx, email, grants)
        tx.commit()
    return found


def later(days: int) -> FixedClock:
    return FixedClock(CLOCK.now() + dt.timedelta(days=days))


def kept_of(control: Control, name: str = "demande-1") -> Kept:
    with control.reading() as reading:
        found = audiences.find(reading, name)
    assert found is not None
    return found
