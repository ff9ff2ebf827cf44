"""Killed at any call, cut at any tenth, on a full disk: the next round ends where an undisturbed one does.

Each trial is a round that has all to do: an upgraded folder, somebody to withdraw everywhere, somebody new, a
month that changed, one that did not and one more. ``make test`` tries a sample of the points; the long suite each.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contracts.base import digest
from tests.support import crash_world
from tests.support.crash_world import ROWS, VENUE, Depot, Station
from tests.support.cutting import WHOLE, Cutter, cutting
from venue_agent.config import Home
from venue_agent.errors import DiskFull, HubDown
from venue_agent.outbox.spool import Spool
from venue_agent.people.handles import Handles
from venue_agent.rights.suppress import Suppressions

KILLED = -9
POSSIBLE = {"2025-10": {1, 2}, "2025-11": {1, 2}, "2025-12": {0, 1}}
"""Visits of a month at any moment: as before, without her who withdrew, or as after."""
SAMPLE = [217, 545]
POINTS = 800  # more than there are; a round that meets no point ends well
WRITES = 700
LEFTOVER = re.compile(r"(^|/)\.|\.(tmp|new|old)\b|-journal$")


@pytest.fixture(scope="module")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Depot]:
    with crash_world.stations(tmp_path_factory.mktemp("depot")) as depot:
        yield depot


@pytest.fixture
def station(depot: Depot, tmp_path: Path) -> Iterator[Station]:
    with depot.station(tmp_path) as station:
        yield station


def check_meanwhile(station: Station) -> None:
    """No half batch: each month is one whole snapshot or another."""
    held = station.visits()
    assert all(held.get(month, 0) in counts for month, counts in POSSIBLE.items()), held


def check_end(station: Station) -> None:
    """Nothing lost, nothing twice, and what may be read is what was received."""
    assert station.visits() == ROWS
    assert station.people() == station.previewed()
    assert set(station.uploads.values()) == {1}
    assert station.again == []
    home = Home(station.home)
    months = Spool(home.spool).months()
    assert [p.month for p in months if p.receipt and p.receipt.receipt.state == "accepted"] == [p.month for p in months]  # fmt: skip
    for packed in months:
        assert packed.receipt is not None
        readable = {p.name: digest(p.read_bytes()) for p in packed.plaintext.iterdir()}
        assert readable == {entry.name: entry.sha256 for entry in packed.receipt.receipt.files}
    assert Suppressions(Handles(home.state, VENUE)).waiting() == []
    assert list((home.path / "proofs").iterdir())
    assert [name for name in station.files() if LEFTOVER.search(name)] == []


def kill_and_resume(station: Station, at: int) -> None:
    code = station.round("kill", at)
    assert code in (0, KILLED)
    check_meanwhile(station)
    assert station.round() == 0
    check_end(station)


def fill_and_resume(station: Station, at: int) -> None:
    code = station.round("full", at)
    assert code in (0, DiskFull.exit_code)
    check_meanwhile(station)
    assert station.round() == 0
    check_end(station)


def test_undisturbed_and_again(station: Station) -> None:
    assert station.round() == 0
    check_end(station)
    files, uploads = station.files(), dict(station.uploads)
    assert len(station.seen()) > SAMPLE[-1]
    assert station.round() == 0
    check_end(station)
    assert (station.files(), station.uploads) == (files, uploads)


@pytest.mark.parametrize("at", SAMPLE)
def test_killed(station: Station, at: int) -> None:
    kill_and_resume(station, at)


@pytest.mark.parametrize("at", [177])
def test_a_disk_that_is_full(station: Station, at: int) -> None:
    fill_and_resume(station, at)


def test_cut_after_every_tenth_of_a_part_it_goes_on_by_itself(station: Station) -> None:
    cutter = Cutter(station.ports[0], range(11))
    with cutting(cutter) as port:
        assert station.round(hub=port) == 0
    assert cutter.cut == list(range(11))
    check_end(station)


@pytest.mark.long
def test_cut_for_ever_the_next_round_sends_what_is_missing(station: Station) -> None:
    cutter = Cutter(station.ports[0], [WHOLE, 5], for_ever=True)
    with cutting(cutter) as port:
        assert station.round(hub=port, seconds=0.5) == HubDown.exit_code
    assert set(cutter.cut) == {5}
    check_meanwhile(station)
    (arrived,) = station.uploads
    assert station.round() == 0
    check_end(station)
    assert station.uploads[arrived] == 1


@pytest.mark.long
@pytest.mark.parametrize("first", range(1, POINTS, 25))
def test_killed_at_every_point(depot: Depot, tmp_path: Path, first: int) -> None:
    for at in range(first, first + 25):
        (tmp_path / str(at)).mkdir()
        with depot.station(tmp_path / str(at)) as station:
            kill_and_resume(station, at)


@pytest.mark.long
@pytest.mark.parametrize("first", range(1, WRITES, 25))
def test_full_at_every_writing(depot: Depot, tmp_path: Path, first: int) -> None:
    for at in range(first, first + 25):
        (tmp_path / str(at)).mkdir()
        with depot.station(tmp_path / str(at)) as station:
            fill_and_resume(station, at)


@contextmanager
def small_disk(place: Path, filled_with: Path, spare: int) -> Iterator[Path]:
    """A disk of its own that holds a copy of a folder and *spare* bytes more."""
    place.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place)], capture_output=True, check=False)  # fmt: skip
    if mount.returncode:
        pytest.skip("a disk can be mounted by root alone: the injected errors stand for it")
    try:
        copy = shutil.copytree(filled_with, place / "agent")
        disk = os.statvfs(place)
        used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize
        size = f"remount,size={used + spare}"
        subprocess.run(["mount", "-o", size, str(place)], check=True)
        yield copy
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.long
@pytest.mark.parametrize("spare", range(0, 640, 32))
def test_a_real_disk_that_is_full(station: Station, tmp_path: Path, spare: int) -> None:
    with small_disk(tmp_path / "disk", station.home, spare * 1024) as home:
        code = station.round(home=home)
        assert code in (0, DiskFull.exit_code)
        assert (code == 0) == (spare > 600) or 200 < spare <= 600
        shutil.rmtree(station.home)
        shutil.copytree(home, station.home)
    check_meanwhile(station)
    assert station.round() == 0
    check_end(station)


SYSCALLS = {"fsync": 60, "fdatasync": 60, "pwrite64": 240, "rename": 30, "unlink": 60, "write": 300}
"""The calls by which a folder changes, inside SQLite too, and about how often a round makes each."""


@pytest.mark.long
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize(("call", "at"), [(c, at) for c, most in SYSCALLS.items() for at in range(1, most, 9)])  # fmt: skip
def test_killed_at_a_system_call(station: Station, call: str, at: int) -> None:
    tracer = ("strace", "-f", "-qq", "--seccomp-bpf", "-o", os.devnull, "-e", f"trace={call}")
    code = station.traced(*tracer, "-e", f"inject={call}:signal=SIGKILL:when={at}")
    assert code in (0, KILLED)
    check_meanwhile(station)
    assert station.round() == 0
    check_end(station)
