"""Whoever asks to be forgotten is gone here and at the hub, stays out, and the receipt tells nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import rights_world
from tests.support.rights_world import (
    BOTH,
    CANARY,
    MAIL,
    NOVEMBER,
    OCTOBER,
    OTHER,
    PHONE,
    VENUE,
    RightsWorld,
    Template,
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return rights_world.template(tmp_path_factory.mktemp("network"))


@pytest.fixture
def world(tmp_path: Path, template: Template) -> Iterator[RightsWorld]:
    """Canari and Zoé went twice to one venue, and Canari once to another; all is sent."""
    with rights_world.opened(tmp_path, template) as world:
        world.export(*BOTH)
        world.export(CANARY | OCTOBER, venue=OTHER)
        for venue in (VENUE, OTHER):
            world.prepare(venue)
            world.send(venue)
        yield world


def test_before_it_there_are_all(world: RightsWorld) -> None:
    assert (world.visits(), world.visits(OTHER)) == (4, 1)


@pytest.mark.parametrize(
    "who", [{"email": MAIL}, {"phone": PHONE}, {"email": MAIL, "phone": PHONE}]
)
def test_she_is_gone_from_the_hub_at_once(world: RightsWorld, who: dict[str, str]) -> None:
    told = world.forget(**who)
    assert [signed.receipt.state for signed in told.receipts] == ["accepted"]
    assert told.waiting == 0
    assert (world.visits(), world.visits(OTHER)) == (2, 1)


def test_on_her_verified_request_she_is_gone_from_every_venue(world: RightsWorld) -> None:
    world.forget(email=MAIL, scope="network")
    assert (world.visits(), world.visits(OTHER)) == (2, 0)


def test_a_lost_handle_does_not_matter(world: RightsWorld) -> None:
    for file in ("state.sqlite", "elements.bin"):
        (world.desk().home.path / file).unlink()
    world.forget(email=MAIL, scope="network")
    assert (world.visits(), world.visits(OTHER)) == (2, 0)


@pytest.mark.parametrize("who", [{"email": MAIL}, {"phone": PHONE}])
def test_a_stale_export_does_not_bring_her_back(world: RightsWorld, who: dict[str, str]) -> None:
    world.forget(**who)
    world.prepare()
    world.send()
    assert world.visits() == 2
    world.export(CANARY | OCTOBER | {"Email": ""}, CANARY | NOVEMBER | {"Telephone": ""}, *BOTH)
    world.prepare()
    world.send()
    assert world.visits() == 2
    assert canaries(world) == []


def canaries(world: RightsWorld) -> list[Path]:
    """The files of the spool that still hold one of Canari's handles or tokens: hers are two of four rows."""
    months = world.desk().spool.months()
    return [p.folder for p in months if (p.plaintext / "persons.csv").read_bytes().count(b"\n") > 2]
