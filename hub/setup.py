"""Make a hub: its folders, settings, secrets and empty databases."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contracts.api import CustodianKeys
from contracts.base import canonical
from contracts.seal import fingerprint
from hub.config import (
    CUSTODIAN_FILE,
    DRAFT_FILE,
    PUBLIC_FILE,
    VAULT_FILE,
    WEB_FILE,
    VaultConfig,
    WebConfig,
)
from hub.draft import NetworkDraft
from hub.errors import ConfigError
from hub.membership import PublicKeys
from hub.store.database import open_control
from hub.vault.database import VaultDatabase
from hub.vault.keys import new_keys, write_keys


@dataclass(frozen=True)
class Urls:
    """Where the two databases stand; SQLite files in the home folder unless said otherwise."""

    control: str = ""
    vault: str = ""


def init(
    home: Path, draft_file: Path, fetch_custodian: Callable[[str], CustodianKeys], urls: Urls
) -> str:
    """Make a hub in *home* and return its fingerprint, which venues compare when they join.

    Raises:
        ConfigError: a hub already stands there, or the draft cannot become a charter.
        WitnessUnreachable: the custodian of the draft does not answer.
    """
    if (home / VAULT_FILE).exists():
        raise ConfigError("A hub already stands in {home}. Choose an empty folder.", home=home)
    draft = NetworkDraft.load(draft_file)
    custodian = fetch_custodian(draft.custodian_url)
    (home / "vault").mkdir(parents=True, exist_ok=True)
    (home / "vault").chmod(0o700)
    keys = new_keys()
    write_keys(keys, home / "vault" / "keys.json")
    (home / CUSTODIAN_FILE).write_bytes(canonical(custodian))
    public = PublicKeys(vault_key=keys.sealing_public, signing_key=keys.signing_public)
    (home / PUBLIC_FILE).write_bytes(canonical(public))
    if draft_file.resolve() != (home / DRAFT_FILE).resolve():
        shutil.copyfile(draft_file, home / DRAFT_FILE)
    _write(
        home / WEB_FILE,
        {
            "network": draft.network,
            "signing_key": keys.signing_public,
            "public_url": draft.hub_url,
            **({"control_url": urls.control} if urls.control else {}),
        },
    )
    _write(
        home / VAULT_FILE,
        {
            "network": draft.network,
            **({"control_url": urls.control} if urls.control else {}),
            **({"vault_url": urls.vault} if urls.vault else {}),
        },
    )
    config = VaultConfig.load(home / VAULT_FILE)
    control = open_control(config.url(config.control_url))
    control.migrate()
    control.close()
    vault = VaultDatabase(config.url(config.vault_url))
    vault.migrate()
    vault.close()
    WebConfig.load(home / WEB_FILE)
    return fingerprint(keys.signing_public)


def _write(path: Path, settings: dict[str, str]) -> None:
    for value in settings.values():
        if '"' in value or "\\" in value or not value.isprintable():
            raise ConfigError(
                "A setting of {name} holds a quote or a backslash. Remove it.", name=path.name
            )
    text = "".join(f'{name} = "{value}"\n' for name, value in settings.items())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
