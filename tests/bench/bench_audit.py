"""CPU of one made-up crowd through the whole pipeline of the audit, beside a bare multiplication of the same run."""

import time
from collections.abc import Iterator

from contracts import ristretto
from hub.audit.crowd import crowd
from hub.audit.stage import QUICK, stage
from hub.audit.worlds import world
from tests.bench.bench_identifiers import REFERENCE_MICROSECONDS

RUNS = 20
TARGET = 60  # milliseconds at the reference multiplication
_BARE = 2_000


def rows(runs: int = RUNS) -> Iterator[tuple[str, str, str, str]]:
    """Yield the CPU milliseconds of a run: linkage, freezing, sums."""
    with stage(QUICK) as made:
        plan = made.plans[0]
        people = crowd()
        world(plan, people)  # the engine starts once for all crowds
        begun = time.process_time()
        for _ in range(runs):
            world(plan, people)
        found = (time.process_time() - begun) / runs * 1e3
    bare = _bare()
    brought = found * REFERENCE_MICROSECONDS / bare
    yield (
        "audit: one crowd, linked, frozen and summed",
        f"{found:.0f} ms of CPU",
        f"{1e3 * found / bare:.0f} bare multiplications of {bare:.0f} µs",
        f"{TARGET} ms (found {brought:.0f} at {REFERENCE_MICROSECONDS} µs)",
    )


def _bare() -> float:
    points = b"".join(ristretto.random_point() for _ in range(_BARE))
    scalar = ristretto.random_scalar()
    begun = time.process_time()
    ristretto.multiply_many(scalar, points)
    return (time.process_time() - begun) / _BARE * 1e6
