"""What new measures stand on: two laws of weight, shares that sum, a calendar, the months of a window."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.charter import MeasureSpec
from hub.errors import ConfigError
from hub.measures import crossing, holidays, season_spread, tourists
from hub.measures.base import Query
from hub.measures.laws import counted, once
from hub.measures.shares import share, shares
from hub.privacy.values import VectorPlan
from tests.support import measuring, town

EVERY_DAY = [town.Row(1, 0, 4, 20_000 + day, 3, 0, 0, "69", 7) for day in range(10)]


def weights(query: Query, rows: list[town.Row]) -> list[int]:
    plan = VectorPlan(query.vector, tuple((str(i),) for i in range(10)), 1000, 1, 1)
    with town.opened(town.table_of(rows)) as connection:
        return measuring.value(connection, query, plan).tolist()


def test_once_a_cell_counts_no_second_visit() -> None:
    rows = Query("v", "SELECT person_key, event_day % 2 AS cell FROM visit")
    assert weights(once(rows, cells=2, room=2), EVERY_DAY)[:2] == [1000, 1000]
    assert weights(once(rows, cells=2, room=1), EVERY_DAY)[:2] == [707, 707]


def test_counted_visits_stop_at_five_in_a_cell() -> None:
    rows = Query("v", "SELECT person_key, event_day % 10 // 7 AS cell FROM visit")
    # Seven visits and three: five and three of them count, of squares 34.
    assert weights(counted(rows, room=34), EVERY_DAY)[:2] == [5000, 3000]
    assert weights(counted(rows, room=1), EVERY_DAY)[:2] == [5 * 171, 3 * 171]


@given(st.lists(st.floats(-1e4, 1e6), min_size=1, max_size=12), st.floats(0.1, 1e4))
def test_shares_sum_to_a_hundred_whatever_the_noise(counts, spread) -> None:
    found = shares(np.array(counts), spread)
    assert sum(round(each.value * 10) for each in found) == 1000
    assert all(0 <= each.low <= each.value <= each.high <= 100 for each in found)


def test_a_share_of_a_part() -> None:
    found = share(np.array([10.0, 30.0, 500.0]), 0.1, (0,), (0, 1))
    assert found.value == pytest.approx(25)
    assert found.low < found.value < found.high


def test_the_calendar_is_in_order_and_knows_its_days() -> None:
    window = [dt.date(2025, 10, 1) + dt.timedelta(days=day) for day in range(500)]
    told = holidays.days(window[0], window[-1])
    assert told == [int(holidays.is_holiday(day)) for day in window]
    starts, ends = holidays.spans()
    assert all(start <= end for start, end in zip(starts, ends, strict=True))
    assert all(end < start for end, start in zip(ends, starts[1:], strict=False))
    for day, free in [
        ("2025-09-15", False),
        ("2025-10-18", True),
        ("2025-11-02", True),
        ("2025-11-03", False),
        ("2026-02-10", True),
        ("2026-03-09", False),
        ("2026-08-31", True),
    ]:
        assert holidays.is_holiday(dt.date.fromisoformat(day)) is free, day


def test_periods_are_told_apart_where_the_calendar_is_known() -> None:
    frame = town.frame(3)
    assert tourists.periods(frame) == ("holidays", "term")
    late = replace(frame, last_day=holidays.LAST + dt.timedelta(days=1))
    assert tourists.periods(late) == tourists.periods(replace(frame, by_week=True)) == ("all",)


def test_the_months_of_a_window() -> None:
    frame = replace(town.frame(2), first_day=dt.date(2025, 11, 15), last_day=dt.date(2026, 2, 1))
    assert season_spread.months(frame) == ("2025-11", "2025-12", "2026-01", "2026-02")


def test_a_charter_of_weeks_has_no_days() -> None:
    frame = replace(town.frame(2), by_week=True)
    spec, plan = measuring.plan_of("season-spread", frame)
    with town.opened(town.town(300, frame, seed=1)) as connection:
        exact = measuring.exact(connection, "season-spread", frame, plan)
    (months,) = season_spread.read(
        measuring.drawn(exact, spec, plan, np.random.default_rng(1)), frame
    )
    assert len(months.rows) == 12


def test_one_discipline_crosses_nothing() -> None:
    with pytest.raises(ConfigError, match="one discipline"):
        crossing.plan(
            MeasureSpec(measure="crossing", rho_micro=9),
            replace(town.frame(2), disciplines=("dance",)),
        )
