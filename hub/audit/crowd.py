"""A crowd that never was, as the vault keeps files of it; the audit reads nothing else."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from contracts.base import digest
from contracts.season import first_day, first_month
from contracts.visit import EPCI
from hub.vault.facts import Kind, PartRef, Place
from hub.vault.fields import ABSENT, EPOCH
from hub.vault.rows import TOKENS_SCHEMA

SEASON: Final = "2025-2026"
_MONTH: Final = first_month(
    SEASON
)  # one file a venue: in which month rows are filed changes nothing here
VENUES: Final = tuple(f"lieu-{letter}" for letter in "abcdefg")
DEPARTEMENTS: Final = ("69", "38", "42", "01")
EPCIS: Final = ("200046977", "244200770")  # Lyon, Saint-Étienne: both near the houses of the stage
_CROWD: Final = 40  # persons: enough that every place is known, few enough that a run is short
_KINDS: Final = {"email": 0, "phone": 1}


@dataclass(frozen=True)
class Record:
    """What one venue holds of somebody: a made-up name for the record, her identifiers, her days."""

    venue: int
    name: str
    tokens: tuple[str, ...]  # "email:a" or "phone:1"
    days: tuple[int, ...]  # from the first of the season; a day twice is two tickets
    departement: str = "69"
    epci: str = ""


Records = tuple[Record, ...]


def crowd() -> Records:
    """Return people who come once, twice or to three places, by arithmetic alone: the same at every call."""
    found: list[Record] = []
    for number in range(_CROWD):
        for step in range(1 + (number % 5 == 0) + (number % 10 == 0)):
            venue = (number + 3 * step) % len(VENUES)
            day = (7 * number + 11 * step) % 90
            home = DEPARTEMENTS[number % len(DEPARTEMENTS)]
            epci = (*EPCIS, "")[number % 3]
            name = f"foule-{number}"
            found.append(Record(venue, name, (f"email:{name}",), (day,), home, epci))
    return tuple(found)


class MadeUpFacts:
    """Files held in memory, with the columns of the vault's; there is no way to fill them but by ``Record``."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._tables: dict[PartRef, pa.Table] = {}
        for venue, slug in enumerate(VENUES):
            self._fill(slug, [record for record in records if record.venue == venue])

    def refs(self) -> list[PartRef]:
        """Return the names of all files."""
        return list(self._tables)

    def read(self, ref: PartRef, columns: list[str] | None = None) -> pa.Table:
        """Return the rows of one file."""
        table = self._tables[ref]
        return table.select(columns) if columns else table

    def rows(self, ref: PartRef) -> int:
        """Return how many they are."""
        return int(self._tables[ref].num_rows)

    def _fill(self, venue: str, records: Sequence[Record]) -> None:
        visits = [(r, day) for r in records for day in r.days]
        seen = {record: None for record, _ in visits}
        held = [(_key(r), token) for r in seen for token in r.tokens]
        tables: dict[Kind, pa.Table] = {
            "persons": _persons(list(seen)),
            "tokens": pa.table(
                {
                    "contribution_key": [key for key, _ in held],
                    "kind": [_KINDS[token.partition(":")[0]] for _, token in held],
                    "point": [bytes.fromhex(digest(token.encode())) for _, token in held],
                },
                schema=TOKENS_SCHEMA,
            ),
            "visits": _visits(visits),
        }
        for kind, table in tables.items():
            self._tables[PartRef(Place(kind, venue, _MONTH), "", b"")] = table


def _date(day: int) -> dt.date:
    return first_day(_MONTH) + dt.timedelta(days=day)


def _key(record: Record) -> int:
    return int(digest(f"{record.venue}/{record.name}".encode())[:15], 16)


def _persons(records: list[Record]) -> pa.Table:
    count = len(records)
    return pa.table(
        {
            "contribution_key": pa.array([_key(r) for r in records], pa.uint64()),
            "priority": pa.array([_key(r) * 16 + 7 for r in records], pa.uint64()),
            "age_band": pa.array([2] * count, pa.uint8()),
            "departement": pa.array([r.departement for r in records], pa.string()),
            "country": pa.array([""] * count, pa.string()),
            "qpv": pa.array([1] * count, pa.uint8()),
            EPCI: pa.array([r.epci for r in records], pa.string()),
        }
    )


def _visits(visits: list[tuple[Record, int]]) -> pa.Table:
    count = len(visits)

    def same(value: int) -> pa.Array:
        return pa.array([value] * count, pa.uint8())

    return pa.table(
        {
            "contribution_key": pa.array([_key(r) for r, _ in visits], pa.uint64()),
            "event_id": pa.array([f"e{r.venue}-{day}" for r, day in visits], pa.string()),
            "discipline": pa.array([r.venue % 2 for r, _ in visits], pa.uint8()),
            "event_day": pa.array([(_date(day) - EPOCH).days for _, day in visits], pa.int32()),
            "lead_days": pa.array([day % 30 for _, day in visits], pa.int16()),
            "distance_band": same(1),
            "channel": same(0),
            "first_time_here": same(0),
            "satisfaction": same(ABSENT),
            "party_band": same(1),
        }
    )
