"""Attack the noise as somebody who knows everybody else: her best guess never beats what was paid."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hub.measures.catalogue import MEASURES
from hub.privacy.charge import Charge
from hub.privacy.noise import noise
from hub.privacy.values import Exact, Noised, VectorPlan
from tests.support import measuring, town

RHO = 500_000  # half a unit of rho: the best attacker then tells two worlds apart by one σ
DRAWS = 1000
STEPS = 4.5  # standard errors: one false alarm in 150,000 runs


def advantage(worlds: list[np.ndarray], plan: VectorPlan, draw) -> float:
    """Return by how many σ the likelihood-ratio attacker tells the two worlds apart.

    Against Gaussian noise the best statistic is the projection on the difference of the worlds;
    its shift between them, in its own standard deviations, is what Gaussian differential privacy
    bounds by √(2ρ) (Dong, Roth and Su 2019).
    """
    gap = (worlds[0] - worlds[1]).astype(np.float64)
    direction = gap / np.linalg.norm(gap)
    seen = [np.array([draw(world, plan) @ direction for _ in range(DRAWS)]) for world in worlds]
    spread = math.sqrt((seen[0].var() + seen[1].var()) / 2)
    return float((seen[0].mean() - seen[1].mean()) / spread)


def honest(values: np.ndarray, plan: VectorPlan) -> np.ndarray:
    charge = Charge("0" * 64, "e", plan.name.rsplit("-", 1)[0], RHO, 0)
    drawn: Noised = noise(Exact(plan.name, values), charge, plan)
    return drawn.values


def exceeds(found: float) -> bool:
    """Return whether the advantage is beyond what was paid and what chance allows."""
    claimed = math.sqrt(2 * RHO / 1e6)
    return found > claimed + STEPS * math.sqrt(2 / DRAWS)


def neighbours(measure: str, place: int, mutate=lambda query: query):
    """Return the vectors with and without the heaviest person, and the plan."""
    frame = town.frame(9)
    visits = town.town(60, frame, seed=3)
    _, plans = measuring.plan_of(measure, frame, rho_micro=RHO)
    query = mutate(MEASURES[measure].queries(plans, frame)[place])
    plan = replace(plans[place], rho_micro=RHO)
    person = measuring.heaviest(visits, 1)[0]
    worlds = []
    for table in (visits, measuring.without(visits, person)):
        with town.opened(table) as connection:
            worlds.append(measuring.value(connection, query, plan))
    return worlds, plan


@pytest.mark.parametrize(
    ("measure", "place"), [("reach", 0), ("reach", 1), ("ladder", 1), ("pairs", 0)]
)
def test_the_best_attacker_gains_no_more_than_was_paid(measure, place) -> None:
    worlds, plan = neighbours(measure, place)
    found = advantage(worlds, plan, honest)
    assert not exceeds(found)
    assert found > 0.7  # the heaviest person uses nearly all of the room: the test has teeth


def half_the_scale(values: np.ndarray, plan: VectorPlan) -> np.ndarray:
    return honest(values * 2, plan) // 2


def sensitivity_of_one_cell(values: np.ndarray, plan: VectorPlan) -> np.ndarray:
    return honest(values, replace(plan, l2_sensitivity_squared=plan.unit_milli**2))


def drawn_twice_and_averaged(values: np.ndarray, plan: VectorPlan) -> np.ndarray:
    return (honest(values, plan) + honest(values, plan)) / 2


def one_draw_for_all_cells(values: np.ndarray, plan: VectorPlan) -> np.ndarray:
    single = replace(plan, keys=(("all",),))
    return values + honest(np.zeros(1, np.int64), single)[0]


@pytest.mark.parametrize(
    "mistake",
    [half_the_scale, sensitivity_of_one_cell, drawn_twice_and_averaged],
)
def test_a_mistake_in_the_noise_is_caught(mistake) -> None:
    worlds, plan = neighbours("reach", 0)
    assert exceeds(advantage(worlds, plan, mistake))


def test_noise_shared_between_cells_is_caught() -> None:
    """The attacker looks at the difference of two cells, of which she is in one."""
    _, plan = neighbours("reach", 0)
    here, away = np.zeros(9, np.int64), np.zeros(9, np.int64)
    here[0] = 2000
    gap = np.zeros(9)
    gap[:2] = (1, -1)
    seen = [
        np.array([one_draw_for_all_cells(w, plan) @ gap for _ in range(20)]) for w in (here, away)
    ]
    assert set(seen[0]) == {2000.0}
    assert set(seen[1]) == {0.0}
    honest_seen = np.array([honest(here, plan) @ gap for _ in range(20)])
    assert len(set(honest_seen)) > 10


def test_a_person_without_clip_is_caught() -> None:
    def unclipped(query):
        return replace(query, parameters={"weights": [1000] * 9})

    worlds, plan = neighbours("reach", 0, unclipped)
    assert exceeds(advantage(worlds, plan, honest))
