"""The mark that pages ask for on a kept connection: always today's, across processes, restored files and trouble."""

import os
import shutil
from pathlib import Path

import pytest

from contracts.clock import FixedClock
from hub.store import audit
from hub.store.database import Control, open_control
from tests.integration.test_store_marks import CLOCK


@pytest.fixture
def control(tmp_path: Path) -> Control:
    made = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    made.migrate()
    return made


def link(control: Control, clock: FixedClock = CLOCK) -> None:
    with control.transaction(clock) as tx:
        audit.append(tx, "code-issued", {"venue": "la-cale"})
        tx.commit()


def ordinary(control: Control) -> tuple[object, ...]:
    """The mark as the ordinary way reads it."""
    shelf = control.published()
    shelf._quickly = lambda: None
    return shelf.mark()


def test_the_kept_connection_says_what_the_ordinary_way_says(control: Control) -> None:
    for _ in range(3):
        assert control._mark.ask() is not None
        assert control.published().mark() == ordinary(control)
        link(control)
    other = open_control(str(control._reader.url))
    before = control.published().mark()
    link(other)
    assert control.published().mark() != before
    control.close()
    assert control.published().mark() == ordinary(control)


def test_a_file_put_back_from_a_backup_is_read(control: Control, tmp_path: Path) -> None:
    at, copy = tmp_path / "control.sqlite", tmp_path / "backup.sqlite"
    shutil.copy(at, copy)
    before = control.published().mark()
    link(control)
    assert control.published().mark() != before
    copy.replace(at)
    assert control.published().mark() == before


def test_a_file_that_is_gone_is_the_ordinary_way_s_trouble(control: Control, tmp_path: Path) -> None:  # fmt: skip
    control.published().mark()
    (tmp_path / "control.sqlite").rename(tmp_path / "elsewhere.sqlite")
    assert control._mark.ask() is None
    (tmp_path / "elsewhere.sqlite").rename(tmp_path / "control.sqlite")
    assert control._mark.ask() is not None


def test_no_connection_crosses_a_fork(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    control.published().mark()
    mine = next(iter(control._mark._open.values()))
    monkeypatch.setattr(os, "getpid", lambda: -1)  # another process
    assert control.published().mark() == ordinary(control)
    used = [kept for key, kept in control._mark._open.items() if key[0] == -1]
    assert used
    assert mine not in used
    control._mark.close()
    assert mine in control._mark._open.values()  # a parent's is neither used nor closed
