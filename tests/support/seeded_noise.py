"""Honest noise that is the same at every run: a test with a level of alarm may not be at the mercy of the day's draw."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from hub.privacy import noise as noise_module
from hub.privacy.budget import MICRO, sigma_micro
from hub.privacy.values import Exact, Noised, VectorPlan


@contextmanager
def seeded_noise(patch: pytest.MonkeyPatch, seed: int) -> Iterator[None]:
    """Draw, behind the checks of payment, rounded Gaussian noise of the planned size.

    Processes born meanwhile have noise of their own: what they draw is compared for being the same, and no more.
    """
    sources = {os.getpid(): np.random.default_rng(seed)}

    def noisy(values: np.ndarray, plan: VectorPlan) -> tuple[int, np.ndarray]:
        source = sources.setdefault(os.getpid(), np.random.default_rng((seed, os.getpid())))
        scale = sigma_micro(plan.l2_sensitivity_squared, plan.rho_micro)
        return scale, values + np.round(source.normal(0, scale / MICRO, len(values))).astype(int)

    def plain(exact: Exact, plan: VectorPlan) -> Noised:
        scale, values = noisy(exact.values, plan)
        return Noised(plan=plan, sigma_micro=scale, values=values)

    def thresholded(exact: Exact, plan: VectorPlan, least: int) -> Noised:
        scale, values = noisy(exact.values, plan)
        seen = {at: int(values[at]) for at in np.flatnonzero(exact.values) if values[at] >= least}
        return noise_module._kept(plan, scale, seen)

    with patch.context() as context:
        context.setattr(noise_module, "_plain", plain)
        context.setattr(noise_module, "_thresholded", thresholded)
        yield
