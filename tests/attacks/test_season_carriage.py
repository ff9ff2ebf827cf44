"""A hub that wants more of the turn of a season than its charter gives: δ, a guess tested, a link across a break."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from contracts import ristretto
from contracts.api import MAX_POINTS, Carriage
from contracts.charter import SignedCharter
from contracts.charter_check import charter_hash
from contracts.linkage import IdentifierKind, identifier
from contracts.ristretto import POINT_BYTES
from contracts.seal import new_signing_key, signing_public
from contracts.voprf import hash_to_group
from hub.carriage import HttpCarrier
from hub.custodian import carriage, cli_seasons, log, tables
from hub.custodian.errors import ConfigError, SeasonUnknown
from hub.custodian.keys import add_season
from hub.custodian.witness import pin_hub
from hub.errors import CarriageRefused
from hub.vault.carry import Turn, carried
from tests.support import custodian
from tests.support.wire import CLOCK, NOW, Network, network

OLD, NEW = "2025-2026", "2026-2027"
VENUES = ("theatre-du-quai", "musee-de-la-tour")


class Turning:
    """A custodian with two seasons, and a network whose members signed the charter of the second."""

    def __init__(self, folder: Path) -> None:
        self.keeper = custodian.make_world(folder)
        self.keeper.clock.instant = NOW
        add_season(folder, NEW)
        public = self.keeper.desk.keys.public()
        held = {"url": custodian.URL, "operator": "Notaire", "contact": "n@example.org",
                "signing_key": public.signing_key, "season_keys": public.season_keys}  # fmt: skip
        self.net = network(VENUES, custodian=held, pseudonym_season=NEW)
        for venue, key in self.net.keys.items():
            self.keeper.keys[venue] = key
            self.keeper.client(venue).enrol(self.keeper.issue(venue), signing_public(key))

    def pin(self) -> None:
        with self.keeper.desk.store.transaction(self.keeper.clock) as tx:
            pin_hub(tx, "essai", self.net.charter.hub.signing_key)
            tx.commit()

    def allow(self, net: Network | None = None, former: str = OLD, season: str = NEW) -> None:
        asked = Carriage(network="essai", former=former, season=season, cap=0)
        with self.keeper.desk.store.transaction(self.keeper.clock) as tx:
            carriage.allow(
                tx, self.keeper.desk.keys, asked, charter_hash((net or self.net).charter)
            )
            tx.commit()

    def carrier(self, **changes: Any) -> HttpCarrier:
        session = requests.Session()
        session.mount(custodian.URL, self.keeper.adapter)
        made = HttpCarrier(self.net.signed, OLD, self.net.hub_private, CLOCK, session)
        return replace(made, **changes)

    @property
    def turn(self) -> Turn:
        keys = self.net.charter.custodian.season_keys
        return Turn(bytes.fromhex(keys[OLD]), bytes.fromhex(keys[NEW]))

    def secrets(self) -> tuple[bytes, bytes]:
        keys = self.keeper.desk.keys
        return keys.of(OLD), keys.of(NEW)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Turning]:
    made = Turning(tmp_path / "custodian")
    made.pin()
    made.allow()
    yield made
    made.keeper.desk.store.close()


FILLING = b"".join(ristretto.random_point() for _ in range(MAX_POINTS))


def test_the_hub_gets_its_pseudonyms_and_nothing_else(world: Turning) -> None:
    """Every byte that it receives is searched for k, k', δ and their inverses: only points come back."""
    former, new = world.secrets()
    h = ristretto.random_scalar()
    x = hash_to_group(identifier(IdentifierKind.EMAIL, "ann@example.org"))
    before = ristretto.multiply(h, ristretto.multiply(former, x))
    received: list[bytes] = []
    carrier = world.carrier()
    send = carrier.session.post

    def recorded(*words: Any, **named: Any) -> requests.Response:
        answer = send(*words, **named)
        received.append(answer.content + repr(answer.headers).encode())
        return answer

    carrier.session.post = recorded  # type: ignore[method-assign]
    after = carried([before], world.turn, carrier)
    assert after == {before: ristretto.multiply(h, ristretto.multiply(new, x))}
    delta = int.from_bytes(new, "little") * pow(
        int.from_bytes(former, "little"), -1, ristretto.ORDER
    )
    secret = [former, new, ristretto.to_scalar(delta)]
    secret += [ristretto.invert(scalar) for scalar in secret]
    everything = b"".join(received)
    assert len(everything) > MAX_POINTS * 2 * POINT_BYTES
    for scalar in secret:
        for written in (scalar, scalar[::-1], scalar.hex().encode(), scalar[::-1].hex().encode()):
            assert written not in everything


def test_it_tests_no_guess_with_it(world: Turning) -> None:
    """δ·H(x) for every address of a dictionary is nothing that the vault holds, before or after the turn."""
    former, new = world.secrets()
    h = ristretto.random_scalar()
    names = [identifier(IdentifierKind.EMAIL, f"person{n}@example.org") for n in range(20)]
    hashed = [hash_to_group(name) for name in names]
    stored = {
        ristretto.multiply(h, ristretto.multiply(key, x)) for x in hashed for key in (former, new)
    }
    guesses = [*hashed, *[ristretto.multiply(h, x) for x in hashed]]
    oracle = carried(guesses, world.turn, world.carrier())
    reached = {*guesses, *oracle.values()}
    reached |= {ristretto.multiply(h, point) for point in reached}
    reached |= set(carried(oracle.values(), world.turn, world.carrier()).values())  # and once more
    assert not reached & stored


def test_more_than_its_members_declared_is_refused(world: Turning) -> None:
    carrier = world.carrier()
    carrier.carry(FILLING)
    with world.keeper.desk.store.transaction(world.keeper.clock) as tx:
        row = tx.run(tables.carriage.select()).one()
        assert row.cap == 2 * (7 + 1) * MAX_POINTS  # 25,000 in whole requests, one to spare, twice
        tx.run(tables.carriage.update().values(spent=row.cap))
        tx.commit()
    with pytest.raises(CarriageRefused, match="429"):
        carrier.carry(FILLING)


def refused(world: Turning, **changes: Any) -> None:
    with pytest.raises(CarriageRefused, match=r"40[134]"):
        world.carrier(**changes).carry(FILLING)
    with world.keeper.desk.store.transaction(world.keeper.clock) as tx:
        assert all(entry.kind != "carried" for entry in log.entries(tx))


def test_another_hub_is_refused(world: Turning) -> None:
    refused(world, key=new_signing_key()[0])


@pytest.mark.parametrize(
    "changes",
    [{"linkage_from": NEW}, {"revision": 2}, {"network": "autre"}, {"pseudonym_season": OLD}],
)
def test_another_charter_than_the_allowed_one_is(world: Turning, changes: dict[str, Any]) -> None:
    net = replace(world.net, charter=world.net.charter.model_copy(update=changes))
    refused(world, charter=net.signed)


def test_one_that_a_member_did_not_sign_is(world: Turning) -> None:
    missing = SignedCharter(charter=world.net.charter, signatures=world.net.signed.signatures[:1])
    refused(world, charter=missing)


def test_so_is_one_with_made_up_members(world: Turning) -> None:
    """The hub makes the keys of all members: the custodian knows the venues by its own enrolment."""
    forged = network(
        VENUES, custodian=world.net.charter.custodian.model_dump(), pseudonym_season=NEW
    )
    mine = forged.charter.model_copy(update={"hub": world.net.charter.hub})
    forged = replace(forged, charter=mine)
    world.allow(forged)
    refused(world, charter=forged.signed)


def test_so_is_a_clean_break_even_when_the_operator_was_talked_into_it(world: Turning) -> None:
    broken = world.net.charter.model_copy(update={"linkage_from": NEW})
    net = replace(world.net, charter=broken)
    world.allow(net)
    refused(world, charter=net.signed)


def test_without_the_operators_word_nothing_is_carried(tmp_path: Path) -> None:
    world = Turning(tmp_path / "custodian")
    with pytest.raises(ConfigError, match="pin-hub"):
        world.allow()
    world.pin()
    refused(world)
    with pytest.raises(ConfigError, match="later season"):
        world.allow(former=NEW, season=OLD)
    with pytest.raises(SeasonUnknown):
        world.allow(season="2030-2031")


def test_a_destroyed_key_is_gone_from_the_process_that_serves(world: Turning) -> None:
    """And from the disk: only what the log says of it stays."""
    venue = world.keeper.client(VENUES[0])
    venue.evaluate(OLD, FILLING[: 64 * POINT_BYTES])
    secret, home = world.secrets()[0], world.keeper.home
    cli_seasons.destroy(OLD, approved_by="Me Marceau", home=home)
    assert world.keeper.desk.keys.seasons.keys() == {NEW}
    assert secret.hex().encode() not in b"".join(
        p.read_bytes() for p in home.rglob("*") if p.is_file()
    )
    refused(world)
    with pytest.raises(Exception, match="Nothing has this address"):
        venue.evaluate(OLD, FILLING[64 * POINT_BYTES : 128 * POINT_BYTES])
    with world.keeper.desk.store.transaction(world.keeper.clock) as tx:
        told = [entry for entry in log.entries(tx) if entry.kind == "season-destroyed"]
    assert len(told) == 1
    assert "Me Marceau" in told[0].body
