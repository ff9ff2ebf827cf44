"""Noisy tables agree by least squares, whole figures add up, and the cube's file follows from the edition."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.cube import fit as fit_module
from hub.cube.book import cube_of, problems
from hub.cube.design import Axis, Design, crossed, design_of
from hub.cube.fit import agreement, fit
from hub.cube.whole import margins, meeting, pairs
from hub.errors import NoCube
from hub.web.english import ENGLISH
from hub.web.french import FRENCH
from hub.web.labels import Labels
from tests.support import sample_edition
from tests.support.cubes import World
from tests.support.planting import planted

SMALL = crossed(
    [Axis("a", ("x", "y")), Axis("b", ("p", "q", "r")), Axis("c", ("1", "2", "3", "4"))],
    [("c", "a", "b")],
)


def by_the_book(design: Design, tables, spreads, axes):
    """Return least squares over the whole joint, and its covariance, for the table of some traits."""
    joint = list(product(*(range(size) for size in design.sizes)))
    rows, values, weights = [], [], []
    for crossing, table, spread in zip(design.crossings, tables, spreads, strict=True):
        for cell in np.ndindex(table.shape):
            rows.append([float(tuple(j[a] for a in crossing) == cell) for j in joint])
            values.append(table[cell])
            weights.append(1 / spread)
    scaled = np.array(rows) * np.array(weights)[:, None]
    inverse = np.linalg.pinv(scaled)
    cells = list(np.ndindex(design.shape(axes)))
    read = np.array([[float(tuple(j[a] for a in axes) == cell) for j in joint] for cell in cells])
    solved = read @ inverse
    return solved @ (np.array(values) * np.array(weights)), solved @ solved.T


def noisy(design: Design, seed: int):
    draw = np.random.default_rng(seed)
    spreads = [float(s) for s in draw.uniform(1, 9, len(design.crossings))]
    tables = [draw.normal(30, 20, design.shape(c)) for c in design.crossings]
    return tables, spreads


def agrees() -> bool:
    tables, spreads = noisy(SMALL, 3)
    fitted = fit(SMALL, tables, spreads)
    for axes in [(), (0,), (2,), (0, 1), (1, 2), (0, 1, 2)]:
        values, covariance = by_the_book(SMALL, tables, spreads, axes)
        one = dict.fromkeys(axes, 1)
        if not np.allclose(fitted.table(axes).ravel(), values):
            return False
        if not np.allclose(fitted.variance(one), covariance[0, 0]):
            return False
    values, covariance = by_the_book(SMALL, tables, spreads, (0, 2))
    block = np.array([1, 1, 1, 0, 0, 0, 0, 0.0])  # one value of a, three of c
    return bool(np.isclose(fitted.variance({0: 1, 2: 3}), block @ covariance @ block))


def test_the_agreement_is_least_squares_and_its_variance_is_known() -> None:
    assert agrees()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("some - some**2 / size", "some"),
        ("outside *= (some / size) ** 2", "outside *= some / size"),
        ("precision = 1.0 / (spread**2 * gathered)", "precision = 1.0 / spread**2"),
        ("precision = 1.0 / (spread**2 * gathered)", "precision = 1.0 / (spread * gathered)"),
        ("table - table.mean(axis=axis, keepdims=True)", "table - table.mean()"),
        ("/ over\n", "\n"),
    ],
)
def test_a_planted_mistake_in_the_agreement_is_caught(old: str, new: str) -> None:
    with planted(fit_module, old, new):
        assert not agrees()


def test_tables_agree_on_what_they_share() -> None:
    tables, spreads = noisy(SMALL, 4)
    fitted = fit(SMALL, tables, spreads)
    three = fitted.table((0, 1, 2))
    assert np.allclose(three.sum(axis=2), fitted.table((0, 1)))
    assert np.allclose(fitted.table((0, 1)).sum(axis=0), fitted.table((1,)))
    assert np.allclose(fitted.table((1, 2)).sum(), fitted.table(()))
    pair = Design(SMALL.axes, ((0, 1),))
    with pytest.raises(KeyError):
        fit(pair, tables[:1], spreads[:1]).table((0, 2))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 5000), st.sampled_from([1.0, 40.0, 4000.0]))
def test_whole_figures_add_up_whatever_the_noise(seed: int, total: int, spread: float) -> None:
    draw = np.random.default_rng(seed)
    counts = draw.normal(total / 20, spread, sum(np.prod(SMALL.shape(c)) for c in SMALL.crossings))
    fitted = agreement(SMALL, counts, spread)
    known = {"a": np.array([total, 0])} if seed % 2 else {}
    ones = margins(fitted, total, known)
    found = pairs(fitted, ones)
    assert list(found) == [(0, 1), (0, 2), (1, 2)]
    assert all(int(one.sum()) == total for one in ones)
    for (a, b), table in found.items():
        assert (table >= 0).all()
        assert table.sum(axis=1).tolist() == ones[a].tolist()
        assert table.sum(axis=0).tolist() == ones[b].tolist()


def test_without_noise_whole_figures_are_the_counts() -> None:
    counts = np.random.default_rng(1).integers(0, 50, (6, 4))
    assert (meeting(counts.astype(float), counts.sum(axis=1), counts.sum(axis=0)) == counts).all()
    with pytest.raises(ValueError, match="same people"):
        meeting(counts.astype(float), counts.sum(axis=1) + 1, counts.sum(axis=0))


def test_a_design_is_read_back_from_its_keys() -> None:
    assert design_of(SMALL.keys()) == SMALL
    keys = list(SMALL.keys())
    for wrong in (keys[1:], [*keys, ("d=1", "a=x")], [("ax", "b=p")], [("a=x",)], []):
        with pytest.raises(ValueError, match=r"."):
            design_of(wrong)


def test_every_person_weighs_the_same() -> None:
    assert SMALL.l2_squared == 3 * 1000**2 + 1400**2
    assert sum(1 for _ in combinations(range(3), 2)) == 3


def test_the_file_follows_from_the_edition_and_nothing_else_does() -> None:
    published = World(300, seed=2, rho_micro=40_000).edition()
    cube = cube_of(published)
    assert problems(cube, published) == []
    first = cube.crossings[0]
    near = first.model_copy(
        update={"found_milli": [first.found_milli[0] + 1, *first.found_milli[1:]]}
    )
    far = first.model_copy(
        update={"found_milli": [first.found_milli[0] + 2, *first.found_milli[1:]]}
    )
    assert (
        problems(cube.model_copy(update={"crossings": [near, *cube.crossings[1:]]}), published)
        == []
    )
    wrong = cube.model_copy(update={"crossings": [far, *cube.crossings[1:]], "network": "autre"})
    assert len(problems(wrong, published)) == 2
    assert problems(cube, sample_edition.published())
    with pytest.raises(NoCube, match="measure cube"):
        cube_of(sample_edition.published())


def test_a_trait_is_told_in_words_in_both_languages() -> None:
    charter = sample_edition.charter().charter
    french, english = Labels(charter, FRENCH), Labels(charter, ENGLISH)
    assert french.key("age=18-25", "trait_a") == "Âge\u00a0: 18-25 ans"
    assert english.key("age=18-25", "trait_b") == "Age: aged 18–25"
    assert french.key("home=44", "trait_a").endswith("(44)")
    assert french.key("taste=several", "trait_a") == "Goût\u00a0: plusieurs disciplines"
    assert " + " in french.key("+".join(sample_edition.PLACES[:2]), "set")
