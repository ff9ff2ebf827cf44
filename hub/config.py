"""Settings of the hub's processes; the web's file names no key and no vault."""

import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.base import Hex32, Slug, Text
from hub.errors import ConfigError


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the settings from a TOML file; relative folders are relative to the file.

        Raises:
            ConfigError: the file is missing, is not TOML, or has an unknown or impossible setting.
        """
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
            return cls.model_validate({"home": str(path.parent.resolve()), **values})
        except FileNotFoundError as error:
            raise ConfigError(
                f"No settings at {path}. Expected the file that `hub init` writes; run it first."
            ) from error
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{path} is not TOML: {error}. Mend that line.") from error
        except ValidationError as error:
            found = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise ConfigError(f"{path} has settings that cannot stand: {found}.") from error

    home: Path

    def at(self, name: str) -> Path:
        """Return a folder or file named in the settings, below the home folder."""
        return self.home / name

    def url(self, value: str) -> str:
        """Return a database URL whose SQLite file, if relative, stands in the home folder."""
        prefix = "sqlite:///"
        relative = value.startswith(prefix) and not value.startswith(prefix + "/")
        return prefix + str(self.home / value.removeprefix(prefix)) if relative else value


class WebConfig(_Settings):
    """``web.toml``: what the web process may know."""

    network: Slug
    control_url: Text = "sqlite:///control.sqlite"
    inbox: Text = "inbox"
    signing_key: Hex32  # public: shown as fingerprint to those who join
    public_url: Text = "http://127.0.0.1:8600"
    max_part_bytes: Annotated[int, Field(ge=65_536, le=16_777_216)] = 8_388_608


class VaultConfig(_Settings):
    """``vault/vault.toml``: what the vault's worker and the publisher may know."""

    network: Slug
    control_url: Text = "sqlite:///../control.sqlite"
    vault_url: Text = "sqlite:///vault.sqlite"
    inbox: Text = "../inbox"
    facts: Text = "facts"
    keys: Text = "keys.json"  # 0600
    checkpoint: Text = "checkpoint.json"  # highest signed head; never restore it from a backup
    poll_seconds: Annotated[int, Field(ge=1, le=3600)] = 5
    memory_limit: Annotated[str, Field(pattern=r"^[0-9]+(MB|GB)$")] = "2GB"
    threads: Annotated[int, Field(ge=1, le=64)] = 2
    checkpoint_every: Annotated[int, Field(ge=1, le=100_000)] = 100
