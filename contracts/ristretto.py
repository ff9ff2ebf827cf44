"""The group ristretto255 (RFC 9496) by libsodium: points and scalars as 32 bytes, every input point checked.

A point that is not canonical, or is the identity where it may not be, raises ``PointError`` and is never echoed.
Scalars are little-endian integers modulo ``ORDER``.
"""

import ctypes
import secrets
from collections.abc import Callable, Sequence
from typing import Final, cast

from contracts.sodium import load_library

POINT_BYTES: Final = 32
SCALAR_BYTES: Final = 32
UNIFORM_BYTES: Final = 64
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
IDENTITY: Final = bytes(POINT_BYTES)

_Function = Callable[..., int]
_SODIUM: Final = load_library()


class PointError(ValueError):
    """A group element is not canonical or is the identity."""


class ScalarError(ValueError):
    """A scalar is zero or not below the order of the group."""


def _bind(name: str, arguments: int) -> _Function:
    function = getattr(_SODIUM, name)
    function.argtypes = [ctypes.c_void_p] * arguments
    function.restype = ctypes.c_int
    return cast(_Function, function)


_scalarmult = _bind("crypto_scalarmult_ristretto255", 3)
_scalarmult_base = _bind("crypto_scalarmult_ristretto255_base", 2)
_from_hash = _bind("crypto_core_ristretto255_from_hash", 2)
_is_valid = _bind("crypto_core_ristretto255_is_valid_point", 1)
_add = _bind("crypto_core_ristretto255_add", 3)
_sub = _bind("crypto_core_ristretto255_sub", 3)


def multiply(scalar: bytes, point: bytes) -> bytes:
    """Return scalar·point (49 µs).

    Raises:
        PointError: *point* is not canonical, or it or the product is the identity.
        ScalarError: *scalar* is zero or not reduced.
    """
    return multiply_many(scalar, point)


def multiply_many(scalar: bytes, points: bytes) -> bytes:
    """Return scalar·P for each 32-byte point of *points*, in order, with the same stride.

    Raises:
        PointError: a point is not canonical or is the identity; nothing says which.
        ScalarError: *scalar* is zero or not reduced.
    """
    factor = _scalar_buffer(scalar)
    size = _checked_size(points)
    source, target = _buffer(points), ctypes.create_string_buffer(size)
    at, to, by = ctypes.addressof(source), ctypes.addressof(target), ctypes.addressof(factor)
    mul = _scalarmult
    for offset in range(0, size, POINT_BYTES):
        if mul(to + offset, by, at + offset):
            raise PointError(_POINT_MESSAGE)
    return target.raw


def multiply_each(scalars: Sequence[bytes], points: bytes) -> bytes:
    """Return scalarᵢ·Pᵢ for each pair, with the stride of *points*.

    Raises:
        PointError: a point is not canonical or is the identity, or there are not as many as scalars.
        ScalarError: a scalar is zero or not reduced.
    """
    size = _checked_size(points)
    if len(scalars) * POINT_BYTES != size:
        raise PointError("Found another number of points than of scalars; expected one for each.")
    for scalar in scalars:
        check_scalar(scalar)
    source, target = _buffer(points), ctypes.create_string_buffer(size)
    factors = _buffer(b"".join(scalars))
    at, to, by = ctypes.addressof(source), ctypes.addressof(target), ctypes.addressof(factors)
    mul = _scalarmult
    for offset in range(0, size, POINT_BYTES):
        if mul(to + offset, by + offset, at + offset):
            raise PointError(_POINT_MESSAGE)
    return target.raw


def multiply_base(scalar: bytes) -> bytes:
    """Return scalar·G.

    Raises:
        ScalarError: *scalar* is zero or not reduced.
    """
    factor, target = _scalar_buffer(scalar), ctypes.create_string_buffer(POINT_BYTES)
    _scalarmult_base(ctypes.addressof(target), ctypes.addressof(factor))  # fails for zero alone
    return target.raw


def add(left: bytes, right: bytes) -> bytes:
    """Return left + right; the identity is a legal operand and result.

    Raises:
        PointError: an operand is not canonical.
    """
    return _combine(_add, left, right)


def subtract(left: bytes, right: bytes) -> bytes:
    """Return left - right; the identity is a legal operand and result.

    Raises:
        PointError: an operand is not canonical.
    """
    return _combine(_sub, left, right)


def from_uniform(uniform: bytes) -> bytes:
    """Return the point that 64 uniform bytes map to (RFC 9496, section 4.3.4).

    Raises:
        PointError: *uniform* has not 64 bytes.
    """
    if len(uniform) != UNIFORM_BYTES:
        raise PointError("Found another length of uniform bytes; expected 64.")
    return from_uniform_many(uniform)


def from_uniform_many(uniform: bytes) -> bytes:
    """Return the point of each 64 uniform bytes, in order.

    Raises:
        PointError: *uniform* is not a multiple of 64 bytes.
    """
    if len(uniform) % UNIFORM_BYTES:
        raise PointError("Found another length of uniform bytes; expected a multiple of 64.")
    count = len(uniform) // UNIFORM_BYTES
    source, target = _buffer(uniform), ctypes.create_string_buffer(count * POINT_BYTES)
    at, to = ctypes.addressof(source), ctypes.addressof(target)
    for index in range(count):
        _from_hash(to + index * POINT_BYTES, at + index * UNIFORM_BYTES)
    return target.raw


def is_valid(point: bytes) -> bool:
    """Tell whether *point* is a canonical element other than the identity."""
    if len(point) != POINT_BYTES or point == IDENTITY:
        return False
    held = _buffer(point)  # named, so that it outlives the call
    return bool(_is_valid(ctypes.addressof(held)))


def check_points(points: bytes) -> None:
    """Check each 32-byte point of *points*.

    Raises:
        PointError: one is not canonical or is the identity; nothing says which.
    """
    for offset in range(0, _checked_size(points), POINT_BYTES):
        if not is_valid(points[offset : offset + POINT_BYTES]):
            raise PointError(_POINT_MESSAGE)


def check_scalar(scalar: bytes) -> None:
    """Check that *scalar* is reduced and not zero.

    Raises:
        ScalarError: it is not.
    """
    if len(scalar) != SCALAR_BYTES or not 0 < int.from_bytes(scalar, "little") < ORDER:
        raise ScalarError(_SCALAR_MESSAGE)


def to_scalar(value: int) -> bytes:
    """Return *value* modulo the order, little-endian."""
    return (value % ORDER).to_bytes(SCALAR_BYTES, "little")


def reduce_wide(uniform: bytes) -> bytes:
    """Return 64 uniform bytes modulo the order, as a scalar."""
    return to_scalar(int.from_bytes(uniform, "little"))


def random_scalar() -> bytes:
    """Return a uniform scalar from the system's generator."""
    return random_scalars(1)[0]


def random_scalars(count: int) -> list[bytes]:
    """Return *count* independent uniform scalars; the bias of 64 bytes reduced is below 2⁻²⁵⁶, zero below 2⁻²⁵²."""
    drawn = secrets.token_bytes(UNIFORM_BYTES * count)
    return [
        reduce_wide(drawn[at : at + UNIFORM_BYTES]) for at in range(0, len(drawn), UNIFORM_BYTES)
    ]


def random_point() -> bytes:
    """Return a uniform point, of which nobody knows the discrete logarithm."""
    return from_uniform(secrets.token_bytes(UNIFORM_BYTES))


def invert(scalar: bytes) -> bytes:
    """Return the inverse of *scalar* modulo the order.

    Raises:
        ScalarError: *scalar* is zero or not reduced.
    """
    return invert_many([scalar])[0]


def invert_many(scalars: Sequence[bytes]) -> list[bytes]:
    """Return the inverses, at three multiplications each and one inversion for all (Montgomery).

    Raises:
        ScalarError: a scalar is zero or not reduced.
    """
    values = [int.from_bytes(scalar, "little") for scalar in scalars]
    for scalar in scalars:
        check_scalar(scalar)
    prefixes, running = [], 1
    for value in values:
        prefixes.append(running)
        running = running * value % ORDER
    running = pow(running, -1, ORDER)
    inverses = [b""] * len(values)
    for index in range(len(values) - 1, -1, -1):
        inverses[index] = (running * prefixes[index] % ORDER).to_bytes(SCALAR_BYTES, "little")
        running = running * values[index] % ORDER
    return inverses


_POINT_MESSAGE: Final = (
    "Found a group element that is not canonical or is the identity; expected ristretto255 points."
)
_SCALAR_MESSAGE: Final = "Found a scalar out of range; expected 1 to the group order less one."


def _buffer(data: bytes) -> ctypes.Array[ctypes.c_char]:
    return ctypes.create_string_buffer(data, len(data))


def _scalar_buffer(scalar: bytes) -> ctypes.Array[ctypes.c_char]:
    check_scalar(scalar)  # libsodium would silently reduce it
    return _buffer(scalar)


def _checked_size(points: bytes) -> int:
    if not points or len(points) % POINT_BYTES:
        raise PointError("Found a truncated list of points; expected 32 bytes for each.")
    return len(points)


def _combine(function: _Function, left: bytes, right: bytes) -> bytes:
    if len(left) != POINT_BYTES or len(right) != POINT_BYTES:
        raise PointError("Found a truncated point; expected 32 bytes.")
    target = ctypes.create_string_buffer(POINT_BYTES)
    first, second = _buffer(left), _buffer(right)
    if function(ctypes.addressof(target), ctypes.addressof(first), ctypes.addressof(second)):
        raise PointError(_POINT_MESSAGE)
    return target.raw
