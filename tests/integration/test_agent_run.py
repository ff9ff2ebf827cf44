"""The daily round: withdrawals first, nothing sealed or sent twice, silent, and its exit codes kept."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import rights_world
from tests.support.rights_world import (  # fmt: skip
    BOTH,
    CANARY,
    MAIL,
    NOVEMBER,
    OCTOBER,
    VENUE,
    ZOE,
    RightsWorld,
    Template,
)
from tests.support.venue_it import Post, joined, post, prepared, town  # noqa: F401 - fixtures
from venue_agent.commands import run as cli_run
from venue_agent.config import Home
from venue_agent.errors import HubDown, SourceMissing
from venue_agent.hearing import silent
from venue_agent.home.lock import alone
from venue_agent.network.transport import Unreachable
from venue_agent.outbox.journal import journal
from venue_agent.push import Patience
from venue_agent.rights import erasure
from venue_agent.rights.erasure import suppressions
from venue_agent.rights.named import named
from venue_agent.schedule import plan
from venue_agent.tasks.daily import Round, go_round

BLIND = Patience(seconds=0)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return rights_world.template(tmp_path_factory.mktemp("network"))


@pytest.fixture
def world(tmp_path: Path, template: Template) -> Iterator[RightsWorld]:
    with rights_world.opened(tmp_path, template) as world:
        world.export(*BOTH)
        yield world


def go(world: RightsWorld, patience: Patience | None = None) -> Round:
    desk = world.desk()
    return go_round(desk, journal(desk.home), silent, patience or world.patience())


def parts_sent(world: RightsWorld) -> list[str]:
    return [asked for asked in world.line.asked if asked.startswith("PUT") and "/parts/" in asked]


def seals(world: RightsWorld) -> list[str]:
    return [part.sha256 for packed in world.desk().spool.unsent() for part in packed.commit.parts]


def steps(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / "log" / "agent.jsonl").read_text().splitlines()]


def test_a_round_prepares_and_sends_and_the_next_one_has_nothing_to_do(world: RightsWorld) -> None:
    done = go(world)
    assert (done.sending.before, len(done.sending.receipts), world.visits()) == (2, 2, 4)
    lines = steps(world.root / VENUE)
    assert [line["step"] for line in lines] == ["charter", "preview", "push"]
    assert lines[-1]["receipts"] == 2
    world.line.asked.clear()
    assert go(world).sending.before == 0
    assert parts_sent(world) == []


def test_an_interrupted_sending_goes_on_with_the_very_parts_that_the_hub_has(world: RightsWorld) -> None:  # fmt: skip
    def cut(method: str, _path: str) -> None:
        if method == "POST":
            raise Unreachable("cut")

    world.line.before = cut
    with pytest.raises(HubDown):
        go(world)
    first = parts_sent(world)
    world.line.before = lambda _method, _path: None
    world.line.asked.clear()
    assert len(go(world).sending.receipts) == 2
    assert not set(first) & set(parts_sent(world))
    assert len({*first, *parts_sent(world)}) == 2


def test_what_waits_for_its_receipt_is_not_sent_again(world: RightsWorld) -> None:
    assert go(world, BLIND).sending.waiting == 2
    world.line.asked.clear()
    world.open_all()
    assert go(world).sending.waiting == 0
    assert parts_sent(world) == []


def test_the_same_rows_under_a_reading_that_grew_old_are_sealed_anew(
    world: RightsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.prepare()
    before = seals(world)
    world.prepare()
    assert seals(world) == before
    monkeypatch.setattr("venue_agent.tasks.resume.YOUNG", -1 * rights_world.NOW.resolution)
    world.prepare()
    assert not set(before) & set(seals(world))


def test_a_withdrawal_goes_even_when_the_export_is_broken(world: RightsWorld) -> None:
    go(world)
    erasure.erase_here(world.desk(), named(email=MAIL), "venue")
    for export in (world.desk().home.path / "exports").iterdir():
        export.unlink()
    with pytest.raises(SourceMissing):
        go(world)
    assert world.visits() == 2
    assert suppressions(world.desk()).waiting() == []


def test_a_month_that_carries_a_withdrawal_waits_for_its_own_receipt(world: RightsWorld) -> None:
    go(world)
    erasure.erase_here(world.desk(), named(email=MAIL), "venue")
    world.export(CANARY | OCTOBER, ZOE | OCTOBER, ZOE | NOVEMBER)
    assert go(world, BLIND).withdrawals_waiting == 1
    carriers = {w.sequence for w in suppressions(world.desk()).waiting()}
    assert carriers <= {packed.commit.sequence for packed in world.desk().spool.unsent()}
    world.open_all()
    done = go(world)
    assert (done.withdrawals, done.withdrawals_waiting) == (1, 0)
    assert world.visits() == 2


def test_another_season_s_key_makes_the_whole_list_due(world: RightsWorld) -> None:
    go(world)
    world.forget(email=MAIL)
    book, desk = suppressions(world.desk()), world.desk()
    charter = desk.charter()
    here = bytes.fromhex(charter.custodian.season_keys[charter.pseudonym_season])
    assert not book.is_of_another(here)
    assert book.is_of_another(bytes(32))
    with book._handles.session() as session:
        session.execute("UPDATE withdrawal SET epoch = ?", (bytes(32),))
    spent = world.erasures_spent()
    assert go(world).withdrawals == 1
    assert not book.is_of_another(here)
    assert world.erasures_spent() > spent
    with book._handles.session() as session:  # a customer number has no season
        session.execute("UPDATE withdrawal SET masked = x''")
    assert not book.is_of_another(bytes(32))


def test_the_command_is_silent_without_a_terminal(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip  # noqa: F811
    monkeypatch.setattr(cli_run, "SECONDS", 0.0)
    assert post.run("run") == (0, "")
    assert [line["step"] for line in steps(post.home)][-5:] == ["begin", "charter", "preview", "push", "end"]  # fmt: skip
    code, said = post.run("run", "--json")
    assert code == 0
    assert json.loads(said)["batches_waiting"] == json.loads(said)["batches"] > 0


def test_a_failed_round_says_why_and_keeps_its_code(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip  # noqa: F811
    monkeypatch.setattr(cli_run, "SECONDS", 0.0)
    post.export.unlink()
    code, said = post.run("run")
    assert (code, "SourceMissing" in said) == (11, True)
    assert steps(post.home)[-1]["exit_code"] == 11


def test_two_rounds_at_once(post: Post) -> None:  # noqa: F811
    with alone(Home(post.home)):
        code, said = post.run("run")
    assert (code, "AlreadyRunning" in said) == (52, True)


@pytest.mark.skipif(os.name == "nt", reason="systemd is not there")
def test_the_round_is_scheduled_on_paper_then_in_place_then_not_at_all(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip  # noqa: F811
    told: list[tuple[str, ...]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(plan, "start", lambda command: told.append(command) or 0)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(post.home / "settings"))
    units = post.home / "settings" / "systemd" / "user"
    code, said = post.run("schedule", "--at", "5:15", "--show", "--json")
    shown = json.loads(said)
    assert (code, shown["kind"], shown["installed"], list(shown["files"])) == (0, "user", False, [f"{units}/venue-agent.service", f"{units}/venue-agent.timer"])  # fmt: skip
    code, said = post.run("schedule", "--at", "5:15")
    assert (code, "systemctl --user enable --now venue-agent.timer" in said, units.exists()) == (0, True, False)  # fmt: skip
    assert "OnCalendar=*-*-* 05:15:00" in (post.home / "schedule" / "venue-agent.timer").read_text()
    assert told == []
    code, said = post.run("schedule", "--install", "--lang", "en")
    assert (code, "within 45 minutes after 04:30" in said, sorted(p.name for p in units.iterdir())) == (0, True, ["venue-agent.service", "venue-agent.timer"])  # fmt: skip
    assert f"FARANDOLE_AGENT_HOME={post.home}\n" in (units / "venue-agent.service").read_text()
    assert post.run("schedule", "--remove", "--lang", "en") == (0, "Taken away.\n")
    assert list(units.iterdir()) == []
    assert post.run("schedule", "--remove", "--lang", "en") == (0, "Nothing was scheduled.\n")
    assert post.run("schedule", "--remove", "--show")[0] == 10


def test_a_folder_that_a_service_of_the_system_cannot_have_is_said(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip  # noqa: F811
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    code, said = post.run("schedule", "--lang", "en")
    assert (code, "/var/lib/farandole-agent" in said) == (10, True)
