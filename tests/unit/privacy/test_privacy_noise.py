"""Noise is what was paid for: refused without a fitting charge, of the declared law with one."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.edition import Vector
from hub.errors import SensitivityBroken
from hub.privacy import noise as noise_module
from hub.privacy.budget import sigma_micro
from hub.privacy.charge import Charge
from hub.privacy.noise import noise, restore
from hub.privacy.threshold import threshold
from hub.privacy.values import Exact, VectorPlan

CHARGE = Charge("0" * 64, "edition", "reach", 10_000, 1000)


def plan(size: int = 3, **changes) -> VectorPlan:
    keys = tuple((str(index),) for index in range(size))
    return replace(VectorPlan("reach-venue", keys, 1000, 8_000_000, 10_000), **changes)


def exact(plan: VectorPlan, value: int = 0) -> Exact:
    return Exact(plan.name, np.full(len(plan.keys), value, np.int64))


@pytest.mark.parametrize(
    "broken",
    [
        {"rho_micro": 10_001},
        {"delta_pico": 1001},
        {"name": "pairs-cell"},
        {"name": "reach"},
    ],
)
def test_noise_without_a_fitting_charge_is_refused(broken) -> None:
    wrong = plan(**broken)
    with pytest.raises(SensitivityBroken):
        noise(exact(wrong), CHARGE, wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        Exact("reach-venue", np.zeros(2, np.int64)),
        Exact("reach-spread", np.zeros(3, np.int64)),
        Exact("reach-venue", np.zeros(3, np.float64)),  # type: ignore[arg-type]
    ],
)
def test_another_vector_than_the_planned_one_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match="reach-venue"):
        noise(wrong, CHARGE, plan())


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10**12), st.integers(1, 10_000_000))
def test_the_recorded_scale_is_the_least_or_a_hair_above(square, rho) -> None:
    wanted = plan(1, l2_sensitivity_squared=square, rho_micro=rho)
    drawn = noise(exact(wanted), replace(CHARGE, rho_micro=rho), wanted)
    least = sigma_micro(square, rho)
    assert least <= drawn.sigma_micro <= least + 64
    assert 2 * rho * drawn.sigma_micro**2 >= square * 10**18


def test_noise_has_the_declared_mean_spread_and_shape() -> None:
    """Of 40,000 draws: mean and variance within 5 standard errors, and the normal quantiles."""
    size = 40_000
    wanted = plan(size, l2_sensitivity_squared=4_000_000)
    drawn = noise(exact(wanted, 700), CHARGE, wanted)
    values, sigma = drawn.values - 700, drawn.sigma_micro / 1e6
    assert values.dtype == np.int64
    assert abs(values.mean()) < 5 * sigma / math.sqrt(size)
    assert abs(values.var() / sigma**2 - 1) < 5 * math.sqrt(2 / size)
    for z, share in ((-1.96, 0.025), (0.0, 0.5), (1.96, 0.975)):
        assert abs((values <= z * sigma).mean() - share) < 5 * math.sqrt(share * (1 - share) / size)
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 5 / math.sqrt(size)


def test_two_draws_differ() -> None:
    wanted = plan(50)
    first, second = (noise(exact(wanted), CHARGE, wanted).values for _ in range(2))
    assert (first != second).any()


def test_a_map_that_never_agrees_refuses_to_draw(monkeypatch) -> None:
    monkeypatch.setattr(noise_module, "_root_up", lambda square: 2 * math.sqrt(square))
    with pytest.raises(SensitivityBroken, match="no scale"):
        noise(exact(plan()), CHARGE, plan())


THRESHOLD_PLAN = plan(
    40,
    delta_pico=1000,
    max_cells=8,
    threshold=threshold(1000, sigma_micro(8_000_000, 10_000), cells=8, delta_pico=1000),
)


def test_a_threshold_keeps_what_is_large_and_hides_what_one_person_made() -> None:
    values = np.zeros(40, np.int64)
    values[[30, 3]] = 2_000_000
    values[7] = 1000
    drawn = noise(Exact("reach-venue", values), CHARGE, THRESHOLD_PLAN)
    assert drawn.plan.keys == (("3",), ("30",))
    assert len(drawn.values) == 2
    assert (abs(drawn.values - 2_000_000) < 10 * drawn.sigma_micro / 1e6).all()


def test_a_threshold_over_nothing_shows_nothing() -> None:
    drawn = noise(exact(THRESHOLD_PLAN), CHARGE, THRESHOLD_PLAN)
    assert drawn.plan.keys == ()


@pytest.mark.parametrize("lower", [0, 1000, 1001])
def test_a_threshold_too_low_for_its_delta_is_refused(lower) -> None:
    wrong = replace(THRESHOLD_PLAN, threshold=lower)
    with pytest.raises(SensitivityBroken, match="threshold"):
        noise(exact(wrong), CHARGE, wrong)


@settings(max_examples=60, deadline=None)
@example(room=1, cells=7, rho=1000, delta=1)
@given(st.integers(1, 64), st.integers(1, 32), st.integers(1000, 10**6), st.integers(1, 10**6))
def test_the_planned_threshold_holds_opendp_s_own_map(room, cells, rho, delta) -> None:
    scale = sigma_micro(room * 10**6, rho)
    wanted = plan(
        5,
        l2_sensitivity_squared=room * 10**6,
        rho_micro=rho,
        delta_pico=delta,
        max_cells=cells,
        threshold=threshold(1000, scale, cells=cells, delta_pico=delta),
    )
    drawn = noise(exact(wanted), Charge("0" * 64, "e", "reach", rho, delta), wanted)
    assert drawn.plan.keys == ()


def test_a_threshold_without_a_delta_is_refused() -> None:
    with pytest.raises(ValueError, match="delta"):
        threshold(1000, 10**9, cells=1, delta_pico=0)


def stored(drawn, **changes) -> Vector:
    fields = {
        "name": drawn.plan.name,
        "mechanism": "discrete-gaussian",
        "unit_milli": drawn.plan.unit_milli,
        "l2_sensitivity_squared": drawn.plan.l2_sensitivity_squared,
        "sigma_micro": drawn.sigma_micro,
        "rho_micro": drawn.plan.rho_micro,
        "delta_pico": drawn.plan.delta_pico,
        "threshold": drawn.plan.threshold,
        "keys": [list(key) for key in drawn.plan.keys],
        "values": drawn.values.tolist(),
    }
    return Vector(**(fields | changes))


@pytest.mark.parametrize("wanted", [plan(), THRESHOLD_PLAN], ids=["public", "threshold"])
def test_a_stored_vector_is_read_back_as_it_was_drawn(wanted) -> None:
    values = np.full(len(wanted.keys), 3_000_000, np.int64)
    drawn = noise(Exact(wanted.name, values), CHARGE, wanted)
    again = restore(stored(drawn), wanted)
    assert (again.plan, again.sigma_micro) == (drawn.plan, drawn.sigma_micro)
    assert again.values.tolist() == drawn.values.tolist()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "reach-spread"},
        {"rho_micro": 9},
        {"l2_sensitivity_squared": 9},
        {"keys": [["0"], ["1"], ["x"]]},
        {"values": [1, 2]},
    ],
)
def test_a_stored_vector_of_another_plan_is_refused(changes) -> None:
    drawn = noise(exact(plan()), CHARGE, plan())
    with pytest.raises(ValueError, match="not the planned one"):
        restore(stored(drawn, **changes), plan())


def test_an_exact_value_does_not_show_in_a_log() -> None:
    assert "424242" not in repr(exact(plan(), 424242))
