"""Make a hub: its folders, settings, secrets and empty databases; and turn a draft into a charter."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contracts.api import CustodianKeys
from contracts.base import canonical
from contracts.charter import Charter
from contracts.charter_check import check_rules
from contracts.clock import Clock
from contracts.seal import fingerprint
from hub.config import VaultConfig, WebConfig
from hub.draft import Keys, NetworkDraft, charter_from
from hub.errors import ConfigError
from hub.store import charters, ledger, members
from hub.store.database import open_control
from hub.vault.database import VaultDatabase
from hub.vault.keys import load_keys, new_keys, write_keys

WEB_FILE = "web.toml"
VAULT_FILE = "vault/vault.toml"
DRAFT_FILE = "network.toml"
CUSTODIAN_FILE = "custodian.json"


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
        raise ConfigError(f"A hub already stands in {home}. Choose an empty folder.")
    draft = NetworkDraft.load(draft_file)
    custodian = fetch_custodian(draft.custodian_url)
    (home / "vault").mkdir(parents=True, exist_ok=True)
    (home / "vault").chmod(0o700)
    keys = new_keys()
    write_keys(keys, home / "vault" / "keys.json")
    (home / CUSTODIAN_FILE).write_bytes(canonical(custodian))
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


def enrol(home: Path, venue: str, clock: Clock) -> str:
    """Return a new one-time code for a venue of the draft.

    Raises:
        ConfigError: the draft does not know this venue.
    """
    draft = NetworkDraft.load(home / DRAFT_FILE)
    known = [m.venue for m in draft.members]
    if venue not in known:
        raise ConfigError(
            f"{DRAFT_FILE} has no such venue. It has: {', '.join(known)}. Add it there first."
        )
    config = VaultConfig.load(home / VAULT_FILE)
    control = open_control(config.url(config.control_url))
    with control.transaction(clock) as tx:
        code = members.issue_code(tx, venue)
        tx.commit()
    control.close()
    return code


def assemble(home: Path, clock: Clock) -> Charter:
    """Write the charter from the draft and everybody's keys, open its budgets, and offer it for signature.

    Raises:
        ConfigError: a member has not enrolled, or the draft cannot become a charter.
        RulesBroken: one field of the draft contradicts another.
        StateConflict: members may have signed a charter of this revision already.
    """
    config = VaultConfig.load(home / VAULT_FILE)
    draft = NetworkDraft.load(home / DRAFT_FILE)
    custodian = CustodianKeys.model_validate_json((home / CUSTODIAN_FILE).read_bytes())
    keys = load_keys(config.at(config.keys))
    control = open_control(config.url(config.control_url))
    with control.transaction(clock) as tx:
        charter = charter_from(
            draft,
            Keys(
                vault_key=keys.sealing_public,
                hub_signing_key=keys.signing_public,
                custodian_operator=custodian.operator,
                custodian_signing_key=custodian.signing_key,
                season_keys=custodian.season_keys,
                members=members.member_keys(tx),
            ),
            clock.now(),
        )
        check_rules(charter)
        charters.save_draft(tx, charter)
        ledger.open_budgets(tx, charter.budgets)
        tx.commit()
    control.close()
    return charter


def _write(path: Path, settings: dict[str, str]) -> None:
    for value in settings.values():
        if '"' in value or "\\" in value or not value.isprintable():
            raise ConfigError(f"A setting of {path.name} holds a quote or a backslash. Remove it.")
    text = "".join(f'{name} = "{value}"\n' for name, value in settings.items())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
