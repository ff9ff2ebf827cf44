"""Charges and releases per second with eight writers, and the time to check a long chain, on SQLite."""

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.base import canonical, digest
from contracts.chain import GENESIS, extend, next_entry
from contracts.edition import AuditEntry
from hub.store import ledger
from hub.store.database import Control, open_control
from tests.support.control_world import CLOCK, charter, draw, request_for

WRITERS = 8
EACH = 40
LINKS = 100_000
PERCENTILE_99 = 98  # of statistics.quantiles(n=100)


@dataclass(frozen=True)
class Row:
    """One line of the bench table."""

    what: str
    figure: str
    ratio: str
    target: str

    def __str__(self) -> str:
        return f"{self.what:<52} {self.figure}, {self.ratio} (target {self.target})"


def pay_and_store(control: Control, key: str) -> float:
    """Return the seconds of one charge and its release: two transactions, two links."""
    start = time.perf_counter()
    with control.transaction(CLOCK) as tx:
        charge = ledger.charge(tx, request_for("reach", key=key, rho=1))
        tx.commit()
    with control.transaction(CLOCK) as tx:
        ledger.store_release(tx, charge, canonical(draw(charge)))
        tx.commit()
    return time.perf_counter() - start


def opened(folder: str) -> Control:
    control = open_control(f"sqlite:///{Path(folder) / 'control.sqlite'}")
    control.migrate()
    with control.transaction(CLOCK) as tx:
        ledger.open_budgets(tx, charter().budgets)
        tx.commit()
    return control


def bare_commits(folder: str) -> float:
    """Return the seconds of one synced write of a page: the floor of any durable commit."""
    with (Path(folder) / "page").open("wb", buffering=0) as file:
        start = time.perf_counter()
        for _ in range(EACH):
            file.write(b"\0" * 4096)
            os.fsync(file.fileno())
        return (time.perf_counter() - start) / EACH


def spending(each: int) -> Row:
    taken: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        control, floor = opened(folder), bare_commits(folder)

        def writer(name: int) -> None:
            taken.extend(pay_and_store(control, f"{name}/{n}") for n in range(each))

        threads = [threading.Thread(target=writer, args=(n,)) for n in range(WRITERS)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rate = len(taken) / (time.perf_counter() - start)
    p99 = statistics.quantiles(taken, n=100)[PERCENTILE_99]
    figure = f"{rate:.0f}/s, p99 {p99:.2f} s"
    ratio = f"{1 / rate / floor:.1f} × one synced write ({1e3 * floor:.2f} ms)"
    return Row(f"ledger: charge + release, {WRITERS} writers", figure, ratio, "50/s, p99 1.5 s")


def checking(links: int) -> Row:
    head, chain = GENESIS, list[AuditEntry]()
    for n in range(links):
        entry = next_entry(head, at="2025-09-01T08:00:00Z", kind="test", body={"n": n})
        head = extend(head, [entry])
        chain.append(entry)
    start = time.process_time()
    extend(GENESIS, chain)
    seconds = time.process_time() - start
    start = time.process_time()
    for entry in chain:
        digest(canonical(entry))
    bare = time.process_time() - start
    ratio = f"{seconds / bare:.2f} × writing and hashing them"
    return Row(f"chain: check {links:,} links", f"{seconds:.1f} s of CPU", ratio, "10 s")


def rows(each: int = EACH, links: int = LINKS) -> Iterator[Row]:
    yield spending(each)
    yield checking(links)
