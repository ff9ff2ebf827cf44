"""The portable measures on Spark, or on Ibis's own DuckDB, in an environment of their own: JSON in, JSON out.

``make spark`` makes that environment of requirements-spark.lock. Of ours it needs the portable form alone.
"""

import hashlib
import json
import os
import sys
import time
from pathlib import Path

import ibis
import numpy as np

from hub.measures.base import Query
from hub.measures.portable import Visits

TICKS = os.sysconf("SC_CLK_TCK")


def connected(engine: str, cores: int):
    """Return a connection of Ibis, and the process id of what works behind it beside this process."""
    if engine == "duckdb":
        return ibis.duckdb.connect(threads=cores), None
    from pyspark.sql import SparkSession  # noqa: PLC0415 -- only where it is asked for

    session = (
        SparkSession.builder.master(f"local[{cores}]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", str(4 * cores))
        .config("spark.driver.memory", "6g")
        .config("spark.network.timeout", "1800s")  # on a busy machine its own beats come late
        .config("spark.executor.heartbeatInterval", "120s")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return ibis.pyspark.connect(session), session.sparkContext._gateway.proc.pid


def cpu(beside: int | None) -> float:
    """Return the CPU seconds of this process and of the one beside it."""
    if beside is None:
        return time.process_time()
    fields = Path(f"/proc/{beside}/stat").read_text().rsplit(")", 1)[1].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / TICKS


def main() -> None:
    """Read the vectors that are asked for, and print their digests and what they took."""
    file, engine, cores = sys.argv[1], sys.argv[2], int(sys.argv[3])
    wanted = json.load(sys.stdin)
    begun = time.perf_counter()
    connection, beside = connected(engine, cores)
    started, before = time.perf_counter() - begun, cpu(beside)
    begun = time.perf_counter()
    held = Visits(connection.read_parquet(file))
    digests = {}
    for each in wanted:
        found = held.vector(Query(each["vector"], "", each["parameters"])).to_pyarrow()
        dense = np.zeros(each["cells"], "<i8")
        dense[found["cell"].to_numpy()] = found["value"].to_numpy()
        digests[each["vector"]] = hashlib.sha256(dense.tobytes()).hexdigest()
    took = {"start": started, "cpu": cpu(beside) - before, "wall": time.perf_counter() - begun}
    print(json.dumps({"digests": digests, **took}))


if __name__ == "__main__":
    main()
