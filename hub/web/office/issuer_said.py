"""What a directory publishes of itself: its addresses, which must have TLS, and the keys that may sign for us."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hub.errors import HubError

RSA_BITS: Final = 2048


class IssuerRefused(HubError):
    """The directory did not answer, or not in a way that lets anybody in; the word says where, for the log alone."""


@dataclass(frozen=True)
class Known:
    """What the directory publishes of itself, and until when it is believed."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    basic: bool
    until: datetime


def known_of(body: Mapping[str, Any], issuer: str, until: datetime) -> Known:
    """Return what a directory says of itself.

    Raises:
        IssuerRefused: it says that it is another, or names an address without TLS.
    """
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    found = [body.get(name) for name in names]
    if body.get("issuer") != issuer or not all(_safe(one) for one in found):
        raise IssuerRefused("another")
    authorization, token, keys = map(str, found)
    more = body.get("userinfo_endpoint")
    if more is not None and not _safe(more):
        raise IssuerRefused("another")
    ways = body.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Known(authorization, token, keys, more, "client_secret_basic" in ways, until)


def _safe(address: object) -> bool:
    return isinstance(address, str) and re.fullmatch(r"https://[!-~]{1,500}", address) is not None


def usable(body: Mapping[str, Any]) -> KeySet:
    """Return the keys that may sign for us: RSA of 2,048 bits at least, P-256; never a shared secret."""
    listed = body.get("keys")
    named = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    kept: Any = [each for each in named if each.get("use", "sig") == "sig" and _strong(each)]
    try:
        return KeySet.import_key_set({"keys": kept})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise IssuerRefused("keys") from error


def _strong(key: Mapping[str, Any]) -> bool:
    if key.get("kty") == "EC":
        return key.get("crv") == "P-256"
    return key.get("kty") == "RSA" and len(str(key.get("n", ""))) * 6 >= RSA_BITS
