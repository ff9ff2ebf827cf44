"""A key follows another: a statement that both signed, so that nobody's word alone moves anybody's key.

Whoever holds a key that a charter names follows the statements of the public chain from there. One forged
needs the former key; one replayed or forked does not start from the key that stands.
"""

from collections.abc import Iterable
from typing import Final, Literal

from pydantic import ValidationError

from contracts.base import Hex32, Hex64, Instant, Slug, Wire, canonical
from contracts.edition import AuditEntry
from contracts.seal import SealError, sign, signing_public, verify

KIND: Final = "key-succession"
Role = Literal["venue", "hub"]


class Succession(Wire):
    """Which key stands in the place of which."""

    version: Literal[1] = 1
    kind: Literal["key-succession"] = "key-succession"
    network: Slug
    role: Role
    name: Slug  # the venue; the network itself for its hub
    former: Hex32
    key: Hex32
    at: Instant


class SignedSuccession(Wire):
    """The statement, signed by the former key and by the new one."""

    succession: Succession
    former_signature: Hex64
    signature: Hex64


class SuccessionError(Exception):
    """A statement is not signed by both of its keys, or goes back to one that stood before."""


def succeed(
    private: tuple[bytes, bytes], *, network: str, role: Role, name: str, at: str
) -> SignedSuccession:
    """Return the statement that the second of two private keys stands in the place of the first."""
    former, new = private
    said = Succession(
        network=network,
        role=role,
        name=name,
        former=signing_public(former),
        key=signing_public(new),
        at=at,
    )
    data = canonical(said)
    return SignedSuccession(
        succession=said, former_signature=sign(former, data), signature=sign(new, data)
    )


def check(signed: SignedSuccession) -> None:
    """Check both signatures.

    Raises:
        SuccessionError: one of them is not its key's, or both keys are one.
    """
    said = signed.succession
    if said.former == said.key:
        raise SuccessionError("A key cannot stand in its own place.")
    try:
        verify(said.former, canonical(said), signed.former_signature)
        verify(said.key, canonical(said), signed.signature)
    except SealError:
        raise SuccessionError("A key statement is not signed by both of its keys.") from None


def follow(pinned: str, statements: Iterable[SignedSuccession]) -> str:
    """Return the key that stands today for one that a charter names.

    The first sound statement from the key that stands counts; what starts elsewhere, is not signed by both or
    goes back to an earlier key counts for nothing.
    """
    key, seen = pinned, {pinned}
    for signed in statements:
        said = signed.succession
        if said.former == key and said.key not in seen and _is_sound(signed):
            key = said.key
            seen.add(key)
    return key


def statements(entries: Iterable[AuditEntry], role: Role, name: str) -> list[SignedSuccession]:
    """Return the statements about one venue, or the hub, among the entries of a chain, in their order."""
    found = [_read(entry) for entry in entries if entry.kind == KIND]
    return [
        signed
        for signed in found
        if signed and (signed.succession.role, signed.succession.name) == (role, name)
    ]


def _read(entry: AuditEntry) -> SignedSuccession | None:
    try:
        return SignedSuccession.model_validate_json(entry.body)
    except ValidationError:
        return None


def _is_sound(signed: SignedSuccession) -> bool:
    try:
        check(signed)
    except SuccessionError:
        return False
    return True
