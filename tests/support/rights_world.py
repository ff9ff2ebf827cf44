"""One venue's agent with a real hub, a real vault and a real custodian, all in this process."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from contracts.seal import fingerprint, signing_public
from hub.custodian import quota
from hub.ingest import StoredInbox
from hub.receive import Inbox
from hub.store import charters
from hub.vault import index
from hub.vault.keys import VaultKeys
from hub.vault.vault import Vault, open_vault
from hub.vault.worker import run_once
from tests.support import custodian, intake
from tests.support.agent_world import write_export
from tests.support.sending import Line
from tests.support.vault_world import FIELDS, keys_of
from tests.support.wire import CLOCK, NOW, VENUES, Network, network
from venue_agent.config import AgentConfig, Home, load_config, write_config
from venue_agent.credentials.keys import FILE as KEY_FILE
from venue_agent.credentials.keys import load_key
from venue_agent.credentials.succession import history
from venue_agent.desk import Desk
from venue_agent.hearing import silent
from venue_agent.network.client import Hub, Identity
from venue_agent.network.custodian_client import HttpCustodian
from venue_agent.push import Patience, push
from venue_agent.rights import erasure
from venue_agent.rights.erasure import Told
from venue_agent.rights.named import named
from venue_agent.tasks import preview

VENUE, OTHER = VENUES[:2]
PRESETS = Path(__file__).parents[2] / "venue_agent" / "presets"
MAIL, PHONE = "canari.jaune@exemple.fr", "06 47 31 89 02"
CANARY = {"Nom": "Canari", "Prenom": "Jaune", "Email": MAIL, "Telephone": PHONE}
ZOE = {"Nom": "Durand", "Prenom": "Zoé", "Email": "zoe.durand@exemple.fr"}
OCTOBER = {"Date representation": "15/10/25", "Date reservation": "01/10/25 00:00"}
NOVEMBER = {"Date representation": "15/11/25", "Date reservation": "01/10/25 00:00"}
BOTH = (CANARY | OCTOBER, ZOE | OCTOBER, CANARY | NOVEMBER, ZOE | NOVEMBER)


@dataclass(frozen=True)
class NearDesk(Desk):
    """A desk whose hub and custodian are in this process."""

    near: "RightsWorld"

    @property
    def hub(self) -> Hub:
        identity = Identity(self.config.venue, self.key, history(self.home.path).earlier)
        return Hub("http://localhost", identity, self.clock, self.near.line)

    @property
    def custodian(self) -> HttpCustodian:
        return replace(self.near.custodian.client(self.config.venue, self.clock), key=self.key)


@dataclass
class RightsWorld:
    """A hub with its vault, a custodian, and the agents of two venues."""

    root: Path
    net: Network
    web: intake.World
    vault: Vault
    custodian: custodian.World
    line: Line

    def desk(self, venue: str = VENUE) -> NearDesk:
        home = Home(self.root / venue)
        config = AgentConfig(venue=venue, hub_url="http://localhost", custodian_url="http://x",
                             hub_fingerprint=fingerprint(self.net.charter.hub.signing_key))  # fmt: skip
        if not home.config.exists():
            (home.path / "exports").mkdir(parents=True)
            write_config(home, config)
            home.keys.mkdir(mode=0o700)
            key = home.keys / KEY_FILE
            key.touch(0o600)
            key.write_text(self.net.keys[venue].hex())
            mapping = (PRESETS / "fr23plus.toml").read_text().split("[[oppositions]]")[0]
            (home.path / "mapping.toml").write_text(mapping)
        return NearDesk(home, load_config(home), load_key(home.keys), CLOCK, self)

    def patience(self) -> Patience:
        return Patience(seconds=2, every=1, pause=lambda _seconds: self.open_all())

    def inbox(self) -> StoredInbox:
        return StoredInbox(self.web.control, Inbox(self.web.root / "inbox", 100_000), CLOCK)

    def open_all(self) -> None:
        run_once(self.vault, self.inbox())

    def erasures_spent(self, venue: str = VENUE) -> int:
        with self.custodian.desk.store.transaction(self.custodian.clock) as tx:
            return sum(u.spent for u in quota.usages(tx, "erasure") if u.venue == venue)

    def export(self, *tickets: dict[str, str], venue: str = VENUE) -> None:
        write_export(self.desk(venue).home.path / "exports", *tickets)

    def prepare(self, venue: str = VENUE, *, full: bool = False) -> None:
        preview.run(self.desk(venue), full=full, progress=silent)

    def send(self, venue: str = VENUE) -> int:
        desk = self.desk(venue)
        key = desk.config.hub_fingerprint
        return len(push(desk.spool, desk.hub, key, self.patience()))

    def forget(self, *, venue: str = VENUE, scope: str = "venue", **who: str) -> Told:
        desk = self.desk(venue)
        erasure.erase_here(desk, named(**who), scope)
        return erasure.announce(desk, self.patience())

    def visits(self, venue: str = VENUE) -> int:
        """Visit rows of a venue in the vault."""
        with self.vault.database.reading() as connection:
            refs = [r for r in index.parts(connection, [venue]) if r.place.kind == "visits"]
        return sum(self.vault.facts.read(ref).num_rows for ref in refs)

    def backup(self, place: Path) -> None:
        shutil.copytree(self.root / "facts", place / "facts")
        shutil.copy(self.root / "vault.sqlite", place)

    def restore(self, place: Path, *, log: bool = True) -> None:
        """Stop the vault, put the copy in its place and start again; without *log*, that of tombstones too."""
        self.vault.database.close()
        tombstones = self.root / "facts" / "tombstones.log"
        held = tombstones.read_bytes() if tombstones.exists() else b""
        shutil.rmtree(self.root / "facts")
        shutil.copytree(place / "facts", self.root / "facts")
        if log and held:
            tombstones.write_bytes(held)
        shutil.copy(place / "vault.sqlite", self.root)
        self.vault = self.another_vault()

    def another_vault(self) -> Vault:
        url = f"sqlite:///{self.root / 'vault.sqlite'}"
        vault = open_vault(url, self.root / "facts", self.vault.keys, CLOCK)
        vault.start()
        return vault


@contextmanager
def opened(root: Path, template: "Template") -> Iterator[RightsWorld]:
    """A world whose venues have enrolled everywhere and signed."""
    shutil.copytree(template.hub, root / "hub")
    with intake.opened(root / "hub", template.net) as web:
        vault = open_vault(
            f"sqlite:///{root / 'vault.sqlite'}", root / "facts", template.keys, CLOCK
        )
        vault.start()
        yield RightsWorld(root, template.net, web, vault, template.custodian, Line(web.web))
        vault.database.close()


@dataclass(frozen=True)
class Template:
    """What takes long to make: a custodian, and a hub that everybody has joined."""

    custodian: custodian.World
    net: Network
    keys: VaultKeys
    hub: Path


def template(root: Path) -> Template:
    """A network whose charter allows every field and names that custodian."""
    keeper = custodian.make_world(root / "custodian")
    keeper.clock.instant = NOW
    public = keeper.desk.keys.public()
    said = {"url": "http://127.0.0.1:8601", "operator": "Notaire", "contact": "n@example.org",
            "signing_key": public.signing_key, "season_keys": public.season_keys}  # fmt: skip
    net = network(fields=FIELDS, custodian=said)
    with intake.opened(root / "hub", net) as web:
        for venue, key in net.keys.items():
            keeper.keys[venue] = key
            keeper.client(venue).enrol(keeper.issue(venue), signing_public(key))
            intake.enrol(web, venue)
        with web.control.transaction(CLOCK) as tx:
            charters.save_draft(tx, net.charter)
            for signature in net.signed.signatures:
                charters.add_signature(tx, signature)
            tx.commit()
    return Template(keeper, net, keys_of(net), root / "hub")


def sent(root: Path, template: Template, *, other: bool = True) -> Path:
    """Leave a world in *root* in which Canari and Zoé went twice to one venue, and Canari once to another.

    All is sent and opened. Tests take a copy each, by ``again``: making it takes four seconds, copying a tenth.
    """
    with opened(root, template) as world:
        world.export(*BOTH)
        if other:
            world.export(CANARY | OCTOBER, venue=OTHER)
        for venue in (VENUE, OTHER) if other else (VENUE,):
            world.prepare(venue)
            world.send(venue)
    return root


@contextmanager
def again(base: Path, root: Path, template: Template) -> Iterator[RightsWorld]:
    """A copy of a world that was closed: hub, vault, agents, and the custodian with keys of its own."""
    shutil.copytree(base, root, dirs_exist_ok=True)
    keeper = custodian.copied(template.custodian, root / "custodian")
    with intake.opened(root / "hub", template.net) as web:
        url = f"sqlite:///{root / 'vault.sqlite'}"
        vault = open_vault(url, root / "facts", template.keys, CLOCK)
        vault.start()
        yield RightsWorld(root, template.net, web, vault, keeper, Line(web.web))
        vault.database.close()
