"""What the vault does with a commit: once, in order, whole; and what it answers."""

import dataclasses
import errno
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.base import canonical, digest
from contracts.batch import Commit, Envelope, SignedReceipt
from contracts.payload import Limits
from contracts.seal import verify
from hub.errors import ConfigError, StateConflict
from hub.vault import index
from hub.vault.database import VaultDatabase
from hub.vault.open import Terms
from hub.vault.worker import run_forever, run_once
from tests.support.vault_world import (
    FIELDS,
    A,
    B,
    VaultWorld,
    batch_files,
    person,
    vault_world,
    visit,
)
from tests.support.wire import network

ANA, BOB = person("ana", "email:a@x.fr"), person("bob", "email:b@x.fr", "phone:+336")
FILES = batch_files([ANA, BOB], [visit("ana"), visit("bob")])


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> VaultWorld:
    return vault_world(database_url, tmp_path / "facts")


def rows(world: VaultWorld, kind: str = "visits") -> int:
    with world.vault.database.reading() as connection:
        refs = index.parts(connection)
    return sum(world.vault.facts.read(ref).num_rows for ref in refs if ref.place.kind == kind)


def outcome(receipt: SignedReceipt) -> str:
    return receipt.receipt.problem or receipt.receipt.state


def problem_of(envelope: Envelope) -> str | None:
    return envelope.receipt.receipt.problem if envelope.receipt else None


def test_a_good_batch_is_kept_and_its_receipt_names_the_plaintext(world: VaultWorld) -> None:
    signed = world.send(FILES)
    assert outcome(signed) == "accepted"
    verify(world.net.charter.hub.signing_key, canonical(signed.receipt), signed.signature)
    digests = {entry.name: entry.sha256 for entry in signed.receipt.files}
    assert digests == {name: digest(data) for name, data in FILES.items()}
    assert signed.receipt.refusals == []
    assert (rows(world), rows(world, "persons"), rows(world, "tokens")) == (2, 2, 3)
    assert len(world.on_disk()) == 3


def test_the_same_commit_again_gets_the_same_receipt_and_nothing_is_read(world: VaultWorld) -> None:
    commit, parts = world.sealed(FILES)
    first = world.vault.receive(commit, lambda: parts, world.terms)
    before = world.on_disk()

    def gone() -> list[bytes]:
        raise FileNotFoundError

    assert world.vault.receive(commit, gone, world.terms) == first
    assert world.on_disk() == before


def test_a_newer_snapshot_replaces_the_month_and_absence_is_withdrawal(world: VaultWorld) -> None:
    world.send(FILES)
    world.send(batch_files([BOB], [visit("bob")]), sequence=2)
    assert (rows(world), rows(world, "persons"), rows(world, "tokens")) == (1, 1, 2)
    assert len(world.on_disk()) == 3  # the earlier files are gone from the disk


def test_months_and_venues_stand_side_by_side(world: VaultWorld) -> None:
    world.send(FILES)
    world.send(batch_files([ANA], [visit("ana", "2025-11-02")]), month="2025-11", sequence=2)
    world.send(batch_files([ANA], [visit("ana")]), venue=B)
    assert rows(world) == 4


def test_snapshots_out_of_order_leave_the_newest(world: VaultWorld) -> None:
    answers = {
        n: outcome(world.send(batch_files([ANA], [visit("ana")] * n), sequence=n))
        for n in (3, 1, 2)
    }
    assert answers == {3: "accepted", 1: "sequence", 2: "sequence"}
    assert rows(world) == 3


def test_a_late_batch_of_another_month_is_accepted(world: VaultWorld) -> None:
    world.send(FILES, sequence=5)
    late = world.send(batch_files([ANA], [visit("ana", "2025-09-02")]), month="2025-09", sequence=2)
    assert outcome(late) == "accepted"


def test_another_batch_under_the_same_sequence_is_refused(world: VaultWorld) -> None:
    world.send(FILES)
    other = world.send(batch_files([ANA], [visit("ana")]))
    assert outcome(other) == "sequence"
    assert rows(world) == 2


def test_refused_rows_are_counted_by_reason(world: VaultWorld) -> None:
    bad = batch_files(
        [ANA, person("eva", "email:e@x.fr", statistics="no")], [visit("ana"), visit("eva")]
    )
    receipt = world.send(bad).receipt
    assert [(r.reason, r.rows) for r in receipt.refusals] == [
        ("no-statistics-consent", 1),
        ("person-not-in-batch", 1),
    ]
    assert rows(world) == 1


@pytest.mark.parametrize(
    ("lie", "problem"),
    [
        ({"signed_by": B}, "unsigned"),
        ({"month": "2025-10", "sequence": 1, "season": "2024-2025"}, "manifest"),
    ],
)
def test_a_manifest_that_lies_is_refused(
    world: VaultWorld, lie: dict[str, Any], problem: str
) -> None:
    where = {k: v for k, v in lie.items() if k in {"month", "sequence"}}
    rest = {k: v for k, v in lie.items() if k not in where}
    commit, parts = world.sealed(FILES, **where, **rest)
    assert problem_of(world.vault.receive(commit, lambda: parts, world.terms)) == problem
    assert world.on_disk() == []


def test_events_further_ahead_than_anybody_sells_are_refused(world: VaultWorld) -> None:
    far = batch_files([ANA], [visit("ana", "2027-11-05")])
    assert outcome(world.send(far, month="2027-11")) == "accepted"
    farther = batch_files([ANA], [visit("ana", "2027-12-05")])
    assert outcome(world.send(farther, month="2027-12")) == "manifest"


def test_row_counts_that_lie_are_refused(world: VaultWorld) -> None:
    short = [{**entry_of(world, name), "rows": 1} for name in FILES]
    assert outcome(world.send(FILES, files=short)) == "manifest"


def entry_of(world: VaultWorld, name: str) -> dict[str, Any]:
    data = FILES[name]
    return {"name": name, "size": len(data), "rows": 2, "sha256": digest(data)}


def changed(commit: Commit, **changes: Any) -> Commit:
    return Commit.model_validate({**commit.model_dump(), **changes})


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"venue": B}, "unopenable"),
        ({"venue": "nobody"}, "forbidden"),
        ({"month": "2025-11"}, "unopenable"),
        ({"sequence": 2}, "unopenable"),
        ({"charter_sha256": "00" * 32}, "charter"),
        ({"season": "2024-2025"}, "charter"),
        ({"key_sha256": "00" * 32}, "unopenable"),
        ({"parts": [{"sha256": "00" * 32, "size": 1}]}, "digest"),
    ],
)
def test_parts_open_under_their_own_commit_alone(
    world: VaultWorld, changes: dict[str, Any], problem: str
) -> None:
    commit, parts = world.sealed(FILES)
    receipt = world.vault.receive(changed(commit, **changes), lambda: parts, world.terms)
    assert problem_of(receipt) == problem
    assert receipt.receipt is not None
    assert receipt.receipt.receipt.files == []
    assert world.on_disk() == []


def test_a_flipped_byte_is_refused(world: VaultWorld) -> None:
    commit, parts = world.sealed(FILES)
    parts[0] = parts[0][:-1] + bytes([parts[0][-1] ^ 1])
    assert problem_of(world.vault.receive(commit, lambda: parts, world.terms)) == "digest"


def test_a_charter_that_was_replaced_refuses_the_batch(world: VaultWorld) -> None:
    commit, parts = world.sealed(FILES)
    other = Terms(network(fields=FIELDS).charter)
    assert problem_of(world.vault.receive(commit, lambda: parts, other)) == "charter"


def test_more_identifiers_than_declared_are_refused(world: VaultWorld) -> None:
    members = [
        {**m.model_dump(mode="json"), "declared_identifiers": 2} for m in world.net.charter.members
    ]
    small = vault_world(world.url, world.folder, members=members)
    # The network of `small` has keys of its own; only the declared number matters here.
    net = dataclasses.replace(small.net, keys={**small.net.keys, A: world.net.keys[A]})
    small.net = net
    assert outcome(small.send(FILES)) == "quota"


def test_a_bomb_is_refused(world: VaultWorld) -> None:
    files = {"visits.csv": FILES["visits.csv"] + b"\n" * 2_000_000}
    commit, parts = world.sealed(files)
    terms = dataclasses.replace(world.terms, limits=Limits(plain_bytes=1_000_000))
    assert problem_of(world.vault.receive(commit, lambda: parts, terms)) == "bomb"


def test_a_sensitive_event_is_never_named(world: VaultWorld) -> None:
    commit, parts = world.sealed(FILES)
    terms = dataclasses.replace(world.terms, sensitive=frozenset({"hamlet"}))
    receipt = world.told(world.vault.receive(commit, lambda: parts, terms)).receipt
    assert [(r.reason, r.rows) for r in receipt.refusals] == [("bad-event-id", 2)]


def test_a_vault_opened_again_knows_everything(world: VaultWorld) -> None:
    receipt = world.send(FILES)
    again = world.reopened()
    with again.database.reading() as connection:
        known = index.receipt_of(connection, receipt.receipt.commit_sha256)
    assert known is not None
    assert world.told(known) == receipt
    assert len(world.on_disk()) == 3


def test_a_database_of_another_version_is_refused(world: VaultWorld) -> None:
    with world.vault.database.locked() as connection:
        connection.exec_driver_sql("UPDATE vault_head SET schema_version = 99")
        connection.commit()
    with pytest.raises(ConfigError, match="99"):
        world.reopened()


def test_leaving_the_lock_without_commit_changes_nothing(world: VaultWorld) -> None:
    with world.vault.database.locked() as connection:
        index.put_tombstones(connection, ["00" * 32], "2025-11-03T12:00:00Z")
    with world.vault.database.reading() as connection:
        assert index.tombstones(connection) == frozenset()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_a_database_that_cannot_last_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        VaultDatabase(url)


class FakeIntake:
    """An inbox in memory."""

    def __init__(self, world: VaultWorld, sent: list[tuple[Commit, list[bytes]]]) -> None:
        self.world = world
        self.parts = {commit.model_dump_json(): parts for commit, parts in sent}
        self.commits = [commit for commit, _ in sent]
        self.receipts: list[Envelope] = []
        self.broken: set[str] = set()
        self.settled: Callable[[], None] = lambda: None

    def waiting(self) -> list[Commit]:
        return list(self.commits)

    def terms(self, commit: Commit) -> Terms:
        return self.world.terms

    def load(self, commit: Commit) -> list[bytes]:
        if commit.venue in self.broken:
            raise OSError
        return self.parts[commit.model_dump_json()]

    def settle(self, commit: Commit, receipt: Envelope) -> None:
        self.receipts.append(receipt)
        self.commits.remove(commit)
        self.settled()


def test_the_worker_answers_what_waits_and_leaves_what_it_cannot_read(world: VaultWorld) -> None:
    intake = FakeIntake(
        world,
        [
            world.sealed(FILES),
            world.sealed(FILES, sequence=2),
            world.sealed(FILES, venue=B),
        ],
    )
    intake.broken = {A}
    assert run_once(world.vault, intake) == 1
    assert [commit.sequence for commit in intake.commits] == [1, 2]
    intake.broken = set()
    assert run_once(world.vault, intake) == 2
    assert intake.commits == []
    assert [r.state for r in intake.receipts] == ["accepted"] * 3


def test_facts_without_their_files_say_so(world: VaultWorld) -> None:
    world.send(FILES)
    for path in world.on_disk():
        path.unlink()
    with pytest.raises(StateConflict):
        rows(world)


def test_a_full_disk_loses_nothing_and_the_batch_waits(
    world: VaultWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send(batch_files([ANA], [visit("ana")]))
    before = world.on_disk()
    intake = FakeIntake(world, [world.sealed(FILES, sequence=2)])

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr("hub.vault.facts.os.fsync", full)
        assert run_once(world.vault, intake) == 0
    assert world.on_disk() == before
    assert rows(world) == 1
    assert run_once(world.vault, intake) == 1
    assert rows(world) == 2


def test_the_worker_runs_until_it_is_told_to_stop(world: VaultWorld) -> None:
    intake, stop = FakeIntake(world, [world.sealed(FILES)]), threading.Event()
    intake.settled = stop.set
    seen: list[int] = []
    run_forever(world.vault, intake, stop, 0.01, lambda: seen.append(len(intake.receipts)))
    assert [r.state for r in intake.receipts] == ["accepted"]
    assert seen[-1] == 1
