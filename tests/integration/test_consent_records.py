"""The consent records that a venue keeps: made by a preview, exported for the DPO, erased with a person."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.support import rights_world
from tests.support.rights_world import BOTH, CANARY, MAIL, OCTOBER, ZOE, RightsWorld, Template
from venue_agent import cli
from venue_agent.commands import consents as cli_consents
from venue_agent.config import Home
from venue_agent.consents.register import FOLDER, Register
from venue_agent.errors import NotJoined, StateDamaged
from venue_agent.people import merge_report
from venue_agent.rights import access, proofs
from venue_agent.rights.named import named

NEEDLES = ("canari", "647318902", "@exemple", "durand")
TEXT = "J'accepte que mes visites soient partagées avec les lieux partenaires."


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return rights_world.template(tmp_path_factory.mktemp("network"))


@pytest.fixture
def world(tmp_path: Path, template: Template) -> Iterator[RightsWorld]:
    with rights_world.opened(tmp_path, template) as world:
        world.export(*BOTH)
        world.prepare()
        yield world


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory, template: Template) -> Iterator[RightsWorld]:
    """The same, for the tests that change nothing."""
    with rights_world.opened(tmp_path_factory.mktemp("still"), template) as world:
        world.export(*BOTH)
        world.prepare()
        yield world


def records(world: RightsWorld) -> list[str]:
    return (world.desk().home.path / FOLDER / "records.csv").read_text().splitlines()[1:]


def type_in(world: RightsWorld, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    monkeypatch.setattr(cli_consents, "open_desk", lambda _home, _clock: world.desk())
    return CliRunner().invoke(cli.app, ["consents", *words], env={"FARANDOLE_LANG": "fr"})


def test_a_yes_is_kept_with_its_source_its_date_and_its_text(still: RightsWorld) -> None:
    register = Register(still.desk().home.path)
    found = dict(register.events())
    assert len(found) == 2
    for handle, [event] in found.items():
        assert len(handle) == 32
        assert (event.purpose, event.state) == ("statistics", "given")
        assert event.at == "2025-01-01T00:00:00"
        assert register.notices()[event.notice]["text"] == TEXT
        assert register.notices()[event.notice]["source"] == "Optin partenaires"


def test_the_folder_is_the_owners_alone_and_names_nobody(still: RightsWorld) -> None:
    folder = still.desk().home.path / FOLDER
    for path in (folder / "records.csv", folder / "notices.json", folder.parent / "merge.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert not [needle for needle in NEEDLES if needle in path.read_text().casefold()]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_nothing_new_adds_nothing_and_a_new_answer_adds_to_the_history(world: RightsWorld) -> None:
    before = records(world)
    world.prepare()
    assert records(world) == before
    world.export(*[row | {"Date optin": "05/06/2025"} for row in BOTH])
    world.prepare()
    assert records(world)[:2] == before
    assert len(records(world)) == 4


def test_who_withdraws_is_ended_and_her_yes_stays_as_proof(world: RightsWorld) -> None:
    world.export(CANARY | OCTOBER | {"Optin partenaires": "Non"}, ZOE | OCTOBER)
    world.prepare()
    states = [
        [e.state for e in events] for _who, events in Register(world.desk().home.path).events()
    ]
    assert sorted(states) == [["given"], ["given", "ended"]]
    world.prepare()
    assert len(records(world)) == 3  # she is not ended twice


def test_who_is_forgotten_leaves_no_record(world: RightsWorld) -> None:
    world.forget(email=MAIL)
    world.prepare()
    assert [[e.state for e in ev] for _w, ev in Register(world.desk().home.path).events()] == [
        ["given"]
    ]


def test_an_access_request_shows_the_consent_record(still: RightsWorld) -> None:
    [record] = access.answer(still.desk(), named(email=MAIL))["records"]
    told = record["consent"]
    assert told["@type"] == "dpv:ConsentRecord"
    assert told["dct:identifier"] == record["contribution_id"]
    [process] = told["dpv:hasProcess"]
    assert process["dpv:hasConsentStatus"] == {"@id": "dpv:ConsentGiven"}
    assert told["dpv:hasNotice"][0]["dct:description"] == TEXT
    assert list(proofs.told(told)) == ["Consent, statistics: given, 2025-01-01"]
    assert list(proofs.told(None)) == []


def test_the_dpo_gets_every_record_as_json_ld(
    still: RightsWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "pour-la-dpo.jsonld"
    told = type_in(still, monkeypatch, "export", str(out), "--json")
    assert json.loads(told.stdout) == {
        "file": str(out), "records": 2, "texts": 1, "states": {"given": 2}
    }  # fmt: skip
    whole = json.loads(out.read_text())
    kinds = [node["@type"] for node in whole["@graph"]]
    assert kinds == ["dpv:ConsentNotice", "dpv:ConsentRecord", "dpv:ConsentRecord"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    notice, first, _second = whole["@graph"]
    [process] = first["dpv:hasProcess"]
    assert process["dpv:hasNotice"] == {"@id": notice["@id"]}
    assert first["dct:conformsTo"] == {"@id": "https://w3id.org/dpv/schema/dpv-27560#record"}
    for prefix in {term.partition(":")[0] for term in _terms(whole["@graph"])}:
        assert prefix in whole["@context"]


def _terms(value: object) -> Iterator[str]:
    """Every key and every type that must be found in the context."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not key.startswith("@"):
                yield key
            if key == "@type" and isinstance(inner, str):
                yield inner
            yield from _terms(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _terms(inner)


def test_the_terminal_counts_and_shows_the_texts(
    still: RightsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = type_in(still, monkeypatch, "show").stdout
    assert "statistics" in told
    assert TEXT in told
    questions = json.loads(type_in(still, monkeypatch, "show", "--json").stdout)["questions"]
    assert [(q["purpose"], q["state"], q["count"]) for q in questions] == [
        ("statistics", "given", 2)
    ]


def test_what_cannot_be_read_is_said(world: RightsWorld) -> None:
    path = world.desk().home.path / FOLDER / "records.csv"
    path.write_text("handle\nx\n")
    with pytest.raises(StateDamaged, match=r"records\.csv"):
        proofs.export(world.desk(), world.root / "x.jsonld")


def test_before_any_charter_there_is_no_record(tmp_path: Path, template: Template) -> None:
    with rights_world.opened(tmp_path, template) as world, pytest.raises(NotJoined):
        proofs.export(world.desk(), tmp_path / "x.jsonld")


def test_the_merge_report_is_beside_and_can_be_read(world: RightsWorld) -> None:
    home: Home = world.desk().home
    report = merge_report.read_report(home.path)
    assert report is not None
    assert (report.records, report.persons) == (2, 2)
    (home.path / merge_report.FILE).write_text("{")
    assert merge_report.read_report(home.path) is None
    (home.path / merge_report.FILE).unlink()
    assert merge_report.read_report(home.path) is None
