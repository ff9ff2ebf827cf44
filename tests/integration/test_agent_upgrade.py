"""A folder that an earlier minor made, read and gone on with by this agent; a newer one, refused."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from contracts.seal import signing_public
from hub.store import charters
from hub.vault.vault import open_vault
from tests.support import homes, intake
from tests.support.rights_world import VENUE, NearDesk, RightsWorld
from tests.support.sending import Line
from tests.support.vault_world import keys_of
from tests.support.wire import CLOCK
from venue_agent.config import Home, load_config
from venue_agent.desk import open_desk
from venue_agent.errors import AlreadyRunning, HomeTooNew, StateDamaged
from venue_agent.hearing import silent
from venue_agent.home import versions as formats
from venue_agent.home.lock import alone
from venue_agent.home.versions import BEFORE, FILE, FORMAT, bring_up_to_date, format_of
from venue_agent.outbox.journal import journal
from venue_agent.people.handles import Handles
from venue_agent.rights.erasure import suppressions
from venue_agent.rights.named import named
from venue_agent.tasks.daily import go_round


@pytest.fixture(params=homes.MINORS)
def minor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def home(minor: str, tmp_path: Path) -> Home:
    return Home(homes.copy_home(minor, tmp_path / VENUE))


@pytest.fixture
def world(minor: str, home: Home, tmp_path: Path) -> Iterator[RightsWorld]:
    """The network of that folder, whose custodian answers nobody: all elements are held already."""
    net = homes.network_of(minor)
    with intake.opened(tmp_path / "hub", net) as web:
        for venue in net.keys:
            intake.enrol(web, venue)
        with web.control.transaction(CLOCK) as tx:
            charters.save_draft(tx, net.charter)
            for signature in net.signed.signatures:
                charters.add_signature(tx, signature)
            tx.commit()
        vault = open_vault(f"sqlite:///{tmp_path / 'vault.sqlite'}", tmp_path / "facts", keys_of(net), CLOCK)  # fmt: skip
        vault.start()
        nobody: Any = None
        yield RightsWorld(tmp_path, net, web, vault, nobody, Line(web.web))
        vault.database.close()


class Silent:
    """A custodian who must not be needed."""

    def evaluate(self, season: str, points: bytes) -> tuple[str, bytes]:
        raise AssertionError(f"{len(points)} bytes of {season} that the folder holds")


class AloneDesk(NearDesk):
    """A desk that has nobody to ask."""

    @property
    def custodian(self) -> Any:
        return Silent()


def desk_of(world: RightsWorld) -> NearDesk:
    opened = open_desk(Home(world.root / VENUE), CLOCK)
    return NearDesk(opened.home, opened.config, opened.key, CLOCK, world)


def people_of(home: Home) -> set[str]:
    with closing(sqlite3.connect(home.state)) as state:
        return {row[0] for row in state.execute("SELECT contribution_id FROM handle")}


def test_it_is_opened_and_says_so(home: Home) -> None:
    before = (home.path / "agent.toml").read_bytes()
    assert open_desk(home, CLOCK).config.hub_fingerprint
    assert format_of(home)[0] == FORMAT
    assert "hub_fingerprint" in home.config.read_text()
    assert (home.path / BEFORE / "format-0" / "agent.toml").read_bytes() == before
    assert bring_up_to_date(home, CLOCK) == FORMAT
    assert {p.relative_to(home.path / BEFORE).as_posix() for p in (home.path / BEFORE).rglob("*") if p.is_file()} == {"format-0/agent.toml"}  # fmt: skip


def test_what_waited_is_sent_and_the_hub_takes_it(world: RightsWorld) -> None:
    """The wire of the minor before: batches that it sealed are accepted as they are."""
    desk = desk_of(world)
    waiting = {p.month: p.manifest.manifest.files for p in desk.spool.unsent()}
    assert sorted(waiting) == ["2025-10", "2025-12"]
    assert world.send() == 2
    received = {p.month: p.receipt.receipt for p in desk.spool.months() if p.receipt}
    assert {received[month].state for month in waiting} == {"accepted"}
    assert {month: received[month].files for month in waiting} == waiting
    assert all(not receipt.refusals for receipt in received.values())
    assert world.visits() == 3


def test_the_daily_round_goes_on_with_the_same_people(world: RightsWorld) -> None:
    desk = desk_of(world)
    people = people_of(desk.home)
    forgotten = named(email="lea.petit@exemple.fr")
    alone_ = AloneDesk(desk.home, desk.config, desk.key, CLOCK, world)
    assert suppressions(desk).since(forgotten)
    go_round(alone_, journal(desk.home), silent, world.patience())
    assert people_of(desk.home) == people
    assert desk.spool.unsent() == []
    rows = [line for p in desk.spool.months() for line in (p.plaintext / "persons.csv").read_text().splitlines()[1:]]  # fmt: skip
    assert {row.split(",")[0] for row in rows} <= people
    known = Handles(desk.home.state, VENUE)
    assert known.of(frozenset({"email:lea.petit@exemple.fr"})) == []
    assert signing_public(desk.key) in {m.signing_key for m in world.net.charter.members}


def test_a_newer_folder_is_refused_and_left_alone(home: Home) -> None:
    (home.path / FILE).write_text(json.dumps({"format": FORMAT + 1, "agent": "0.9.0"}))
    before = {p: p.read_bytes() for p in home.path.rglob("*") if p.is_file()}
    with pytest.raises(HomeTooNew, match=r"agent 0.9.0 \(format") as refused:
        open_desk(home, CLOCK)
    assert refused.value.exit_code == 53
    assert {p: p.read_bytes() for p in home.path.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "1", "agent": "x"}', '{"format": -2, "agent": "x"}', '{"format": true, "agent": "x"}'])  # fmt: skip
def test_a_version_that_is_none_is_said(home: Home, text: str) -> None:
    (home.path / FILE).write_text(text)
    with pytest.raises(StateDamaged, match=FILE):
        open_desk(home, CLOCK)


def test_no_upgrade_under_the_feet_of_another_command(home: Home) -> None:
    with alone(home), pytest.raises(AlreadyRunning):
        open_desk(home, CLOCK)
    assert not (home.path / FILE).exists()


@pytest.mark.parametrize("name", ["_keep", "mark"])
def test_an_upgrade_that_was_cut_is_done_again(home: Home, name: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(formats, name, cut)
        with pytest.raises(KeyboardInterrupt):
            open_desk(home, CLOCK)
    assert not (home.path / FILE).exists()
    assert open_desk(home, CLOCK).config.hub_fingerprint
    kept = (home.path / BEFORE / "format-0" / "agent.toml").read_text()
    assert "hub_signing_key" in kept


def test_a_setting_that_somebody_renamed_by_hand_and_his_comments_stay(home: Home) -> None:
    text = home.config.read_text().replace("hub_signing_key", "# mine\nhub_fingerprint")
    home.config.write_text(text)
    bring_up_to_date(home, CLOCK)
    assert home.config.read_text() == text
    assert load_config(home).hub_fingerprint


def test_a_folder_without_settings_has_no_format(tmp_path: Path) -> None:
    assert bring_up_to_date(Home(tmp_path), CLOCK) == FORMAT
    assert list(tmp_path.iterdir()) == []
