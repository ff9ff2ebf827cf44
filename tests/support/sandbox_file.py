"""Writes what partners' programs try their calls on: a fictitious network and an edition of people who never were.

By hand, when the shape of editions changes: ``python -m tests.support.sandbox_file``.
"""

import gzip
import json
from pathlib import Path

from hub.web.partners import sandbox
from tests.support.control_world import charter
from tests.support.cubes import World

NAMES = ("Musée des Vagues", "Centre d'art du Phare", "Théâtre de l'Écluse", "La Marée, danse", "Musée du Sel", "La Cale", "Scène des Tilleuls", "Ballet du Port")  # fmt: skip
KINDS = ("museum", "contemporary-art", "theatre", "dance")


def made() -> bytes:
    """Return the file's bytes: the same edition drawn anew at each call."""
    world = World(20_000, seed=7, rho_micro=40_000, venues=len(NAMES))
    published = world.edition()
    edition = published.edition.model_copy(
        update={"edition": "essai", "title": "Édition d'essai", "network": "essai"}
    )
    plain = charter().model_dump(mode="json")
    model = plain["members"][0]
    members = [
        {**model, "venue": house.slug, "name": name, "discipline": KINDS[n % 4]}
        for n, (house, name) in enumerate(zip(world.frame.venues, NAMES, strict=True))
    ]
    plain |= {"network": "essai", "name": "Réseau d'essai", "members": members, "editions": [], "budgets": plain["budgets"], "demonstration": True, "purposes": ["statistics", "partner_offers"], "fields": ["age_band", "distance_band", "discipline", "event_id"]}  # fmt: skip
    whole = published.model_copy(update={"edition": edition}).model_dump(mode="json")
    body = json.dumps({"charter": plain, "edition": whole}, separators=(",", ":"), sort_keys=True)
    return gzip.compress(body.encode(), 9, mtime=0)


if __name__ == "__main__":
    Path(sandbox.__file__).with_name(sandbox.FILE).write_bytes(made())
