"""Remembers, inside the venue, whom its lists told of which places and when; people stand in it as keyed hashes."""

import json
from collections.abc import Iterable, Sequence
from typing import Final

from contracts.base import Day
from venue_agent.people.handles import Handles
from venue_agent.people.known import Keys

TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS told_as (
  digest BLOB PRIMARY KEY,  -- keyed hash of a local key, as in known
  person INTEGER NOT NULL
) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS told_as_person ON told_as (person)",
    """CREATE TABLE IF NOT EXISTS told (
  person INTEGER NOT NULL,
  day TEXT NOT NULL,
  places TEXT NOT NULL,     -- a JSON list of short names
  PRIMARY KEY (person, day)
) WITHOUT ROWID""",
)
Past = dict[Day, list[str]]
"""What one person was told: by day, the places."""


class Tellings:
    """One list per person and day; another one of the same day takes its place."""

    def __init__(self, handles: Handles) -> None:
        self._handles = handles
        with handles.session() as session:
            for statement in TABLES:
                session.execute(statement)

    def past(self, people: Sequence[Keys], since: Day, before: Day) -> list[Past]:
        """Return what each person was told from the day *since* until the eve of *before*."""
        with self._handles.session() as session:
            known = dict(session.execute("SELECT digest, person FROM told_as"))
            query = "SELECT person, day, places FROM told WHERE day >= ? AND day < ?"
            told: dict[int, Past] = {}
            for person, day, places in session.execute(query, (since, before)):
                told.setdefault(person, {})[day] = json.loads(places)
        if not told:
            return [{} for _ in people]
        return [
            {
                day: places
                for person in self._persons(keys, known)
                for day, places in told.get(person, {}).items()
            }
            for keys in people
        ]

    def write(self, day: Day, lists: Iterable[tuple[Keys, Sequence[str]]], forget_before: Day) -> None:  # fmt: skip
        """Write down what people are told on *day*, and drop what is older than *forget_before*."""
        with self._handles.session() as session:
            known = dict(session.execute("SELECT digest, person FROM told_as"))
            last = session.execute("SELECT coalesce(max(person), 0) FROM told_as").fetchone()[0]
            named, rows = [], []
            for keys, places in lists:
                persons = self._persons(keys, known)
                last += not persons
                person = min(persons, default=last)
                new = [d for key in keys if (d := self._handles.digest(key)) not in known]
                known |= dict.fromkeys(new, person)
                named += [(digest, person) for digest in new]
                rows.append((person, day, json.dumps(list(places))))
            session.executemany("INSERT INTO told_as VALUES (?, ?)", named)
            session.executemany("INSERT OR REPLACE INTO told VALUES (?, ?, ?)", rows)
            session.execute("DELETE FROM told WHERE day < ?", (forget_before,))
            session.execute("DELETE FROM told_as WHERE person NOT IN (SELECT person FROM told)")

    def forget(self, keys: Iterable[str]) -> None:
        """Forget whoever is known by one of these keys, under all of hers."""
        with self._handles.session() as session:
            query = "SELECT person FROM told_as WHERE digest = ?"
            found = [
                session.execute(query, (self._handles.digest(key),)).fetchone() for key in keys
            ]
            persons = sorted({row for row in found if row is not None})
            session.executemany("DELETE FROM told WHERE person = ?", persons)
            session.executemany("DELETE FROM told_as WHERE person = ?", persons)

    def forget_all(self) -> None:
        """Forget everybody: the venue leaves."""
        with self._handles.session() as session:
            session.execute("DELETE FROM told")
            session.execute("DELETE FROM told_as")

    def _persons(self, keys: Keys, known: dict[bytes, int]) -> list[int]:
        digests = (self._handles.digest(key) for key in keys)
        return sorted({known[digest] for digest in digests if digest in known})
