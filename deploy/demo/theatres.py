"""The *theatres* network of the demonstration: its charter's draft, with a price for every table."""

from pathlib import Path
from typing import Any

from contracts.visit import ARM, PARTNER_DISTANCE, PERSON_COLUMNS, VISIT_COLUMNS
from deploy.demo.campaign import PARTNER
from deploy.demo.exports import write_exports
from deploy.demo.houses import CLUSTERS, HOUSES, Clusters, House
from deploy.demo.network import Site
from deploy.demo.world import make_world

SEED = 1
SEASON = "2025-2026"
EDITION = "saison-2025-2026"
BEFORE = "automne-hiver-2025-2026"
"""The edition in which a partner's request is estimated."""
OPERATOR = "Association Farandole de démonstration"
PERSONS_BOUND = 50_000
DECLARED = 20_000  # identifiers of one house at the most

# ρ per person and season: 0.10 in all. Circulation (pairs, flows) gave up a third and keeps three tenths
# of the whole: its cells are many and small, and the two planted flows stand out at that price. Lead
# times gave up a fifth and provenance two: what is read in them (young people near contemporary art,
# the first département of each place) stays readable, and most of their details were « trop peu »
# before. What that frees pays for shares, which are read whole or place by place for 0.003 to 0.006.
MEASURES: tuple[tuple[str, int, int], ...] = (
    ("reach", 8_000, 0),
    ("ladder", 6_000, 0),
    ("pairs", 16_000, 0),
    ("flows", 14_000, 0),
    ("lead-time", 20_000, 0),
    ("provenance", 9_000, 100_000),
    ("channels", 5_000, 0),
    ("young", 3_000, 0),
    ("firsts", 6_000, 0),
    ("season-spread", 4_000, 0),
    ("tourists", 4_000, 0),
    ("crossing", 5_000, 0),
)
ESTIMATED: tuple[tuple[str, int, int], ...] = (("reach", 5_000, 0), ("cube", 30_000, 0))
"""Of the edition before: who came that far, and the cube that estimates are read in."""
OF_REQUESTS: tuple[tuple[str, int, int], ...] = (
    ("cooperation", 20_000, 0),
    ("reciprocity", 5_000, 0),
)
"""What came of partners' requests; the share of audiences pays, 0.025 of ρ, and all of it."""


def draft() -> dict[str, Any]:
    """Return ``network.toml`` but for addresses and members."""
    party = {"operator": OPERATOR, "contact": "reseau@farandole.example"}
    return {
        "revision": 1,
        "network": "theatres",
        "name": "Réseau de démonstration des théâtres",
        "hub_operator": OPERATOR,
        "custodian_contact": "gardien@farandole.example",
        "pseudonym_season": SEASON,
        "persons_bound": PERSONS_BOUND,
        "controller": {"name": "Réseau de démonstration", **party},
        "dpo": {"name": "Déléguée à la protection des données", **party},
        "bounds": {"venues": 4, "visits": 20, "cells": 4, "pairs_total": 15},
        "budgets": [
            {
                "season": SEASON,
                "total_rho_micro": 250_000,
                "observatory_rho_micro": 175_000,
                "recommendation_rho_micro": 50_000,
                "audiences_rho_micro": 25_000,
                "delta_pico": 1_000_000,
            }
        ],
        "editions": [
            {
                "edition": EDITION,
                "title": "Saison 2025-2026",
                "season": SEASON,
                "first_day": "2025-09-01",
                "last_day": "2026-08-31",
                "measures": priced(MEASURES),
            }
        ],
        "clusters": clustered(CLUSTERS),
    }


def story_draft() -> dict[str, Any]:
    """Return the draft of a network that a partner asks for an audience: two editions, and arms may travel."""
    plain = draft()
    season = plain["editions"][0]
    before = {
        **season,
        "edition": BEFORE,
        "title": "Automne-hiver 2025-2026",
        "last_day": "2026-02-28",
        "measures": priced(ESTIMATED),
    }
    return {
        **plain,
        "valid_days": 1100,
        "partners": [PARTNER],
        "fields": sorted(
            {*PERSON_COLUMNS, *VISIT_COLUMNS, ARM, PARTNER_DISTANCE} - {"contribution_id", "tokens"}
        ),
        "editions": [before, {**season, "measures": priced(MEASURES + OF_REQUESTS)}],
    }


def priced(measures: tuple[tuple[str, int, int], ...]) -> list[dict[str, Any]]:
    """Return measures as the draft writes them."""
    return [
        {"measure": name, "rho_micro": rho, "delta_pico": delta} for name, rho, delta in measures
    ]


def clustered(clusters: Clusters) -> list[dict[str, Any]]:
    """Return clusters as the draft writes them."""
    return [
        {"cluster": slug, "name": name, "venues": list(venues)}
        for slug, (name, venues) in clusters.items()
    ]


def sites(folder: Path, *, people: int = 20_000, seed: int = SEED) -> list[Site]:
    """Write the world's exports in *folder* and return one site per house."""
    # With the season before: without it no house could say who is new.
    world = make_world(seed, people=people, season=SEASON)
    folders = write_exports(world, folder, history=True)
    return [Site(member=member(house), folder=folders[house.slug]) for house in HOUSES]


def member(house: House) -> dict[str, Any]:
    """Return a house as the draft writes its members."""
    return {
        "venue": house.slug,
        "name": house.name,
        "discipline": house.discipline.value,
        "postcode": house.postcode,
        "latitude": house.latitude,
        "longitude": house.longitude,
        "declared_identifiers": DECLARED,
    }
