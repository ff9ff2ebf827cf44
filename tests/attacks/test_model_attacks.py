"""Guess from a model whether one person was in: nobody gains more than the edition's price allows."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from hub.evaluate.sums import DELTA_PICO, Sums, observe, rho_of, sums_of
from hub.evaluate.world import Size, World, draw_world
from hub.recommend.fit import fit
from hub.recommend.observed import Observed

EPSILON = 1.0
BOUND = (math.exp(EPSILON) - 1 + 2 * DELTA_PICO / 1e12) / (math.exp(EPSILON) + 1)
"""What telling two worlds apart may gain over a coin, in accuracy: (e^ε - 1 + 2δ)/(e^ε + 1)."""
ITEMS, PEOPLE = 12, 120
SHARE = 0.05  # of the price, for popularity
TARGET = (3, 9)  # her two places, which few others share


def with_and_without() -> tuple[Sums, Sums]:
    world = draw_world(Size(items=ITEMS, persons=PEOPLE, houses=6, tested=1), 5)
    hers = np.full((1, world.known.shape[1]), -1)
    hers[0, :2] = TARGET
    there = World(world.discipline, world.house, np.vstack([world.known, hers]), world.tested)
    return sums_of(there, 2), sums_of(world, 2)


@dataclass(frozen=True)
class Game:
    """Rounds of « is she in? »: half of them with her."""

    rounds: int
    quieter: float = 1.0  # noise divided by this: a hub that cheats

    def played(self, statistic: Callable[[Observed], float]) -> float:
        """Return the best accuracy over a coin's that a threshold on the statistic reaches, doubled."""
        rho = rho_of(EPSILON) * self.quieter**2
        seen = [
            np.array(
                [statistic(observe(sums, rho, SHARE, 2 * n + side)) for n in range(self.rounds)]
            )
            for side, sums in enumerate(with_and_without())
        ]
        steps = np.sort(np.concatenate(seen))
        there, away = (np.searchsorted(np.sort(each), steps) / self.rounds for each in seen)
        return float(np.abs(there - away).max())

    @property
    def chance(self) -> float:
        """What chance and the choice of the threshold add, at four standard errors."""
        return 4 * math.sqrt(2 / self.rounds) * 0.5 + 2 / math.sqrt(self.rounds)


def likelihood(observed: Observed) -> float:
    """With both tables in hand, the best there is: the projection on all that she adds, each over its variance."""
    there, away = with_and_without_once()
    quieter = (there.place_bound / there.pair_bound) ** 2 * (1 - SHARE) / SHARE
    pairs = ((there.pairs - away.pairs) * observed.pairs).sum() / 2
    places = ((there.popularity - away.popularity) * observed.popularity).sum()
    return float(pairs + places / quieter)


def heaviest_cell(observed: Observed) -> float:
    """The greatest figure of the table itself, beside her own pair."""
    return float(observed.pairs.max() + observed.pairs[TARGET])


_WORLDS: list[tuple[Sums, Sums]] = []


def with_and_without_once() -> tuple[Sums, Sums]:
    if not _WORLDS:
        _WORLDS.append(with_and_without())
    return _WORLDS[0]


def weight(observed: Observed) -> float:
    """From the model: what her first place says of her second."""
    weights = fit(observed).weights
    return 0.0 if weights is None else float(weights.matrix[TARGET])


def largest_weight(observed: Observed) -> float:
    """From the model: the greatest weight of her two places with anything."""
    weights = fit(observed).weights
    if weights is None:
        return 0.0
    matrix = weights.matrix - np.diag(weights.matrix.diagonal())
    return float(matrix[list(TARGET)].max())


def nearest(observed: Observed) -> float:
    """From the model: the rank of her second place behind her first."""
    weights = fit(observed).weights
    scores = observed.popularity if weights is None else weights.matrix[TARGET[0]]
    return -float((scores > scores[TARGET[1]]).sum())


ATTACKS = {"likelihood": likelihood, "cell": heaviest_cell, "weight": weight, "largest": largest_weight, "nearest": nearest}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_a_guesser_gains_no_more_than_was_paid(name: str) -> None:
    game = Game(rounds=400)
    assert game.played(ATTACKS[name]) <= BOUND + game.chance


@pytest.mark.long
@pytest.mark.parametrize("name", ATTACKS)
def test_twenty_thousand_rounds(name: str) -> None:
    game = Game(rounds=10_000)
    assert game.played(ATTACKS[name]) <= BOUND + game.chance


@pytest.mark.parametrize("name", ["likelihood", "weight"])
def test_with_too_little_noise_the_same_guessers_win(name: str) -> None:
    """The game has teeth: the guessers see a hub that draws a sixteenth of the noise."""
    game = Game(rounds=400, quieter=16.0)
    assert game.played(ATTACKS[name]) > BOUND + game.chance


def test_a_model_moves_by_no_more_than_its_figures_do() -> None:
    """Same noise, one person more: the figures differ by her clipped rows alone."""
    there, away = with_and_without()
    rho = rho_of(EPSILON)
    seen = [observe(each, rho, SHARE, 7) for each in (there, away)]
    gap = seen[0].pairs - seen[1].pairs
    assert np.linalg.norm(gap[np.triu_indices(ITEMS, 1)]) <= there.pair_bound * (1 + 1e-6)
    assert np.count_nonzero(np.abs(gap) > 1e-9) == 2
    assert replace(seen[0], pairs=seen[1].pairs, popularity=seen[1].popularity).sigma == seen[0].sigma  # fmt: skip
