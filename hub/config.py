"""Settings of the hub's processes; the web's file names no key and no vault."""

import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.base import Hex32, Slug, Text
from hub.errors import ConfigError

WEB_FILE = "web.toml"
VAULT_FILE = "vault/vault.toml"
DRAFT_FILE = "network.toml"
CUSTODIAN_FILE = "custodian.json"
PUBLIC_FILE = "public.json"


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

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
                "No settings at {path}. Expected the file that `hub init` writes; run it first.",
                path=path,
            ) from error
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(
                "{path} is not TOML: {error}. Mend that line.", path=path, error=error
            ) from error
        except ValidationError as error:
            found = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise ConfigError(
                "{path} has settings that cannot stand: {found}.", path=path, found=found
            ) from error

    home: Path

    def at(self, name: str) -> Path:
        """Return a folder or file named in the settings, below the home folder."""
        return self.home / name

    def url(self, value: str) -> str:
        """Return a database URL whose SQLite file, if relative, stands in the home folder."""
        prefix = "sqlite:///"
        relative = value.startswith(prefix) and not value.startswith(prefix + "/")
        return prefix + str(self.home / value.removeprefix(prefix)) if relative else value


class DirectoryConfig(BaseModel):
    """``[directory]`` of ``web.toml``: an outside directory (OpenID Connect) by which invited people may sign in."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    issuer: Annotated[str, Field(max_length=300, pattern=r"^https://[A-Za-z0-9._~:/-]+$")]
    """Adresse de l'annuaire, signe pour signe comme il la donne (`issuer`) ; `https://` seulement."""
    client_id: Text
    """Nom sous lequel l'annuaire connaît ce hub."""
    client_secret_file: Text
    """Fichier du secret convenu avec l'annuaire, de droits 0600, à part de `web.toml`."""
    email_claim: Text = "email"
    """Ce que l'annuaire appelle l'adresse électronique ; il doit aussi dire `email_verified`."""
    second_factor: list[Text] = []
    """Valeurs d'`amr` ou d'`acr` par lesquelles l'annuaire dit qu'il a demandé un second facteur ; sans elles, le bureau le redemande."""


class WebConfig(_Settings):
    """``web.toml``: what the web process may know."""

    network: Slug
    """Nom court du réseau, comme dans la charte."""
    control_url: Text = "sqlite:///control.sqlite"
    """Base de contrôle : registre, chaîne d'audit, membres, éditions. SQLite ou PostgreSQL."""
    inbox: Text = "inbox"
    """Dossier où attendent les parts scellées."""
    signing_key: Hex32
    """Clé publique de signature du hub, montrée comme empreinte à qui rejoint le réseau."""
    public_url: Text = "http://127.0.0.1:8600"
    """Adresse publique du hub, celle que les lieux signent : derrière TLS, `https://…`."""
    max_part_bytes: Annotated[int, Field(ge=65_536, le=16_777_216)] = 8_388_608
    """Taille la plus grande d'une part, en octets."""
    office_keys: Text = "office.json"
    """Clés du bureau (sessions, seconds facteurs), fichier de droits 0600 que le web crée ; rien du coffre."""
    sandboxes: Text = "sandboxes"
    """Dossier où les programmes des partenaires s'essaient, un fichier par partenaire ; rien n'y est vrai."""
    reports: Text = "reports"
    """Dossier des rapports PDF qui s'écrivent ou sont écrits ; il se vide sans perte."""
    directory: DirectoryConfig | None = None
    """Annuaire par lequel les personnes invitées peuvent aussi se connecter : table `[directory]`, plus bas."""


class VaultConfig(_Settings):
    """``vault/vault.toml``: what the vault's worker and the publisher may know."""

    network: Slug
    """Nom court du réseau, comme dans la charte."""
    control_url: Text = "sqlite:///../control.sqlite"
    """La même base de contrôle que `web.toml`."""
    vault_url: Text = "sqlite:///vault.sqlite"
    """Base du coffre : jetons, liens, effacements. Le web ne la connaît pas."""
    inbox: Text = "../inbox"
    """Le même dossier que `web.toml`."""
    facts: Text = "facts"
    """Dossier des venues, en Parquet chiffré."""
    keys: Text = "keys.json"
    """Clés du coffre, fichier de droits 0600."""
    checkpoint: Text = "checkpoint.json"
    """La plus haute tête signée ; ne se restaure jamais d'une sauvegarde."""
    keep_keys_days: Annotated[int, Field(ge=1, le=90)] = 7
    """Jours où une clé remplacée ouvre encore ce qui attend, dès la charte qui nomme la neuve ; puis elle est détruite."""
    poll_seconds: Annotated[int, Field(ge=1, le=3600)] = 5
    """Secondes entre deux regards sur les lots qui attendent."""
    memory_limit: Annotated[str, Field(pattern=r"^[0-9]+(MB|GB)$")] = "2GB"
    """Mémoire que les requêtes peuvent prendre ; au-delà, les personnes sont lues par parts, aux mêmes sommes."""
    threads: Annotated[int, Field(ge=1, le=64)] = 2
    """Fils d'exécution des requêtes."""
    checkpoint_every: Annotated[int, Field(ge=1, le=100_000)] = 100
    """Entrées de la chaîne entre deux têtes signées."""
