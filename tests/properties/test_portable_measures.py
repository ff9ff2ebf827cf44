"""The core measures say the same in tuned SQL, in Ibis on DuckDB, in plain Python and, where it is there, on Spark."""

import json
import os
import subprocess
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.measures.base import Query
from hub.measures.catalogue import MEASURES as CATALOGUE
from hub.measures.frame import Frame
from hub.measures.portable import MEASURES, VECTORS, Visits, signed
from hub.privacy.values import VectorPlan
from tests.properties.test_measures_oracle import bounds, everywhere, rows
from tests.support import measuring, oracle, town

SPARK = Path(__file__).parents[2] / "var/build/spark/bin/python"
PROGRAM = Path(__file__).parents[1] / "support" / "on_spark.py"


def asked(frame: Frame) -> list[tuple[Query, VectorPlan]]:
    found = []
    for measure in MEASURES:
        _, plan = measuring.plan_of(measure, frame)
        found += zip(CATALOGUE[measure].queries(plan, frame), plan, strict=True)
    return found


def in_ibis(visits: pa.Table, frame: Frame) -> dict[str, np.ndarray]:
    with TemporaryDirectory() as folder:
        pq.write_table(signed(visits), f"{folder}/visit.parquet")
        held = Visits(ibis.duckdb.connect().read_parquet(f"{folder}/visit.parquet"))
        return {v.name: dense(held.vector(q).to_pyarrow(), v) for q, v in asked(frame)}


def dense(found: pa.Table, plan: VectorPlan) -> np.ndarray:
    cells = zip(found["cell"].to_pylist(), found["value"].to_pylist(), strict=True)
    return measuring.dense(list(cells), plan)


def in_sql(visits: pa.Table, frame: Frame) -> dict[str, np.ndarray]:
    with town.opened(visits) as connection:
        return {v.name: measuring.value(connection, q, v) for q, v in asked(frame)}


def digests(vectors: dict[str, np.ndarray]) -> dict[str, str]:
    return {name: sha256(v.astype("<i8").tobytes()).hexdigest() for name, v in vectors.items()}


def test_every_vector_of_the_core_measures_has_its_form() -> None:
    names = {vector.name for _, vector in asked(town.frame(40))}
    assert names == set(VECTORS)


def test_ibis_says_what_the_tuned_sql_and_the_oracle_say() -> None:
    frame = town.frame(36, clusters=2)
    visits = town.town(300, frame, seed=2)
    found = in_ibis(visits, frame)
    assert digests(found) == digests(in_sql(visits, frame))
    expected = oracle.vectors(town.rows_of(visits), frame, oracle.term_of)
    for _, plan in asked(frame):
        assert found[plan.name].tolist() == [expected[plan.name].get(k, 0) for k in plan.keys]


@settings(max_examples=2, deadline=None)
@given(st.lists(rows, max_size=40), bounds, st.integers(0, 3), st.integers(1, 2**64 - 1))
def test_ibis_says_what_the_tuned_sql_says_on_any_small_world(
    visits, bounds, clusters, priority
) -> None:
    frame = town.frame(40, clusters=clusters, bounds=bounds)
    table = town.table_of([*visits, *everywhere(9, priority)])
    assert digests(in_ibis(table, frame)) == digests(in_sql(table, frame))


@pytest.mark.long
@pytest.mark.skipif(not SPARK.exists(), reason="make spark makes the environment of Spark")
def test_spark_says_what_the_tuned_sql_says(tmp_path) -> None:
    frame = town.frame(36, clusters=2)
    visits = town.town(20_000, frame, seed=1)
    pq.write_table(signed(visits), tmp_path / "visit.parquet")
    wanted = [
        {
            "vector": query.vector,
            "cells": len(plan.keys),
            "parameters": {k: v for r in (*query.needs, query) for k, v in r.parameters.items()},
        }
        for query, plan in asked(frame)
    ]
    told = subprocess.run(
        [SPARK, PROGRAM, str(tmp_path / "visit.parquet"), "pyspark", "2"],
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert told.returncode == 0, told.stderr[-4000:]
    found = json.loads(told.stdout)["digests"]
    assert found == digests(in_sql(visits, frame))
