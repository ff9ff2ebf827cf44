"""Prints the CPU of an edition's measures against the same outputs without privacy, in one run."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np

from hub.measures.catalogue import MEASURES
from tests.support import measuring, town

BASELINE = Path(__file__).with_name("baseline.sql").read_text().split("--------\n")
EVENTS = 12  # events a venue and day band, so that a visit is a distinct row

WORLD = """
CREATE TABLE visit AS
WITH person AS (
    SELECT i AS person_key, hash(i) AS h, (1 + 9 * (-ln(1 - (hash(i, 1) % 1000000) / 1000001.0)))::INTEGER AS often
    FROM range({persons}) t(i)),
rows AS (
    SELECT person_key, h, unnest(range(often)) AS n FROM person),
placed AS (
    SELECT person_key, h, hash(person_key, n, 2) AS r, hash(person_key, n % 3, 3) AS loyal FROM rows)
SELECT hash(person_key, 9)::UBIGINT AS person_key,
       (power((CASE WHEN r % 100 < 35 THEN loyal ELSE r // 128 END % 1000000) / 1000000.0, 2) * {venues})::USMALLINT AS venue,
       (r % 6)::USMALLINT AS discipline,
       (20000 + r // 7 % 365)::INTEGER AS event_day,
       (CASE WHEN r % 20 = 0 THEN -1 ELSE r // 11 % 200 END)::SMALLINT AS lead_days,
       (h % 6)::UTINYINT AS age, (h // 8 % 6)::UTINYINT AS distance,
       printf('%02d', 1 + h // 64 % 90)::VARCHAR AS departement,
       hash(person_key, venue, 4)::UBIGINT AS priority
FROM placed
"""


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds, user and system, of all threads."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def world(persons: int, venues: int) -> duckdb.DuckDBPyConnection:
    """Return a network of people with about ten visits each."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(WORLD.format(persons=persons, venues=venues - 1))
    return connection


def main() -> None:
    """Print one row per measure and the ratio of the whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--venues", type=int, default=200)
    options = parser.parse_args()
    connection = world(options.persons, options.venues)
    rows = connection.execute("SELECT count(*) FROM visit").fetchone()
    bounds = town.BOUNDS.model_copy(update={"venues": 16, "pairs_total": 500})
    frame = town.frame(options.venues, bounds=bounds)
    baseline = cpu(lambda: [connection.execute(text).fetchall() for text in BASELINE])
    for table in ("person_place", "person", "itinerary", "home"):
        connection.execute(f"DROP TABLE {table}")
    print(f"edition: {options.persons:,} persons, {rows[0]:,} visits, {options.venues} venues")
    print(f"{'without privacy (baseline.sql)':<34}{baseline:8.2f} CPU s")
    total_query = total_noise = 0.0
    for measure in MEASURES:
        spec, plan = measuring.plan_of(
            measure, frame, delta_pico=100_000 * (measure == "provenance")
        )
        found: dict[str, np.ndarray] = {}
        query = cpu(lambda: found.update(measuring.exact(connection, measure, frame, plan)))  # noqa: B023
        noise = cpu(lambda: measuring.drawn(found, spec, plan))  # noqa: B023
        cells = sum(len(vector.keys) for vector in plan)
        print(f"{measure:<34}{query:8.2f} CPU s + noise {noise:6.2f} ({cells:,} cells)")
        total_query, total_noise = total_query + query, total_noise + noise
    ratio = (total_query + total_noise) / baseline
    print(f"{'bounded':<34}{total_query:8.2f} CPU s + noise {total_noise:6.2f}")
    print(f"{'ratio to the baseline':<34}{ratio:8.2f} ({total_query / baseline:.2f} without noise)")


if __name__ == "__main__":
    main()
