"""The commands of the DPO: forget, show, leave; what they print, keep and refuse."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from contracts.base import canonical
from contracts.batch import Receipt
from contracts.charter_check import charter_hash
from contracts.seal import verify
from hub.vault import index
from tests.support import rights_world
from tests.support.rights_world import (
    CANARY,
    MAIL,
    OCTOBER,
    OTHER,
    PHONE,
    ZOE,
    RightsWorld,
    Template,
)
from venue_agent import cli, words
from venue_agent.commands import rights as cli_rights
from venue_agent.desk import open_desk
from venue_agent.errors import (  # fmt: skip
    AgentError,
    ConfigError,
    IdentifierUnreadable,
    NotJoined,
    SourceMissing,
)
from venue_agent.push import Patience
from venue_agent.rights import erasure
from venue_agent.rights.named import named

Run = Callable[..., Result]
NEEDLES = ("canari", "Canari", MAIL, "647318902", "@exemple")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return rights_world.template(tmp_path_factory.mktemp("network"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, template: Template) -> Path:
    return rights_world.sent(tmp_path_factory.mktemp("base"), template)


@pytest.fixture
def world(tmp_path: Path, template: Template, base: Path) -> Iterator[RightsWorld]:
    with rights_world.again(base, tmp_path, template) as world:
        yield world


@pytest.fixture
def run(world: RightsWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Types a command of the first venue; a refusal is raised as it is."""
    monkeypatch.setattr(cli_rights, "open_desk", lambda _home, _clock: world.desk())
    monkeypatch.setattr(cli_rights, "Patience", world.patience)

    def call(*arguments: str, typed: str = "") -> Result:
        result = CliRunner().invoke(cli.app, [*arguments], input=typed)
        if isinstance(result.exception, AgentError):
            raise result.exception
        assert result.exception is None, result.exception
        return result

    words.speak("en")
    yield call
    words.speak("fr")


def test_forget_says_the_same_of_anybody(world: RightsWorld, run: Run) -> None:
    said = [run("forget", "--email", mail).stdout for mail in (MAIL, "inconnue.verte@exemple.fr")]
    proofs = sorted((world.desk().home.path / "proofs").iterdir())
    assert len(proofs) == 2
    for at, path in enumerate(proofs):
        said[at] = said[at].replace(path.name, "PROOF")
    assert said[0] == said[1]
    assert "same whether or not" in said[0]


def test_the_proof_can_be_checked_and_names_nobody(
    world: RightsWorld, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    out = run("forget", "--email", MAIL, "--phone", PHONE, "--reference", "2025-114").output
    out += run("show", "--email", MAIL).output
    path = next((world.desk().home.path / "proofs").iterdir())
    told = json.loads(path.read_text())
    assert told["reference"] == "2025-114"
    assert told["charter"]["sha256"] == charter_hash(world.net.charter)
    for signed in told["receipts"]:
        receipt = Receipt.model_validate(signed["receipt"])
        verify(told["hub_signing_key"], canonical(receipt), signed["signature"])
    assert path.stat().st_mode & 0o077 == 0
    for needle in NEEDLES:
        assert needle not in path.read_text() + out + caplog.text


def test_the_address_may_be_typed_unseen(world: RightsWorld, run: Run) -> None:
    run("forget", "--email", "-", typed=f"{MAIL}\n")
    assert world.visits() == 2


def test_the_network_takes_a_verified_identity(world: RightsWorld, run: Run) -> None:
    with pytest.raises(ConfigError):
        run("forget", "--email", MAIL, "--network", typed="n\n")
    with pytest.raises(ConfigError):
        run("forget", "--email", MAIL, "--network")
    assert (world.visits(), world.visits(OTHER)) == (4, 1)
    run("forget", "--email", MAIL, "--network", typed="y\n")
    assert (world.visits(), world.visits(OTHER)) == (2, 0)


def test_a_list_is_forgotten_in_one_sending(world: RightsWorld, run: Run, tmp_path: Path) -> None:
    people = tmp_path / "liste.csv"
    people.write_text(f"Nom;E-mail;Téléphone\nx;{MAIL};\n;;\ny;;06 11 22 33 45\nz;{ZOE['Email']};\n", "cp1252")  # fmt: skip
    told = json.loads(run("forget", "--list", str(people), "--json").stdout)
    assert len(told["receipts"]) == 1
    assert world.visits() == 0
    assert world.visits(OTHER) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("email\nana@exemple.fr\nni l'un ni l'autre\n", "line 3"),
        ("ana@exemple.fr\n", "no column called"),
        ("", "no column called"),
    ],
)
def test_a_list_that_cannot_be_read_changes_nothing(
    world: RightsWorld, run: Run, tmp_path: Path, text: str, expected: str
) -> None:
    people = tmp_path / "liste.csv"
    people.write_text(text)
    with pytest.raises(AgentError) as error:
        run("forget", "--list", str(people))
    assert expected in str(error.value) or not text
    assert "exemple" not in str(error.value)
    assert world.visits() == 4


def test_what_cannot_be_read_is_refused_without_an_echo(world: RightsWorld, run: Run) -> None:
    for wrong in (("forget", "--email", "canari"), ("show", "--phone", "canari"), ("show",)):
        with pytest.raises(IdentifierUnreadable) as error:
            run(*wrong)
        assert "canari" not in str(error.value)
    with pytest.raises(ConfigError):
        run("forget", "--email", MAIL, "--reference", MAIL)
    with pytest.raises(SourceMissing):
        run("forget", "--list", "nowhere.csv")
    assert world.visits() == 4


def test_forget_without_a_name_sends_what_waits(world: RightsWorld, run: Run) -> None:
    assert "Nothing waits" in run("forget").stdout
    desk = world.desk()
    erasure.erase_here(desk, named(email=MAIL), "venue")
    assert erasure.announce(desk, Patience(seconds=0)).waiting == 1
    assert "receipt of the vault checked" in run("forget").stdout
    assert world.visits() == 2


def test_resend_tells_all_again(world: RightsWorld, run: Run) -> None:
    run("forget", "--email", MAIL)
    assert "receipt" in run("forget", "--resend").stdout


def shown(run: Run, *who: str) -> Any:
    return json.loads(run("show", *who, "--json").stdout)


@pytest.mark.parametrize("who", [("--email", MAIL), ("--phone", PHONE)])
def test_show_answers_from_the_agent_alone(
    world: RightsWorld, run: Run, who: tuple[str, str]
) -> None:
    world.line.asked.clear()
    answer = shown(run, *who)
    assert world.line.asked == []
    (record,) = answer["records"]
    assert [(m["month"], m["state"], len(m["visits"])) for m in record["months"]] == [
        ("2025-10", "accepted", 1),
        ("2025-11", "accepted", 1),
    ]
    month = record["months"][0]
    assert month["received"] == "2025-11-03T12:00:00Z"
    assert month["charter"]["revision"] == 1
    assert month["charter"]["sha256"] == charter_hash(world.net.charter)
    assert month["person"]["statistics"] == "yes"
    assert len(month["person"]["tokens"].split()) == 2
    assert month["visits"][0]["event_date"] == "2025-10-15"
    text = run("show", *who).stdout
    assert "revision 1" in text
    assert "2025-10-15" in text
    for needle in NEEDLES:
        assert needle not in text + json.dumps(answer)


def test_show_says_when_several_people_carry_it(world: RightsWorld, run: Run) -> None:
    world.export(CANARY | OCTOBER, ZOE | OCTOBER | {"Email": MAIL})
    world.prepare()
    answer = shown(run, "--email", MAIL)
    assert len(answer["records"]) == 2
    assert {m["state"] for r in answer["records"] for m in r["months"]} == {"waiting"}
    assert "Several people" in run("show", "--email", MAIL).stdout


def test_show_of_nobody_and_of_somebody_forgotten(world: RightsWorld, run: Run) -> None:
    assert "holds nothing" in run("show", "--email", "inconnue.verte@exemple.fr").stdout
    run("forget", "--email", MAIL)
    answer = shown(run, "--email", MAIL)
    assert answer["records"] == []
    assert answer["forgotten_since"] == "2025-11-03T12:00:00Z"
    assert "suppression list since" in run("show", "--email", MAIL).stdout


def test_leave_empties_the_hub_and_proves_it(world: RightsWorld, run: Run) -> None:
    with pytest.raises(ConfigError):
        run("leave", typed="n\n")
    assert world.visits() == 4
    out = run("leave", typed="y\n").stdout
    assert (world.visits(), world.visits(OTHER)) == (0, 1)
    assert "editions published" in out
    home = world.desk().home
    (proof,) = (home.path / "proofs").glob("leave-*.json")
    told = json.loads(proof.read_text())["receipts"]
    assert [r["receipt"]["month"] for r in told] == ["2025-10", "2025-11"]
    rows = [{f["name"]: f["rows"] for f in r["receipt"]["files"]} for r in told]
    assert rows[1].pop("erasures.csv") == 2
    assert rows == [{"persons.csv": 0, "visits.csv": 0}] * 2
    with pytest.raises(NotJoined):
        open_desk(home, world.desk().clock)


def test_leave_ends_what_a_failure_left(world: RightsWorld, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(cli_rights, "Patience", lambda: Patience(seconds=0))
        assert "2 batches wait" in run("leave", "--yes").stdout
    assert not (world.desk().home.path / "left.json").exists()
    asked = len(world.line.asked)
    assert "editions published" in run("leave", "--yes").stdout
    assert world.visits() == 0
    assert not any("PUT" in line for line in world.line.asked[asked:])  # nothing was sealed anew


def test_a_leaving_venue_comes_back_from_no_backup(
    world: RightsWorld, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "copy").mkdir()
    world.backup(tmp_path / "copy")
    run("leave", "--yes")
    world.restore(tmp_path / "copy")
    assert world.visits() == 0
    with world.vault.database.reading() as connection:
        assert index.tombstones(connection)
