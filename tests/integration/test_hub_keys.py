"""The hub's own keys change: what was sealed to the old one still opens for a week, and the chain leads to the new one."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from contracts.api import WitnessRequest
from contracts.base import canonical, digest
from contracts.charter_check import charter_hash
from contracts.edition import AuditEntry
from contracts.seal import fingerprint, sign
from contracts.succession import KIND
from hub import hub_keys
from hub.config import PUBLIC_FILE, VaultConfig
from hub.custodian.errors import Unsigned
from hub.custodian.witness import pin_hub, witness
from hub.errors import ConfigError, StateConflict
from hub.membership import PublicKeys
from hub.store import audit, charters, checkpoints
from hub.vault.keys import VaultKeys, load_keys, write_keys
from hub.vault.vault import open_vault
from tests.support import rights_world
from tests.support.custodian import MovableClock
from tests.support.rights_world import BOTH, OCTOBER, ZOE, RightsWorld, Template
from tests.support.wire import CLOCK, NOW
from venue_agent.config import load_config
from venue_agent.errors import CheckpointRefused, FingerprintMismatch
from venue_agent.network.hub_key import formers
from venue_agent.push import Patience, push

EVE = ZOE | OCTOBER | {"Email": "eve@exemple.fr", "Prenom": "Eve"}


@dataclass
class Hub:
    """The operator's side of a world: a home folder with the vault's key file."""

    world: RightsWorld
    home: Path
    clock: MovableClock

    @property
    def config(self) -> VaultConfig:
        return VaultConfig.load(self.home / "vault" / "vault.toml")

    def standing(self) -> VaultKeys:
        return hub_keys.standing(self.config, self.world.web.control)

    def rotate(self, kind: hub_keys.Kind) -> str:
        return hub_keys.rotate(self.home, self.world.web.control, kind, self.clock)

    def sign_next(self) -> None:
        """Every member signs a revision that names what `charter assemble` would."""
        public = PublicKeys.model_validate_json((self.home / PUBLIC_FILE).read_bytes())
        before = self.world.net.charter
        named = {"vault_key": public.vault_key, "signing_key": public.signing_key}
        hub = before.hub.model_copy(update=named)
        said = {"revision": before.revision + 1, "hub": hub}
        self.world.net = replace(self.world.net, charter=before.model_copy(update=said))
        with self.world.web.control.transaction(self.clock) as tx:
            charters.save_draft(tx, self.world.net.charter)
            for signature in self.world.net.signed.signatures:
                charters.add_signature(tx, signature)
            tx.commit()

    def reopen(self) -> None:
        """What `hub vault run` does when its keys have changed, and every morning."""
        self.world.vault.database.close()
        root, keys = self.world.root, self.standing()
        self.world.vault = open_vault(
            f"sqlite:///{root / 'vault.sqlite'}", root / "facts", keys, CLOCK
        )
        self.world.vault.start()
        hub_keys.settle(self.config, self.world.web.control, keys, self.clock)

    def checkpoint(self) -> None:
        keys = self.standing()
        with self.world.web.control.transaction(self.clock) as tx:
            audit.append(tx, "essai", {"n": tx.head().sequence})
            checkpoints.checkpoint(tx, "essai", partial(sign, keys.signing_private))
            tx.commit()

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.world.web.control.published().chain()]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return rights_world.template(tmp_path_factory.mktemp("network"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, template: Template) -> Path:
    return rights_world.sent(tmp_path_factory.mktemp("base"), template, other=False)


@pytest.fixture
def hub(tmp_path: Path, template: Template, base: Path) -> Iterator[Hub]:
    with rights_world.again(base, tmp_path / "world", template) as world:
        home = tmp_path / "operator"
        (home / "vault").mkdir(parents=True)
        write_keys(template.keys, home / "vault" / "keys.json")
        (home / "vault" / "vault.toml").write_text('network = "essai"\n')
        keys = template.keys
        public = PublicKeys(vault_key=keys.sealing_public, signing_key=keys.signing_public)
        (home / PUBLIC_FILE).write_bytes(canonical(public))
        yield Hub(world, home, MovableClock(NOW))


def test_a_sealing_key_is_drawn_named_used_and_the_old_one_destroyed(hub: Hub) -> None:
    old = hub.standing()
    new = hub.rotate("sealing")
    assert hub.standing().sealing_public == old.sealing_public  # until the members have signed
    waiting_of(
        hub
    )  # sealed to the old key, acknowledged, and not opened before the charter changes
    hub.sign_next()
    hub.reopen()
    assert hub.standing().sealing_public == new
    assert hub.world.inbox().waiting()[0].key_sha256 == old.sealing_sha256
    hub.world.open_all()
    assert hub.world.inbox().waiting() == []
    assert hub.world.visits() == 5  # it opened all the same
    assert prepared_under(hub) == digest(bytes.fromhex(new))
    hub.clock.wind(days=6)
    hub.reopen()
    assert hub.standing().opener(old.sealing_sha256) is not None
    hub.clock.wind(days=2)
    hub.reopen()
    assert hub.standing().opener(old.sealing_sha256) is None
    assert old.sealing_private.hex() not in (hub.home / "vault" / "keys.json").read_text()
    assert hub.kinds().count(hub_keys.DESTROYED) == 1


def waiting_of(hub: Hub) -> None:
    hub.world.export(*BOTH, EVE)
    hub.world.prepare()
    desk = hub.world.desk()
    push(desk.spool, desk.hub, desk.config.hub_fingerprint, Patience(seconds=0))


def prepared_under(hub: Hub) -> str:
    hub.world.prepare()
    return hub.world.desk().spool.unsent()[0].commit.key_sha256


def test_while_something_waits_that_it_opens_it_is_kept(hub: Hub) -> None:
    old = hub.standing()
    hub.rotate("sealing")
    waiting_of(hub)
    hub.sign_next()
    hub.clock.wind(days=30)
    hub.reopen()
    assert hub.standing().opener(old.sealing_sha256) is not None
    hub.world.open_all()
    hub.reopen()
    assert hub.standing().opener(old.sealing_sha256) is None


def test_agents_follow_a_new_signing_key(hub: Hub) -> None:
    hub.checkpoint()
    desk = hub.world.desk()
    assert desk.charter().revision == 1
    assert desk.config.hub_fingerprint == fingerprint(hub.standing().signing_public)
    old, new = hub.standing(), hub.rotate("signing")
    hub.sign_next()
    desk.charter()  # the hub has not signed a head with it yet: the last one was before the charter's day
    hub.reopen()
    assert hub.kinds()[-1] == hub_keys.IN_USE
    assert hub.world.desk().charter().hub.signing_key == new
    assert load_config(hub.world.desk().home).hub_fingerprint == fingerprint(new)
    hub.world.export(*BOTH, EVE)
    hub.world.prepare()
    assert hub.world.send() == 2  # receipts under the new key
    with hub.world.web.control.transaction(hub.clock) as tx:
        audit.append(tx, "essai", {"forged": 1})
        checkpoints.checkpoint(tx, "essai", partial(sign, old.signing_private))
        tx.commit()
    with pytest.raises(CheckpointRefused, match="not signed by the charter's hub"):
        hub.world.desk().charter()


def test_a_key_that_the_old_one_did_not_sign_for_is_another_hub(hub: Hub) -> None:
    """The web's database names a key of its own; no statement in the chain leads there."""
    fresh = hub.world.desk().home
    charter = hub.world.net.charter
    other = charter.hub.model_copy(update={"signing_key": "ab" * 32})
    hub.world.net = replace(
        hub.world.net, charter=charter.model_copy(update={"revision": 2, "hub": other})
    )
    with hub.world.web.control.transaction(hub.clock) as tx:
        charters.save_draft(tx, hub.world.net.charter)
        for signature in hub.world.net.signed.signatures:
            charters.add_signature(tx, signature)
        tx.commit()
    with pytest.raises(FingerprintMismatch):
        hub.world.desk().charter()
    assert load_config(fresh).hub_fingerprint != fingerprint("ab" * 32)
    assert formers([], "ab" * 32) == set()


def test_the_custodian_moves_its_pin_along_the_chain(hub: Hub) -> None:
    desk = hub.world.custodian.desk
    with desk.store.transaction(desk.clock) as tx:
        pin_hub(tx, "essai", hub.standing().signing_public)
        tx.commit()
    old = hub.standing()
    hub.rotate("signing")
    hub.checkpoint()
    asked(hub)  # the statement is witnessed under the old key
    hub.sign_next()
    hub.reopen()
    asked(hub)
    with hub.world.web.control.transaction(hub.clock) as tx:
        audit.append(tx, "essai", {"forged": 1})
        checkpoints.checkpoint(tx, "essai", partial(sign, old.signing_private))
        tx.commit()
    with pytest.raises(Unsigned):  # a stolen old key gets no witness any more
        asked(hub)


def asked(hub: Hub) -> None:
    with hub.world.web.control.reading() as reading:
        last = checkpoints.latest(reading)
        entries = audit.entries(reading)
    assert last is not None
    request = WitnessRequest(
        checkpoint=last.checkpoint, hub_signature=last.hub_signature, entries=entries
    )
    witness(hub.world.custodian.desk, request)


def test_an_edition_of_before_finds_its_own_charter(hub: Hub) -> None:
    before = charter_hash(hub.world.net.charter)
    hub.rotate("sealing")
    hub.sign_next()
    published = hub.world.web.control.published()
    found = [published.charter_of(sha256) for sha256 in (before, "00" * 32)]
    assert [signed and signed.charter.revision for signed in found] == [1, None]


def test_one_change_at_a_time(hub: Hub) -> None:
    hub.rotate("signing")
    with pytest.raises(StateConflict, match="waits already"):
        hub.rotate("signing")
    hub.rotate("sealing")
    assert len(load_keys(hub.home / "vault" / "keys.json").ring) == 2


def test_killed_between_the_chain_and_the_public_file_it_takes_the_same_key(hub: Hub) -> None:
    before = (hub.home / PUBLIC_FILE).read_bytes()
    first = hub.rotate("signing")
    (hub.home / PUBLIC_FILE).write_bytes(before)
    assert hub.rotate("signing") == first
    assert [json.loads(e.body)["succession"]["key"] for e in statements_of(hub)] == [first]


def statements_of(hub: Hub) -> list[AuditEntry]:
    with hub.world.web.control.reading() as reading:
        return audit.of_kind(reading, KIND)


def test_a_key_file_without_the_charters_key_is_refused(hub: Hub, template: Template) -> None:
    (hub.home / "vault" / "keys.json").unlink()
    write_keys(template.keys, hub.home / "vault" / "keys.json")
    before = (hub.home / "vault" / "keys.json").read_bytes()
    hub.rotate("sealing")
    hub.sign_next()
    (hub.home / "vault" / "keys.json").write_bytes(before)  # an old backup of it
    with pytest.raises(ConfigError, match="newest key file"):
        hub.standing()
    assert dt.timedelta(days=hub.config.keep_keys_days) == dt.timedelta(days=7)
