"""``make wheel``: what a venue installs with uv or pipx works alone, and holds all that it needs."""

import os
import re
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.support import delivered

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
ROOT = Path(__file__).parents[2]
UV = ROOT / ".venv/bin/uv"


@pytest.fixture(scope="module")
def wheel() -> Path:
    return delivered.artefact("farandole-*.whl")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> delivered.Command:
    """The agent as ``uv tool install`` makes it, in a home where nothing else is, under our pins."""
    home = tmp_path_factory.mktemp("home")
    places = {"HOME": str(home), "UV_TOOL_DIR": str(home / "tools"), "UV_TOOL_BIN_DIR": str(home / "bin")}  # fmt: skip
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("UV_", "HOME"))}
    pins = ["--constraints", ROOT / "requirements.lock", "--no-build"]
    cache = ["--cache-dir", subprocess.run([UV, "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()]  # fmt: skip
    subprocess.run(
        [UV, "tool", "install", "--quiet", *cache, *pins, f"farandole[agent] @ {wheel.as_uri()}"],
        env={**kept, **places},
        cwd=home,
        check=True,
        timeout=600,
    )
    return (home / "bin" / "venue-agent",)


def test_every_file_that_the_agent_reads_is_inside(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for top in ("contracts", "venue_agent")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert any(name.endswith(".po") for name in wanted)
    assert any(name.endswith("postcodes.csv") for name in wanted)
    assert wanted - inside == set()


def test_tests_and_deployment_stay_out_of_the_wheel(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.startswith("farandole-")} == {"contracts", "hub", "venue_agent"}  # fmt: skip


def test_the_source_archive_makes_the_same_wheel(tmp_path: Path, wheel: Path) -> None:
    with tarfile.open(delivered.artefact("farandole-*.tar.gz")) as archive:
        archive.extractall(tmp_path, filter="data")
        stamp = str(int(archive.getmembers()[0].mtime))
    source = next(tmp_path.iterdir())
    build = [ROOT / "var/build/tools/bin/python", "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "out"]  # fmt: skip
    subprocess.run(build, cwd=source, env={**os.environ, "SOURCE_DATE_EPOCH": stamp}, check=True, capture_output=True)  # fmt: skip
    again = next((tmp_path / "out").iterdir())
    assert again.read_bytes() == wheel.read_bytes()


def test_no_address_of_a_registry_is_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            assert not re.search(rb"files\.pythonhosted|pypi\.org", archive.read(name)), name


def test_it_says_its_version(installed: delivered.Command, tmp_path: Path) -> None:
    delivered.says_its_version(installed, tmp_path)


def test_it_speaks_both_languages(installed: delivered.Command, tmp_path: Path) -> None:
    delivered.speaks_both_languages(installed, tmp_path)


def test_it_reads_a_spreadsheet_and_parquet(installed: delivered.Command, tmp_path: Path) -> None:
    delivered.proposes_a_mapping(installed, tmp_path, delivered.spreadsheet(tmp_path))
    delivered.proposes_a_mapping(installed, tmp_path, delivered.parquet(tmp_path))


def test_it_checks_certificates(installed: delivered.Command, tmp_path: Path) -> None:
    delivered.checks_certificates(installed, tmp_path)
