"""A restored old backup, a second history and a rewritten ledger are noticed; none gives budget back."""

import secrets
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from contracts.edition import PublishedEdition, SignedCheckpoint
from contracts.seal import sign
from hub.errors import ChainBroken, ConfigError, LedgerBehind
from hub.store import audit, checkpoints, guard, ledger
from hub.store.database import Control, StoreUnavailable, open_control
from tests.support.control_world import CLOCK, EDITION, keys, publish, request_for, settle

PAGE = 4096
Copy = Callable[[str], str]


@pytest.fixture
def control(database_url: str) -> Control:
    control = open_control(database_url)
    control.migrate()
    settle(control)
    return control


def published_checkpoint(control: Control) -> SignedCheckpoint:
    return PublishedEdition.model_validate_json(publish(control)).checkpoint


def test_an_old_backup_is_noticed_at_the_next_start(
    control: Control, database_url: str, copy_database: Copy
) -> None:
    control.close()
    backup = copy_database(database_url)
    held = published_checkpoint(control).checkpoint
    guard.require_sound(control, [held])
    restored = open_control(backup)
    with pytest.raises(LedgerBehind, match="old backup"):
        guard.require_sound(restored, [held])
    spent = [state.spent_rho_micro for state in restored.published().budgets()]
    assert set(spent) == {0}  # this is what would have been given back


def test_a_backup_that_went_another_way_is_noticed(
    control: Control, database_url: str, copy_database: Copy
) -> None:
    control.close()
    backup = copy_database(database_url)
    held = published_checkpoint(control).checkpoint
    forked = open_control(backup)
    with forked.transaction(CLOCK) as tx:
        ledger.charge(tx, request_for("pairs", key="another history"))
        while tx.head().sequence <= held.sequence:
            audit.append(tx, "test", {})
        tx.commit()
    guard.require_sound(forked)
    with pytest.raises(ChainBroken, match="rewritten or forked"):
        guard.require_sound(forked, [held])


def test_the_newest_backup_starts(control: Control, database_url: str, copy_database: Copy) -> None:
    held = published_checkpoint(control)
    control.close()
    restored = open_control(copy_database(database_url))
    guard.require_sound(restored, [held.checkpoint])
    assert restored.published().edition(EDITION) == control.published().edition(EDITION)


@pytest.mark.parametrize(
    ("table", "rewriting"),
    [
        ("budget", "UPDATE budget SET spent_rho_micro = 0"),
        ("budget", "UPDATE budget SET spent_rho_micro = spent_rho_micro - 1 WHERE scope LIKE '%y'"),
        ("budget", "UPDATE budget SET spent_delta_pico = 1"),
        ("budget", "UPDATE budget SET cap_rho_micro = 1"),
        ("charge", "UPDATE charge SET rho_micro = 1"),
        ("charge", "UPDATE charge SET edition = 'No Slug' WHERE measure = 'pairs'"),
        ("release", "UPDATE release SET body = x'00'"),
        ("charge", "UPDATE charge SET key = 'another' WHERE measure = 'pairs'"),
        ("release", "DELETE FROM release"),
        ("audit", "UPDATE audit SET body = '{}' WHERE sequence = 3"),
        ("audit", "DELETE FROM audit WHERE kind = 'edition-published'"),
        ("head", "UPDATE head SET sequence = 3"),
        ("edition", "UPDATE edition SET body = x'00'"),
    ],
)
def test_a_rewritten_ledger_is_noticed(tmp_path: Path, table: str, rewriting: str) -> None:
    control = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    control.migrate()
    settle(control)
    publish(control)
    guard.require_sound(control)
    with control.transaction(CLOCK) as tx:
        take_guards_away(tx.connection, table)
        tx.connection.execute(text(rewriting))
        tx.commit()
    with pytest.raises(ChainBroken, match="contradicts itself"):
        guard.require_sound(control)


def test_every_page_of_the_file_is_watched(tmp_path: Path) -> None:
    """A page of noise is noticed, wherever it falls in the ledger."""
    file = tmp_path / "control.sqlite"
    control = open_control(f"sqlite:///{file}")
    control.migrate()
    settle(control)
    publish(control)
    sound = file.read_bytes()
    spoilt = tmp_path / "spoilt.sqlite"
    for page in range(0, len(sound), PAGE):
        spoilt.write_bytes(sound[:page] + secrets.token_bytes(PAGE) + sound[page + PAGE :])
        with pytest.raises((ChainBroken, StoreUnavailable, DatabaseError)):
            guard.require_sound(open_control(f"sqlite:///{spoilt}"))


def take_guards_away(connection, table: str) -> None:
    """What an administrator with every right could do."""
    connection.execute(text("PRAGMA ignore_check_constraints = ON"))
    named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"
    for name in connection.execute(text(named), {"t": table}).scalars().all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def test_a_backup_taken_while_money_is_spent_is_sound(tmp_path: Path) -> None:
    file = tmp_path / "control.sqlite"
    control = open_control(f"sqlite:///{file}")
    control.migrate()
    settle(control)
    stop = threading.Event()
    spender = threading.Thread(target=spend_until, args=(control, stop))
    spender.start()
    try:
        for n in range(5):
            copy = tmp_path / f"backup-{n}.sqlite"
            with sqlite3.connect(file, timeout=60) as source, sqlite3.connect(copy) as target:
                source.backup(target)
            guard.require_sound(open_control(f"sqlite:///{copy}"))
    finally:
        stop.set()
        spender.join()


def spend_until(control: Control, stop: threading.Event) -> None:
    n = 0
    while not stop.is_set():
        n += 1
        with control.transaction(CLOCK) as tx:
            ledger.charge(tx, request_for("reach", key=f"spend {n}", rho=1))
            tx.commit()


def test_the_kept_checkpoint_never_goes_back(control: Control, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    assert guard.kept(path) is None
    hub = partial(sign, keys().private["hub"])
    with control.transaction(CLOCK) as tx:
        first = checkpoints.checkpoint(tx, "reseau", hub)
        audit.append(tx, "test", {})
        second = checkpoints.checkpoint(tx, "reseau", hub)
        tx.commit()
    guard.keep(path, first)
    assert guard.kept(path) == first
    guard.keep(path, second)
    guard.keep(path, first)
    assert guard.kept(path) == second
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("checkpoint")] == [path.name]
    path.write_bytes(b"{}")
    with pytest.raises(ConfigError):
        guard.kept(path)


def test_a_genesis_checkpoint_is_extended_by_every_chain(control: Control) -> None:
    with control.reading() as reading:
        held = {"network": "reseau", "sequence": 0, "head_sha256": "0" * 64}
        genesis = checkpoints.Checkpoint(**held, at="2025-09-01T08:00:00Z")
        checkpoints.refuse_if_behind(reading, genesis)
        with pytest.raises(ChainBroken):
            checkpoints.refuse_if_behind(
                reading, genesis.model_copy(update={"head_sha256": "1" * 64})
            )
