"""Networks of tastes, as in the study of the methods: who shares whom, clipped and not, at any price."""

import math
from dataclasses import dataclass

import numpy as np

from hub.privacy.bound import pairs_of, weight_of
from hub.privacy.denoise import NoisyPairs


@dataclass(frozen=True)
class Network:
    """The true matrix of shared publics, its clipped form, publics by place, disciplines; k is the bound."""

    truth: np.ndarray
    clipped: np.ndarray
    people: np.ndarray
    blocks: np.ndarray
    k: int

    def drawn(self, rho: float, seed: int) -> NoisyPairs:
        """Return the matrix as an edition would hold it, brought back to whole persons by one factor."""
        draw = np.random.default_rng(seed)
        places = len(self.people)
        sigma = math.sqrt(pairs_of(self.k) / (2 * rho))
        noise = np.triu(draw.normal(0, sigma, (places, places)), 1)
        noisy = self.clipped + noise + noise.T
        whole = self.truth.sum() / 2 + draw.normal(0, 66 / math.sqrt(2 * 0.1 * rho))
        factor = max(whole / max(noisy.sum() / 2, 1.0), 1.0)
        reach = self.people + draw.normal(0, math.sqrt(self.k / (2 * 0.005)), places)
        return NoisyPairs(noisy * factor, sigma * factor, reach, self.blocks)


def network(
    venues: int, persons: int, *, k: int, seed: int, effect: float = 0.0, tastes: int = 8
) -> Network:
    """Return a network of tastes and regions.

    Args:
        venues: places; their popularity falls as a power of 0.9.
        persons: heavy-tailed in their visits.
        k: the bound on places of one person.
        seed: which one.
        effect: log-deviation of what each pair of places has of its own.
        tastes: communities of people.
    """
    draw = np.random.default_rng(seed)
    popular = 1.0 / (1 + np.arange(venues)) ** 0.9
    popular = draw.permutation(popular)
    kinds, regions = draw.integers(0, tastes, venues), draw.integers(0, 4, venues)
    truth, clipped = np.zeros((venues, venues)), np.zeros((venues, venues))
    people = np.zeros(venues)
    for taste in range(tastes):
        for region in range(4):
            liking = (
                popular * np.where(kinds == taste, 6.0, 1.0) * np.where(regions == region, 4.0, 1.0)
            )
            _add(truth, clipped, people, k=k, liking=liking / liking.sum(), persons=persons // (4 * tastes), draw=draw)  # fmt: skip
    own = np.triu(np.exp(draw.normal(0, effect, (venues, venues))), 1)
    own = own + own.T
    # A house's discipline is what it says it is: for three in ten, not what its public comes for.
    blocks = np.where(draw.random(venues) < 0.3, draw.integers(0, tastes, venues), kinds)
    return Network(truth * own, clipped * own, people, blocks, k)


def _add(truth, clipped, people, *, k, liking, persons, draw) -> None:
    often = np.minimum(1 + draw.negative_binomial(0.9, 0.3, persons), min(40, len(liking) // 2))
    for count in np.unique(often):
        some = int((often == count).sum())
        # The places of the largest keys are a draw without return, by liking (Efraimidis and Spirakis 2006).
        keys = np.log(draw.random((some, len(liking)))) / liking
        places = np.sort(np.argsort(-keys, axis=1)[:, :count], axis=1)
        np.add.at(people, places.ravel(), 1)
        if count > 1:
            weight = weight_of(pairs_of(int(count)), pairs_of(k)) / 1000
            for a in range(count):
                for b in range(a + 1, count):
                    np.add.at(truth, (places[:, a], places[:, b]), 1)
                    np.add.at(truth, (places[:, b], places[:, a]), 1)
                    np.add.at(clipped, (places[:, a], places[:, b]), weight)
                    np.add.at(clipped, (places[:, b], places[:, a]), weight)


def wape(found: np.ndarray, truth: np.ndarray) -> float:
    """Return the sum of errors over the sum of truth."""
    above = np.triu_indices(len(truth), 1)
    return float(np.abs(np.maximum(found, 0) - truth)[above].sum() / truth[above].sum())


def recall(found: np.ndarray, truth: np.ndarray, most: int = 10) -> float:
    """Return the mean part of each place's true nearest partners that are among those found."""
    tops = [np.argsort(-matrix, axis=1, kind="stable")[:, :most] for matrix in (found, truth)]
    return float(np.mean([len(set(a) & set(b)) / most for a, b in zip(*tops, strict=True)]))
