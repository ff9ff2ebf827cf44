"""Advice inside a house: offline, for those who said yes, and nobody else can read it."""

import csv
import hashlib
import io
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contracts.base import canonical
from tests.support.advice_world import CLOCK, VENUE, YES, LoneDesk, make_desk, ticket
from tests.support.model_world import only_noise, sign_model
from venue_agent.cli import app
from venue_agent.commands import recommend as cli_recommend
from venue_agent.errors import (
    CharterRefused,
    ConfigError,
    ModelMissing,
    ModelRefused,
    NobodyToAdvise,
)
from venue_agent.hearing import silent
from venue_agent.home import lists as files
from venue_agent.recommend import advise, kept, sheet
from venue_agent.recommend.advise import Asked
from venue_agent.recommend.places import allies_of
from venue_agent.recommend.public import Public
from venue_agent.rights import erasure
from venue_agent.rights.named import named
from venue_agent.words import speak

DANCER = [ticket(7, "La Danse", day) for day in ("01/10/23", "02/10/23", "01/10/24", "02/10/24")]
ONCE = [ticket(n) for n in range(1, 4)]
NO = ticket(8, **{"Optin conseils": "Non", "Optin partenaires": "Oui"})
CHILD = ticket(9, Age="12")


@pytest.fixture(autouse=True)
def french() -> None:
    speak("fr")


@pytest.fixture
def whole(tmp_path: Path) -> LoneDesk:
    """A desk that reads its export itself."""
    made = make_desk(tmp_path / "home", *DANCER, *ONCE, NO, CHILD)
    kept.pull(made)
    return made


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[kept.Kept, Public]:
    made = make_desk(tmp_path_factory.mktemp("read") / "home", *DANCER, *ONCE, NO, CHILD)
    kept.pull(made)
    return advise.open_public(made, Asked(), silent)


@pytest.fixture
def desk(whole: LoneDesk, opened: Any, monkeypatch: pytest.MonkeyPatch) -> LoneDesk:
    """A desk whose export was read once for all tests."""
    monkeypatch.setattr(advise, "open_public", lambda *_: opened)
    return whole


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))


def run(desk: LoneDesk, shape: str = "csv", **asked: Any) -> Path:
    return advise.write_lists(desk, advise.advise(desk, Asked(**asked), silent), shape)


def test_only_adults_who_said_yes_are_advised(whole: LoneDesk) -> None:
    rows = rows_of(run(whole))
    assert {row["customer"] for row in rows} == {"C0001", "C0002", "C0003", "C0007"}
    assert all(row["place"] != VENUE for row in rows)
    assert [row["rank"] for row in rows[:3]] == ["1", "2", "3"]
    everything = (files.folder_of(whole.home) / "suggestions.csv").read_text("utf-8-sig")
    assert "canari8@" not in everything
    assert "canari9@" not in everything
    assert "canari7@exemple.fr" in everything


def test_evidence_and_taste_follow_her_own_visits(desk: LoneDesk) -> None:
    rows = rows_of(run(desk, openness=0, length=3))
    dancer = [row for row in rows if row["customer"] == "C0007"]
    once = [row for row in rows if row["customer"] == "C0001"]
    assert {row["evidence"] for row in dancer} == {"assiduous"}
    assert {row["evidence"] for row in once} == {"one"}
    dance = [sum(row["discipline"] == "dance" for row in who) for who in (dancer, once)]
    assert dance[0] > dance[1]
    liked = next(row for row in dancer if row["discipline"] == "dance")
    assert "la danse" in liked["why"]
    assert all(row["why"].endswith(".") for row in rows)


def test_no_connection_is_opened(whole: LoneDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_args: object, **_named: object) -> None:
        raise AssertionError("a connection was opened")

    whole.lone.asked.clear()
    monkeypatch.setattr(socket, "socket", cut)
    monkeypatch.setattr(socket, "create_connection", cut)
    monkeypatch.setattr(socket, "getaddrinfo", cut)
    assert run(whole, "sheet").exists()
    advise.rank_for(whole, Asked(), "v01", silent)
    assert whole.lone.asked == []


def test_nobody_else_may_read_what_is_written(desk: LoneDesk) -> None:
    for shape in ("csv", "json", "sheet"):
        run(desk, shape)
    advise.rank_for(desk, Asked(), "v01", silent)
    written = list(files.folder_of(desk.home).iterdir())
    assert len(written) == 5
    assert {path.stat().st_mode & 0o777 for path in written} == {0o600}
    assert files.folder_of(desk.home).stat().st_mode & 0o777 == 0o700
    files.discard(desk.home)
    assert not files.folder_of(desk.home).exists()
    files.discard(desk.home)


def test_the_report_names_nobody(desk: LoneDesk) -> None:
    run(desk)
    report = json.loads((files.folder_of(desk.home) / "report.json").read_text())
    assert report["evidence"] == {"none": 0, "one": 3, "some": 0, "assiduous": 1}
    assert report["people"] == 4
    assert 0 < report["relevance"] <= 1
    assert report["openness"] == 20
    assert "canari" not in json.dumps(report)


def test_the_dial_asks_for_more_discoveries(desk: LoneDesk) -> None:
    found = [advise.advise(desk, Asked(openness=o, length=4), silent).gauges for o in (0, 50, 100)]
    assert found[0].discoveries <= found[1].discoveries <= found[2].discoveries
    assert found[2].small_houses > found[0].small_houses


def test_a_list_of_people_limits_who_is_looked_at(whole: LoneDesk) -> None:
    rows = rows_of(run(whole, only=["customer:C0002", "customer:C0008"]))
    assert {row["customer"] for row in rows} == {"C0002"}
    with pytest.raises(NobodyToAdvise):
        run(whole, only=["customer:C0008"])


def test_people_are_ranked_for_another_house(desk: LoneDesk) -> None:
    path, count = advise.rank_for(desk, Asked(), "v01", silent)
    rows = rows_of(path)
    assert count == len(rows) == 4
    assert rows[0]["customer"] == "C0007"  # v01 is a dance house
    assert [float(row["share"]) for row in rows] == sorted((float(r["share"]) for r in rows), reverse=True)  # fmt: skip
    for wrong in ("v99", VENUE):
        with pytest.raises(ConfigError, match=r"v01"):
            advise.rank_for(desk, Asked(), wrong, silent)


def test_the_counter_sheet_is_one_file_without_addresses(desk: LoneDesk) -> None:
    page = run(desk, "sheet").read_text()
    assert "C0007" in page
    assert "canari" not in page
    assert "http:" not in page
    assert "https:" not in page
    assert "default-src 'none'" in page
    data = page.split('type="application/json">')[1].split("</script>")[0]
    held = json.loads(data)
    assert len(held["people"]) == 8  # each by her number and by her hashed address
    assert len(held["lists"]) == 2  # the three who came once share a list
    hers = hashlib.sha256((sheet.SALT + "canari7@exemple.fr").encode()).hexdigest()
    assert held["people"][hers] == held["people"]["C0007"]
    script = page.rsplit("<script>", 1)[1]
    assert f'"{sheet.SALT}"' in script
    first = held["lists"][held["people"]["C0007"]][0]
    assert set(first) == {"name", "kind", "why"}


def test_a_network_of_noise_says_popularity(tmp_path: Path) -> None:
    observed = only_noise(12, 900.0, 50.0, 1)
    desk = make_desk(tmp_path / "home", *DANCER, *ONCE, observed=observed)
    kept.pull(desk)
    rows = rows_of(run(desk, openness=0))
    assert not advise.advise(desk, Asked(), silent).kept.model.card.better_than_popularity
    assert "fréquenté dans le réseau" in next(r for r in rows if r["customer"] == "C0001" and r["discipline"] == "dance")["why"]  # fmt: skip


def test_nobody_is_advised_without_the_purpose(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "home", *ONCE, purposes=("statistics",))
    kept.pull(desk)
    with pytest.raises(NobodyToAdvise, match="conseils"):
        run(desk)
    assert not files.folder_of(desk.home).exists()
    assert YES


def test_without_a_model_it_says_what_to_do(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "home", *ONCE)
    with pytest.raises(ModelMissing, match="model pull"):
        run(desk)


def test_a_model_is_fetched_once(desk: LoneDesk) -> None:
    desk.lone.asked.clear()
    assert kept.pull(desk)[1] is False
    assert desk.lone.asked == []


def test_a_network_without_a_model_says_so(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "home", *ONCE)
    desk.lone.told = False
    with pytest.raises(ModelMissing):
        kept.pull(desk)


def test_a_hub_that_sends_another_model_is_refused(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "home", *ONCE)
    model = desk.lone.signed.model
    popular = [model.popularity_milli[0] * 5, *model.popularity_milli[1:]]
    desk.lone.sent = sign_model(model.model_copy(update={"popularity_milli": popular}))
    with pytest.raises(ModelRefused, match="chaîne"):
        kept.pull(desk)
    assert not (desk.home.path / kept.FILE).exists()


def test_a_model_that_the_hub_did_not_sign_is_refused(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "home", *ONCE)
    desk.lone.signed = sign_model(desk.lone.signed.model, "custodian")
    with pytest.raises(ModelRefused, match="signé"):
        kept.pull(desk)


def test_a_model_altered_on_disk_is_refused(whole: LoneDesk) -> None:
    path = whole.home.path / kept.FILE
    path.write_bytes(path.read_bytes().replace(b'"openness":20', b'"openness":90'))
    with pytest.raises(ModelRefused):
        run(whole)
    path.write_bytes(b"{}")
    with pytest.raises(ModelRefused, match="model pull"):
        run(whole)


def test_an_expired_charter_advises_nobody(desk: LoneDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    later = type(CLOCK)(CLOCK.now().replace(year=2029))
    with pytest.raises(CharterRefused):
        kept.kept(desk.home, later)


def test_a_spreadsheet_runs_nothing(tmp_path: Path) -> None:
    text = files.as_csv(["a"], [["=1+1"], ["@x"], ["plain"], [3]]).decode("utf-8-sig")
    assert text.split() == ["a", "'=1+1", "'@x", "plain", "3"]


def test_the_model_says_the_same_whoever_reads_it(desk: LoneDesk) -> None:
    have = kept.kept(desk.home, CLOCK)
    assert canonical(have.model) == canonical(desk.lone.signed.model)


def test_forgetting_somebody_takes_every_list_away_and_keeps_her_out(whole: LoneDesk) -> None:
    assert "canari7@" in run(whole).read_text("utf-8-sig")
    run(whole, "sheet")
    erasure.erase_here(whole, named(email="canari7@exemple.fr"), "venue")
    assert not files.folder_of(whole.home).exists()
    assert "canari7@" not in run(whole).read_text("utf-8-sig")


def test_allies_are_named_by_the_model(desk: LoneDesk) -> None:
    have = kept.kept(desk.home, CLOCK)
    plain = have.model.model_copy(update={"allies": [[3, 1], *have.model.allies[1:]]})
    assert allies_of(plain, have.charter, VENUE) == [("v03", "Maison 3"), ("v01", "Maison 1")]
    assert allies_of(plain, have.charter, "elsewhere") == []


def test_the_commands_speak_for_the_counter_and_for_machines(
    desk: LoneDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_recommend, "open_desk", lambda *_: desk)
    monkeypatch.setattr(cli_recommend, "CLOCK", CLOCK)
    runner, home = CliRunner(), str(desk.home.path)

    def told(*words: str) -> str:
        answer = runner.invoke(app, [*words, "--home", home], catch_exceptions=False)
        assert answer.exit_code == 0
        return answer.output

    assert "déjà là" in told("model", "pull")
    assert "cadran d'ouverture" in told("model", "show")
    assert json.loads(told("model", "show", "--json"))["places"] == 12
    assert told("model", "allies")
    assert isinstance(json.loads(told("model", "allies", "--json")), list)
    assert "4 personnes conseillées." in told("recommend", "--as", "sheet")
    assert json.loads(told("recommend", "--json", "--openness", "60"))["openness"] == 60
    assert "4 personnes classées." in told("recommend", "--to", "v01")
    assert json.loads(told("recommend", "--to", "v01", "--json"))["people"] == 4
    log = (desk.home.path / "log" / "agent.jsonl").read_text()
    assert "canari" not in log
    assert "C0007" not in log
