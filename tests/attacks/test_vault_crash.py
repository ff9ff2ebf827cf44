"""Killed at any named point of an ingest: no half batch, no lost erasure, no leftover file."""

import multiprocessing
import signal
from pathlib import Path

import pytest

from contracts.batch import Commit
from deploy.demo.warm import LOADED
from hub.vault import index
from hub.vault.keys import write_keys
from hub.vault.vault import POINTS
from tests.support.vault_crash import Errand, receive_and_die
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
OLD = batch_files([person("ana", MAIL), person("bob", "email:b")], [visit("ana"), visit("bob")])
NEW = batch_files(
    [person("bob", "email:b"), person("eve", "email:e")],
    [visit("bob"), visit("eve"), visit("eve", event="otello")],
    [erasure("network", "ana", MAIL)],
)


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> VaultWorld:
    world = vault_world(database_url, tmp_path / "facts")
    write_keys(world.keys, tmp_path / "keys.json")
    world.send(OLD)
    world.send(batch_files([person("ana", MAIL)], [visit("ana")]), venue=B)
    return world


def counts(world: VaultWorld) -> dict[tuple[str, str], int]:
    with world.vault.database.reading() as connection:
        refs = index.parts(connection)
    return {(r.place.venue, r.place.kind): world.vault.facts.read(r).num_rows for r in refs}


BEFORE = {(A, "persons"): 2, (A, "tokens"): 2, (A, "visits"): 2,
          (B, "persons"): 1, (B, "tokens"): 1, (B, "visits"): 1}  # fmt: skip
AFTER = {(A, "persons"): 2, (A, "tokens"): 2, (A, "visits"): 3,
         (B, "persons"): 0, (B, "tokens"): 0, (B, "visits"): 0}  # fmt: skip


def killed(world: VaultWorld, point: str) -> tuple[Commit, list[bytes]]:
    """Let a child receive the new batch and die at *point*."""
    commit, parts = world.sealed(NEW, sequence=2)
    errand = Errand(
        world.url, str(world.folder), str(world.folder.parent / "keys.json"),
        world.net.charter.model_dump_json(), commit.model_dump_json(), parts,
    )  # fmt: skip
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.vault_crash", *LOADED])
    child = context.Process(target=receive_and_die, args=(errand, point))
    child.start()
    child.join(120)
    assert child.exitcode == -signal.SIGKILL
    return commit, parts


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_the_old_month_or_the_new_one_and_a_retry_finishes(
    world: VaultWorld, point: str
) -> None:
    commit, parts = killed(world, point)
    assert counts(world) in (BEFORE, AFTER)

    world.vault = world.reopened()
    state = counts(world)
    if point in {"ingest.opened", "ingest.locked"}:
        assert state == BEFORE
    elif point in {"ingest.committed", "ingest.cleaned"}:
        assert state == AFTER
    else:  # the tombstones were on the disk: they hold although the batch is not there yet
        assert state == {**BEFORE, (A, "persons"): 1, (A, "tokens"): 1, (A, "visits"): 1,
                         (B, "persons"): 0, (B, "tokens"): 0, (B, "visits"): 0}  # fmt: skip

    receipt = world.vault.receive(commit, lambda: parts, world.terms)
    assert receipt.state == "accepted"
    assert counts(world) == AFTER
    assert world.vault.receive(commit, list, world.terms) == receipt
    world.reopened()
    with world.vault.database.reading() as connection:
        live = {world.vault.facts.path(ref) for ref in index.parts(connection)}
    assert set(world.on_disk()) == live
