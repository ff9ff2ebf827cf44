"""The *city pass* network of the demonstration: its charter's draft, for people who see much in little time."""

from pathlib import Path
from typing import Any

from deploy.demo import theatres
from deploy.demo.exports import write_exports
from deploy.demo.network import Site
from deploy.demo.pass_world import SITE_CLUSTERS, SITES, make_pass_world

EDITION = theatres.EDITION
OPERATOR = theatres.OPERATOR
PEOPLE = 8_000

# ρ 0.10 as for the theatres. A person fills many cells here, so k is 8 and not 4; nobody comes back, so the
# ladder gives its part to pairs and flows, which are what a pass is about.
MEASURES: tuple[tuple[str, int, int], ...] = (
    ("reach", 10_000, 0),
    ("pairs", 26_000, 0),
    ("flows", 22_000, 0),
    ("lead-time", 14_000, 0),
    ("provenance", 12_000, 100_000),
    ("channels", 4_000, 0),
    ("season-spread", 4_000, 0),
    ("tourists", 4_000, 0),
    ("crossing", 4_000, 0),
)


def draft() -> dict[str, Any]:
    """Return ``network.toml`` but for addresses and members."""
    plain = theatres.draft()
    edition = {**plain["editions"][0], "measures": theatres.priced(MEASURES)}
    return {
        **plain,
        "network": "citypass",
        "name": "Pass des sites, réseau de démonstration",
        "bounds": {"venues": 8, "visits": 12, "cells": 8, "pairs_total": 28},
        "editions": [edition],
        "clusters": theatres.clustered(SITE_CLUSTERS),
    }


def sites(folder: Path, *, people: int = PEOPLE, seed: int = theatres.SEED) -> list[Site]:
    """Write the world's exports in *folder* and return one site per place."""
    world = make_pass_world(seed, people=people, season=theatres.SEASON)
    folders = write_exports(world, folder)
    return [Site(member=theatres.member(site), folder=folders[site.slug]) for site in SITES]
