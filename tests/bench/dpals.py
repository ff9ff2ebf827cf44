"""DPALS (Chien, Jain, Krichene, Rendle, Song, Thakurta and Zhang, ICML 2021), written again with numpy for the bench.

People's vectors are never published; each step releases the items' normal equations, noised. A person weighs
1/√d in each of her d items, so that each of the three stacks moves by at most 1 in L2 norm: her rows of
uuᵀ (‖u‖ ≤ 1), her rows of u, and her uuᵀ in the common Gram matrix.
"""

import numpy as np

from hub.evaluate.sums import presence, rho_of
from hub.evaluate.world import Floats, World

CHUNK = 20_000
COMMON = 0.1  # weight of what was not visited


def dpals(world: World, factors: int, steps: int, ridge: float, epsilon: float) -> Floats:
    """Return the items' vectors, items × factors."""
    source = np.random.default_rng(1)
    sigma = 1.0 / np.sqrt(2 * rho_of(epsilon) / (3 * steps))
    items = source.normal(size=(world.items, factors)) / np.sqrt(factors)
    for _step in range(steps):
        grams = np.zeros((world.items, factors * factors))
        sides = np.zeros((world.items, factors))
        common = np.zeros((factors, factors))
        for at in range(0, len(world.known), CHUNK):
            went = presence(world.known[at : at + CHUNK], world.items).astype(np.float64)
            each = people(went, items, ridge)
            weighted = went / np.sqrt(np.maximum(went.sum(axis=1, keepdims=True), 1.0))
            sides += weighted.T @ each
            common += each.T @ each
            outer = (each[:, :, None] * each[:, None, :]).reshape(len(each), -1)
            grams += weighted.T @ outer
        sides += source.normal(scale=sigma, size=sides.shape)
        common = _positive(common + _symmetric(source.normal(scale=sigma, size=common.shape)))
        for item in range(world.items):
            noise = _symmetric(source.normal(scale=sigma, size=common.shape))
            gram = _positive(grams[item].reshape(common.shape) + noise)
            whole = gram + COMMON * common / world.items + ridge * np.eye(factors)
            items[item] = np.linalg.solve(whole, sides[item])
    return items


def people(went: Floats, items: Floats, ridge: float) -> Floats:
    """Return people's vectors, of norm 1 at most, from the items that they know."""
    common = COMMON * items.T @ items / len(items) + ridge / 10 * np.eye(items.shape[1])
    outer = (items[:, :, None] * items[:, None, :]).reshape(len(items), -1)
    grams = (went @ outer).reshape(len(went), *common.shape) + common
    each: Floats = np.linalg.solve(grams, (went @ items)[:, :, None])[:, :, 0]
    size = np.linalg.norm(each, axis=1, keepdims=True)
    return each / np.maximum(size, 1.0)


def scores(went: Floats, items: Floats, ridge: float) -> Floats:
    """Return people × items."""
    found: Floats = people(went, items, ridge) @ items.T
    return found


def _symmetric(noise: Floats) -> Floats:
    above = np.triu(noise)
    return above + np.triu(above, 1).T


def _positive(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.maximum(values, 0.0)) @ vectors.T
