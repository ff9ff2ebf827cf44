"""Reads the public key that somebody deposits for a program: P-256, as PEM or JWK; a private one is refused unread."""

import hashlib
import json
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

LONGEST: Final = 2000
PRIVATE: Final = "PRIVATE KEY"


class KeyWrong(Exception):
    """The text is no key that a program can have; ``reason`` is a phrase of the office."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def key_of(text: str) -> tuple[dict[str, str], str]:
    """Return a public key (RFC 7517) and its fingerprint: SHA-256 of its SubjectPublicKeyInfo, as OpenSSL writes it in DER.

    Raises:
        KeyWrong: it is private, of another kind, or no key at all.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise KeyWrong("key_wrong")
    public = _of_jwk(text) if text.startswith("{") else _of_pem(text)
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    plain = ECKey.import_key(der).as_dict(private=False)
    kept = {name: str(plain[name]) for name in ("crv", "kty", "x", "y")}
    return kept, hashlib.sha256(der).hexdigest()


def _of_pem(text: str) -> ec.EllipticCurvePublicKey:
    if PRIVATE in text:
        raise KeyWrong("key_private")
    try:
        found = serialization.load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise KeyWrong("key_wrong") from None
    return _p256(found)


def _of_jwk(text: str) -> ec.EllipticCurvePublicKey:
    try:
        plain = json.loads(text)
        if "d" in plain or "k" in plain:
            raise KeyWrong("key_private")
        found = ECKey.import_key(plain).public_key
    except (ValueError, TypeError, KeyError, JoseError):
        raise KeyWrong("key_wrong") from None
    return _p256(found)


def _p256(found: object) -> ec.EllipticCurvePublicKey:
    if not isinstance(found, ec.EllipticCurvePublicKey) or not isinstance(
        found.curve, ec.SECP256R1
    ):
        raise KeyWrong("key_wrong")
    return found
