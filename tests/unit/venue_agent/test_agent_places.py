"""Catalogue, geography, and the local report."""

from pathlib import Path

import pandas as pd
import pytest

from contracts.visit import Discipline
from tests.support.agent_world import ForgetfulBook, front, rules, write_export
from venue_agent import geo
from venue_agent.catalogue import draft_catalogue, read_catalogue
from venue_agent.errors import ConfigError
from venue_agent.minimise import minimise
from venue_agent.settings.mapping import load_preset
from venue_agent.tally import local_report, words
from venue_agent.words import speak

HEADER = "match;event;title;discipline;first_day;last_day;sensitive\n"


@pytest.mark.parametrize(
    ("text", "country", "postcode", "departement"),
    [
        ("69003", "", "69003", "69"),
        (" 1000 ", "FR", "01000", "01"),
        ("69003.0", "", "69003", "69"),
        ("20000", "", "20000", "2A"),
        ("20200", "", "20200", "2B"),
        ("97400", "", "97400", "974"),
        ("98799", "", "98799", "987"),
        ("20999", "", "20999", "2B"),
        ("98800", "", "98800", "988"),
        ("75999", "", "75999", "75"),  # a company's own postcode
        ("99999", "", "99999", ""),
        ("1000", "BE", "", "99"),
        ("SW1A 1AA", "GB", "", "99"),
        ("Lyon", "", "", ""),
    ],
)
def test_postcodes(text: str, country: str, postcode: str, departement: str) -> None:
    found = geo.french_postcode(text, country)
    assert found == postcode
    assert geo.departement_of(found, country) == departement


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("France", "FR"),
        ("FRANCE ", "FR"),
        ("be", "BE"),
        ("États-Unis", "US"),
        ("Xanadu", ""),
        ("", ""),
    ],
)
def test_countries(text: str, code: str) -> None:
    assert geo.country_code(text) == code


def test_distance_bands_from_lyon() -> None:
    places = pd.Series(["69001", "69800", "38200", "42000", "01000", "75001", "", "00000"])
    bands = list(geo.distance_bands(places, 45.764, 4.8357))
    assert bands == ["0-5", "5-20", "20-50", "50-100", "50-100", "100+", "unknown", "unknown"]


def test_a_drafted_catalogue_can_be_read(tmp_path: Path) -> None:
    titles = ["L'Été à  Lyon", "887", "Été à Lyon", "", "+ + +", "L'Été à Lyon", "x" * 200]
    path = tmp_path / "catalogue.csv"
    path.write_text(draft_catalogue(titles, Discipline.DANCE), encoding="utf-8")
    found = read_catalogue(path, "musee")
    assert {e.event for e in found.public.events} == {
        "event",
        "887",
        "l-ete-a-lyon",
        "ete-a-lyon",
        "x" * 60,
    }
    event = found.find("L'ÉTÉ À LYON", "")
    assert event is not None
    assert (event.event, event.discipline) == ("l-ete-a-lyon", Discipline.DANCE)
    assert found.find("", "") is None


def test_titles_that_fold_alike_get_events_of_their_own() -> None:
    drafted = draft_catalogue(["Été", "ETE"], Discipline.OTHER).splitlines()
    assert [line.split(";")[1] for line in drafted[1:]] == ["ete", "ete-2"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("match;event\n", "no column title"),
        (HEADER + "a;A B;t;dance;;;no\n", "line 2: event"),
        (HEADER + "a;a;t;danse;;;no\n", "unknown discipline"),
        (HEADER + "a;a;t;dance;hier;;no\n", "first_day"),
    ],
)
def test_a_wrong_catalogue_says_where(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=says):
        read_catalogue(path, "musee")


def test_tags_are_read_where_they_are_and_change_no_byte_where_they_are_not(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.csv"
    head = "match;event;title;discipline;first_day;last_day;sensitive"
    path.write_text(
        f"{head};author;work\nGiselle;giselle;Giselle;ballet;;;no;Adam;Giselle\nX;x;X;opera;;;no;;\n"
    )
    tagged, plain = read_catalogue(path, "musee").public.events
    assert (tagged.author, tagged.work, tagged.period, tagged.company) == ("Adam", "Giselle", None, None)  # fmt: skip
    assert set(plain.model_dump(mode="json")) == {"event", "title", "discipline", "first_day", "last_day", "sensitive"}  # fmt: skip


def test_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_catalogue(tmp_path / "catalogue.csv", "musee")


def test_the_report_adds_up(tmp_path: Path) -> None:
    mapping = load_preset("fr23plus")
    blank = {"Nom": "", "Prenom": "", "Email": ""}
    write_export(tmp_path, {}, {"Age": "12", "Nom": "Roy", "Email": "r@mail.example"}, blank)
    stage = minimise(front(tmp_path, mapping)[2], rules(mapping), ForgetfulBook())
    report = {line.label: line.value for line in local_report(stage)}
    assert report["tickets read"] == 3
    assert report["− under 18"] == 1
    assert report["− sale without name or contact"] == 1
    assert report["= tickets kept"] == 1
    assert report["share of tickets kept (%)"] == 33
    assert report["filled (%): age_band"] == 100
    assert report["filled (%): qpv"] == 0
    speak("fr")
    assert local_report(stage)[0].label == "billets lus"


def test_a_reason_without_words_is_shown_as_it_is() -> None:
    assert words("under_18") == "under 18"
    assert words("new-reason") == "new-reason"


def test_the_table_of_postcodes_says_where_it_comes_from() -> None:
    folder = Path(geo.__file__).parent / "data"
    text = (folder / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "Licence Ouverte" in text
    assert "GeoNames (CC BY 4.0)" in text
    assert len(geo.postcodes()) > 6000
