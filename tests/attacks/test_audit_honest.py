"""hub audit on honest code: quiet, run after run, and with teeth."""

import numpy as np
import pytest

from hub.audit import checks
from hub.audit.crowd import crowd
from hub.audit.run import Terms, audit
from hub.audit.shapes import SHAPES
from hub.audit.stage import stage
from hub.audit.worlds import gaps, neighbours, world

BY_NAME = {shape.name: shape for shape in SHAPES}


def test_an_honest_run_is_quiet() -> None:
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
    with stage(("reach", "provenance")) as made:
        plan = made.plans[0]
        pair = neighbours(plan, BY_NAME[shape], world(plan, crowd()))
    noise = np.random.default_rng(5)
    sides = []
    for each in (pair.present, pair.absent):
        sides.append(
            {name: v + noise.normal(0, 9e5, (50, len(v))) for name, v in each.exact.items()}
        )
        sides[-1]["provenance-cell"][:] = np.nan
    moved = gaps(pair)["provenance-cell"] != 0
    sides[0]["provenance-cell"][:, moved] = 14_000
    found = checks.compare(plan, pair, gaps(pair), (sides[0], sides[1]))
    assert found.figures["lone keys"] == alarm
    assert any("more often than δ" in problem for problem in found.problems) == alarm
