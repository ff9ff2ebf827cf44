"""One season of a person, or all of her, moves no vector of a window over two by more than is charged."""

from dataclasses import replace

import pyarrow as pa
import pytest

from contracts.charter import MeasureSpec
from hub.errors import ConfigError
from hub.measures.base import Query
from hub.measures.catalogue import MEASURES, OF_BOTH_SEASONS, OVER_TWO_SEASONS
from hub.measures.frame import Frame
from hub.measures.seasons import for_one_season, seasons_of, turn
from hub.plan import plan_measures
from hub.privacy.values import VectorPlan
from tests.support import measuring, town

SOME = {"reach"}
"""Measures of one season that are tried over two at every change; the others, in the long run."""
FRAME = measuring.suited("returns", town.frame(36))


@pytest.fixture(scope="module")
def visits() -> pa.Table:
    return town.town(600, FRAME, seed=7)


def planned(measure: str, frame: Frame = FRAME) -> list[tuple[Query, VectorPlan]]:
    spec = MeasureSpec(measure=measure, rho_micro=20_000)
    (plan,) = plan_measures([spec], frame)
    return list(zip(plan.measure.queries(plan.vectors, frame), plan.vectors, strict=True))


@pytest.mark.parametrize(
    "measure",
    [
        pytest.param(name, marks=() if name in {*OVER_TWO_SEASONS, *SOME} else pytest.mark.long)
        for name in MEASURES
    ],
)
def test_no_season_of_anybody_weighs_more_than_is_charged(visits, measure) -> None:
    for query, plan in planned(measure):
        assert measuring.worst_season(visits, query, turn(FRAME)) <= plan.l2_sensitivity_squared
        with town.opened(visits) as connection:
            assert measuring.norm(connection, query) <= plan.l2_sensitivity_squared


@pytest.mark.parametrize("measure", ["returns", "typology"])
def test_what_holds_for_whole_people_would_not_hold_for_their_seasons(visits, measure) -> None:
    """Without the doubling the proof of one season would be charged for two: the town breaks it."""
    query, doubled = planned(measure)[0]
    plain = MEASURES[measure].plan(MeasureSpec(measure=measure, rho_micro=20_000), FRAME)[0]
    assert doubled.l2_sensitivity_squared == 2 * plain.l2_sensitivity_squared
    worst = measuring.worst_season(visits, query, turn(FRAME))
    assert worst > plain.l2_sensitivity_squared


@pytest.mark.parametrize("measure", sorted(OF_BOTH_SEASONS))
def test_who_needs_both_seasons_leaves_with_either(visits, measure) -> None:
    """Nothing is doubled for those who are in a vector by both their seasons: without one they are in none."""
    query, plan = planned(measure)[0]
    plain = MEASURES[measure].plan(MeasureSpec(measure=measure, rho_micro=20_000), FRAME)[0]
    assert plan == plain
    later = turn(FRAME)
    for side in (visits["event_day"].to_numpy() >= later, visits["event_day"].to_numpy() < later):
        with town.opened(visits.filter(pa.array(side))) as connection:
            assert measuring.norm(connection, query) == 0


MUTANTS = {
    "returns: no clip": ("returns", lambda q: _parameters(q, weights=[1000] * 36)),
    "returns: weight of all her places": (
        "returns",
        lambda q: _text(q, "$weights[count(*) OVER (PARTITION BY person_key)]", "$weights[1]"),
    ),
    "returns: classes that overlap": (
        "returns",
        lambda q: replace(
            q,
            contributions="SELECT person_key, cell // 3 * 3 + unnest(range(cell % 3, 3)) AS cell, weight"
            f" FROM ({q.contributions})",
        ),
    ),
    "lead drift: every purchase counts": (
        "lead-drift",
        lambda q: _text(q, "list(DISTINCT cell)", "list(cell)"),
    ),
    "typology: a family for each discipline": (
        "typology",
        lambda q: _text(
            q, "GROUP BY person_key)) USING", "GROUP BY person_key, discipline)) USING"
        ),
    ),
    "affinity: no clip": ("affinity", lambda q: _parameters(q, weights=[1000] * 15)),
    "affinity: both orders of a pair": ("affinity", lambda q: _text(q, "a <= b", "a >= 0")),
    "bubble: visits, not shares": (
        "bubble",
        lambda q: _text(q, "[$unit - outside, outside]", "[outside + $unit, outside]"),
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_mistake_is_caught(visits, name) -> None:
    measure, mutate = MUTANTS[name]
    frame = town.wider(FRAME, venues=2) if measure == "affinity" else FRAME
    query, plan = planned(measure, frame)[0]
    mutant = mutate(query)
    with town.opened(visits) as connection:
        norm = measuring.norm(connection, mutant)
    worst = measuring.worst_season(visits, mutant, turn(frame))
    assert max(norm, worst) > plan.l2_sensitivity_squared


def test_a_threshold_is_for_one_season() -> None:
    spec = MeasureSpec(measure="provenance", rho_micro=9_000, delta_pico=100_000)
    plan_measures([spec], town.frame(12))
    with pytest.raises(ConfigError, match="one season"):
        plan_measures([spec], FRAME)


@pytest.mark.parametrize("measure", sorted(OVER_TWO_SEASONS))
def test_a_window_of_one_season_has_no_next_one(measure) -> None:
    with pytest.raises(ConfigError, match="two seasons"):
        plan_measures([MeasureSpec(measure=measure, rho_micro=9_000)], town.frame(12))


def test_a_window_of_one_season_changes_no_plan() -> None:
    plain = MEASURES["reach"].plan(MeasureSpec(measure="reach", rho_micro=9_000), town.frame(12))
    assert tuple(for_one_season(vector, 1) for vector in plain) == plain
    assert seasons_of(town.frame(12)) == ("2024-2025",)
    assert seasons_of(FRAME) == ("2024-2025", "2025-2026")


def _parameters(query: Query, **changes: list[int]) -> Query:
    return replace(query, parameters={**query.parameters, **changes})


def _text(query: Query, old: str, new: str) -> Query:
    assert old in query.contributions
    return replace(query, contributions=query.contributions.replace(old, new))
