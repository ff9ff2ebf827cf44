"""A venue's signing key is changed: hub, vault and custodian follow, a stolen old one opens nothing, a kill costs nothing."""

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.charter_check import charter_hash
from contracts.clock import stamp
from contracts.seal import fingerprint, new_signing_key, signing_public
from contracts.succession import KIND, SignedSuccession, follow, statements, succeed
from hub.custodian import venues
from hub.store import audit, charters, members, tables
from tests.support import rights_world
from tests.support.rights_world import BOTH, MAIL, OCTOBER, VENUE, ZOE, RightsWorld, Template
from tests.support.wire import CLOCK, NOW
from venue_agent.credentials import keys
from venue_agent.credentials.key_stores import CREDENTIALS, credential_name
from venue_agent.credentials.succession import FILE, history
from venue_agent.errors import (
    BatchRefused,
    CharterRefused,
    ConfigError,
    CustodianRefused,
    HubDown,
    HubRefused,
    StateDamaged,
)
from venue_agent.hearing import silent
from venue_agent.network.client import Hub
from venue_agent.network.transport import Unreachable
from venue_agent.push import push
from venue_agent.tasks import preview, rotation
from venue_agent.tasks.rotation import POINTS, rotate


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return rights_world.template(tmp_path_factory.mktemp("network"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, template: Template) -> Path:
    return rights_world.sent(tmp_path_factory.mktemp("base"), template, other=False)


@pytest.fixture
def world(tmp_path: Path, template: Template, base: Path) -> Iterator[RightsWorld]:
    with rights_world.again(base, tmp_path / "world", template) as world:
        yield world


def works(world: RightsWorld) -> bool:
    """Whether the venue's own key opens hub, vault and custodian: a new person is evaluated, sent and confirmed."""
    before = world.visits()
    world.export(*BOTH, ZOE | OCTOBER | {"Email": "nouvelle@exemple.fr", "Prenom": "Eve"})
    world.prepare()
    world.send()
    return world.visits() == before + 1


def test_everybody_follows_the_new_key(world: RightsWorld) -> None:
    old = world.desk().key
    new = rotate(world.desk()).key
    assert new != old
    assert world.desk().key == new
    assert keys.find(world.desk().home.keys, keys.NEXT) is None
    assert works(world)  # under the charter that still names the old key
    with world.web.control.reading() as reading:
        assert members.member_key(reading, VENUE) == signing_public(new)
        told = statements(audit.of_kind(reading, KIND), "venue", VENUE)
    assert follow(signing_public(old), told) == signing_public(new)
    with world.custodian.desk.store.transaction(world.custodian.clock) as tx:
        assert venues.signing_key(tx, VENUE) == signing_public(new)


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_it_is_taken_up_by_the_next_command(world: RightsWorld, point: str) -> None:
    class Killed(Exception):
        pass

    def kill(reached: str) -> None:
        if reached == point:
            raise Killed

    old = world.desk().key
    with pytest.raises(Killed):
        rotate(world.desk(), kill)
    desk = rotation.taken_up(world.desk())
    drawn_only = point == "rotation.drawn"  # nothing was said to anybody: the old key stands
    assert (desk.key == old) is drawn_only
    assert world.desk().hub.charter() is not None
    world.desk().hub.has_part("00" * 32)  # signed with the key that the hub knows
    world.desk().custodian.evaluate("2025-2026", bytes.fromhex(POINT) * 64)
    assert history(desk.home.path).pending is None
    assert rotate(world.desk()).key not in {old, desk.key}


POINT = "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"  # the group's generator


def test_a_stolen_old_key_opens_nothing(world: RightsWorld) -> None:
    stolen = thief = world.desk()
    rotate(world.desk())
    with pytest.raises(HubRefused, match="401"):
        stolen.hub.has_part("00" * 32)
    with pytest.raises(CustodianRefused, match="signature"):
        stolen.custodian.evaluate("2025-2026", bytes.fromhex(POINT) * 64)
    private = new_signing_key()[0]
    forged = succeed((thief.key, private), network="essai", role="venue", name=VENUE, at=stamp(NOW))
    for refuse, error in (("hub", HubRefused), ("custodian", CustodianRefused)):
        with pytest.raises(error, match="does not follow"):
            getattr(replace(thief, key=private), refuse).succeed(forged)


def test_the_vault_takes_the_chains_word_not_the_hubs(world: RightsWorld) -> None:
    """A hub that lets the old key in, and even one that enrols a key of its own, gets no batch past the vault."""
    thief = world.desk()
    rotate(world.desk())
    for key in (thief.key, new_signing_key()[0]):
        with world.web.control.transaction(CLOCK) as tx:
            tx.run(
                tables.member.update()
                .where(tables.member.c.venue == VENUE)
                .values(signing_key=signing_public(key))
            )
            tx.commit()
        world.export(*BOTH, ZOE | OCTOBER)
        desk = NamedAnyway(**{**thief.__dict__, "key": key})
        preview.run(desk, full=True, progress=silent)
        with pytest.raises(BatchRefused) as refused:
            push(desk.spool, desk.hub, desk.config.hub_fingerprint, world.patience())
        assert refused.value.problem == "unsigned"


class NamedAnyway(rights_world.NearDesk):
    """A thief's desk: its agent does not ask whether the charter names its key."""

    @property
    def hub(self) -> Hub:
        honest = super().hub
        charter = charter_hash(self.near.net.charter)
        named = {m.signing_key: frozenset({charter}) for m in self.near.net.charter.members}
        return replace(honest, identity=replace(honest.identity, earlier=named))


def test_statements_cannot_be_replayed_forked_or_gone_back_on(world: RightsWorld) -> None:
    desk = world.desk()
    first = rotate(desk)
    told = history(desk.home.path).turned[0].statement
    second = rotate(world.desk())
    for signed, key in (
        (told, first.key),  # replayed
        (succeed((second.key, desk.key), network="essai", role="venue", name=VENUE, at=stamp(NOW)), desk.key),
        (succeed((first.key, desk.key), network="essai", role="venue", name=VENUE, at=stamp(NOW)), desk.key),
    ):  # fmt: skip
        for where, error in (("hub", HubRefused), ("custodian", CustodianRefused)):
            with pytest.raises(error, match="does not follow"):
                getattr(replace(desk, key=key), where).succeed(signed)
    assert works(world)


def test_one_signature_is_not_enough(world: RightsWorld) -> None:
    """Whoever holds only the old key, or only a new one, moves nothing."""
    desk, private = world.desk(), new_signing_key()[0]
    whole = succeed((desk.key, private), network="essai", role="venue", name=VENUE, at=stamp(NOW))
    for half in (
        whole.model_copy(update={"former_signature": whole.signature}),
        whole.model_copy(update={"signature": whole.former_signature}),
        SignedSuccession.model_validate(whole.model_dump() | {"succession": whole.succession.model_dump() | {"at": "2020-01-01T00:00:00Z"}}),
    ):  # fmt: skip
        for where, error in (("hub", HubRefused), ("custodian", CustodianRefused)):
            with pytest.raises(error, match="does not follow"):
                getattr(replace(desk, key=private), where).succeed(half)
        assert follow(signing_public(desk.key), [half]) == signing_public(desk.key)
    assert follow(signing_public(desk.key), [whole]) == signing_public(private)


def test_no_other_charter_may_name_the_old_key(world: RightsWorld) -> None:
    """A thief and the hub make a new charter that names the stolen key: the agent never signed that one."""
    thief = world.desk()
    desk = rotate(world.desk())
    assert desk.charter() == world.net.charter
    forged = world.net.charter.model_copy(update={"revision": 2})
    net = dataclasses.replace(world.net, charter=forged)
    with world.web.control.transaction(CLOCK) as tx:
        tx.run(
            tables.member.update()
            .where(tables.member.c.venue == VENUE)
            .values(signing_key=signing_public(thief.key))
        )
        charters.save_draft(tx, forged)
        for signature in net.signed.signatures:
            charters.add_signature(tx, signature)
        tx.commit()
    with pytest.raises(CharterRefused, match="never signed it"):
        desk.charter()


def test_what_waits_is_signed_anew(world: RightsWorld) -> None:
    """A month that was previewed, and a withdrawal that the hub could not be told of."""
    world.export(*BOTH, ZOE | OCTOBER | {"Email": "nouvelle@exemple.fr", "Prenom": "Eve"})
    world.prepare()
    (before,) = world.desk().spool.unsent()
    rotate(world.desk())
    (after,) = world.desk().spool.unsent()
    assert (
        after.manifest.manifest.files == before.manifest.manifest.files
    )  # the very bytes that were read
    assert after.manifest.manifest.sequence > before.manifest.manifest.sequence
    assert world.send() == 1


def test_a_hub_that_is_down_costs_nothing(world: RightsWorld) -> None:
    def down(_method: str, path: str) -> None:
        if "succession" in path:
            raise Unreachable("no connection")

    world.line.before = down
    with pytest.raises(HubDown):
        rotate(world.desk())
    assert rotation.taken_up(world.desk()).key == world.desk().key  # still at work with the old one
    world.line.before = lambda _method, _path: None
    assert rotate(world.desk()).key == world.desk().key
    assert works(world)


def test_a_credential_is_refused_before_anything_is_said(
    world: RightsWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = tmp_path / "credentials"
    given.mkdir()
    (given / credential_name(keys.SIGNING)).write_text(world.desk().key.hex())
    monkeypatch.setenv(CREDENTIALS, str(given))
    with pytest.raises(ConfigError, match="keys move"):
        rotate(world.desk())
    assert not (world.desk().home.path / FILE).exists()


def test_a_history_that_cannot_be_read_is_said(world: RightsWorld) -> None:
    (world.desk().home.path / FILE).write_text("{}")
    with pytest.raises(StateDamaged, match=FILE):
        rotate(world.desk())


def test_the_hub_says_the_fingerprint_that_stands(world: RightsWorld) -> None:
    new = rotate(world.desk())
    told: Any = history(new.home.path).turned[-1].statement.succession
    assert fingerprint(told.key) == fingerprint(signing_public(new.key))
    assert MAIL not in (new.home.path / FILE).read_text()
