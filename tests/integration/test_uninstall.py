"""`uninstall` takes back all that the agent put on the machine, and nothing that was there before it."""

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from contracts.seal import fingerprint
from tests.support import rights_world
from tests.support.key_rings import HeldKeyring
from tests.support.rights_world import BOTH, MAIL, PHONE, RightsWorld, Template
from tests.support.venue_it import ROOT, VENUE, OffsetClock, Post, joined, post, prepared, town
from venue_agent import cli, words
from venue_agent.commands import uninstall as cli_uninstall
from venue_agent.config import Home
from venue_agent.credentials import keys
from venue_agent.errors import AgentError, AlreadyRunning, ConfigError, KeyringUnusable
from venue_agent.home import inventory
from venue_agent.home.lock import alone
from venue_agent.people.handles import Handles
from venue_agent.rights import keepsake
from venue_agent.rights.named import named
from venue_agent.rights.suppress import Suppressions
from venue_agent.schedule import found, systemd
from venue_agent.schedule.job import Job, time_of
from venue_agent.schedule.plan import for_user
from venue_agent.tasks import uninstall

__all__ = ["joined", "post", "prepared", "town"]  # fixtures
CLOCK = OffsetClock()


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder below *folder*, with what is in the files."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}  # fmt: skip


@pytest.fixture
def machine(post: Post, held_keyring: HeldKeyring) -> Iterator[Path]:
    """A machine with exports and a mapping, on which no agent ever was; *post* types its commands there."""
    root = post.home.parent / "machine"
    home = root / "agent"
    home.mkdir(parents=True)
    shutil.copytree(post.home / "exports", home / "exports")
    shutil.copyfile(ROOT / "venue_agent" / "presets" / "fr23plus.toml", home / "mapping.toml")
    (root / "config" / "systemd" / "user").mkdir(parents=True)
    post.patch.setenv("XDG_CONFIG_HOME", str(root / "config"))
    post.patch.setattr(os, "geteuid", lambda: 1000)  # a timer of one user's
    post.home = home
    assert held_keyring.entries == {}
    return root


def install(post: Post, *, whole: bool = False) -> None:
    """Join and have it started every day; *whole*: prepare and send too, and leave traces of every kind."""
    keys.put(post.home / "keys", keys.SIGNING, post.town.net.keys[VENUE])
    print_ = fingerprint(post.town.net.charter.hub.signing_key)
    words_ = ("--venue", VENUE, "--hub", post.town.hub_url, "--fingerprint", print_)
    code = post.town.invite(VENUE)
    more = ("--custodian", post.town.custodian_url, "--yes", "--code", code)
    assert post.run("init", *words_, *more)[0] == 0
    if whole:
        assert post.run("preview")[0] == 0
        assert post.run("report")[0] == 0
        assert post.run("approve", "--who", "Déléguée", "--yes")[0] == 0
        assert post.run("push", "--no-wait")[0] == 0
        assert post.run("show", "--email", "personne9@mail.example")[0] == 0
        post.run("doctor")
    assert post.run("schedule")[0] == 0
    job = Job((sys.executable,), post.home, time_of("04:30"), "fr")
    for_user(job).do(lambda _command: 0)


def test_what_the_agent_made_is_what_goes(machine: Path, post: Post, held_keyring: HeldKeyring) -> None:  # fmt: skip
    before = tree(machine)
    install(post, whole=True)
    assert len(held_keyring.entries) == 2
    assert post.run("keys", "move", "--to", "file")[0] == 0
    assert post.run("keys", "move", "--to", "keyring")[0] == 0
    assert (machine / "config" / "systemd" / "user" / "venue-agent.timer").exists()
    assert [p.name for p in inventory.others(post.home)] == ["essai_billetterie.csv", "mapping.toml"]  # fmt: skip
    code, said = post.run("uninstall", "--yes", "--stay", "--keep", "none", "--lang", "en")
    assert code == 0, said
    assert tree(machine) == before
    assert held_keyring.entries == {}
    assert "2 files of the venue's own stay" in said


def test_everything_takes_the_mapping_and_never_an_export(machine: Path, post: Post) -> None:
    exports = tree(post.home / "exports")
    install(post)
    assert post.run("uninstall", "--yes", "--stay", "--everything")[0] == 0
    assert tree(post.home) == {"exports": None} | {f"exports/{k}": v for k, v in exports.items()}


def test_a_folder_that_held_nothing_else_goes_too(post: Post) -> None:
    shutil.rmtree(post.home / "exports")
    assert post.run("uninstall", "--yes", "--stay", "--everything")[0] == 0
    assert not post.home.exists()


def test_what_the_venue_put_in_the_agents_folders_stays(post: Post) -> None:
    for name in ("log/messages.txt", "preview/affiche.pdf", "report.csv", "keys/porte.txt"):
        (post.home / name).parent.mkdir(exist_ok=True)
        (post.home / name).write_text("au lieu")
    elsewhere = post.home.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "2026-01").mkdir()
    (elsewhere / "2026-01" / "x.txt").write_text("au lieu")
    shutil.rmtree(post.home / "charters")
    (post.home / "spool" / "2020-01").symlink_to(elsewhere / "2026-01")
    code, said = post.run("uninstall", "--json", "--stay")
    assert code == 0
    stays = json.loads(said)["stays"]
    assert {Path(path).name for path in stays} == {"messages.txt", "affiche.pdf", "report.csv", "porte.txt", "essai_billetterie.csv", "mapping.toml"}  # fmt: skip
    assert (elsewhere / "2026-01" / "x.txt").read_text() == "au lieu"


def test_a_timer_of_another_folder_stays(machine: Path, post: Post) -> None:
    install(post)
    service = machine / "config" / "systemd" / "user" / "venue-agent.service"
    service.write_text(service.read_text().replace(str(post.home), str(post.home) + "-b"))
    assert post.run("uninstall", "--yes", "--stay")[0] == 0
    assert service.exists()


def test_a_timer_of_the_package_is_stopped_and_its_units_stay(tmp_path: Path) -> None:
    units, packaged, home = (tmp_path / name for name in ("etc", "usr", "agent"))
    (units / found.WANTED).parent.mkdir(parents=True)
    packaged.mkdir()
    service = systemd.service(
        Job(("/usr/bin/venue-agent",), home, time_of("4:30"), "fr"), system=False
    )
    (packaged / systemd.SERVICE).write_text(service)
    assert found.in_place(home, {}, units, packaged) is None, "it is not enabled"
    (packaged / systemd.TIMER).touch()
    (units / found.WANTED).symlink_to(packaged / systemd.TIMER)
    plan, typed = found.in_place(home, {}, units, packaged), []
    assert plan
    assert plan.undo(lambda command: typed.append(command) or 0)
    assert typed == [("systemctl", "disable", "--now", "venue-agent.timer")]
    assert (packaged / systemd.SERVICE).exists()
    assert found.in_place(tmp_path / "another", {}, units, packaged) is None


def test_the_stamp_of_a_timer_goes_with_it(machine: Path, post: Post) -> None:
    post.patch.setenv("XDG_DATA_HOME", str(machine / "data"))
    install(post)
    stamp = machine / "data" / found.STAMP
    stamp.parent.mkdir(parents=True)
    stamp.touch()
    assert post.run("uninstall", "--yes", "--stay")[0] == 0
    assert not stamp.exists()


def test_nothing_goes_before_somebody_said_so(post: Post) -> None:
    before = tree(post.home)
    for typed in ("", "n\nn\n", "\n\n"):
        post.patch.setattr("sys.stdin", _typing(typed))
        code, said = post.run("uninstall", "--lang", "en")
        assert (code, tree(post.home)) == (ConfigError.exit_code, before)
        assert "signing.key" in said
        assert "This stays" in said
        assert "Take every row of this venue out of the hub first?" in said


def test_without_a_word_about_the_hub_the_key_stays(post: Post) -> None:
    before = tree(post.home)
    code, said = post.run("uninstall", "--yes", "--lang", "en")
    assert (code, tree(post.home)) == (ConfigError.exit_code, before)
    assert "--leave" in said
    assert "--stay" in said


def test_a_yes_is_enough_for_whoever_reads(post: Post) -> None:
    post.patch.setattr("sys.stdin", _typing("n\noui\n"))
    assert post.run("uninstall")[0] == 0
    assert {path.name for path in post.home.iterdir()} == {"exports", "mapping.toml"}


def _typing(text: str) -> object:
    import io  # noqa: PLC0415

    return io.StringIO(text)


def test_a_locked_keyring_keeps_everything_where_it_is(machine: Path, post: Post, held_keyring: HeldKeyring) -> None:  # fmt: skip
    install(post)
    before = tree(post.home)
    held_keyring.locked = True
    assert post.run("uninstall", "--yes", "--stay")[0] == KeyringUnusable.exit_code
    after = tree(post.home)
    assert {name: after.get(name) for name in before if "agent.lock" not in name} == {name: body for name, body in before.items() if "agent.lock" not in name}  # fmt: skip


def test_a_folder_at_work_is_left_alone(post: Post) -> None:
    with alone(Home(post.home), CLOCK):
        assert post.run("uninstall", "--yes", "--stay")[0] == AlreadyRunning.exit_code
    assert (post.home / "keys" / "signing.key").exists()


def test_cut_in_the_middle_it_is_done_again(post: Post) -> None:
    home = Home(post.home)
    whole = len(list(inventory.made(home.path)))
    for cut in range(1, whole, 3):
        copy = post.home.parent / f"cut-{cut}"
        shutil.copytree(post.home, copy)
        left = cut

        def until(path: Path) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise KeyboardInterrupt
            _TAKE(path)

        post.patch.setattr(uninstall, "_take_away", until)
        seen = uninstall.survey(Home(copy), None)
        with pytest.raises(KeyboardInterrupt):
            uninstall.remove(seen, CLOCK, lambda _c: 0, everything=False)
        post.patch.setattr(uninstall, "_take_away", _TAKE)
        uninstall.remove(uninstall.survey(Home(copy), None), CLOCK, lambda _c: 0, everything=False)
        assert {path.name for path in copy.iterdir()} == {"exports", "mapping.toml"}


_TAKE = uninstall._take_away


def test_a_folder_that_is_no_agents_is_refused(post: Post, tmp_path: Path) -> None:
    post.home = tmp_path / "documents"
    (post.home / "log").mkdir(parents=True)
    (post.home / "log" / "agent.jsonl").write_text("not ours")
    code, said = post.run("uninstall", "--yes", "--stay", "--lang", "en")
    assert code == ConfigError.exit_code
    assert "no agent's folder" in said
    assert (post.home / "log" / "agent.jsonl").exists()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return rights_world.template(tmp_path_factory.mktemp("network"))


@pytest.fixture
def world(tmp_path: Path, template: Template) -> Iterator[RightsWorld]:
    with rights_world.opened(tmp_path, template) as world:
        world.export(*BOTH)
        world.prepare()
        world.send()
        yield world


@pytest.fixture
def run(world: RightsWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    monkeypatch.setattr(cli_uninstall, "open_desk", lambda _home, _clock: world.desk())
    monkeypatch.setattr(cli_uninstall, "Patience", world.patience)

    def call(*arguments: str) -> Result:
        home = str(world.desk().home.path)
        result = CliRunner().invoke(cli.app, ["uninstall", *arguments, "--home", home])
        if isinstance(result.exception, AgentError):
            raise result.exception
        assert result.exception is None, result.exception
        return result

    words.speak("en")
    yield call
    words.speak("fr")


def test_leaving_first_empties_the_hub_and_keeps_the_proofs(
    world: RightsWorld, run: Callable[..., Result], tmp_path: Path
) -> None:
    home = world.desk().home
    world.forget(email=MAIL, phone=PHONE)
    assert world.visits() > 0
    with pytest.raises(ConfigError, match="--keep"):
        run("--yes", "--leave")
    assert home.state.exists(), "what is not kept is not removed"
    kept = tmp_path / "kept"
    run("--yes", "--leave", "--keep", str(kept))
    assert world.visits() == 0
    assert not home.state.exists()
    assert not home.keys.exists()
    assert {path.name for path in kept.iterdir()} >= {"proofs", "charters", keepsake.LIST}
    assert len(list((kept / "proofs").glob("*.json"))) == 2  # forget, leave
    for path in kept.rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0
            assert not [needle for needle in (b"canari", b"647318902", b"Durand") if needle in path.read_bytes()]  # fmt: skip


def test_the_suppression_list_bars_the_same_people_in_a_new_folder(
    world: RightsWorld, run: Callable[..., Result], tmp_path: Path
) -> None:
    world.forget(email=MAIL)
    home = world.desk().home
    handles = {h for (h,) in _rows(home.state, "SELECT contribution_id FROM handle WHERE withdrawn = 0")}  # fmt: skip
    assert handles
    run("--yes", "--stay", "--keep", str(tmp_path / "kept"))
    list_ = tmp_path / "kept" / keepsake.LIST
    assert _rows(list_, "SELECT * FROM handle") == _rows(list_, "SELECT * FROM known") == []
    assert not [handle for handle in handles if handle.encode() in list_.read_bytes()]
    (tmp_path / "new").mkdir()
    shutil.copy(list_, tmp_path / "new" / "state.sqlite")
    book = Suppressions(Handles(tmp_path / "new" / "state.sqlite", rights_world.VENUE))
    assert book.since(named(email=MAIL))
    assert book.barred()(named(email=MAIL)[0].key)
    assert not book.since(named(email="zoe.durand@exemple.fr"))


def test_proofs_are_not_kept_where_they_would_be_removed_or_overwrite(
    world: RightsWorld, run: Callable[..., Result], tmp_path: Path
) -> None:
    world.forget(email=MAIL)
    home = world.desk().home
    full = tmp_path / "full"
    full.mkdir()
    (full / "a.txt").touch()
    for folder in (home.path / "kept", home.path, full):
        with pytest.raises(ConfigError, match="empty one elsewhere"):
            run("--yes", "--stay", "--keep", str(folder))
    assert home.state.exists()
    run("--yes", "--stay", "--keep", "none")
    assert not home.state.exists()


def _rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute(query).fetchall()
