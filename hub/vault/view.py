"""Computes who is whom, and each person's distinct visits in a window: what a frozen view will hold."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contracts.base import canonical, digest
from contracts.catalogue import Catalogue
from contracts.season import first_day
from contracts.tags import NOTHING_SAID
from contracts.visit import EPCI, AgeBand, Channel, Discipline, DistanceBand, PartyBand, YesNo
from hub.vault import arms
from hub.vault.engine import Limits, Opener, open_engine
from hub.vault.facts import PartRef, Readable
from hub.vault.fields import EPOCH
from hub.vault.link import Guards, hold, link
from hub.vault.parts import Part, over, parts_for
from hub.vault.rewrite import living, months
from hub.vault.told import Keys, told

AT_ONCE: Final = 200_000
"""Visits that one statement loads: the files of small places and quiet months go together."""
_LONGEST_MONTH = dt.timedelta(days=31)
_TABLES = """
CREATE TABLE who (contribution_key UBIGINT, person_key UBIGINT, venue USMALLINT);
CREATE TABLE person (contribution_key UBIGINT, priority UBIGINT, age UTINYINT, departement VARCHAR,
                     country VARCHAR, qpv UTINYINT, epci VARCHAR);
CREATE TABLE raw (contribution_key UBIGINT, event_id VARCHAR, discipline UTINYINT,
                  event_day INTEGER, lead_days SMALLINT, distance UTINYINT,
                  channel UTINYINT, first_time UTINYINT, satisfaction UTINYINT, party UTINYINT);
"""
_WHO = "INSERT INTO who SELECT contribution_key, person_key, venue FROM arriving"
_PERSON = """
INSERT INTO person
SELECT contribution_key, priority, least(age_band, $unknown_age), departement, country,
       least(qpv, $unknown_answer), epci
FROM arriving
"""
_RAW = """
INSERT INTO raw
SELECT contribution_key, event_id, least(discipline, $other), event_day, lead_days,
       least(distance_band, $unknown_distance), least(channel, $other_channel),
       least(first_time_here, $unknown_answer), satisfaction, least(party_band, $unknown_party)
FROM arriving WHERE event_day BETWEEN $low AND $high
"""
_VISIT = """
WITH
resolved AS (
    SELECT person_key, min(age) AS age, coalesce(min(nullif(departement, '')), '') AS departement,
           coalesce(min(nullif(country, '')), '') AS country, min(qpv) AS qpv{least_epci}
    FROM person JOIN who USING (contribution_key) GROUP BY person_key),
ranked AS (
    SELECT person_key, venue, min(priority) AS priority
    FROM person JOIN who USING (contribution_key) GROUP BY person_key, venue),
visited AS (
    SELECT person_key, venue, event_id, min(discipline)::USMALLINT AS discipline, event_day,
           max(lead_days) AS lead_days, min(distance) AS distance, min(channel) AS channel,
           coalesce(min(first_time) FILTER (first_time = $no), min(first_time)) AS first_time,
           min(satisfaction) AS satisfaction,
           coalesce(max(party) FILTER (party < $unknown_party), $unknown_party)::UTINYINT AS party
    FROM raw JOIN who USING (contribution_key)
    GROUP BY person_key, venue, event_id, event_day)
SELECT person_key, venue, discipline, event_day, lead_days, age, distance, departement, priority,
       channel, first_time, country, qpv, satisfaction, party{epci}{tags}
FROM visited JOIN resolved USING (person_key) JOIN ranked USING (person_key, venue){told}
"""
_PLAIN: Final = {"tags": "", "told": ""}
_TAGGED: Final = {
    "tags": ", coalesce(told.tags, $nothing_said)::BIGINT AS tags",
    "told": " LEFT JOIN told USING (venue, event_id)",
}
_WITHOUT_EPCI: Final = {"least_epci": "", "epci": ""}
_WITH_EPCI: Final = {
    "least_epci": ", coalesce(min(nullif(epci, '')), '') AS epci",
    "epci": ", epci",
}
_UNKNOWN = {
    "age": list(AgeBand).index(AgeBand.UNKNOWN),
    "discipline": list(Discipline).index(Discipline.OTHER),
    "distance": list(DistanceBand).index(DistanceBand.UNKNOWN),
    "channel": list(Channel).index(Channel.OTHER),
    "first_time": list(YesNo).index(YesNo.UNKNOWN),
    "party": list(PartyBand).index(PartyBand.UNKNOWN),
}
_NO: Final = list(YesNo).index(
    YesNo.NO
)  # one box office that knows her outweighs one that does not


@dataclass(frozen=True)
class Window:
    """What an edition looks at: public words of the charter alone."""

    edition: str
    first_day: dt.date
    last_day: dt.date
    venues: tuple[str, ...]  # in slug order: the codes of visit.venue
    operations: tuple[str, ...] = ()  # requests measured: the codes of activation.operation
    tags: Keys = ()  # the values that the charter names, by tag
    catalogues: tuple[Catalogue, ...] = ()  # whose events say them, as they stand at the freeze
    gathered: tuple[str, ...] = ()  # venues of groups, one of which alone says no value
    epci: bool = False  # whether a measure reads the intercommunalité

    def request_sha256(self) -> str:
        """Return the digest by which a repeated freeze is known to ask the same."""
        asked: dict[str, object] = {
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "venues": list(self.venues),
        }
        if self.operations:  # a view frozen before there were any is still the same view
            asked["operations"] = list(self.operations)
        if self.tags:  # whatever the catalogues say later: what was frozen stands
            asked["tags"] = [[axis, list(values)] for axis, values in self.tags]
        if self.epci:
            asked["epci"] = True
        return digest(canonical(asked))

    def meets(self, month: str) -> bool:
        """Tell whether rows of *month* can fall in the window; a week may start in the month before."""
        start = first_day(month)
        week = dt.timedelta(days=6)
        return start - week <= self.last_day and start + _LONGEST_MONTH > self.first_day


def view(
    facts: Readable,
    refs: Sequence[PartRef],
    window: Window,
    limits: Limits,
    opener: Opener = open_engine,
) -> tuple[pa.Table, Iterator[pa.Table]]:
    """Return who is whom, and the distinct visits of the window, of as many persons at a time as memory holds.

    Where the window measures operations, their activations follow the visits, as rows of their own with an arm.
    """
    who = _who(facts, refs, window.venues)
    met = [kinds for (_, month), kinds in months(refs).items() if window.meets(month)]
    rows = sum(facts.rows(kinds["visits"]) for kinds in met)

    def build(part: Part) -> pa.Table:
        those = part.of(who)
        with opener(limits) as engine:
            engine.execute(_TABLES)
            _insert(engine, _WHO, those)
            for persons, visits in _batches(
                _read(facts, kinds, window, those if part.parts > 1 else None) for kinds in met
            ):
                _load(engine, persons, visits, window)
            found = _visits(engine, window)
        return _with_arms(found, facts, met, those, window) if window.operations else found

    return who, over(parts_for(rows, limits), build)


def _visits(engine: duckdb.DuckDBPyConnection, window: Window) -> pa.Table:
    said = {"no": _NO, "unknown_party": _UNKNOWN["party"]}
    home = _WITH_EPCI if window.epci else _WITHOUT_EPCI
    if not window.tags:
        return engine.sql(_VISIT.format(**_PLAIN, **home), params=said).to_arrow_table()
    days = (window.first_day.isoformat(), window.last_day.isoformat())
    says = told(
        window.catalogues, window.venues, window.tags, gathered=window.gathered, window=days
    )
    engine.register("told", says)
    text = _VISIT.format(**_TAGGED, **home)
    found = engine.sql(text, params={**said, "nothing_said": NOTHING_SAID}).to_arrow_table()
    engine.unregister("told")
    return found


def _with_arms(
    visits: pa.Table,
    facts: Readable,
    met: list[dict[str, PartRef]],
    those: pa.Table,
    window: Window,
) -> pa.Table:
    low, high = _days(window)
    codes = {request: code for code, request in enumerate(window.operations)}
    refs = [kinds["arms"] for kinds in met if "arms" in kinds]
    rows = arms.frozen(facts, refs, those, codes, range(low, high + 1))
    return pa.concat_tables([visits, rows], promote_options="default")


def _read(
    facts: Readable, kinds: dict[str, PartRef], window: Window, those: pa.Table | None
) -> tuple[pa.Table, pa.Table]:
    """Return the persons and the visits of one file each: of *those* people, and of who came within the window.

    What a month says of a person counts only if she came within the window that month: a week and a month may
    reach into a season that nobody pays for.
    """
    low, high = _days(window)
    persons, visits = (_of(facts.read(kinds[kind]), those) for kind in ("persons", "visits"))
    days = visits["event_day"].to_numpy()
    came = visits["contribution_key"].to_numpy()[(low <= days) & (days <= high)]
    here = np.isin(persons["contribution_key"].to_numpy(), came)
    return persons.filter(pa.array(here)), visits


def _batches(read: Iterable[tuple[pa.Table, pa.Table]]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield the files joined, as many at once as hold ``AT_ONCE`` visits: a statement costs as much as thousands of rows."""
    waiting: list[tuple[pa.Table, pa.Table]] = []
    rows = 0
    for pair in read:
        waiting.append(pair)
        rows += pair[1].num_rows
        if rows >= AT_ONCE:
            yield _joined(waiting)
            waiting, rows = [], 0
    if waiting:
        yield _joined(waiting)


def _joined(pairs: list[tuple[pa.Table, pa.Table]]) -> tuple[pa.Table, pa.Table]:
    persons, visits = (
        pa.concat_tables(each, promote_options="permissive") for each in zip(*pairs, strict=True)
    )
    return persons, visits


def _load(
    engine: duckdb.DuckDBPyConnection, persons: pa.Table, visits: pa.Table, window: Window
) -> None:
    low, high = _days(window)
    unknown = {"unknown_age": _UNKNOWN["age"], "unknown_answer": _UNKNOWN["first_time"]}
    if EPCI not in persons.column_names:  # a month sent under a charter that did not name it
        persons = persons.append_column(EPCI, pa.repeat(pa.scalar("", pa.string()), len(persons)))
    _insert(engine, _PERSON, persons, unknown)
    own = {
        "unknown_distance": _UNKNOWN["distance"],
        "other": _UNKNOWN["discipline"],
        "other_channel": _UNKNOWN["channel"],
        "unknown_answer": _UNKNOWN["first_time"],
        "unknown_party": _UNKNOWN["party"],
    }
    _insert(engine, _RAW, visits, {"low": low, "high": high, **own})


def _days(window: Window) -> tuple[int, int]:
    return (window.first_day - EPOCH).days, (window.last_day - EPOCH).days


def _of(table: pa.Table, those: pa.Table | None) -> pa.Table:
    if those is None:
        return table
    inside = pc.is_in(table["contribution_key"], value_set=those["contribution_key"])
    return table.filter(inside)


def _who(facts: Readable, refs: Sequence[PartRef], venues: tuple[str, ...]) -> pa.Table:
    """Return contribution_key, person_key, venue of everybody who lives; persons in a keyed order."""
    code = {venue: i for i, venue in enumerate(venues)}
    handles = [np.zeros(0, np.uint64)]
    places = [np.zeros(0, np.int64)]
    for ref in refs:
        if ref.place.kind == "persons":
            keys = facts.read(ref, ["contribution_key"])["contribution_key"].to_numpy()
            handles.append(keys)
            places.append(np.full(len(keys), code[ref.place.venue], np.int64))
    contributions, first = np.unique(np.concatenate(handles), return_index=True)
    venue = np.concatenate(places)[first]
    linkage = link(venue, hold(contributions, living(facts, refs)), Guards())
    return pa.table(
        {
            "contribution_key": pa.array(contributions, pa.uint64()),
            "person_key": pa.array(linkage.persons, pa.uint64()),
            "venue": pa.array(venue, pa.uint16()),
        }
    )


def _insert(
    engine: duckdb.DuckDBPyConnection,
    statement: str,
    arriving: pa.Table,
    parameters: Mapping[str, int] | None = None,
) -> None:
    engine.register("arriving", arriving)
    engine.execute(statement, dict(parameters or {}))
    engine.unregister("arriving")
