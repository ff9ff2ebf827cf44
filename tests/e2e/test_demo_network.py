"""The command that the README names: it ends with an edition in which the planted facts are found again."""

import subprocess
import sys
from pathlib import Path

import pytest

from contracts.edition import Estimate, PublishedEdition
from deploy.demo.world import FLOWS

ROOT = Path(__file__).parents[2]
PEOPLE = "8000"  # enough for the planted facts to stand out of the noise, in half the time


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, PublishedEdition]:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    done = subprocess.run(
        [sys.executable, "-m", "deploy.demo", "--once", "--people", PEOPLE, "--folder", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    edition = PublishedEdition.model_validate_json((folder / "edition.json").read_bytes())
    return done.stdout, edition


def _rows(published: PublishedEdition, table: str) -> list[Estimate]:
    return [
        row
        for release in published.edition.releases
        for found in release.tables
        if found.table == table
        for row in found.rows
    ]


def test_it_prints_the_headlines(demo: tuple[str, PublishedEdition]) -> None:
    printed, _ = demo
    assert "Saison 2025-2026" in printed
    assert "presque sûr" in printed


def test_the_two_planted_flows_lead_all_others(demo: tuple[str, PublishedEdition]) -> None:
    _, published = demo
    soon = [r for r in _rows(published, "flows") if r.keys[-1] == "0-30"]
    ranked = sorted(soon, key=lambda row: -row.value_milli)
    assert {(r.keys[0], r.keys[1]) for r in ranked[:2]} == {(a, b) for a, b, _ in FLOWS}


def test_the_young_near_contemporary_art_buy_three_days_ahead(
    demo: tuple[str, PublishedEdition],
) -> None:
    _, published = demo
    rows = [
        row
        for row in _rows(published, "lead-near")
        if row.keys == ["18-25", "contemporary-art", "median"]
    ]
    assert len(rows) == 1
    assert abs(rows[0].value_milli / 1000 - 3) <= 1.5
