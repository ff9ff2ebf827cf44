"""The command that the README names: it ends with an edition in which the planted facts are found again."""

import subprocess
import sys
from pathlib import Path

import pytest

from contracts.edition import Estimate, PublishedEdition
from contracts.scopes import use_of
from deploy.demo import advice, campaign
from deploy.demo.houses import CLUSTERS, HOUSES
from deploy.demo.world import FLOWS
from hub.forecast import imagined_frame, imagined_measures, outlook

pytestmark = pytest.mark.timeout(1800)  # a whole network; the machine may be shared

ROOT = Path(__file__).parents[2]
PEOPLE = "12000"  # enough for the planted facts to stand out of the noise, in less time
REACHED = "14000"  # enough for letters to go out


def _demonstrated(folder: Path, *options: str) -> tuple[str, PublishedEdition]:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.demo", "--once", "--folder", str(folder), *options],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    edition = PublishedEdition.model_validate_json((folder / "edition.json").read_bytes())
    return done.stdout, edition


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, PublishedEdition]:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    return _demonstrated(folder, "--plain", "--people", PEOPLE)


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
    assert (
        abs(rows[0].value_milli / 1000 - 3) <= 2.5
    )  # the noise is drawn anew each time: five sigma


def test_those_new_to_the_end_of_a_planted_flow_were_seen_elsewhere(
    demo: tuple[str, PublishedEdition],
) -> None:
    _, published = demo
    elsewhere = {row.keys[0]: row for row in _rows(published, "firsts-elsewhere")}
    for start, end, _ in FLOWS:
        assert elsewhere[end].value_milli >= 18_000
        assert elsewhere[start].value_milli < 18_000


def test_half_of_the_people_had_never_come(demo: tuple[str, PublishedEdition]) -> None:
    _, published = demo
    told = {r.keys[0]: r for r in _rows(published, "firsts") if r.wording != "trop-peu"}
    assert len(told) >= 4
    assert all(row.low_milli <= 75_000 and row.high_milli >= 50_000 for row in told.values())
    assert 50_000 <= told["la-cale"].value_milli <= 70_000


def test_it_was_forecast(demo: tuple[str, PublishedEdition]) -> None:
    """From its numbers of people and houses alone; what clipping takes is itself a noisy figure."""
    _, published = demo
    (network,) = _rows(published, "reach-network")
    frame = imagined_frame(len(HOUSES), sum(len(inside) for _, inside in CLUSTERS.values()))
    paid = [r for r in published.edition.releases if use_of(r.measure) == "observatory"]
    rho = sum(release.rho_micro for release in paid)
    expected = outlook(imagined_measures(rho, frame), frame, network.value_milli // 1000)
    found = {each.table: each.half_width for each in expected}
    alone = {"reach-network": 0.25, "reach-spread": 0.25, "flows-balance": 0.25}
    for table, near in {**alone, "reach-venues": 0.6, "pairs": 0.6}.items():
        far = sorted(
            max(row.high_milli - row.value_milli, row.value_milli - row.low_milli)
            for row in _rows(published, table)
        )
        assert found[table] == pytest.approx(far[len(far) // 2] / 1000, rel=near), table


@pytest.mark.long
def test_a_partners_request_is_told(tmp_path: Path) -> None:
    """Two houses wrote and one refused; the noise is drawn anew each time, so that bounds here are wide."""
    printed, published = _demonstrated(tmp_path / "demo", "--people", REACHED)
    assert "Qu’a changé l’offre d’un partenaire" in printed
    lists, sheet = advice.files(tmp_path / "demo")
    assert len(lists.read_text("utf-8-sig").splitlines()) > 1_000
    assert "Le Remous" in sheet.read_text("utf-8")
    contacts = {row.keys[1]: row for row in _rows(published, "cooperation-contacts")}
    assert set(contacts) == {campaign.AGREES, campaign.NARROWS}
    assert contacts[campaign.AGREES].value_milli > 150_000
    (lift,) = _rows(published, "cooperation-lift")
    assert abs(lift.value_milli / 1000 - 7.5) < 10
    assert {tuple(row.keys) for row in _rows(published, "reciprocity")} == {
        (venue, campaign.PARTNER) for venue in contacts
    }
    assert campaign.REFUSES not in contacts
