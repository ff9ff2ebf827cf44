"""A season's calendar: every window of its season, every price within its budget, and the ceiling held."""

import datetime as dt
import tomllib
from itertools import pairwise

import pytest

from contracts.charter import Budget, EditionSpec
from contracts.charter_check import seasons_read
from contracts.loss import epsilon
from contracts.scopes import CEILING_MICRO
from hub.calendar import RESERVE, RHO_MICRO, calendar, toml
from hub.errors import ConfigError
from hub.forecast import imagined_frame
from hub.plan import plan_measures

SEASON = "2027-2028"  # February has 29 days


def test_the_parts_add_up_and_leave_the_reserve() -> None:
    budget, editions = calendar(SEASON)
    spent = sum(m.rho_micro for spec in editions for m in spec.measures)
    assert spent == budget.observatory_rho_micro * (100 - RESERVE) // 100 == 90_000
    assert sum(m.delta_pico for spec in editions for m in spec.measures) <= budget.delta_pico
    assert (budget.total_rho_micro, budget.observatory_rho_micro) == (CEILING_MICRO, RHO_MICRO)
    assert round(epsilon(RHO_MICRO, 1_000_000), 2) == 2.14
    assert round(epsilon(CEILING_MICRO, 1_000_000), 2) == 3.54


def test_interims_follow_one_another_within_the_season() -> None:
    _, editions = calendar(SEASON)
    assert [spec.edition for spec in editions] == ["automne-2027", "hiver-2028", "printemps-2028", "saison-2027-2028"]  # fmt: skip
    assert all(seasons_read(spec) == (SEASON,) for spec in editions)
    days = [(dt.date.fromisoformat(s.first_day), dt.date.fromisoformat(s.last_day)) for s in editions]  # fmt: skip
    assert days[1] == (dt.date(2027, 12, 1), dt.date(2028, 2, 29))
    for (_, last), (first, _) in pairwise(days[:3]):
        assert first - last == dt.timedelta(days=1)
    assert days[3] == (dt.date(2027, 9, 1), dt.date(2028, 8, 31))


def test_each_edition_can_be_planned_and_written() -> None:
    budget, editions = calendar(SEASON)
    for spec in editions:
        assert plan_measures(spec.measures, imagined_frame(12, 0))
    read = tomllib.loads(toml(budget, editions))
    assert [Budget.model_validate(plain) for plain in read["budgets"]] == [budget]
    assert tuple(EditionSpec.model_validate(plain) for plain in read["editions"]) == editions


def test_more_than_the_ceiling_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"0\.25 at most"):
        calendar(SEASON, RHO_MICRO + 1000)
