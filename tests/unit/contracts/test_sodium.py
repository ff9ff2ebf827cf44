"""libsodium is found in the wheel too, and nothing is left behind for it."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from contracts import sodium

PROGRAM = """
from contracts import sodium
{before}
sodium._system_library = lambda: None
from contracts import ristretto
point = ristretto.random_point()
scalar = ristretto.random_scalar()
back = ristretto.multiply(ristretto.invert(scalar), ristretto.multiply(scalar, point))
assert back == point
print(sodium.version())
"""


def run(folder: Path, before: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(before=before)],
        env={"PATH": os.environ["PATH"], "TMPDIR": str(folder), "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_library_of_the_wheel_needs_no_file(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)  # nor a temp folder
    assert re.fullmatch(r"\d+\.\d+\.\d+", run(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_where_it_needs_a_file_it_is_gone_after(tmp_path: Path) -> None:
    left = tmp_path / "farandole-sodium-of-an-earlier-start.dll"
    left.write_bytes(b"Windows would not let it go")
    assert run(tmp_path, "import os; vars(os).pop('memfd_create', None)")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_library_is_none(tmp_path: Path) -> None:
    # in a process of its own: where a library is loaded already, the loader knows it by the number of its file
    assert run(tmp_path, "assert sodium._of_bytes(b'no library') is None")
    assert run(tmp_path, "assert sodium._of_file(b'no library') is None")
    assert list(tmp_path.iterdir()) == []


def test_without_any_library_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sodium, "_system_library", lambda: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(sodium.SodiumMissing, match="libsodium23"):
        sodium.load_library()
