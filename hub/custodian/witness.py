"""Witness the hub's audit chain: co-sign a head that extends the last one that was co-signed, and no other."""

import re

from sqlalchemy import insert, select, update

from contracts.api import WitnessRequest, WitnessResponse
from contracts.base import canonical
from contracts.chain import GENESIS, ChainError, Head, extend
from contracts.edition import AuditEntry
from contracts.seal import SealError, sign, verify
from contracts.succession import KIND, follow, statements
from hub.custodian import log, tables
from hub.custodian.errors import ConfigError, Forbidden, HistoryForked, Unsigned
from hub.custodian.evaluate import Desk
from hub.custodian.store import Transaction

_KEY = re.compile(r"[0-9a-f]{64}")


def pin_hub(tx: Transaction, network: str, key: str) -> None:
    """Accept the heads of *network* when signed with *key* (Ed25519, hexadecimal), from its genesis on.

    Raises:
        ConfigError: another key is pinned for that network, or *key* is none.
    """
    if not _KEY.fullmatch(key):
        raise ConfigError("Found no Ed25519 key; expected 64 hexadecimal digits, from the charter.")
    row = tx.run(select(tables.hub).where(tables.hub.c.network == network)).first()
    if row is not None and row.signing_key == key:
        return
    if row is not None:
        raise ConfigError(
            "Found another key pinned for {network}; expected the same. A hub that lost its key starts a "
            "new network: its history can no longer be told from a forged one.",
            network=network,
        )
    values = {"sequence": GENESIS.sequence, "head_sha256": GENESIS.sha256}
    tx.run(insert(tables.hub).values(network=network, signing_key=key, **values))
    log.append(tx, "hub-pinned", {"network": network, "signing_key": key})


def witness(desk: Desk, request: WitnessRequest) -> WitnessResponse:
    """Return the custodian's signature over the checkpoint, after remembering its head.

    Raises:
        Forbidden: no key is pinned for that network.
        Unsigned: the checkpoint is not signed with the pinned key.
        HistoryForked: it does not extend the head that was witnessed last (a fork, or an old backup).
    """
    checkpoint = request.checkpoint
    with desk.store.transaction(desk.clock) as tx:
        row = tx.run(select(tables.hub).where(tables.hub.c.network == checkpoint.network)).first()
        if row is None:
            raise Forbidden(
                "Found a network that no operator pinned; see `farandole-custodian pin-hub`."
            )
        last = Head(row.sequence, row.head_sha256)
        if _reach(last, request.entries) != Head(checkpoint.sequence, checkpoint.head_sha256):
            raise HistoryForked(
                "Found entries that do not lead from the witnessed head to the new one."
            )
        _check_signer(tx, request, row.signing_key)
        _remember(tx, request, last)
        tx.commit()
    return WitnessResponse(signature=sign(desk.keys.signing, canonical(checkpoint)))


def _check_signer(tx: Transaction, request: WitnessRequest, pinned: str) -> None:
    """Accept the pinned key, or the one that follows it in the chain; the pin then moves, and the former key is out.

    A statement is kept in the log when its entry is witnessed: the head that the new key signs may come later.
    """
    network = request.checkpoint.network
    known = statements(log.of_kind(tx, KIND), "hub", network)
    fresh = [s for s in statements(request.entries, "hub", network) if s not in known]
    following = follow(pinned, [*known, *fresh])
    data = canonical(request.checkpoint)
    signer = next((key for key in (pinned, following) if _signed(key, data, request)), None)
    if signer is None:
        raise Unsigned("Found a checkpoint that the pinned hub key did not sign.")
    for statement in fresh:
        log.append(tx, KIND, statement.model_dump(mode="json"))
    if signer != pinned:
        row = tables.hub
        tx.run(update(row).where(row.c.network == network).values(signing_key=signer))
        log.append(tx, "hub-key-followed", {"network": network, "signing_key": signer})


def _signed(key: str, data: bytes, request: WitnessRequest) -> bool:
    try:
        verify(key, data, request.hub_signature)
    except SealError:
        return False
    return True


def _reach(last: Head, entries: list[AuditEntry]) -> Head:
    """Return the head after those of *entries* that are newer than *last*, which they must extend."""
    try:
        return extend(last, [entry for entry in entries if entry.sequence > last.sequence])
    except ChainError as error:
        raise HistoryForked("Found entries that do not link: {error}.", error=error) from error


def _remember(tx: Transaction, request: WitnessRequest, last: Head) -> None:
    checkpoint = request.checkpoint
    if Head(checkpoint.sequence, checkpoint.head_sha256) == last:
        return
    tx.run(
        update(tables.hub)
        .where(tables.hub.c.network == checkpoint.network)
        .values(sequence=checkpoint.sequence, head_sha256=checkpoint.head_sha256)
    )
    body = {"network": checkpoint.network, "sequence": checkpoint.sequence}
    log.append(tx, "witnessed", {**body, "head_sha256": checkpoint.head_sha256})
