"""The houses' programmes come with the model, and shows to come are named on lists, screen and paper, offline."""

import datetime as dt
import json
import shutil
import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.base import canonical
from contracts.catalogue import Catalogue, Event
from contracts.tags import TagTastes, catalogues_sha256
from contracts.visit import Discipline
from tests.support.advice_world import CLOCK, LoneDesk, make_desk, ticket
from venue_agent.cli import app
from venue_agent.commands import recommend as cli_recommend
from venue_agent.config import Home
from venue_agent.errors import ConfigError
from venue_agent.hearing import silent
from venue_agent.home import inventory
from venue_agent.home import lists as files
from venue_agent.recommend import advise, kept, paper, programs
from venue_agent.recommend.advise import Asked
from venue_agent.words import speak

DANCER = [ticket(7, "La Danse", day, **{"Cle spectacle": "La Danse"}) for day in ("15/03/24", "15/04/24", "15/11/24")]  # fmt: skip
ONCE = [ticket(1), ticket(2, "Hamlet", "16/03/25")]
HAMLET = Event(event="hamlet", title="HAMLET", discipline=Discipline.THEATRE, first_day="2025-10-01")  # fmt: skip
ODYSSEY = Event(event="odyssee", title="L'Odyssée <en solo>", discipline=Discipline.THEATRE, first_day="2025-11-05", last_day="2025-11-09")  # fmt: skip
SWAN = Event(event="cygne", title="Le Cygne", discipline=Discipline.DANCE, first_day="2025-12-01")
PAST = Event(event="hier", title="Hier", discipline=Discipline.DANCE, first_day="2025-09-01")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> LoneDesk:
    made = make_desk(tmp_path_factory.mktemp("template") / "home", *DANCER, *ONCE)
    kept.pull(made)
    made.lone.programs.update(
        v02=Catalogue(venue="v02", events=[HAMLET, ODYSSEY]), v01=Catalogue(venue="v01", events=[SWAN, PAST])
    )  # fmt: skip
    assert programs.fetch(made, made.law) == 3
    return made


@pytest.fixture(autouse=True)
def french() -> None:
    speak("fr")


@pytest.fixture
def desk(tmp_path: Path, template: LoneDesk, monkeypatch: pytest.MonkeyPatch) -> LoneDesk:
    shutil.copytree(template.home.path, tmp_path / "home")

    def cut(*_args: object, **_named: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", cut)
    return replace(template, home=Home(tmp_path / "home"))


def written(desk: LoneDesk, shape: str, **asked: object) -> Path:
    return advise.write_lists(desk, advise.advise(desk, Asked(openness=0, courtesy=None, **asked), silent), shape)  # fmt: skip


def test_lists_name_shows_that_are_to_come_and_were_not_seen_here(desk: LoneDesk) -> None:
    rows = json.loads(written(desk, "json", length=10).read_text())
    told = {(row["place"], row["title"]) for row in rows if row["title"]}
    assert ("v01", "Le Cygne") in told
    assert ("v02", "L'Odyssée <en solo>") in told  # those who saw Hamlet here
    assert ("v02", "HAMLET") not in {(r["place"], r["title"]) for r in rows if r["customer"] == "C0001"}  # fmt: skip
    assert "Hier" not in {title for _place, title in told}
    report = json.loads((files.folder_of(desk.home) / "report.json").read_text())
    assert report["shows"] == 3
    places = json.loads(written(desk, "json", length=10, shows=False).read_text())
    assert "title" not in places[0]


def test_the_sheet_says_the_show_and_its_days(desk: LoneDesk) -> None:
    page = written(desk, "sheet", length=10).read_text()
    assert "Maison 0, listes du 15/09/2025." in page
    held = json.loads(page.split('type="application/json">')[1].split("</script>")[0])
    shows = {line.get("show", "") for lines in held["lists"] for line in lines}
    assert "«\u00a0L'Odyssée <en solo>\u00a0», du 05/11/2025 au 09/11/2025" in shows
    assert "«\u00a0Le Cygne\u00a0», 01/12/2025" in shows
    assert not any("Maison 2" in show for show in shows)  # its house is the place: not said twice


@pytest.mark.long
def test_paper_is_a_tagged_pdf_without_addresses(desk: LoneDesk) -> None:
    pytest.importorskip("weasyprint")
    made = written(desk, "pdf")
    assert made.name == "counter-sheet.pdf"
    assert made.stat().st_mode & 0o777 == 0o600
    body = made.read_bytes()
    assert body.startswith(b"%PDF-1.")
    assert b"canari" not in body


def test_the_page_of_paper_is_in_the_order_of_numbers_and_escaped(desk: LoneDesk, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    pages: list[str] = []
    monkeypatch.setattr(paper, "_pdf", lambda page: pages.append(page) or b"%PDF")
    written(desk, "pdf", length=10)
    (page,) = pages
    assert [page.index(f"<h2>{who}</h2>") for who in ("C0001", "C0002", "C0007")] == sorted(page.index(f"<h2>{who}</h2>") for who in ("C0001", "C0002", "C0007"))  # fmt: skip
    assert "&lt;en solo&gt;" in page
    assert "canari" not in page


def test_paper_is_refused_for_too_many_and_without_its_library(desk: LoneDesk, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(paper, "MOST", 2)
    with pytest.raises(ConfigError, match="--for"):
        written(desk, "pdf")
    monkeypatch.setattr(paper, "MOST", 2000)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(ConfigError, match="Pango"):
        written(desk, "pdf")


def test_a_title_that_carries_an_address_is_told_to_nobody(desk: LoneDesk) -> None:
    """A house writes its own catalogue, also one from before the hub refused such titles."""
    lure = [ODYSSEY.model_copy(update={"event": f"e{n}", "title": title, "first_day": "2025-09-20"})
            for n, title in enumerate(["Vos places : https://pirate.example/x7", "Écrire à a@pirate.example"])]  # fmt: skip
    plain = ODYSSEY.model_copy(update={"event": "e9", "title": "Gratuit sur x7.pirate.example"})
    kept_ = programs.Programs(sha256="00" * 32, catalogues=[Catalogue(venue="v02", events=[*lure, plain])])  # fmt: skip
    (desk.home.path / programs.FILE).write_bytes(canonical(kept_))
    for shape in ("json", "csv", "sheet"):
        text = written(desk, shape, length=10).read_text()
        assert "pirate.example" not in text
    assert "x7. pirate. example" in text  # a name that no mail program makes a link of
    report = json.loads((files.folder_of(desk.home) / "report.json").read_text())
    assert report["shows_left_out"] == {"titles": 2, "beyond": 0}
    assert "catalogues_as_counted" not in report  # this model counted none


def test_a_house_that_shows_very_much_is_looked_at_in_part(desk: LoneDesk) -> None:
    many = [SWAN.model_copy(update={"event": f"e{n}", "first_day": f"2026-{1 + n % 12:02}-01"}) for n in range(programs.MOST + 7)]  # fmt: skip
    (found,), left = programs.sound([Catalogue(venue="v01", events=many)], dt.date(2025, 9, 15))
    assert left == programs.Left(beyond=7)
    days = [event.first_day for event in found.events]
    assert (len(days), days) == (programs.MOST, sorted(days))


def test_catalogues_are_held_to_those_that_the_model_counted(desk: LoneDesk) -> None:
    here, model = programs.here(desk.home), desk.lone.signed.model
    assert here.sha256 == catalogues_sha256(desk.lone.programs.values())
    assert programs.as_counted(here, model) is None
    for sha256, told in ((here.sha256, True), ("00" * 32, False)):
        tags = TagTastes.model_construct(catalogue_sha256=sha256)
        assert programs.as_counted(here, model.model_copy(update={"tags": tags})) is told


def test_programmes_are_the_agents_own_file_and_one_that_is_damaged_is_none(desk: LoneDesk) -> None:
    path = desk.home.path / programs.FILE
    assert path in set(inventory.made(desk.home.path))
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("{")
    assert programs.here(desk.home) == programs.Programs()
    assert "title" not in json.loads(written(desk, "json").read_text())[0]


def test_pulling_the_model_brings_the_programmes(template: LoneDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    shutil.copytree(template.home.path, tmp_path / "home")
    desk = replace(template, home=Home(tmp_path / "home"))
    (desk.home.path / programs.FILE).unlink()
    monkeypatch.setattr(cli_recommend, "open_desk", lambda *_: desk)
    monkeypatch.setattr(cli_recommend, "CLOCK", CLOCK)
    words = ["model", "pull", "--home", str(desk.home.path)]
    told = CliRunner().invoke(app, words, catch_exceptions=False).output
    assert "3 spectacles à venir" in told
    assert len(programs.here(desk.home).catalogues) == 2
    monkeypatch.setattr(cli_recommend.console, "width", 100)
    words = ["recommend", "--as", "sheet", "--home", str(desk.home.path)]
    said = CliRunner().invoke(app, words, catch_exceptions=False).output
    assert "spectacles à venir qui sont nommés" in said


def test_what_is_written_piece_by_piece_is_what_is_written_at_once(tmp_path: Path) -> None:
    rows = [(f"=C{n}", n, "L'été ; « oui »") for n in range(files.ROWS + 3)]
    whole = files.write(Home(tmp_path), "whole.csv", files.as_csv(["a", "b", "c"], rows))
    pieces = files.stream(Home(tmp_path), "pieces.csv", files.csv_pieces(["a", "b", "c"], rows))
    assert pieces.read_bytes() == whole.read_bytes()
    assert pieces.stat().st_mode & 0o777 == 0o600
    for lines in ([], [{"a": 1}], [{"a": "é"}, {"a": 2}]):
        assert json.loads("".join(files.json_pieces(lines))) == lines
