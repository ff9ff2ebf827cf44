"""A hub that makes a charter up, goes back to an older one, or shows another history: the agent sends nothing."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from contracts.base import canonical
from contracts.charter import Charter, MemberSignature, SignedCharter
from contracts.clock import FixedClock
from contracts.seal import fingerprint, new_sealing_key, new_signing_key, sign, signing_public
from hub.store import audit, checkpoints
from tests.support.intake import World, joined, net, templates
from tests.support.sending import Line
from tests.support.wire import CLOCK, NOW, VENUES
from venue_agent.desk import Desk
from venue_agent.errors import CharterRefused, CheckpointRefused, StateDamaged
from venue_agent.network.client import Hub, Identity
from venue_agent.network.memory import FILE, Memory
from venue_agent.push import charter_in_force

__all__ = ["joined", "net", "templates"]  # fixtures
OURS = VENUES[0]


def hub_of(world: World) -> Hub:
    identity = Identity(OURS, world.net.keys[OURS])
    return Hub("http://localhost", identity, CLOCK, Line(world.web))


class Liar(Hub):
    """A hub that shows whatever charter it likes."""

    shown: SignedCharter

    def charter(self, *, draft: bool = False) -> SignedCharter | None:
        return self.shown


def lying(world: World, signed: SignedCharter) -> Hub:
    liar = Liar(**{f.name: getattr(hub_of(world), f.name) for f in dataclasses.fields(Hub)})
    object.__setattr__(liar, "shown", signed)
    return liar


def forged(world: World, **changes: Any) -> SignedCharter:
    """The hub keeps its own key, and makes up every member's: it holds all that it needs to sign."""
    made = {venue: new_signing_key()[0] for venue in VENUES}
    plain = world.net.charter.model_dump(mode="json")
    for member in plain["members"]:
        member["signing_key"] = signing_public(made[member["venue"]])
    plain["hub"]["vault_key"] = new_sealing_key()[1]
    plain |= changes
    charter = Charter.model_validate_json(canonical(plain))
    return SignedCharter(
        charter=charter,
        signatures=[
            MemberSignature(venue=m.venue, signature=sign(made[m.venue], canonical(charter)))
            for m in charter.members
        ],
    )


def test_a_charter_whose_members_the_hub_made_up_is_refused(joined: World) -> None:
    mark = fingerprint(joined.net.charter.hub.signing_key)
    assert charter_in_force(hub_of(joined), mark, CLOCK) == joined.net.charter
    with pytest.raises(CharterRefused):
        charter_in_force(lying(joined, forged(joined)), mark, CLOCK)


def test_a_charter_without_this_venue_is_refused(joined: World) -> None:
    mark = fingerprint(joined.net.charter.hub.signing_key)
    others = [
        m for m in forged(joined).charter.model_dump(mode="json")["members"] if m["venue"] != OURS
    ]
    made = {venue: new_signing_key()[0] for venue in VENUES}
    for member in others:
        member["signing_key"] = signing_public(made[member["venue"]])
    charter = Charter.model_validate_json(
        canonical({**joined.net.charter.model_dump(mode="json"), "members": others})
    )
    signed = SignedCharter(
        charter=charter,
        signatures=[
            MemberSignature(venue=m.venue, signature=sign(made[m.venue], canonical(charter)))
            for m in charter.members
        ],
    )
    with pytest.raises(CharterRefused):
        charter_in_force(lying(joined, signed), mark, CLOCK)


def revised(world: World, revision: int, **changes: Any) -> Charter:
    return world.net.charter.model_copy(update={"revision": revision, **changes})


def test_an_older_charter_is_not_obeyed_again(joined: World, tmp_path: Path) -> None:
    memory, hub = Memory(tmp_path), hub_of(joined)
    memory.hold(hub, revised(joined, 2))
    memory.hold(hub, revised(joined, 2))
    memory.hold(hub, revised(joined, 3))
    for charter in (revised(joined, 2), revised(joined, 3, retention_months=36)):
        with pytest.raises(CharterRefused):
            memory.hold(hub, charter)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def grow(world: World, entries: int = 1) -> None:
    with world.control.transaction(CLOCK) as tx:
        for _ in range(entries):
            audit.append(tx, "test", {})
        checkpoints.checkpoint(tx, world.net.charter.network, partial(sign, world.net.hub_private))
        tx.commit()


def test_a_chain_that_grows_is_followed(joined: World, tmp_path: Path) -> None:
    memory, hub = Memory(tmp_path), hub_of(joined)
    memory.hold(hub, joined.net.charter)  # before the first head
    for entries in (1, 3):
        grow(joined, entries)
        memory.hold(hub, joined.net.charter)
        memory.hold(hub, joined.net.charter)


def _cut(world: World) -> str:
    return "DELETE FROM checkpoint"


def _rewrite(world: World) -> str:
    grow(world)
    return f"UPDATE checkpoint SET head_sha256 = '{'00' * 32}'"


def _go_back(world: World) -> str:
    return "UPDATE checkpoint SET sequence = sequence - 1"


@pytest.mark.parametrize("lie", [_cut, _rewrite, _go_back])
def test_another_history_is_refused(
    joined: World, tmp_path: Path, lie: Callable[[World], str]
) -> None:
    memory, hub = Memory(tmp_path), hub_of(joined)
    grow(joined)
    memory.hold(hub, joined.net.charter)
    statement = lie(joined)  # whatever the hub's operator does to its own tables
    with joined.control.transaction(CLOCK) as tx:
        tx.connection.exec_driver_sql(statement)
        tx.commit()
    with pytest.raises(CheckpointRefused):
        memory.hold(hub, joined.net.charter)


def test_a_head_that_a_stranger_signed_is_refused(joined: World, tmp_path: Path) -> None:
    with joined.control.transaction(CLOCK) as tx:
        checkpoints.checkpoint(tx, joined.net.charter.network, partial(sign, new_signing_key()[0]))
        tx.commit()
    with pytest.raises(CheckpointRefused):
        Memory(tmp_path).hold(hub_of(joined), joined.net.charter)


def test_a_memory_that_cannot_be_read_is_no_fresh_start(joined: World, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"{}")
    with pytest.raises(StateDamaged):
        Memory(tmp_path).hold(hub_of(joined), joined.net.charter)


def test_the_agents_key_is_in_no_repr(joined: World, tmp_path: Path) -> None:
    key = joined.net.keys[OURS]
    desk = Desk(home=None, config=None, key=key, clock=FixedClock(NOW + dt.timedelta()))  # type: ignore[arg-type]
    assert repr(key) not in repr(desk)
