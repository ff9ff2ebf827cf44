"""Send the spool as it was previewed, as often as needed, and check the vault's word for it."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from contracts.base import canonical, digest
from contracts.batch import Envelope, SignedReceipt
from contracts.charter import Charter
from contracts.charter_check import CharterError, SignatureMissing, charter_hash, verify_signed
from contracts.clock import Clock
from contracts.problems import ProblemType
from contracts.receipts import disclose
from contracts.seal import SealError, verify
from venue_agent.errors import BatchRefused, CharterRefused, ReceiptWrong
from venue_agent.hearing import Heard, unheard
from venue_agent.network.client import Hub
from venue_agent.network.hub_key import check_hub
from venue_agent.outbox.spool import Packed, Spool
from venue_agent.words import _, say

_PROBLEMS: Final = {problem.slug: problem for problem in ProblemType}


@dataclass(frozen=True)
class Patience:
    """How long to wait for the vault to open what was sent (zero looks once), and who hears of the parts."""

    seconds: float = 120.0
    every: float = 2.0
    pause: Callable[[float], None] = time.sleep
    heard: Heard = unheard


def push(
    spool: Spool,
    hub: Hub,
    hub_fingerprint: str,
    patience: Patience,
    only: Collection[str] | None = None,
) -> list[SignedReceipt]:
    """Send every month that has no receipt yet, or *only* those, and return the receipts that came in time.

    A month without one is neither lost nor doubled: push again. What the hub holds already is
    not sent again.

    Raises:
        CharterRefused: the charter may not be obeyed now, or is not the one packed under.
        FingerprintMismatch: the hub is not the one that this venue joined.
        ReceiptWrong: the vault confirms other bytes than those that were previewed.
        BatchRefused: the vault opened a batch and refused it.
        HubDown, HubRefused, ClockOff: as their names say.
    """
    waiting = [packed for packed in spool.unsent() if only is None or packed.month in only]
    if not waiting:
        return []
    charter = charter_in_force(hub, hub_fingerprint, hub.clock)
    for packed in waiting:
        _check_charter(packed, charter)
    total = sum(len(packed.commit.parts) for packed in waiting)
    sent = 0
    for packed in waiting:
        patience.heard(sent, total)
        _send(packed, hub)
        sent += len(packed.commit.parts)
    patience.heard(total, total)
    receipts = _collect(waiting, charter, spool=spool, hub=hub, patience=patience)
    _refuse_refused(receipts)
    return receipts


def charter_in_force(hub: Hub, hub_fingerprint: str, clock: Clock) -> Charter:
    """Return the hub's charter when every member signed it and it may be obeyed now.

    Raises:
        CharterRefused: there is none, or it is changed, unsigned, expired or contradictory.
        FingerprintMismatch: it names another hub than the one that this venue joined.
    """
    signed = hub.charter()
    if signed is None:
        raise CharterRefused(_("The hub shows no charter yet. Wait until every venue has joined."))
    check_hub(hub, signed, hub_fingerprint)
    try:
        return _ours(hub, verify_signed(signed, clock.now()))
    except SignatureMissing as error:
        if error.venue != hub.identity.venue:
            raise CharterRefused(_("{error} Nothing was sent.").format(error=say(error))) from error
        raise CharterRefused(
            _(
                "This venue has not signed the network's charter. Nothing was sent. Run "
                "`venue-agent init` to read and sign it."
            )
        ) from error
    except CharterError as error:
        raise CharterRefused(_("{error} Nothing was sent.").format(error=say(error))) from error


def _ours(hub: Hub, charter: Charter) -> Charter:
    """Return the charter when it names this venue with its own key, which then signed it.

    A charter says itself which keys must sign it: a hub could make all of them up but this one.
    """
    if not hub.identity.is_named(charter):
        raise CharterRefused(
            _(
                "The charter in force does not name this venue with its own key: this venue never "
                "signed it. Nothing was sent. Tell the network and its DPO."
            )
        )
    return charter


def _check_charter(packed: Packed, charter: Charter) -> None:
    if packed.commit.charter_sha256 != charter_hash(charter):
        raise CharterRefused(
            _(
                "{month} was packed under another charter than revision {revision}, which is "
                "in force. Nothing was sent. Prepare it again with `preview`."
            ).format(month=packed.month, revision=charter.revision)
        )


def _send(packed: Packed, hub: Hub) -> None:
    commit = packed.commit
    if hub.receipt(_name(packed)) is not None:
        return  # opened already: the answer was lost, and the hub has removed the parts
    for part in commit.parts:
        if not hub.has_part(part.sha256):
            hub.put_part(packed.part(part.sha256))
    acknowledgement = hub.commit(commit)
    if acknowledgement.commit_sha256 != _name(packed):
        raise ReceiptWrong(
            _(
                "The hub acknowledged another batch than {month} that was sent to it. Tell the "
                "hub's operator; the batch stays in the spool."
            ).format(month=packed.month)
        )


def _collect(
    waiting: list[Packed], charter: Charter, *, spool: Spool, hub: Hub, patience: Patience
) -> list[SignedReceipt]:
    receipts: list[SignedReceipt] = []
    left, spent = list(waiting), 0.0
    while left:
        for packed in list(left):
            envelope = hub.receipt(_name(packed))
            if envelope is not None:
                receipt = _opened(packed, envelope)
                check_receipt(packed, receipt, charter.hub.signing_key)
                spool.confirm(packed, receipt)
                receipts.append(receipt)
                left.remove(packed)
        if not left or spent >= patience.seconds:
            break
        patience.pause(patience.every)
        spent += patience.every
    return receipts


def _opened(packed: Packed, envelope: Envelope) -> SignedReceipt:
    try:
        return disclose(envelope, packed.manifest.signature)
    except SealError as error:
        raise _wrong(packed, _("it is sealed to another batch")) from error


def check_receipt(packed: Packed, signed: SignedReceipt, hub_key: str) -> None:
    """Check that the vault confirms the very bytes that were previewed: preview = sent = received.

    Raises:
        ReceiptWrong: not signed by the hub, of another batch, or other digests.
    """
    receipt = signed.receipt
    try:
        verify(hub_key, canonical(receipt), signed.signature)
    except SealError as error:
        raise _wrong(packed, _("it is not signed by the charter's hub")) from error
    told = (receipt.commit_sha256, receipt.venue, receipt.month, receipt.sequence)
    commit = packed.commit
    if told != (_name(packed), commit.venue, commit.month, commit.sequence):
        raise _wrong(packed, _("it speaks of another batch"))
    previewed = sorted(packed.manifest.manifest.files, key=lambda entry: entry.name)
    found = sorted(receipt.files, key=lambda entry: entry.name)
    if receipt.state == "accepted" and found != previewed:
        raise _wrong(packed, _("it names other files than those that were previewed"))


def _refuse_refused(receipts: list[SignedReceipt]) -> None:
    for signed in receipts:
        receipt = signed.receipt
        if receipt.state == "refused":
            problem = _PROBLEMS.get(receipt.problem or "", ProblemType.MALFORMED)
            raise BatchRefused(
                _(
                    "The vault refused the batch of {month}: {title} {remedy} Then prepare it "
                    "again with `preview`."
                ).format(
                    month=receipt.month, title=_(problem.value[2]), remedy=_(problem.value[3])
                ),
                receipt.problem or "",
            )


def _wrong(packed: Packed, what: str) -> ReceiptWrong:
    return ReceiptWrong(
        _(
            "The receipt of {month} is wrong: {what}. Do not delete the spool; tell the hub's "
            "operator and the network's DPO."
        ).format(month=packed.month, what=what)
    )


def _name(packed: Packed) -> str:
    return digest(canonical(packed.commit))
