"""Opens a season at the hub: custodian's keys into the next charter, then the vault, then a word in the chain."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from contracts.api import CustodianKeys
from contracts.base import canonical
from contracts.charter import SignedCharter
from contracts.charter_check import charter_hash
from contracts.clock import Clock
from contracts.seal import sign
from hub import hub_keys
from hub.carriage import HttpCarrier
from hub.config import CUSTODIAN_FILE, DRAFT_FILE
from hub.draft import NetworkDraft
from hub.errors import ConfigError, StateConflict
from hub.store import audit, checkpoints, guard
from hub.store.database import Control
from hub.vault import season
from hub.vault.carry import Carrier
from hub.vault.season import Opening
from hub.vault.vault import Vault
from hub.vault_desk import opened
from hub.witness import witness

KIND = "season-opened"


@dataclass(frozen=True)
class Standing:
    """Where the vault and the charter are, and who has not sent its suppression list."""

    vault: str | None
    charter: str
    owing: tuple[str, ...]


def fetch(home: Path, fetch_keys: Callable[[str], CustodianKeys]) -> list[str]:
    """Take the custodian's season keys into the hub's file, for the next charter; return its seasons.

    Raises:
        ConfigError: another custodian answers, or a season's key has changed.
        WitnessUnreachable: nobody answers.
    """
    draft = NetworkDraft.load(home / DRAFT_FILE)
    known = CustodianKeys.model_validate_json((home / CUSTODIAN_FILE).read_bytes())
    found = fetch_keys(draft.custodian_url)
    changed = [s for s, key in found.season_keys.items() if known.season_keys.get(s, key) != key]
    if found.signing_key != known.signing_key or changed:
        raise ConfigError(
            "Found another custodian than the one that the network chose, or a season whose key has "
            "changed; expected new seasons only. Call the custodian before you go on."
        )
    aside = (home / CUSTODIAN_FILE).with_suffix(".new")
    aside.write_bytes(canonical(found))
    aside.replace(home / CUSTODIAN_FILE)
    return sorted(found.season_keys)


def open_season(home: Path, clock: Clock) -> Opening:
    """Let the season of the charter in force stand in the vault, and tell the chain; again changes nothing.

    Raises:
        StateConflict: no charter is in force, or the vault cannot turn to its season.
        CarriageRefused, WitnessUnreachable: the custodian does not carry; nothing was changed.
    """
    with opened(home) as (config, control, vault):
        signed = in_force(control)
        hub_keys.settle(config, control, vault.keys, clock)
        if signed.charter.links_back:
            _show_head(control, vault, signed)
        former = season.standing(vault) or ""
        carrier = HttpCarrier(signed, former, vault.keys.signing_private, clock)
        opening = turn(control, vault, signed, carrier)
        with control.transaction(clock) as tx:
            head = checkpoints.checkpoint(
                tx, config.network, partial(sign, vault.keys.signing_private)
            )
            tx.commit()
        guard.keep(config.at(config.checkpoint), head)
        return opening


def _show_head(control: Control, vault: Vault, signed: SignedCharter) -> None:
    """Have the custodian witness the head first: its pin then follows the hub's key, if that has changed."""
    custodian = signed.charter.custodian
    with control.transaction(vault.clock) as tx:
        last = checkpoints.last_witnessed(tx)
        head = checkpoints.checkpoint(
            tx, signed.charter.network, partial(sign, vault.keys.signing_private)
        )
        entries = audit.entries(tx, after=last.checkpoint.sequence if last else 0)
        tx.commit()
    witnessed = witness(custodian.url, head, entries, key=custodian.signing_key)
    with control.transaction(vault.clock) as tx:
        checkpoints.set_witness(tx, witnessed)
        tx.commit()


def turn(control: Control, vault: Vault, signed: SignedCharter, carrier: Carrier) -> Opening:
    """Turn the vault, then write one entry in the chain; a killed call is taken up by the next."""
    opening = season.open_season(vault, signed.charter, carrier)
    body = {
        "season": opening.season,
        "former": opening.former,
        "linkage": "carried" if opening.carried else "broken",
        "charter_sha256": charter_hash(signed.charter),
    }
    with control.transaction(vault.clock) as tx:
        told = {json.loads(entry.body)["season"] for entry in audit.of_kind(tx, KIND)}
        if opening.former and opening.season not in told:
            audit.append(tx, KIND, body)
        tx.commit()
    return opening


def show(home: Path) -> Standing:
    """Return where the vault and the charter in force are."""
    with opened(home) as (_, control, vault):
        name = in_force(control).charter.pseudonym_season
        return Standing(season.standing(vault), name, tuple(season.owing(vault, name)))


def in_force(control: Control) -> SignedCharter:
    """Return the charter in force.

    Raises:
        StateConflict: there is none.
    """
    signed = control.published().charter()
    if signed is None:
        raise StateConflict("No charter is in force. Have every member sign it first.")
    return signed
