"""Two days of an agent in one process of its own: ``python -m tests.bench.agent_days FOLDER``, figures as JSON.

The custodian is in the same process and its time is taken out; its answers are those of the real one.
"""

import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from contracts import ristretto, voprf
from contracts.charter_check import charter_hash
from contracts.visit import PERSON_COLUMNS, VISIT_COLUMNS
from tests.bench.big_house import HOUSE
from tests.support.wire import CLOCK, Network, network
from venue_agent.catalogue import LocalCatalogue
from venue_agent.config import SourceConfig
from venue_agent.home.elements import ElementStore
from venue_agent.outbox.batches import Sent
from venue_agent.outbox.spool import Spool
from venue_agent.people.handles import Handles
from venue_agent.pipeline import House, Prepared, prepare
from venue_agent.settings.mapping import load_mapping

SEASON = "2025-2026"
NOT_FIELDS = {"contribution_id", "tokens", "statistics", "recommendation", "partner_offers"}


class Near:
    """The custodian, timed."""

    def __init__(self) -> None:
        self.key = ristretto.random_scalar()
        self.public = ristretto.multiply_base(self.key)
        self.seconds, self.points = 0.0, 0
        self.sessions: dict[str, tuple[bytes, bytes]] = {}

    def evaluate(self, season: str, points: bytes) -> tuple[str, bytes]:
        start = time.process_time()
        evaluated = voprf.evaluate(self.key, points)
        session = str(len(self.sessions))
        self.sessions = {session: (points, evaluated)}
        self.points += len(points) // ristretto.POINT_BYTES
        self.seconds += time.process_time() - start
        return session, evaluated

    def prove(self, session: str, indices: Sequence[int]) -> bytes:
        start = time.process_time()
        sides = [b"".join(s[32 * i : 32 * i + 32] for i in indices) for s in self.sessions[session]]
        proof = voprf.prove(self.key, sides[0], sides[1])
        self.seconds += time.process_time() - start
        return proof


class Steps:
    """Keeps the CPU seconds of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.now, self.since = "", time.process_time()

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        if step != self.now:
            at = time.process_time()
            self.seconds[self.now] = self.seconds.get(self.now, 0.0) + at - self.since
            self.now, self.since = step, at


def day(folder: Path, state: Path, net: Network, near: Near, sent: dict[str, Sent]) -> tuple[Prepared, dict[str, float]]:  # fmt: skip
    """Prepare and spool what one day's export holds; return it with the CPU seconds of its steps."""
    steps, custodian = Steps(), near.seconds
    start, wall = time.process_time(), time.perf_counter()
    house = House(
        venue=HOUSE.slug,
        signing_key=net.keys[HOUSE.slug],
        source=SourceConfig(load_mapping(folder / "mapping.toml"), folder),
        catalogue=LocalCatalogue.empty(HOUSE.slug),
        handles=Handles(state / "state.sqlite", HOUSE.slug),
        elements=ElementStore(state / "elements.bin", b"\x07" * 32, near.public),
        sent=sent,
        first_sequence=1 + len(sent),
    )
    prepared = prepare(house, net.charter, near, CLOCK, steps)
    steps("spool")
    spool = Spool(state / "spool")
    for batch in prepared.batches:
        spool.write(batch)
    steps("")
    cpu = time.process_time() - start - (near.seconds - custodian)
    steps.seconds.pop("", None)
    return prepared, {**steps.seconds, "cpu": cpu, "wall": time.perf_counter() - wall}


def charter_of(near: Near) -> Network:
    """Return a network of that one house whose charter allows every field."""
    fields = [n for n in dict.fromkeys((*PERSON_COLUMNS, *VISIT_COLUMNS)) if n not in NOT_FIELDS]
    party = {"url": "http://127.0.0.1:8601", "operator": "Notaire", "contact": "n@example.org"}
    custodian = {**party, "signing_key": "ab" * 32, "season_keys": {SEASON: near.public.hex()}}
    return network((HOUSE.slug,), fields=fields, retention_months=36, custodian=custodian)


def bare(count: int = 20_000) -> float:
    """Return the CPU microseconds of one bare multiplication, now."""
    points, key = ristretto.random_point() * count, ristretto.random_scalar()
    start = time.process_time()
    ristretto.multiply_many(key, points)
    return (time.process_time() - start) / count * 1e6


def main(folder: Path, state: Path) -> None:
    near = Near()
    net = charter_of(near)
    before = bare()
    prepared, first = day(folder / "first", state, net, near, {})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sent = {
        batch.month: Sent(charter_hash(net.charter), tuple(batch.manifest.manifest.files))
        for batch in prepared.batches
    }
    identifiers = near.points
    del prepared
    prepared, second = day(folder / "second", state, net, near, sent)
    print(json.dumps({
        "first": first, "second": second, "peak_mib": peak, "bare": (before + bare()) / 2,
        "identifiers": identifiers, "new_identifiers": near.points - identifiers,
        "months": len(sent), "again": len(prepared.batches), "read": prepared.tally.read,
        "kept": prepared.tally.kept, "peak_both_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
