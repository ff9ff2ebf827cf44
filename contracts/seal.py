"""Sealing to the vault's key (HPKE, RFC 9180, MLKEM768_X25519) and Ed25519 signatures over bytes."""

from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from contracts.base import digest
from contracts.phrase import Phrase

SEAL_OVERHEAD: Final = 1136
"""Bytes that sealing adds: an encapsulated key of 1120 and an authentication tag of 16."""

_SUITE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_MLKEM_SEED: Final = 64
_MLKEM_PUBLIC: Final = 1184
_X25519: Final = 32


class SealError(Exception):
    """A key, a sealed text or a signature is not what it should be; says nothing of the content."""


def new_sealing_key() -> tuple[bytes, str]:
    """Return a fresh private key (96 bytes: ML-KEM seed, X25519) and its public key in hexadecimal."""
    mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    private = mlkem.private_bytes_raw() + x25519.private_bytes_raw()
    public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    return private, public.hex()


def sealing_key_digest(public: str) -> str:
    """Return the SHA-256 of a public sealing key: the ``key_sha256`` of a commit."""
    return digest(_unhex(public))


def seal(plain: bytes, public: str, info: bytes) -> bytes:
    """Seal *plain* so that only the holder of the private key, given the same *info*, can read it.

    Raises:
        SealError: *public* is not a key made by :func:`new_sealing_key`.
    """
    return _SUITE.encrypt(plain, _public(public), info)


def open_sealed(sealed: bytes, private: bytes, info: bytes) -> bytes:
    """Return what was sealed.

    Raises:
        SealError: another key, another *info*, or altered bytes; which one cannot be told.
    """
    try:
        return _SUITE.decrypt(sealed, _private(private), info)
    except (InvalidTag, ValueError) as error:
        raise SealError(
            Phrase("The sealed part cannot be opened: another key or context, or damaged bytes.")
        ) from error


def new_signing_key() -> tuple[bytes, str]:
    """Return a fresh Ed25519 private key (32 bytes) and its public key in hexadecimal."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw().hex()


def signing_public(private: bytes) -> str:
    """Return the public key, in hexadecimal, of a 32-byte Ed25519 private key."""
    return load_signing_private(private).public_key().public_bytes_raw().hex()


def fingerprint(public: str) -> str:
    """Return what people compare by eye or telephone: the SHA-256 of a public signing key."""
    load_signing_public(public)
    return digest(_unhex(public))


def sign(private: bytes, data: bytes) -> str:
    """Return the Ed25519 signature of *data* (RFC 8032), 128 hexadecimal digits."""
    return load_signing_private(private).sign(data).hex()


def verify(public: str, data: bytes, signature: str) -> None:
    """Check an Ed25519 signature.

    Raises:
        SealError: the signature does not match the data and the key.
    """
    try:
        load_signing_public(public).verify(_unhex(signature), data)
    except InvalidSignature as error:
        raise SealError(Phrase("The signature does not match the data and the key.")) from error


def load_signing_private(private: bytes) -> Ed25519PrivateKey:
    """Return the key object of 32 private bytes; raises ``SealError`` on another length."""
    try:
        return Ed25519PrivateKey.from_private_bytes(private)
    except ValueError as error:
        raise SealError(Phrase("A private signing key has 32 bytes; this one has not.")) from error


def load_signing_public(public: str) -> Ed25519PublicKey:
    """Return the key object of 64 hexadecimal digits; raises ``SealError`` on anything else."""
    try:
        return Ed25519PublicKey.from_public_bytes(_unhex(public))
    except ValueError as error:
        raise SealError(Phrase("A public signing key has 32 bytes; this one has not.")) from error


def _public(public: str) -> hpke.MLKEM768X25519PublicKey:
    raw = _unhex(public)
    if len(raw) != _MLKEM_PUBLIC + _X25519:
        raise SealError(
            Phrase(
                "A public sealing key has {expected} bytes; this one has {found}.",
                expected=_MLKEM_PUBLIC + _X25519,
                found=len(raw),
            )
        )
    try:
        return hpke.MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC:]),
        )
    except ValueError as error:
        raise SealError(Phrase("The public sealing key is not one of its kind.")) from error


def _private(private: bytes) -> hpke.MLKEM768X25519PrivateKey:
    if len(private) != _MLKEM_SEED + _X25519:
        raise SealError(
            Phrase(
                "A private sealing key has {expected} bytes; this one has {found}.",
                expected=_MLKEM_SEED + _X25519,
                found=len(private),
            )
        )
    return hpke.MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(private[:_MLKEM_SEED]),
        X25519PrivateKey.from_private_bytes(private[_MLKEM_SEED:]),
    )


def _unhex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise SealError(Phrase("Hexadecimal digits were expected.")) from error
