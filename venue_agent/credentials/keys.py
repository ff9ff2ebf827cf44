"""The venue's own keys: made here, kept here, never sent; systemd credential, then keyring, then a file of mode 0600."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from contracts.seal import fingerprint, new_signing_key, signing_public
from venue_agent.credentials.key_stores import (
    CREDENTIALS,
    KEY_BYTES,
    Credential,
    KeyFile,
    Keyring,
    Store,
    keyring_usable,
)
from venue_agent.errors import StateDamaged
from venue_agent.words import _

SIGNING: Final = "signing"
CACHE: Final = "cache"  # of the elements kept on disk; a new signing key leaves it as it is
NEXT: Final = "next"  # the signing key to come, while `keys rotate` is under way
NAMES: Final = (SIGNING, CACHE, NEXT)
STORES: Final = ("credential", "keyring", "file")
FILE: Final = f"{SIGNING}.key"


@dataclass(frozen=True)
class Kept:
    """One key, and where it was found."""

    name: str
    store: str
    place: str
    secret: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key for the signing key, of the key itself for another; hex."""
        if self.name == SIGNING:
            return fingerprint(signing_public(self.secret))
        return hashlib.sha256(b"farandole key\0" + self.secret).hexdigest()


def stores(folder: Path, environment: Mapping[str, str] = os.environ) -> dict[str, Store]:
    """Return the places in the order in which they are asked."""
    given = environment.get(CREDENTIALS, "")
    found: list[Store] = [Credential(Path(given) if given else None), Keyring(folder), KeyFile(folder)]  # fmt: skip
    return {store.name: store for store in found}


def find(folder: Path, name: str = SIGNING) -> Kept | None:
    """Return a key from the first place that holds it; None when none does.

    Raises:
        StateDamaged: what stands there is no key.
        KeyExposed: others may read it.
        KeyringUnusable: the keyring holds it, and cannot be asked now.
    """
    for store in stores(folder).values():
        secret = store.read(name)
        if secret is not None:
            return Kept(name, store.name, store.place(name), secret)
    return None


def load_key(folder: Path) -> bytes:
    """Return the venue's private signing key.

    Raises:
        StateDamaged, KeyExposed, KeyringUnusable: as ``find``, or there is none.
    """
    kept = find(folder)
    if kept is None:
        raise StateDamaged(
            _(
                "No signing key: neither a systemd credential, nor the keyring, nor {path} holds "
                "it. Expected what `venue-agent init` makes; join again with a new code if it is "
                "lost."
            ).format(path=folder / FILE)
        )
    return kept.secret


def make_key(folder: Path) -> bytes:
    """Return the venue's signing key, made now if there is none.

    Raises:
        StateDamaged, KeyExposed, KeyringUnusable: as ``find``.
    """
    kept = find(folder)
    return kept.secret if kept else put(folder, SIGNING, new_signing_key()[0]).secret


def cache_key(folder: Path, earlier: bytes = b"") -> bytes:
    """Return the key of the element cache, made now if there is none; *earlier* is kept instead of a new one.

    Raises:
        StateDamaged, KeyExposed, KeyringUnusable: as ``find``.
    """
    kept = find(folder, CACHE)
    return kept.secret if kept else put(folder, CACHE, earlier or secrets.token_bytes(KEY_BYTES)).secret  # fmt: skip


def put(folder: Path, name: str, secret: bytes) -> Kept:
    """Write a key where it lives already, else where new ones go, and read it back.

    New keys go to the keyring where this session has one (the extra ``keyring``), else to a file.

    Raises:
        ConfigError: it lives in a systemd credential, which the agent cannot write.
        StateDamaged: it cannot be read back.
    """
    kept = find(folder, name) or (find(folder) if name != SIGNING else None)
    if kept is None or (kept.store == "credential" and kept.name != name):
        kept_in = "keyring" if keyring_usable() else "file"
    else:
        kept_in = kept.store
    return _written(stores(folder)[kept_in], name, secret)


def move(folder: Path, to: str) -> list[Kept]:
    """Put every key in the store *to* (``keyring`` or ``file``); each old copy goes once the new one was read.

    Raises:
        ConfigError: *to* is a credential, which only the machine's administrator writes.
        KeyringUnusable, StateDamaged: nothing was removed.
    """
    there = stores(folder)
    moved = []
    for name in NAMES:
        kept = find(folder, name)
        if kept is None or kept.store == to:
            continue
        new = _written(there[to], name, kept.secret)
        there[kept.store].remove(name)
        moved.append(new)
    return moved


def remove(folder: Path, name: str) -> None:
    """Take one key out of every store that the agent writes.

    Raises:
        KeyringUnusable: the keyring cannot be asked; what it holds is still there.
    """
    for store in stores(folder).values():
        store.remove(name)


def remove_all(folder: Path) -> list[str]:
    """Take every key out of every store that the agent writes; return where they were.

    Raises:
        KeyringUnusable: the keyring cannot be asked; what it holds is still there.
    """
    return [
        store.place(name)
        for store in stores(folder).values()
        for name in NAMES
        if store.remove(name)
    ]


def _written(store: Store, name: str, secret: bytes) -> Kept:
    store.write(name, secret)
    if store.read(name) != secret:
        raise StateDamaged(
            _("{path} does not give back the key that was put there. Nothing was removed.").format(
                path=store.place(name)
            )
        )
    return Kept(name, store.name, store.place(name), secret)


__all__ = ["CACHE", "NAMES", "NEXT", "SIGNING", "STORES", "Kept", "cache_key", "find", "load_key", "make_key", "move", "put", "remove", "remove_all", "stores"]  # fmt: skip
