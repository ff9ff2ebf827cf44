"""The hub's own keys change: drawn beside the old ones, named by the next charter, and the old ones destroyed in time.

The charter in force says which key seals and which signs. A new signing key is announced in the chain by a
statement that both keys signed: agents and custodian follow it, and no signature is ever asked twice.
"""

import datetime as dt
import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from contracts.base import canonical, digest
from contracts.charter import Charter
from contracts.clock import Clock, parse_stamp, stamp
from contracts.edition import SignedCheckpoint
from contracts.seal import new_sealing_key, new_signing_key, sign
from contracts.succession import KIND, statements, succeed
from hub.config import PUBLIC_FILE, VAULT_FILE, VaultConfig
from hub.errors import StateConflict
from hub.membership import PublicKeys
from hub.store import audit, charters, checkpoints, guard, inbox
from hub.store.database import Control
from hub.store.transaction import Transaction
from hub.vault.keys import Pair, VaultKeys, load_keys, rewrite_keys

Kind = Literal["sealing", "signing"]
DRAWN = "hub-key-drawn"
IN_USE = "hub-key-in-use"
DESTROYED = "hub-key-destroyed"


def standing(config: VaultConfig, control: Control) -> VaultKeys:
    """Return the vault's keys, with the signing pair that the charter in force names.

    Raises:
        ConfigError: the key file cannot be read, or does not hold that pair.
    """
    keys = load_keys(config.at(config.keys))
    signed = control.published().charter()
    return keys if signed is None else _under(keys, signed.charter)


def rotate(home: Path, control: Control, kind: Kind, clock: Clock) -> str:
    """Draw a new key for the next charter and return its public half; the present one goes on until then.

    Raises:
        StateConflict: no charter is in force, or a key drawn before waits for its charter still.
    """
    config = VaultConfig.load(home / VAULT_FILE)
    charter = _in_force(control)
    public = PublicKeys.model_validate_json((home / PUBLIC_FILE).read_bytes())
    named = charter.hub.vault_key if kind == "sealing" else charter.hub.signing_key
    if named != (public.vault_key if kind == "sealing" else public.signing_key):
        raise StateConflict(
            "A new {kind} key waits already for a charter that names it; expected it in force first. "
            "Assemble the next revision and have every member sign it.",
            kind=kind,
        )
    keys = standing(config, control)
    new = _told(control, charter, keys) if kind == "signing" else None
    if (
        new is None
    ):  # else a call was killed after the chain was told: its key is the one that follows
        pair = _drawn(kind)
        rewrite_keys(replace(keys, ring=(*keys.ring, pair)), config.at(config.keys))
        _tell(control, charter, (keys, pair), clock)
        new = pair.public
    field = "vault_key" if kind == "sealing" else "signing_key"
    aside = (home / PUBLIC_FILE).with_suffix(".new")
    aside.write_bytes(canonical(public.model_copy(update={field: new})))
    aside.replace(home / PUBLIC_FILE)
    return new


def settle(config: VaultConfig, control: Control, keys: VaultKeys, clock: Clock) -> None:
    """Say in the chain that a new signing key is in use, and destroy what the charter has not named for long enough."""
    with control.reading() as reading:
        signed, since = charters.in_force(reading), charters.in_force_since(reading)
        sealed = {commit.key_sha256 for commit in inbox.waiting(reading, limit=100_000)}
    if signed is None or since is None:
        return
    with control.transaction(clock) as tx:
        head = _in_use(tx, config, signed.charter, keys)
        tx.commit()
    if head is not None:
        guard.keep(config.at(config.checkpoint), head)
    public = PublicKeys.model_validate_json((config.home.parent / PUBLIC_FILE).read_bytes())
    if clock.now() - parse_stamp(since) < dt.timedelta(days=config.keep_keys_days):
        return
    needed = {signed.charter.hub.vault_key, signed.charter.hub.signing_key}
    needed |= {public.vault_key, public.signing_key}
    gone = [p for p in keys.ring if p.public not in needed and _sha256(p) not in sealed]
    if not gone:
        return
    with control.transaction(clock) as tx:
        for pair in gone:
            audit.append(tx, DESTROYED, {"kind": pair.kind, "key_sha256": _sha256(pair)})
        tx.commit()
    left = tuple(pair for pair in keys.ring if pair not in gone)
    rewrite_keys(replace(keys, ring=left), config.at(config.keys))


def _under(keys: VaultKeys, charter: Charter) -> VaultKeys:
    return keys.under(sealing=charter.hub.vault_key, signing=charter.hub.signing_key)


def _drawn(kind: Kind) -> Pair:
    private, public = new_sealing_key() if kind == "sealing" else new_signing_key()
    return Pair(kind, public, private)


def _tell(control: Control, charter: Charter, keys: tuple[VaultKeys, Pair], clock: Clock) -> None:
    standing_keys, pair = keys
    with control.transaction(clock) as tx:
        if pair.kind == "signing":
            told = succeed(
                (standing_keys.signing_private, pair.private),
                network=charter.network,
                role="hub",
                name=charter.network,
                at=stamp(clock.now()),
            )
            audit.append(tx, KIND, told.model_dump(mode="json"))
        else:
            audit.append(tx, DRAWN, {"kind": pair.kind, "key_sha256": _sha256(pair)})
        tx.commit()


def _told(control: Control, charter: Charter, keys: VaultKeys) -> str | None:
    """Return the key that the chain says will follow the one in use, when the file holds it."""
    with control.reading() as reading:
        told = statements(audit.of_kind(reading, KIND), "hub", charter.network)
    following = {s.succession.key for s in told if s.succession.former == keys.signing_public}
    held = (p.public for p in keys.ring if p.kind == "signing" and p.public in following)
    return next(held, None)


def _in_use(
    tx: Transaction, config: VaultConfig, charter: Charter, keys: VaultKeys
) -> SignedCheckpoint | None:
    """Let the new key sign the head as soon as the charter names it, so that agents find it there."""
    key = charter.hub.signing_key
    told = statements(audit.of_kind(tx, KIND), "hub", charter.network)
    said = {json.loads(entry.body)["signing_key"] for entry in audit.of_kind(tx, IN_USE)}
    if key in said or key not in {s.succession.key for s in told}:
        return None
    audit.append(tx, IN_USE, {"signing_key": key})
    return checkpoints.checkpoint(tx, config.network, partial(sign, keys.signing_private))


def _in_force(control: Control) -> Charter:
    signed = control.published().charter()
    if signed is None:
        raise StateConflict("No charter is in force. Have every member sign it first.")
    return signed.charter


def _sha256(pair: Pair) -> str:
    return digest(bytes.fromhex(pair.public))
