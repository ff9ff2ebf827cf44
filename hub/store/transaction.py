"""One unit of work on the control database: all of it or nothing, after every earlier one."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, CursorResult, Executable, select

from contracts.chain import Head
from contracts.clock import Clock, stamp
from hub.errors import StateConflict
from hub.store import tables

Reached = Callable[[str], None]
"""Told the name of each point that the work passes; tests kill the process there."""

POINTS: Final = (
    "transaction.begun",
    "charge.guarded",
    "charge.recorded",
    "charge.audited",
    "release.recorded",
    "release.audited",
    "edition.advanced",
    "edition.audited",
    "checkpoint.recorded",
    "transaction.committing",
    "transaction.committed",
)


def pass_by(_point: str) -> None:
    """Do nothing at a named point: what production does."""


class Reading:
    """A view of the control database that cannot write."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def run(
        self, statement: Executable, rows: list[dict[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run *statement*, once per row of parameters when *rows* are given."""
        return (
            self.connection.execute(statement, rows) if rows else self.connection.execute(statement)
        )


class Transaction(Reading):
    """A writing unit of work; leaving its block without ``commit()`` rolls everything back."""

    def __init__(self, connection: Connection, clock: Clock, reached: Reached) -> None:
        super().__init__(connection)
        self.clock = clock
        self.reached = reached
        self._open = True

    def begin(self) -> None:
        """Take the chain head: on PostgreSQL ``FOR UPDATE`` queues the writers that SQLite's BEGIN IMMEDIATE does."""
        self.head()
        self.reached("transaction.begun")

    def head(self) -> Head:
        """Return the end of the audit chain, locked until this unit of work ends."""
        row = self.run(select(tables.head.c.sequence, tables.head.c.sha256).with_for_update()).one()
        return Head(sequence=row.sequence, sha256=row.sha256)

    def now(self) -> str:
        """Return the present instant as the wire writes it."""
        return stamp(self.clock.now())

    def run(
        self, statement: Executable, rows: list[dict[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run *statement* inside this unit of work.

        Raises:
            StateConflict: it was already committed.
        """
        if not self._open:
            raise StateConflict(
                "This transaction was committed; expected no more statements. Open another one."
            )
        return super().run(statement, rows)

    def commit(self) -> None:
        """Make everything durable, at once."""
        self.reached("transaction.committing")
        self._open = False
        self.connection.commit()
        self.reached("transaction.committed")
