"""Our reach and lead times, noise included, beside OpenDP's own Polars Context and PipelineDP, in the same run."""

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
PERSONS = 200_000
TARGETS = {"context": ("OpenDP's Polars Context", 8), "pipeline": ("PipelineDP, local", 30)}
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
    each = [one(connection, measure, frame) for measure in ("reach", "lead-time")]
    ours = sum(query + noise for query, noise, _ in each)
    size = f"{persons:,} persons, {visits:,} visits, {venues} venues"
    yield "reach and lead times: ours", f"{ours:.2f} CPU s", "", size
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "visit.parquet"
        pq.write_table(connection.sql(_FLAT).to_arrow_table(), file)
        connection.close()
        run = partial(subprocess.run, capture_output=True, text=True, check=True)
        told = json.loads(run([PYTHON, PROGRAM, file]).stdout)
    for name, (what, target) in TARGETS.items():
        found = f"{told[name]:.2f} CPU s"
        yield (
            f"reach and lead times: {what}",
            found,
            f"{told[name] / ours:.0f} × ours",
            f"{target} at least",
        )
