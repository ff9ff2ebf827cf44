"""Remembers, inside the venue, which random handle stands for which of its own people."""

import hashlib
import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from venue_agent.errors import DiskFull, StateDamaged
from venue_agent.people.known import Keys
from venue_agent.words import _

DIGEST_BYTES: Final = 16
SALT_BYTES: Final = 32
HANDLE_BYTES: Final = 16
MANY: Final = 1_000  # keys, from which the whole table is read at once

TABLES: Final = """
CREATE TABLE IF NOT EXISTS meta (venue TEXT NOT NULL, salt BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS handle (
  id INTEGER PRIMARY KEY,
  contribution_id TEXT NOT NULL UNIQUE,
  withdrawn INTEGER NOT NULL DEFAULT 0  -- 1: the hub must forget it; never given again
);
CREATE TABLE IF NOT EXISTS known (
  digest BLOB PRIMARY KEY,              -- keyed hash of a local key: the file names nobody
  handle INTEGER NOT NULL REFERENCES handle (id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS known_handle ON known (handle);
"""


def _known(session: sqlite3.Connection, asked: Sequence[Sequence[bytes]]) -> dict[bytes, int]:
    """Return the handles of known digests: of those *asked* for, or of all when that is quicker."""
    if sum(map(len, asked)) > MANY:
        return dict(session.execute("SELECT digest, handle FROM known"))
    query = "SELECT digest, handle FROM known WHERE digest = ?"
    each = (session.execute(query, (digest,)).fetchone() for hers in asked for digest in hers)
    return dict(filter(None, each))


class _Given:
    """Who gets which handle in one run, and what of it must be written down."""

    def __init__(self, last: int, name: Callable[[], str]) -> None:
        self.last, self.name = last, name
        self.taken: set[int] = set()  # given in this run, or retired: not for another person
        self.retired: list[int] = []
        self.new: list[tuple[int, str]] = []
        self.keys: list[tuple[str, int]] = []

    def to(self, keys: Keys, found: Mapping[int, int]) -> int:
        """Return the handle of the person behind *keys*; ``found``: handle -> how many of them it is known by."""
        free = sorted(found.keys() - self.taken)
        handle = free[0] if free else self._made()
        self.retired += free[1:]
        self.taken.update(free, [handle])
        if found.get(handle) != len(keys) or len(free) > 1:
            self.keys += [(key, handle) for key in keys]
        return handle

    def _made(self) -> int:
        self.last += 1
        self.new.append((self.last, self.name()))
        return self.last


class Handles:
    """A ``frames.HandleBook`` in one SQLite file; identifiers are kept as hashes keyed by a local salt."""

    def __init__(
        self, path: Path, venue: str, token: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._path, self._token = path, token
        with self.session() as session:
            session.executescript(TABLES)
            row = session.execute("SELECT venue, salt FROM meta").fetchone()
            if row is None:
                row = (venue, token(SALT_BYTES))
                session.execute("INSERT INTO meta VALUES (?, ?)", row)
                path.chmod(0o600)
        if row[0] != venue:
            raise StateDamaged(
                _(
                    "{file} belongs to another venue than {venue}. Use that venue's own folder."
                ).format(file=path.name, venue=venue)
            )
        self.salt = bytes(row[1])  # of this venue alone; it never leaves

    def assign(self, people: Sequence[Keys]) -> list[str]:
        """Return one contribution id (128 random bits, hex) per person, the same at every run.

        People who turn out to be one keep the oldest handle; the others are withdrawn. People who
        turn out to be two: the first keeps it, the second gets a new one.
        """
        with self.session() as session:
            found = self._find(session, people)
            last = session.execute("SELECT coalesce(max(id), 0) FROM handle").fetchone()[0]
            given = _Given(last, lambda: self._token(HANDLE_BYTES).hex())
            handles = [given.to(keys, found.get(n, {})) for n, keys in enumerate(people)]
            self._retire(session, given.retired)
            session.executemany("INSERT INTO handle (id, contribution_id) VALUES (?, ?)", given.new)
            session.executemany(
                "INSERT INTO known VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
                ((self.digest(key), handle) for key, handle in given.keys),
            )
            return self._names(session, handles)

    def withdraw(self, people: Iterable[Keys]) -> None:
        """Retire the handles of people who are out; a later yes will get a new handle."""
        with self.session() as session:
            found = self._find(session, list(people))
            self._retire(session, sorted({handle for ids in found.values() for handle in ids}))

    def withdrawn(self) -> list[str]:
        """Return every contribution id that the hub must forget, oldest first."""
        with self.session() as session:
            rows = session.execute(
                "SELECT contribution_id FROM handle WHERE withdrawn = 1 ORDER BY id"
            )
            return [str(row[0]) for row in rows]

    def of(self, keys: Keys) -> list[str]:
        """Return the contribution ids under which these keys are known, oldest first."""
        with self.session() as session:
            found = sorted(set().union(*self._find(session, [keys]).values()))
            query = "SELECT contribution_id FROM handle WHERE id = ?"
            return [str(session.execute(query, (each,)).fetchone()[0]) for each in found]

    def retire_all(self) -> None:
        """Retire every handle: the venue leaves."""
        with self.session() as session:
            session.execute("DELETE FROM known")
            session.execute("UPDATE handle SET withdrawn = 1")

    def _names(self, session: sqlite3.Connection, handles: Sequence[int]) -> list[str]:
        query = "SELECT id, contribution_id FROM handle WHERE withdrawn = 0"
        names = {handle: str(name) for handle, name in session.execute(query)}
        return [names[handle] for handle in handles]

    def _retire(self, session: sqlite3.Connection, handles: Iterable[int]) -> None:
        rows = [(handle,) for handle in handles]
        session.executemany("DELETE FROM known WHERE handle = ?", rows)
        session.executemany("UPDATE handle SET withdrawn = 1 WHERE id = ?", rows)

    def _find(
        self, session: sqlite3.Connection, people: Sequence[Keys]
    ) -> dict[int, dict[int, int]]:
        """Return the handles that each person's keys are known under, by position, and how many under each."""
        digests = [[self.digest(key) for key in keys] for keys in people]
        known = _known(session, digests)
        found: dict[int, dict[int, int]] = {}
        for n, hers in enumerate(digests):
            if under := Counter(known[each] for each in hers if each in known):
                found[n] = dict(under)
        return found

    def digest(self, key: str) -> bytes:
        """Return the keyed hash under which this venue knows a local key."""
        return hashlib.blake2b(key.encode(), key=self.salt, digest_size=DIGEST_BYTES).digest()

    @contextmanager
    def session(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing, under a lock that a second agent waits for."""
        try:
            session = sqlite3.connect(self._path, timeout=30, isolation_level=None)
            try:
                session.execute("PRAGMA synchronous = EXTRA")
                session.execute("BEGIN IMMEDIATE")
                yield session
                if session.in_transaction:
                    session.execute("COMMIT")
            finally:
                session.close()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                raise DiskFull(
                    _(
                        "The disk that holds {root} is full. Nothing that was there is lost; free "
                        "some space and start again."
                    ).format(root=self._path.parent)
                ) from error
            raise StateDamaged(
                _(
                    "{file} cannot be used ({type}). Check the disk, or restore it from a backup: "
                    "without it, the venue's people would get new handles."
                ).format(file=self._path.name, type=type(error).__name__)
            ) from error
