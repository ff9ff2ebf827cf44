"""What a visit looks at: the folder, the settings if there are any, and the ways to hub and custodian; each asked once."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

from contracts.charter import Charter, SignedCharter
from contracts.clock import Clock
from venue_agent.config import AgentConfig, Home, load_config
from venue_agent.credentials.keys import Kept, find
from venue_agent.desk import LEFT
from venue_agent.errors import AgentError, NotJoined
from venue_agent.network.again import Tries
from venue_agent.network.charters import kept_charter
from venue_agent.network.client import Hub, Identity
from venue_agent.network.custodian_client import HttpCustodian
from venue_agent.network.memory import Known, Memory
from venue_agent.words import _

ONCE: Final = Tries(seconds=2, first=0.2, longest=0.5, jitter=0)
"""Somebody waits for the visit to end; what does not answer twice is not there."""

Result = TypeVar("Result")


def free_bytes(folder: Path) -> int:
    """Return how much of the disk that holds *folder* is free."""
    return shutil.disk_usage(folder).free


@dataclass
class Patient:
    """One agent's folder, joined or not; ``urls`` are the addresses to try before there are settings."""

    home: Home
    clock: Clock
    urls: tuple[str, str] = ("", "")  # hub, custodian
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    free: Callable[[Path], int] = free_bytes
    silent: set[str] = field(default_factory=set)  # addresses that did not answer: asked no more

    @cached_property
    def config(self) -> AgentConfig | AgentError | None:
        """The settings; None before `init`; the error when they cannot be read."""
        try:
            return load_config(self.home)
        except NotJoined:
            return None
        except AgentError as error:
            return error

    @property
    def settings(self) -> AgentConfig | None:
        """The settings where they can be read."""
        return self.config if isinstance(self.config, AgentConfig) else None

    @property
    def has_left(self) -> bool:
        """Whether `leave` has run to its end."""
        return (self.home.path / LEFT).exists()

    @property
    def hub_url(self) -> str:
        """The hub's address; "" where nothing tells it."""
        return self.settings.hub_url if self.settings else self.urls[0]

    @property
    def custodian_url(self) -> str:
        """The custodian's address; "" where nothing tells it."""
        return self.settings.custodian_url if self.settings else self.urls[1]

    @cached_property
    def key(self) -> Kept | AgentError | None:
        """The signing key and where it lives; None where there is none; the error if it cannot be had."""
        return attempted(lambda: find(self.home.keys))

    @cached_property
    def hub(self) -> Hub | None:
        """The hub, where this venue has joined and holds its key."""
        if self.settings is None or not isinstance(self.key, Kept) or self.hub_url in self.silent:
            return None
        identity = Identity(self.settings.venue, self.key.secret)
        return Hub(self.settings.hub_url, identity, self.clock, tries=ONCE)

    @cached_property
    def custodian(self) -> HttpCustodian | None:
        """The custodian, where this venue has joined and holds its key."""
        config, silent = self.settings, {"", *self.silent}
        if config is None or config.custodian_url in silent or not isinstance(self.key, Kept):
            return None
        secret = self.key.secret
        return HttpCustodian(config.custodian_url, config.venue, secret, self.clock, tries=ONCE)

    @cached_property
    def signed(self) -> SignedCharter | AgentError | None:
        """The hub's charter, not judged yet; None where the hub shows none or cannot be asked."""
        hub = self.hub
        return attempted(hub.charter) if hub else None

    @cached_property
    def known(self) -> Known | AgentError | None:
        """What was remembered of the network; None before anything is."""
        return attempted(Memory(self.home.path).known)

    @cached_property
    def kept(self) -> Charter | None:
        """The charter that this venue obeyed last, from its own disk."""
        if not isinstance(self.known, Known):
            return None
        return kept_charter(self.home.path, self.known.charter_sha256)

    @property
    def contact(self) -> str:
        """Whom to call at the network: the controller that the charter names, else in general words."""
        return self.kept.controller.contact if self.kept else _("the network's coordination")

    @property
    def custodian_contact(self) -> str:
        """Whom to call at the custodian."""
        return self.kept.custodian.contact if self.kept else _("the custodian")


def attempted(ask: Callable[[], Result]) -> Result | AgentError:
    """Return what *ask* returns, or the error that it raises."""
    try:
        return ask()
    except AgentError as error:
        return error
