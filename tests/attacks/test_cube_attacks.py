"""Made-up people tell of a real one no more than the cube was paid for; a hub that cheats is seen to."""

import math
from functools import cache
from statistics import NormalDist

import numpy as np
import pytest

from contracts.cube import Crossing, Cube, Doubt, Trait
from hub.cube.design import Axis, Design, crossed
from hub.cube.estimate import Book
from hub.cube.fit import agreement
from hub.cube.synthetic import crowd
from hub.cube.whole import margins, pairs

DESIGN: Design = crossed([Axis(name, ("0", "1", "2")) for name in "abcd"], [("a", "b", "c")])
CANARY = np.array([2, 2, 2, 2])
RHO = 0.3
GAMES = 400


def others() -> np.ndarray:
    """Return forty people, none of whom is like the canary."""
    return np.random.default_rng(1).integers(0, 2, (40, 4))


def cells_of(people: np.ndarray) -> np.ndarray:
    """Return the exact weighed cells, as the measure's query gives them."""
    found = []
    for crossing, weight in zip(DESIGN.crossings, DESIGN.weights, strict=True):
        table = np.zeros(DESIGN.shape(crossing))
        np.add.at(table, tuple(people[:, axis] for axis in crossing), weight / 1000)
        found.append(table.ravel())
    return np.concatenate(found)


def book_of(counts: np.ndarray, spread: float) -> Book:
    """Return the cube of noisy cells."""
    fitted = agreement(DESIGN, counts, spread)
    total = max(2, round(float(fitted.table(()))))
    ones = margins(fitted, total, {})
    whole = pairs(fitted, ones)
    cube = Cube(
        network="n", edition="e", edition_sha256="0" * 64, charter_sha256="0" * 64, rho_micro=1,
        people=total,
        traits=[Trait(trait=a.name, values=list(a.values)) for a in DESIGN.axes],
        crossings=[
            Crossing(
                traits=list(c),
                counts=whole[c].ravel().tolist() if c in whole else [],
                found_milli=[round(1000 * v) for v in fitted.table(c).ravel()],
            )
            for c in DESIGN.crossings
        ],
        doubts=[Doubt(traits=list(s), variance_micro=round(1e6 * p.variance)) for s, p in fitted.parts.items()],
    )  # fmt: skip
    return Book(cube)


@cache
def scores(cheat: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what each of several attackers sees in games without and with the canary.

    Args:
        cheat: how many times the noise is weaker than what is paid.
    """
    draw = np.random.default_rng(7)
    spread = math.sqrt(DESIGN.l2_squared / 1e6 / (2 * RHO)) / cheat
    seen = ([], [])
    for inside, own in enumerate(seen):
        people = np.vstack([others(), CANARY]) if inside else others()
        exact = cells_of(people)
        for game in range(GAMES):
            book = book_of(exact + draw.normal(0, spread, len(exact)), spread)
            made = crowd(book, book.cube.people, game).people
            like = (made == CANARY).sum(axis=1)
            own.append((len(made), (like == 4).sum(), (like >= 3).sum(), (like >= 2).sum(), like.sum()))  # fmt: skip
    return np.array(seen[0]), np.array(seen[1])


def advantage(cheat: float) -> float:
    """Return the best true-positive less false-positive rate over attackers and thresholds."""
    without, with_her = scores(cheat)
    best = 0.0
    for attacker in range(without.shape[1]):
        for level in np.unique(np.concatenate([without[:, attacker], with_her[:, attacker]])):
            gained = (with_her[:, attacker] >= level).mean() - (
                without[:, attacker] >= level
            ).mean()
            best = max(best, float(gained))
    return best


def allowed() -> float:
    """Return the largest advantage that rho allows (Gaussian mechanism), and room for chance."""
    paid = 2 * NormalDist().cdf(math.sqrt(2 * RHO) / 2) - 1
    return paid + 3.5 * math.sqrt(0.5 / GAMES)


@pytest.mark.long
def test_who_reads_made_up_people_learns_no_more_than_was_paid() -> None:
    assert advantage(1.0) <= allowed()


@pytest.mark.long
def test_the_same_attackers_win_where_the_noise_is_too_weak() -> None:
    assert advantage(16.0) > allowed()


def test_one_more_person_moves_the_exact_cells_by_what_is_claimed() -> None:
    moved = cells_of(np.vstack([others(), CANARY])) - cells_of(others())
    assert (moved**2).sum() == pytest.approx(DESIGN.l2_squared / 1e6)
