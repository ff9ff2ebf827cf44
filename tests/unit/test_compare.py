"""Comparing editions: differences that hold, and refusals where two figures do not say the same."""

import numpy as np
import pytest

from contracts.base import canonical
from contracts.edition import Edition, Estimate
from hub.compare import difference, differences, why_not, why_not_tables
from hub.measures import reach_words
from hub.measures.tables import write
from hub.privacy.charge import Charge
from hub.privacy.intervals import around
from tests.support.control_world import draw, edition_of

CHARGE = Charge("0" * 64, "saison", "reach", 40_000, 0)


def estimate(value: int, low: int, high: int, *keys: str) -> Estimate:
    return Estimate(
        keys=list(keys), value_milli=value, low_milli=low, high_milli=high, wording="indicatif"
    )


def table(**figures: tuple[float, float]):
    rows = [((place,), around(*figure)) for place, figure in figures.items()]
    return write(reach_words.VENUES, rows)


def test_a_difference_goes_from_end_to_end() -> None:
    found = difference(estimate(100, 80, 130, "a"), estimate(170, 150, 180, "a"))
    assert (found.value_milli, found.low_milli, found.high_milli) == (70, 20, 100)
    assert found.comparable
    assert found.clear


def test_what_noise_could_make_is_not_clear() -> None:
    assert not difference(estimate(100, 80, 130), estimate(120, 100, 140)).clear
    assert difference(estimate(170, 150, 180), estimate(100, 80, 130)).clear


def test_other_keys_are_not_compared() -> None:
    found = difference(estimate(1, 0, 2, "a"), estimate(1, 0, 2, "b"))
    assert (found.why_not, found.value_milli, found.clear) == ("other-keys", None, False)
    assert not found.comparable


def test_a_place_that_joined_since_has_no_earlier_figure() -> None:
    found = list(differences(table(a=(50, 5)), table(a=(90, 5), b=(10, 5))))
    assert [each.why_not for each in found] == [None, "absent"]
    assert found[0].value_milli == 40_000


def test_figures_of_another_estimand_are_not_compared() -> None:
    before = table(a=(50, 5))
    after = table(a=(50, 5)).model_copy(update={"estimand": "autre"})
    assert why_not_tables(before, after) == "other-table"
    assert [each.why_not for each in differences(before, after)] == ["other-table"]


def edition(**changes: object) -> Edition:
    plain = edition_of([canonical(draw(CHARGE))])
    return plain.model_copy(update=changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"first_day": "2024-09-01", "last_day": "2025-08-31"}, None),
        ({"first_day": "2024-09-01", "last_day": "2024-12-31"}, "other-window"),
        ({"first_day": "2024-10-01", "last_day": "2025-09-30"}, "other-window"),
        ({"network": "ailleurs"}, "other-network"),
        ({"demonstration": False}, "demonstration"),
    ],
)
def test_only_the_same_days_of_the_year_are_compared(changes, reason) -> None:
    own = {"first_day": "2023-09-01", "last_day": "2024-08-31", "demonstration": True}
    assert why_not(edition(**own), edition(**{**own, **changes})) == reason


def test_the_interval_of_a_difference_holds() -> None:
    """In 95 % of draws or more, at nought too, where ends are cut; wider than need be by 41 % at most."""
    draw, held, runs = np.random.default_rng(7), 0, 4000
    for truth_a, truth_b in draw.integers(0, 60, (runs, 2)):
        a, b = (around(t + draw.normal(0, 12), 12) for t in (float(truth_a), float(truth_b)))
        found = difference(*write(reach_words.VENUES, [(("a",), a), (("a",), b)]).rows)
        held += found.low_milli <= 1000 * (truth_b - truth_a) <= found.high_milli
    assert held / runs > 0.95
