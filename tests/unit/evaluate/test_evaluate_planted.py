"""Affinities planted in a world where the rich get richer are found again through the noise, among each place's first three."""

import dataclasses

import numpy as np
import pytest

from hub.evaluate.sums import observe, rho_of, sums_of
from hub.evaluate.world import Size, World, draw_world
from hub.recommend.fit import fit

TOLD = 3
GONE_ON = 0.25  # of a known place's people, who go on to the little-known one


def planted(size: Size, seed: int) -> tuple[World, list[tuple[int, int]]]:
    """Return a world where a quarter of eight well-known places' people go on to one little-known place each."""
    world = draw_world(size, seed)
    source = np.random.default_rng([seed, 3])
    often = np.argsort(-sums_of(world, 64).popularity)
    couples = [(int(often[n]), int(often[size.items // 2 + 3 * n])) for n in range(8)]
    more = np.full((len(world.known), len(couples)), -1)
    for column, (known, led) in enumerate(couples):
        went = (world.known == known).any(axis=1) & ~(world.known == led).any(axis=1)
        more[went & (source.random(len(went)) < GONE_ON), column] = led
    return dataclasses.replace(world, known=np.hstack([world.known, more])), couples


@pytest.mark.parametrize(
    "size", [Size(60, 20_000, 12), pytest.param(Size(200, 100_000, 20), marks=pytest.mark.long)]
)
def test_a_planted_affinity_is_among_the_first_three(size: Size) -> None:
    """At ε 1, for somebody of whom the well-known place alone is known; no dial."""
    world, couples = planted(size, 1)
    observed = observe(sums_of(world, 2), rho_of(1.0), 0.05, 1)
    weights = fit(observed).weights
    assert weights is not None
    famous = np.argsort(-observed.popularity)[: 2 * TOLD]
    for known, led in couples:
        scores = weights.matrix[known].copy()
        scores[known] = -np.inf
        assert led in np.argsort(-scores)[:TOLD]
        assert led not in famous  # popularity alone would not have named it
