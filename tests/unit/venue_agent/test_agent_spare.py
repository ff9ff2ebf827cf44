"""Memory that nobody uses goes back to the system, and its absence stops nobody."""

import ctypes
from pathlib import Path

import pytest

from venue_agent.spare import give_back

BLOCK = 64 << 10  # below what the C library would map, and give back, by itself


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="glibc alone has it")
def test_what_was_freed_goes_back() -> None:
    held = [bytes(BLOCK) for _ in range(1600)]
    last = bytes(BLOCK)  # keeps the top of the heap: only a trim gives what is below it
    before = resident()
    del held
    give_back()
    assert before - resident() > 50 << 20
    assert len(last) == BLOCK


def test_another_c_library_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    give_back()
