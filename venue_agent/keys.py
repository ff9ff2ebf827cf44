"""The venue's own signing key: made here, kept here, mode 0600, never sent."""

import os
from pathlib import Path
from typing import Final

from contracts.seal import new_signing_key
from venue_agent.errors import StateDamaged
from venue_agent.words import _

FILE: Final = "signing.key"
KEY_BYTES: Final = 32
_OTHERS: Final = 0o077


def make_key(folder: Path) -> bytes:
    """Return the private key in *folder*, made now if there is none.

    Raises:
        StateDamaged: what stands there is no key, or others may read it.
    """
    path = folder / FILE
    if path.exists():
        return load_key(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private, _ = new_signing_key()
    draft = folder / f".{FILE}.new"
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(private.hex())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return private


def load_key(folder: Path) -> bytes:
    """Return the private key in *folder*.

    Raises:
        StateDamaged: it is missing, is no key, or others may read it.
    """
    path = folder / FILE
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="ascii")
        key = bytes.fromhex(text.strip())
    except (OSError, ValueError):
        raise StateDamaged(
            _(
                "No readable signing key at {path}. Expected the file that `venue-agent init` "
                "makes; join again with a new code if it is lost."
            ).format(path=path)
        ) from None
    if os.name == "posix" and mode & _OTHERS:
        raise StateDamaged(
            _("{path} may be read by others (mode {mode}); expected 600. Run chmod 600.").format(
                path=path, mode=f"{mode & 0o777:o}"
            )
        )
    if len(key) != KEY_BYTES:
        raise StateDamaged(
            _("{path} holds no Ed25519 key of {size} bytes. Restore it.").format(
                path=path, size=KEY_BYTES
            )
        )
    return key
