"""What the public chain tells of withdrawals: one commitment a day, the same on every day, and no old backup extends it."""

import dataclasses
import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.chain import GENESIS, Head, next_entry
from contracts.clock import FixedClock
from contracts.edition import AuditEntry, PublishedEdition
from hub import vault_desk, verify_ledger
from hub.errors import VaultBehind
from hub.store import audit
from hub.store.database import Control, open_control
from hub.vault.erase import log_tombstones, logged_tombstones
from hub.vault.rows import Erasure
from hub.vault.scan import scan
from hub.vault.snapshot import freeze, frozen
from hub.vault.vault import LOG
from tests.support.control_world import CLOCK as FIRST_DAY
from tests.support.control_world import settle
from tests.support.control_world import signed_charter as settled_charter
from tests.support.vault_frozen import window
from tests.support.vault_world import LIMITS, A, VaultWorld, batch_files, person, vault_world, visit


@pytest.fixture
def control(tmp_path: Path) -> Iterator[Control]:
    control = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    control.migrate()
    settle(control)
    yield control
    control.close()


@pytest.fixture
def world(tmp_path: Path) -> VaultWorld:
    made = vault_world(f"sqlite:///{tmp_path / 'vault.sqlite'}", tmp_path / "facts")
    made.send(batch_files([person("ana", "email:ana")], [visit("ana")]))
    return made


def days_later(world: VaultWorld, days: int) -> None:
    clock = FixedClock(FIRST_DAY.instant + dt.timedelta(days=days))
    world.vault = dataclasses.replace(world.vault, clock=clock)


def told(control: Control) -> list[AuditEntry]:
    with control.reading() as reading:
        return audit.of_kind(reading, "erasures")


def withdraw(world: VaultWorld, *handles: int) -> None:
    world.vault.erase(A, [Erasure(network=False, contribution_key=h, points=()) for h in handles])


def test_a_day_without_withdrawals_looks_as_any_other(control: Control, world: VaultWorld) -> None:
    days_later(world, 1)
    vault_desk._keep_house(control, world.vault)
    withdraw(world, *range(500))
    days_later(world, 3)
    vault_desk._keep_house(control, world.vault)
    entries = told(control)
    bodies = [json.loads(entry.body) for entry in entries]
    assert [body["day"] for body in bodies] == ["2025-09-01", "2025-09-02", "2025-09-03"]
    assert {frozenset(body) for body in bodies} == {frozenset({"day", "commitment"})}
    assert len({len(entry.body) for entry in entries}) == 1
    assert len({body["commitment"] for body in bodies}) == 3  # the third day had none, and differs


def test_days_are_told_once_however_often_the_worker_starts(
    control: Control, world: VaultWorld
) -> None:
    for days in (0, 2, 2, 2, 1):
        days_later(world, days)
        vault_desk._keep_house(control, world.vault)
    assert len(told(control)) == 2


SAID = {"commitment": "ab" * 32}


@pytest.mark.parametrize(
    ("bodies", "holds"),
    [
        ([{"day": "2025-12-31", **SAID}, {"day": "2026-01-01", **SAID}], True),
        ([], True),
        ([{"day": "2025-12-30", **SAID}, {"day": "2026-01-01", **SAID}], False),
        ([{"day": "2025-12-31", **SAID}, {"day": "2025-12-31", **SAID}], False),
        ([{"day": "2025-12-31", **SAID, "count": 3}], False),
        ([{"day": "2025-12-31", "commitment": "ab" * 31}], False),
        ([{"day": "2025-12-31"}], False),
    ],
)
def test_whoever_verifies_sees_a_day_that_differs(
    bodies: list[dict[str, Any]], holds: bool
) -> None:
    head, chain = GENESIS, []
    for body in bodies:
        entry = next_entry(head, at="2026-01-02T00:00:00Z", kind="erasures", body=body)
        head = Head(entry.sequence, entry.sha256)
        chain.append(entry)
    published = PublishedEdition.model_construct(chain=chain)
    check = dict(verify_ledger.CHECKS)[
        "withdrawals are committed to once each day, every day alike"
    ]
    assert (list(check(published, settled_charter())) == []) is holds


def test_no_tombstone_and_no_plain_digest_of_the_log_is_in_the_chain(
    control: Control, world: VaultWorld
) -> None:
    withdraw(world, 1, 2, 3)
    days_later(world, 1)
    vault_desk._keep_house(control, world.vault)
    with control.reading() as reading:
        chain = "".join(entry.body for entry in audit.entries(reading))
    for mac in logged_tombstones(world.folder / LOG):
        assert mac not in chain
    twin = vault_world(
        f"sqlite:///{world.folder.parent / 'twin.sqlite'}", world.folder.parent / "t"
    )
    twin.folder.mkdir(exist_ok=True)
    shutil.copyfile(world.folder / LOG, twin.folder / LOG)
    days_later(twin, 1)
    ours = vault_desk.commitments(world.vault, ["2025-09-01"])
    # The same log under another vault's keys: nobody outside can test "there were none", or a list.
    assert vault_desk.commitments(twin.vault, ["2025-09-01"]) != ours


def test_an_old_backup_of_the_whole_vault_is_refused(control: Control, world: VaultWorld) -> None:
    withdraw(world, 1)
    backup = world.folder.parent / "backup"
    shutil.copytree(world.folder, backup)
    withdraw(world, 2)
    days_later(world, 1)
    vault_desk._keep_house(control, world.vault)
    vault_desk._refuse_if_behind(control, world.vault)
    withdraw(world, 3)  # later ones, not yet told, are no objection
    vault_desk._refuse_if_behind(control, world.vault)
    shutil.rmtree(world.folder)
    shutil.copytree(backup, world.folder)
    with pytest.raises(VaultBehind, match="withdrew would come"):
        vault_desk._refuse_if_behind(control, world.vault)


def test_half_a_line_on_a_full_disk_swallows_no_later_withdrawal(tmp_path: Path) -> None:
    log = tmp_path / LOG
    first, second, third = (digit * 64 for digit in "abc")
    log_tombstones(log, [first])
    with log.open("a") as file:
        file.write(second[:20])
    log_tombstones(log, [third])
    assert logged_tombstones(log) == {first, third}
    log_tombstones(log, [second])
    assert logged_tombstones(log) == {first, second, third}


def test_a_frozen_view_goes_when_its_edition_is_done_or_after_a_month(
    control: Control, world: VaultWorld
) -> None:
    freeze(world.vault, window(world), LIMITS)
    vault_desk._keep_house(control, world.vault)
    assert frozen(world.vault) == ["automne-2025"]
    later = FixedClock(world.vault.clock.now() + dt.timedelta(days=32))
    world.vault = dataclasses.replace(world.vault, clock=later)
    vault_desk._keep_house(control, world.vault)
    assert frozen(world.vault) == []
    assert [path for path in world.on_disk() if "snapshots" in path.parts] == []


def test_what_a_month_outside_the_window_says_of_a_person_changes_nothing(
    world: VaultWorld,
) -> None:
    """A window that ends in August must not read a band of September: that season is not charged."""
    september = person("bea", "email:bea", age_band="18-25", departement="01")
    august = person("bea", "email:bea", age_band="65+", departement="69")
    world.send(batch_files([august], [visit("bea", "2025-08-20")]), month="2025-08", sequence=1)
    world.send(batch_files([september], [visit("bea", "2025-09-02")]), month="2025-09", sequence=2)
    asked = window(world, first_day=dt.date(2024, 9, 1), last_day=dt.date(2025, 8, 31))
    with scan(world.vault, freeze(world.vault, asked, LIMITS), LIMITS) as relations:
        found = relations._engine.execute("SELECT age, departement FROM visit").fetchall()
    assert found == [(4, "69")]
