"""The cube (Q31 and audiences): eight traits of people, crossed two by two and some by three, in one release.

Question: combien de personnes du réseau ont à la fois tels traits (âge, distance, domicile, goût,
fidélité, canal, délai, lieu habituel) ? / How many people of the network have such traits together (age,
distance, home, taste, loyalty, channel, lead, usual place)?

Keys: every two traits and four threes, each a full table of public values (``hub.measures.profile``).

Bounds and sensitivity, add or remove one person_key with all her rows: ``profile`` gives her exactly one
value of each trait, from her own rows alone; so she is in exactly one cell of each of the p pairs and t
threes of the design, with weight 1000 in a pair and 1400 in a three, whatever she does and whoever else
is there.
- ``cube-cell``: squared norm p·1000² + t·1400², the same for everybody. When one season of hers leaves and
  the other stays, her term becomes another of the same norm: ``seasons.for_one_season`` doubles the square.

Noise: discrete Gaussian, the whole rho on one vector. Everything else is post-processing: tables are made
to agree by weighted least squares (``hub.cube.fit``), intervals are those of that estimate, figures are
whole numbers that add up (``hub.cube.whole``), to the reach and the ladder too where the edition has them.

Estimand: distinct linked persons with consent to statistics, each counted once, uncapped.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.cube.design import Axes, Design, crossed
from hub.cube.fit import Fit, agreement
from hub.cube.whole import margins, pairs
from hub.measures import cube_words as words
from hub.measures.base import Query
from hub.measures.frame import Frame
from hub.measures.ladder import rung_counts
from hub.measures.profile import profile, traits
from hub.measures.reach import network_reach
from hub.measures.tables import Row, holding, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.consistency import Integers, whole_number
from hub.privacy.intervals import amounts, around, sigma
from hub.privacy.values import Noised, VectorPlan

THREES: Final = (
    ("age", "distance", "taste"),
    ("age", "taste", "loyalty"),
    ("distance", "taste", "loyalty"),
    ("distance", "taste", "house"),
)
"""What partners ask for most: who, how far, fond of what, how often, and of which house."""


def design(frame: Frame) -> Design:
    """Return what the cube crosses in this network."""
    axes = traits(frame)
    names = {axis.name for axis in axes}
    return crossed(axes, (three for three in THREES if names.issuperset(three)))


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure."""
    cube = design(frame)
    return (
        VectorPlan("cube-cell", tuple(cube.keys()), UNIT_MILLI, cube.l2_squared, spec.rho_micro),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query: the position of a person in each crossing."""
    del plan
    cube = design(frame)
    cells = ", ".join(
        f"{start} + {_position(cube, crossing)}"
        for crossing, start in zip(cube.crossings, cube.offsets, strict=True)
    )
    text = (
        f"SELECT person_key, unnest([{cells}])::INTEGER AS cell, unnest($weights) AS weight"  # noqa: S608
        " FROM cube_profile"
    )
    return (Query("cube-cell", text, {"weights": list(cube.weights)}, (profile(frame),)),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the people by value of each trait, and of each two traits."""
    cells, cube = noised["cube-cell"], design(frame)
    fitted = agreement(cube, amounts(cells), sigma(cells))
    total, known = _known(noised, fitted)
    ones = margins(fitted, total, known)
    alone = [
        write(words.trait(axis.name), _trait_rows(fitted, place, ones[place]))
        for place, axis in enumerate(cube.axes)
    ]
    return (*alone, write(words.PAIRS, _pair_rows(fitted, ones)))


def _position(cube: Design, crossing: Axes) -> str:
    text = cube.axes[crossing[0]].name
    for axis in crossing[1:]:
        text = f"({text}) * {cube.sizes[axis]} + {cube.axes[axis].name}"
    return text


def _known(noised: Mapping[str, Noised], fitted: Fit) -> tuple[int, dict[str, Integers]]:
    """Return the people in all, and what the ladder says of them, where the edition tells."""
    if "ladder-rungs" in noised:
        rungs = rung_counts(noised)
        return int(rungs.sum()), {"loyalty": rungs}
    if "reach-spread" in noised:
        return int(network_reach(noised).value), {}
    return whole_number(float(fitted.table(()))), {}


def _trait_rows(fitted: Fit, axis: int, counts: Integers) -> Iterator[Row]:
    spread = fitted.variance({axis: 1}) ** 0.5
    told = zip(fitted.design.axes[axis].values, counts, fitted.table((axis,)).tolist(), strict=True)
    for value, count, noisy in told:
        yield (value,), holding(float(count), around(noisy, spread))


def _pair_rows(fitted: Fit, ones: tuple[Integers, ...]) -> Iterator[Row]:
    cube, counts = fitted.design, pairs(fitted, ones)
    for a, b in combinations(range(len(cube.axes)), 2):
        spread, noisy = fitted.variance({a: 1, b: 1}) ** 0.5, fitted.table((a, b))
        for i, one in enumerate(cube.named(a)):
            for j, other in enumerate(cube.named(b)):
                found = around(float(noisy[i, j]), spread)
                yield (one, other), holding(float(counts[a, b][i, j]), found)
