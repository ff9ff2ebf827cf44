"""A synthetic town: seeded people, venues and visits, small and fast; it stands for vault.scan."""

import datetime as dt
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import pyarrow as pa

from contracts import epci
from contracts.charter import Bounds
from contracts.tags import BITS, NOTHING_SAID, UNSAID
from hub.measures.departements import DEPARTEMENTS
from hub.measures.frame import Frame, Operation, Venue

FIRST = dt.date(2024, 9, 1)
LAST = dt.date(2025, 8, 31)
EPOCH = dt.date(1970, 1, 1)
HOMES = ("69", "38", "42", "01", "99", "", "2A", "971")
EPCIS = epci.near(((46.0, 4.0),), 60)[:8]
FAR = "200067106"  # of the list, and far from every venue of the town
KINDS = ("museum", "contemporary-art", "theatre", "dance")
TAGS = (("period", ("baroque", "moderne", "jazz")), ("author", ("molière", "inconnue")))
BOUNDS = Bounds(venues=5, visits=20, cells=4, pairs_total=66)

VISIT_SQL = """
CREATE TABLE visit AS SELECT
  person_key::UBIGINT AS person_key, venue::USMALLINT AS venue, discipline::USMALLINT AS discipline,
  event_day::INTEGER AS event_day, lead_days::SMALLINT AS lead_days, age::UTINYINT AS age,
  distance::UTINYINT AS distance, departement::VARCHAR AS departement,
  priority::UBIGINT AS priority, channel::UTINYINT AS channel,
  first_time::UTINYINT AS first_time, country::VARCHAR AS country,
  qpv::UTINYINT AS qpv, satisfaction::UTINYINT AS satisfaction, party::UTINYINT AS party,
  tags::BIGINT AS tags, epci::VARCHAR AS epci
FROM rows WHERE arm IS NULL
"""
ACTIVATION_SQL = """
CREATE TABLE activation AS SELECT
  person_key::UBIGINT AS person_key, venue::USMALLINT AS venue, operation::USMALLINT AS operation,
  arm::UTINYINT AS arm, event_day::INTEGER AS event_day, priority::UBIGINT AS priority
FROM rows WHERE arm IS NOT NULL
"""


@dataclass(frozen=True)
class Row:
    """One distinct visit, as the relation ``visit`` holds it; with an arm, one activation instead."""

    person_key: int
    venue: int
    discipline: int
    event_day: int
    lead_days: int
    age: int
    distance: int
    departement: str
    priority: int
    channel: int = 5
    first_time: int = 2
    country: str = ""
    qpv: int = 2
    satisfaction: int = 255
    party: int = 4
    tags: int = NOTHING_SAID
    epci: str = ""
    operation: int | None = None
    arm: int | None = None


def frame(venues: int = 12, *, clusters: int = 0, bounds: Bounds = BOUNDS) -> Frame:
    """Return a frame of so many venues, the last 3·clusters of them in clusters of three.

    They stand in a line, five and a half kilometres apart, of four disciplines in turn.
    """
    slugs = [f"venue-{index:03d}" for index in range(venues)]
    gathered = slugs[venues - 3 * clusters :]
    places = [*slugs[: venues - 3 * clusters], *(f"cluster-{index}" for index in range(clusters))]
    return Frame(
        season="2024-2025",
        first_day=FIRST,
        last_day=LAST,
        venues=tuple(
            Venue(slug, slug.title(), KINDS[index % 4], 45_000_000 + 50_000 * index, 4_000_000)
            for index, slug in enumerate(slugs)
        ),
        clusters=tuple(
            (f"cluster-{index}", tuple(gathered[3 * index : 3 * index + 3]))
            for index in range(clusters)
        ),
        bounds=bounds,
        disciplines=KINDS,
        attendance=tuple((slug, 1000 * (index + 1)) for index, slug in enumerate(slugs)),
        overlaps=tuple(tuple(s) for s in (places[:2], places[1:4]) if len(s) > 1),
        tags=TAGS,
        epcis=EPCIS,
    )


def with_operations(frame: Frame) -> Frame:
    """Return the frame with three requests: of its first house, of its last, and of one outside the network."""
    slugs = tuple(venue.slug for venue in frame.venues)
    start = frame.first_day
    long, short = start + dt.timedelta(days=300), start + dt.timedelta(days=120)
    return replace(
        frame,
        operations=(
            Operation("demande-a", slugs[0], start, long, slugs[1:]),
            Operation("demande-b", slugs[-1], start, short, slugs[:-1]),
            Operation("demande-c", "hors-reseau", start, short, slugs),
        ),
    )


def activations(visits: pa.Table, frame: Frame, *, seed: int) -> pa.Table:
    """Return the visits, then activations of the people in them: the most assiduous are in every operation.

    One in twenty people is known to two of her houses by different identifiers, and so in both arms.
    """
    draw = np.random.default_rng(seed + 77)
    pairs = np.unique(
        np.stack([visits["person_key"].to_numpy().astype(np.uint64), visits["venue"].to_numpy().astype(np.uint64)]),
        axis=1,
    )  # fmt: skip
    person, venue = pairs
    _, place, count = np.unique(person, return_inverse=True, return_counts=True)
    slugs = [each.slug for each in frame.venues]
    parts = []
    for code, operation in enumerate(frame.operations):
        source = np.isin(np.array(slugs)[venue.astype(int)], operation.sources)
        chosen = source & ((draw.random(len(person)) < 0.3) | (count[place] > 4))
        held = (_hash(person, seed + code) % 10 < 2)[chosen]
        held ^= draw.random(int(chosen.sum())) < 0.05
        days = (operation.last_day - operation.first_day).days
        first = (operation.first_day - EPOCH).days
        rows = int(chosen.sum())
        parts.append(
            pa.table(
                {
                    "person_key": pa.array(person[chosen], pa.uint64()),
                    "venue": pa.array(venue[chosen].astype(np.int64)),
                    "event_day": pa.array(first + draw.integers(0, days // 2, rows)),
                    "priority": pa.array(_hash(person[chosen] * np.uint64(1000) + venue[chosen], seed + 1), pa.uint64()),
                    "operation": pa.array(np.full(rows, code)),
                    "arm": pa.array(held.astype(np.int64)),
                }
            )
        )  # fmt: skip
    return pa.concat_tables([visits, *parts], promote_options="permissive")


def town(persons: int, frame: Frame, *, seed: int, loyal: float = 0.16) -> pa.Table:
    """Return the visits of so many people: most come once, some everywhere, one or two without end.

    Where the frame has operations, activations follow the visits.
    """
    draw = np.random.default_rng(seed)
    venues = len(frame.venues)
    often = np.where(draw.random(persons) < loyal, draw.geometric(0.08, persons), 1)
    often = np.where(draw.random(persons) < 0.3, often + draw.integers(0, 3, persons), often)
    often[: max(1, persons // 2000)] = 6 * venues  # people who are everywhere
    person = np.repeat(np.arange(persons), often)
    rows = len(person)
    popular = 1.0 / (1 + np.arange(venues)) ** 0.7
    favourite = draw.integers(0, venues, persons)
    venue = draw.choice(venues, rows, p=popular / popular.sum())
    venue = np.where(draw.random(rows) < 0.5, favourite[person], venue)
    length = (frame.last_day - frame.first_day).days + 1
    days = (frame.first_day - EPOCH).days + draw.integers(0, length, rows)
    lead = np.where(draw.random(rows) < 0.05, -1, np.minimum(draw.geometric(0.05, rows) - 1, 730))
    visits = pa.table(
        {
            "person_key": _hash(person, seed),
            "venue": venue,
            "discipline": draw.integers(0, 8, rows),
            "event_day": days,
            "lead_days": lead,
            "age": draw.integers(0, 6, persons)[person],
            "distance": draw.integers(0, 6, persons)[person],
            "departement": np.array(HOMES)[draw.integers(0, len(HOMES), persons)[person]],
            "priority": _hash(person * 1000 + venue, seed + 1),
            "channel": draw.integers(0, 6, rows),
            "first_time": draw.choice(3, rows, p=(0.4, 0.4, 0.2)),
            "country": np.array(("", "", "", "BE", "FR"))[draw.integers(0, 5, persons)[person]],
            "qpv": draw.choice(3, persons, p=(0.1, 0.6, 0.3))[person],
            "satisfaction": np.where(draw.random(rows) < 0.3, draw.integers(0, 11, rows), 255),
            "party": draw.integers(0, 5, rows),
            "tags": tags_of(draw.integers(-1, 3, rows), draw.integers(-1, 2, rows)),
            "epci": np.array((*EPCIS, FAR, "", ""))[draw.integers(0, len(EPCIS) + 3, rows)],
        }
    )
    return activations(visits, frame, seed=seed) if frame.operations else visits


def tags_of(period: np.ndarray, author: np.ndarray) -> np.ndarray:
    """Pack two tags of each visit, -1 where the event does not say one."""
    said = [np.where(each < 0, UNSAID, each) for each in (period, author)]
    packed: np.ndarray = said[0] | (UNSAID << BITS) | (said[1] << 2 * BITS) | (UNSAID << 3 * BITS)
    return packed


def _hash(values: np.ndarray, salt: int) -> np.ndarray:
    """Mix 63 bits (splitmix64): it stands for the vault's keyed hash."""
    mixed = values.astype(np.uint64) + np.uint64((salt + 1) * 0x9E3779B97F4A7C15 % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(1)


def opened(visits: pa.Table) -> duckdb.DuckDBPyConnection:
    """Return an in-memory DuckDB that holds the relations ``visit`` and ``activation``."""
    connection = duckdb.connect(config={"threads": 2})
    for name in ("operation", "arm"):
        if name not in visits.column_names:
            visits = visits.append_column(name, pa.nulls(visits.num_rows, pa.int64()))
    if "tags" not in visits.column_names:
        said = pa.array(np.full(visits.num_rows, NOTHING_SAID))
        visits = visits.append_column("tags", said)
    if "epci" not in visits.column_names:
        visits = visits.append_column("epci", pa.repeat("", visits.num_rows))
    connection.register("rows", visits)
    connection.execute(VISIT_SQL)
    connection.execute(ACTIVATION_SQL)
    connection.unregister("rows")
    return connection


def table_of(rows: list[Row]) -> pa.Table:
    """Return hand-made visits as the table that ``opened`` takes."""
    names = list(Row.__dataclass_fields__)
    types = {"person_key": pa.uint64(), "priority": pa.uint64()}
    types |= dict.fromkeys(("departement", "country", "epci"), pa.string())
    return pa.table(
        {
            name: pa.array([getattr(row, name) for row in rows], types.get(name, pa.int64()))
            for name in names
        }
    )


def rows_of(visits: pa.Table) -> list[Row]:
    """Return a table's visits as rows."""
    return [Row(**row) for row in visits.to_pylist()]


def wider(frame: Frame, **changes: int) -> Frame:
    """Return the frame with other bounds."""
    return replace(frame, bounds=frame.bounds.model_copy(update=changes))


__all__ = ["DEPARTEMENTS", "Row", "frame", "opened", "rows_of", "table_of", "town", "wider"]
