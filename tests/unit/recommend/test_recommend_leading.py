"""Large matrices are read by a fixed number of steps: near the exact answer, and the same on any machine."""

import numpy as np
import pytest

from hub.recommend import leading as module
from hub.recommend import spectrum
from hub.recommend.fit import fit
from hub.recommend.leading import leading
from hub.recommend.observed import Floats, Observed

COLUMNS, WIDTH, STEPS = spectrum.MOST + spectrum.SPARE, module.LARGE, module.STEPS
ITEMS, LARGE, MOST, SPARE = 420, 300, 32, 8
"""Small enough for a test: a block of 40, six times, in 420 items, as one of 160 in more than 1,024."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in (module, spectrum):
        monkeypatch.setattr(each, "LARGE", LARGE)
    monkeypatch.setattr(spectrum, "MOST", MOST)
    monkeypatch.setattr(spectrum, "SPARE", SPARE)


def tastes(sigma: float = 3.0, seed: int = 0) -> Observed:
    """Return pairs of a dozen tastes over many items, and noise."""
    draw = np.random.default_rng(seed)
    popularity = 3e5 * (1.0 + np.arange(ITEMS)) ** -0.8
    mix = draw.gamma(0.3, size=(ITEMS, 12))
    mix /= mix.sum(axis=1, keepdims=True)
    pairs = np.outer(popularity, popularity) / popularity.sum() * (mix @ mix.T) * 8
    noise = np.triu(draw.normal(scale=sigma, size=pairs.shape), 1)
    np.fill_diagonal(pairs, 0.0)
    pairs = (pairs + pairs.T) / 2
    return Observed(pairs + noise + noise.T, popularity, sigma, np.arange(ITEMS) % 8)


WORLD = tastes()


def test_a_matrix_that_is_not_large_is_decomposed_exactly() -> None:
    matrix = WORLD.pairs[:LARGE, :LARGE]
    values, vectors = leading(matrix, 20)
    exact = np.linalg.eigh(matrix)
    assert np.allclose(values, exact[0][-20:], rtol=1e-12)
    known = exact[1][:, -20:]  # whose signs are anybody's
    assert np.allclose(vectors @ vectors.T, known @ known.T, atol=1e-9)


def test_values_of_a_large_matrix_are_near_and_never_above() -> None:
    values, vectors = leading(WORLD.pairs, MOST + SPARE)
    exact = np.linalg.eigvalsh(WORLD.pairs)[-MOST - SPARE :]
    assert (values <= exact + 1e-6 * exact[-1]).all()
    assert np.allclose(values[-10:], exact[-10:], rtol=1e-6)
    assert np.allclose(vectors.T @ vectors, np.eye(MOST + SPARE), atol=1e-9)


def test_the_space_is_never_wider_than_the_items() -> None:
    assert (STEPS + 1) * COLUMNS <= WIDTH


def scores(observed: Observed) -> Floats:
    weights = fit(observed).weights
    assert weights is not None
    return weights.matrix


def test_what_is_advised_is_what_the_whole_spectrum_would(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = scores(WORLD)
    for each in (module, spectrum):
        monkeypatch.setattr(each, "LARGE", ITEMS)
    whole = scores(WORLD)
    assert np.linalg.norm(quick - whole) < 0.05 * np.linalg.norm(whole)
    best = [np.argsort(-each, axis=1)[:, :10] for each in (quick, whole)]
    same = [len({*a.tolist()} & {*b.tolist()}) for a, b in zip(*best, strict=True)]
    assert np.mean(same) > 9.7


def test_another_machines_last_bits_change_no_integer_by_more_than_one() -> None:
    draw = np.random.default_rng(9)
    bits = 1.0 + np.triu(draw.choice([-1, 0, 1], WORLD.pairs.shape), 1) * 2.0**-52
    other = Observed(WORLD.pairs * bits * bits.T, WORLD.popularity, WORLD.sigma, WORLD.categories)
    one, two = fit(WORLD).weights, fit(other).weights
    assert one is not None
    assert two is not None
    assert one.factors.shape == two.factors.shape
    assert np.abs(np.rint(one.factors * 1e6) - np.rint(two.factors * 1e6)).max() <= 1


def test_nothing_above_the_noise_is_popularity_in_a_large_network_too() -> None:
    draw = np.random.default_rng(3)
    noise = np.triu(draw.normal(scale=900.0, size=(ITEMS, ITEMS)), 1)
    observed = Observed(noise + noise.T, np.full(ITEMS, 50.0), 900.0, np.arange(ITEMS) % 2)
    assert fit(observed).method == "popularity"
