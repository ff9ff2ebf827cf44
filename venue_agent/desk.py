"""What every command of the agent opens first: settings, key, hub, custodian, charter, spool."""

import importlib
from dataclasses import dataclass, field
from typing import Final

from contracts.charter import Charter
from contracts.clock import Clock
from venue_agent.catalogue import LocalCatalogue, read_catalogue
from venue_agent.config import AgentConfig, Home, load_config
from venue_agent.credentials.keys import cache_key, load_key
from venue_agent.credentials.succession import history
from venue_agent.errors import ConfigError, NotJoined
from venue_agent.home.elements import FILE, first_key
from venue_agent.home.versions import bring_up_to_date
from venue_agent.network.again import ATTENDED, Tries
from venue_agent.network.charters import keep_charter
from venue_agent.network.client import Hub, Identity
from venue_agent.network.custodian_client import HttpCustodian
from venue_agent.network.hub_key import remember
from venue_agent.network.memory import Memory
from venue_agent.outbox.spool import Spool
from venue_agent.push import charter_in_force
from venue_agent.words import _

LEFT: Final = "left.json"


@dataclass(frozen=True)
class Desk:
    """An agent that has joined: its settings and its ways to hub and custodian."""

    home: Home
    config: AgentConfig
    key: bytes = field(repr=False)
    clock: Clock
    tries: Tries = field(default=ATTENDED, kw_only=True)  # how long a server is waited for

    @property
    def hub(self) -> Hub:
        """The hub, reached with this venue's key."""
        identity = Identity(self.config.venue, self.key, history(self.home.path).earlier)
        return Hub(self.config.hub_url, identity, self.clock, tries=self.tries)

    @property
    def custodian(self) -> HttpCustodian:
        """The custodian, reached with this venue's key."""
        url, venue = self.config.custodian_url, self.config.venue
        return HttpCustodian(url, venue, self.key, self.clock, tries=self.tries)

    @property
    def cache_key(self) -> bytes:
        """The key of the element cache; a cache made by agent 0.1 keeps the one that it had."""
        there = (self.home.path / FILE).exists()
        return cache_key(self.home.keys, first_key(self.key) if there else b"")

    @property
    def spool(self) -> Spool:
        """What was packed."""
        return Spool(self.home.spool)

    def charter(self) -> Charter:
        """Return the charter in force, fetched and checked now, also against what was seen before.

        Raises:
            CheckpointRefused: the hub's chain does not extend the head that was kept; else as
                ``charter_in_force``.
        """
        hub = self.hub
        charter = charter_in_force(hub, self.config.hub_fingerprint, self.clock)
        Memory(self.home.path).hold(hub, charter)
        keep_charter(self.home.path, charter)
        remember(self.home.config, charter.hub.signing_key, self.config.hub_fingerprint)
        return charter

    def catalogue(self) -> LocalCatalogue:
        """Return the public catalogue; empty when the venue wrote none: no event then leaves by name."""
        path = self.home.inside(self.config.catalogue)
        if not path.exists():
            return LocalCatalogue.empty(self.config.venue)
        return read_catalogue(path, self.config.venue)


def open_desk(home: Home, clock: Clock, tries: Tries = ATTENDED) -> Desk:
    """Return the desk of an agent that has joined.

    Raises:
        NotJoined: `init` has not run, or the venue has left.
        ConfigError, StateDamaged: settings or key cannot be used.
        HomeTooNew: a newer agent has written the folder; an older format is brought up to date.
    """
    bring_up_to_date(home, clock)
    config = load_config(home)
    if (home.path / LEFT).exists():
        raise NotJoined(
            _(
                "This venue has left the network, and nothing more is sent from here. Keep the "
                "folder {folder} for its proofs, or delete it. To come back, join with a new code "
                "from an empty folder."
            ).format(folder=home.path)
        )
    if not config.custodian_url:
        raise ConfigError(
            _("agent.toml names no custodian. Run `venue-agent init` with its address.")
        )
    key = load_key(home.keys)
    desk = Desk(home=home, config=config, key=key, clock=clock, tries=tries)
    if history(home.path).pending is None:
        return desk
    rotation = importlib.import_module(
        "venue_agent.tasks.rotation"
    )  # which opens desks, and loads pandas
    taken_up: Desk = rotation.taken_up(desk)
    return taken_up
