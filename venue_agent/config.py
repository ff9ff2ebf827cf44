"""Where a venue's agent finds its exports and keeps its own files."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from contracts.base import Slug
from venue_agent.errors import ConfigError, NotJoined
from venue_agent.settings import defects
from venue_agent.settings.mapping import Mapping, load_mapping
from venue_agent.words import _

CONFIG_FILE = "agent.toml"
RENAMED: Final = MappingProxyType({"hub_signing_key": "hub_fingerprint"})
"""Spellings of 0.1, read still; the file is written in the new ones."""


@dataclass(frozen=True)
class SourceConfig:
    """What to read: the mapping, and the folder in which its patterns are looked for."""

    mapping: Mapping
    folder: Path


class AgentConfig(BaseModel):
    """``agent.toml``: everything the agent must know before it speaks to anyone."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True
    )

    venue: Slug
    """Nom court du lieu dans le réseau."""
    hub_url: str
    """Adresse publique du hub."""
    hub_fingerprint: str
    """Empreinte du hub, confirmée de vive voix à l'entrée."""
    custodian_url: str = ""
    """Adresse publique du gardien des clés."""
    exports: str = "exports"
    """Dossier des exports de billetterie, depuis le dossier de l'agent ou absolu."""
    mapping: str = "mapping.toml"
    """Ce que veut dire chaque colonne de l'export, et ce qu'accorde chaque consentement."""
    catalogue: str = "catalogue.csv"
    """Événements publics du lieu."""
    approval: Literal["none", "dpo"] = "none"
    """`dpo` : rien ne part que la ou le DPO n'ait approuvé, octet pour octet (`review` ou `approve`)."""

    @model_validator(mode="before")
    @classmethod
    def _read_old_spellings(cls, settings: Any) -> Any:
        if not isinstance(settings, dict):
            return settings
        new = {old: name for old, name in RENAMED.items() if name not in settings}
        return {new.get(name, name): value for name, value in settings.items()}


@dataclass(frozen=True)
class Home:
    """The agent's own folder: configuration, keys, state, spool. Nothing else is written."""

    path: Path

    @property
    def config(self) -> Path:
        """Settings."""
        return self.path / CONFIG_FILE

    @property
    def state(self) -> Path:
        """Handles of the people who were sent; SQLite."""
        return self.path / "state.sqlite"

    @property
    def spool(self) -> Path:
        """What was packed and may be read before it leaves."""
        return self.path / "spool"

    @property
    def keys(self) -> Path:
        """The venue's private keys, mode 0600."""
        return self.path / "keys"

    def inside(self, path: str) -> Path:
        """Return *path*, taken from the home folder unless it is absolute."""
        return self.path / path


def load_config(home: Home) -> AgentConfig:
    """Return the settings of *home*.

    Raises:
        NotJoined: there is no ``agent.toml`` yet.
        ConfigError: it cannot be read or a setting is wrong.
    """
    try:
        text = home.config.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotJoined(
            _(
                "No {file} in the agent's folder: this venue has not joined a network. Run "
                "`venue-agent init` with the one-time code."
            ).format(file=CONFIG_FILE)
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            _("{file} cannot be read. Check its rights.").format(file=CONFIG_FILE)
        ) from error
    try:
        return AgentConfig.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            _("{file} is not TOML at {where}. Correct it.").format(
                file=CONFIG_FILE, where=defects.of_toml(error)
            )
        ) from error
    except ValidationError as error:
        raise ConfigError(
            _("{file}: {defect}. Correct it.").format(
                file=CONFIG_FILE, defect=defects.of_model(error)
            )
        ) from error


def write_config(home: Home, config: AgentConfig) -> None:
    """Write the settings, replacing the file whole."""
    lines = [f"{name} = {_quoted(value)}" for name, value in config.model_dump().items()]
    draft = home.config.with_suffix(".new")
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft.replace(home.config)


def source_of(home: Home, config: AgentConfig) -> SourceConfig:
    """Return what ``read`` needs; errors as for ``load_mapping``."""
    return SourceConfig(load_mapping(home.inside(config.mapping)), home.inside(config.exports))


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    if not escaped.isprintable():
        raise ConfigError(_("A setting holds a control character. Remove it."))
    return f'"{escaped}"'
