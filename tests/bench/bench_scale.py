"""Four outputs of an edition beside the same without privacy, from one file, each in a process of its own: CPU and memory."""

import argparse
import json
import resource
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.charter import MeasureSpec
from hub.measures.base import Query
from hub.measures.catalogue import MEASURES
from hub.privacy.charge import Charge
from hub.privacy.noise import noise
from hub.privacy.values import VectorPlan
from hub.vault.engine import Limits
from hub.vault.parts import Part, parts_for
from hub.vault.scan import Sums, columns_of, sum_over
from tests.bench.bench_edition import BASELINE, FLOWS_BASE, FLOWS_PATH, FOUR, FOUR_BASE, cpu
from tests.bench.bench_memory import child, make
from tests.support import town

PERSONS, VENUES, MEMORY = 1_000_000, 200, "2GB"
Asked = list[tuple[MeasureSpec, Query, VectorPlan]]
Cells = tuple[str, str, str, str]


def asked(venues: int, measures: tuple[str, ...]) -> Asked:
    """Return the queries of some measures, each with its vector and what pays for it."""
    bounds = town.BOUNDS.model_copy(update={"venues": 16, "pairs_total": 500})
    frame = town.frame(venues, bounds=bounds)
    found: Asked = []
    for name in measures:
        spec = MeasureSpec(measure=name, rho_micro=20_000)
        plan = MEASURES[name].plan(spec, frame)
        found += [(spec, *each) for each in zip(MEASURES[name].queries(plan, frame), plan, strict=True)]  # fmt: skip
    return found


def without(file: Path, statements: tuple[int, ...]) -> float:
    """Return the CPU seconds of the statements without privacy, the visits being in a table."""
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"CREATE TABLE visit AS FROM read_parquet('{file}')")
        begun = time.process_time()
        for index in statements:
            connection.execute(BASELINE[index]).fetchall()
        return time.process_time() - begun


def sums(file: Path, queries: Asked, limits: Limits) -> tuple[Sums, int]:
    """Return the sums as the vault makes them, part by part where memory asks for it, and the parts."""
    known = [(query, plan) for _, query, plan in queries]
    chosen = sorted(columns_of(known))
    with pq.ParquetFile(file) as opened:
        groups = range(opened.num_row_groups)
        parts = parts_for(opened.metadata.num_rows, limits)

        def read(part: Part) -> pa.Table:
            if part.parts == 1:
                return opened.read(columns=chosen)
            tables = (opened.read_row_group(group, columns=chosen) for group in groups)
            return pa.concat_tables(part.of(table) for table in tables)

        return sum_over(parts, read, limits, known), len(parts)


def drawn(found: Sums, queries: Asked) -> None:
    """Draw the noise, as a publication does."""
    for spec, query, plan in queries:
        charge = Charge("0" * 64, "edition", spec.measure, spec.rho_micro, 0)
        noise(found.run(query, plan), charge, plan)


def step(name: str, file: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return what one step took, in the process that does nothing else."""
    path = options.measures == "path"
    if name == "without":
        told: dict[str, Any] = {"cpu": without(file, FLOWS_BASE if path else FOUR_BASE)}
    else:
        queries = asked(options.venues, FLOWS_PATH if path else FOUR)
        limits = Limits(memory=options.memory, threads=2)
        (found, parts), took = cpu(partial(sums, file, queries, limits))
        told = {"cpu": took, "noise": cpu(partial(drawn, found, queries))[1], "parts": parts}
    return {**told, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9}


def rows(persons: int = PERSONS, venues: int = VENUES, memory: str = MEMORY) -> Iterator[Cells]:
    """Yield what each way took by itself; reading and decoding the file counts in ours."""
    with TemporaryDirectory() as folder:
        file = str(Path(folder) / "visits.parquet")
        told = child("make", file, str(persons), str(venues))
        size = f"{persons:,} persons, {told['rows']:,} visits, {venues} venues"
        module = "tests.bench.bench_scale"
        plain = child("without", file, module=module)
        yield "without privacy", _told(plain["cpu"], plain), "", size
        ours = child("ours", file, "--venues", str(venues), "--memory", memory, module=module)
        whole = ours["cpu"] + ours["noise"]
        found = f"{_told(whole, ours)}, noise {ours['noise']:.1f} s of it, {ours['parts']} parts"
        target = "20 CPU s and 2.5 GB at 10 million visits; 100 CPU s at 49"
        yield f"{', '.join(FOUR)}, {memory}", found, f"{whole / plain['cpu']:.2f}", target


def _told(seconds: float, found: dict[str, Any]) -> str:
    return f"{seconds:.1f} CPU s, peak {found['peak']:.2f} GB in all"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=("all", "make", "without", "ours"))
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--persons", type=int, default=PERSONS)
    parser.add_argument("--venues", type=int, default=VENUES)
    parser.add_argument("--memory", default=MEMORY)
    parser.add_argument("--measures", choices=("four", "path"), default="four")
    options = parser.parse_args()
    if options.step == "all":
        for row in rows(options.persons, options.venues, options.memory):
            print(*row, sep=" | ", flush=True)
    elif options.step == "make":
        print(json.dumps({"rows": make(options.file, options.persons, options.venues)}))
    else:
        print(json.dumps(step(options.step, options.file, options)))
