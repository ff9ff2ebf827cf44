"""Plans hold public constants alone, cost what they say and are refused where they mean nothing."""

import inspect

import pytest

from contracts.charter import MeasureSpec
from contracts.edition import Vector
from hub.errors import ConfigError
from hub.measures.catalogue import MEASURES
from hub.privacy.budget import check_covered
from tests.support import measuring, town

ALL = list(MEASURES)


@pytest.mark.parametrize("measure", ALL)
@pytest.mark.parametrize("venues", [2, 12, 40])
@pytest.mark.parametrize("delta", [0, 1000])
def test_a_plan_costs_all_of_its_price_and_no_more(measure, venues, delta) -> None:
    frame = measuring.suited(measure, town.frame(venues))
    spec = MeasureSpec(measure=measure, rho_micro=9_999, delta_pico=delta)
    plan = MEASURES[measure].plan(spec, frame)
    check_covered(plan, rho_micro=9_999, delta_pico=delta)
    assert sum(vector.rho_micro for vector in plan) == 9_999
    assert all(vector.name.startswith(f"{measure}-") for vector in plan)
    queries = MEASURES[measure].queries(plan, frame)
    assert [query.vector for query in queries] == [vector.name for vector in plan]


@pytest.mark.parametrize("measure", ALL)
def test_every_vector_fits_the_wire(measure) -> None:
    _, plan = measuring.plan_of(measure, town.frame(40))
    for vector in plan:
        wire = Vector(
            name=vector.name,
            mechanism="discrete-gaussian",
            unit_milli=vector.unit_milli,
            l2_sensitivity_squared=vector.l2_sensitivity_squared,
            sigma_micro=1,
            rho_micro=vector.rho_micro,
            delta_pico=0,
            threshold=None,
            keys=[list(key) for key in vector.keys],
            values=[0] * len(vector.keys),
        )
        assert len(wire.keys) == len(wire.values)


@pytest.mark.parametrize("measure", ["reach", "pairs", "flows"])
def test_where_nobody_can_be_clipped_nothing_is_paid_for_clipping(measure) -> None:
    _, plan = measuring.plan_of(measure, town.frame(5))
    assert not [vector for vector in plan if vector.name.endswith(("-slack", "-missing"))]
    _, plan = measuring.plan_of(measure, town.frame(6))
    assert [vector for vector in plan if vector.name.endswith("-slack")]


@pytest.mark.parametrize("measure", ["pairs", "flows"])
def test_one_place_has_no_pairs(measure) -> None:
    frame = town.frame(3, clusters=1)
    with pytest.raises(ConfigError, match="one place"):
        measuring.plan_of(measure, frame)


def test_a_ladder_needs_room_for_its_last_rung() -> None:
    with pytest.raises(ConfigError, match="at least 7"):
        measuring.plan_of("ladder", town.wider(town.frame(3), visits=6))


def test_a_price_too_small_to_split_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        measuring.plan_of("reach", town.frame(12), rho_micro=10)


def test_a_delta_buys_a_threshold_and_only_provenance_takes_it() -> None:
    for measure in ALL:
        _, plan = measuring.plan_of(measure, town.frame(12), delta_pico=1000)
        found = [vector.name for vector in plan if vector.threshold is not None]
        assert found == (["provenance-cell"] if measure == "provenance" else [])


@pytest.mark.parametrize("measure", ALL)
def test_each_measure_says_what_it_promises(measure) -> None:
    text = inspect.getdoc(MEASURES[measure]) or ""
    for word in ("Question:", "Keys:", "ensitivity", "quared norm", "Noise:", "Estimand:"):
        assert word in text, (measure, word)
