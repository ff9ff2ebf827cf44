"""What the DPO approves is what is sent, byte for byte; a stale preview never is; a withdrawal always passes."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.clock import FixedClock
from tests.support.rights_world import (
    BOTH,
    CANARY,
    MAIL,
    NOVEMBER,
    OCTOBER,
    ZOE,
    NearDesk,
    RightsWorld,
    Template,
    opened,
    template,
)
from venue_agent.errors import ConfigError, NotApproved, PreviewStale, SpoolDamaged, StateDamaged
from venue_agent.hearing import silent
from venue_agent.network.client import Hub
from venue_agent.outbox import approval
from venue_agent.outbox.approval import approvals, approve, name_of, unapproved
from venue_agent.outbox.journal import journal
from venue_agent.rights import erasure
from venue_agent.rights.named import named
from venue_agent.tasks import preview
from venue_agent.tasks.sending import Sending, send


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def world(joined: Template, tmp_path: Path) -> Iterator[RightsWorld]:
    with opened(tmp_path, joined) as made:
        made.export(*BOTH)
        made.prepare()
        yield made


class LateDesk(NearDesk):
    """A desk some time later, whose hub does not mind."""

    @property
    def hub(self) -> Hub:
        return self.near.desk().hub


def later(desk: NearDesk, hours: float) -> LateDesk:
    clock = FixedClock(desk.clock.now() + dt.timedelta(hours=hours))
    return LateDesk(desk.home, desk.config, desk.key, clock, desk.near)


def strict(world: RightsWorld) -> NearDesk:
    desk = world.desk()
    return replace(desk, config=desk.config.model_copy(update={"approval": "dpo"}))


def sending(world: RightsWorld, desk: NearDesk | None = None) -> Sending:
    desk = desk or strict(world)
    return send(desk, world.patience(), journal(desk.home, desk.clock))


def months(world: RightsWorld) -> list[str]:
    return sorted(packed.month for packed in world.desk().spool.unsent())


def say_yes(world: RightsWorld, *only: str) -> None:
    desk = world.desk()
    chosen = [p for p in desk.spool.unsent() if not only or p.month in only]
    approve(desk.home.path, chosen, "  Ada\tLovelace ", "terminal", desk.clock)


def test_nothing_leaves_before_the_dpo_says_yes(world: RightsWorld) -> None:
    with pytest.raises(NotApproved, match="2025-10, 2025-11") as caught:
        sending(world)
    assert caught.value.exit_code == 33
    assert world.visits() == 0
    say_yes(world)
    assert len(sending(world).receipts) == 2
    assert world.visits() == 4


def test_without_the_setting_nobody_is_asked(world: RightsWorld) -> None:
    assert len(sending(world, world.desk()).receipts) == 2


def test_an_approved_month_leaves_and_the_other_stays(world: RightsWorld) -> None:
    say_yes(world, "2025-10")
    with pytest.raises(NotApproved, match=r"2025-11.*1 other batch was sent"):
        sending(world)
    assert months(world) == ["2025-11"]


def test_the_yes_says_who_when_and_to_which_bytes(world: RightsWorld) -> None:
    say_yes(world)
    home = world.desk().home.path
    (given,) = approvals(home)
    assert (given.who, given.how, given.at) == ("Ada Lovelace", "terminal", "2025-11-03T12:00:00Z")
    packed = world.desk().spool.unsent()[0]
    assert given.months[packed.month] == approval.digests_of(packed)
    assert (home / approval.FILE).stat().st_mode & 0o777 == 0o600


def test_the_same_bytes_packed_again_keep_their_yes(world: RightsWorld) -> None:
    say_yes(world)
    before = {p.month: p.commit.sequence for p in world.desk().spool.unsent()}
    preview.run(later(world.desk(), 13), full=False, progress=silent)
    assert all(p.commit.sequence > before[p.month] for p in world.desk().spool.unsent())
    assert len(sending(world, later(strict(world), 14)).receipts) == 2


def test_another_row_asks_for_another_yes(world: RightsWorld) -> None:
    say_yes(world)
    world.export(*BOTH, ZOE | NOVEMBER | {"Date representation": "16/11/25"})
    world.prepare()
    with pytest.raises(NotApproved, match="2025-11"):
        sending(world)
    assert months(world) == ["2025-11"]


def test_one_byte_on_disk_voids_the_yes(world: RightsWorld) -> None:
    say_yes(world)
    packed = next(p for p in world.desk().spool.unsent() if p.month == "2025-10")
    file = packed.plaintext / "visits.csv"
    file.write_bytes(file.read_bytes().replace(b"online", b"onlinE", 1) + b" ")
    with pytest.raises(NotApproved, match="2025-10"):
        sending(world)


def test_what_was_not_sealed_cannot_be_approved(world: RightsWorld) -> None:
    packed = world.desk().spool.unsent()[0]
    file, other = packed.plaintext / "persons.csv", packed.plaintext / "notes.csv"
    whole = file.read_bytes()
    for harm in (lambda: file.write_bytes(whole + b"\n"), other.touch, file.unlink):
        harm()
        with pytest.raises(SpoolDamaged, match=packed.month):
            say_yes(world)
        file.write_bytes(whole)
        other.unlink(missing_ok=True)
    assert approvals(world.desk().home.path) == []
    say_yes(world)


def test_a_yes_under_one_charter_says_nothing_of_another(world: RightsWorld) -> None:
    say_yes(world)
    path = world.desk().home.path / approval.FILE
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"charter_sha256": "0" * 64}) + "\n")
    with pytest.raises(NotApproved):
        sending(world)


@pytest.mark.parametrize("who", ["", " ", "A", "A" * 81, "Ada\x1b[2J"])
def test_a_yes_has_a_name(who: str) -> None:
    with pytest.raises(ConfigError, match="name of 2 to 80"):
        name_of(who)


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 2}', '{"version": 1, "who": "x"}'])
def test_a_damaged_file_of_approvals_stops_everything(tmp_path: Path, text: str) -> None:
    (tmp_path / approval.FILE).write_text(text + "\n")
    with pytest.raises(StateDamaged, match="approvals"):
        unapproved(tmp_path, [])


def test_a_withdrawal_waits_for_nobody(world: RightsWorld) -> None:
    """The carrier of an erasure is sealed again without the person: no yes, and no age, holds it up."""
    say_yes(world)
    sending(world)
    late = later(strict(world), 30)
    erasure.erase_here(late, named(email=MAIL), "venue")
    told = erasure.announce(late, replace(world.patience(), pause=lambda _s: None, seconds=0))
    assert told.waiting == 1  # the vault has not opened it yet: its receipt is asked for later
    assert months(world) != []
    world.open_all()
    assert sending(world, late).before >= 1
    assert world.visits() == 2


def test_a_preview_of_yesterday_is_not_sent(world: RightsWorld) -> None:
    desk = world.desk()
    with pytest.raises(PreviewStale, match=r"2025-10, 2025-11.*24 h.*preview") as caught:
        sending(world, later(desk, 24.01))
    assert caught.value.exit_code == 34
    assert world.visits() == 0
    assert len(sending(world, later(desk, 24)).receipts) == 2


def test_an_old_month_that_the_vault_has_opened_only_lacks_its_receipt(world: RightsWorld) -> None:
    desk = world.desk()
    sending(world, desk)
    for packed in desk.spool.months():
        (packed.folder / "receipt.json").unlink()
    assert len(sending(world, later(desk, 72)).receipts) == 2


def test_somebody_who_came_back_is_another_yes(world: RightsWorld) -> None:
    world.export(ZOE | OCTOBER, ZOE | NOVEMBER)
    world.prepare()
    say_yes(world)
    world.export(CANARY | OCTOBER, ZOE | OCTOBER, ZOE | NOVEMBER)
    world.prepare()
    with pytest.raises(NotApproved, match="2025-10"):
        sending(world)
