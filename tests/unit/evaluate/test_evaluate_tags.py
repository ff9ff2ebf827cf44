"""Catalogue tags: bounded for each person, shrunk to chance by their noise, and worth something to new shows."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.evaluate.protocol import Terms
from hub.evaluate.tagged import _noise, _table, compare_tags
from hub.evaluate.world import STYLES, Size, World, draw_world
from hub.recommend.attributes import (
    Tagged,
    lifts_of,
    popularity_by_tags,
    scored,
    together,
)

SIZE = Size(items=60, persons=4000, houses=8, tested=400)


@pytest.fixture(scope="module")
def world() -> World:
    return draw_world(SIZE, 1)


def test_every_item_has_a_group_of_each_tag(world: World) -> None:
    places, styles = world.tags
    assert len(places) == len(styles) == 60
    assert styles.max() < STYLES
    assert (places // SIZE.regions == world.discipline).all()


def test_one_person_spreads_at_most_one_unit(world: World) -> None:
    for row in range(200):
        alone = World(world.discipline, world.house, world.known[[row]], world.tested, world.tags)
        table = _table(alone, world.tags[0])
        cells = np.triu(table + table.T - np.diag(table.diagonal()))  # unordered pairs of groups
        assert cells.sum() == pytest.approx(1.0 if (world.known[row] >= 0).sum() > 1 else 0.0)
        assert np.linalg.norm(cells) <= 1 + 1e-9


def test_a_tag_that_is_only_noise_says_chance_and_a_clear_one_what_it_saw() -> None:
    source = np.random.default_rng(1)
    groups, popularity = np.arange(40) % 4, np.full(40, 100.0)
    noise = source.normal(scale=50, size=(4, 4))
    flat = np.full((4, 4), 20.0) + (noise + noise.T) / 2
    assert np.abs(lifts_of(Tagged(groups, flat, 50.0), popularity) - 1).max() < 0.15
    clear = np.full((4, 4), 100.0) + 300 * np.eye(4)
    lifts = lifts_of(Tagged(groups, clear, 0.5), popularity)
    assert (lifts.diagonal() > 2).all()
    assert lifts[0, 1] < 0.8
    assert together([Tagged(groups, clear, 0.5)], popularity)[0, 4] == lifts[0, 0]


def test_values_too_faint_to_tell_apart_say_what_they_say_together() -> None:
    """Ten values of which none stands out alone: people still go back to what they like, whatever it is."""
    groups, popularity = np.arange(100) % 10, np.full(100, 100.0)
    clear = np.full((10, 10), 20.0) + 30 * np.eye(10)
    noisy = clear + _noise(10, 20.0, np.random.default_rng(2))
    lifts, exact = (
        lifts_of(Tagged(groups, table, sigma), popularity)
        for table, sigma in ((noisy, 20.0), (clear, 0.1))
    )
    own = lifts.diagonal()
    assert np.abs(own / exact.diagonal() - 1).max() < 0.3
    assert own.std() < 0.3 * (noisy.diagonal() / clear.diagonal() * exact.diagonal()).std()
    assert np.abs(lifts - exact)[~np.eye(10, dtype=bool)].max() < 0.2


def few_said(seed: int, share: float, noise: float) -> np.ndarray:
    """The lifts of forty shows in ten groups by chance alone, the first of them much visited, through noise."""
    groups, popularity = np.arange(40) % 10, 4000.0 / (1 + np.arange(40))
    chance = np.outer(popularity, popularity)
    np.fill_diagonal(chance, 0.0)
    member = np.eye(10)[groups]
    table = member.T @ chance @ member
    table *= share * 3000 / table.sum()
    table += _noise(10, noise, np.random.default_rng(seed))
    return lifts_of(Tagged(groups, table, noise), popularity)


@pytest.mark.parametrize("seed", range(20))
def test_tags_that_few_shows_say_move_no_list_by_noise(seed: int) -> None:
    """The sum of the table is mostly noise then, and would make of chance ten times chance."""
    assert 0.6 < few_said(seed, 0.06, 7.0).mean() < 1.6
    assert np.array_equal(few_said(seed, 0.0, 7.0), np.ones((10, 10)))


def test_what_nobody_has_seen_says_nothing_and_new_shows_get_their_tags_popularity() -> None:
    groups = np.array([0, 0, 1, 1, 2])
    known, popularity = np.array([1.0, 1, 1, 1, 0]), np.array([90.0, 110, 10, 10, 0])
    tagged = Tagged(groups, np.diag([50.0, 5, 0]), 1.0)
    assert lifts_of(tagged, popularity)[2, 2] == pytest.approx(1.0)
    guess = popularity_by_tags([tagged], popularity, known)
    assert guess[:4].tolist() == [90, 110, 10, 10]
    assert guess[4] == pytest.approx(55.0)  # a group without a known show: the mean
    known[1] = 0
    assert popularity_by_tags([tagged], popularity, known)[1] == pytest.approx(90.0)


def test_scores_add_what_each_visit_says() -> None:
    lifts = np.array([[1.0, 2.0], [2.0, 1.0]])
    scores = scored(np.array([[1.0, 0.0], [0.0, 0.0]]), lifts, np.array([3.0, 5.0]))
    assert scores.tolist() == [[3.0, 10.0], [3.0, 5.0]]


def test_tags_help_where_pairs_are_too_few(world: World) -> None:
    found = {line.level: line for line in compare_tags(world, Terms(draws=2))}
    assert found["3"].exact > found["3"].private > found["3"].popularity
    assert found["house"].exact > found["house"].popularity
    assert found["house"].private > 0.98 * found["house"].popularity  # noise against no noise
    assert found["new"].exact > found["new"].popularity
    with pytest.raises(ValueError, match="no catalogue tags"):
        compare_tags(World(world.discipline, world.house, world.known, world.tested), Terms())


@pytest.mark.long
@pytest.mark.parametrize(
    ("items", "persons", "houses", "kept"), [(200, 3_000, 20, 0.80), (800, 10_000, 40, 0.85)]
)
def test_the_table_of_figures(items: int, persons: int, houses: int, kept: float) -> None:
    """docs/reference/figures.md, « Étiquettes »."""
    lines = compare_tags(draw_world(Size(items, persons, houses), 1), Terms())
    assert lines[0].private / lines[0].best >= kept


def test_the_command_says_it_in_french_and_for_machines() -> None:
    words = ["evaluate", "--items", "30", "--persons", "600", "--houses", "5", "--draws", "1", "--tags"]  # fmt: skip
    assert "neufs" in CliRunner().invoke(app, words, catch_exceptions=False).output
    plain = json.loads(CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False).output)
    assert [line["level"] for line in plain] == ["3", "house", "new"]
