"""CPU of an edition's measures against the same outputs without privacy, in one run."""

import argparse
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from hub.forecast import SHARES
from hub.measures.catalogue import MEASURES
from hub.measures.frame import Frame
from tests.support import measuring, town

BASELINE = Path(__file__).with_name("baseline.sql").read_text().split("--------\n")
PERSONS, VENUES = 1_000_000, 200
TARGET = 2.5  # times the baseline, noise included, from ten million visits up
FLOWS_TARGET = 1.1  # times the baseline, without noise
# What the parts of an edition cost without privacy: statements of baseline.sql, in its order.
FLOWS_PATH, FLOWS_BASE = ("reach", "pairs", "flows"), (0, 1, 2, 3, 5, 6, 7)
FOUR, FOUR_BASE = (*FLOWS_PATH, "lead-time"), (*FLOWS_BASE, 8)
SIX = (*FOUR, "ladder", "provenance")  # all that baseline.sql has

WORLD = """
CREATE TABLE visit AS
WITH person AS (
    SELECT i AS person_key, hash(i) AS h,
           (1 + 9 * (-ln(1 - (hash(i, 1) % 1000000) / 1000001.0)))::INTEGER AS often
    FROM range({first}, {first} + {persons}) t(i)),
rows AS (
    SELECT person_key, h, unnest(range(often)) AS n FROM person),
placed AS (
    SELECT person_key, h, hash(person_key, n, 2) AS r, hash(person_key, n % 3, 3) AS loyal
    FROM rows)
SELECT hash(person_key, 9)::UBIGINT AS person_key,
       (power((CASE WHEN r % 100 < 35 THEN loyal ELSE r // 128 END % 1000000) / 1000000.0, 2)
           * {last})::USMALLINT AS venue,
       (r % 6)::USMALLINT AS discipline,
       (20000 + r // 7 % 365)::INTEGER AS event_day,
       (CASE WHEN r % 20 = 0 THEN -1 ELSE r // 11 % 200 END)::SMALLINT AS lead_days,
       (h % 6)::UTINYINT AS age, (h // 8 % 6)::UTINYINT AS distance,
       printf('%02d', 1 + h // 64 % 90)::VARCHAR AS departement,
       hash(person_key, venue, 4)::UBIGINT AS priority,
       (r // 13 % 6)::UTINYINT AS channel, (r // 17 % 3)::UTINYINT AS first_time,
       (CASE WHEN h // 512 % 30 = 0 THEN 'BE' ELSE '' END)::VARCHAR AS country,
       (h // 1024 % 3)::UTINYINT AS qpv,
       (CASE WHEN r // 19 % 7 = 0 THEN r // 23 % 11 ELSE 255 END)::UTINYINT AS satisfaction,
       (r // 29 % 5)::UTINYINT AS party, (r // 31 % 32)::BIGINT AS tags,
       (CASE WHEN h // 16 % 10 < 8 THEN (200035202 + h // 16 % 10)::VARCHAR ELSE '' END) AS epci
FROM placed
"""
ACTIVATIONS = """
CREATE TABLE activation AS
SELECT DISTINCT ON (person_key, venue, operation)
       person_key, venue, (hash(person_key, venue, 5) % 3)::USMALLINT AS operation,
       (hash(person_key, 6) % 10 = 0)::UTINYINT AS arm,
       (20000 + hash(person_key, 7) % 100)::INTEGER AS event_day, priority
FROM visit WHERE hash(person_key, venue) % 3 = 0
ORDER BY person_key, venue, operation
"""


@dataclass(frozen=True)
class Row:
    """One line of the bench table."""

    what: str
    figure: str
    target: str = ""

    def __str__(self) -> str:
        return f"{self.what:<58}{self.figure:>44}  {self.target}"


def cpu(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what *work* gives and the CPU seconds, user and system, of all threads."""
    begun = time.process_time()
    done = work()
    return done, time.process_time() - begun


def world(persons: int, venues: int, first: int = 0) -> duckdb.DuckDBPyConnection:
    """Return a network of people with about ten visits each, a third of their houses having asked them back.

    People are numbered from *first*, so that several calls make several people.
    """
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(WORLD.format(persons=persons, last=venues - 1, first=first))
    connection.execute(ACTIVATIONS)
    return connection


def without_privacy(connection: duckdb.DuckDBPyConnection) -> list[float]:
    """Run the baseline, then drop what it made; return the CPU seconds of each statement."""

    def run(text: str) -> None:
        connection.execute(text).fetchall()

    seconds = [cpu(partial(run, text))[1] for text in BASELINE]
    for table in ("person_place", "person", "meeting", "home"):
        connection.execute(f"DROP TABLE {table}")
    return seconds


def one(
    connection: duckdb.DuckDBPyConnection, measure: str, frame: Frame
) -> tuple[float, float, int]:
    """Return the CPU seconds of a measure's queries and of its noise, and its cells."""
    frame = measuring.suited(measure, frame)
    delta = 100_000 if measure == "provenance" else 0
    spec, plan = measuring.plan_of(measure, frame, delta_pico=delta)
    exact, query = cpu(partial(measuring.exact, connection, measure, frame, plan))
    _, noise = cpu(partial(measuring.drawn, exact, spec, plan))
    return query, noise, sum(len(vector.keys) for vector in plan)


def rows(
    persons: int = PERSONS, venues: int = VENUES, measures: tuple[str, ...] = tuple(MEASURES)
) -> Iterator[Row]:
    """Yield one row per measure, SIX at least, then the ratios."""
    connection = world(persons, venues)
    visits = connection.execute("SELECT count(*) FROM visit").fetchone()[0]
    bounds = town.BOUNDS.model_copy(update={"venues": 16, "pairs_total": 500})
    frame = town.frame(venues, bounds=bounds)
    base = without_privacy(connection)
    baseline = sum(base)
    size = f"{persons:,} persons, {visits:,} visits, {venues} venues"
    yield Row("edition without privacy (baseline.sql)", f"{baseline:.2f} CPU s", size)
    taken: dict[str, tuple[float, float]] = {}
    for measure in measures:
        query, noise, cells = one(connection, measure, frame)
        taken[measure] = query, noise
        yield Row(
            f"edition: {measure}", f"{query:.2f} + noise {noise:.2f} CPU s", f"{cells:,} cells"
        )
    if taken.keys() >= dict(SHARES).keys():
        whole = sum(sum(taken[measure]) for measure, _ in SHARES)
        yield Row("edition: the usual measures together", f"{whole:.1f} CPU s")
    six, four = (sum(sum(taken[measure]) for measure in some) for some in (SIX, FOUR))
    ratio = f"{six / baseline:.2f} ({six:.1f} CPU s)"
    yield Row("edition: all that the baseline has", ratio, f"{TARGET} at most")
    ratio = f"{four / sum(base[index] for index in FOUR_BASE):.2f} ({four:.1f} CPU s)"
    yield Row("edition: " + ", ".join(FOUR), ratio, f"{TARGET} at most")
    path = sum(taken[measure][0] for measure in FLOWS_PATH)
    ratio = f"{path / sum(base[index] for index in FLOWS_BASE):.2f} without noise"
    yield Row("edition: " + ", ".join(FLOWS_PATH), ratio, f"{FLOWS_TARGET} at most")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    yield Row("edition: peak memory, the made-up rows included", f"{peak:.1f} GiB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=PERSONS)
    parser.add_argument("--venues", type=int, default=VENUES)
    parser.add_argument("--six", action="store_true", help="what the baseline has, and no more")
    options = parser.parse_args()
    for row in rows(options.persons, options.venues, SIX if options.six else tuple(MEASURES)):
        print(row, flush=True)
