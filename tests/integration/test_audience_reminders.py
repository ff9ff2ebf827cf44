"""Who has still to answer is written to, and what nobody submitted goes."""

import datetime as dt
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.clock import FixedClock
from hub import audience_answers, audience_desk, audience_reminders, cli_reminders
from hub.audience_reminders import Reminder
from hub.cli import app
from hub.config import WEB_FILE
from hub.errors import ConfigError
from hub.people.roles import Grant, Role
from hub.store import audiences
from hub.store.database import Control
from tests.support import audience_world as world
from tests.support.control_world import CLOCK, VENUES

TERM = 15  # days after the submission's
RUNNER = CliRunner()


@pytest.fixture
def control(tmp_path: Path) -> Control:
    return world.fresh(tmp_path / "control.sqlite")


def at(control: Control, day: int, *, whenever: bool = False) -> dict[str, int]:
    clock = world.later(day)
    with control.transaction(clock) as tx:
        found = audience_reminders.reminders(tx, tx.now(), whenever=whenever)
    return {each.email: each.requests for each in found}


def test_who_may_still_answer_is_written_to_three_times_in_the_last_week(control: Control) -> None:
    terms = world.opened(control, dpo_approves_audiences=True)
    first, second = VENUES[:2]
    ana = world.somebody(control, "ana@un.fr", Grant(Role.MARKETING, first))
    world.somebody(control, "bob@deux.fr", Grant(Role.MARKETING, second))
    world.somebody(control, "dee@deux.fr", Grant(Role.HOUSE_DPO, second))
    world.somebody(control, "it@un.fr", Grant(Role.IT, first))
    kept = world.submitted(control, terms, world.asked(sources=[first, second]))
    world.submitted(control, terms, world.asked("demande-2", sources=[second]))
    assert at(control, 1) == at(control, TERM) == {}
    everybody = {"ana@un.fr": 1, "bob@deux.fr": 2, "dee@deux.fr": 2}
    assert at(control, TERM - 7) == at(control, TERM - 3) == at(control, TERM - 1) == everybody
    assert at(control, TERM - 5) == {}
    assert at(control, TERM - 5, whenever=True) == everybody
    with control.transaction(world.later(2)) as tx:
        audience_answers.approve(tx, kept.request, first, by=ana)
        tx.commit()
    assert set(at(control, TERM - 7)) == {"bob@deux.fr", "dee@deux.fr"}


def test_a_letter_names_no_partner_and_repeats_none_of_its_words(control: Control) -> None:
    terms = world.opened(control)
    world.somebody(control, "ana@un.fr", Grant(Role.MARKETING, VENUES[0]))
    kept = world.submitted(control, terms, world.asked())
    with control.transaction(world.later(TERM - 1)) as tx:
        (one,) = audience_reminders.reminders(tx, tx.now())
    told = audience_reminders.letter(one, "hub@reseau.fr", "https://hub.exemple.fr/")
    text = told.get_content()
    assert told["To"] == "ana@un.fr"
    assert "https://hub.exemple.fr/bureau/demandes-recues/" in text
    assert kept.issued_at is not None
    last = dt.date.fromisoformat(kept.issued_at[:10]) - dt.timedelta(days=1)
    assert f"est le {last:%d/%m/%Y} (minuit, UTC)" in text
    for word in (kept.partner, kept.request, kept.asked.offer, kept.asked.partner_name):
        assert word not in told.as_string()


def test_only_drafts_that_nobody_pursued_go(control: Control) -> None:
    terms = world.opened(control)
    world.submitted(control, terms, world.asked("soumise"))
    with control.transaction(CLOCK) as tx:
        for name, expires in (("expire", "2025-10-31T00:00:00Z"), ("loin", "2027-06-30T00:00:00Z")):
            asked = world.asked(
                name, first_day="2025-10-01", last_day="2025-10-30", expires=expires
            )
            audience_desk.write(tx, asked, terms, by=world.PROGRAM)
        tx.commit()

    def left(clock: FixedClock) -> set[str]:
        with control.transaction(clock) as tx:
            audience_reminders.purge(tx)
            tx.commit()
        with control.reading() as reading:
            return {kept.request for kept in audiences.of_partner(reading, world.PARTNERS[0])}

    assert left(world.later(5)) == {"soumise", "expire", "loin"}
    assert left(world.later(120)) == {"soumise", "loin"}
    assert left(world.later(400)) == {"soumise"}
    with control.reading() as reading:
        assert audiences.deeds(reading, "expire")  # the register keeps what was done


def test_an_address_that_is_refused_keeps_no_other_letter_back(tmp_path: Path) -> None:
    program = tmp_path / "sendmail"
    program.write_text(
        f'#!/bin/sh\ngrep "^To:" >> {tmp_path}/sent\ngrep -q ana {tmp_path}/sent && exit 0\nexit 67\n'
    )
    program.chmod(stat.S_IRWXU)
    waiting = [
        Reminder(email, 1, "2025-10-01T00:00:00Z") for email in ("aa@refuse.fr", "ana@un.fr")
    ]
    letters = [audience_reminders.letter(each, "hub@reseau.fr", "https://h") for each in waiting]
    with pytest.raises(ConfigError, match="67"):
        cli_reminders._send_all(letters, program)
    assert (tmp_path / "sent").read_text() == "To: aa@refuse.fr\nTo: ana@un.fr\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    control = world.fresh(tmp_path / "control.sqlite")
    world.somebody(control, "ana@un.fr", Grant(Role.MARKETING, VENUES[0]))
    world.submitted(control, world.opened(control), world.asked())
    control.close()
    settings = (
        f'network = "reseau"\nsigning_key = "{"ab" * 32}"\npublic_url = "https://hub.exemple.fr"\n'
    )
    (tmp_path / WEB_FILE).write_text(settings)
    monkeypatch.setattr(cli_reminders, "SystemClock", lambda: world.later(TERM - 7))
    return tmp_path


def test_the_command_hands_letters_to_the_machines_own_program(home: Path) -> None:
    program = home / "sendmail"
    program.write_text(f'#!/bin/sh\necho "$@" > {home}/words\ncat > {home}/letter\n')
    program.chmod(stat.S_IRWXU)
    plain = ["audience", "remind", "--home", str(home)]
    assert "ana@un.fr\u00a0: 1" in RUNNER.invoke(app, plain).output
    assert not (home / "letter").exists()
    done = RUNNER.invoke(app, [*plain, "--from", "hub@reseau.fr", "--program", str(program)])
    assert done.exit_code == 0, done.exception
    assert (home / "words").read_text() == "-t -oi\n"
    assert "To: ana@un.fr" in (home / "letter").read_text()
    lost = RUNNER.invoke(app, [*plain, "--from", "hub@reseau.fr", "--program", str(home / "none")])
    assert isinstance(lost.exception, ConfigError)
    assert "0 brouillon" in RUNNER.invoke(app, ["audience", "purge", "--home", str(home)]).output
