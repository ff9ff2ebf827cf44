"""What a pseudonym is made from: normaliser version 1 and the domain-separated bytes of an identifier.

Two venues that know one person must write the same bytes, so the golden vectors beside this file pin them;
any change of meaning is a new ``NORMALISER_VERSION``, hence other pseudonyms.
"""

from enum import StrEnum
from typing import Final

from contracts.linkage_email import normalise_email
from contracts.linkage_phone import normalise_phone
from contracts.linkage_words import is_placeholder, is_role_address

__all__ = [
    "NORMALISER_VERSION",
    "SCHEME_VERSION",
    "IdentifierKind",
    "identifier",
    "is_placeholder",
    "is_role_address",
    "kind_of",
    "normalise_email",
    "normalise_phone",
]

SCHEME_VERSION: Final = 1
NORMALISER_VERSION: Final = 1


class IdentifierKind(StrEnum):
    """The identifiers that can link one person's visits across venues."""

    EMAIL = "email"
    PHONE = "phone"


_PREFIXES: Final = {
    kind: f"farandole/{SCHEME_VERSION}/{NORMALISER_VERSION}/{kind}\x00".encode()
    for kind in IdentifierKind
}


def identifier(kind: IdentifierKind, normalised: str) -> bytes:
    """Return the bytes x that enter the oblivious function: scheme, normaliser, kind and value, kept apart."""
    return _PREFIXES[kind] + normalised.encode()


def kind_of(item: bytes) -> IdentifierKind:
    """Return the kind of an identifier that ``identifier`` made.

    Raises:
        ValueError: these bytes are not such an identifier.
    """
    for kind, prefix in _PREFIXES.items():
        if item.startswith(prefix):
            return kind
    raise ValueError(
        "Found bytes that are no identifier of this version; expected contracts.linkage's."
    )
