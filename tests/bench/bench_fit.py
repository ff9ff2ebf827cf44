"""The fit of a model of 2,000 items beside the same fit by whole spectra, in the same run."""

import time
from collections.abc import Iterator
from unittest import mock

import numpy as np

from hub.recommend import leading, spectrum
from hub.recommend.fit import fit
from hub.recommend.observed import Observed

Row = tuple[str, str, str, str]
"""What, ours, how much better than the baseline, the goal."""


def wide(items: int) -> Observed:
    """Return an invented matrix of sixty tastes and a million people's noise; no world is drawn for it."""
    draw = np.random.default_rng(0)
    popularity = (1.0 + np.arange(items)) ** -0.8
    popularity *= 3.2e6 / popularity.sum()
    mix = draw.gamma(0.6, size=(items, 60))
    mix /= mix.sum(axis=1, keepdims=True)
    alike = mix @ mix.T
    pairs = np.outer(popularity, popularity) * popularity.sum() * alike
    pairs /= popularity @ alike @ popularity
    noise = np.triu(draw.normal(scale=4.6, size=pairs.shape), 1)
    np.fill_diagonal(pairs, 0.0)
    pairs = (pairs + pairs.T) / 2 + noise + noise.T
    return Observed(pairs, popularity, 4.6, np.arange(items) % 8)


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Yield seconds of processor, and their ratio."""
    items = 1_200 if quick else 2_000
    observed = wide(items)
    taken = []
    for large in (leading.LARGE, items):
        with mock.patch.object(leading, "LARGE", large), mock.patch.object(spectrum, "LARGE", large):  # fmt: skip
            start = time.process_time()
            fit(observed)
            taken.append(time.process_time() - start)
    ours, whole = taken
    told = f"{ours:.2f} s of CPU; whole spectra {whole:.2f} s"
    yield f"fit, {items} items", told, f"{whole / ours:.1f} ×", "less than 3 s"
