"""Whoever withdraws is gone from every file and stays out, whatever is sent or restored later."""

import shutil
from pathlib import Path

import pytest

from hub.vault import index
from hub.vault.rows import Erasure
from hub.vault.snapshot import freeze, thaw
from tests.support.vault_frozen import frozen_visits, window
from tests.support.vault_world import (
    LIMITS,
    A,
    B,
    C,
    VaultWorld,
    batch_files,
    erasure,
    evaluated,
    handle,
    person,
    vault_world,
    visit,
)

MAIL, OTHER_MAIL, PHONE = "email:a@x.fr", "email:a@work.fr", "phone:+33612345678"
NEIGHBOUR = person("neighbour", "email:n@x.fr")
STAY = visit("neighbour")


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> VaultWorld:
    """Ana gives her e-mail at A, e-mail and phone at B, the phone and another e-mail at C."""
    world = vault_world(database_url, tmp_path / "facts")
    world.send(batch_files([person("ana", MAIL), NEIGHBOUR], [visit("ana"), STAY]), venue=A)
    world.send(batch_files([person("ana", MAIL, PHONE)], [visit("ana")]), venue=B)
    world.send(batch_files([person("ana", OTHER_MAIL, PHONE)], [visit("ana")]), venue=C)
    return world


def venues_with_rows(world: VaultWorld) -> dict[str, int]:
    with world.vault.database.reading() as connection:
        refs = index.parts(connection)
    found: dict[str, int] = {}
    for ref in refs:
        counts = world.vault.facts.read(ref).num_rows
        if ref.place.kind == "visits" and counts:
            found[ref.place.venue] = found.get(ref.place.venue, 0) + counts
    return found


def withdraw(world: VaultWorld, *rows: dict[str, str], venue: str = A, sequence: int = 2) -> None:
    world.send(batch_files([NEIGHBOUR], [STAY], rows), venue=venue, sequence=sequence)


def test_before_it_there_are_all(world: VaultWorld) -> None:
    assert venues_with_rows(world) == {A: 2, B: 1, C: 1}


def test_a_withdrawal_from_one_venue_leaves_the_others(world: VaultWorld) -> None:
    withdraw(world, erasure("venue", "ana"))
    assert venues_with_rows(world) == {A: 1, B: 1, C: 1}


def test_a_withdrawal_from_the_network_follows_her_links(world: VaultWorld) -> None:
    withdraw(world, erasure("network", "ana", MAIL))
    assert venues_with_rows(world) == {A: 1}


def test_the_handle_alone_or_the_identifier_alone_is_enough(world: VaultWorld) -> None:
    withdraw(world, erasure("network", "", PHONE))
    assert venues_with_rows(world) == {A: 1}


def test_the_handle_alone_reaches_every_venue(world: VaultWorld) -> None:
    withdraw(world, erasure("network", "ana"))
    assert venues_with_rows(world) == {A: 1}


@pytest.mark.parametrize(
    ("venue", "identifiers"), [(A, (MAIL,)), (B, (MAIL, PHONE)), (C, (OTHER_MAIL,))]
)
def test_a_stale_export_does_not_bring_her_back(
    world: VaultWorld, venue: str, identifiers: tuple[str, ...]
) -> None:
    withdraw(world, erasure("network", "ana", MAIL))
    stale = batch_files([person("ana", *identifiers)], [visit("ana")])
    receipt = world.send(stale, venue=venue, sequence=3).receipt
    assert receipt.state == "accepted"
    assert receipt.refusals == []  # nobody is told that she withdrew
    assert venue not in venues_with_rows(world)


def test_a_new_handle_does_not_bring_her_back_at_the_venue(world: VaultWorld) -> None:
    withdraw(world, erasure("venue", "", MAIL))
    world.send(batch_files([person("ana-again", MAIL)], [visit("ana-again")]), venue=A, sequence=3)
    assert A not in venues_with_rows(world)
    assert venues_with_rows(world)[B] == 1


def test_a_batchs_own_erasure_holds_for_its_own_rows(world: VaultWorld) -> None:
    files = batch_files(
        [person("ana", MAIL), NEIGHBOUR], [visit("ana"), STAY], [erasure("venue", "ana")]
    )
    world.send(files, venue=A, sequence=2)
    assert venues_with_rows(world) == {A: 1, B: 1, C: 1}


def test_links_that_arrive_with_the_withdrawal_count(database_url: str, tmp_path: Path) -> None:
    world = vault_world(database_url, tmp_path / "f")
    world.send(batch_files([person("ana", PHONE)], [visit("ana")]), venue=B)
    files = batch_files(
        [person("ana", MAIL, PHONE)], [visit("ana")], [erasure("network", "", MAIL)]
    )
    world.send(files, venue=A)
    assert venues_with_rows(world) == {}


def test_the_receipt_is_the_same_when_nothing_is_found(world: VaultWorld) -> None:
    answers = []
    for sequence, rows in enumerate(
        [erasure("network", "ana", MAIL), erasure("network", "x", "email:x")], 2
    ):
        receipt = world.send(batch_files([NEIGHBOUR], [STAY], [rows]), sequence=sequence).receipt
        answers.append(
            (receipt.state, receipt.problem, receipt.refusals, [f.rows for f in receipt.files])
        )
    assert answers[0] == answers[1]


def test_old_files_are_gone_from_the_disk(world: VaultWorld) -> None:
    before = set(world.on_disk())
    withdraw(world, erasure("network", "ana", MAIL))
    with world.vault.database.reading() as connection:
        live = {world.vault.facts.path(ref) for ref in index.parts(connection)}
    assert set(world.on_disk()) == live
    assert not before & live


def test_a_frozen_view_loses_her_too(world: VaultWorld) -> None:
    snapshot = freeze(world.vault, window(world), LIMITS)
    assert len({row["person_key"] for row in frozen_visits(world, snapshot)}) == 2
    withdraw(world, erasure("network", "ana", MAIL))
    again = freeze(world.vault, window(world), LIMITS)
    assert len(frozen_visits(world, again)) == 1
    thaw(world.vault, "automne-2025")
    thaw(world.vault, "automne-2025")
    assert not any("snapshots" in path.parts for path in world.on_disk())


def test_a_frozen_view_loses_one_venue_when_one_venue_is_withdrawn(world: VaultWorld) -> None:
    freeze(world.vault, window(world), LIMITS)
    withdraw(world, erasure("venue", "ana"))
    again = freeze(world.vault, window(world), LIMITS)
    assert sorted(row["venue"] for row in frozen_visits(world, again)) == [0, 1, 2]


def test_tombstones_name_nobody(world: VaultWorld) -> None:
    withdraw(world, erasure("network", "ana", MAIL))
    log = (world.folder / "tombstones.log").read_text()
    key = world.keys.contribution_key(A, handle("ana"))
    for clear in (handle("ana"), str(key), evaluated(MAIL).hex()):
        assert clear not in log


def test_an_older_backup_of_the_database_does_not_bring_her_back(tmp_path: Path) -> None:
    """Database and facts as they were yesterday; the log of tombstones as it is."""
    file = tmp_path / "vault.sqlite"
    world = vault_world(f"sqlite:///{file}", tmp_path / "facts")
    world.send(batch_files([person("ana", MAIL), NEIGHBOUR], [visit("ana"), STAY]), venue=A)
    world.send(batch_files([person("ana", MAIL)], [visit("ana")]), venue=B)
    shutil.copytree(world.folder, tmp_path / "backup")
    shutil.copy(file, tmp_path / "backup.sqlite")
    withdraw(world, erasure("network", "ana", MAIL))
    world.vault.database.close()
    shutil.copy(tmp_path / "backup.sqlite", file)
    shutil.copytree(tmp_path / "backup", world.folder, dirs_exist_ok=True)
    world.vault = world.reopened()
    assert venues_with_rows(world) == {A: 1}
    world.send(batch_files([person("ana", MAIL)], [visit("ana")]), venue=B, sequence=2)
    assert venues_with_rows(world) == {A: 1}


def test_withdrawals_outside_any_batch_hold_as_well(world: VaultWorld) -> None:
    key = world.keys.contribution_key(C, handle("ana"))
    world.vault.erase(C, [Erasure(network=True, contribution_key=key, points=())])
    assert venues_with_rows(world) == {A: 1}
