"""What an agent sends, and a line from it to a hub in process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from flask.testing import FlaskClient

from contracts.base import canonical
from contracts.batch import Commit, Receipt, SignedReceipt
from contracts.payload import Limits, open_parts, unpack
from contracts.receipts import enclose
from contracts.seal import sign
from contracts.visit import ERASURE_COLUMNS, PERSON_COLUMNS, VISIT_COLUMNS
from hub.store import inbox
from hub.store.database import Control
from tests.support.wire import CLOCK, NOW, VENUES, Network
from venue_agent.frames import Pseudonymised, Tally
from venue_agent.network.transport import Answer, Unreachable
from venue_agent.outbox.batches import Sealing, Sent

BLANK_PERSON = dict.fromkeys(PERSON_COLUMNS, "unknown") | {
    "statistics": "yes",
    "recommendation": "no",
    "partner_offers": "",
    "departement": "",
    "country": "",
}
BLANK_VISIT = dict.fromkeys(VISIT_COLUMNS, "unknown") | {
    "event_id": "",
    "discipline": "theatre",
    "lead_days": "-1",
    "channel": "",
    "party_band": "",
    "satisfaction": "",
}


def rows(
    visits: Mapping[int, list[str]], erased: tuple[int, ...] = (), **person: str
) -> Pseudonymised:
    """Persons by number, each with the days of her visits."""
    persons = [
        BLANK_PERSON | {"contribution_id": handle(n), "tokens": f"email:{n:064x}"} | person
        for n in visits
    ]
    lines = [
        BLANK_VISIT | {"contribution_id": handle(n), "event_date": day, "month": day[:7]}
        for n, days in visits.items()
        for day in days
    ]
    erasures = [{"scope": "venue", "contribution_id": handle(n), "tokens": ""} for n in erased]
    return Pseudonymised(
        persons=pd.DataFrame(persons, columns=list(PERSON_COLUMNS)),
        visits=pd.DataFrame(lines, columns=[*VISIT_COLUMNS, "month"]),
        erasures=pd.DataFrame(erasures, columns=list(ERASURE_COLUMNS)),
        tally=Tally(len(lines), {}, {}),
        read_at=NOW,
    )


def handle(number: int) -> str:
    return f"{number * 0x9E3779B97F4A7C15 % 2**64:032x}"


def sealing(net: Network, sequence: int = 1, sent: Mapping[str, Sent] | None = None) -> Sealing:
    return Sealing(
        venue=VENUES[0],
        signing_key=net.keys[VENUES[0]],
        charter=net.charter,
        now=NOW,
        first_sequence=sequence,
        normaliser_version=1,
        sent=sent or {},
    )


@dataclass
class Line:
    """Sends to a Flask client; remembers each request, and fails where a test says so."""

    web: FlaskClient
    before: Callable[[str, str], None] = lambda _method, _path: None
    after: Callable[[str, str], None] = lambda _method, _path: None
    asked: list[str] = field(default_factory=list)
    seen: Callable[[bytes], object] = len

    def __call__(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        self.asked.append(f"{method} {path}")
        self.before(method, path)
        self.seen(body)
        response = self.web.open(path, method=method, data=body, headers=dict(headers))
        self.after(method, path)
        return Answer(response.status_code, response.data, None)

    def count(self, method: str) -> int:
        return sum(line.startswith(method) for line in self.asked)


def fails_once(needle: str) -> Callable[[str, str], None]:
    """Lose the line the first time that a request with *needle* passes."""
    left = [needle]

    def fail(method: str, path: str) -> None:
        if left and left[0] in f"{method} {path}":
            left.clear()
            raise Unreachable("no connection")

    return fail


def open_all(control: Control, root: Path, net: Network, **changes: Any) -> int:
    """Do the vault's part: open what waits, settle a receipt; *changes* make it lie."""
    with control.reading() as reading:
        waiting = inbox.waiting(reading)
    for commit in waiting:
        parts = read_parts(root, commit)
        manifest, _ = unpack(open_parts(parts, commit, net.vault_private), Limits())
        envelope = enclose(receipt(commit, parts, net, changes), manifest.signature)
        with control.transaction(CLOCK) as tx:
            inbox.settle(
                tx, envelope.model_copy(update={"commit_sha256": inbox.commit_hash(commit)})
            )
            tx.commit()
        for part in commit.parts:
            (root / "inbox" / commit.venue / part.sha256).unlink()
    return len(waiting)


def read_parts(root: Path, commit: Commit) -> list[bytes]:
    return [(root / "inbox" / commit.venue / p.sha256).read_bytes() for p in commit.parts]


def receipt(
    commit: Commit, parts: list[bytes], net: Network, changes: dict[str, Any]
) -> SignedReceipt:
    signed, _ = unpack(open_parts(parts, commit, net.vault_private), Limits())
    plain = {
        "venue": commit.venue,
        "month": commit.month,
        "sequence": commit.sequence,
        "commit_sha256": inbox.commit_hash(commit),
        "state": "accepted",
        "problem": None,
        "files": signed.manifest.files,
        "refusals": [],
        "opened": "2025-11-03T12:00:00Z",
        **changes,
    }
    told = Receipt(**plain)
    return SignedReceipt(receipt=told, signature=sign(net.hub_private, canonical(told)))
