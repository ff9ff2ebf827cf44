"""One writing run at a time in a folder, and a lock that nobody can leave behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.clock import FixedClock
from tests.support.wire import NOW
from venue_agent.config import Home
from venue_agent.errors import AlreadyRunning
from venue_agent.home.lock import FILE, alone

HOLDER = """
import sys
from pathlib import Path
from venue_agent.config import Home
from venue_agent.home.lock import alone

with alone(Home(Path(sys.argv[2]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def held_by_another(home: Home) -> subprocess.Popen[str]:
    command = (sys.executable, "-c", HOLDER, "push", str(home.path))
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def test_a_second_command_is_refused_with_the_name_and_the_time_of_the_first(home: Home) -> None:
    with (
        held_by_another(home) as other,
        pytest.raises(AlreadyRunning, match=rf"venue-agent push` .* since \d{{4}}-.* \(process {other.pid}\)") as refused,
        alone(home),
    ):  # fmt: skip
        pytest.fail("two commands hold one folder")
    assert refused.value.exit_code == 52


def test_the_lock_of_a_killed_command_is_free_at_once(home: Home) -> None:
    with held_by_another(home) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        with alone(home):
            pass


def test_it_is_free_after_the_command_even_when_it_failed(home: Home) -> None:
    with pytest.raises(RuntimeError), alone(home):
        raise RuntimeError
    with alone(home):
        pass


def test_a_command_within_a_command_is_refused_too(home: Home) -> None:
    with alone(home, FixedClock(NOW)), pytest.raises(AlreadyRunning), alone(home):
        pytest.fail("held twice")


def test_two_folders_do_not_wait_for_each_other(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with alone(Home(tmp_path / "one")), alone(Home(tmp_path / "two")):
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", '{"command": "push"}', '{"command": "push", "since": "hier", "process": 1}'])  # fmt: skip
def test_whatever_the_file_says_the_second_is_refused(home: Home, text: str) -> None:
    with alone(home):
        (home.path / FILE).write_text(text)
        with pytest.raises(AlreadyRunning, match="Another command"), alone(home):
            pytest.fail("held twice")


def test_a_file_that_another_program_wrote_there_locks_nothing(home: Home) -> None:
    (home.path / FILE).write_text('{"command": "push", "since": "2026-01-01T00:00:00Z"}')
    with alone(home):
        pass


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_the_file_is_the_venue_s_alone_and_names_no_argument(home: Home) -> None:
    with alone(home, FixedClock(NOW)):
        text = (home.path / FILE).read_text()
    assert (home.path / FILE).stat().st_mode & 0o777 == 0o600
    assert "pytest" not in text
