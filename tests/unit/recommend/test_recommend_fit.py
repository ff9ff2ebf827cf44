"""The fit is the method that was measured: EASE of what stands above the noise, and popularity below it."""

from dataclasses import replace

import numpy as np
import pytest

from contracts.model import MICRO
from hub.recommend import ease
from hub.recommend.bundle import model_of
from hub.recommend.category import lifts
from hub.recommend.fit import fit
from hub.recommend.observed import Observed, symmetric
from hub.recommend.spectrum import MOST, components, explained_share, shrunk
from tests.support.model_world import (
    Tastes,
    charter_of,
    clear,
    kinds_of,
    only_noise,
    published,
    scores_of,
    slow_ease,
    slow_low_rank,
)


def off_diagonal(matrix: np.ndarray) -> np.ndarray:
    return matrix[~np.eye(len(matrix), dtype=bool)]


def test_without_noise_it_is_the_reference_low_rank_ease(monkeypatch: pytest.MonkeyPatch) -> None:
    """The path of wide networks, with few enough items that no component is left out."""
    monkeypatch.setattr(ease, "WHOLE_MATRIX_ITEMS", 0)
    observed = clear()
    fitted = fit(observed)
    assert fitted.method == "spectral"
    assert fitted.weights is not None
    found, expected = fitted.weights.matrix, slow_low_rank(observed)
    assert np.allclose(off_diagonal(found), off_diagonal(expected), rtol=1e-6, atol=1e-9)


def test_a_clear_network_is_ease_itself() -> None:
    observed = clear(items=20)
    fitted = fit(observed)
    assert fitted.method == "full-rank"
    assert fitted.weights is not None
    found, expected = fitted.weights.matrix, slow_low_rank(observed, every=True)
    assert np.allclose(off_diagonal(found), off_diagonal(expected), rtol=1e-9)
    ridge = ease.LEAST_RIDGE * observed.popularity.mean()
    plain = slow_ease(observed.pairs + np.diag(observed.popularity + ridge))
    assert np.allclose(off_diagonal(found), off_diagonal(plain), rtol=1e-9)


@pytest.mark.parametrize(("items", "eta", "whole"), [(256, 0.19, True), (257, 0.19, False), (256, 0.21, False)])  # fmt: skip
def test_the_whole_matrix_is_used_in_clear_networks_alone(
    items: int, eta: float, whole: bool
) -> None:
    popularity = 1000.0
    sigma = eta * popularity / (2 * np.sqrt(items))
    assert ease.wants_whole_matrix(only_noise(items, sigma, popularity, 0)) is whole


def test_below_the_edge_as_much_is_kept_as_is_not_noise() -> None:
    exact = clear()
    source = np.random.default_rng(1)
    told = []
    for sigma in (0.0, 2.0, 10.0, 50.0):
        noise = np.triu(source.normal(scale=max(sigma, 1e-12), size=exact.pairs.shape), 1)
        noisy = replace(exact, pairs=exact.pairs + noise + noise.T, sigma=sigma)
        low = components(noisy).factors
        told.append(ease.told_by_the_rest(noisy, low @ low.T))
    assert told[0] == 1.0
    assert told == sorted(told, reverse=True)
    assert told[-1] < 0.1


def test_a_network_of_medium_size_keeps_what_its_noise_lets_it_keep() -> None:
    observed = replace(clear(), sigma=0.05 * clear().popularity.mean() / np.sqrt(40))
    assert 0 < observed.eta < ease.WHOLE_MATRIX_ETA
    fitted = fit(observed)
    assert fitted.method == "full-rank"
    assert fitted.weights is not None
    assert np.allclose(fitted.weights.factors, fitted.weights.factors.T)


@pytest.mark.parametrize("seed", range(20))
def test_noise_alone_gives_popularity(seed: int) -> None:
    fitted = fit(only_noise(60, 50.0, 400.0, seed))
    assert (fitted.method, fitted.rank, fitted.weights) == ("popularity", 0, None)


def test_publics_that_keep_to_themselves_are_told_apart_through_noise() -> None:
    observed = Tastes().observed(sigma=60.0)
    fitted = fit(observed)
    assert fitted.method == "spectral"
    assert fitted.rank >= 1
    assert fitted.weights is not None
    scores = fitted.weights.matrix[0]  # somebody who knows the first item, of the even side
    scores[0] = -np.inf
    best = np.argsort(-scores)[:10]
    assert (best % 2 == 0).sum() >= 9
    by_popularity = np.argsort(-observed.popularity)[1:11]
    assert (by_popularity % 2 == 0).sum() <= 6


def test_the_order_of_items_does_not_matter() -> None:
    observed = Tastes().observed(sigma=60.0)
    order = np.random.default_rng(1).permutation(observed.items)
    turned = Observed(observed.pairs[np.ix_(order, order)], observed.popularity[order],
                      observed.sigma, observed.categories[order])  # fmt: skip
    one, other = fit(observed).weights, fit(turned).weights
    assert one is not None
    assert other is not None
    assert np.allclose(one.matrix[np.ix_(order, order)], other.matrix, rtol=1e-6, atol=1e-9)


def test_the_factors_do_not_depend_on_how_eigenvectors_were_turned() -> None:
    source = np.random.default_rng(2)
    factors = source.normal(size=(50, 6))
    turn, _ = np.linalg.qr(source.normal(size=(6, 6)))
    one, other = ease._unrotated(factors), ease._unrotated(factors @ turn)
    assert np.array_equal(np.rint(one * MICRO), np.rint(other * MICRO))
    assert np.allclose(one @ one.T, factors @ factors.T)


def couples(*sizes: float) -> np.ndarray:
    """Items two by two, each couple alone: one positive eigenvalue for each size."""
    matrix = np.zeros((2 * len(sizes), 2 * len(sizes)))
    for n, size in enumerate(sizes):
        matrix[2 * n, 2 * n + 1] = matrix[2 * n + 1, 2 * n] = size
    return matrix


def test_many_components_are_fitted_without_deflation_and_128_at_most() -> None:
    pairs = couples(*(100.0 + n for n in range(150)))
    kept = components(Observed(pairs, np.full(300, 9000.0), 0.0, np.zeros(300, dtype=int)))
    assert not kept.deflated
    assert kept.found == kept.factors.shape[1] == MOST


def test_eigenvalues_at_the_edge_are_not_kept() -> None:
    assert shrunk(couples(3.0, 2.0, 1.0), 2.0).shape[1] == 1
    assert shrunk(couples(3.0, 2.0, 1.0), 3.0).shape[1] == 0
    assert shrunk(couples(3.0, 2.0, 1.0), 0.0).shape[1] == 3


def test_the_share_explained_is_the_least_squares_one() -> None:
    direction = np.array([3.0, 2.0, 1.0]) / np.sqrt(14)
    expected = np.outer(direction, direction)
    pairs = 70 * expected
    np.fill_diagonal(pairs, 0.0)
    assert explained_share(pairs, expected) == pytest.approx(70)
    assert explained_share(-pairs, expected) == 0.0


def test_lifts_speak_where_the_pairs_are_too_noisy_to() -> None:
    observed = Tastes().observed(sigma=900.0)
    assert fit(observed).method == "popularity"
    fitted = fit(observed, np.array([[1.6, 0.4], [0.4, 1.6]]))
    assert fitted.method == "spectral"
    assert fitted.weights is not None
    scores = fitted.weights.matrix[0]
    own, other = scores[2::2], scores[1::2]
    assert own.sum() > 2 * other.sum()


def test_lifts_of_chance_change_nothing() -> None:
    observed = Tastes().observed(sigma=60.0)
    one, other = fit(observed).weights, fit(observed, np.ones((2, 2))).weights
    assert one is not None
    assert other is not None
    assert np.allclose(one.matrix, other.matrix, atol=1e-9)


def test_lifts_see_a_planted_taste_and_call_noise_chance() -> None:
    planted = lifts(Tastes().observed(sigma=20.0), 2)
    assert planted[0, 0] > 1.3
    assert planted[0, 1] < 0.7
    assert planted[0, 1] == pytest.approx(planted[1, 0])
    flat = Tastes().observed(sigma=20.0)
    chance = np.outer(flat.popularity, flat.popularity) / flat.popularity.sum()
    noise = only_noise(40, 400.0, 1.0, 1).pairs
    pairs = chance + noise
    np.fill_diagonal(pairs, 0.0)
    seen = lifts(Observed((pairs + pairs.T) / 2, flat.popularity, 400.0, flat.categories), 2)
    assert np.abs(seen - 1.0).max() < 0.15


def test_lifts_of_one_category_are_chance() -> None:
    observed = Tastes().observed(sigma=20.0)
    alone = Observed(observed.pairs, observed.popularity, 20.0, np.zeros(40, dtype=int))
    assert lifts(alone, 1)[0, 0] == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("sigma", [2.0, 60.0, 20_000.0])
def test_the_integers_say_the_same_scores(sigma: float) -> None:
    observed, charter = Tastes().observed(sigma=sigma), charter_of(kinds_of(40))
    file = published(charter, observed)
    model, fitted = model_of(file, charter), fit(observed)
    assert model.method == fitted.method
    scores = scores_of(model, [0, 3])
    expected = observed.floored * 1000 if fitted.weights is None else fitted.weights.matrix[[0, 3]].sum(0)  # fmt: skip
    others = [j for j in range(40) if j not in (0, 3)]
    assert np.allclose(scores[others], expected[others], rtol=1e-3, atol=2e-3)


def test_figures_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match="symmetric"):
        Observed(np.array([[0.0, 1.0], [2.0, 0.0]]), np.ones(2), 1.0, np.zeros(2, dtype=int))
    with pytest.raises(ValueError, match="one row"):
        Observed(np.zeros((2, 2)), np.ones(3), 1.0, np.zeros(3, dtype=int))
    assert symmetric(np.array([1.0, 2.0, 3.0]), 3).tolist() == [[0, 1, 2], [1, 0, 3], [2, 3, 0]]
