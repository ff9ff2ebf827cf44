"""The best items of many people: the same by sorting, block by block, and by the compiled loop."""

from dataclasses import replace

import numpy as np
import pytest

from hub.recommend.bundle import model_of
from tests.support.model_world import Tastes, charter_of, kinds_of, published
from venue_agent.recommend import tops as topping
from venue_agent.recommend.gauges import most_relevant
from venue_agent.recommend.people import People
from venue_agent.recommend.ranks import best_of, keys_of, value_of
from venue_agent.recommend.scores import Scorer

COUNT = 40
CHARTER = charter_of(kinds_of(COUNT))
SCORER = Scorer(model_of(published(CHARTER, Tastes().observed(sigma=60.0)), CHARTER))


def crowd(count: int, seed: int = 1) -> People:
    """People who know nought to five places, some of whom were told of others lately, some without a visit."""
    source = np.random.default_rng(seed)
    seen = source.random((count, COUNT)) < source.random((count, 1)) * 0.12
    mix = source.dirichlet([1.0, 1.0], count).round(1)
    visits = source.integers(0, 4, count)
    told = np.where(source.random((count, 3)) < 0.3, source.integers(0, COUNT, (count, 3)), -1)
    return People(mix * (visits > 0)[:, None], seen, visits, told)


def test_the_best_are_those_of_a_whole_sort_ties_in_the_items_order() -> None:
    source = np.random.default_rng(3)
    values = source.integers(0, 9, (500, 33)) / 7.0
    values[source.random(values.shape) < 0.2] = -np.inf
    for length in (1, 5, 33, 50):
        slow = np.argsort(-values, axis=1, kind="stable")[:, :length]
        assert np.array_equal(best_of(values, length), slow)
        kept = value_of(keys_of(values, length))
        assert np.allclose(kept, np.take_along_axis(values, slow, 1), rtol=1e-12, atol=0)


def test_blocks_say_what_the_whole_table_says() -> None:
    people = crowd(3000)
    whole, blocks = most_relevant(SCORER.scores(people), 10), topping.tops(SCORER, people, 10)
    assert np.array_equal(blocks.items, whole.items)
    assert np.array_equal(blocks.relevance, whole.relevance)
    hidden = np.take_along_axis(people.closed, np.maximum(blocks.items, 0), 1) & blocks.told
    assert not hidden.any()


def test_the_compiled_loop_writes_the_same_lists() -> None:
    pytest.importorskip("numba")
    people = crowd(3000)
    blocks = topping.tops_by_blocks(SCORER, people, 10)
    compiled = topping.tops_compiled(SCORER, people, 10)
    assert np.array_equal(compiled.items, blocks.items)
    assert np.allclose(compiled.relevance, blocks.relevance, rtol=1e-9)
    assert np.array_equal(topping.tops_compiled(SCORER, people, 60).told.sum(axis=1), COUNT - people.closed.sum(axis=1))  # fmt: skip


def test_the_compiled_loop_keeps_what_single_precision_cannot_tell_apart() -> None:
    """Where all scores are the same to seven digits, or nought, the order is that of double precision."""
    pytest.importorskip("numba")
    source = np.random.default_rng(5)
    close = 1.0 + source.integers(0, 9, (COUNT, COUNT)) * 1e-7
    for weights in (close, np.zeros((COUNT, COUNT)), -close, np.full((COUNT, COUNT), 3.0)):
        scorer = Scorer(SCORER.model)
        scorer.__dict__["weights"] = weights.astype(np.float32)
        people = crowd(300, seed=2)
        blocks = topping.tops_by_blocks(scorer, people, 7)
        assert np.array_equal(topping.tops_compiled(scorer, people, 7).items, blocks.items)


def test_the_compiled_loop_leaves_nobody_out_whatever_she_knows_or_draws() -> None:
    """Who has seen everything, all but one, more than two bytes hold, nothing; whom no discipline draws; ties."""
    pytest.importorskip("numba")
    source = np.random.default_rng(7)
    known = np.repeat([0, 1, topping.MOST, topping.MOST + 1, COUNT - 1, COUNT], 50)
    seen = source.random((300, COUNT)).argsort(axis=1) < known[:, None]
    mix = np.where(source.random((300, 1)) < 0.2, 0.0, source.dirichlet([1.0, 1.0], 300))
    people = People(mix, seen, source.integers(0, 2, 300), np.full((300, 1), 3))
    tied = source.integers(0, 3, (COUNT, COUNT)).astype(np.float32)
    for weights in (SCORER.weights, tied, np.where(tied > 1, tied, -tied)):
        scorer = Scorer(SCORER.model)
        scorer.__dict__["weights"] = weights
        for length in (1, 10, 32, 33, 60):
            blocks = topping.tops_by_blocks(scorer, people, length)
            compiled = topping.tops_compiled(scorer, people, length)
            assert np.array_equal(compiled.items, blocks.items)
            assert np.allclose(compiled.relevance, blocks.relevance, rtol=1e-9)
    assert not topping.tops_compiled(SCORER, people.part(slice(250, 300)), 5).told.any()
    assert not len(topping.tops_compiled(SCORER, people.part(slice(0, 0)), 5).items)


@pytest.mark.parametrize("confused", [False, True])
def test_people_alike_get_the_same_lists_and_nobody_else_does(
    confused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the hash says the same of everybody: who is found there is compared whole."""
    pytest.importorskip("numba")
    if confused:
        monkeypatch.setattr("venue_agent.recommend.people._ODD", 0)
    some = crowd(150)
    for people in (some, replace(some, told=None), some.part(np.arange(150)).listed()):
        crowded = people.part(np.random.default_rng(8).integers(0, 150, 2000))
        blocks = topping.tops_by_blocks(SCORER, crowded, 10)
        compiled = topping.tops_compiled(SCORER, crowded, 10)
        assert np.array_equal(compiled.items, blocks.items)
        assert np.allclose(compiled.relevance, blocks.relevance, rtol=1e-9)


def test_people_who_know_one_place_all_of_them_are_listed_by_the_compiled_loop_too() -> None:
    pytest.importorskip("numba")
    plain = crowd(300)
    people = replace(plain, seen=np.broadcast_to(plain.seen[:1], plain.seen.shape))
    assert np.array_equal(
        topping.tops_compiled(SCORER, people, 5).items,
        topping.tops_by_blocks(SCORER, people, 5).items,
    )


def test_places_listed_once_are_those_of_the_flags() -> None:
    people = crowd(500)
    listed = people.listed()
    assert listed.places is not None
    for part in (slice(100, 300), np.array([7, 3, 3])):
        for a, b in zip(SCORER.known(people.part(part)), SCORER.known(listed.part(part)), strict=True):  # fmt: skip
            assert np.array_equal(a, b)
    assert np.array_equal(topping.tops(SCORER, listed, 9).items, topping.tops(SCORER, people, 9).items)  # fmt: skip
    assert people.part(slice(0, 0)).listed().places is not None
    everything = People(people.mix, np.ones_like(people.seen), people.visits)
    assert everything.listed() is everything


def test_it_is_compiled_for_many_people_where_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    ways: list[str] = []
    monkeypatch.setattr(topping, "WORTH_COMPILING", 100)
    monkeypatch.setattr(topping, "tops_compiled", lambda *_: ways.append("compiled"))
    monkeypatch.setattr(topping, "tops_by_blocks", lambda *_: ways.append("blocks"))
    for count, can in ((99, True), (100, True), (100, False)):
        monkeypatch.setattr(topping, "can_compile", lambda can=can: can)
        topping.tops(SCORER, crowd(count), 3)
    assert ways == ["blocks", "compiled", "blocks"]


def test_kinds_are_those_of_a_whole_comparison() -> None:
    people = crowd(4000)
    first, kind = people.distinct()
    told = np.sort(np.where(people.told is None, -1, people.told), axis=1)
    whole = np.column_stack([people.mix, people.seen, people.visits > 0, told])
    assert len(first) == len(np.unique(whole, axis=0))
    assert np.array_equal(whole[first][kind], whole)
    assert (np.diff(first) > 0).all()


def test_two_kinds_that_one_hash_confuses_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venue_agent.recommend.people._ODD", 0)  # everything hashes to nought
    people = crowd(300)
    first, kind = people.distinct()
    assert np.array_equal(people.seen[first][kind], people.seen)
    assert np.array_equal(people.mix[first][kind], people.mix)


def test_places_that_stand_at_the_end_of_a_word_do_not_confuse_the_hash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Comparing everybody whole takes ten times as long: it is for a hash that truly fails."""
    monkeypatch.setattr("venue_agent.recommend.people._in_order", lambda *_: pytest.fail("slow"))
    seen = np.repeat(np.eye(200, dtype=bool), 2, axis=0)
    mix = np.tile([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]], (200, 1))
    first, kind = People(mix, seen, np.full(400, 3)).distinct()
    assert first.tolist() == kind.tolist() == list(range(400))


def test_one_row_for_everybody_stays_one_row() -> None:
    plain = crowd(50)
    here = np.zeros(COUNT, dtype=bool)
    here[3] = True
    people = People(plain.mix, np.broadcast_to(here, (50, COUNT)), plain.visits)
    dense = People(plain.mix, people.seen.copy(), plain.visits)
    part = people.part(np.arange(0, 50, 2))
    assert part.seen.strides[0] == 0
    assert part.seen.shape == (25, COUNT)
    for a, b in zip(people.distinct(), dense.distinct(), strict=True):
        assert np.array_equal(a, b)
    assert np.array_equal(SCORER.scores(people), SCORER.scores(dense))
