"""The vault's two tasks, open what waits and publish; they alone load the vault's keys."""

import datetime as dt
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from contracts.catalogue import Catalogue
from contracts.charter import SignedCharter
from contracts.charter_check import seasons_read
from contracts.clock import SystemClock
from contracts.edition import AuditEntry, PublishedEdition, SignedCheckpoint
from contracts.order import Order
from contracts.scopes import scope_of
from contracts.seal import sign
from hub import hub_keys
from hub.audience_issue import issue_due
from hub.config import VAULT_FILE, VaultConfig
from hub.errors import HubError, StateConflict
from hub.ingest import StoredInbox
from hub.progress import Told, steps_of
from hub.publish import Desk, Progress, publish
from hub.receive import Inbox
from hub.store import (
    audience_orders,
    charters,
    checkpoints,
    editions,
    erasures,
    guard,
    ledger,
    pinned,
    work,
)
from hub.store.database import Control, open_control
from hub.store.scopes import require_cap, require_under_ceiling
from hub.vault.arms import measured
from hub.vault.commitment import commitments, refuse_if_behind
from hub.vault.engine import Limits
from hub.vault.retention import expire
from hub.vault.snapshot import frozen, thaw
from hub.vault.vault import Vault, open_vault
from hub.vault.worker import run_forever, run_once
from hub.vault_frozen import FrozenFacts
from hub.witness import witness

log = logging.getLogger(__name__)
MAX_PART_BYTES = 16_777_216
_UNDER_WAY = (None, "planned", "charged")  # an edition whose sums may still be wanted


def run(home: Path, *, once: bool) -> int:
    """Open what waits, once or until the process is told to end; return how many got their answer."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    clock, total = SystemClock(), 0
    if not once:
        _run_for_ever(home)
        return total
    with opened(home) as (config, control, vault):
        folder = Inbox(root=config.at(config.inbox), max_part_bytes=MAX_PART_BYTES)
        intake = StoredInbox(control=control, folder=folder, clock=clock)
        _keep_house(control, vault)
        hub_keys.settle(config, control, vault.keys, clock)
        issue_due(control, clock, partial(sign, vault.keys.signing_private))
        while answered := run_once(vault, intake):
            total += answered
        _checkpoint(config, control, vault)
    return total


def _run_for_ever(home: Path) -> None:
    """Open what waits until the process is told to end; open the hub anew whenever its keys have changed."""
    ended, stop = threading.Event(), threading.Event()

    def end(*_: object) -> None:
        ended.set()
        stop.set()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, end)
    while not ended.is_set():
        stop.clear()
        with opened(home) as (config, control, vault):
            folder = Inbox(root=config.at(config.inbox), max_part_bytes=MAX_PART_BYTES)
            intake = StoredInbox(control=control, folder=folder, clock=vault.clock)
            _keep_house(control, vault)
            hub_keys.settle(config, control, vault.keys, vault.clock)
            day = vault.clock.now().date()

            def then(
                config: VaultConfig = config,
                control: Control = control,
                vault: Vault = vault,
                day: dt.date = day,
            ) -> None:
                issue_due(control, vault.clock, partial(sign, vault.keys.signing_private))
                _checkpoint(config, control, vault)
                publish_asked(config, control, vault)
                if (
                    vault.clock.now().date() != day
                    or hub_keys.standing(config, control) != vault.keys
                ):
                    stop.set()  # a new day, or new keys: begin again

            run_forever(vault, intake, stop, config.poll_seconds, then)


def publish_edition(home: Path, edition: str, progress: Progress, memory: str = "") -> bytes:
    """Publish an edition with the vault's keys and return its public file.

    Args:
        home: the hub's folder.
        edition: its name in the charter.
        progress: told which step begins.
        memory: what sums may take, instead of the setting; as 1GB.
    """
    with opened(home) as (config, control, vault):
        settings = config.model_copy(update={"memory_limit": memory}) if memory else config
        steps = steps_of(_in_force(control).charter, edition)
        told = Told(control, vault.clock, edition, steps, also=progress)
        with told.under_way(asked=False):
            return _published(settings, control, vault, told)


def _published(config: VaultConfig, control: Control, vault: Vault, told: Told) -> bytes:
    _require_ceiling(control, told)
    file = publish(desk(config, control, vault, told), told.edition)
    thaw(vault, told.edition)
    guard.keep(config.at(config.checkpoint), PublishedEdition.model_validate_json(file).checkpoint)
    return file


def _require_ceiling(control: Control, told: Told) -> None:
    """Refuse what was signed, opened or raised before the ceiling was held: publishing spends, withdrawals do not."""
    charter = _in_force(control).charter
    require_under_ceiling(charter.budgets)
    spec = next((each for each in charter.editions if each.edition == told.edition), None)
    seasons = {scope_of(season) for season in seasons_read(spec)} if spec else set()
    with control.reading() as reading:
        for state in ledger.budgets(reading):
            if state.scope.partition("/")[0] in seasons:
                require_cap(state.scope, state.cap_rho_micro)


def publish_asked(config: VaultConfig, control: Control, vault: Vault) -> None:
    """Publish what the office asked for; what fails says so there, and is asked again by a person."""
    with control.reading() as reading:
        wanted = work.wanted(reading)
    for edition in wanted:
        told = Told(control, vault.clock, edition, steps_of(_in_force(control).charter, edition))
        try:
            with told.under_way(asked=True):
                _published(config, control, vault, told)
        except HubError as error:  # its words are of the ledger and the plan, and of nobody
            log.warning("edition %s is not published: %s", edition, error)


def desk(config: VaultConfig, control: Control, vault: Vault, progress: Progress) -> Desk:
    """Return what publishing needs, over an open hub."""
    return Desk(
        control=control,
        facts=FrozenFacts(
            vault,
            Limits(memory=config.memory_limit, threads=config.threads),
            partial(_catalogues, control),
        ),
        sign=partial(sign, vault.keys.signing_private),
        witness=_witness_of(control),
        clock=SystemClock(),
        progress=progress,
        orders=partial(_orders, control, vault),
    )


def _catalogues(control: Control, edition: str) -> list[Catalogue]:
    with control.reading() as reading:
        return pinned.read(reading, edition) or []


def _orders(control: Control, vault: Vault) -> list[Order]:
    """Return the measured orders that this hub signed, with the key of its charter or the one that followed it."""
    with control.reading() as reading:
        signed = audience_orders.every(reading)
    charter = _in_force(control).charter
    return measured(signed, {charter.hub.signing_key, vault.keys.signing_public}, charter.fields)


@contextmanager
def opened(home: Path) -> Iterator[tuple[VaultConfig, Control, Vault]]:
    """Open the control database and the vault of a hub; close both at the end.

    Raises:
        LedgerBehind: an old backup was restored; nothing is spent on it.
        VaultBehind: an old backup of the vault was restored; nobody who withdrew comes back.
        ChainBroken: the ledger contradicts itself or the head that was kept.
    """
    config = VaultConfig.load(home / VAULT_FILE)
    control = open_control(config.url(config.control_url))
    keys = hub_keys.standing(config, control)
    held = guard.kept(config.at(config.checkpoint))
    guard.require_sound(control, [held.checkpoint] if held else [])
    vault = open_vault(config.url(config.vault_url), config.at(config.facts), keys, SystemClock())
    vault.start()
    _refuse_if_behind(control, vault)
    try:
        yield config, control, vault
    finally:
        vault.database.close()
        control.close()


def _keep_house(control: Control, vault: Vault) -> None:
    """Do what each day brings: forget what is too old, and tell the chain of the days that are over.

    What becomes public is the same on a day without withdrawals as on any other.
    """
    now = vault.clock.now()
    with control.reading() as reading:
        signed = charters.in_force(reading)
        due = erasures.due(reading, now)
        done = [e for e in frozen(vault) if editions.state(reading, e) not in _UNDER_WAY]
    for edition in done:
        thaw(vault, edition)
    if signed is not None:
        expire(vault, signed.charter.retention_months)
    if due:
        commitment = commitments(vault, due)
        with control.transaction(vault.clock) as tx:
            erasures.tell(tx, commitment)
            tx.commit()


def _refuse_if_behind(control: Control, vault: Vault) -> None:
    with control.reading() as reading:
        told = erasures.told(reading)
    if told is not None:
        refuse_if_behind(vault, *told)


def _checkpoint(config: VaultConfig, control: Control, vault: Vault) -> None:
    """Sign the head of the chain when it has grown enough, and keep it outside the database."""
    with control.transaction(vault.clock) as tx:
        if not checkpoints.due(tx, config.checkpoint_every):
            return
        signed = checkpoints.checkpoint(
            tx, config.network, partial(sign, vault.keys.signing_private)
        )
        tx.commit()
    guard.keep(config.at(config.checkpoint), signed)


def _witness_of(
    control: Control,
) -> Callable[[SignedCheckpoint, list[AuditEntry]], SignedCheckpoint]:
    def ask(signed: SignedCheckpoint, entries: list[AuditEntry]) -> SignedCheckpoint:
        custodian = _in_force(control).charter.custodian
        return witness(custodian.url, signed, entries, key=custodian.signing_key)

    return ask


def _in_force(control: Control) -> SignedCharter:
    signed = control.published().charter()
    if signed is None:
        raise StateConflict("No charter is in force. Have every member sign it first.")
    return signed
