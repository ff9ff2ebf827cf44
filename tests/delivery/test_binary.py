"""``make binary``: one file works where there is no Python, decodes in a child of its own, and leaves nothing."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import delivered
from venue_agent.sources import child

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
MOST_MEGABYTES = 120
MOST_CPU_SECONDS = 10.0  # of a start, unpacking included; a machine at peace takes two


@pytest.fixture(scope="module")
def binary() -> delivered.Command:
    return (delivered.artefact("venue-agent"),)


def test_it_says_its_version(binary: delivered.Command, tmp_path: Path) -> None:
    delivered.says_its_version(binary, tmp_path)


def test_it_speaks_both_languages(binary: delivered.Command, tmp_path: Path) -> None:
    delivered.speaks_both_languages(binary, tmp_path)


def test_it_reads_a_spreadsheet_and_parquet(binary: delivered.Command, tmp_path: Path) -> None:
    delivered.proposes_a_mapping(binary, tmp_path, delivered.spreadsheet(tmp_path))
    delivered.proposes_a_mapping(binary, tmp_path, delivered.parquet(tmp_path))


def test_its_child_is_limited(binary: delivered.Command, tmp_path: Path) -> None:
    """Without memory the child says so itself; the parent's words stay its own."""
    words = ("--decode-child", "parquet", delivered.parquet(tmp_path), "", str(1 << 28), "60")
    done = delivered.run(binary, *words, home=tmp_path)
    assert done.returncode in (child.TOO_MUCH, child.BROKEN)
    assert not delivered.HOLDS_ADDRESS.search(done.stdout + done.stderr)


def test_it_checks_certificates(binary: delivered.Command, tmp_path: Path) -> None:
    delivered.checks_certificates(binary, tmp_path)


def test_nothing_is_left_in_the_temp_folder(binary: delivered.Command, tmp_path: Path) -> None:
    delivered.run(binary, "--version", home=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="chroot wants root")
def test_it_works_where_there_is_no_python_at_all(
    binary: delivered.Command, tmp_path: Path
) -> None:
    """A root that holds the C library, the file, and nothing else."""
    file = Path(binary[0])
    libraries = subprocess.run(["ldd", file], capture_output=True, text=True, check=True).stdout
    needed = [word for word in libraries.split() if word.startswith("/")]
    # What the file brings leans on these of the C library, which every glibc system has.
    folder = next(Path(n) for n in needed if "libc.so" in n).parent
    needed += [str(folder / n) for n in ("libm.so.6", "librt.so.1", "libutil.so.1", "libresolv.so.2")]  # fmt: skip
    for library in needed:
        place = tmp_path / library.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, place)
    (tmp_path / "tmp").mkdir()
    shutil.copy(file, tmp_path / "venue-agent")
    done = subprocess.run(["/usr/sbin/chroot", tmp_path, "/venue-agent", "--version"], env={"HOME": "/tmp"}, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.stdout.startswith("venue-agent "), done.stderr


def test_size_and_start_stay_bearable(
    binary: delivered.Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    megabytes = Path(binary[0]).stat().st_size / 1e6
    before, start = os.times(), time.perf_counter()
    delivered.run(binary, "--version", home=tmp_path)
    after = os.times()
    wall = time.perf_counter() - start
    cpu = after.children_user + after.children_system - before.children_user - before.children_system  # fmt: skip
    with capsys.disabled():
        print(f"\n· venue-agent: {megabytes:.0f} MB, starts in {wall:.1f} s ({cpu:.1f} s of CPU)")
    assert megabytes < MOST_MEGABYTES
    assert cpu < MOST_CPU_SECONDS
