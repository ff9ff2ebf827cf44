"""A receipt travels sealed to the venue that signed the batch: it counts rows, which the web may not know."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import ValidationError

from contracts.base import Hex64, canonical
from contracts.batch import Envelope, SignedReceipt
from contracts.seal import SealError

BUCKET: Final = 4096
"""Receipts are padded to a multiple of it: their length must not tell how many reasons they name."""
_NONCE: Final = 12
_KEY: Final = 32
_PURPOSE: Final = b"farandole/receipt/1"


def in_clear(signed: SignedReceipt) -> Envelope:
    """Return a refusal as it travels: nothing was counted, and there may be no key to seal it with."""
    return _envelope(signed, receipt=signed, sealed=None)


def enclose(signed: SignedReceipt, manifest_signature: Hex64) -> Envelope:
    """Return a receipt sealed to whoever knows the signature of the batch's manifest.

    The venue made that signature and the vault read it under the seal; nobody else ever sees it.
    """
    plain = canonical(signed)
    padded = plain.ljust(-(-len(plain) // BUCKET) * BUCKET)  # JSON may end in spaces
    nonce = os.urandom(_NONCE)
    name = bytes.fromhex(signed.receipt.commit_sha256)
    box = nonce + _cipher(manifest_signature).encrypt(nonce, padded, name)
    return _envelope(signed, receipt=None, sealed=box.hex())


def disclose(envelope: Envelope, manifest_signature: Hex64) -> SignedReceipt:
    """Return the receipt; its own signature is the reader's to check.

    Raises:
        SealError: it is sealed to another batch, was altered, or says something else than its envelope.
    """
    if envelope.sealed is None:
        signed = envelope.receipt
    else:
        box, name = bytes.fromhex(envelope.sealed), bytes.fromhex(envelope.commit_sha256)
        try:
            plain = _cipher(manifest_signature).decrypt(box[:_NONCE], box[_NONCE:], name)
            signed = SignedReceipt.model_validate_json(plain)
        except (InvalidTag, ValueError, ValidationError):
            raise SealError("The receipt cannot be opened; expected one of this batch.") from None
    if (
        signed is None
        or _envelope(signed, receipt=envelope.receipt, sealed=envelope.sealed) != envelope
    ):
        raise SealError("The receipt is not the one that its envelope names.")
    return signed


def _envelope(
    signed: SignedReceipt, *, receipt: SignedReceipt | None, sealed: str | None
) -> Envelope:
    told = signed.receipt
    return Envelope(
        venue=told.venue,
        commit_sha256=told.commit_sha256,
        state=told.state,
        receipt=receipt,
        sealed=sealed,
    )


def _cipher(manifest_signature: Hex64) -> ChaCha20Poly1305:
    secret = bytes.fromhex(manifest_signature)
    return ChaCha20Poly1305(
        HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=_PURPOSE).derive(secret)
    )
