"""hub audit: loud for each mistake that privacy systems make in the wild."""

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from hub import cli, publish
from hub.audit import checks, fresh
from hub.audit.crowd import crowd
from hub.audit.draws import drawn
from hub.audit.run import exact_everywhere
from hub.audit.shapes import SHAPES
from hub.audit.stage import stage
from hub.audit.statistic import apart, rarest
from hub.audit.worlds import gaps, neighbours, world
from hub.errors import SensitivityBroken
from hub.measures import clipped, flows, laws, pairs, provenance, provenance_epci, reach
from hub.privacy import bound
from hub.privacy import noise as noise_module
from hub.vault import view as frozen_view
from tests.support.planting import planted
from tests.support.seeded_noise import seeded_noise

BY_NAME = {shape.name: shape for shape in SHAPES}
Mistake = Callable[[pytest.MonkeyPatch], AbstractContextManager[None]]


def test_there_are_shapes_enough_and_in_most_one_person_of_the_map_leaves() -> None:
    assert len(SHAPES) >= 8
    assert {"bridge", "guard"} == {shape.name for shape in SHAPES if shape.moves > 1}


def test_data_is_refused(tmp_path) -> None:
    told = CliRunner().invoke(cli.app, ["audit", "--data", str(tmp_path)])
    assert type(told.exception).__name__ == "RealDataRefused"
    assert "makes up" in str(told.exception)


# --- mistakes in what one person adds: caught on exact vectors, without a draw --------------------------------


def each_of(mistakes: dict[str, Mistake], *quick: str) -> list[Any]:
    """All of them; those that are not named wait for the long run."""
    long = pytest.mark.long
    return [
        pytest.param(mistake, id=name, marks=[] if name in quick else [long])
        for name, mistake in mistakes.items()
    ]


@contextmanager
def swapped(patch: pytest.MonkeyPatch, module: object, name: str, value: object) -> Iterator[None]:
    with patch.context() as context:
        context.setattr(module, name, value)
        yield


def sql(module: object, name: str, old: str, new: str) -> Mistake:
    text = getattr(module, name)
    assert old in text
    return lambda patch: swapped(patch, module, name, text.replace(old, new))


def asked(module, old: str, new: str) -> Mistake:
    """Another text of the measure's first query."""
    honest = module.queries

    def queries(*known):
        first, *others = honest(*known)
        assert old in first.contributions
        changed = first.contributions.replace(old, new)
        return replace(first, contributions=changed), *others

    return lambda patch: swapped(patch, module, "queries", queries)


def code(module, old: str, new: str) -> Mistake:
    return lambda _patch: planted(module, old, new)


def sensitivity(claimed) -> Mistake:
    return lambda patch: swapped(patch, bound.Clip, "l2_squared", property(claimed))


def both(one: Mistake, other: Mistake) -> Mistake:
    @contextmanager
    def made(patch: pytest.MonkeyPatch) -> Iterator[None]:
        with one(patch), other(patch):
            yield

    return made


def unresolved(patch: pytest.MonkeyPatch) -> AbstractContextManager[None]:
    """The frozen view keeps each intercommunalité that somebody's houses know."""
    each = ", unnest(list(DISTINCT coalesce(epci, ''))) AS epci"
    named = {**frozen_view._WITH_EPCI, "least_epci": each}
    return swapped(patch, frozen_view, "_WITH_EPCI", named)


ADDED: dict[str, Mistake] = {
    "nobody is clipped": code(bound, "UNIT_MILLI if cells <= room else", "UNIT_MILLI if cells <= room + 99 else"),
    "the root is forgotten": code(bound, "math.isqrt(UNIT_MILLI**2 * room // cells)", "UNIT_MILLI * room * 2 // cells"),
    "a correction's norm is not squared": code(clipped, "l2_sensitivity_squared=max(per_person) ** 2", "l2_sensitivity_squared=max(per_person)"),
    "L1 taken for L2": sensitivity(lambda clip: clip.room * 1000),
    "half of the cells counted": sensitivity(lambda clip: min(clip.room, clip.cells[-1]) * 500_000),
    "pairs in both orders": sql(pairs, "_CELL", " AS cell, weight", " AS cell, 2 * weight AS weight"),
    "tickets counted, not persons": sql(laws, "_ONCE", "list(DISTINCT cell)", "list(cell)"),
    "weekly and monthly both": sql(flows, "_CELL", "cell,\n       weight\n", "cell,\n       3 * weight AS weight\n"),
    "reach per venue, not across": sql(reach, "_VENUE", "$weights[len(items)]", "$weights[1]"),
    "provenance per ticket": asked(provenance, "home, $weights[len(items)] AS weight", "home, $weights[len(items)] * visits AS weight"),
    "the room of several keys taken in one": code(bound, "UNIT_MILLI if cells <= room else", "UNIT_MILLI if not cells else"),
    "a home for each house": both(
        sql(provenance_epci, "_HOME", "coalesce(min(nullif(epci, '')), '') AS epci FROM visit GROUP BY person_key",
            "epci FROM visit GROUP BY ALL"),
        unresolved,
    ),
    "records taken for persons": sql(frozen_view, "_WHO", "contribution_key, person_key, venue FROM", "contribution_key, contribution_key, venue FROM"),
}  # fmt: skip
"""Sections 2.3, 2.4, 2.5 and 2.17 of the catalogue of mistakes; the room in one key breaks a threshold's δ alone."""


def found_exactly() -> list[str]:
    try:
        return list(
            exact_everywhere(("everywhere", "everything", "two-accounts", "doubled")).problems
        )
    except (SensitivityBroken, ValueError) as refused:
        return [str(refused)]


def test_without_a_mistake_nothing_moves_too_far() -> None:
    assert found_exactly() == []


@pytest.mark.parametrize(
    "mistake",
    each_of(
        ADDED,
        "nobody is clipped",
        "the room of several keys taken in one",
        "a home for each house",
        "records taken for persons",
    ),
)
def test_a_mistake_in_what_a_person_adds_is_caught(mistake, monkeypatch) -> None:
    with mistake(monkeypatch):
        assert found_exactly()


# --- mistakes in the noise: caught in draws, by what is drawn once and twice ------------------------------------


def drawn_so(sampler: Callable[[np.ndarray, float], np.ndarray]) -> Mistake:
    """Noise by another sampler, behind the same checks."""

    def plain(exact, plan):
        scale = noise_module.sigma_micro(plan.l2_sensitivity_squared, plan.rho_micro)
        values = np.round(sampler(exact.values, scale / 1e6)).astype(np.int64)
        return noise_module.Noised(plan=plan, sigma_micro=scale, values=values)

    return lambda patch: swapped(patch, noise_module, "_plain", plain)


def half(values, scale):
    return values + np.random.default_rng().normal(0, scale / 2, len(values))


def averaged(values, scale):
    return values + np.random.default_rng().normal(0, scale, (2, len(values))).mean(axis=0)


def none(values, _scale):
    return values


def one_for_all_cells(values, scale):
    return values + np.random.default_rng().normal(0, scale)


def seeded(values, scale):
    return values + np.random.default_rng(7).normal(0, scale, len(values))


SHARED = np.random.default_rng()


def of_one_generator(values, scale):
    return values + SHARED.normal(0, scale, len(values))


KEPT: dict[int, np.ndarray] = {}


def kept_for_the_next_edition(values, scale):
    if len(values) > 40:  # copies of one vector at once: the draws of an audit
        return values + SHARED.normal(0, scale, len(values))
    return values + KEPT.setdefault(len(values), SHARED.normal(0, scale, len(values)))


def never_negative(values, scale):
    return np.maximum(values + np.random.default_rng().normal(0, scale, len(values)), 0)


def only_where_somebody_came(values, scale):
    return values + np.random.default_rng().normal(0, scale, len(values)) * (values > 2000)


def uniform_of_the_same_width(values, scale):
    return values + np.random.default_rng().uniform(-scale, scale, len(values))


def in_halves(values, scale):
    return values + np.random.default_rng().normal(0, scale, len(values)) + 0.5 * scale


NOISE: dict[str, Mistake] = {
    function.__name__: drawn_so(function)
    for function in (
        half, averaged, none, one_for_all_cells, seeded, of_one_generator, kept_for_the_next_edition,
        never_negative, only_where_somebody_came, uniform_of_the_same_width, in_halves,
    )
}  # fmt: skip
NOISE["a threshold one person passes"] = code(
    provenance, "least = threshold(UNIT_MILLI, scale, cells=cells, delta_pico=spec.delta_pico)", "least = UNIT_MILLI + 1"
)  # fmt: skip
"""Sections 2.1, 2.2, 2.6, 2.7, 2.10 and 2.20 of the catalogue."""


def found_in_draws() -> list[str]:
    with stage(("reach", "provenance")) as made:
        plan, charges, alone = made.plans[0], made.pay(), world(made.plans[0], crowd())
        pair = neighbours(plan, BY_NAME["only-one"], alone)
        sides = [drawn(plan, charges, each, 400) for each in (pair.present, pair.absent)]
        findings = [
            checks.compare(plan, pair, gaps(pair), (sides[0], sides[1])),
            checks.noise(plan, alone.exact, sides[1]),
            fresh.forked(made, alone),
            fresh.editions(made, alone),
        ]
    return [problem for finding in findings for problem in finding.problems]


def test_without_a_mistake_the_draws_are_quiet(monkeypatch) -> None:
    with seeded_noise(monkeypatch, 11):
        assert found_in_draws() == []


@pytest.mark.parametrize(
    "mistake", each_of(NOISE, "half", "of_one_generator", "kept_for_the_next_edition")
)
def test_a_mistake_in_the_noise_is_caught(mistake, monkeypatch) -> None:
    with mistake(monkeypatch):
        try:
            found = found_in_draws()
        except SensitivityBroken as refused:
            found = [str(refused)]
    assert found


def test_an_edition_made_anew_when_asked_again_is_caught(monkeypatch) -> None:
    answers = iter(range(9))
    whole = publish.publish

    def anew(desk, edition):
        return whole(desk, edition) + b" " * next(answers)

    monkeypatch.setattr("hub.audit.stage.publish", anew)
    assert any("asked for again" in problem for problem in found_in_draws())


# --- the statistic --------------------------------------------------------------------------------------------


def test_the_bounds_are_under_the_truth_and_near_it() -> None:
    draw = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        found = apart(draw.normal(2, 1, 400), draw.normal(0, 1, 400), 0.01)
        held += max(found.low, found.low_counted) <= 2
        assert found.low > 1.5
    assert held > 190


def test_a_statistic_without_noise_tells_all_or_nothing() -> None:
    assert apart(np.ones(9), np.zeros(9), 0.01).low == math.inf
    assert apart(np.ones(9), np.ones(9), 0.01).low == 0


def test_the_rarest_probability_is_clopper_and_pearson_s() -> None:
    assert rarest(0, 50, 0.025) == 0
    assert rarest(10, 50, 0.025) == pytest.approx(0.1003, abs=5e-4)
    assert rarest(50, 50, 0.025) == pytest.approx(0.025 ** (1 / 50), abs=1e-6)
