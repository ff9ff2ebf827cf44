"""Weights keep everybody's norm under the room, and cost nobody more than they must."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.privacy.bound import Clip, pairs_of, weight_of


@given(st.integers(1, 5000), st.integers(1, 3000))
def test_a_norm_never_exceeds_the_room_and_one_more_thousandth_would(cells, room) -> None:
    weight = weight_of(cells, room)
    assert cells * weight**2 <= room * 1000**2
    assert weight == 1000 or cells * (weight + 1) ** 2 > room * 1000**2


@given(st.integers(1, 64), st.integers(1, 32), st.booleans())
def test_the_tables_of_a_clip_bound_what_weighing_takes(room, places, beyond) -> None:
    clip = Clip(room, tuple(pairs_of(n) for n in range(1, places + 1)), beyond, most_missing=40)
    assert max(n * w * w for n, w in zip(clip.cells, clip.weights, strict=True)) <= (
        clip.l2_squared if clip.cells[-1] else 0
    )
    for index, weight in enumerate(clip.weights):
        assert clip.slack[index] == 1000 - weight
        assert 0 <= clip.missing[index] <= 40_000
    assert clip.slack[-1] == (1000 if beyond else clip.slack[-2])


@pytest.mark.parametrize(("room", "clips"), [(3, True), (12, False), (20, False)])
def test_nobody_is_clipped_where_there_is_room_for_all(room, clips) -> None:
    assert Clip(room, tuple(range(1, 13)), beyond=False).clips is clips


def test_places_that_are_not_read_take_a_whole_person() -> None:
    clip = Clip(40, tuple(range(1, 33)), beyond=True)
    assert clip.slack[-1] == 1000
    assert clip.slack[:-1] == (0,) * 32
