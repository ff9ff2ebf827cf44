"""Allies are places with the same publics that do not meet yet."""

import numpy as np
import pytest

from hub.recommend.allies import MOST, allies
from hub.recommend.observed import Observed
from tests.support.model_world import Tastes, only_noise


def planted(sigma: float, *, apart: tuple[int, int] = (0, 2)) -> Observed:
    """Two publics; two places of one public that share nobody more than chance."""
    made = Tastes(items=20).observed(sigma=sigma, seed=4)
    pairs = made.pairs.copy()
    a, b = apart
    pairs[a, b] = pairs[b, a] = pairs[a, b] / 4
    return Observed(pairs, made.popularity, sigma, made.categories)


@pytest.mark.parametrize("sigma", [0.0, 20.0])
def test_a_planted_pair_is_found_first_by_both(sigma: float) -> None:
    found = allies(planted(sigma))
    assert found[0][0] == 2
    assert found[2][0] == 0


def test_who_shares_already_or_is_another_public_is_no_ally() -> None:
    observed = planted(0.0)
    found = allies(observed)
    assert all(i % 2 == j % 2 for i, row in enumerate(found) for j in row)
    assert [row for i, row in enumerate(found) if i not in (0, 2)] == [[] for _ in range(18)]
    assert all(len(row) <= MOST for row in found)


def test_noise_alone_makes_few_allies() -> None:
    found = [allies(only_noise(20, 50.0, 1.0, seed)) for seed in range(5)]
    assert np.mean([len(row) for each in found for row in each]) < 1.5


def test_a_network_of_three_has_none() -> None:
    observed = planted(0.0)
    few = Observed(observed.pairs[:3, :3], observed.popularity[:3], 0.0, observed.categories[:3])
    assert allies(few) == [[], [], []]
