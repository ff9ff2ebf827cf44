"""Where somebody who bought once goes next: the model's two places beside her house's own, by the next purchase."""

import csv
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from deploy.demo import visits
from deploy.demo.pass_world import make_pass_world
from deploy.demo.world import make_world
from hub.cli import app
from hub.errors import ConfigError
from hub.evaluate.following import NextLine, compare_next
from hub.evaluate.protocol import Terms
from hub.evaluate.visits import read_visits


def written(path: Path, histories: list[list[str]]) -> Path:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["person_id", "venue_id"])
        out.writerows([n, venue] for n, history in enumerate(histories) for venue in history)
    return path


@pytest.fixture
def couples(tmp_path: Path) -> Path:
    """Twelve places in couples: half of the people come again to the same, half go to the other of the couple."""
    draw = np.random.default_rng(1)
    first = draw.integers(0, 12, 3000)
    again = draw.random(3000) < 0.5
    second = np.where(again, first, first ^ 1)
    return written(
        tmp_path / "v.csv", [[f"v{a:02}", f"v{b:02}"] for a, b in zip(first, second, strict=True)]
    )


def by_name(path: Path, **terms: float) -> dict[str, NextLine]:
    return {line.method: line for line in compare_next(path, Terms(draws=2, **terms))[2]}


def test_the_network_finds_what_one_house_cannot(couples: Path) -> None:
    found = by_name(couples, epsilon=2.0)
    assert found["alone"].anywhere == pytest.approx(0.5, abs=0.05)
    assert found["alone"].elsewhere == 0
    assert found["ours"].anywhere > 0.97 > found["popularity"].anywhere
    assert found["ours"].elsewhere > 0.97
    assert found["chance"].elsewhere == pytest.approx(3 / 11)


def test_nobody_who_came_twice_is_nothing_to_find(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="came twice"):
        compare_next(written(tmp_path / "v.csv", [["a"], ["b"]] * 9), Terms())


def test_the_command_says_it_and_refuses_to_guess_an_order(
    couples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.cli_evaluate.console.width", 120)
    told = CliRunner().invoke(app, ["evaluate", "--visits", str(couples), "--next", "--draws", "1"])
    assert "la maison seule" in told.output
    assert "Rappel@3" in told.output
    refused = CliRunner().invoke(app, ["evaluate", "--next"])
    assert isinstance(refused.exception, ConfigError)


def test_the_demonstration_writes_the_visits_that_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pass.csv"
    assert visits.written(make_pass_world(7, people=300), path) > 600
    world = read_visits(path, 1)
    assert world.items > 10
    assert len(world.known) + len(world.tested) == 300


@pytest.mark.long
def test_one_purchase_people_of_the_theatres_are_served_a_third_better(
    tmp_path: Path, capsys
) -> None:
    """Prints what docs/reference/figures.md says."""
    visits.written(make_world(7), tmp_path / "t.csv")
    found = by_name(tmp_path / "t.csv", epsilon=1.0)
    with capsys.disabled():
        print("\n", found)
    assert found["ours"].anywhere >= 1.3 * found["alone"].anywhere
    assert found["ours"].elsewhere >= 1.3 * found["popularity"].elsewhere
