"""No person moves an exact vector by more than its plan claims; planted mistakes are caught."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from hub.forecast import OPT_IN
from hub.measures.base import Query
from hub.measures.catalogue import MEASURES
from hub.measures.frame import Frame
from hub.privacy.bound import weight_of
from hub.privacy.values import VectorPlan
from tests.support import measuring, oracle, town

ALL = list(MEASURES)
GRADED = [
    pytest.param(name, marks=pytest.mark.long if name in dict(OPT_IN) else ()) for name in MEASURES
]
"""All measures; those that a charter may add, in the long run only, where the oracle and the norms say as much."""
SELDOM = {"bubble-cell": 0.7, "potential-slack": 0.0, "potential-missing": 0.0}
"""What part of its claim somebody of the town reaches, where it is not nine tenths."""


World = tuple[pa.Table, Frame]


@cache
def large(measure: str = "reach") -> World:
    """A network of 20,000 people and 40 venues, six of them in clusters; ten go everywhere."""
    return _world(measure, town.frame(40, clusters=2), 20_000, seed=1)


@cache
def small(measure: str = "reach") -> World:
    """A network of 400 people and 36 venues, for tests that take people out one by one."""
    return _world(measure, town.frame(36), 400, seed=2)


def _world(measure: str, frame: Frame, persons: int, *, seed: int) -> World:
    frame = measuring.suited(measure, frame)
    return _town(persons, frame, seed), frame


@cache
def _town(persons: int, frame: Frame, seed: int) -> pa.Table:
    return town.town(persons, frame, seed=seed)


def planned(measure: str, frame: Frame) -> list[tuple[Query, VectorPlan]]:
    frame = measuring.suited(measure, frame)
    _, plan = measuring.plan_of(measure, frame)
    return list(zip(MEASURES[measure].queries(plan, frame), plan, strict=True))


@pytest.mark.parametrize("measure", ALL)
def test_no_person_of_a_large_network_weighs_more_than_claimed(measure) -> None:
    visits, frame = large(measure)
    with town.opened(visits) as connection:
        for query, plan in planned(measure, frame):
            found = measuring.norm(connection, query)
            nearly = SELDOM.get(plan.name, 0.9)
            assert nearly * plan.l2_sensitivity_squared < found <= plan.l2_sensitivity_squared
            assert measuring.least_weight(connection, query) >= 0


@pytest.mark.long
@pytest.mark.parametrize("measure", ALL)
def test_no_person_of_two_hundred_thousand_weighs_more_than_claimed(measure, capsys) -> None:
    """Prints the heaviest person's part of each claim, for docs/reference/figures.md."""
    visits, frame = _world(measure, town.frame(40, clusters=2), 200_000, seed=4)
    with town.opened(visits) as connection, capsys.disabled():
        for query, plan in planned(measure, frame):
            part = (measuring.norm(connection, query) / plan.l2_sensitivity_squared) ** 0.5
            print(f"\n{plan.name}: {part:.6f} of its sensitivity, at most", end="")
            assert part <= 1


def test_the_plain_oracle_says_the_same_of_every_person() -> None:
    visits, frame = large()
    claimed = {p.name: p.l2_sensitivity_squared for m in ALL for _, p in planned(m, frame)}
    worst = dict.fromkeys(claimed, 0)
    for term in oracle.terms(town.rows_of(visits), frame, oracle.term_of).values():
        for name, weights in term.items():
            worst[name] = max(worst[name], sum(weight**2 for weight in weights.values()))
    assert all(worst[name] <= claimed[name] for name in claimed)


@pytest.mark.long
@pytest.mark.parametrize("measure", ALL)
def test_taking_out_any_of_many_people_of_a_large_network(measure) -> None:
    visits, frame = large(measure)
    persons = measuring.heaviest(visits, 25)
    for query, plan in planned(measure, frame):
        assert measuring.worst_move(visits, query, plan, persons) <= plan.l2_sensitivity_squared


@pytest.mark.parametrize("measure", GRADED)
def test_one_person_behind_two_keys_weighs_at_most_three_times(measure) -> None:
    """What linkage can shift is not covered by the charge: two terms go, one comes."""
    visits, frame = small(measure)
    person = measuring.heaviest(visits, 1)[0]
    keys = visits["person_key"].to_numpy().copy()
    hers = np.flatnonzero(keys == person)
    keys[hers[::2]] = 1
    split = visits.set_column(0, "person_key", pa.array(keys, pa.uint64()))
    for query, plan in planned(measure, frame):
        with town.opened(visits) as one, town.opened(split) as two:
            moved = measuring.value(one, query, plan) - measuring.value(two, query, plan)
        assert int((moved.astype(object) ** 2).sum()) <= 9 * plan.l2_sensitivity_squared


@dataclass(frozen=True)
class CappedAfter(Query):
    """A mistake: bounding the sums instead of the people."""

    @property
    def sql(self) -> str:
        return f"SELECT cell, least(value, 900000000) AS value FROM ({super().sql})"


def _weights(query: Query, weights: list[int]) -> Query:
    return replace(query, parameters={**query.parameters, "weights": weights})


def _text(query: Query, old: str, new: str) -> Query:
    assert old in query.contributions
    return replace(query, contributions=query.contributions.replace(old, new))


def _relation(query: Query, old: str, new: str) -> Query:
    first = query.needs[0]
    assert old in first.select
    return replace(query, needs=(replace(first, select=first.select.replace(old, new)),))


MUTANTS = {
    "reach: no clip": ("reach", 0, lambda q: _weights(q, [1000] * 36)),
    "reach: k one too large": (
        "reach",
        0,
        lambda q: _weights(q, [weight_of(n, 6) for n in range(1, 37)]),
    ),
    "reach: weights rounded up": (
        "reach",
        0,
        lambda q: _weights(q, [min(1000, weight_of(n, 5) + 1) for n in range(1, 37)]),
    ),
    "reach: unit is the visit": (
        "reach",
        0,
        lambda q: replace(
            q,
            contributions="SELECT person_key, venue::INTEGER AS cell, 1000 AS weight FROM visit",
            parameters={},
        ),
    ),
    "reach: bounded after the sum": (
        "reach",
        0,
        lambda q: CappedAfter(q.vector, q.contributions, {"weights": [1000] * 36}, q.needs),
    ),
    "reach: bounded by venue, not across": (
        "reach",
        0,
        lambda q: replace(
            q,
            contributions="SELECT person_key, venue::INTEGER AS cell, least(count(*), 5) * 200"
            " AS weight FROM visit GROUP BY person_key, venue",
            parameters={},
        ),
    ),
    "reach: weight scaled by what others do": (
        "reach",
        0,
        lambda q: _text(
            q,
            "$weights[len(items)] AS weight",
            "$weights[len(items)] * (10 + count(*) OVER () % 2) // 11 AS weight",
        ),
    ),
    "reach: classes that overlap": (
        "reach",
        1,
        lambda q: replace(
            q,
            contributions="SELECT person_key, unnest(range(least(places, 4))) AS cell, 1 AS weight FROM bounded",
            parameters={},
        ),
    ),
    "ladder: visits not capped": (
        "ladder",
        1,
        lambda q: _text(q, "least(visits, $most)", "visits + 0 * $most"),
    ),
    "ladder: a row for each place": (
        "ladder",
        0,
        lambda q: _text(
            q, "FROM bounded", "FROM (SELECT person_key, visits, unnest(items) FROM bounded)"
        ),
    ),
    "pairs: no clip": ("pairs", 0, lambda q: _weights(q, [1000] * 36)),
    "pairs: weight of venues on pairs": (
        "pairs",
        0,
        lambda q: _weights(q, [weight_of(n, 5) for n in range(1, 37)]),
    ),
    "pairs: L1 room taken for L2": (
        "pairs",
        0,
        lambda q: _weights(q, [weight_of(n * (n - 1) // 2, 100) for n in range(1, 37)]),
    ),
    "flows: windows that overlap": (
        "flows",
        0,
        lambda q: replace(
            q,
            contributions=f"SELECT person_key, cell // 3 * 3 + unnest(range(3)) AS cell, weight FROM ({q.contributions})",
        ),
    ),
    "flows: both directions": (
        "flows",
        0,
        lambda q: _text(q, "lag BETWEEN 1 AND 365", "abs(lag) BETWEEN 1 AND 365"),
    ),
    "lead time: every purchase counts": (
        "lead-time",
        0,
        lambda q: _relation(q, "SELECT DISTINCT", "SELECT"),
    ),
    "lead time: no clip": (
        "lead-time",
        0,
        lambda q: _weights(q, [1000] * 1100),
    ),
    "channels: no clip": ("channels", 0, lambda q: _weights(q, [1000] * 200)),
    "channels: every purchase counts": (
        "channels",
        0,
        lambda q: _text(q, "list(DISTINCT cell)", "list(cell)"),
    ),
    "channels: every visit is an arrival": (
        "channels",
        1,
        lambda q: replace(
            q,
            contributions="SELECT person_key, (channel * 2 + first_time % 2)::INTEGER AS cell,"
            " 1000 AS weight FROM visit",
            parameters={},
        ),
    ),
    "young: no clip": ("young", 0, lambda q: _weights(q, [1000] * 36)),
    "young: an age for each row": (
        "young",
        1,
        lambda q: _relation(_relation(q, "min(age)", "age"), "GROUP BY person_key", ""),
    ),
    "firsts: no clip": ("firsts", 0, lambda q: _weights(q, [1000] * 36)),
    "firsts: a class for each visit": (
        "firsts",
        0,
        lambda q: replace(
            q,
            needs=(
                q.needs[0],
                replace(
                    q.needs[1],
                    select=q.needs[1]
                    .select.replace("min((", "((")
                    .replace("GROUP BY person_key, place", ""),
                ),
            ),
        ),
    ),
    "season spread: squares of a cell, not of a person": (
        "season-spread",
        0,
        lambda q: _text(
            q, "OVER (PARTITION BY person_key)", "OVER (PARTITION BY person_key, cell)"
        ),
    ),
    "season spread: a sum where squares belong": (
        "season-spread",
        0,
        lambda q: _text(q, "sum(amount * amount)", "sum(amount)"),
    ),
    "season spread: counts weighed before they are capped": (
        "season-spread",
        0,
        lambda q: _text(
            _text(q, "least(count(*), $most) AS", "count(*) AS"),
            "amount * amount",
            "least(amount, $most) * least(amount, $most)",
        ),
    ),
    "tourists: no clip": (
        "tourists",
        0,
        lambda q: _text(q, "floor(sqrt($room // squares))", "$room + 0 * squares"),
    ),
    "tourists: weight rounded up": (
        "tourists",
        0,
        lambda q: _text(q, "floor(sqrt($room // squares))", "ceil(sqrt($room / squares))"),
    ),
    "crossing: no clip": ("crossing", 0, lambda q: _weights(q, [1000] * 4)),
    "crossing: the pairs weigh, their disciplines do not": (
        "crossing",
        0,
        lambda q: _weights(q, [weight_of(max(1, n * (n - 1) // 2), 3) for n in range(1, 5)]),
    ),
    "crossing: both orders of a pair": (
        "crossing",
        0,
        lambda q: _text(q, "(a < b AND", "(a <> b AND"),
    ),
    "penetration: a home for each row": (
        "penetration",
        0,
        lambda q: _relation(
            _relation(q, "min(departement)", "departement"), "GROUP BY person_key", ""
        ),
    ),
    "shop: every visit counts": (
        "shop",
        0,
        lambda q: _text(q, "list(DISTINCT cell)", "list(cell)"),
    ),
    "shop: no clip": ("shop", 1, lambda q: _weights(q, [1000] * 12)),
    "bridges: no clip": ("bridges", 0, lambda q: _weights(q, [1000] * 4)),
    "conflicts: no clip": ("conflicts", 0, lambda q: _weights(q, [1000] * 2000)),
    "conflicts: every visit counts": (
        "conflicts",
        0,
        lambda q: _text(q, "list(DISTINCT cell)", "list(cell)"),
    ),
    "qpv: no clip": ("qpv", 0, lambda q: _weights(q, [1000] * 36)),
    "qpv: an answer for each row": (
        "qpv",
        1,
        lambda q: _relation(_relation(q, "min(qpv)", "qpv"), "GROUP BY person_key", ""),
    ),
    "satisfaction: each mark counts": (
        "satisfaction",
        0,
        lambda q: _weights(
            _text(q, "BY person_key, position", "BY person_key, position, satisfaction"),
            [1000] * 99,
        ),
    ),
    "satisfaction: each mark is the first": (
        "satisfaction",
        1,
        lambda q: _text(q, "GROUP BY person_key)", "GROUP BY person_key, event_day)"),
    ),
    "coverage: no clip": (
        "coverage",
        0,
        lambda q: _text(q, "floor(sqrt($room // squares))", "$room + 0 * squares"),
    ),
    "coverage: squares of a place, not of a person": (
        "coverage",
        0,
        lambda q: _text(
            q, "OVER (PARTITION BY person_key)", "OVER (PARTITION BY person_key, cell)"
        ),
    ),
    "potential: no clip": ("potential", 0, lambda q: _weights(q, [1000] * 36)),
    "potential: what one lacks over all, in one cell": (
        "potential",
        1,
        lambda q: replace(
            q, parameters={**q.parameters, "amounts": [n * 1000 for n in range(1, 37)]}
        ),
    ),
    "cube: a profile for each venue": (
        "cube",
        0,
        lambda q: _relation(
            q,
            "FROM visit GROUP BY person_key)\nJOIN",
            "FROM visit GROUP BY person_key, venue)\nJOIN",
        ),
    ),
    "cube: every usual place": (
        "cube",
        0,
        lambda q: _relation(q, "GROUP BY person_key) USING", "GROUP BY person_key, code) USING"),
    ),
    "overlaps: each place of a set counts": (
        "overlaps",
        0,
        lambda q: _text(_text(q, "count(*) - 1", "place % 2"), "named\n", "named, place\n"),
    ),
    "overlaps: each visit counts": (
        "overlaps",
        0,
        lambda q: _text(q, "1 AS weight", "count(*) AS weight"),
    ),
    "cooperation: no clip over operations": (
        "cooperation",
        0,
        lambda q: _weights(q, [1000] * 3),
    ),
    "cooperation: bounded for each house": (
        "cooperation",
        0,
        lambda q: replace(
            q,
            contributions="SELECT person_key, (operation // 2 * 4 + arm * 2)::INTEGER AS cell, 1000 AS weight"
            " FROM activation WHERE operation < 2",
            parameters={},
        ),
    ),
    "cooperation: no clip over houses that wrote": (
        "cooperation",
        1,
        lambda q: _weights(q, [1000] * 200),
    ),
    "reciprocity: no clip": (
        "reciprocity",
        0,
        lambda q: _text(q, "floor(sqrt($room // squares))", "$room + 0 * squares"),
    ),
    "reciprocity: squares of a pair, not of a person": (
        "reciprocity",
        0,
        lambda q: _text(
            q, "OVER (PARTITION BY person_key)", "OVER (PARTITION BY person_key, cell)"
        ),
    ),
    "tags: no clip of values": ("tags", 0, lambda q: _weights(q, [1000] * 40)),
    "tags: each couple of place and value counts": (
        "tags",
        1,
        lambda q: replace(
            q,
            contributions="SELECT person_key, value::INTEGER AS cell, 700 * items AS weight FROM tags_period",
            parameters={},
        ),
    ),
    "tags: a unit for each value, not for each person": (
        "tags",
        3,
        lambda q: _text(q, "sum(items)", "max(items)"),
    ),
    "tags: both orders of a pair": ("tags", 3, lambda q: _text(q, "WHERE a <= b", "WHERE a >= 0")),
    "tags: every visit is an item": (
        "tags",
        4,
        lambda q: _relation(
            _text(q, "many * (many - 1) // 2 ELSE many * often END // pairs", "many ELSE 0 END"),
            "SELECT DISTINCT",
            "SELECT",
        ),
    ),
    "model pairs: the circulation's k": (
        "model-pairs",
        1,
        lambda q: _weights(q, [weight_of(max(1, n * (n - 1) // 2), 10) for n in range(1, 37)]),
    ),
    "model pairs: no clip of places": ("model-pairs", 0, lambda q: _weights(q, [1000] * 36)),
    "cube: threes weigh two": (
        "cube",
        0,
        lambda q: _weights(q, [1000] * 28 + [2000] * 4),
    ),
    "provenance by intercommunalité: no clip": (
        "provenance-epci",
        0,
        lambda q: _weights(q, [1000] * 36),
    ),
    "provenance by intercommunalité: each that she says": (
        "provenance-epci",
        0,
        lambda q: replace(
            q,
            needs=(
                q.needs[0],
                replace(
                    q.needs[1],
                    select=q.needs[1]
                    .select.replace(
                        "SELECT person_key, coalesce(min",
                        "SELECT DISTINCT person_key, coalesce(min",
                    )
                    .replace("min(nullif(epci, ''))", "nullif(epci, '')")
                    .replace("GROUP BY person_key", ""),
                ),
            ),
        ),
    ),
    "provenance: a home for each row": (
        "provenance",
        0,
        lambda q: replace(
            q,
            needs=(
                q.needs[0],
                replace(
                    q.needs[1],
                    select=q.needs[1]
                    .select.replace("min(departement)", "departement")
                    .replace("GROUP BY person_key", ""),
                ),
            ),
        ),
    ),
}


NARROW = {"crossing": {"venues": 2}, "bridges": {"cells": 2}, "satisfaction": {"cells": 2}}
"""Bounds for measures of four disciplines, so that somebody is clipped."""


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_mistake_is_caught(name) -> None:
    measure, place, mutate = MUTANTS[name]
    visits, frame = small(measure)
    frame = town.wider(frame, **NARROW.get(measure, {}))
    query, plan = planned(measure, frame)[place]
    persons = measuring.heaviest(visits, 2)
    assert measuring.breaks(visits, mutate(query), plan, persons)


@pytest.mark.parametrize("measure", GRADED)
def test_taking_one_person_out_moves_a_real_query_by_no_more_than_claimed(measure) -> None:
    visits, frame = small(measure)
    persons = measuring.heaviest(visits, 4)
    for query, plan in planned(measure, frame):
        assert not measuring.breaks(visits, query, plan, persons)


@pytest.mark.parametrize("measure", ALL)
def test_what_is_seen_of_a_network_does_not_depend_on_who_is_in_it(measure) -> None:
    visits, frame = small(measure)
    keys = []
    for world in (visits, visits.slice(0, 0)):
        spec, plan = measuring.plan_of(measure, frame)
        with town.opened(world) as connection:
            noised = measuring.drawn(measuring.exact(connection, measure, frame, plan), spec, plan)
        keys.append([(name, vector.plan, vector.sigma_micro) for name, vector in noised.items()])
    assert keys[0] == keys[1]
