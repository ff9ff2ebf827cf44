"""The journal: one line a step, whole numbers only, never larger than it may be, never in the way."""

import errno
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from contracts.charter_check import CharterError
from contracts.clock import FixedClock
from contracts.seal import SealError
from tests.support.wire import NOW
from venue_agent import errors
from venue_agent.commands import spoken
from venue_agent.config import Home
from venue_agent.outbox import journal
from venue_agent.outbox.journal import KEPT, Journal, at_work, exit_code

NAME = "camille.martin@exemple.fr"


@pytest.fixture
def book(tmp_path: Path) -> Journal:
    return journal.journal(Home(tmp_path), FixedClock(NOW))


def lines(book: Journal) -> list[dict[str, Any]]:
    return [json.loads(line) for line in book.path.read_text().splitlines()]


def test_a_line_holds_the_time_the_command_the_step_and_counts(book: Journal) -> None:
    book.write("read", rows=1200, kept=900)
    (line,) = lines(book)
    assert line.pop("process") == os.getpid()
    assert re.fullmatch(r"\?|[a-z-]+", line.pop("command"))
    assert line == {"time": "2025-11-03T12:00:00Z", "step": "read", "rows": 1200, "kept": 900}


@pytest.mark.parametrize("step", [NAME, "Read", "", "a b", "x" * 50, "0612345678"])
def test_a_step_is_a_name_of_ours(book: Journal, step: str) -> None:
    with pytest.raises(ValueError, match="short names"):
        book.write(step)
    assert not book.path.exists()


@pytest.mark.parametrize("value", [NAME, None, 1.5, True, [1], {"a": 1}])
def test_a_count_is_a_whole_number(book: Journal, value: Any) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        book.write("read", rows=value)
    assert not book.path.exists()


@pytest.mark.parametrize("name", ["time", "command", "process", NAME])
def test_a_count_does_not_take_the_place_of_what_every_line_says(book: Journal, name: str) -> None:
    with pytest.raises(ValueError, match="short names"):
        book.write("read", **{name: 1})


def test_a_command_that_fails_leaves_its_exit_code(tmp_path: Path) -> None:
    book = journal.journal(Home(tmp_path))

    def fail() -> None:
        with at_work(Home(tmp_path)):
            book.write("push", parts=2)
            raise errors.HubDown(NAME)

    with pytest.raises(errors.HubDown):
        fail()
    begin, push, end = lines(book)
    assert (begin["step"], push["parts"], end["step"], end["exit_code"]) == ("begin", 2, "end", 40)
    assert NAME not in book.path.read_text()


def test_a_command_refused_by_the_lock_is_noted(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with at_work(home) as book:
        with pytest.raises(errors.AlreadyRunning), at_work(home):
            pytest.fail("two commands")
        assert [line.get("exit_code") for line in lines(book)] == [None, None, 52]
    assert lines(book)[-1]["exit_code"] == 0


@pytest.mark.parametrize("error", [
    errors.DiskFull(), CharterError("x"), SealError("x"), OSError(errno.ENOSPC, "x"), OSError(errno.EACCES, "x"), KeyError("x"),
])  # fmt: skip
def test_the_code_in_the_journal_is_the_one_of_the_command(error: Exception) -> None:
    assert exit_code(error) == spoken._told(error)[0].exit_code


def test_an_interruption_has_the_code_of_the_shell() -> None:
    assert exit_code(KeyboardInterrupt()) == spoken.INTERRUPTED


def test_the_log_never_grows_beyond_its_size(book: Journal, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(journal, "LARGEST", 300)
    for _ in range(40):
        with book.told():
            pass
    files = sorted(path.name for path in book.folder.iterdir())
    assert files == ["agent.1.jsonl", "agent.2.jsonl", "agent.3.jsonl", "agent.4.jsonl", "agent.jsonl"]  # fmt: skip
    assert len(files) == KEPT + 1
    assert all(path.stat().st_size < 300 + 400 for path in book.folder.iterdir())
    for path in book.folder.iterdir():
        assert [json.loads(line) for line in path.read_text().splitlines()]


def test_a_folder_that_cannot_be_written_does_not_stop_the_work(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")
    with at_work(Home(tmp_path)) as book:
        book.write("read", rows=1)
    assert (tmp_path / "log").read_text() == "a file where the folder should be"


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_the_log_is_the_venue_s_alone(book: Journal) -> None:
    book.write("read")
    assert (book.folder.stat().st_mode & 0o777, book.path.stat().st_mode & 0o777) == (0o700, 0o600)
