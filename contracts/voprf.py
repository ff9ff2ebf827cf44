"""Oblivious pseudonyms: RFC 9497 with ristretto255-SHA512, modes OPRF and VOPRF, with the batched proof.

The agent blinds, the custodian evaluates and proves, the agent unblinds; neither learns what the other holds.
Our pseudonym is the unblinded group element N = k·H1(x); ``finalise`` gives the RFC's hashed output for its vectors.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from contracts import ristretto
from contracts.ristretto import POINT_BYTES, UNIFORM_BYTES

PROOF_BYTES: Final = 64
MAX_INPUT: Final = 2**16 - 1
SEED_BYTES: Final = 32
_HASH_BLOCK: Final = 128  # bytes, of SHA-512
_MAX_COUNTER: Final = 255


class Mode(IntEnum):
    """The RFC's protocol variants that we speak."""

    OPRF = 0
    VOPRF = 1


class InputError(ValueError):
    """An input cannot be mapped to the group: too long, or it maps to the identity."""


class ProofError(ValueError):
    """The proof does not show that these points were evaluated under that public key."""


@dataclass(frozen=True)
class Blinded:
    """Blinds to keep and points to send, in the same order."""

    scalars: tuple[bytes, ...] = field(repr=False)
    points: bytes  # 32 bytes each


def blind(
    inputs: Sequence[bytes],
    scalars: Sequence[bytes] | None = None,
    mode: Mode = Mode.VOPRF,
) -> Blinded:
    """Return r·H1(x) for each input (RFC 9497, section 3.3), with a fresh r each unless *scalars* are given.

    Raises:
        InputError: an input is longer than 65,535 bytes or maps to the identity.
        ScalarError: a given scalar is zero or not reduced.
    """
    blinds = tuple(scalars) if scalars is not None else tuple(ristretto.random_scalars(len(inputs)))
    hashed = b"".join([_uniform(item, mode) for item in inputs])
    try:
        points = ristretto.multiply_each(blinds, ristretto.from_uniform_many(hashed))
        return Blinded(blinds, points)
    except ristretto.PointError:
        raise InputError("Found an input that maps to the identity; expected any other.") from None


def evaluate(key: bytes, points: bytes) -> bytes:
    """Return k·B for each blinded point (the custodian's side).

    Raises:
        PointError: a point is not canonical or is the identity.
        ScalarError: *key* is zero or not reduced.
    """
    return ristretto.multiply_many(key, points)


def unblind(blinded: Blinded, evaluated: bytes) -> bytes:
    """Return N = r⁻¹·D for each evaluated point, with one inversion for all.

    Raises:
        PointError: an evaluated point is not canonical or is the identity, or their number differs.
    """
    return ristretto.multiply_each(ristretto.invert_many(blinded.scalars), evaluated)


def finalise(item: bytes, element: bytes) -> bytes:
    """Return the RFC's 64-byte output for *item* and its unblinded *element*."""
    return hashlib.sha512(_framed(item) + _framed(element) + b"Finalize").digest()


def derive_key(seed: bytes, info: bytes, mode: Mode = Mode.VOPRF) -> tuple[bytes, bytes]:
    """Return (secret scalar, public point) from 32 secret bytes (RFC 9497, section 3.2.1).

    Raises:
        InputError: *seed* has not 32 bytes, or no key can be derived (probability 2⁻²⁵²).
    """
    if len(seed) != SEED_BYTES:
        raise InputError("Found a seed of another length; expected 32 bytes.")
    for counter in range(_MAX_COUNTER + 1):
        message = seed + _framed(info) + bytes([counter])
        uniform = expand_message_xmd(message, b"DeriveKeyPair" + _context(mode))
        scalar = ristretto.reduce_wide(uniform)
        if any(scalar):
            return scalar, ristretto.multiply_base(scalar)
    raise InputError("No key can be derived from this seed; draw another.")


def prove(key: bytes, points: bytes, evaluated: bytes, nonce: bytes | None = None) -> bytes:
    """Return the batched DLEQ proof that evaluated = k·points (RFC 9497, section 2.2.1): c then s.

    Args:
        key: the secret scalar k.
        points: the blinded points, 32 bytes each.
        evaluated: k times each of them.
        nonce: the proof's secret scalar; only test vectors give it, a repeat would reveal k.

    Raises:
        PointError: a point is not canonical or is the identity.
        ProofError: there are not as many points as evaluated points.
    """
    secret = ristretto.random_scalar() if nonce is None else nonce
    public = ristretto.multiply_base(key)
    composite, _ = _composites(public, points, evaluated, fast=True)
    image = ristretto.multiply(key, composite)
    commitments = ristretto.multiply_base(secret), ristretto.multiply(secret, composite)
    challenge = _challenge(public, composite, image, commitments)
    response = int.from_bytes(secret, "little") - challenge * int.from_bytes(key, "little")
    return ristretto.to_scalar(challenge) + ristretto.to_scalar(response)


def verify(public_key: bytes, points: bytes, evaluated: bytes, proof: bytes) -> None:
    """Check the batched proof (RFC 9497, section 2.2.2).

    Raises:
        ProofError: it does not hold: another key was used for at least one point, or the proof is malformed.
        PointError: a point is not canonical or is the identity.
    """
    if len(proof) != PROOF_BYTES:
        raise ProofError(_PROOF_MESSAGE)
    challenge, response = proof[:POINT_BYTES], proof[POINT_BYTES:]
    composite, image = _composites(public_key, points, evaluated, fast=False)
    try:
        left = ristretto.add(
            ristretto.multiply_base(response), ristretto.multiply(challenge, public_key)
        )
        right = ristretto.add(
            ristretto.multiply(response, composite), ristretto.multiply(challenge, image)
        )
    except ristretto.ScalarError:
        raise ProofError(_PROOF_MESSAGE) from None
    expected = ristretto.to_scalar(_challenge(public_key, composite, image, (left, right)))
    if not hmac.compare_digest(expected, challenge):
        raise ProofError(_PROOF_MESSAGE)


def hash_to_group(item: bytes, mode: Mode = Mode.VOPRF) -> bytes:
    """Return H1(item) (RFC 9497, section 4.1).

    Raises:
        InputError: *item* is longer than 65,535 bytes.
    """
    return ristretto.from_uniform(_uniform(item, mode))


def expand_message_xmd(message: bytes, tag: bytes) -> bytes:
    """Return 64 uniform bytes by SHA-512 (RFC 9380, section 5.3.1, one block)."""
    suffix = tag + bytes([len(tag)])
    state = _PADDED.copy()
    state.update(message + _LENGTH + suffix)
    return hashlib.sha512(state.digest() + b"\x01" + suffix).digest()


def _uniform(item: bytes, mode: Mode) -> bytes:
    if len(item) > MAX_INPUT:
        raise InputError("Found an input that is too long; expected at most 65,535 bytes.")
    return expand_message_xmd(item, _GROUP_TAGS[mode])


def _context(mode: Mode) -> bytes:
    return b"OPRFV1-" + bytes([mode]) + b"-ristretto255-SHA512"


def _framed(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


def _hash_to_scalar(message: bytes) -> int:
    return int.from_bytes(expand_message_xmd(message, _SCALAR_TAG), "little") % ristretto.ORDER


def _composites(
    public: bytes, points: bytes, evaluated: bytes, *, fast: bool
) -> tuple[bytes, bytes]:
    """Return Σ dᵢ·Cᵢ and Σ dᵢ·Dᵢ (RFC 9497, section 2.2); *fast* leaves the second out: its holder has k."""
    if len(points) != len(evaluated) or not points or len(points) > MAX_INPUT * POINT_BYTES:
        raise ProofError("Found lists of points that do not match; expected one for one.")
    ristretto.check_points(public)
    seed = _framed(hashlib.sha512(_framed(public) + _framed(_SEED_TAG)).digest())
    weights = []
    for index in range(len(points) // POINT_BYTES):
        at = slice(index * POINT_BYTES, (index + 1) * POINT_BYTES)
        pair = _framed(points[at]) + _framed(evaluated[at])
        weight = _hash_to_scalar(seed + index.to_bytes(2, "big") + pair + b"Composite")
        weights.append(ristretto.to_scalar(weight))
    return _weighted(weights, points), b"" if fast else _weighted(weights, evaluated)


def _weighted(weights: Sequence[bytes], points: bytes) -> bytes:
    total, terms = ristretto.IDENTITY, ristretto.multiply_each(weights, points)
    for offset in range(0, len(terms), POINT_BYTES):
        total = ristretto.add(terms[offset : offset + POINT_BYTES], total)
    return total


def _challenge(
    public: bytes, composite: bytes, image: bytes, commitments: tuple[bytes, ...]
) -> int:
    parts = (public, composite, image, *commitments)
    return _hash_to_scalar(b"".join(_framed(part) for part in parts) + b"Challenge")


_PROOF_MESSAGE: Final = (
    "The proof does not hold: the points were not evaluated under the charter's season key."
)
_GROUP_TAGS: Final = {mode: b"HashToGroup-" + _context(mode) for mode in Mode}
_SCALAR_TAG: Final = b"HashToScalar-" + _context(Mode.VOPRF)
_SEED_TAG: Final = b"Seed-" + _context(Mode.VOPRF)
_LENGTH: Final = UNIFORM_BYTES.to_bytes(2, "big") + b"\x00"
_PADDED: Final = hashlib.sha512(bytes(_HASH_BLOCK))
