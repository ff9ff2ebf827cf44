"""Guess from the release of tags whether one person was in, and look for people in what the catalogue says."""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from contracts.charter import MeasureSpec
from contracts.loss import epsilon
from hub.measures import tags
from hub.measures.frame import Frame
from hub.privacy.budget import MICRO, sigma_micro
from hub.recommend.attributes import Tagged, lifts_of
from hub.recommend.observed import Floats
from tests.support import measuring, town

RHO_MICRO, DELTA_PICO = 24_400, 10**6
EPSILON = epsilon(RHO_MICRO, DELTA_PICO)
BOUND = (math.exp(EPSILON) - 1 + 2 * DELTA_PICO / 1e12) / (math.exp(EPSILON) + 1)
"""What telling two worlds apart may gain over a coin, in accuracy: (e^ε - 1 + 2δ)/(e^ε + 1)."""
HER = 999_999
VECTOR = "tags-author-pair"
"""The axis where she is heaviest: two values, and all her pairs in one cell."""


@cache
def worlds() -> tuple[Floats, Floats, float]:
    """Return the exact table with her and without her, and the noise of a cell."""
    frame = town.frame(8)
    crowd = town.rows_of(town.town(60, frame, seed=3))
    packed = int(town.tags_of(np.array([-1]), np.array([1]))[0])
    hers = [
        town.Row(HER, venue, 4, 20_000, 1, 0, 0, "69", venue, tags=packed) for venue in range(5)
    ]
    there, plan = exact(frame, town.table_of([*crowd, *hers]))
    away, _ = exact(frame, town.table_of(crowd))
    return there, away, sigma_micro(plan.l2_sensitivity_squared, RHO_MICRO) / MICRO


def exact(frame: Frame, visits: pa.Table):
    plan = tags.plan(MeasureSpec(measure="tags", rho_micro=RHO_MICRO), frame)
    at = [vector.name for vector in plan].index(VECTOR)
    with town.opened(visits) as connection:
        found = measuring.value(connection, tags.queries(plan, frame)[at], plan[at])
    return found.astype(np.float64), plan[at]


def likelihood(seen: Floats) -> Floats:
    """With the figures in hand, the best there is."""
    there, away, _ = worlds()
    return seen @ (there - away)


def heaviest_cell(seen: Floats) -> Floats:
    return seen.max(axis=1)


def affinity(seen: Floats) -> Floats:
    """From the model: the lift of the value that she alone is mad about."""
    _, _, sigma = worlds()
    popularity = np.array([300.0, 300.0, 300.0, 300.0])
    groups = np.array([0, 0, 1, 1])
    found = []
    for a, b, c in seen / 1000:
        table = np.array([[a, b / 2], [b / 2, c]])
        found.append(lifts_of(Tagged(groups, table, sigma / 1000), popularity)[1, 1])
    return np.array(found)


def gained(rounds: int, statistic: Callable[[Floats], Floats], quieter: float = 1.0) -> float:
    """Return the best accuracy over a coin's, doubled, of a threshold on the statistic; half the rounds have her."""
    there, away, sigma = worlds()
    draw = np.random.default_rng(11)
    seen = [
        np.sort(statistic(each + draw.normal(scale=sigma / quieter, size=(rounds, len(each)))))
        for each in (there, away)
    ]
    steps = np.sort(np.concatenate(seen))
    in_it, out_of_it = (np.searchsorted(each, steps, side="right") / rounds for each in seen)
    return float(np.abs(in_it - out_of_it).max())


ATTACKS = {"likelihood": likelihood, "heaviest cell": heaviest_cell, "affinity": affinity}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_guesser_gains_no_more_than_was_paid(name: str) -> None:
    rounds = 500 if name == "affinity" else 10_000
    assert gained(rounds, ATTACKS[name]) <= BOUND + 4 * math.sqrt(1 / rounds)


@pytest.mark.long
def test_twenty_thousand_rounds_of_the_model_itself(capsys) -> None:
    """Prints what docs/reference/figures.md says."""
    found = {name: gained(10_000, statistic) for name, statistic in ATTACKS.items()}
    with capsys.disabled():
        print("\n", BOUND, found)
    assert max(found.values()) <= BOUND + 0.04


def test_with_too_little_noise_the_same_guesser_wins() -> None:
    assert gained(2000, likelihood, quieter=8.0) > BOUND + 0.1


def test_she_weighs_no_more_than_one_and_the_cells_are_the_same_without_her() -> None:
    there, away, _ = worlds()
    assert np.linalg.norm(there - away) <= 1000
    assert there.shape == away.shape == (3,)
