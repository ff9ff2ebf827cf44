"""Scores follow the model's words; the dial, the gauges and the shares do what they say."""

from dataclasses import replace

import numpy as np
import pytest

from contracts.model import Model
from hub.recommend.bundle import model_of
from tests.support.model_world import (
    Tastes,
    charter_of,
    kinds_of,
    only_noise,
    published,
    scores_of,
)
from venue_agent.recommend.dial import Lists, choose, habits, small
from venue_agent.recommend.gauges import gauges, most_relevant
from venue_agent.recommend.scores import People, Scorer, shares

COUNT = 40
CHARTER = charter_of(kinds_of(COUNT))
MODEL = model_of(published(CHARTER, Tastes().observed(sigma=60.0)), CHARTER)
NOISE = model_of(published(CHARTER, only_noise(COUNT, 900.0, 50.0, 1)), CHARTER)


def people(*mixes: tuple[float, ...], own: int = 0, model: Model = MODEL) -> People:
    seen = np.zeros((len(mixes), len(model.items)), dtype=bool)
    seen[:, own] = True
    visits = np.array([0 if not any(mix) else 3 for mix in mixes])
    return People(np.array(mixes, dtype=float), seen, visits)


def test_the_model_orders_kinds_as_the_public_list_does() -> None:
    assert [str(kind) for kind in MODEL.disciplines] == ["theatre", "dance"]


def test_a_persons_scores_are_those_that_the_contract_says() -> None:
    scores = Scorer(MODEL).scores(people((1.0, 0.0)))[0]
    expected = np.maximum(scores_of(MODEL, [0]), 0.0)
    assert scores[0] == -np.inf
    assert np.allclose(scores[1:], expected[1:], rtol=1e-9, atol=2e-6)


def test_her_own_mix_moves_her_scores_towards_her_disciplines() -> None:
    theatre, dance = Scorer(MODEL).scores(people((1.0, 0.0), (0.0, 1.0)))
    odd = np.arange(COUNT) % 2 == 1
    assert (dance[odd] > theatre[odd]).all()
    assert (dance[~odd][1:] < theatre[~odd][1:]).all()


def test_without_a_visit_or_without_a_signal_it_is_popularity() -> None:
    nobody = Scorer(MODEL).scores(people((0.0, 0.0)))[0]
    assert np.argsort(-nobody)[:5].tolist() == [1, 2, 3, 4, 5]
    noise = Scorer(NOISE).scores(people((1.0, 0.0), own=3))[0]
    order = np.argsort(-np.array(NOISE.popularity_milli), kind="stable")
    assert np.argsort(-noise, kind="stable")[:10].tolist() == [j for j in order if j != 3][:10]


def test_what_she_knows_is_never_told() -> None:
    who = people((1.0, 0.0), (0.5, 0.5))
    seen = who.seen.copy()
    seen[:, :35] = True
    lists = choose(Scorer(MODEL), replace(who, seen=seen), 60, 10)
    assert (lists.items[:, :5] >= 35).all()
    assert (lists.items[:, 5:] == -1).all()
    assert not lists.told[:, 5:].any()
    assert all(len(set(row[:5])) == 5 for row in lists.items.tolist())


def test_habits_are_a_fifth_of_her_visits_and_the_first_always() -> None:
    found = habits(people((0.79, 0.21), (0.85, 0.15), (0.0, 0.0)))
    assert found.tolist() == [[True, True], [True, False], [False, False]]


def test_at_a_hundred_every_discipline_weighs_alike() -> None:
    scorer, who = Scorer(MODEL), people((1.0, 0.0))
    shares_by_dial = [choose(scorer, who, at, 4).discovery.sum() for at in (0, 25, 50, 75, 100)]
    assert shares_by_dial == sorted(shares_by_dial)
    assert shares_by_dial[-1] == 2
    with pytest.raises(ValueError, match="0 to 100"):
        choose(scorer, who, 101, 4)


def test_the_dial_gives_small_houses_more() -> None:
    scorer, who = Scorer(MODEL), people(*[(1.0, 0.0)] * 3)
    told = [small(scorer)[choose(scorer, who, at, 5).items].mean() for at in (0, 100)]
    assert told[0] == 0.0
    assert told[1] >= 0.3
    assert small(scorer).sum() == COUNT // 2


def test_shares_rank_the_focused_above_the_eager() -> None:
    scores = np.array([[8.0, 8.0, -np.inf], [3.0, 1.0, -np.inf], [-np.inf] * 3])
    assert shares(scores).tolist() == [[0.5, 0.5, 0.0], [0.75, 0.25, 0.0], [0.0, 0.0, 0.0]]


def test_gauges_of_lists_that_one_can_count() -> None:
    scorer = Scorer(MODEL)
    items = np.array([[1, 2], [1, 39], [1, -1]])
    lists = Lists(items, np.array([[1.0, 0.5], [1.0, 0.25], [1.0, 0.0]]),
                  np.array([[True, False], [True, False], [True, False]]))  # fmt: skip
    best = Lists(items, np.array([[1.0, 1.0], [1.0, 0.5], [1.0, 0.5]]), lists.discovery)
    found = gauges(scorer, lists, best, np.arange(COUNT, dtype=float))
    assert (found.people, found.told) == (3, 5)
    assert found.relevance == pytest.approx(3.75 / 5)
    assert found.discoveries == pytest.approx(3 / 5)
    assert found.variety == pytest.approx(1 / 2)  # 1 dance, 2 theatre; 1 and 39 both dance
    assert found.coverage == pytest.approx(3 / COUNT)
    assert found.small_houses == pytest.approx(1 / 5)
    assert found.added_km == pytest.approx((1 + 2 + 1 + 39 + 1) / 5)
    assert 0.9 < found.gini < 1
    assert set(found.plain()) >= {"relevance", "gini", "added_km"}


def test_gauges_of_nothing_are_noughts() -> None:
    scorer, none = Scorer(MODEL), np.full((2, 3), -1)
    empty = Lists(none, np.zeros((2, 3)), np.zeros((2, 3), dtype=bool))
    found = gauges(scorer, empty, empty, np.zeros(COUNT))
    assert (found.told, found.relevance, found.gini, found.variety) == (0, 0.0, 0.0, 0.0)


def test_the_best_lists_are_as_relevant_as_can_be() -> None:
    scorer, who = Scorer(MODEL), people((1.0, 0.0), (0.2, 0.8))
    best = most_relevant(scorer.scores(who), 5)
    for openness in (0, 50, 100):
        lists = choose(scorer, who, openness, 5)
        assert lists.relevance.sum() <= best.relevance.sum() + 1e-9


def test_people_of_one_kind_are_scored_once() -> None:
    mixes = [(1.0, 0.0), (0.5, 0.5), (1.0, 0.0), (0.0, 0.0), (0.5, 0.5)]
    who = people(*mixes)
    first, kind = who.distinct()
    assert len(first) == 3
    assert [mixes[first[k]] for k in kind] == mixes
    scorer = Scorer(MODEL)
    one, by_kind = choose(scorer, who, 40, 5), choose(scorer, who.part(first), 40, 5).of(kind)
    assert np.array_equal(one.items, by_kind.items)
    assert np.allclose(one.relevance, by_kind.relevance)
