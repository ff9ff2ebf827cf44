"""Two days of a large house's agent, in a process of its own: CPU seconds of each, and the memory it takes."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import big_house
from tests.bench.bench_identifiers import REFERENCE_MICROSECONDS
from tests.bench.big_house import Size

ROOT = Path(__file__).parents[2]
EXPORTS = ROOT / "var" / "bench"
FIRST_SECONDS, DAILY_SECONDS, MOST_MIB = 300, 30, 1_500


def measure(size: Size) -> dict[str, Any]:
    """Return what ``tests.bench.agent_days`` says of a house of that size; its exports are written once."""
    folder = EXPORTS / f"house-{size.people}"
    big_house.write(folder, size)
    with tempfile.TemporaryDirectory(dir=EXPORTS) as state:
        command = [sys.executable, "-m", "tests.bench.agent_days", str(folder), state]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def rows(size: Size) -> Iterator[tuple[str, str, str, str]]:
    found = measure(size)
    people = f"{size.people:,} people, {size.tickets:,} tickets"
    days = (
        (f"{people}: read to packed", "first", FIRST_SECONDS),
        (f"the day after, {found['new_identifiers']:,} new identifiers", "second", DAILY_SECONDS),
    )
    for what, day, target in days:
        steps = found[day]
        cpu = steps.pop("cpu")
        wall = steps.pop("wall")
        scaled = cpu * REFERENCE_MICROSECONDS / found["bare"]
        each = cpu / found["read"] * 1e6 / found["bare"]
        yield what, f"{cpu:.0f} s of CPU ({wall:.0f} s by the clock)", f"{each:.2f} bare multiplications a ticket", f"{target} s ({scaled:.0f} s at {REFERENCE_MICROSECONDS} µs)"  # fmt: skip
        for step, seconds in steps.items():
            yield f"  {step}", f"{seconds:.1f} s", f"{100 * seconds / cpu:.0f} %", ""
    yield "most memory of the first day", f"{found['peak_mib']:.0f} MiB", "", f"{MOST_MIB:,} MiB"
