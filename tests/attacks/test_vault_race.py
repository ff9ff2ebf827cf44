"""An upload that races with an erasure never brings anybody back, whichever comes first."""

import dataclasses
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.vault import index
from tests.support.vault_world import (
    A,
    B,
    VaultWorld,
    batch_files,
    erasure,
    person,
    vault_world,
    visit,
)

MAIL = "email:a@x.fr"
STALE = batch_files([person("ana", MAIL)], [visit("ana")])
ERASE = batch_files([person("bob", "email:b")], [visit("bob")], [erasure("network", "", MAIL)])
ROUNDS = 6


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> VaultWorld:
    world = vault_world(database_url, tmp_path / "facts")
    world.send(STALE, venue=B)
    return world


def visits_at(world: VaultWorld, venue: str) -> int:
    with world.vault.database.reading() as connection:
        refs = [r for r in index.parts(connection, [venue]) if r.place.kind == "visits"]
    return sum(world.vault.facts.read(ref).num_rows for ref in refs)


def worker(world: VaultWorld, reached: Callable[[str], None]) -> VaultWorld:
    """The same vault as another process sees it, stopping where *reached* says."""
    vault = dataclasses.replace(world.reopened(), reached=reached)
    return dataclasses.replace(world, vault=vault)


def upload(world: VaultWorld, sequence: int, failures: list[BaseException]) -> None:
    try:
        assert world.send(STALE, venue=B, sequence=sequence).receipt.state == "accepted"
    except BaseException as error:  # noqa: BLE001 - shown by the main thread
        failures.append(error)


def test_an_erasure_between_opening_and_the_lock_is_seen(world: VaultWorld) -> None:
    opened, erased = threading.Event(), threading.Event()

    def reached(point: str) -> None:
        if point == "ingest.opened":
            opened.set()
            assert erased.wait(60)

    failures: list[BaseException] = []
    thread = threading.Thread(target=upload, args=(worker(world, reached), 2, failures))
    thread.start()
    assert opened.wait(60)
    world.send(ERASE, venue=A)
    erased.set()
    thread.join(60)
    assert failures == []
    assert visits_at(world, B) == 0
    assert visits_at(world, A) == 1


@pytest.mark.parametrize("point", ["ingest.locked", "ingest.written", "ingest.recorded"])
def test_an_erasure_during_the_lock_sees_the_upload(world: VaultWorld, point: str) -> None:
    inside, asked = threading.Event(), threading.Event()

    def reached(name: str) -> None:
        if name == point:
            inside.set()
            assert asked.wait(60)
            # The eraser is now opening its batch or waiting for the lock; give it the time to.
            threading.Event().wait(0.3)

    failures: list[BaseException] = []
    thread = threading.Thread(target=upload, args=(worker(world, reached), 2, failures))
    thread.start()
    assert inside.wait(60)
    asked.set()
    world.send(ERASE, venue=A)
    thread.join(60)
    assert failures == []
    assert visits_at(world, B) == 0


def test_free_races_bring_nobody_back(world: VaultWorld) -> None:
    start = threading.Barrier(3)
    failures: list[BaseException] = []

    def reached(point: str) -> None:
        if point == "ingest.opened":
            start.wait(60)

    two = [worker(world, reached) for _ in range(2)]
    for number in range(1, ROUNDS + 1):
        mail = f"email:{number}@x.fr"
        name = f"guest-{number}"
        stale = batch_files([person(name, mail)], [visit(name)])
        erase = batch_files([], [], [erasure("network", "", mail)])
        world.send(stale, venue=B, month="2025-10", sequence=10 * number)

        def run(one: VaultWorld, files: dict[str, bytes], venue: str, sequence: int) -> None:
            try:
                one.send(files, venue=venue, sequence=sequence)
            except BaseException as error:  # noqa: BLE001 - shown by the main thread
                failures.append(error)

        threads = [
            threading.Thread(target=run, args=(two[0], stale, B, 10 * number + 1)),
            threading.Thread(target=run, args=(two[1], erase, A, 10 * number + 1)),
        ]
        for thread in threads:
            thread.start()
        start.wait(60)
        for thread in threads:
            thread.join(60)
        assert failures == []
        assert visits_at(world, B) == 0, f"round {number}"


def test_two_workers_with_one_commit_keep_it_once(world: VaultWorld) -> None:
    commit, parts = world.sealed(STALE, venue=B, sequence=2)
    start = threading.Barrier(2)
    answers = []

    def reached(point: str) -> None:
        if point == "ingest.opened":
            start.wait(60)

    def run(one: VaultWorld) -> None:
        answers.append(one.vault.receive(commit, lambda: parts, one.terms))

    threads = [threading.Thread(target=run, args=(worker(world, reached),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert answers[0].state == "accepted"
    assert visits_at(world, B) == 1
