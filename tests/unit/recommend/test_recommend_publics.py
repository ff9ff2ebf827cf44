"""How many people see a value at each place: from what the places show, and from the value's own noisy count."""

import numpy as np
import pytest

from contracts.visit import Discipline
from hub.recommend.tastes import FEW, MANY, Houses, Shows, _items

PLACES = 60
PARTS = np.eye(6)[np.arange(PLACES) % 6]
HOUSES = Houses(
    kinds=[Discipline.THEATRE] * PLACES,
    popularity=np.full(PLACES, 100.0),
    sigma=10.0,
    shows=Shows("0" * 64, [1] * PLACES, {}),
)


def test_a_count_that_is_mostly_noise_changes_nothing() -> None:
    noisy = 1000.0 + np.random.default_rng(1).normal(scale=300, size=6)
    items = _items(noisy, 300.0, PARTS, HOUSES)
    assert np.abs(items.sum(axis=0) / 1000 - 1).max() < 0.1


def test_a_clear_count_corrects_what_the_places_let_expect() -> None:
    """The half of the people as clearly: values are compared with each other, for each counts who saw it once."""
    clear = np.array([1000.0, 500, 500, 500, 250, 250])
    sums = _items(clear, 1.0, PARTS, HOUSES).sum(axis=0)
    assert sums / sums.sum() == pytest.approx(clear / clear.sum(), rel=0.02)


def test_no_count_says_more_than_its_bounds() -> None:
    sums = _items(np.array([1e6, 1, 1, 1, 1, 1]), 0.1, PARTS, HOUSES).sum(axis=0)
    assert sums[0] == pytest.approx(MANY * 1000)
    assert sums[1] == pytest.approx(FEW * 1000)


def test_a_value_that_no_catalogue_shows_is_seen_evenly() -> None:
    parts = PARTS.copy()
    parts[:, 5] = 0.0
    items = _items(np.array([500.0, 500, 500, 500, 500, 100]), 1.0, parts, HOUSES)
    assert np.ptp(items[:, 5]) == 0
    assert items[:, 5].sum() / items[:, 0].sum() == pytest.approx(0.2, rel=0.02)
    nothing = _items(np.full(6, 600.0), 1.0, np.zeros_like(PARTS), HOUSES)
    assert nothing == pytest.approx(np.full((PLACES, 6), 10.0))
