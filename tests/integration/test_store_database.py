"""The control database opens, migrates, writes all or nothing, and is read without being written."""

import datetime as dt
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from contracts.chain import Head
from contracts.clock import FixedClock
from hub.errors import ChainBroken, ConfigError, StateConflict
from hub.store import audit, tables
from hub.store.database import Control, StoreUnavailable, open_control
from hub.store.transaction import Transaction
from tests.support.databases import new_postgres_database

CLOCK = FixedClock(dt.datetime(2025, 9, 1, 8, tzinfo=dt.UTC))


@pytest.fixture
def control(database_url: str) -> Control:
    control = open_control(database_url)
    control.migrate()
    return control


def test_migrating_twice_changes_nothing(control: Control) -> None:
    with control.transaction(CLOCK) as tx:
        audit.append(tx, "test", {"n": 1})
        tx.commit()
    control.migrate()
    assert [entry.kind for entry in control.published().chain()] == ["test"]


def test_the_migrations_make_the_tables_that_the_code_knows(control: Control) -> None:
    with control.reading() as reading:
        found = compare_metadata(MigrationContext.configure(reading.connection), tables.metadata)
    assert found == []


def fail_after_writing(tx: Transaction) -> None:
    audit.append(tx, "test", {"n": 1})
    raise ConfigError


def test_leaving_without_commit_leaves_no_trace(control: Control) -> None:
    with control.transaction(CLOCK) as tx:
        audit.append(tx, "test", {"n": 1})
    with pytest.raises(ConfigError), control.transaction(CLOCK) as tx:
        fail_after_writing(tx)
    assert control.published().chain() == []


def test_a_committed_transaction_takes_no_more(control: Control) -> None:
    with control.transaction(CLOCK) as tx:
        tx.commit()
        with pytest.raises(StateConflict):
            audit.append(tx, "test", {})


def test_the_reading_door_cannot_write(control: Control) -> None:
    with pytest.raises((DBAPIError, StoreUnavailable)), control.reading() as reading:
        reading.connection.execute(text("UPDATE head SET sequence = 7"))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit",
        "UPDATE audit SET body = '{}'",
        "DELETE FROM charge",
        "UPDATE charge SET rho_micro = 1",
        "DELETE FROM release",
        "DELETE FROM budget",
        "UPDATE budget SET spent_rho_micro = 0",
        "UPDATE budget SET spent_rho_micro = cap_rho_micro + 1",
    ],
)
def test_the_ledger_cannot_be_rewritten_even_by_hand(control: Control, statement: str) -> None:
    with control.transaction(CLOCK) as tx:
        entry = audit.append(tx, "test", {})
        for insert in (
            "INSERT INTO budget VALUES ('season:2025-2026', 9, 5, 9, 5)",
            f"INSERT INTO charge VALUES ('c', 'k', 'r', 'e', 'm', 's', 1, 1, {entry.sequence})",
        ):
            tx.connection.execute(text(insert))
        tx.commit()
    with control.transaction(CLOCK) as tx:
        audit.append(tx, "test", {})
        blob = "x'00'" if tx.connection.dialect.name == "sqlite" else "'\\x00'"
        tx.connection.execute(text(f"INSERT INTO release VALUES ('c', {blob}, 'h', 2)"))
        tx.commit()
    with pytest.raises(DBAPIError), control.transaction(CLOCK) as tx:
        tx.connection.execute(text(statement))


def test_commits_on_sqlite_survive_a_power_cut(tmp_path: Path) -> None:
    control = open_control(f"sqlite:///{tmp_path / 'c.sqlite'}")
    control.migrate()
    with control.transaction(CLOCK) as tx:
        pragma = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragma == {"journal_mode": "truncate", "synchronous": 3, "foreign_keys": 1}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        open_control(url)


def test_tables_of_a_newer_hub_are_left_alone(control: Control) -> None:
    with control.transaction(CLOCK) as tx:
        tx.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        tx.commit()
    with pytest.raises(ConfigError, match="newer version"):
        control.migrate()


def test_a_database_that_does_not_answer_is_said_in_our_words(tmp_path: Path) -> None:
    nowhere = open_control(f"sqlite:///{tmp_path / 'missing' / 'control.sqlite'}")
    with pytest.raises(StoreUnavailable) as caught, nowhere.transaction(CLOCK):
        pass
    assert "SELECT" not in str(caught.value)
    silent = open_control("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StoreUnavailable), silent.reading():
        pass


def test_a_full_disk_keeps_what_was_committed(tmp_path: Path) -> None:
    control = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    control.migrate()
    with control.transaction(CLOCK) as tx:
        audit.append(tx, "test", {"n": 0})
        tx.commit()
    with pytest.raises(StoreUnavailable), control.transaction(CLOCK) as tx:
        fill_the_disk(tx)
    assert len(control.published().chain()) == 1
    with control.transaction(CLOCK) as tx:
        audit.append(tx, "test", {"n": 1})
        tx.commit()
    assert len(control.published().chain()) == 2


def fill_the_disk(tx: Transaction) -> None:
    tx.connection.exec_driver_sql("PRAGMA max_page_count = 1")  # no page more than there are
    for n in range(10_000):
        audit.append(tx, "test", {"n": n, "text": "x" * 1_000})


@pytest.mark.postgres
def test_a_server_that_answers_before_the_disk_is_refused(postgres_server: str) -> None:
    url = new_postgres_database(postgres_server)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        name = engine.url.database
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    engine.dispose()
    with pytest.raises(ConfigError, match="power cut"):
        open_control(url).migrate()


def test_a_head_that_moved_under_its_lock_is_noticed(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    with control.transaction(CLOCK) as tx:
        monkeypatch.setattr(tx, "head", lambda: Head(7, "7" * 64))
        with pytest.raises(ChainBroken):
            audit.append(tx, "test", {})
