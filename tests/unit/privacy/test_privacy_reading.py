"""Intervals, ratios, quantiles and consistency: post-processing that people can rely on."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.privacy.consistency import sum_to, whole_number
from hub.privacy.intervals import (
    Interval,
    Noisy,
    around,
    false_coverage,
    half_width,
    ratio,
    simultaneous,
    wording,
)
from hub.privacy.quantiles import Bins, quantile
from hub.privacy.values import VectorPlan

numbers = st.floats(-1e6, 1e6)


@given(st.lists(numbers, min_size=1, max_size=12), st.integers(0, 10**6))
def test_shared_out_figures_are_whole_not_negative_and_sum_exactly(values, total) -> None:
    shared = sum_to(np.array(values), total)
    assert int(shared.sum()) == total
    assert (shared >= 0).all()


def test_sharing_out_moves_all_alike_and_keeps_what_already_sums() -> None:
    assert sum_to(np.array([10.0, 20.0, 30.0]), 60).tolist() == [10, 20, 30]
    assert sum_to(np.array([10.0, 20.0, 30.0]), 66).tolist() == [12, 22, 32]
    assert sum_to(np.array([-5.0, 20.0, 30.0]), 50).tolist() == [0, 20, 30]


@pytest.mark.parametrize(("values", "total"), [([1.0], -1), ([], 0)])
def test_nothing_can_be_shared_out_below_nought_or_among_none(values, total) -> None:
    with pytest.raises(ValueError, match="total"):
        sum_to(np.array(values), total)


@pytest.mark.parametrize(("value", "whole"), [(-3.2, 0), (2.5001, 3), (7.0, 7)])
def test_a_count_is_whole_and_not_negative(value, whole) -> None:
    assert whole_number(value) == whole


def test_an_interval_that_leaves_its_value_out_is_refused() -> None:
    with pytest.raises(ValueError, match="inside"):
        Interval(5.0, 6.0, 7.0)


@given(numbers, st.floats(0, 1e6))
def test_a_count_s_interval_is_never_negative_and_holds_its_value(value, spread) -> None:
    found = around(value, spread)
    assert 0 <= found.low <= found.value <= found.high


def test_the_half_width_is_known_from_the_plan() -> None:
    plan = VectorPlan("reach-venue", (("a",),), 1000, 8_000_000, 10_000)
    assert half_width(plan) == pytest.approx(1.959964 * math.sqrt(8 / 0.02))


def noisy(*values: float, spread: float = 1.0) -> Noisy:
    return Noisy(np.array(values), np.full(len(values), spread))


def test_a_ratio_of_large_counts_is_as_narrow_as_the_delta_method_says() -> None:
    found = ratio([1, 0], [1, 1], noisy(3000.0, 7000.0, spread=10.0))
    assert found.value == pytest.approx(30)
    half = 100 * 1.959964 * 10 * math.sqrt(0.7**2 + 0.3**2) / 10_000
    assert found.high - found.value == pytest.approx(half, rel=0.01)
    assert found.value - found.low == pytest.approx(half, rel=0.01)


@pytest.mark.parametrize("values", [(1.0, 1.0), (-3.0, -9.0), (0.0, 0.0)])
def test_a_ratio_lost_in_the_noise_may_be_anything(values) -> None:
    found = ratio([1, 0], [1, 1], noisy(*values, spread=50.0))
    assert (found.low, found.high) == (0, 100)


@given(numbers, numbers, st.floats(0.01, 1e5))
def test_a_share_stays_between_nought_and_a_hundred(part, rest, spread) -> None:
    found = ratio([1, 0], [1, 1], noisy(part, rest, spread=spread))
    assert 0 <= found.low <= found.value <= found.high <= 100


def test_ratio_intervals_hold_in_95_of_100_draws_however_small_the_whole() -> None:
    draw = np.random.default_rng(7)
    for whole in (2000.0, 60.0):
        held = 0
        for _ in range(3000):
            values = np.array([0.3, 0.7]) * whole + draw.normal(0, 12, 2)
            found = ratio([1, 0], [1, 1], Noisy(values, np.full(2, 12.0)))
            held += found.low <= 30 <= found.high
        assert held / 3000 > 0.95 - 4.5 * math.sqrt(0.95 * 0.05 / 3000)


def test_figures_held_together_are_wider() -> None:
    assert simultaneous(1) == pytest.approx(1.959964, abs=1e-5)
    assert simultaneous(107) == pytest.approx(3.5, abs=0.05)


def test_of_figures_chosen_by_their_own_size_nineteen_in_twenty_hold() -> None:
    """A hundred figures of which half are nothing: whoever passes the noise is told, and only they."""
    assert false_coverage(100, 100) == pytest.approx(simultaneous(1))
    assert false_coverage(0, 100) == pytest.approx(simultaneous(100))
    draw, told, held = np.random.default_rng(4), 0, 0
    truth = np.r_[np.zeros(50), np.linspace(0, 8, 50)]
    for _ in range(400):
        noisy = truth + draw.normal(size=100)
        chosen = noisy >= simultaneous(100)
        told += int(chosen.sum())
        held += int((abs(noisy - truth)[chosen] <= false_coverage(int(chosen.sum()), 100)).sum())
    assert held / told >= 0.95


@pytest.mark.parametrize(
    ("value", "half", "unit", "words"),
    [
        (1000, 100, "persons", "presque-sur"),
        (1000, 101, "persons", "indicatif"),
        (1000, 501, "visits", "trop-peu"),
        (-1000, 90, "persons", "presque-sur"),
        (0, 0, "persons", "trop-peu"),
        (6, 3, "percent", "presque-sur"),
        (6, 3.1, "percent", "indicatif"),
        (50, 3, "percent", "presque-sur"),
        (5, 3, "percent", "indicatif"),
        (50, 11, "percent", "trop-peu"),
        (1, 0.5, "days", "presque-sur"),
        (1, 1.5, "days", "indicatif"),
        (100, 10, "days", "presque-sur"),
        (3, 3, "days", "trop-peu"),
    ],
)
def test_words_follow_the_width(value, half, unit, words) -> None:
    assert wording(Interval(value, value - half, value + half), unit) == words


@pytest.mark.parametrize("high", [0.1, 0.3, 2.9])
def test_a_share_that_may_be_nought_is_never_sure(high) -> None:
    assert wording(Interval(0, 0, high), "percent") == "indicatif"


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (3, 3, 7, "indicatif"),  # this week, not next month: one can act on it
        (16, 8, 30, "indicatif"),
        (29, 15, 60, "indicatif"),
        (24, 8, 60, "trop-peu"),
        (2, 0, 7, "trop-peu"),
        (0, 0, 730, "trop-peu"),
        (3, 3, 3, "presque-sur"),
        (-15, -30, -8, "indicatif"),  # a drift: people buy later, beyond doubt
        (-15, -60, -8, "trop-peu"),
        (2, -3, 7, "trop-peu"),
    ],
)
def test_a_delay_within_two_neighbouring_bins_is_told(value, low, high, words) -> None:
    assert wording(Interval(value, low, high), "days") == words


BINS = Bins((0, 1, 2, 8), (0, 1, 7, 30))


def test_a_quantile_without_noise_is_the_quantile() -> None:
    counts = np.array([10.0, 20.0, 60.0, 10.0])
    assert quantile(counts, 0.1, spread=0, bins=BINS).value == 0
    assert quantile(counts, 0.25, spread=0, bins=BINS).value == 1
    found = quantile(counts, 0.5, spread=0, bins=BINS)
    assert (found.low, found.value, found.high) == (2, 3, 7)


def test_a_quantile_lost_in_the_noise_is_the_whole_range() -> None:
    for counts in ([1.0, -2.0, 0.5, 1.0], [-9.0, 0.0, 0.0, 0.0]):
        found = quantile(np.array(counts), 0.5, spread=40, bins=BINS)
        assert (found.low, found.high) == (0, 30)


@given(
    st.lists(st.floats(-1e4, 1e4), min_size=4, max_size=4),
    st.floats(0.05, 0.95),
    st.floats(0, 1e4),
)
def test_a_quantile_lies_in_its_interval_whatever_the_noise_did(counts, share, spread) -> None:
    found = quantile(np.array(counts), share, spread=spread, bins=BINS)
    assert 0 <= found.low <= found.value <= found.high <= 30
