"""Provenance by intercommunalité: what is told, what is refused, and which cells bear noise."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from contracts import epci
from contracts.charter import Charter, MeasureSpec
from contracts.edition import Estimate
from contracts.visit import BY_EPCI, EPCI
from hub.errors import ConfigError
from hub.measures.catalogue import MEASURES
from hub.measures.frame import NEAR_KM, frame_of
from hub.plan import lines, plan_edition
from hub.privacy.budget import MICRO, sigma_micro
from tests.support import measuring, town
from tests.support.wire import FIELDS, network

HERE, THERE, *_ = town.EPCIS
FRAME = town.frame(6)
BIG, SMALL = FRAME.places[:2]


def row(person: int, code: str, venue: int = 0, **more: object) -> town.Row:
    said = {"discipline": 4, "lead_days": 3, "age": 0, "distance": 0, "departement": "69", **more}
    return town.Row(person, venue, event_day=20_000, priority=7, epci=code, **said)  # type: ignore[arg-type]


def told(rows: list[town.Row]) -> list[Estimate]:
    """Return the rows of the table, with noise from a seed at ρ 0.01."""
    spec, plan = measuring.plan_of(BY_EPCI, FRAME, rho_micro=10_000)
    with town.opened(town.table_of(rows)) as connection:
        exact = measuring.exact(connection, BY_EPCI, FRAME, plan)
    noised = measuring.drawn(exact, spec, plan, np.random.default_rng(1))
    (table,) = MEASURES[BY_EPCI].read(noised, FRAME)
    return table.rows


def town_of(count: int, venue: int = 0) -> list[town.Row]:
    """Half of them here, a quarter there, an eighth far away, an eighth unknown."""
    homes = (*[HERE] * 4, *[THERE] * 2, town.FAR, "")
    first = 1 + 10_000 * venue
    return [row(first + n, homes[n % 8], venue) for n in range(count)]


def test_shares_are_those_of_the_people_and_sum_to_a_hundred() -> None:
    found = {tuple(r.keys): r for r in told(town_of(8000))}
    for code, share in ((HERE, 50), (THERE, 25), ("elsewhere", 12.5), ("unknown", 12.5)):
        assert found[BIG, code].value_milli / 1000 == pytest.approx(share, abs=1.5)
        assert found[BIG, code].low_milli <= share * 1000 <= found[BIG, code].high_milli
    assert sum(r.value_milli for r in found.values()) == 100_000


def test_a_place_of_few_people_has_no_row_rather_than_a_rest_of_a_hundred() -> None:
    rows = told(town_of(4000) + town_of(40, venue=1))
    assert {r.keys[0] for r in rows} == {BIG}


def test_what_is_unknown_alone_tells_of_no_intercommunalite() -> None:
    assert told([row(n, "") for n in range(1, 2000)]) == []
    assert told([]) == []


def test_every_public_cell_bears_noise_whoever_came() -> None:
    _, plan = measuring.plan_of(BY_EPCI, FRAME)
    homes = (*FRAME.epcis, "elsewhere", "")
    assert plan[0].keys == tuple(product(FRAME.places, homes))
    assert {vector.threshold for vector in plan} == {None}
    room = FRAME.bounds.venues * 1_000_000
    assert {vector.l2_sensitivity_squared for vector in plan} == {room}
    assert sum(vector.rho_micro for vector in plan) == 20_000


@pytest.mark.parametrize("true_sigmas", [0.8, 1.0, 1.3])
def test_nineteen_in_twenty_hold_where_the_unknown_is_large_everywhere(true_sigmas: float) -> None:
    """Blank cities: only the places that an intercommunalité tells are shown, and only they may narrow intervals."""
    frame = replace(town.frame(150), epcis=tuple(sorted(epci.every()))[:54])
    spec, plan = measuring.plan_of(BY_EPCI, frame, rho_micro=10_000)
    step = sigma_micro(plan[0].l2_sensitivity_squared, plan[0].rho_micro) / MICRO
    true = np.full((150, 56), round(true_sigmas * step))
    true[:, -1] = 500_000  # persons-milli: unknown passes in all of them
    whole = np.full(150, 2_000_000)
    exact = {plan[0].name: true.ravel(), plan[1].name: whole}
    still = {keys: 100 * cell / 2_000_000 for keys, cell in zip(plan[0].keys, exact[plan[0].name], strict=True)}  # fmt: skip
    rng, missed, seen = np.random.default_rng(7), 0.0, 0
    for _ in range(30):
        (table,) = MEASURES[BY_EPCI].read(measuring.drawn(exact, spec, plan, rng), frame)
        outside = [
            not row.low_milli <= 1000 * still[row.keys[0], row.keys[1]] <= row.high_milli
            for row in table.rows
            if row.keys[1] in frame.epcis
        ]
        missed += sum(outside) / max(1, len(outside))
        seen += len(outside)
    assert seen > 10
    assert missed / 30 <= 0.05 + 3 * (0.05 * 0.95 / 30) ** 0.5


def charter(*fields: str, measure: str = BY_EPCI) -> Charter:
    made = network(fields=[*FIELDS, *fields]).charter
    spec = MeasureSpec(measure=measure, rho_micro=10_000)
    edition = made.editions[0].model_copy(update={"measures": [spec]})
    return made.model_copy(update={"editions": [edition]})


def test_the_plan_tells_its_price_where_the_charter_names_the_field() -> None:
    plan = plan_edition(charter(EPCI), "automne-2025")
    assert plan.frame.epcis == epci.near(((45.767, 4.834),), NEAR_KM)
    cell, place = lines(plan)
    assert cell.cells == len(plan.frame.places) * (len(plan.frame.epcis) + 2)
    assert (cell.rho_micro, place.rho_micro) == (8_500, 1_500)
    assert cell.half_width == pytest.approx(1.96 * (3 / (2 * 0.0085)) ** 0.5, rel=0.02)


def test_without_the_field_the_plan_refuses_and_names_the_departement() -> None:
    with pytest.raises(
        ConfigError, match=r"does not let leave.*Plan provenance, which tells départements"
    ):
        plan_edition(charter(), "automne-2025")


def test_a_charter_may_name_the_field_before_an_edition_reads_it() -> None:
    made = charter(EPCI, measure="provenance")
    assert frame_of(made, made.editions[0]).epcis == ()


def test_no_venue_near_any_of_them_means_no_table_and_says_so() -> None:
    made = charter(EPCI)
    sea = [
        m.model_copy(update={"latitude_microdeg": 0, "longitude_microdeg": 0}) for m in made.members
    ]
    with pytest.raises(ConfigError, match=r"none of them lies within 100 km of a venue") as said:
        plan_edition(made.model_copy(update={"members": sea}), "automne-2025")
    assert "does not let leave" not in str(said.value)
