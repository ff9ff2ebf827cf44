"""The office's own keys, in one file of the web process; none of them opens a batch, a fact or a signature."""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from hub.errors import ConfigError

BYTES: Final = 32


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    secret: str


@dataclass(frozen=True)
class OfficeKeys:
    """One secret, and what is derived from it for each use, so that no two uses share a key."""

    secret: bytes

    @classmethod
    def at(cls, path: Path) -> Self:
        """Return the keys kept at *path*; the first worker that comes makes them.

        Raises:
            ConfigError: the file is not one of ours.
        """
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(_read(path))
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_File(secret=secrets.token_hex(BYTES)).model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        return cls(_read(path))

    def mac(self, use: str, text: str) -> str:
        """Return a keyed digest of *text*: who reads the database cannot try values against it."""
        return hmac.new(self._of(use), text.encode(), hashlib.sha256).hexdigest()

    def text(self, use: str) -> str:
        """Return a key as text, for a library that wants one."""
        return base64.urlsafe_b64encode(self._of(use)).decode()

    def _of(self, use: str) -> bytes:
        return hmac.new(self.secret, f"farandole office {use}".encode(), hashlib.sha256).digest()


def _read(path: Path) -> bytes:
    for _ in range(100):  # another worker may be between making the file and filling it
        body = path.read_bytes()
        if body:
            break
    try:
        secret = bytes.fromhex(_File.model_validate_json(body).secret)
    except (ValidationError, ValueError) as error:
        raise ConfigError(
            "{name} does not hold the office's keys; expected the file that was made with the hub. "
            "Restore it, or remove it: everybody then sets a second factor anew.",
            name=path.name,
        ) from error
    if len(secret) != BYTES:
        raise ConfigError("{name} holds a secret of another length. Restore it.", name=path.name)
    return secret
