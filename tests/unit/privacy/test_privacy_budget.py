"""Integers of privacy loss: splits never exceed, scales always suffice."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import SensitivityBroken
from hub.privacy.budget import check_covered, sigma_micro, split
from hub.privacy.values import VectorPlan


@given(st.integers(1, 10_000_000), st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_parts_sum_to_the_whole_or_the_split_is_refused(rho, shares) -> None:
    try:
        parts = split(rho, shares)
    except ValueError:
        assert rho * min(shares) < sum(shares)
        return
    assert sum(parts) == rho
    assert min(parts) >= 1


@given(st.integers(1, 10**15), st.integers(1, 10**7))
def test_the_scale_is_the_least_that_the_price_allows(square, rho) -> None:
    least = Fraction(square * 10**6, 2 * rho) * 10**12
    scale = sigma_micro(square, rho)
    assert scale**2 >= least > (scale - 1) ** 2


def plan(name: str, rho: int, delta: int = 0) -> VectorPlan:
    return VectorPlan(name, (("a",),), 1, 1, rho, delta)


def test_vectors_that_cost_what_was_charged_are_covered() -> None:
    check_covered([plan("a", 60, 5), plan("b", 40, 5)], rho_micro=100, delta_pico=10)


@pytest.mark.parametrize(("rho", "delta"), [(99, 10), (100, 9)])
def test_vectors_that_cost_more_are_refused(rho, delta) -> None:
    with pytest.raises(SensitivityBroken):
        check_covered([plan("a", 60, 5), plan("b", 40, 5)], rho_micro=rho, delta_pico=delta)


@pytest.mark.parametrize(("square", "rho"), [(0, 1), (1, 0)])
def test_a_plan_that_would_cost_nothing_is_refused(square, rho) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        VectorPlan("a", (("a",),), 1, square, rho)


def test_a_plan_that_names_a_cell_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="distinct"):
        VectorPlan("a", (("a",), ("a",)), 1, 1, 1)
