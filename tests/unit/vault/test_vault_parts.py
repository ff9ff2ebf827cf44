"""People cut into parts: the same sums to the last unit, and an answer where everybody at once does not fit."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.measures.catalogue import MEASURES
from hub.vault.engine import Limits, MemoryRanOut
from hub.vault.parts import WHOLE, Part, over, parts_for
from hub.vault.scan import QueryFailed, relations_of, sum_over
from tests.support import measuring, town

ROOMY, TIGHT = Limits(memory="1GB"), Limits(memory="6MB", threads=1)


def asked_of(measure, frame):
    wide = measuring.suited(measure, frame)
    _, plan = measuring.plan_of(measure, frame, delta_pico=100_000 * (measure == "provenance"))
    return list(zip(MEASURES[measure].queries(plan, wide), plan, strict=True))


def everybody(visits: pa.Table, measure: str, frame, limits: Limits = ROOMY):
    with relations_of(visits, limits) as relations:
        return [relations.run(query, plan).values for query, plan in asked_of(measure, frame)]


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_sums_the_same_over_parts(measure) -> None:
    frame = town.frame(9, clusters=1)
    visits = town.town(120, measuring.suited(measure, frame), seed=5)
    whole = everybody(visits, measure, frame)
    parts = [Part(0, 3), Part(1, 3), *Part(2, 3).halves()]
    asked = asked_of(measure, frame)
    sums = sum_over(parts, lambda part: part.of(visits), ROOMY, asked)
    for (query, plan), expected in zip(asked, whole, strict=True):
        assert np.array_equal(sums.run(query, plan).values, expected)
    assert any(vector.any() for vector in whole)


def test_where_memory_runs_out_for_everybody_the_parts_fit() -> None:
    frame = town.frame(9)
    visits = town.town(20_000, frame, seed=5)
    with pytest.raises(MemoryRanOut, match="--memory"):
        everybody(visits, "pairs", frame, TIGHT)
    asked = asked_of("pairs", frame)
    sums = sum_over([WHOLE], lambda part: part.of(visits), TIGHT, asked)
    for (query, plan), expected in zip(asked, everybody(visits, "pairs", frame), strict=True):
        assert np.array_equal(sums.run(query, plan).values, expected)


def test_where_nobody_fits_it_says_so_instead_of_cutting_for_ever() -> None:
    def never(_part: Part) -> int:
        raise MemoryRanOut("…")

    with pytest.raises(MemoryRanOut):
        list(over([WHOLE], never))


def test_only_what_was_announced_is_answered() -> None:
    frame = town.frame(9)
    (query, plan), *_ = asked = asked_of("reach", frame)
    (other, _), *_ = asked_of("pairs", frame)
    sums = sum_over([WHOLE], lambda _: town.town(20, frame, seed=1), ROOMY, asked)
    assert sums.run(query, plan).values.any()
    with pytest.raises(QueryFailed, match="announced"):
        sums.run(other, plan)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 2**63), max_size=30), st.integers(1, 7), st.data())
def test_each_person_is_in_one_part_whichever_are_cut(keys, parts, data) -> None:
    table = pa.table({"person_key": pa.array(keys, pa.uint64())})
    waiting = [Part(remainder, parts) for remainder in range(parts)]
    for _ in range(data.draw(st.integers(0, 4))):
        waiting += waiting.pop(data.draw(st.integers(0, len(waiting) - 1))).halves()
    found = sorted(key for part in waiting for key in part.of(table)["person_key"].to_pylist())
    assert found == sorted(keys)


def test_the_first_cut_follows_the_memory() -> None:
    assert parts_for(0, ROOMY) == [WHOLE]
    assert len(parts_for(4_000_000, ROOMY)) == 1
    assert len(parts_for(4_000_001, ROOMY)) == 2
    assert len(parts_for(4_000_001, Limits(memory="500MB"))) == 3
