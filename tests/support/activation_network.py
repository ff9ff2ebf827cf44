"""Four houses with their agents, a hub with its office and its vault, and a custodian: one process, one clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests

from contracts.api import Enrolment
from contracts.edition import PublishedEdition
from contracts.seal import fingerprint, sign, signing_public
from contracts.visit import Discipline
from hub import vault_desk, witness
from hub.app import create_app
from hub.audience_issue import issue_due
from hub.config import VaultConfig, WebConfig
from hub.custodian.witness import pin_hub
from hub.ingest import StoredInbox
from hub.people.roles import Grant, Role
from hub.publish import publish
from hub.receive import Inbox
from hub.store import charters, invitations, ledger, members
from hub.store.database import Control
from hub.store.people import OPERATOR
from hub.store.scopes import MAX_RHO_MICRO
from hub.vault.vault import Vault, open_vault
from hub.vault.worker import run_once
from hub.verify import verify
from hub.web.office import app as office_app
from tests.support import custodian
from tests.support.agent_world import write_export
from tests.support.audience_world import fresh
from tests.support.custodian import MovableClock
from tests.support.office import ORIGIN, Office, Somebody, quick
from tests.support.ordered_house import OFFERS, OPEN
from tests.support.sending import Line
from tests.support.vault_world import FIELDS, keys_of
from tests.support.wire import NOW, Network, network
from venue_agent.audiences.policy import FILE as POLICY
from venue_agent.config import AgentConfig, Home, load_config, write_config
from venue_agent.credentials.keys import FILE as KEY_FILE
from venue_agent.credentials.keys import load_key
from venue_agent.desk import Desk
from venue_agent.hearing import silent
from venue_agent.network.client import Hub, Identity
from venue_agent.network.custodian_client import HttpCustodian
from venue_agent.push import Patience, push
from venue_agent.tasks import preview

PARTNER, FIRST, SECOND, REFUSING = HOUSES = (
    "theatre-du-quai", "musee-de-la-tour", "opera-neuf", "scene-haute",
)  # fmt: skip
BEFORE, AFTER = "automne-2025", "hiver-2025"
PRESET = Path(__file__).parents[2] / "venue_agent" / "presets" / "fr23plus.toml"
CATALOGUE = """match;event;title;discipline;first_day;last_day;sensitive
La Danse;la-danse;La Danse;dance;;;no
Hamlet;hamlet;Hamlet;theatre;;;no
"""
RHO = 1_000_000
"""What every measure pays here: noise of a person or two, so that what was planted is always found."""


@dataclass(frozen=True)
class NearDesk(Desk):
    """A desk whose hub and custodian are in this process."""

    near: "ActivationNetwork"

    @property
    def hub(self) -> Hub:
        return Hub(ORIGIN, Identity(self.config.venue, self.key), self.clock, self.near.line)

    @property
    def custodian(self) -> HttpCustodian:
        return replace(self.near.keeper.client(self.config.venue, self.clock), key=self.key)


@dataclass(frozen=True)
class SameClock(Office):
    """An office whose invitations are written on the network's own clock."""

    clock: MovableClock

    def link(self, email: str, role: Role, venue: str = "") -> str:
        with self.control.transaction(self.clock) as tx:
            token = invitations.invite(tx, email, Grant(role, venue), by=OPERATOR)
            tx.commit()
        return f"/bureau/invitation/{token}"


@dataclass
class ActivationNetwork:
    """The network, and what its people and processes do."""

    root: Path
    net: Network
    office: SameClock
    vault: Vault
    keeper: custodian.World
    line: Line

    @property
    def clock(self) -> MovableClock:
        return self.keeper.clock

    @property
    def control(self) -> Control:
        return self.office.control

    def desk(self, venue: str) -> NearDesk:
        home = Home(self.root / venue)
        return NearDesk(home, load_config(home), load_key(home.keys), self.clock, self)

    def settle(self, venue: str) -> None:
        """Write what a house writes itself: its settings, its texts of consent, its policy, its catalogue."""
        home = Home(self.root / venue)
        (home.path / "exports").mkdir(parents=True)
        key = fingerprint(self.net.charter.hub.signing_key)
        write_config(home, AgentConfig(venue=venue, hub_url=ORIGIN, custodian_url=custodian.URL, hub_fingerprint=key))  # fmt: skip
        home.keys.mkdir(mode=0o700)
        (home.keys / KEY_FILE).touch(0o600)
        (home.keys / KEY_FILE).write_text(self.net.keys[venue].hex())
        mapping = PRESET.read_text().split("[[oppositions]]")[0] + OFFERS.replace("v01", PARTNER)
        (home.path / "mapping.toml").write_text(mapping)
        (home.path / "catalogue.csv").write_text(CATALOGUE)
        (home.path / POLICY).write_text(OPEN.replace("v01", PARTNER))

    def export(self, venue: str, *tickets: dict[str, str]) -> None:
        """Let a house's box office export what it sold so far."""
        write_export(self.root / venue / "exports", *tickets)

    def send(self, venue: str) -> None:
        """Preview a house's batches, push them, and wait for the vault's receipts."""
        desk = self.desk(venue)
        preview.run(desk, full=False, progress=silent)
        patience = Patience(seconds=2, every=1, pause=lambda _seconds: self.open_all())
        push(desk.spool, desk.hub, desk.config.hub_fingerprint, patience)
        assert not desk.spool.unsent()

    def open_all(self) -> None:
        """Let the vault's process look at its inbox once."""
        folder = Inbox(self.root / "hub" / "inbox", 2**23)
        run_once(self.vault, StoredInbox(self.control, folder, self.clock))

    def issue(self) -> int:
        """Let the vault's process sign the orders that are due."""
        return issue_due(self.control, self.clock, partial(sign, self.vault.keys.signing_private))

    def publish(self, edition: str) -> PublishedEdition:
        """Publish an edition as the vault's process does, and check it as anybody can."""
        config = VaultConfig(home=self.root, network=self.net.charter.network, memory_limit="1GB")
        session = requests.Session()
        session.mount(custodian.URL, self.keeper.adapter)
        made = vault_desk.desk(config, self.control, self.vault, lambda _step: None)  # type: ignore[arg-type]
        with patch.object(witness.requests, "post", session.post):
            file = publish(replace(made, clock=self.clock), edition)
        published = PublishedEdition.model_validate_json(file)
        verify(published, self.net.signed).require()
        return published

    def somebody(self, email: str, role: Role, venue: str = "") -> Somebody:
        return self.office.somebody(email, role, venue)


def _terms() -> dict[str, Any]:
    """What the members sign: one named partner, activations that may travel, two editions."""

    def measures(*names: str) -> list[dict[str, Any]]:
        return [{"measure": name, "rho_micro": RHO, "delta_pico": 0} for name in names]

    autumn = {"season": "2025-2026", "first_day": "2025-09-01"}
    return {
        "purposes": ["statistics", "partner_offers"],
        "partners": [PARTNER],
        "fields": [*FIELDS, "arm", "partner_distance_band"],
        "bounds": {"venues": 4, "visits": 10, "cells": 4, "pairs_total": 6},
        "budgets": [
            {
                "season": "2025-2026", "total_rho_micro": 5 * RHO, "observatory_rho_micro": 2 * RHO,
                "recommendation_rho_micro": 1, "audiences_rho_micro": 2 * RHO, "delta_pico": 1_000_000,
            }
        ],
        "editions": [
            autumn | {"edition": BEFORE, "title": "Automne 2025", "last_day": "2025-10-31", "measures": measures("reach", "cube")},
            autumn | {"edition": AFTER, "title": "Hiver 2025", "last_day": "2025-12-31", "measures": measures("cooperation", "reciprocity")},
        ],
    }  # fmt: skip


def _of_two_disciplines(net: Network) -> Network:
    """The same network, of which one house is for dance: its editions then tell of that discipline."""
    members = [
        m.model_copy(update={"discipline": Discipline.DANCE} if m.venue == SECOND else {})
        for m in net.charter.members
    ]
    return replace(net, charter=net.charter.model_copy(update={"members": members}))


def _join(control: Control, net: Network, keeper: custodian.World) -> None:
    """Enrol every house at the hub and at the custodian, sign the charter, open its budgets."""
    for venue, key in net.keys.items():
        keeper.keys[venue] = key
        keeper.client(venue).enrol(keeper.issue(venue), signing_public(key))
    with keeper.desk.store.transaction(keeper.clock) as tx:
        pin_hub(tx, net.charter.network, net.charter.hub.signing_key)
        tx.commit()
    with control.transaction(keeper.clock) as tx:
        for venue, key in net.keys.items():
            code = members.issue_code(tx, venue)
            members.enrol(tx, Enrolment(venue=venue, code=code, signing_key=signing_public(key)))
        charters.save_draft(tx, net.charter)
        for signature in net.signed.signatures:
            charters.add_signature(tx, signature)
        ledger.open_budgets(tx, net.charter.budgets, ceiling_micro=MAX_RHO_MICRO)
        tx.commit()


@contextmanager
def opened(root: Path) -> Iterator[ActivationNetwork]:
    """A network whose four houses have joined and signed; it is 3 November 2025."""
    keeper = custodian.make_world(root / "custodian")
    keeper.clock.instant = NOW
    public = keeper.desk.keys.public()
    held = {"url": custodian.URL, "operator": "Notaire", "contact": "n@example.org",
            "signing_key": public.signing_key, "season_keys": public.season_keys}  # fmt: skip
    net = _of_two_disciplines(network(HOUSES, custodian=held, **_terms()))
    home = root / "hub"
    home.mkdir()
    control = fresh(home / "control.sqlite")
    _join(control, net, keeper)
    config = WebConfig(home=home, network=net.charter.network, public_url=ORIGIN,
                       signing_key=net.charter.hub.signing_key)  # fmt: skip
    vault = open_vault(f"sqlite:///{root / 'vault.sqlite'}", root / "facts", keys_of(net), keeper.clock)  # fmt: skip
    vault.start()
    with patch.object(office_app, "settings", quick):
        app = create_app(config, keeper.clock, control)
    office = SameClock(app, control, home, keeper.clock)
    made = ActivationNetwork(root, net, office, vault, keeper, Line(app.test_client()))
    for venue in HOUSES:
        made.settle(venue)
    yield made
    vault.database.close()
    control.close()
