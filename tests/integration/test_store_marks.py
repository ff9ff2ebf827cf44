"""What a cache goes by, and the only thing that a page says of a venue's batches: a week."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import insert

from contracts.clock import FixedClock
from hub.store import audit, tables
from hub.store.database import Control, open_control
from hub.store.published import Published

CLOCK = FixedClock(dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC))  # a Friday


@pytest.fixture
def control(tmp_path: Path) -> Control:
    made = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    made.migrate()
    return made


def batch(control: Control, sequence: int, at: str, state: str = "accepted") -> None:
    row = {"sha256": f"{sequence:064x}", "venue": "la-cale", "month": "2026-10", "sequence": sequence, "body": b"{}", "state": state, "received_at": at}  # fmt: skip
    with control.transaction(CLOCK) as tx:
        tx.run(insert(tables.commit_).values(row))
        tx.commit()


def test_the_mark_changes_with_a_link_of_the_chain_and_with_the_day(control: Control) -> None:
    shelf = Published(control.reading, CLOCK)
    before = shelf.mark()
    with control.transaction(CLOCK) as tx:
        audit.append(tx, "code-issued", {"venue": "la-cale"})
        tx.commit()
    after = shelf.mark()
    assert after != before
    assert shelf.mark() == after
    tomorrow = FixedClock(CLOCK.now() + dt.timedelta(days=1))
    assert Published(control.reading, tomorrow).mark() != after


def test_no_batch_makes_a_page_slower(control: Control) -> None:
    """Copies would all be drawn anew, and whoever times pages from afar would count the batches."""
    shelf = Published(control.reading, CLOCK)
    before = shelf.mark()
    batch(control, 1, "2026-11-18T10:00:00Z", "received")
    batch(control, 2, "2026-11-18T10:00:00Z")
    assert shelf.mark() == before


def test_a_batch_is_told_by_its_week_alone(control: Control) -> None:
    shelf = control.published()
    assert shelf.weeks() == {}
    batch(control, 1, "2026-11-18T10:00:00Z")
    batch(control, 2, "2026-11-22T23:59:59Z")  # the Sunday of the same week
    batch(control, 3, "2026-11-24T08:00:00Z", "refused")
    batch(control, 4, "2026-11-25T08:00:00Z", "received")
    assert shelf.weeks() == {"la-cale": "2026-11-16"}
