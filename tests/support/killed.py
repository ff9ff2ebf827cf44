"""Processes of the control database that die, or spend all at once; started clean, not forked from pytest."""

import json
import multiprocessing as mp
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from contracts.charter import Budget
from deploy.demo.warm import LOADED
from hub.errors import BudgetExceeded, ReleaseConflict, StateConflict
from hub.store import ledger
from hub.store.database import Control, open_control
from hub.store.scopes import ChargeRequest
from hub.store.transaction import Transaction
from tests.support.control_world import CLOCK, publish, request_for

PRICE = 1_000
ATTEMPTS = 20
FITS = 20  # charges under the cap of one round


def clean_processes() -> ForkServerContext:
    """Return a way to start processes that share no thread, lock or connection with the tests."""
    context = mp.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.killed", *LOADED])
    return context


@dataclass
class Killer:
    """Counts the points that are passed, and kills its process at the nth pass of one of them."""

    point: str = ""
    nth: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    after_commit: Callable[[], None] = lambda: None

    def __call__(self, point: str) -> None:
        self.passed[point] += 1
        if point == "transaction.committed":
            self.after_commit()
        if (point, self.passed[point]) == (self.point, self.nth):
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Death:
    """Where a publisher is to die, which mistake is planted in it, and where it says what it saw."""

    url: str
    point: str
    nth: int
    acknowledged: str
    mutant: str = ""


def publish_and_die(death: Death) -> None:
    """Publish until killed; each commit that returned is written down before anything else."""
    killer = Killer(death.point, death.nth)
    control = open_control(death.url, reached=killer)
    killer.after_commit = lambda: _acknowledge(control, Path(death.acknowledged))
    if death.mutant:
        _plant(death.mutant)
    publish(control)


def kill(death: Death) -> int | None:
    """Run a publisher to its death and return its exit code."""
    process = clean_processes().Process(target=publish_and_die, args=(death,))
    process.start()
    process.join(60)
    return process.exitcode


def publish_stubbornly(url: str, answer: str) -> None:
    """Publish beside another publisher; whoever draws second is refused, and asks again."""
    control = open_control(url)
    for _ in range(ATTEMPTS):
        try:
            Path(answer).write_bytes(publish(control))
        except (ReleaseConflict, StateConflict):
            continue
        return
    raise AssertionError


def kill_beside(death: Death, answers: list[str]) -> int | None:
    """Run publishers to their end beside one that dies; return the exit code of the dead."""
    context = clean_processes()
    victim = context.Process(target=publish_and_die, args=(death,))
    others = [context.Process(target=publish_stubbornly, args=(death.url, a)) for a in answers]
    for process in (victim, *others):
        process.start()
    for process in (victim, *others):
        process.join(120)
    return victim.exitcode


def _acknowledge(control: Control, path: Path) -> None:
    with control.reading() as reading:
        head = reading.connection.exec_driver_sql("SELECT sequence, sha256 FROM head").one()
    path.write_text(json.dumps(list(head)))


def _plant(mutant: str) -> None:
    """Plant a mistake that real ledgers made; the crash test must notice it."""
    append = ledger.audit.append

    def commit_too_early(tx, kind, body):
        if mutant == "spent before told":
            _cut_in_two(tx)
        entry = append(tx, kind, body)
        if mutant == "told before done":
            _cut_in_two(tx)
        return entry

    ledger.audit.append = commit_too_early


def _cut_in_two(tx: Transaction) -> None:
    tx.connection.commit()
    tx.connection.begin()


def season_of_round(number: int) -> str:
    return f"{2000 + number}-{2001 + number}"


def budget_of_round(number: int) -> Budget:
    cap = PRICE * FITS + PRICE // 2  # half a price is left over: nobody may squeeze in
    return Budget(
        season=season_of_round(number),
        total_rho_micro=cap,
        observatory_rho_micro=cap,
        recommendation_rho_micro=cap,
        audiences_rho_micro=cap,
        delta_pico=0,
    )


@dataclass(frozen=True)
class Spree:
    """Rounds of spenders: in each, ``threads`` of this process ask at once."""

    url: str
    name: str
    threads: int
    rounds: int
    same_key: bool = False

    def request(self, number: int, thread: int) -> ChargeRequest:
        key = f"{number}" if self.same_key else f"{number}/{self.name}/{thread}"
        request = request_for("reach", key=key, rho=PRICE)
        return replace(request, seasons=(season_of_round(number),))


def spend(spree: Spree, start: "threading.Barrier", results: "mp.Queue[tuple[int, int]]") -> None:
    """Spend in every round as one of several processes; tell (round, how many were paid)."""
    control = open_control(spree.url)
    for number in range(spree.rounds):
        paid: list[str] = []
        threads = [
            threading.Thread(target=_spend_one, args=(control, spree.request(number, i), paid))
            for i in range(spree.threads)
        ]
        start.wait(120)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        results.put((number, len(paid)))
    control.close()


def _spend_one(control: Control, request: ChargeRequest, paid: list[str]) -> None:
    try:
        with control.transaction(CLOCK) as tx:
            charge = ledger.charge(tx, request)
            tx.commit()
    except BudgetExceeded:
        return
    paid.append(charge.charge)


def spend_together(spree: Spree, processes: int) -> Counter[int]:
    """Run *processes* of the spree at once and return how many charges were paid in each round."""
    context = clean_processes()
    start, results = context.Barrier(processes), context.Queue()
    running: list[BaseProcess] = [
        context.Process(target=spend, args=(replace(spree, name=str(n)), start, results))
        for n in range(processes)
    ]
    for process in running:
        process.start()
    paid: Counter[int] = Counter()
    for _ in range(processes * spree.rounds):
        number, count = results.get(timeout=300)
        paid[number] += count
    for process in running:
        process.join(60)
    return paid
