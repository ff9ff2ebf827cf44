"""A coordinator enters a partner's request at the terminal, sees what waits, and the vault's process signs."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.clock import SystemClock, stamp
from hub import audience_answers, cli_requests
from hub.cli import app as cli
from hub.cube.audience import answer_bytes
from hub.errors import AudienceRefused, ConfigError
from hub.people.roles import Grant, Role
from hub.store import audiences
from hub.store.database import Control, open_control
from tests.support.audience_world import asked, opened, somebody
from tests.support.control_world import VENUES
from tests.support.orders import PARTNER

runner = CliRunner()
DAY = dt.timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "vault.toml").write_text('network = "reseau"\n')
    return tmp_path


@pytest.fixture
def control(home: Path) -> Control:
    control = open_control(f"sqlite:///{home / 'control.sqlite'}")
    control.migrate()
    opened(control, valid_from="2020-01-01T00:00:00Z", expires="2099-01-01T00:00:00Z")
    return control


@pytest.fixture(autouse=True)
def broad(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal where no cell of a table is broken, whatever it was when the command was first loaded."""
    monkeypatch.setattr(cli_requests.console, "width", 200)


def run(home: Path, *words: str) -> str:
    answer = runner.invoke(cli, ["audience", *words, "--home", str(home)])
    if answer.exception:
        raise answer.exception
    return answer.output


def test_a_request_from_the_terminal(home: Path, control: Control) -> None:
    now = SystemClock().now()
    days = {"first_day": 20, "last_day": 40}
    plain = asked().model_dump(mode="json", exclude={"request", "partner", "codes"})
    plain |= {name: stamp(now + count * DAY)[:10] for name, count in days.items()}
    plain["expires"] = stamp(now + 60 * DAY)
    (home / "demande.json").write_text(json.dumps(plain))
    name = run(home, "request", str(home / "demande.json"), "--partner", PARTNER).strip()
    assert "les lieux répondent jusqu" in run(home, "submit", name)
    with pytest.raises(AudienceRefused, match="submitted"):
        run(home, "submit", name)
    person = somebody(control, "a@exemple.fr", Grant(Role.MARKETING, VENUES[0]))
    with control.transaction(SystemClock()) as tx:
        audience_answers.approve(tx, name, VENUES[0], by=person)
        tx.commit()
    listed = run(home, "list")
    assert f"{VENUES[0]}\u00a0: accord" in listed
    assert "soumise" in listed
    assert "Personne à relancer" in run(home, "due")
    with control.reading() as reading:
        assert [deed.person for deed in audiences.deeds(reading, name)][:3] == ["operator"] * 3
    with pytest.raises(ConfigError, match="no request"):
        run(home, "request", str(home / "nothing.json"), "--partner", PARTNER)
    with pytest.raises(ConfigError, match="No request"):
        run(home, "submit", "d00")


def test_where_nothing_is_published_the_answer_is_as_long_as_any() -> None:
    assert len(answer_bytes(None)) == 65_536
    assert json.loads(answer_bytes(None))["total"] is None
