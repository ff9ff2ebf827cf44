"""The usual edition under a limit of memory: everybody at once, then part by part; each in a process of its own."""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from contracts.base import digest
from contracts.charter import MeasureSpec
from hub.forecast import SHARES
from hub.measures.catalogue import MEASURES
from hub.vault.engine import Limits, MemoryRanOut
from hub.vault.parts import WHOLE, Part, parts_for
from hub.vault.scan import sum_over
from tests.bench.bench_edition import world
from tests.support import town

PERSONS, VENUES, MEMORY = 1_000_000, 200, "1GB"
Cells = tuple[str, str, str, str]


def asked(venues: int):
    """Return the queries of the usual edition, with their vectors."""
    bounds = town.BOUNDS.model_copy(update={"venues": 16, "pairs_total": 500})
    frame = town.frame(venues, bounds=bounds)
    queries = []
    for name, _ in SHARES:
        delta = 100_000 if name == "provenance" else 0
        spec = MeasureSpec(measure=name, rho_micro=10_000, delta_pico=delta)
        vectors = MEASURES[name].plan(spec, frame)
        queries += zip(MEASURES[name].queries(vectors, frame), vectors, strict=True)
    return queries


def make(file: Path, persons: int, venues: int) -> int:
    """Write the made-up visits, some at a time, as the vault keeps a frozen view."""
    rows, writer = 0, None
    for first in range(0, persons, PERSONS):
        with world(min(PERSONS, persons - first), venues, first) as connection:
            reader = connection.sql("SELECT * FROM visit").to_arrow_reader(131_072)
            writer = writer or pq.ParquetWriter(file, reader.schema, compression="zstd")
            for batch in reader:
                writer.write_batch(batch)
                rows += batch.num_rows
    if writer:
        writer.close()
    return rows


def run(file: Path, venues: int, memory: str, *, cut: bool) -> dict[str, object]:
    """Return what one run took, and the digest of all its vectors."""
    begun = time.process_time()
    limits = Limits(memory=memory, threads=2)
    with pq.ParquetFile(file) as opened:

        def read(part: Part) -> pa.Table:
            if part == WHOLE and not cut:
                return opened.read()
            groups = range(opened.num_row_groups)
            return pa.concat_tables(part.of(opened.read_row_group(group)) for group in groups)

        parts = parts_for(opened.metadata.num_rows, limits) if cut else [WHOLE]
        queries = asked(venues)
        try:
            sums = sum_over(parts, read, limits, queries) if cut else _whole(read, limits, queries)
        except MemoryRanOut:
            return {"failed": True}
    vectors = b"".join(sums.run(*query).values.tobytes() for query in queries)
    return {
        "cpu": time.process_time() - begun,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "parts": len(parts),
        "digest": digest(vectors),
    }


def _whole(read, limits: Limits, queries):
    """Everybody at once, and no second try."""
    from hub.vault.scan import Sums, relations_of  # noqa: PLC0415

    sums = Sums(queries)
    with relations_of(read(WHOLE), limits) as relations:
        sums.add(sums.of(relations))
    return sums


def child(*arguments: str, module: str = "tests.bench.bench_memory") -> dict[str, Any]:
    """Run one step in a process of its own, whose peak is its own."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def rows(persons: int = PERSONS, venues: int = VENUES, memory: str = MEMORY) -> Iterator[Cells]:
    """Yield what each way took, and whether both gave the same."""
    with TemporaryDirectory() as folder:
        file = str(Path(folder) / "visits.parquet")
        size = (str(persons), str(venues))
        visits = child("make", file, *size)["rows"]
        told = f"{persons:,} persons, {visits:,} visits, {venues} venues"
        yield "the usual edition's sums", "", "", told
        tight = child("whole", file, *size, "--memory", memory)
        found = "memory ran out" if "failed" in tight else f"{tight['peak']:.2f} GiB"
        yield f"everybody at once, {memory}", found, "", ""
        roomy = child("whole", file, *size, "--memory", "12GB")
        yield "everybody at once, 12GB", _told(roomy), "", ""
        cut = child("cut", file, *size, "--memory", memory)
        same = "same" if cut["digest"] == roomy["digest"] else "OTHER SUMS"
        times = f"{cut['cpu'] / roomy['cpu']:.2f} × the CPU; {same}"
        yield f"in {cut['parts']} parts, {memory}", _told(cut), times, "the same sums"


def _told(found: dict[str, object]) -> str:
    return f"{found['cpu']:.1f} CPU s, peak {found['peak']:.2f} GiB in all"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=("make", "whole", "cut"))
    parser.add_argument("file", type=Path)
    parser.add_argument("persons", type=int)
    parser.add_argument("venues", type=int)
    parser.add_argument("--memory", default=MEMORY)
    options = parser.parse_args()
    if options.step == "make":
        print(json.dumps({"rows": make(options.file, options.persons, options.venues)}))
    else:
        print(
            json.dumps(run(options.file, options.venues, options.memory, cut=options.step == "cut"))
        )
