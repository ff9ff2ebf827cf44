"""Real visits as a network of real processes: one agent a venue, from exports made with synthetic identities."""

from pathlib import Path
from typing import Any

from contracts.visit import Discipline
from deploy.demo.network import Network, Site
from deploy.demo.theatres import draft
from tests.support.real_exports import City

ROOT = Path(__file__).parents[2]
SEASON = "2024-2025"
EDITION = "saison-2024-2025"
DISCIPLINES = {"Museum": Discipline.MUSEUM, "Structure": Discipline.HERITAGE}
CUSTODIAN = "Gardien indépendant de l'essai"


def make_network(root: Path, city: City, venues: list[str]) -> Network:
    """Return the network of *venues*, not built yet."""
    sites = [_site(root / "exports" / venue, city, venue) for venue in venues]
    return Network(root=root, draft=_draft(), sites=sites, custodian_operator=CUSTODIAN)


def _draft() -> dict[str, Any]:
    plan = draft() | {"network": "real", "name": "Visites réelles", "pseudonym_season": SEASON}
    plan["clusters"] = []
    plan["bounds"] = {"venues": 5, "visits": 20, "cells": 4, "pairs_total": 28}
    plan["budgets"] = [plan["budgets"][0] | {"season": SEASON}]
    plan["editions"] = [
        plan["editions"][0]
        | {
            "edition": EDITION,
            "season": SEASON,
            "first_day": "2024-09-01",
            "last_day": "2025-08-31",
        }
    ]
    return plan


def _site(folder: Path, city: City, venue: str) -> Site:
    about = city.venues[venue]
    city.lay_out(venue, folder)
    preset = (ROOT / "venue_agent" / "presets" / f"{about['layout']}.toml").read_text("utf-8")
    (folder / "mapping.toml").write_text(preset, encoding="utf-8")
    member = {
        "venue": venue,
        "name": about["name"],
        "discipline": DISCIPLINES.get(about["category"], Discipline.OTHER).value,
        "postcode": "69001",
        "latitude": about["lat"],
        "longitude": about["lon"],
        "declared_identifiers": 5_000,
    }
    return Site(member=member, folder=folder)
