"""Draw integer noise for a vector that was paid for; it promises never to cost more than its plan."""

import math
from dataclasses import replace

import numpy as np
import opendp.prelude as dp
from numpy.typing import NDArray

from contracts.edition import Vector
from hub.errors import SensitivityBroken
from hub.privacy.budget import MICRO, PICO, sigma_micro
from hub.privacy.charge import Charge
from hub.privacy.values import Exact, Noised, VectorPlan

dp.enable_features("contrib")  # OpenDP's word for "proven, not yet vetted"; see docs/adr

_ULPS = 64  # a scale this close above the least one must satisfy OpenDP's own arithmetic


def noise(exact: Exact, charge: Charge, plan: VectorPlan) -> Noised:
    """Return *exact* plus discrete Gaussian noise of the scale that *plan* fixes.

    Sampler and privacy map are OpenDP's (Canonne, Kamath and Steinke 2020, exact rational
    arithmetic); the scale is the least that satisfies sigma² ≥ Δ²/(2ρ), rounded up until
    OpenDP's map agrees. The length of the answer is that of the public keys, except under
    a threshold, where the mechanism itself chooses which keys are seen.

    Raises:
        SensitivityBroken: the charge does not cover the plan, or the map exceeds it.
        ValueError: the vector is not the one that was planned.
    """
    _check_paid(charge, plan)
    _check_shape(exact, plan)
    if plan.threshold is None:
        return _plain(exact, plan)
    return _thresholded(exact, plan, plan.threshold)


def restore(vector: Vector, plan: VectorPlan) -> Noised:
    """Return what was drawn and stored before, for a measure that reads it again; nothing is drawn.

    Raises:
        ValueError: the stored vector is not one that this plan draws.
    """
    keys = tuple(tuple(key) for key in vector.keys)
    same = (vector.name, vector.unit_milli, vector.l2_sensitivity_squared, vector.rho_micro) == (
        plan.name,
        plan.unit_milli,
        plan.l2_sensitivity_squared,
        plan.rho_micro,
    )
    known = keys == plan.keys if plan.threshold is None else set(keys) <= set(plan.keys)
    if not same or not known or len(keys) != len(vector.values):
        raise ValueError(f"vector {plan.name}: the stored vector is not the planned one")
    return Noised(replace(plan, keys=keys), vector.sigma_micro, _integers(vector.values))


def _check_paid(charge: Charge, plan: VectorPlan) -> None:
    if not plan.name.startswith(f"{charge.measure}-"):
        raise SensitivityBroken(
            "The charge is for {measure}, the vector is {name}.",
            measure=charge.measure,
            name=plan.name,
        )
    if plan.rho_micro > charge.rho_micro or plan.delta_pico > charge.delta_pico:
        raise SensitivityBroken(
            "Vector {name} costs more than the charge that pays it.", name=plan.name
        )


def _check_shape(exact: Exact, plan: VectorPlan) -> None:
    if exact.name != plan.name or exact.values.dtype != np.int64:
        raise ValueError(f"vector {plan.name}: another vector or another type was handed in")
    if exact.values.shape != (len(plan.keys),):
        raise ValueError(f"vector {plan.name}: one integer per public key was expected")


def _plain(exact: Exact, plan: VectorPlan) -> Noised:
    domain = dp.vector_domain(dp.atom_domain(T=dp.i64))
    metric = dp.l2_distance(T=float)
    d_in = _root_up(plan.l2_sensitivity_squared)
    least = sigma_micro(plan.l2_sensitivity_squared, plan.rho_micro)
    for scale in range(least, least + _ULPS):
        measurement = dp.m.make_gaussian(domain, metric, scale=scale / MICRO)
        rho: float = measurement.map(d_in)  # type: ignore[no-untyped-call]
        if rho <= plan.rho_micro / MICRO:
            drawn: list[int] = measurement(exact.values.tolist())
            return Noised(plan=plan, sigma_micro=scale, values=_integers(drawn))
    raise SensitivityBroken(
        "Vector {name}: no scale near the planned one holds its cost.", name=plan.name
    )


def _thresholded(exact: Exact, plan: VectorPlan, threshold: int) -> Noised:
    if threshold <= plan.unit_milli:
        raise SensitivityBroken(
            "Vector {name}: one person alone would pass the threshold.", name=plan.name
        )
    domain = dp.map_domain(dp.atom_domain(T=dp.i64), dp.atom_domain(T=dp.i64))
    metric = dp.l02inf_distance(dp.absolute_distance(T=float))
    d_in = (plan.max_cells, _root_up(plan.l2_sensitivity_squared), float(plan.unit_milli))
    least = sigma_micro(plan.l2_sensitivity_squared, plan.rho_micro)
    for scale in range(least, least + _ULPS):
        measurement = dp.m.make_gaussian_threshold(
            domain, metric, scale=scale / MICRO, threshold=threshold
        )
        rho, delta = measurement.map(d_in)  # type: ignore[no-untyped-call]
        if rho <= plan.rho_micro / MICRO and delta <= plan.delta_pico / PICO:
            seen = np.flatnonzero(exact.values)
            pairs = zip(seen.tolist(), exact.values[seen].tolist(), strict=True)
            return _kept(plan, scale, measurement(dict(pairs)))
    raise SensitivityBroken(
        "Vector {name}: the planned threshold does not hold its cost.", name=plan.name
    )


def _kept(plan: VectorPlan, scale: int, drawn: dict[int, int]) -> Noised:
    """Keep the keys that passed, in the public order: the order drawn could tell something."""
    places = sorted(drawn)
    kept = replace(plan, keys=tuple(plan.keys[place] for place in places))
    return Noised(
        plan=kept, sigma_micro=scale, values=_integers([drawn[place] for place in places])
    )


def _integers(values: list[int]) -> NDArray[np.int64]:
    return np.asarray(values, dtype=np.int64)


def _root_up(square: int) -> float:
    """Return a float that is at least the square root of *square*."""
    root = math.sqrt(square)
    return root if math.isqrt(square) ** 2 == square else math.nextafter(root, math.inf)
