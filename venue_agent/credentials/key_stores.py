"""The three places where the agent's keys may live: a systemd credential, the system's keyring, a file of mode 0600."""

import importlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol

from venue_agent.credentials.exposure import exposed_to, remedy
from venue_agent.errors import ConfigError, KeyExposed, KeyringUnusable, StateDamaged
from venue_agent.home.durable import write_private
from venue_agent.words import _, mark

KEY_BYTES: Final = 32
SERVICE: Final = "farandole-agent"
CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
MARKER: Final = "keyring.json"
STORE_WORDS: Final = MappingProxyType(
    {
        "credential": mark("systemd credential"),
        "keyring": mark("keyring"),
        "file": mark("private file"),
    }
)
_WORTHY: Final = 1  # keyring's own threshold; below stand "none" and files in plain text


class Store(Protocol):
    """One place for keys, each 32 bytes under a short name."""

    @property
    def name(self) -> str:
        """``credential``, ``keyring`` or ``file``."""
        ...

    def place(self, key: str) -> str:
        """Say where that key is, or would be."""
        ...

    def holds(self, key: str) -> bool:
        """Whether the key should be there; it is not read."""
        ...

    def read(self, key: str) -> bytes | None:
        """Return the key, or None when this place does not hold it."""
        ...

    def write(self, key: str, secret: bytes) -> None:
        """Put the key there, durably."""
        ...

    def remove(self, key: str) -> bool:
        """Take the key out; return whether it was there."""
        ...


@dataclass(frozen=True)
class Credential:
    """What systemd hands to a service (LoadCredential=, LoadCredentialEncrypted=); read only."""

    folder: Path | None
    name: str = "credential"

    def place(self, key: str) -> str:
        """Return the name of the credential."""
        return credential_name(key)

    def holds(self, key: str) -> bool:
        """Whether the service was given it."""
        return self.folder is not None and (self.folder / credential_name(key)).exists()

    def read(self, key: str) -> bytes | None:
        """Return the key when the service was given it."""
        if self.folder is None or not self.holds(key):
            return None
        return parsed((self.folder / credential_name(key)).read_bytes(), credential_name(key))

    def write(self, key: str, secret: bytes) -> None:  # noqa: ARG002 - as every store
        """Refuse: only the machine's administrator writes credentials."""
        raise ConfigError(
            _(
                "The key comes from the systemd credential {name}, which the agent can read and not "
                "write. The machine's administrator replaces it (`systemd-creds encrypt`)."
            ).format(name=credential_name(key))
        )

    def remove(self, key: str) -> bool:  # noqa: ARG002 - as every store
        """Leave it: the unit that names it goes, and the credential with it."""
        return False


@dataclass(frozen=True)
class Keyring:
    """The keyring of whoever is logged in: Windows, macOS, or a Linux desktop; the folder keeps its entry's name."""

    folder: Path
    name: str = "keyring"

    def place(self, key: str) -> str:
        """Return the entry's service and user names, as the system's own tool shows them."""
        return f"{SERVICE} / {self._marker().get('entry', '…')}/{key}"

    def holds(self, key: str) -> bool:
        """Whether the folder says that the keyring holds it."""
        return key in self._marker().get("keys", [])

    def read(self, key: str) -> bytes | None:
        """Return the key; the keyring is asked only where the folder says that it holds it.

        Raises:
            KeyringUnusable: it holds it and cannot be asked now, or has lost it.
        """
        marker = self._marker()
        if key not in marker.get("keys", []):
            return None
        text = _asked("get_password", SERVICE, f"{marker['entry']}/{key}")
        if text is None:
            raise KeyringUnusable(
                _(
                    "The keyring of this session does not hold the key {name} that it was given. Run "
                    "the agent as the same user as before, or restore that user's keyring."
                ).format(name=key)
            )
        return parsed(str(text).encode(), self.place(key))

    def write(self, key: str, secret: bytes) -> None:
        """Put the key there, then note it in the folder.

        Raises:
            KeyringUnusable: there is no keyring, or it refuses.
        """
        marker = self._marker() or {"entry": secrets.token_hex(8), "keys": []}
        _asked("set_password", SERVICE, f"{marker['entry']}/{key}", secret.hex())
        self._note(marker | {"keys": sorted({*marker["keys"], key})})

    def remove(self, key: str) -> bool:
        """Take the key out of the keyring, then of the note."""
        marker = self._marker()
        if key not in marker.get("keys", []):
            return False
        entry = f"{marker['entry']}/{key}"
        if _asked("get_password", SERVICE, entry) is not None:
            _asked("delete_password", SERVICE, entry)
        left = [each for each in marker["keys"] if each != key]
        if left:
            self._note(marker | {"keys": left})
        else:
            (self.folder / MARKER).unlink()
        return True

    def _marker(self) -> dict[str, Any]:
        path = self.folder / MARKER
        try:
            found = json.loads(path.read_bytes())
            return {"entry": str(found["entry"]), "keys": list(found["keys"])}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError):
            raise StateDamaged(
                _(
                    "{path} cannot be read: it says which entry of the keyring holds the venue's "
                    "keys. Restore it from a backup."
                ).format(path=path)
            ) from None

    def _note(self, marker: dict[str, Any]) -> None:
        write_private(self.folder / MARKER, json.dumps(marker).encode())


@dataclass(frozen=True)
class KeyFile:
    """One file a key, mode 0600, in the agent's own folder."""

    folder: Path
    name: str = "file"

    def place(self, key: str) -> str:
        """Return the path."""
        return str(self.folder / f"{key}.key")

    def holds(self, key: str) -> bool:
        """Whether the file is there."""
        return (self.folder / f"{key}.key").exists()

    def read(self, key: str) -> bytes | None:
        """Return the key.

        Raises:
            KeyExposed: others may read it.
            StateDamaged: it cannot be read, or is no key.
        """
        path = self.folder / f"{key}.key"
        try:
            who, text = exposed_to(path), path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raise StateDamaged(
                _(
                    "The key at {path} cannot be read. Run the agent as the user who owns it."
                ).format(path=path)
            ) from None
        if who:
            raise KeyExposed(
                _("{path} may be read by others ({found}); expected nobody. Run: {command}").format(
                    path=path, found=who, command=remedy(path)
                )
            )
        return parsed(text, str(path))

    def write(self, key: str, secret: bytes) -> None:
        """Write the file whole, durably."""
        write_private(self.folder / f"{key}.key", secret.hex().encode())

    def remove(self, key: str) -> bool:
        """Remove the file."""
        path = self.folder / f"{key}.key"
        there = path.exists()
        path.unlink(missing_ok=True)
        return there


def credential_name(key: str) -> str:
    """Return the name under which systemd hands that key: ``farandole-signing.key``."""
    return f"farandole-{key}.key"


def keyring_usable() -> bool:
    """Whether this session has a keyring that keeps secrets: the package is there, and a daemon answers."""
    try:
        backend = importlib.import_module("keyring").get_keyring()
        return float(backend.priority) >= _WORTHY
    except Exception:  # noqa: BLE001 - each backend fails in its own way; then there is none
        return False


def parsed(text: bytes, place: str) -> bytes:
    """Return the key written as 64 hexadecimal digits; raise StateDamaged when it is none."""
    try:
        key = bytes.fromhex(text.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise StateDamaged(
            _("{path} holds no key of {size} bytes. Restore it.").format(path=place, size=KEY_BYTES)
        )
    return key


def _asked(what: str, *words: str) -> Any:
    """Ask the system's keyring; whatever it raises is one error of ours.

    Raises:
        KeyringUnusable: the package is missing, no daemon answers, or it is locked.
    """
    try:
        keyring = importlib.import_module("keyring")
        return getattr(keyring, what)(*words)
    except ImportError:
        found = _("the package keyring is not installed")
    except Exception as error:  # noqa: BLE001 - D-Bus, Windows and macOS each raise their own
        found = type(error).__name__
    raise KeyringUnusable(
        _(
            "This session has no usable keyring ({found}); a server without a desktop has none. "
            "Unlock it or log in as its owner; on a server, keep the keys in files: `venue-agent "
            "keys move --to file` from a session that has it."
        ).format(found=found),
        found,
    )
