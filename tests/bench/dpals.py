"""DPALS (Chien, Jain, Krichene, Rendle, Song, Thakurta and Zhang, ICML 2021), written again with numpy for the bench.

People's vectors are never published; each step releases the items' normal equations, noised. A person weighs
1/√d in each of her d items, so that each of the three stacks moves by at most 1 in L2 norm: her rows of
uuᵀ (‖u‖ ≤ 1), her rows of u, and her uuᵀ in the common Gram matrix. Only visits are gone through, never
people × items: 2,000 items and a million people are a few minutes.
"""

import numpy as np

from hub.evaluate.sums import rho_of
from hub.evaluate.world import Floats, Integers, World

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
            known = world.known[at : at + CHUNK]
            each = people(known, items, ridge)
            person, item = np.nonzero(known >= 0)[0], known[known >= 0]
            weighted = each / np.sqrt(np.maximum((known >= 0).sum(axis=1), 1.0))[:, None]
            sides += _added(weighted[person], item, world.items)
            common += each.T @ each
            outer = (weighted[:, :, None] * each[:, None, :]).reshape(len(each), -1)
            grams += _added(outer[person], item, world.items)
        sides += source.normal(scale=sigma, size=sides.shape)
        common = _positive(common + _symmetric(source.normal(scale=sigma, size=common.shape)))
        for item in range(world.items):
            noise = _symmetric(source.normal(scale=sigma, size=common.shape))
            gram = _positive(grams[item].reshape(common.shape) + noise)
            whole = gram + COMMON * common / world.items + ridge * np.eye(factors)
            items[item] = np.linalg.solve(whole, sides[item])
    return items


def people(known: Integers, items: Floats, ridge: float) -> Floats:
    """Return people's vectors, of norm 1 at most, from the items that they know; -1 pads *known*."""
    common = COMMON * items.T @ items / len(items) + ridge / 10 * np.eye(items.shape[1])
    person, item = np.nonzero(known >= 0)[0], known[known >= 0]
    outer = (items[:, :, None] * items[:, None, :]).reshape(len(items), -1)
    grams = _added(outer[item], person, len(known)).reshape(len(known), *common.shape) + common
    sides = _added(items[item], person, len(known))
    each: Floats = np.linalg.solve(grams, sides[:, :, None])[:, :, 0]
    size = np.linalg.norm(each, axis=1, keepdims=True)
    return each / np.maximum(size, 1.0)


def scores(known: Integers, items: Floats, ridge: float) -> Floats:
    """Return people × items."""
    found: Floats = people(known, items, ridge) @ items.T
    return found


def _added(rows: Floats, of: Integers, count: int) -> Floats:
    """Return count × columns: the sum of the *rows* of each."""
    order = np.argsort(of, kind="stable")
    present, starts = np.unique(of[order], return_index=True)
    total = np.zeros((count, rows.shape[1]))
    if len(present):
        total[present] = np.add.reduceat(rows[order], starts)
    return total


def _symmetric(noise: Floats) -> Floats:
    above = np.triu(noise)
    return above + np.triu(above, 1).T


def _positive(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.maximum(values, 0.0)) @ vectors.T
