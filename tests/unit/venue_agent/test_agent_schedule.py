"""The timer and the task: what the systems' own readers make of them, and what is done and undone."""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from venue_agent.errors import ConfigError
from venue_agent.schedule import plan, systemd, windows
from venue_agent.schedule.job import Job, program, time_of
from venue_agent.schedule.plan import Command, Plan

NASTY = 'it\'s 100 % "sure" $HOME'
STATE = Path("/var/lib/farandole-agent")
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
posix = pytest.mark.skipif(os.name == "nt", reason="systemd is not there")


@pytest.fixture(autouse=True)
def _installed_for_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", "/opt/farandole")
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setattr("venue_agent.schedule.job.__file__", "/opt/farandole/lib/x/y/job.py")


def job(home: Path = STATE, words: tuple[str, ...] = ("/usr/bin/venue-agent",)) -> Job:
    return Job(words, home, dt.time(4, 30), "fr")


@pytest.mark.parametrize(("text", "time"), [("04:30", dt.time(4, 30)), (" 4:05 ", dt.time(4, 5)), ("23:59", dt.time(23, 59))])  # fmt: skip
def test_a_time_of_day(text: str, time: dt.time) -> None:
    assert time_of(text) == time


@pytest.mark.parametrize("text", ["", "4", "24:00", "4h30", "04:60", "04:30:00", "04:30\nUser=root", "٠٤:٣٠"])  # fmt: skip
def test_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(ConfigError, match="04:30"):
        time_of(text)


@pytest.mark.parametrize("change", [{"group": "a\nUser=root"}, {"group": "a b"}, {"home": Path("/a\nUser=root")}, {"program": ("/a\nb",)}])  # fmt: skip
def test_nothing_ends_a_line_of_a_unit(change: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        Job(**{"program": ("/a",), "home": STATE, "at": dt.time(4), "language": "fr"} | change)  # type: ignore[arg-type]


def test_the_program_is_started_as_it_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    typed = tmp_path / "venue-agent"
    typed.touch(0o755)
    assert program([str(typed), "schedule"]) == (str(typed),)
    assert program([str(tmp_path / "pytest")]) == (sys.executable, "-m", "venue_agent")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program([str(typed)]) == (sys.executable,)


def written(folder: Path, made: Job, *, system: bool = True) -> Path:
    (folder / systemd.TIMER).write_text(systemd.timer(made))
    path = folder / systemd.SERVICE
    path.write_text(systemd.service(made, system=system))
    return path


def analyzed(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *map(str, words)], capture_output=True, text=True, check=False
    )


@needs_systemd
@pytest.mark.parametrize("system", [True, False])
def test_systemd_finds_nothing_to_say(tmp_path: Path, *, system: bool) -> None:
    script = tmp_path / "100 % sure $HOME" / "venue-agent"  # systemd itself refuses quotes there
    script.parent.mkdir()
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    home = STATE if system else tmp_path / NASTY
    path = written(tmp_path, job(home, (str(script),)), system=system)
    told = analyzed("verify", "--man=no", path, tmp_path / systemd.TIMER)
    ours = [line for line in told.stderr.splitlines() if "venue-agent" in line]
    assert (told.returncode, ours) == (0, [])


@needs_systemd
def test_a_program_that_is_not_there_would_be_noticed(tmp_path: Path) -> None:
    told = analyzed("verify", "--man=no", written(tmp_path, job(words=("/nowhere/venue-agent",))))
    assert "/nowhere/venue-agent is not executable" in told.stderr


@needs_systemd
def test_the_service_is_as_closed_as_systemd_can_tell(tmp_path: Path) -> None:
    path = written(tmp_path, job())
    told = analyzed("security", "--offline=yes", "--threshold=16", "--no-pager", path)
    assert told.returncode == 0, told.stdout[-2000:]
    path.write_text(path.read_text().replace("ProtectSystem=strict\n", "").replace("SystemCallFilter", "X-"))  # fmt: skip
    assert analyzed("security", "--offline=yes", "--threshold=16", "--no-pager", path).returncode


@needs_systemd
def test_the_timer_s_time_is_read_as_meant(tmp_path: Path) -> None:
    (when,) = re.findall(r"OnCalendar=(.*)", systemd.timer(job()))
    assert "Normalized form: *-*-* 04:30:00" in analyzed("calendar", when).stdout


def test_venues_do_not_arrive_together_and_a_lost_night_is_caught_up() -> None:
    lines = systemd.timer(job()).splitlines()
    assert {"RandomizedDelaySec=45min", "FixedRandomDelay=yes", "Persistent=true"} <= set(lines)


def test_the_key_comes_as_a_credential_where_the_machine_has_one(tmp_path: Path) -> None:
    encrypted, plain = tmp_path / "encrypted", tmp_path / "plain"
    assert systemd.credentials(encrypted, plain) == ()
    for folder, directive in ((plain, "LoadCredential="), (encrypted, "LoadCredentialEncrypted=")):
        folder.mkdir()
        (folder / "farandole-signing.key").touch()
        (line,) = systemd.credentials(encrypted, plain)
        assert line == f"{directive}farandole-signing.key:{folder}/farandole-signing.key"
        assert line in systemd.service(job(), system=True, credentials=[line]).splitlines()


def test_exports_in_a_home_are_shown_to_the_service_read_only() -> None:
    made = Job(("/usr/bin/venue-agent",), STATE, dt.time(4), "fr", (Path("/home/caisse/exports"), Path("/srv/exports")), "caisse")  # fmt: skip
    lines = systemd.service(made, system=True).splitlines()
    assert "BindReadOnlyPaths=/home/caisse/exports" in lines
    assert not any("/srv/exports" in line for line in lines)
    assert "SupplementaryGroups=caisse" in lines
    assert not any(line.startswith(("Bind", "Supplementary", "DynamicUser")) for line in systemd.service(made, system=False).splitlines())  # fmt: skip


class Machine:
    """Notes what it is told to do."""

    def __init__(self, code: int = 0) -> None:
        self.told: list[Command] = []
        self.code = code

    def __call__(self, command: Command) -> int:
        self.told.append(command)
        return self.code


def plans(folder: Path) -> list[Plan]:
    home = folder / "agent"
    home.mkdir(exist_ok=True)
    return [
        plan.for_system(job(), folder / "system"),
        plan.for_user(job(home), folder / "user"),
        plan.for_windows(job(home)),
    ]


@posix
@pytest.mark.parametrize("which", range(3))
def test_what_is_done_is_undone(tmp_path: Path, which: int) -> None:
    before = sorted(tmp_path.rglob("*"))
    made, machine = plans(tmp_path)[which], Machine()
    assert not made.is_installed
    made.do(machine)
    assert made.is_installed
    assert machine.told == list(made.install)
    assert made.undo(machine)
    assert [p for p in sorted(tmp_path.rglob("*")) if p.is_file()] == [p for p in before if p.is_file()]  # fmt: skip
    done = machine.told[len(made.install) :]
    assert done == [*made.before_removal, *made.after_removal]
    assert not made.undo(machine)


@posix
def test_a_system_that_refuses_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"systemctl --user daemon-reload` ended with 1"):
        plans(tmp_path)[1].do(Machine(code=1))


def test_a_command_that_is_not_there_is_no_traceback() -> None:
    assert plan.start(("surely-no-such-command",)) == 127


@posix
@pytest.mark.parametrize(
    ("home", "words", "says"),
    [
        (Path("/srv/farandole"), ("/usr/bin/venue-agent",), "below /var/lib"),
        (STATE / "deep", ("/usr/bin/venue-agent",), "below /var/lib"),
        (STATE, ("/root/.local/bin/venue-agent",), "for the whole machine"),
        (STATE, ("/home/it/.local/bin/venue-agent",), "for the whole machine"),
    ],
)
def test_a_service_that_could_not_start_is_refused_before(
    tmp_path: Path, home: Path, words: tuple[str, ...], says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        plan.for_system(job(home, words), tmp_path)


@posix
def test_the_folder_that_systemd_moved_is_found_again(tmp_path: Path) -> None:
    made = plan.for_system(job(Path("/var/lib/private/farandole-agent")), tmp_path)
    text = made.files[tmp_path / systemd.SERVICE].decode()
    assert "StateDirectory=farandole-agent\n" in text
    assert "Environment=FARANDOLE_AGENT_HOME=/var/lib/farandole-agent\n" in text


# The order of elements in [MS-TSCH] 2.5: a list is a sequence, a set may stand in any order.
SHAPE: dict[str, list[str] | set[str]] = {
    "Task": {"RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"},
    "RegistrationInfo": {"URI", "SecurityDescriptor", "Source", "Date", "Author", "Version", "Description", "Documentation"},
    "Triggers": {"CalendarTrigger"},
    "CalendarTrigger": ["Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit", "RandomDelay", "ScheduleByDay"],
    "ScheduleByDay": {"DaysInterval"},
    "Principals": {"Principal"},
    "Principal": {"UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"},
    "Settings": {
        "AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy", "DisallowStartIfOnBatteries", "StopIfGoingOnBatteries",
        "AllowHardTerminate", "StartWhenAvailable", "NetworkProfileName", "RunOnlyIfNetworkAvailable", "WakeToRun", "Enabled",
        "Hidden", "DeleteExpiredTaskAfter", "IdleSettings", "NetworkSettings", "ExecutionTimeLimit", "Priority", "RunOnlyIfIdle",
    },
    "Actions": {"Exec"},
    "Exec": {"Command", "Arguments", "WorkingDirectory"},
}  # fmt: skip
VALUES = {
    "MultipleInstancesPolicy": "Parallel|Queue|IgnoreNew|StopExisting", "Priority": "[0-9]|10", "DaysInterval": "[1-9][0-9]{0,2}",
    "LogonType": "S4U|Password|InteractiveToken|InteractiveTokenOrPassword", "RunLevel": "LeastPrivilege|HighestAvailable",
    "RandomDelay": r"PT\d+M", "ExecutionTimeLimit": r"PT\d+H", "StartBoundary": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "URI": r"(\\[\w-]+)+",
}  # fmt: skip


def check_shape(element: ET.Element) -> None:
    name = element.tag.removeprefix(f"{{{windows.NAMESPACE}}}")
    inside = [child.tag.removeprefix(f"{{{windows.NAMESPACE}}}") for child in element]
    allowed = SHAPE.get(name, set())
    assert len(inside) == len(set(inside)), name
    assert set(inside) <= set(allowed), name
    if isinstance(allowed, list):
        assert inside == [child for child in allowed if child in inside], name
    if not inside:
        pattern = VALUES.get(name, "true|false" if name in SHAPE["Settings"] or name == "Enabled" else ".+")  # fmt: skip
        assert re.fullmatch(pattern, element.text or ""), name
    for child in element:
        check_shape(child)


def test_the_task_has_the_shape_that_the_scheduler_reads() -> None:
    home = Path("C:\\" + NASTY)
    data = windows.task(job(home, (r"C:\Program Files\venue-agent.exe",)))
    assert data[:2] == b"\xff\xfe"
    root = ET.fromstring(data.decode("utf-16"))
    assert (root.tag, root.attrib) == (f"{{{windows.NAMESPACE}}}Task", {"version": "1.2"})
    check_shape(root)
    space = {"t": windows.NAMESPACE}
    context, principal = root.find("t:Actions", space), root.find("t:Principals/t:Principal", space)
    assert context is not None
    assert principal is not None
    assert context.attrib["Context"] == principal.attrib["id"]
    assert root.findtext("t:Triggers/t:CalendarTrigger/t:StartBoundary", "", space).endswith("T04:30:00")  # fmt: skip
    assert root.findtext("t:Actions/t:Exec/t:Command", "", space) == r"C:\Program Files\venue-agent.exe"  # fmt: skip
    arguments = root.findtext("t:Actions/t:Exec/t:Arguments", "", space)
    assert arguments == "run --home " + subprocess.list2cmdline([str(home)]) + " --lang fr"


def test_a_shape_that_is_wrong_would_be_noticed() -> None:
    text = windows.task(job()).decode("utf-16").replace("RandomDelay", "RandomisedDelay")
    with pytest.raises(AssertionError):
        check_shape(ET.fromstring(text))


def test_the_files_can_be_read_by_machines(tmp_path: Path) -> None:
    told = json.dumps({str(k): v.decode("utf-16") for k, v in plans(tmp_path)[2].files.items()})
    assert "venue-agent.xml" in told
