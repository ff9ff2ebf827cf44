"""Remembers which orders came and for which of them whom the house wrote to: keyed hashes, on this machine alone.

It is the house's own measure of courtesy (so many offers a season) and of memory (an order is run once), and holds
no address. What a person is known by is hashed as her handles are, so that forgetting her finds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from venue_agent.people.handles import Handles

Arm = Literal["contacted", "held-out"]  # contracts.visit.Arm, as SQLite holds it
State = Literal["waiting", "approved", "refused", "run"]

TABLES: Final = """
CREATE TABLE IF NOT EXISTS audience (
  number INTEGER PRIMARY KEY,       -- by which the house calls it
  name TEXT NOT NULL UNIQUE,        -- of the order
  request TEXT NOT NULL UNIQUE,     -- one order for each request: a second one would be more people
  sha256 TEXT NOT NULL,             -- of the signed order: other bytes under its name are another order
  measured INTEGER NOT NULL,        -- 1: arms of it may travel
  pulled TEXT NOT NULL,
  state TEXT NOT NULL,
  decided_by TEXT NOT NULL,         -- who approved or refused it last
  kept_until TEXT NOT NULL          -- when its files go; "" without any
);
CREATE TABLE IF NOT EXISTS offer (
  id INTEGER PRIMARY KEY,
  audience INTEGER NOT NULL REFERENCES audience (number),
  arm TEXT NOT NULL,                -- contacted or held-out
  day TEXT NOT NULL,
  counted INTEGER NOT NULL          -- 1: she consented to statistics when it was run
);
CREATE TABLE IF NOT EXISTS offered (
  digest BLOB NOT NULL,             -- keyed hash of what somebody is known by: the file names nobody
  offer INTEGER NOT NULL,
  PRIMARY KEY (digest, offer)
) WITHOUT ROWID;
"""
_COLUMNS: Final = "number, name, request, sha256, measured, pulled, state, decided_by, kept_until"


@dataclass(frozen=True)
class Known:
    """What the house remembers of one order."""

    number: int
    name: str
    request: str
    sha256: str
    measured: int  # 0 or 1
    pulled: str
    state: State
    decided_by: str
    kept_until: str


@dataclass(frozen=True)
class Offer:
    """One person of a run: by what she is known, and on which side she fell."""

    digests: tuple[bytes, ...]
    arm: Arm
    counted: bool


@dataclass(frozen=True)
class Said:
    """One offer that was made: which, for which order, when, and the arm."""

    offer: int
    order: str
    arm: Arm
    day: str


@dataclass(frozen=True)
class ArmRow:
    """One line of ``activations.csv``."""

    contribution_id: str
    order: str
    arm: Arm
    day: str  # ISO day of the offer


class Offers:
    """The orders and offers of one venue, in the same file as its handles."""

    def __init__(self, handles: Handles) -> None:
        self._handles = handles
        with handles.session() as session:
            for statement in TABLES.split(";\n")[:-1]:
                session.execute(statement)

    def orders(self) -> list[Known]:
        """Return every order that ever came, oldest first."""
        with self._handles.session() as session:
            rows = session.execute(f"SELECT {_COLUMNS} FROM audience ORDER BY number").fetchall()  # noqa: S608 - names of ours
        return [Known(*row) for row in rows]

    def add(self, name: str, request: str, sha256: str, *, measured: bool, now: str) -> None:
        """Remember an order that has come; nothing is decided of it."""
        with self._handles.session() as session:
            session.execute(
                "INSERT INTO audience (name, request, sha256, measured, pulled, state, decided_by,"
                " kept_until) VALUES (?, ?, ?, ?, ?, 'waiting', '', '')",
                (name, request, sha256, measured, now),
            )

    def decide(self, number: int, state: State, who: str) -> None:
        """Note what the house decided of an order."""
        with self._handles.session() as session:
            session.execute(
                "UPDATE audience SET state = ?, decided_by = ? WHERE number = ?",
                (state, who, number),
            )

    def sign_again(self, number: int, sha256: str, *, measured: bool) -> None:
        """Note that an order stands under a new signature; one that was not measured never is."""
        with self._handles.session() as session:
            session.execute(
                "UPDATE audience SET sha256 = ?, measured = min(measured, ?) WHERE number = ?",
                (sha256, measured, number),
            )

    def keep_files(self, number: int, until: str) -> None:
        """Note when an order's files go; "" once they are gone."""
        with self._handles.session() as session:
            session.execute("UPDATE audience SET kept_until = ? WHERE number = ?", (until, number))

    def ran(self, number: int, day: str, offers: Iterable[Offer]) -> None:
        """Note whom a run chose, all of them or nobody."""
        with self._handles.session() as session:
            session.execute("UPDATE audience SET state = 'run' WHERE number = ?", (number,))
            last = int(session.execute("SELECT coalesce(max(id), 0) FROM offer").fetchone()[0])
            for at, each in enumerate(offers, start=last + 1):
                session.execute(
                    "INSERT INTO offer VALUES (?, ?, ?, ?, ?)",
                    (at, number, each.arm, day, each.counted),
                )
                session.executemany(
                    "INSERT OR IGNORE INTO offered VALUES (?, ?)", [(d, at) for d in each.digests]
                )

    def said(self) -> Mapping[bytes, Sequence[Said]]:
        """Return, by what people are known, every offer that a run made them or held back."""
        found: dict[bytes, list[Said]] = {}
        with self._handles.session() as session:
            rows = session.execute(
                "SELECT digest, offer.id, name, arm, day FROM offered"
                " JOIN offer ON offer.id = offered.offer JOIN audience ON number = audience"
            )
            for digest, *told in rows:
                found.setdefault(bytes(digest), []).append(Said(*told))
        return found

    def contacted_in(self, month: str) -> int:
        """Return how many people the house wrote to for partners in a month ("2026-02")."""
        with self._handles.session() as session:
            query = "SELECT count(*) FROM offer WHERE arm = 'contacted' AND substr(day, 1, 7) = ?"
            return int(session.execute(query, (month,)).fetchone()[0])

    def arms(self) -> list[ArmRow]:
        """Return the arms that may travel: orders to be measured, people who consented to statistics at the run.

        Under the handles of today: who was forgotten or has withdrawn has none. Whoever packs them still holds
        them against today's consents. Sorted; one row for each handle and order.
        """
        with self._handles.session() as session:
            rows = session.execute(
                "SELECT contribution_id, name, arm, day FROM offer"
                " JOIN audience ON number = audience"
                " JOIN offered ON offered.offer = offer.id"
                " JOIN known ON known.digest = offered.digest"
                " JOIN handle ON handle.id = known.handle"
                " WHERE measured = 1 AND counted = 1 AND withdrawn = 0 ORDER BY offer.id DESC"
            ).fetchall()
        first = {(row[0], row[1]): ArmRow(*row) for row in rows}
        return sorted(first.values(), key=lambda row: (row.contribution_id, row.order))

    def forget(self) -> None:
        """Drop every offer to whoever the suppression list bars: by any of the names that she was known by."""
        with self._handles.session() as session:
            session.execute(
                "DELETE FROM offer WHERE id IN (SELECT offer FROM offered"
                " WHERE digest IN (SELECT digest FROM barred))"
            )
            session.execute("DELETE FROM offered WHERE offer NOT IN (SELECT id FROM offer)")

    def drop_before(self, day: str) -> None:
        """Drop the offers that are older than what the house may keep."""
        with self._handles.session() as session:
            session.execute("DELETE FROM offer WHERE day < ?", (day,))
            session.execute("DELETE FROM offered WHERE offer NOT IN (SELECT id FROM offer)")
