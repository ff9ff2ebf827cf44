"""Overlaps of three places and more: measured where the plan names them, else a model that says so."""

from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise

import numpy as np
import pytest
from typer.testing import CliRunner

from contracts.base import canonical
from contracts.charter import MeasureSpec
from contracts.edition import Release
from hub.cli import app
from hub.cube import overlap as module
from hub.cube.overlap import Overlap, overlap
from hub.errors import ConfigError, NoCube
from hub.measures import overlaps
from hub.measures.catalogue import MEASURES
from tests.support import measuring, sample_edition, town
from tests.support.cubes import crowd, vector
from tests.support.planting import planted

FRAME = town.frame(7)
PLACES = FRAME.places


@cache
def visits():
    return crowd(6000, FRAME, seed=4)


@cache
def came() -> np.ndarray:
    """Return who came where, one line a person."""
    table = np.zeros((6001, 7), dtype=bool)
    table[visits()["person_key"].to_numpy(), visits()["venue"].to_numpy()] = True
    return table


def truth(places: tuple[str, ...]) -> tuple[int, int]:
    own = came()[:, [PLACES.index(place) for place in places]]
    return int(own.any(axis=1).sum()), int(own.all(axis=1).sum())


@cache
def edition(*measures: str):
    noised, releases = {}, []
    rng = np.random.default_rng(1)
    with town.opened(visits()) as connection:
        for name in measures:
            spec, plan = measuring.plan_of(name, FRAME, rho_micro=200_000)
            exact = measuring.exact(connection, name, FRAME, plan)
            own = measuring.drawn(exact, spec, plan, rng)
            noised |= own
            release = sample_edition.reach().model_dump() | {
                "measure": name, "release": f"e-{name}",
                "vectors": [vector(each.plan, each).model_dump() for each in own.values()],
                "tables": [t.model_dump() for t in MEASURES[name].read(noised, FRAME)],
            }  # fmt: skip
            releases.append(Release.model_validate(release))
    return sample_edition.published(releases=releases)


ALL = ("reach", "pairs", "overlaps")


def modelled_errors(size: int) -> list[float]:
    """Return errors of « any » over the truth, for sets that no plan names."""
    found = []
    for places in combinations(PLACES, size):
        told = overlap(edition(*ALL).edition, places)
        if told.any_between is None:
            found.append(abs(told.anybody - truth(places)[0]) / truth(places)[0])
    return found


def test_a_set_that_the_plan_names_is_measured() -> None:
    for places in FRAME.overlaps:
        told = overlap(edition(*ALL).edition, places[::-1])
        one, every = truth(places)
        assert told.any_between is not None
        assert told.all_between is not None
        assert abs(told.anybody - one) < 60
        assert abs(told.everywhere - every) < 60
        assert told.any_between[0] <= told.anybody <= told.any_between[1]


def test_other_sets_are_modelled_near_the_truth_and_without_an_interval() -> None:
    errors = modelled_errors(3) + modelled_errors(4)
    assert len(errors) > 60
    assert np.median(errors) < 0.05
    assert max(errors) < 0.2


def test_a_planted_mistake_in_the_model_is_caught() -> None:
    with planted(module, "shares[b] - both], [shares[a] - both, both]", "shares[b]], [shares[a], both]"):  # fmt: skip
        wrong = modelled_errors(4)
    with planted(module, "for _sweep in range(_SWEEPS):", "for _sweep in range(0):"):
        none = modelled_errors(4)
    assert np.median(none) > 0.05
    assert np.median(wrong) > np.median(modelled_errors(4))


def test_more_places_never_draw_fewer_people() -> None:
    told = [overlap(edition(*ALL).edition, PLACES[:count]) for count in (3, 4, 5, 6, 7)]
    assert all(a.anybody <= b.anybody * 1.02 for a, b in pairwise(told))
    assert all(a.everywhere >= b.everywhere for a, b in pairwise(told[1:]))
    assert all(each.everywhere <= each.anybody for each in told)


def test_two_places_are_told_by_inclusion_and_exclusion() -> None:
    told = overlap(edition("reach", "pairs").edition, PLACES[4:6])
    assert isinstance(told, Overlap)
    assert abs(told.anybody - truth(PLACES[4:6])[0]) < 80
    assert told.any_between is None


@pytest.mark.parametrize("places", [["nowhere", PLACES[0]], [PLACES[0]], [PLACES[0]] * 2, list(PLACES) * 2 + ["x"]])  # fmt: skip
def test_a_set_that_means_nothing_is_refused(places: list[str]) -> None:
    with pytest.raises(NoCube, match="expected 2 to 8"):
        overlap(edition(*ALL).edition, places)


def test_without_reach_or_pairs_there_is_no_model() -> None:
    with pytest.raises(NoCube, match="no table pairs"):
        overlap(edition("reach").edition, PLACES[:3])


@pytest.mark.parametrize(
    ("sets", "match"),
    [((), "names no set"), ((("venue-000", "nowhere"),), "seen"), ((("venue-000",) * 2,), "distinct"), ((tuple("abcd"),), "seen")],
)  # fmt: skip
def test_a_plan_that_names_no_good_set_is_refused(sets, match: str) -> None:
    spec = MeasureSpec(measure="overlaps", rho_micro=1000)
    with pytest.raises(ConfigError, match=match):
        overlaps.plan(spec, replace(FRAME, overlaps=sets))


def test_the_command_says_what_is_measured_and_what_is_a_model(tmp_path) -> None:
    file = tmp_path / "edition.json"
    file.write_bytes(canonical(edition(*ALL)))
    run = CliRunner().invoke
    assert "(95 %)" in run(app, ["cube", "overlap", str(file), *FRAME.overlaps[1]]).output
    assert "D'après un modèle" in run(app, ["cube", "overlap", str(file), *PLACES[:3]]).output
