"""Profiles follow the published rules, for assiduous people alone; bridges rank lovers of one discipline for another."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from contracts.model import Bridge
from contracts.visit import Discipline
from hub.recommend.bundle import model_of
from tests.support.model_world import Tastes, charter_of, kinds_of, published
from venue_agent.cli import app
from venue_agent.commands import profiles as command
from venue_agent.config import Home
from venue_agent.hearing import silent
from venue_agent.home import lists as files
from venue_agent.recommend import profiles
from venue_agent.recommend.public import Public, _regular
from venue_agent.recommend.scores import People
from venue_agent.words import speak

THEATRE, DANCE, OPERA = Discipline.THEATRE, Discipline.DANCE, Discipline.OPERA
CHARTER = charter_of(kinds_of(12))
BRIDGE = Bridge(discipline=DANCE, place="v01", month="2024-11", persons_milli=80_000)
MODEL = model_of(published(CHARTER, Tastes(items=12).observed(sigma=30.0)), CHARTER).model_copy(
    update={"bridges": [BRIDGE.model_copy(update={"persons_milli": 1000, "place": "v03"}), BRIDGE]}
)


def public(*visits: dict[Discipline, int]) -> Public:
    """A public whose two assiduous seasons hold those visits; {} for somebody who is not assiduous."""
    regular = np.zeros((len(visits), len(Discipline)), dtype=np.int64)
    for row, hers in enumerate(visits):
        for kind, count in hers.items():
            regular[row, profiles.KINDS.index(kind)] = count
    total = np.maximum(regular.sum(axis=1), 1)
    mix = np.column_stack([regular[:, profiles.KINDS.index(kind)] for kind in (THEATRE, DANCE)])
    seen = np.zeros((len(visits), 12), dtype=bool)
    seen[:, 0] = True
    keys = tuple((f"customer:C{n}", f"email:canari{n}@exemple.fr") for n in range(len(visits)))
    return Public(keys, People(mix / total[:, None], seen, total), np.zeros(len(visits), dtype=int), regular)  # fmt: skip


FOUR = public({THEATRE: 6}, {THEATRE: 5, DANCE: 1}, {DANCE: 4, THEATRE: 4}, {})


@pytest.fixture(autouse=True)
def french() -> None:
    speak("fr")


def test_families_and_levels_follow_the_published_rules() -> None:
    found = profiles.profiles_of(FOUR, (THEATRE, DANCE))
    assert found.family == ["single", "anchored", "pair", ""]
    assert found.level == ["only-a", "mostly-a", "both", ""]
    assert found.known == 3
    assert found.counts()["single"] == 1
    assert profiles.profiles_of(FOUR, (OPERA, Discipline.CIRCUS)).level == ["", "", "", ""]
    turned = profiles.profiles_of(FOUR, (DANCE, THEATRE)).level
    assert turned == ["only-b", "mostly-b", "both", ""]


def test_a_profile_counts_the_last_two_seasons_that_make_one() -> None:
    rows = [
        (1, "theatre", day)
        for day in ("2021-10-01", "2021-11-01", "2022-10-01", "2022-11-01")  # an older pair
    ]
    rows += [(1, "dance", day) for day in ("2023-10-01", "2023-11-01", "2024-10-01", "2024-11-01")]
    rows += [(2, "opera", day) for day in ("2023-10-01", "2023-11-01", "2024-10-01")]
    visits = pd.DataFrame(rows, columns=["person", "discipline", "event_date"])
    found = _regular(visits, pd.Index([1, 2, 3]))
    assert found[0, profiles.KINDS.index(DANCE)] == 4
    assert found[0].sum() == 4
    assert found[1:].sum() == 0
    assert _regular(visits.iloc[:0], pd.Index([1])).sum() == 0


def test_lovers_who_tasted_it_come_first_and_only_lovers_come() -> None:
    found = profiles.profiles_of(FOUR, (THEATRE, DANCE))
    ranked = profiles.towards(MODEL, found, (THEATRE, DANCE))
    assert [n for n, _share in ranked] == [1, 0]
    assert all(0 < share < 1 for _n, share in ranked)
    nobody = profiles.profiles_of(FOUR, (OPERA, Discipline.CIRCUS))
    assert profiles.towards(MODEL, nobody, (OPERA, Discipline.CIRCUS)) == []


def test_the_bridges_of_the_network_come_with_them_the_strongest_first() -> None:
    assert [bridge.place for bridge in profiles.works(MODEL, DANCE)] == ["v01", "v03"]
    assert profiles.works(MODEL, OPERA) == []


def test_a_model_without_bridges_keeps_its_bytes() -> None:
    plain = MODEL.model_copy(update={"bridges": []})
    assert "bridges" not in plain.model_dump(mode="json")
    assert "bridges" in MODEL.model_dump(mode="json")


class Desk:
    def __init__(self, path: Path) -> None:
        self.home = Home(path)


def test_the_command_writes_words_for_the_house_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = (THEATRE, DANCE)
    found: Any = (profiles.profiles_of(FOUR, pair), MODEL)
    monkeypatch.setattr(command, "open_desk", lambda *_: Desk(tmp_path))
    monkeypatch.setattr(profiles, "profiles", lambda *_: found)
    words = ["profiles", "--home", str(tmp_path), "--love", "theatre", "--discover", "dance"]
    told = CliRunner().invoke(app, words, catch_exceptions=False).output
    assert "3 personnes ont un profil" in told
    assert "théâtre seulement" in told
    assert "v01, 2024-11" in told
    plain = json.loads(CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False).output)
    assert (plain["known"], plain["open"], plain["only-a"]) == (3, 2, 1)
    text = (files.folder_of(Home(tmp_path)) / "profiles.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["profile"] for row in rows][-1] == "profil insuffisant"
    assert rows[1]["affinity"] == "surtout théâtre"
    ranked = files.folder_of(Home(tmp_path)) / "bridge-theatre-dance.csv"
    assert ranked.stat().st_mode & 0o777 == 0o600
    assert ranked.read_text("utf-8-sig").splitlines()[1].startswith("C1;")


def test_profiles_of_a_real_desk_go_through_the_same_door(monkeypatch: pytest.MonkeyPatch) -> None:
    have: Any = type("Kept", (), {"model": MODEL})()
    monkeypatch.setattr(profiles, "open_public", lambda *_: (have, FOUR))
    found, model = profiles.profiles(object(), None, silent)  # type: ignore[arg-type]
    assert found.known == 3
    assert model is MODEL
