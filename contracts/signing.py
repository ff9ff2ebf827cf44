"""Signed HTTP requests (RFC 9421, Ed25519): method, address and body are covered, age is bounded."""

import base64
import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import InvalidSignature as WrongEd25519
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from contracts.base import digest
from contracts.clock import Clock
from contracts.seal import SealError, load_signing_private, load_signing_public

COVERED: Final = ("@method", "@target-uri", "content-digest")
"""What every signature must cover; the address is absolute, so that no other service accepts it."""
MAX_SKEW: Final = dt.timedelta(seconds=300)
TAG: Final = "farandole-1"
LABEL: Final = "farandole"

_NONCE_BYTES: Final = 16
_NONCE_LENGTH: Final = 32
_DIGEST_PREFIX: Final = "sha-256=:"


class SigningError(Exception):
    """Base: a signed request is not acceptable; messages never hold what was sent."""


class SignatureMissing(SigningError):
    """The request carries no signature, or one that covers too little."""


class SignatureWrong(SigningError):
    """The signature does not match the request, the body or a known key."""


class ClockOff(SigningError):
    """The request is dated further than five minutes from the receiver's clock."""

    def __init__(self, now: dt.datetime) -> None:
        super().__init__(
            f"The request's date is more than 5 minutes away from {now:%Y-%m-%dT%H:%M:%SZ}; set the clock."
        )
        self.now = now


@dataclass(frozen=True)
class Outgoing:
    """A request about to be sent: absolute *url*, exact *body* bytes."""

    method: str
    url: str
    body: bytes = b""


@dataclass(frozen=True)
class Incoming:
    """A request received.

    *url* is the absolute address under the receiver's own configured name, never the Host header.
    When *body* is None the caller must itself compare the body with ``Verified.content_sha256``.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True)
class Verified:
    """Who signed, and the nonce that the caller must remember to refuse a replay."""

    keyid: str
    nonce: str
    created: dt.datetime
    content_sha256: str


@dataclass(frozen=True)
class _Message:
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Keys(HTTPSignatureKeyResolver):
    private: bytes | None = None
    resolve: Callable[[str], str | None] = lambda _: None

    def resolve_private_key(self, key_id: str) -> Any:  # noqa: ARG002 - one key only
        return load_signing_private(self.private or b"")

    def resolve_public_key(self, key_id: str) -> Any:
        public = self.resolve(key_id)
        return None if public is None else load_signing_public(public)


class _Verifier(HTTPMessageVerifier):
    """The library's verifier under our clock: its own reads the machine's, and tolerates no skew."""

    def __init__(self, keys: _Keys, clock: Clock) -> None:
        super().__init__(signature_algorithm=ED25519, key_resolver=keys)
        self.clock = clock

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:  # noqa: ARG002
        created = sig_input.params.get("created")
        if type(created) is not int:
            raise InvalidSignature("created is required")
        now = self.clock.now()
        if abs(now.timestamp() - created) > MAX_SKEW.total_seconds():
            raise ClockOff(now)


def content_digest(sha256: str) -> str:
    """Return the Content-Digest header (RFC 9530) of a body with that SHA-256, in hexadecimal."""
    return f"{_DIGEST_PREFIX}{base64.b64encode(bytes.fromhex(sha256)).decode()}:"


def sign_request(request: Outgoing, key: bytes, keyid: str, clock: Clock) -> dict[str, str]:
    """Return the headers that sign *request*: Content-Digest, Signature-Input, Signature.

    Each call draws a fresh nonce; a retry must be signed anew.
    """
    message = _Message(
        request.method, request.url, {"Content-Digest": content_digest(digest(request.body))}
    )
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_Keys(private=key)).sign(
        message,
        key_id=keyid,
        created=clock.now(),
        nonce=secrets.token_hex(_NONCE_BYTES),
        label=LABEL,
        tag=TAG,
        covered_component_ids=COVERED,
        use_existing_digest=True,
    )
    return message.headers


def verify_request(
    request: Incoming, resolve_key: Callable[[str], str | None], clock: Clock
) -> Verified:
    """Check the signature of *request* and return who signed it.

    *resolve_key* maps a key id to a public key in hexadecimal, or None. Replays are the caller's to
    refuse: a nonce must be remembered for at least twice ``MAX_SKEW``.

    Raises:
        SignatureMissing: no signature, or one that does not cover ``COVERED``.
        SignatureWrong: unknown key, altered request, or a body that is not the one signed.
        ClockOff: dated more than ``MAX_SKEW`` away, before or after.
    """
    headers = {name.lower(): value for name, value in request.headers.items()}
    if "signature" not in headers or "signature-input" not in headers:
        raise SignatureMissing("The request carries no signature; sign it with the venue's key.")
    message = _Message(request.method, request.url, headers)
    try:
        (result,) = _Verifier(_Keys(resolve=resolve_key), clock).verify(
            message, expect_tag=TAG, require_components=COVERED
        )
    except ClockOff:
        raise
    except (HTTPMessageSignaturesException, WrongEd25519, SealError, ValueError, TypeError):
        raise SignatureWrong(
            "The signature does not match the request, or its key is unknown."
        ) from None
    verified = Verified(
        keyid=str(result.parameters["keyid"]),
        nonce=_nonce(result.nonce),
        created=dt.datetime.fromtimestamp(int(result.parameters["created"]), dt.UTC),
        content_sha256=_sha256(headers["content-digest"]),
    )
    if request.body is not None:
        check_body(verified, request.body)
    return verified


def check_body(verified: Verified, body: bytes) -> None:
    """Compare a body with the digest that was signed; raises ``SignatureWrong``."""
    if digest(body) != verified.content_sha256:
        raise SignatureWrong("The body is not the one that was signed; send it again.")


def _nonce(nonce: str | None) -> str:
    if nonce is None or len(nonce) != _NONCE_LENGTH or not set(nonce) <= set("0123456789abcdef"):
        raise SignatureMissing("The signature has no nonce of 32 hexadecimal digits; sign anew.")
    return nonce


def _sha256(header: str) -> str:
    encoded = header.removeprefix(_DIGEST_PREFIX).removesuffix(":")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raw = b""
    if content_digest(raw.hex()) != header:
        raise SignatureWrong("The Content-Digest must hold one SHA-256 and nothing else.")
    return raw.hex()
