"""A season turns from end to end: agents, hub, vault and custodian, as their operators turn it."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.custodian import log
from hub.errors import CarriageRefused
from hub.store import audit
from hub.vault import index, season
from hub.vault.snapshot import freeze
from hub.vault.view import Window
from tests.support import rights_world, season_world
from tests.support.rights_world import (
    BOTH,
    CANARY,
    MAIL,
    OCTOBER,
    OTHER,
    VENUE,
    ZOE,
    RightsWorld,
    Template,
)
from tests.support.season_world import NEW, OLD, open_at_hub, sign_next, turn
from tests.support.vault_world import LIMITS
from tests.support.wire import VENUES
from venue_agent.errors import BatchRefused, SeasonTurning
from venue_agent.outbox.journal import Journal
from venue_agent.rights import erasure
from venue_agent.tasks.sending import Sending, send

NEXT = {"Date representation": "15/10/26", "Date reservation": "01/10/25 00:00"}  # bought ahead
THIRD = VENUES[2]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return rights_world.template(tmp_path_factory.mktemp("network"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, template: Template) -> Path:
    return rights_world.sent(tmp_path_factory.mktemp("base"), template)


@pytest.fixture
def world(tmp_path: Path, template: Template, base: Path) -> Iterator[RightsWorld]:
    with rights_world.again(base, tmp_path / "world", template) as world:
        yield world


def round_of(world: RightsWorld, venue: str = VENUE) -> Sending:
    """What `preview` then `push` do."""
    world.prepare(venue)
    desk = world.desk(venue)
    return send(desk, world.patience(), Journal(desk.home.path / "log", desk.clock))


def persons(world: RightsWorld) -> list[int]:
    """How many contributions each person has, over all venues and months, the greatest first."""
    window = Window("all", dt.date(2025, 9, 1), dt.date(2027, 8, 31), tuple(sorted(VENUES)))
    freeze(world.vault, window, LIMITS)
    with world.vault.database.reading() as connection:
        _, _, who = index.snapshots(connection)["all"]
    return sorted(Counter(world.vault.facts.read(who)["person_key"].to_pylist()).values())[::-1]


def test_the_same_person_is_one_across_the_turn_when_the_charter_links_back(
    world: RightsWorld,
) -> None:
    assert turn(world).carried
    world.export(CANARY | NEXT | {"Email": ""}, venue=THIRD)  # her telephone alone, a year later
    assert round_of(world, THIRD).before == 1
    assert persons(world) == [3, 1]  # Canari at three venues, two of which sent nothing anew; Zoé


def test_and_is_not_after_a_clean_break(world: RightsWorld) -> None:
    assert not turn(world, linkage_from=NEW).carried
    assert world.visits() == world.visits(OTHER) == 0
    world.export(*BOTH, ZOE | NEXT)
    world.export(CANARY | NEXT, venue=THIRD)
    for venue in (VENUE, THIRD):
        round_of(world, venue)
    assert persons(world) == [1, 1]
    assert world.visits() == 1  # of the old season nothing left the venue
    sent = {p.month: p for p in world.desk().spool.months()}
    assert sent["2026-10"].receipt is not None
    assert b"\n" not in (sent["2025-10"].plaintext / "persons.csv").read_bytes()[:-1]


def test_a_dishonest_hub_cannot_carry_across_a_clean_break(world: RightsWorld) -> None:
    """Whatever it asks, the custodian holds it to the charter that the members signed."""
    turn(world, linkage_from=NEW)
    with pytest.raises(CarriageRefused):
        season_world.carrier(world).carry(world.custodian.public_key * 4096)


@pytest.mark.parametrize(
    ("scope", "since"),
    [
        ("network", None),
        pytest.param("venue", NEW, marks=pytest.mark.long),
        pytest.param("venue", None, marks=pytest.mark.long),
        pytest.param("network", NEW, marks=pytest.mark.long),
    ],
)
def test_the_forgotten_stay_forgotten(world: RightsWorld, scope: str, since: str | None) -> None:
    world.forget(email=MAIL, scope=scope)
    turn(world, linkage_from=since)
    world.desk().home.path.joinpath("elements.bin").unlink()
    told = erasure.announce(world.desk(), world.patience())
    assert [s.receipt.state for s in told.receipts] == ["accepted"]
    for venue in (VENUE, OTHER):
        world.export(CANARY | OCTOBER, CANARY | NEXT, venue=venue)
        round_of(world, venue)
    kept = 0 if scope == "network" else (1 if since else 2)
    assert (world.visits(), world.visits(OTHER)) == (0, kept)


@pytest.mark.long
def test_her_telephone_is_barred_too_though_no_list_names_it(world: RightsWorld) -> None:
    """The vault linked it to her address; that is carried, and never told to anybody."""
    world.forget(email=MAIL, scope="network")
    turn(world)
    world.export(CANARY | NEXT | {"Email": ""}, venue=THIRD)
    round_of(world, THIRD)
    assert world.visits(THIRD) == 0


def test_the_list_goes_first_and_by_itself(world: RightsWorld) -> None:
    world.forget(email=MAIL)
    turn(world)
    assert season.owing(world.vault, NEW) == [OTHER, VENUE]
    sending = round_of(world)
    assert len(sending.receipts) == sending.before > 0
    assert season.owing(world.vault, NEW) == [OTHER]
    spent = world.erasures_spent()
    assert spent > 0  # paid by the erasure quota, as ever
    world.export(*BOTH, ZOE | NEXT)
    round_of(world)
    assert world.erasures_spent() == spent  # once a season
    round_of(world, OTHER)  # an empty list is a list
    assert season.owing(world.vault, NEW) == []


def test_a_venue_whose_list_is_not_confirmed_sends_nothing_else(world: RightsWorld) -> None:
    world.forget(email=MAIL)
    season_world.open_at_custodian(world)
    sign_next(world)
    with pytest.raises(SeasonTurning, match=NEW):  # the hub has not opened the season yet
        round_of(world)
    assert [c.month for c in world.inbox().waiting()] == ["2023-09"]  # the list alone
    season_world.allow(world)
    open_at_hub(world)
    assert round_of(world).receipts
    assert world.inbox().waiting() == []


def test_an_agent_that_forgets_to_send_it_is_held_with_the_remedy(world: RightsWorld) -> None:
    turn(world)
    world.prepare()
    with pytest.raises(BatchRefused, match="forget --resend"):
        world.send()  # straight to the hub, as an older agent would
    erasure.resend(world.desk())
    told = erasure.announce(world.desk(), world.patience())
    assert len(told.receipts) == 1
    world.desk().home.path.joinpath("exports")
    assert round_of(world).receipts


def test_the_chain_and_the_custodians_log_tell_the_turn(world: RightsWorld) -> None:
    turn(world)
    assert open_at_hub(world).season == NEW  # again tells nothing twice
    with world.web.control.reading() as reading:
        (told,) = [json.loads(e.body) for e in audit.of_kind(reading, "season-opened")]
    assert (told["season"], told["former"], told["linkage"]) == (NEW, OLD, "carried")
    with world.custodian.desk.store.transaction(world.custodian.clock) as tx:
        kinds = [entry.kind for entry in log.entries(tx)]
    assert kinds.count("carriage-opened") == 1
    assert kinds.count("carried") == 1  # one full request, whatever the hub holds
