"""A vault over a small network, and agents in miniature that seal real batches for it."""

import csv
import dataclasses
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.base import canonical, digest
from contracts.batch import Commit, Envelope, Manifest, Part, SignedManifest, SignedReceipt
from contracts.order import SignedOrder
from contracts.payload import BatchHead, pack, seal_parts
from contracts.receipts import disclose
from contracts.ristretto import from_uniform, multiply
from contracts.seal import sign
from contracts.visit import (
    ACTIVATION_COLUMNS,
    ERASURE_COLUMNS,
    PERSON_COLUMNS,
    VISIT_COLUMNS,
    person_columns,
)
from hub.vault.engine import Limits
from hub.vault.keys import VaultKeys, new_keys
from hub.vault.open import Terms
from hub.vault.vault import Vault, open_vault
from tests.support.wire import CLOCK, VENUES, Network, entry, network

FIELDS = sorted({*PERSON_COLUMNS, *VISIT_COLUMNS} - {"contribution_id", "tokens"})
SEASON_KEY = (7).to_bytes(32, "little")  # the custodian's k, in tests only
LIMITS = Limits(memory="1GB", threads=1)
A, B, C = VENUES


def evaluated(identifier: str) -> bytes:
    """N = k·H(x): what an agent holds after the custodian's answer."""
    return multiply(SEASON_KEY, from_uniform(hashlib.sha512(identifier.encode()).digest()))


def token(identifier: str) -> str:
    """The token of an identifier written "email:…" or "phone:…"."""
    return f"{identifier.split(':', 1)[0]}:{evaluated(identifier).hex()}"


def tokens(*identifiers: str) -> str:
    return " ".join(token(identifier) for identifier in identifiers)


def handle(name: str) -> str:
    """A stable contribution id for a name."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def person(name: str, *identifiers: str, **changes: str) -> dict[str, str]:
    row = {
        "contribution_id": handle(name),
        "tokens": tokens(*identifiers),
        "statistics": "yes",
        "recommendation": "no",
        "partner_offers": "",
        "age_band": "35-49",
        "departement": "69",
        "country": "",
        "subscriber": "no",
        "qpv": "unknown",
    }
    return {**row, **changes}


def visit(
    name: str, day: str = "2025-10-07", event: str = "hamlet", **changes: str
) -> dict[str, str]:
    row = {
        "contribution_id": handle(name),
        "event_id": event,
        "discipline": "theatre",
        "event_date": day,
        "lead_days": "12",
        "channel": "online",
        "party_band": "2",
        "price_band": "10-25",
        "distance_band": "0-5",
        "first_time_here": "unknown",
        "satisfaction": "",
    }
    return {**row, **changes}


def erasure(scope: str, name: str = "", *identifiers: str) -> dict[str, str]:
    return {
        "scope": scope,
        "contribution_id": handle(name) if name else "",
        "tokens": tokens(*identifiers),
    }


def activation(
    name: str, order: str, arm: str = "contacted", day: str = "2025-10-06"
) -> dict[str, str]:
    """A row of somebody whom an order selected."""
    return {"contribution_id": handle(name), "order": order, "arm": arm, "day": day}


def csv_bytes(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def batch_files(
    persons: Sequence[dict[str, str]],
    visits: Sequence[dict[str, str]],
    erasures: Sequence[dict[str, str]] = (),
    arms: Sequence[dict[str, str]] = (),
) -> dict[str, bytes]:
    files = {
        "persons.csv": csv_bytes(person_columns(persons[0] if persons else ()), persons),
        "visits.csv": csv_bytes(VISIT_COLUMNS, visits),
    }
    if arms:
        files["activations.csv"] = csv_bytes(ACTIVATION_COLUMNS, arms)
    if erasures:
        files["erasures.csv"] = csv_bytes(ERASURE_COLUMNS, erasures)
    return files


@dataclass
class VaultWorld:
    """A network, the vault that its charter names, and how its venues send."""

    net: Network
    keys: VaultKeys
    url: str
    folder: Path
    vault: Vault
    signatures: dict[str, str] = dataclasses.field(default_factory=dict)
    orders: tuple[SignedOrder, ...] = ()

    @property
    def terms(self) -> Terms:
        return Terms(self.net.charter, orders=self.orders)

    def sealed(
        self,
        files: dict[str, bytes],
        /,
        *,
        venue: str = A,
        month: str = "2025-10",
        sequence: int = 1,
        **manifest: Any,
    ) -> tuple[Commit, list[bytes]]:
        """A commit and its sealed parts, as an honest agent makes them; *manifest* tells lies in it."""
        plain = {
            "normaliser_version": 1,
            "venue": venue,
            "season": self.net.charter.pseudonym_season,
            "month": month,
            "charter_sha256": self.net.sha256,
            "sequence": sequence,
            "created": "2025-11-03T12:00:00Z",
            "export_read": "2025-11-03T11:00:00Z",
            "files": [entry(name, data).model_dump() for name, data in files.items()],
        }
        signed_by = manifest.pop("signed_by", venue)
        said = Manifest.model_validate({**plain, **manifest})
        signed = SignedManifest(
            manifest=said, signature=sign(self.net.keys[signed_by], canonical(said))
        )
        season = self.net.charter.pseudonym_season
        head = BatchHead(venue, season, month, self.net.sha256, sequence, self.net.key_sha256)
        parts = list(seal_parts(pack(signed, files), head, self.net.charter.hub.vault_key))
        commit = Commit(**head.__dict__, parts=[Part(sha256=digest(p), size=len(p)) for p in parts])
        self.signatures[digest(canonical(commit))] = signed.signature
        return commit, parts

    def send(self, files: dict[str, bytes], /, **where: Any) -> SignedReceipt:
        commit, parts = self.sealed(files, **where)
        return self.told(self.vault.receive(commit, lambda: parts, self.terms))

    def told(self, envelope: Envelope) -> SignedReceipt:
        """What the venue reads when it opens the vault's answer."""
        return disclose(envelope, self.signatures.get(envelope.commit_sha256, "00" * 64))

    def on_disk(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*.parquet"))

    def reopened(self) -> Vault:
        vault = open_vault(self.url, self.folder, self.keys, CLOCK)
        vault.start()
        return vault


def keys_of(net: Network) -> VaultKeys:
    """Fresh vault keys whose sealing and signing halves are those of the network's charter."""
    return dataclasses.replace(
        new_keys(),
        sealing_private=net.vault_private,
        sealing_public=net.charter.hub.vault_key,
        signing_private=net.hub_private,
        signing_public=net.charter.hub.signing_key,
    )


def vault_world(url: str, folder: Path, **charter: Any) -> VaultWorld:
    net = network(**{"fields": FIELDS, **charter})
    keys = keys_of(net)
    vault = open_vault(url, folder, keys, CLOCK)
    vault.start()
    return VaultWorld(net, keys, url, folder, vault)
