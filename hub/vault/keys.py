"""The vault's secrets, held in one file that only its process may read, and what is derived from them."""

import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from secrets import token_bytes
from typing import Any, Final, Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contracts.base import digest
from contracts.ristretto import random_scalar
from contracts.seal import new_sealing_key, new_signing_key
from hub.errors import ConfigError

KEY_SIZE: Final = 32
_OTHERS: Final = 0o077
Domain = Literal["contribution", "priority", "tombstone", "order", "erasures", "claimed"]


@dataclass(frozen=True)
class Pair:
    """A key pair that stood before, or is to stand once a charter names it."""

    kind: Literal["sealing", "signing"]
    public: str
    private: bytes = field(repr=False)


@dataclass(frozen=True)
class VaultKeys:
    """Every secret of the vault; printing it shows the public halves only."""

    sealing_public: str  # hexadecimal, as the charter's ``hub.vault_key``
    signing_public: str  # hexadecimal Ed25519, as the charter's ``hub.signing_key``
    sealing_private: bytes = field(repr=False)
    signing_private: bytes = field(repr=False)
    scalar: bytes = field(repr=False)  # h: P = h·N; 32 bytes, never in a database
    mac_key: bytes = field(repr=False)
    facts_key: bytes = field(repr=False)
    linkage_key: bytes = field(repr=False)
    ring: tuple[Pair, ...] = field(default=(), repr=False)

    def under(self, *, sealing: str, signing: str) -> "VaultKeys":
        """Return these keys with the public keys that the charter in force names in the first place.

        Raises:
            ConfigError: this file does not hold one of them.
        """
        return _first(_first(self, "sealing", sealing), "signing", signing)

    def opener(self, sealing_sha256: str) -> bytes | None:
        """Return the private key that opens what is sealed to the key of that digest; None when it is not held."""
        held = {self.sealing_public: self.sealing_private}
        held |= {pair.public: pair.private for pair in self.ring if pair.kind == "sealing"}
        found = {digest(bytes.fromhex(public)): private for public, private in held.items()}
        return found.get(sealing_sha256)

    @property
    def sealing_sha256(self) -> str:
        """The name under which commits cite the sealing key."""
        return digest(bytes.fromhex(self.sealing_public))

    def mac(self, domain: Domain, *parts: str | int) -> bytes:
        """Return HMAC-SHA256 over *domain* and *parts*, unambiguous because parts hold no NUL."""
        message = "\x00".join([domain, *(str(part) for part in parts)])
        return hmac.digest(self.mac_key, message.encode(), hashlib.sha256)

    def contribution_key(self, venue: str, contribution_id: str) -> int:
        """Return the 63-bit number under which the hub knows one person at one venue."""
        return int.from_bytes(self.mac("contribution", venue, contribution_id)[:8]) >> 1

    def priority(self, contribution_key: int) -> int:
        """Return the keyed 64-bit order by which bounds choose rows, the same in every edition."""
        return int.from_bytes(self.mac("priority", contribution_key)[:8])

    def file_key(self, kind: str, salt: bytes, place: bytes) -> bytes:
        """Return the AES-256 key of one facts file; who is whom has a root key of its own."""
        root = self.linkage_key if kind in {"tokens", "linkage"} else self.facts_key
        return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=salt, info=place).derive(root)


def _first(keys: VaultKeys, kind: Literal["sealing", "signing"], public: str) -> VaultKeys:
    mine = Pair(kind, getattr(keys, f"{kind}_public"), getattr(keys, f"{kind}_private"))
    if mine.public == public:
        return keys
    for pair in keys.ring:
        if (pair.kind, pair.public) == (kind, public):
            ring = tuple(mine if each is pair else each for each in keys.ring)
            found = {f"{kind}_public": pair.public, f"{kind}_private": pair.private}
            return VaultKeys(**{**keys.__dict__, **found, "ring": ring})
    raise ConfigError(
        "The charter in force names a {kind} key of the hub that the vault's key file does not hold; "
        "expected one of its own. Put the newest key file back.",
        kind=kind,
    )


def new_keys() -> VaultKeys:
    """Draw a fresh set of secrets from the operating system."""
    sealing_private, sealing_public = new_sealing_key()
    signing_private, signing_public = new_signing_key()
    return VaultKeys(
        sealing_public=sealing_public,
        signing_public=signing_public,
        sealing_private=sealing_private,
        signing_private=signing_private,
        scalar=random_scalar(),
        mac_key=token_bytes(KEY_SIZE),
        facts_key=token_bytes(KEY_SIZE),
        linkage_key=token_bytes(KEY_SIZE),
    )


def write_keys(keys: VaultKeys, path: Path) -> None:
    """Write *keys* to a new file with mode 0600.

    Raises:
        ConfigError: the file exists; a vault never overwrites its keys.
    """
    body = _body(keys)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(
            "A key file already stands at {name}; move it away before making new keys.",
            name=path.name,
        ) from None
    with os.fdopen(handle, "w") as file:
        json.dump(body, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def rewrite_keys(keys: VaultKeys, path: Path) -> None:
    """Write *keys* in the place of the file's, whole or not at all; what stood there is overwritten, then gone."""
    aside = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(_body(keys), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    with path.open("r+b") as former:
        size = path.stat().st_size
        aside.replace(path)
        former.write(b"0" * size)
        former.flush()
        os.fsync(former.fileno())


def load_keys(path: Path) -> VaultKeys:
    """Read the key file.

    Raises:
        ConfigError: it is missing, readable by others, or not a key file.
    """
    try:
        mode = path.stat().st_mode
        body = json.loads(path.read_text())
    except (OSError, ValueError):
        raise ConfigError(
            "No readable vault key file at {name}; run `hub init` first.", name=path.name
        ) from None
    if mode & _OTHERS:
        raise ConfigError(
            "{name} may be read by other users (mode {mode:o}); expected 600: run chmod 600.",
            name=path.name,
            mode=mode & 0o777,
        )
    ring = body.pop("ring", []) if isinstance(body, dict) else []  # none in a file of hub 0.1
    if not isinstance(body, dict) or {*body, "ring"} != {item.name for item in fields(VaultKeys)}:
        raise ConfigError("{name} is not a vault key file of this version.", name=path.name)
    values: dict[str, Any] = {
        name: text if name.endswith("_public") else bytes.fromhex(text)
        for name, text in body.items()
    }
    pairs = (Pair(p["kind"], p["public"], bytes.fromhex(p["private"])) for p in ring)
    return VaultKeys(**values, ring=tuple(pairs))


def _body(keys: VaultKeys) -> dict[str, Any]:
    plain = {item.name: getattr(keys, item.name) for item in fields(keys) if item.name != "ring"}
    ring = [
        {"kind": pair.kind, "public": pair.public, "private": pair.private.hex()}
        for pair in keys.ring
    ]
    return {**{name: _text(value) for name, value in plain.items()}, "ring": ring}


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.hex()
