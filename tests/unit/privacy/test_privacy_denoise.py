"""The denoised matrix is nearer to the truth than the noisy one, by a way chosen without looking at it."""

from functools import cache

import numpy as np
import pytest

from hub.privacy import denoise as module
from hub.privacy.denoise import WAYS, NoisyPairs, denoised
from tests.support.matrices import Network, network, recall, wape
from tests.support.planting import planted


@cache
def small() -> Network:
    return network(40, 8_000, k=6, seed=1, effect=0.3)


def gain(draws: int = 3) -> float:
    """Return the mean error of the denoised matrix over that of the noisy one."""
    net, ratios = small(), []
    for seed in range(draws):
        noisy = net.drawn(0.0125, seed)
        ratios.append(wape(denoised(noisy).pairs, net.truth) / wape(noisy.pairs, net.truth))
    return float(np.mean(ratios))


@cache
def unplanted() -> float:
    return gain()


def test_the_denoised_matrix_is_nearer_to_the_truth_and_ranks_better() -> None:
    net = small()
    assert unplanted() < 0.85
    noisy = net.drawn(0.0125, 1)
    found = denoised(noisy).pairs
    assert recall(found, net.truth, 5) >= recall(np.maximum(noisy.pairs, 0), net.truth, 5)
    assert (found >= 0).all()
    assert np.allclose(found, found.T)
    assert not found.diagonal().any()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("trust = signal / (signal + noisy.sigma**2)", "trust = signal * 0 + 1.0"),
        ("trust = signal / (signal + noisy.sigma**2)", "trust = noisy.sigma**2 / (signal + noisy.sigma**2)"),
        ("best = min(WAYS", "best = max(WAYS"),
        ("size = np.maximum(view, 0.0)", "size = np.maximum(view, 0.0) * 0"),
    ],
)  # fmt: skip
def test_a_planted_mistake_is_caught(old: str, new: str) -> None:
    usual = unplanted()
    with planted(module, old, new):
        assert gain() > usual * 1.02


def test_the_way_that_thinning_chooses_is_nearly_the_best() -> None:
    net = small()
    for rho in (0.005, 0.05, 0.5):
        noisy = net.drawn(rho, 3)
        errors = {way: wape(np.maximum(WAYS[way](noisy), 0), net.truth) for way in WAYS}
        assert wape(denoised(noisy).pairs, net.truth) <= 1.15 * min(errors.values())


def test_the_same_figures_give_the_same_matrix() -> None:
    noisy = small().drawn(0.0125, 2)
    assert (denoised(noisy).pairs == denoised(noisy).pairs).all()


def test_a_matrix_of_noise_alone_becomes_nothing_much() -> None:
    draw = np.random.default_rng(4)
    noise = np.triu(draw.normal(0, 50, (30, 30)), 1)
    noisy = NoisyPairs(noise + noise.T, 50.0, np.full(30, 10.0), np.zeros(30, dtype=np.int64))
    assert np.abs(denoised(noisy).pairs).mean() < 10


def test_figures_that_do_not_belong_together_are_refused() -> None:
    square, people = np.zeros((3, 3)), np.ones(3)
    blocks = np.zeros(3, dtype=np.int64)
    with pytest.raises(ValueError, match="one line"):
        NoisyPairs(square, 1.0, people[:2], blocks)
    with pytest.raises(ValueError, match="symmetric"):
        NoisyPairs(np.eye(3), 1.0, people, blocks)


@pytest.mark.long
@pytest.mark.parametrize("rho", [0.0125, 0.0244])
@pytest.mark.parametrize("effect", [0.0, 0.3])
def test_the_goals_of_the_study_are_met(rho: float, effect: float) -> None:
    net = network(200, 200_000, k=10, seed=1, effect=effect)
    found = [denoised(net.drawn(rho, seed)).pairs for seed in range(5)]
    errors, recalls = [wape(f, net.truth) for f in found], [recall(f, net.truth) for f in found]
    print(f"rho {rho} effect {effect}: WAPE {np.mean(errors):.3f}, recall@10 {np.mean(recalls):.3f}")  # fmt: skip
    assert np.mean(errors) <= 0.25
    assert np.mean(recalls) >= 0.80


@pytest.mark.long
def test_the_pilot_network_is_read_well() -> None:
    net = network(25, 22_000, k=6, seed=1, effect=0.3)
    errors = [wape(denoised(net.drawn(0.0125, seed)).pairs, net.truth) for seed in range(20)]
    print(f"pilot: WAPE {np.mean(errors):.3f}")
    assert np.mean(errors) <= 0.13
