"""ε shown for a zCDP loss: the known figures, and what it cannot mean."""

import pytest

from contracts.loss import PICO, display_delta_pico, epsilon

KNOWN = [(24_400, 1.0), (50_000, 1.47), (100_000, 2.14), (250_000, 3.54), (500_000, 5.22)]


@pytest.mark.parametrize(("rho", "expected"), KNOWN)
def test_it_agrees_with_the_accountant_of_opendp_at_a_millionth(rho: int, expected: float) -> None:
    assert epsilon(rho, 1_000_000) == pytest.approx(expected, abs=0.006)


def test_delta_is_a_tenth_of_the_bound_on_persons() -> None:
    assert display_delta_pico(100_000) == 1_000_000
    assert display_delta_pico(10**12) == 1


def test_what_thresholds_charge_is_taken_off_it() -> None:
    assert display_delta_pico(100_000, 100_000) == 900_000
    assert display_delta_pico(100_000, 1_000_000) == 1


@pytest.mark.parametrize("delta", [0, -1, PICO])
def test_a_delta_that_means_nothing_is_refused(delta: int) -> None:
    with pytest.raises(ValueError, match="delta"):
        epsilon(1000, delta)
