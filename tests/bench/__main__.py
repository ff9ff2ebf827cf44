"""Every bench in one run, one table each: what is compared is a ratio, never a second of some machine."""

import argparse
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from tests.bench import (
    bench_agent,
    bench_audit,
    bench_dp_peers,
    bench_edition,
    bench_fit,
    bench_identifiers,
    bench_ledger,
    bench_memory,
    bench_million,
    bench_peers,
    bench_recommend,
    bench_scale,
    bench_site,
    bench_spark,
)
from tests.bench.big_house import Size

Cells = tuple[str, str, str, str]


class Sizes(NamedTuple):
    """How much each bench takes on."""

    rounds: int = bench_identifiers.ROUNDS
    each: int = bench_ledger.EACH
    links: int = bench_ledger.LINKS
    persons: int = bench_edition.PERSONS
    venues: int = bench_edition.VENUES
    house: Size = Size()
    peers: int = bench_peers.PEOPLE
    seconds: int = 5


QUICK = Sizes(
    rounds=1, each=5, links=10_000, persons=100_000, venues=50, house=Size(10_000, 66_000), peers=500, seconds=1
)  # fmt: skip


def identifiers(sizes: Sizes) -> Iterable[Cells]:
    for row in bench_identifiers.rows(sizes.rounds):
        share = f"{row.microseconds / row.bare:.3f} × one bare multiplication"
        at = f"{row.target:,}/s (found {row.at_reference:,.0f}/s)"
        yield row.what, f"{row.microseconds:.1f} µs of CPU", share, at


def peers(sizes: Sizes) -> Iterable[Cells]:
    yield from bench_peers.rows(sizes.peers, sizes.rounds)


def recommend(sizes: Sizes) -> Iterable[Cells]:
    yield from bench_recommend.rows(quick=sizes.rounds == 1)


def million(sizes: Sizes) -> Iterable[Cells]:
    yield from bench_million.rows(quick=sizes.rounds == 1)


def fits(sizes: Sizes) -> Iterable[Cells]:
    yield from bench_fit.rows(quick=sizes.rounds == 1)


def dp_peers(sizes: Sizes) -> Iterable[Cells]:
    persons = min(sizes.persons, bench_dp_peers.PERSONS)
    yield from bench_dp_peers.rows(persons, sizes.venues)


def agent(sizes: Sizes) -> Iterable[Cells]:
    yield from bench_agent.rows(sizes.house)


def ledger(sizes: Sizes) -> Iterable[Cells]:
    for row in bench_ledger.rows(sizes.each, sizes.links):
        yield row.what, row.figure, row.ratio, row.target


def edition(sizes: Sizes) -> Iterable[Cells]:
    for row in bench_edition.rows(sizes.persons, sizes.venues):
        ratio = row.figure if "ratio" in row.what else ""
        yield row.what, "" if ratio else row.figure, ratio, row.target


def audit(_sizes: Sizes) -> Iterable[Cells]:
    yield from bench_audit.rows()


def memory(sizes: Sizes) -> Iterable[Cells]:
    tight = bench_memory.MEMORY if sizes.persons == bench_memory.PERSONS else "100MB"
    yield from bench_memory.rows(sizes.persons, sizes.venues, tight)


def scale(sizes: Sizes) -> Iterable[Cells]:
    yield from bench_scale.rows(sizes.persons, sizes.venues)


def spark(sizes: Sizes) -> Iterable[Cells]:
    yield from bench_spark.rows(sizes.persons, sizes.venues)


def site(sizes: Sizes) -> Iterable[Cells]:
    yield from bench_site.rows(sizes.seconds)


BENCHES: dict[str, Callable[[Sizes], Iterable[Cells]]] = {
    f"Identifiers, at {bench_identifiers.REFERENCE_MICROSECONDS} µs a multiplication": identifiers,
    "Identifiers, beside others' tools": peers,
    "Recommendations, beside others' methods": recommend,
    "Recommendations, beside others' methods, a million people": million,
    "A wide model, beside whole spectra": fits,
    "Reach and lead times, beside others' engines of confidentiality": dp_peers,
    "An agent's first day and the day after": agent,
    "Ledger and chain, on SQLite": ledger,
    "Edition, against the same tables without privacy": edition,
    "The audit's pipeline": audit,
    "Edition under a limit of memory": memory,
    "Four outputs of an edition, each way by itself": scale,
    "Core measures in portable form": spark,
    "Published pages, two workers": site,
}

LONG = ("million",)
"""Benches that run only when they are asked for by their whole name."""


def machine() -> str:
    """Return the day, the cores, the memory and how busy they are: without these no figure means anything."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {gigabytes:.0f} GiB, load {load:.1f}"


def main() -> None:
    """Run the benches and print their tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes: does it still run?")
    parser.add_argument("--only", default="", help="the benches whose name holds these letters")
    asked = parser.parse_args()
    sizes = QUICK if asked.quick else Sizes()
    console = Console()
    console.print(machine())
    for title, bench in BENCHES.items():
        if asked.only not in bench.__name__ or (bench.__name__ in LONG and asked.only not in LONG):
            continue
        table = Table("what", "found", "ratio", "target", title=title, title_justify="left")
        with console.status(title):
            for cells in bench(sizes):
                table.add_row(*cells)
        console.print(table)


if __name__ == "__main__":
    main()
