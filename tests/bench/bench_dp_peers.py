"""Our reach, lead times and pairs, noise included, beside OpenDP's own Polars Context and PipelineDP, in the same run."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from tests.bench.bench_edition import VENUES, one, world
from tests.support import town

PROGRAM = Path(__file__).with_name("dp_peers.py")
PYTHON = Path(__file__).parents[2] / "var/build/dp-peers/bin/python"
PERSONS = 50_000  # PipelineDP holds every pair of places of everybody in memory
TARGETS = {
    "context": ("reach and lead times: OpenDP's Polars Context", 8),
    "pipeline": ("reach and lead times: PipelineDP, local", 30),
    "pairs": ("reach, lead times and pairs: PipelineDP, local", 30),
}
"""Times ours; the study that set them counted pairs too, joined for PipelineDP beforehand, as they are here."""
_PAIRS = """
SELECT one.person_key, one.venue AS a, other.venue AS b
FROM (SELECT DISTINCT (person_key >> 1)::BIGINT AS person_key, venue::BIGINT AS venue FROM visit) AS one
JOIN (SELECT DISTINCT (person_key >> 1)::BIGINT AS person_key, venue::BIGINT AS venue FROM visit) AS other
    ON one.person_key = other.person_key AND one.venue < other.venue
"""
_FLAT = """
SELECT (person_key >> 1)::BIGINT AS person_key, venue::BIGINT AS venue, age::BIGINT AS age,
       distance::BIGINT AS distance, discipline::BIGINT AS discipline,
       (CASE WHEN lead_days < 4 THEN lead_days ELSE least(floor(log2(lead_days)) + 2, 10) END)::BIGINT AS bin
FROM visit WHERE lead_days >= 0 AND age < 5 AND distance < 5
"""


def rows(persons: int = PERSONS, venues: int = VENUES) -> Iterator[tuple[str, str, str, str]]:
    """Yield the CPU seconds of each, queries and noise; the peers read the rows in memory already, as ours are."""
    if not PYTHON.exists():
        yield (
            "OpenDP's Context and PipelineDP",
            "not measured",
            "",
            "make bench-peers makes their environment",
        )
        return
    bounds = town.BOUNDS.model_copy(update={"venues": 8, "cells": 4})
    frame = town.frame(venues, bounds=bounds)
    connection = world(persons, venues)
    visits = connection.execute("SELECT count(*) FROM visit").fetchone()[0]
    cost = {m: sum(one(connection, m, frame)[:2]) for m in ("reach", "lead-time", "pairs")}
    two = cost["reach"] + cost["lead-time"]
    ours = {"context": two, "pipeline": two, "pairs": sum(cost.values())}
    size = f"{persons:,} persons, {visits:,} visits, {venues} venues"
    yield "reach and lead times: ours", f"{two:.2f} CPU s", "", size
    yield "reach, lead times and pairs: ours", f"{ours['pairs']:.2f} CPU s", "", ""
    with tempfile.TemporaryDirectory() as folder:
        file, pairs = Path(folder) / "visit.parquet", Path(folder) / "pairs.parquet"
        pq.write_table(connection.sql(_FLAT).to_arrow_table(), file)
        pq.write_table(connection.sql(_PAIRS).to_arrow_table(), pairs)
        connection.close()
        run = partial(subprocess.run, capture_output=True, text=True, check=True)
        told = json.loads(run([PYTHON, PROGRAM, file, pairs]).stdout)
    for name, (what, target) in TARGETS.items():
        found = f"{told[name]:.2f} CPU s"
        yield (
            what,
            found,
            f"{told[name] / ours[name]:.0f} × ours",
            f"{target} at least",
        )
