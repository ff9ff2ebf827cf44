"""The core measures in tuned SQL, in Ibis on DuckDB, and on Spark: one Parquet file, one run, the same sums."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from hub.measures.base import Query
from hub.measures.catalogue import MEASURES as CATALOGUE
from hub.measures.frame import Frame
from hub.measures.portable import MEASURES, signed
from hub.privacy.values import VectorPlan
from tests.bench.bench_edition import PERSONS, VENUES, cpu, world
from tests.support import measuring, town

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / "var/build/spark/bin/python"
PROGRAM = ROOT / "tests/support/on_spark.py"
CORES = 2
Asked = list[tuple[Query, VectorPlan]]


def rows(persons: int = PERSONS, venues: int = VENUES) -> Iterator[tuple[str, str, str, str]]:
    """Yield CPU and wall seconds of each engine, and what ten million visits would cost it at that rate."""
    if not PYTHON.exists():
        yield "core measures on Spark", "not measured", "", "make spark makes its environment"
        return
    bounds = town.BOUNDS.model_copy(update={"venues": 16, "pairs_total": 500})
    frame = town.frame(venues, bounds=bounds)
    with tempfile.TemporaryDirectory() as folder:
        connection = world(persons, venues)
        file = f"{folder}/visit.parquet"
        pq.write_table(signed(connection.sql("FROM visit").to_arrow_table()), file)
        begun = time.perf_counter()
        asked, took = cpu(partial(tuned, connection, frame))
        wall = time.perf_counter() - begun
        visits = connection.execute("SELECT count(*) FROM visit").fetchone()[0]
        connection.close()
        yield from _row("tuned SQL on DuckDB", took, wall, (took, visits), "")
        for engine in ("duckdb", "pyspark"):
            told = portable(file, engine, asked)
            start = f"{told['start']:.0f} s to start" if engine == "pyspark" else ""
            yield from _row(f"Ibis on {engine}", told["cpu"], told["wall"], (took, visits), start)


def tuned(connection: duckdb.DuckDBPyConnection, frame: Frame) -> Asked:
    """Run the product's own queries of the core measures, and return what was asked."""
    asked: Asked = []
    for measure in MEASURES:
        _, plan = measuring.plan_of(measure, frame)
        measuring.exact(connection, measure, frame, plan)
        asked += zip(CATALOGUE[measure].queries(plan, frame), plan, strict=True)
    return asked


def portable(file: str, engine: str, asked: Asked) -> dict[str, Any]:
    """Return what the same vectors take on an engine of Ibis, in the environment of Spark."""
    wanted = [
        {
            "vector": query.vector,
            "cells": len(plan.keys),
            "parameters": {k: v for r in (*query.needs, query) for k, v in r.parameters.items()},
        }
        for query, plan in asked
    ]
    done = subprocess.run(
        [PYTHON, PROGRAM, file, engine, str(CORES)],
        input=json.dumps(wanted), capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _row(
    name: str, took: float, wall: float, against: tuple[float, int], note: str
) -> Iterator[tuple[str, str, str, str]]:
    tuned_took, visits = against
    per = took * 10_000_000 / visits
    yield (
        f"reach, ladder, pairs, flows, lead times, provenance: {name}",
        f"{took:.1f} CPU s, {wall:.1f} s on {CORES} cores, {visits:,} visits",
        f"{took / tuned_took:.2f} × the tuned SQL",
        f"{per:.0f} CPU s for 10 million visits{', ' + note if note else ''}",
    )
