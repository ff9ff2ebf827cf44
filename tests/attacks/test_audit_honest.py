"""hub audit on honest code: quiet, run after run, and with teeth."""

import numpy as np
import pytest

from hub.audit import checks
from hub.audit.crowd import crowd
from hub.audit.run import Terms, audit
from hub.audit.shapes import SHAPES
from hub.audit.stage import stage
from hub.audit.worlds import Neighbours, gaps, neighbours, world
from hub.plan import EditionPlan
from tests.support.seeded_noise import seeded_noise

BY_NAME = {shape.name: shape for shape in SHAPES}


def test_an_honest_run_is_quiet(monkeypatch) -> None:
    with seeded_noise(monkeypatch, 5):
        findings = list(audit(Terms(draws=50, shapes=("bridge",))))
    assert [finding.name for finding in findings if finding.alarm] == []
    drawn_shapes = [finding for finding in findings if finding.found]
    assert [round(finding.bound, 3) for finding in drawn_shapes] == [5.559]
    assert drawn_shapes[0].found.mu > 1  # the test has teeth


class Exactly:
    """Remembers what no draw can change: it is made in the first of many runs alone."""

    def __init__(self) -> None:
        self.found: dict[str, checks.Finding] = {}

    def read(self, name: str) -> checks.Finding | None:
        return self.found.get(name)

    def write(self, finding: checks.Finding) -> None:
        if finding.name == "sensitivity":
            self.found[finding.name] = finding


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(4))
def test_a_hundred_honest_runs_are_quiet(part) -> None:
    kept = Exactly()
    for number in range(25):
        findings = list(audit(Terms(draws=200, shapes=("everywhere", "guard")), kept))
        assert len(findings) == 6, (part, number)
        assert [finding for finding in findings if finding.alarm] == [], (part, number)


@pytest.mark.parametrize(("shape", "alarm"), [("everywhere", False), ("only-one", True)])
def test_delta_speaks_of_keys_that_nobody_else_holds(shape, alarm) -> None:
    """A key of five others may be seen in one world and never in the other, by chance and by right."""
    plan, pair = stood(shape)
    found = shown(plan, pair, gaps(pair)["provenance-cell"] != 0, side=0)
    assert found.figures["lone keys"] == alarm
    assert any("more often than δ" in problem for problem in found.problems) == alarm


def test_delta_speaks_of_a_key_that_one_person_alone_makes_too_heavy() -> None:
    plan, pair = stood("only-one")
    hers = gaps(pair)["provenance-cell"] > 0
    pair.present.exact["provenance-cell"][hers] = 1001
    found = shown(plan, pair, hers, side=0)
    assert found.figures["lone keys"] == 1
    assert any("more often than δ" in problem for problem in found.problems)
    assert any("more than one in a key" in problem for problem in found.problems)


def test_delta_speaks_of_more_keys_than_one_person_reaches() -> None:
    plan, pair = stood("only-one")
    pair.present.exact["provenance-cell"][:6] += 1
    assert [*checks.distances(plan, pair, gaps(pair))] == [
        "only-one: one person is in more keys of provenance-cell than planned"
    ]


def test_delta_speaks_of_keys_that_show_only_without_her() -> None:
    """The bridge joins two people into one home: the other's keys are held by one person, in the world without it."""
    plan, pair = stood("bridge")
    lost = gaps(pair)["provenance-cell"] < 0
    found = shown(plan, pair, lost & (pair.present.exact["provenance-cell"] == 0), side=1)
    assert found.figures["lone keys"] >= 1
    assert any("more often than δ" in problem for problem in found.problems)


def stood(shape: str) -> tuple[EditionPlan, Neighbours]:
    with stage(("reach", "provenance")) as made:
        plan = made.plans[0]
        return plan, neighbours(plan, BY_NAME[shape], world(plan, crowd()))


def shown(plan: EditionPlan, pair: Neighbours, keys: np.ndarray, *, side: int) -> checks.Finding:
    """Compare draws in which those *keys* show every time, on one side alone, and no other key ever does."""
    noise = np.random.default_rng(5)
    sides = []
    for each in (pair.present, pair.absent):
        sides.append(
            {name: v + noise.normal(0, 9e5, (50, len(v))) for name, v in each.exact.items()}
        )
        sides[-1]["provenance-cell"][:] = np.nan
    sides[side]["provenance-cell"][:, keys] = 14_000
    return checks.compare(plan, pair, gaps(pair), (sides[0], sides[1]))
