"""Estimates of a cube: canonical, held by their intervals, refused where noise covers them."""

import math
from functools import cache

import numpy as np
import pytest

from hub.cube import estimate as estimate_module
from hub.cube.asked import Asked, asked, parsed
from hub.cube.book import cube_of
from hub.cube.estimate import Book, Estimate, Refusal, estimate
from hub.errors import NoCube
from tests.support.cubes import World
from tests.support.planting import planted


@cache
def world() -> World:
    return World(4000, seed=7, rho_micro=25_000)


@cache
def book() -> Book:
    return Book(cube_of(world().edition()))


def question(draw: np.random.Generator, traits: int) -> Asked:
    sizes = world().design.sizes
    axes = sorted(int(axis) for axis in draw.choice(len(sizes), traits, replace=False))
    chosen = []
    for axis in axes:
        some = int(draw.integers(1, max(2, sizes[axis] // 2) + 1))
        values = sorted(int(value) for value in draw.choice(sizes[axis], some, replace=False))
        chosen.append((axis, tuple(values)))
    return Asked(tuple(chosen))


@cache
def shelf(editions: int) -> list[Book]:
    return [Book(cube_of(world().edition(1 + number))) for number in range(editions)]


def held(editions: int, each: int) -> dict[bool, list[bool]]:
    """Return, for measured and modelled answers, whether the truth lay in the interval."""
    draw, hits = np.random.default_rng(3), {True: [], False: []}
    for own in shelf(editions):
        for number in range(each):
            wanted = question(draw, 1 + number % 4)
            answer = estimate(own, wanted)
            if isinstance(answer, Estimate):
                truth = world().truth(dict(wanted.chosen))
                hits[answer.measured].append(answer.low <= truth <= answer.high)
    return hits


def holds(editions: int, each: int) -> bool:
    """Tell whether intervals cover 95 %, chance aside; answers of one edition lean on each other."""
    hits = held(editions, each)
    slack = 3 * math.sqrt(0.95 * 0.05 / (6 * editions))
    return (
        all(np.mean(own) >= 0.95 - slack for own in hits.values())
        and min(map(len, hits.values())) > 20
    )


def test_intervals_of_estimates_hold() -> None:
    assert holds(4, 32)


@pytest.mark.long
def test_intervals_of_estimates_hold_over_many_editions() -> None:
    hits = held(150, 60)
    assert 0.93 <= np.mean(hits[True]) <= 0.985
    assert np.mean(hits[False]) >= 0.95


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("spread * z / _Z95", "spread * z / _Z95 / 2"),
        ("held[one].low + held[other].low - held[shared].high", "held[one].low"),
        ("high = min(interval.high for", "high = min(interval.value / 3 for"),
    ],
)
def test_a_planted_mistake_in_estimates_is_caught(old: str, new: str) -> None:
    with planted(estimate_module, old, new):
        assert not holds(4, 32)


def test_the_same_people_asked_in_any_words_are_the_same_question() -> None:
    cube = book().cube
    words = ["taste=dance", "age=26-34,18-25"]
    one = asked(cube, parsed(words))
    every = ",".join(cube.traits[5].values)
    other = asked(
        cube, parsed(["age=18-25", f"channel={every}", "age=26-34,26-34", "taste= dance "])
    )
    assert one == other
    assert one.words(cube) == "age=18-25,26-34 taste=dance"
    assert estimate(book(), one) == estimate(Book(cube), other)
    assert asked(cube, parsed(one.words(cube).split())) == one


def test_everybody_is_the_network() -> None:
    answer = estimate(book(), asked(book().cube, {}))
    assert isinstance(answer, Estimate)
    assert answer.people == book().cube.people
    assert answer.asked.words(book().cube) == ""


def test_two_traits_answer_as_the_table_says_and_parts_add_up() -> None:
    cube = book().cube
    ages = [estimate(book(), asked(cube, {"age": [value]})) for value in cube.traits[0].values]
    told = [answer.people for answer in ages if isinstance(answer, Estimate)]
    together = estimate(book(), asked(cube, {"age": cube.traits[0].values[:2]}))
    assert isinstance(together, Estimate)
    if len(told) == len(cube.traits[0].values):
        assert sum(told) == cube.people
        assert sum(told[:2]) == together.people


@pytest.mark.parametrize("words", [["colour=red"], ["age=12"], ["age="], ["age"], ["taste=dance", "home=zz"]])  # fmt: skip
def test_what_the_cube_does_not_know_is_said(words: list[str]) -> None:
    with pytest.raises(NoCube, match="Found"):
        asked(book().cube, parsed(words))


def test_a_cell_under_the_noise_is_refused_with_the_nearest_question() -> None:
    draw, refused = np.random.default_rng(11), []
    while len(refused) < 12:
        answer = estimate(book(), question(draw, 4))
        if isinstance(answer, Refusal):
            refused.append(answer)
    for answer in refused:
        assert answer.cause == "too-few"
        assert answer.nearest is not None
        assert set(answer.nearest.chosen) < set(answer.asked.chosen)
        assert isinstance(estimate(book(), answer.nearest), Estimate)


def test_too_many_traits_are_refused() -> None:
    wanted = Asked(tuple((axis, (0, 1)) for axis in range(8)))
    answer = estimate(book(), wanted)
    assert isinstance(answer, Refusal)
    assert answer.cause == "too-many-traits"
    assert answer.nearest is not None


def test_a_model_stays_within_what_the_tables_allow() -> None:
    draw, seen = np.random.default_rng(5), 0
    while seen < 15:
        wanted = question(draw, 4)
        answer = estimate(book(), wanted)
        if isinstance(answer, Estimate):
            seen += 1
            assert not answer.measured
            assert 0 <= answer.low <= answer.people <= answer.high <= book().cube.people * 1.2
