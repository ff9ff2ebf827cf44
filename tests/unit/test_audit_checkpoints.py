"""What an audit found is kept beside its report as it comes, and serves again under the same code and terms alone."""

import json
import math

import pytest
from typer.testing import CliRunner

from hub import cli, cli_audit
from hub.audit import run
from hub.audit.checkpoints import CheckpointFolder, code_sha256
from hub.audit.checks import Finding
from hub.audit.run import Terms, audit, steps
from hub.audit.statistic import Apart
from hub.errors import AuditAlarm

TERMS = {"draws": 50}
FOUND = Finding("bridge", 5.5, Apart(2.0, 1.5, -math.inf), ("too far",), {"draws": 50.0})

TORN = [
    '{"bound_to"',
    "{}",
    "[]",
    "null",
    '{"bound_to": {"draws": 50}}',
    '{"bound_to": {"draws": 50}, "finding": []}',
    '{"bound_to": {"draws": 50}, "finding": {"found": null, "problems": []}}',
]


def test_a_finding_comes_back_as_it_was(tmp_path) -> None:
    CheckpointFolder(tmp_path / "audit.json", TERMS).write(FOUND)
    assert CheckpointFolder(tmp_path / "audit.json", TERMS).read("bridge") == FOUND
    (kept,) = (tmp_path / "audit.json-findings").rglob("*.*")
    assert kept.name == "bridge.json"
    assert "Infinity" not in kept.read_text("utf-8")  # RFC 8259 has none


def test_other_terms_are_not_believed(tmp_path) -> None:
    kept = CheckpointFolder(tmp_path / "audit.json", TERMS)
    kept.write(FOUND)
    other = CheckpointFolder(tmp_path / "audit.json", {"draws": 51})
    assert other.read("bridge") is None
    assert kept.read("once") is None
    other.write(Finding("bridge"))
    assert kept.read("bridge") == FOUND  # an alarm is not drawn away under other terms


def test_a_finding_of_another_check_is_not_believed(tmp_path) -> None:
    kept = CheckpointFolder(tmp_path / "audit.json", TERMS)
    kept.write(Finding("noise"))
    (noise,) = (tmp_path / "audit.json-findings").rglob("noise.json")
    noise.with_name("bridge.json").write_bytes(noise.read_bytes())
    assert kept.read("bridge") is None


@pytest.mark.parametrize("torn", TORN)
def test_a_file_that_is_no_finding_is_not_believed(tmp_path, torn: str) -> None:
    kept = CheckpointFolder(tmp_path / "audit.json", TERMS)
    kept.write(FOUND)
    (file,) = (tmp_path / "audit.json-findings").rglob("bridge.json")
    file.write_text(torn, "utf-8")
    assert kept.read("bridge") is None


def test_the_code_s_digest_is_that_of_the_code(monkeypatch) -> None:
    before = code_sha256()
    assert before == code_sha256()
    monkeypatch.setattr("importlib.metadata.version", lambda _name: "0")
    assert code_sha256() != before
    monkeypatch.undo()
    monkeypatch.setattr("sys.version", "2.7")
    assert code_sha256() != before


@pytest.mark.parametrize("name", ["epci.csv", "schemas/cube.json", "query.sql", "epci.py"])
def test_what_the_code_reads_is_in_its_digest(monkeypatch, tmp_path, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("one", "utf-8")
    monkeypatch.setattr("contracts.__path__", [str(tmp_path)])
    before = code_sha256()
    file.write_text("other", "utf-8")
    assert code_sha256() != before


class Remembered:
    """Everything was found before, but for what is named."""

    def __init__(self, missing: str) -> None:
        self.missing, self.written = missing, []

    def read(self, name: str) -> Finding | None:
        return None if name == self.missing else Finding(name)

    def write(self, finding: Finding) -> None:
        self.written.append(finding.name)


def test_only_what_is_missing_is_made(monkeypatch) -> None:
    made = []
    monkeypatch.setattr(
        run._Audit, "finding", lambda _self, name: made.append(name) or Finding(name)
    )
    kept = Remembered("guard")
    terms = Terms(runs=1)
    assert [finding.name for finding in audit(terms, kept)] == list(steps(terms))
    assert made == kept.written == ["guard"]


def test_a_stop_keeps_what_was_found_before_it(monkeypatch, tmp_path) -> None:
    def until_bridge(_self, name: str) -> Finding:
        if name == "bridge":
            raise KeyboardInterrupt
        return Finding(name)

    monkeypatch.setattr(run._Audit, "finding", until_bridge)
    report = tmp_path / "audit.json"
    arguments = ["audit", "--quick", "--report", str(report)]
    CliRunner().invoke(cli.app, arguments)
    assert not report.exists()
    made = []
    monkeypatch.setattr(
        run._Audit, "finding", lambda _self, name: made.append(name) or Finding(name)
    )
    told = CliRunner().invoke(cli.app, arguments)
    assert told.exit_code == 0
    assert made == ["bridge", "guard"]
    assert "Repris de l'audit commencé" in told.stdout
    written = json.loads(report.read_text("utf-8"))
    assert [each["name"] for each in written["findings"]] == list(steps(Terms()))
    assert written["taken_up"] == list(steps(Terms()))[:-2]
    assert written["code_sha256"] == code_sha256()


def test_a_report_that_cannot_be_written_is_told_before_the_first_draw(tmp_path) -> None:
    (tmp_path / "audit.json-findings").write_text("", "utf-8")
    told = CliRunner().invoke(cli.app, ["audit", "--quick", "--report", str(tmp_path / "audit.json")])  # fmt: skip
    assert told.exit_code == 2
    assert "--report" in told.output


def test_an_alarm_is_kept_too(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(
        run._Audit, "finding", lambda _self, name: Finding(name, problems=("lent",))
    )
    arguments = ["audit", "--quick", "--report", str(tmp_path / "audit.json")]
    assert isinstance(CliRunner().invoke(cli.app, arguments).exception, AuditAlarm)
    monkeypatch.setattr(run._Audit, "finding", lambda _self, name: Finding(name))
    assert isinstance(CliRunner().invoke(cli.app, arguments).exception, AuditAlarm)


@pytest.mark.parametrize("said", ["ALARME", "μ  2,000 pour  5,500 permis (au moins  1,500"])
def test_each_finding_is_a_line(monkeypatch, said) -> None:
    monkeypatch.setattr(cli_audit.console, "width", 300)
    monkeypatch.setattr(run, "steps", lambda _terms: ("bridge",))
    monkeypatch.setattr(run._Audit, "finding", lambda _self, _name: FOUND)
    assert said in CliRunner().invoke(cli.app, ["audit", "--quick"]).stdout
