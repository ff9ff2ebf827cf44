"""Builders of wire values: a small network whose keys are at hand."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.base import canonical, digest
from contracts.batch import FileEntry, Manifest, SignedManifest
from contracts.charter import Charter, MemberSignature, SignedCharter
from contracts.charter_check import charter_hash
from contracts.clock import FixedClock
from contracts.seal import new_sealing_key, new_signing_key, sealing_key_digest, sign

NOW = dt.datetime(2025, 11, 3, 12, 0, 0, tzinfo=dt.UTC)
CLOCK = FixedClock(NOW)
VENUES = ("theatre-du-quai", "musee-de-la-tour", "opera-neuf")
FIELDS = ["age_band", "departement", "event_id", "discipline", "event_date", "lead_days"]


@dataclass(frozen=True)
class Network:
    """Everyone's keys and the charter that they signed."""

    keys: Mapping[str, bytes]
    vault_private: bytes
    hub_private: bytes
    charter: Charter

    @property
    def signed(self) -> SignedCharter:
        return SignedCharter(
            charter=self.charter,
            signatures=[
                MemberSignature(venue=venue, signature=sign(key, canonical(self.charter)))
                for venue, key in self.keys.items()
            ],
        )

    @property
    def sha256(self) -> str:
        return charter_hash(self.charter)

    @property
    def key_sha256(self) -> str:
        return sealing_key_digest(self.charter.hub.vault_key)


def network(venues: tuple[str, ...] = VENUES, **changes: Any) -> Network:
    """A network of *venues* with fresh keys; *changes* replace fields of its charter."""
    pairs = {venue: new_signing_key() for venue in venues}
    vault_private, vault_public = new_sealing_key()
    hub_private, hub_public = new_signing_key()
    plain = charter_dict(
        {venue: public for venue, (_, public) in pairs.items()}, vault_public, hub_public
    )
    return Network(
        keys={venue: private for venue, (private, _) in pairs.items()},
        vault_private=vault_private,
        hub_private=hub_private,
        charter=Charter.model_validate_json(canonical({**plain, **changes})),
    )


def charter_dict(members: Mapping[str, str], vault_key: str, hub_key: str) -> dict[str, Any]:
    """A charter's JSON that keeps every rule."""
    party = {"name": "Réseau d’essai", "operator": "Association", "contact": "a@example.org"}
    return {
        "version": 1,
        "revision": 1,
        "network": "essai",
        "name": "Réseau d’essai",
        "valid_from": "2025-09-01T00:00:00Z",
        "expires": "2026-09-01T00:00:00Z",
        "controller": party,
        "dpo": party,
        "hub": {
            "url": "http://localhost",
            "operator": "Association",
            "vault_key": vault_key,
            "signing_key": hub_key,
        },
        "custodian": {
            "url": "http://127.0.0.1:8601",
            "operator": "Notaire",
            "contact": "n@example.org",
            "signing_key": "ab" * 32,
            "season_keys": {"2025-2026": "cd" * 32},
        },
        "demonstration": False,
        "pseudonym_season": "2025-2026",
        "purposes": ["statistics"],
        "partners": [],
        "fields": FIELDS,
        "date_granularity": "day",
        "retention_months": 25,
        "persons_bound": 100_000,
        "bounds": {"venues": 32, "visits": 20, "cells": 20, "pairs_total": 100},
        "budgets": [
            {
                "season": "2025-2026",
                "total_rho_micro": 1_000_000,
                "observatory_rho_micro": 600_000,
                "recommendation_rho_micro": 300_000,
                "audiences_rho_micro": 300_000,
                "delta_pico": 1_000_000,
            }
        ],
        "editions": [
            {
                "edition": "automne-2025",
                "title": "Automne 2025",
                "season": "2025-2026",
                "first_day": "2025-09-01",
                "last_day": "2025-12-31",
                "measures": [{"measure": "reach", "rho_micro": 100_000, "delta_pico": 0}],
            }
        ],
        "members": [
            {
                "venue": venue,
                "name": venue.replace("-", " ").title(),
                "discipline": "theatre",
                "postcode": "69001",
                "latitude_microdeg": 45_767_000,
                "longitude_microdeg": 4_834_000,
                "signing_key": key,
                "declared_identifiers": 10_000,
            }
            for venue, key in members.items()
        ],
        "clusters": [],
    }


def signed_manifest(
    net: Network, files: Mapping[str, bytes], sequence: int = 1, venue: str = VENUES[0]
) -> SignedManifest:
    """The manifest of *files* for October 2025, signed by *venue*."""
    manifest = Manifest.model_validate(
        {
            "normaliser_version": 1,
            "venue": venue,
            "season": "2025-2026",
            "month": "2025-10",
            "charter_sha256": net.sha256,
            "sequence": sequence,
            "created": "2025-11-03T12:00:00Z",
            "export_read": "2025-11-03T11:00:00Z",
            "files": [entry(name, data).model_dump() for name, data in files.items()],
        }
    )
    return SignedManifest(manifest=manifest, signature=sign(net.keys[venue], canonical(manifest)))


def entry(name: str, data: bytes) -> FileEntry:
    """The manifest's line for one file."""
    return FileEntry.model_validate(
        {
            "name": name,
            "size": len(data),
            "rows": max(0, data.count(b"\n") - 1),
            "sha256": digest(data),
        }
    )
