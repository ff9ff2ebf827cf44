"""The fragment « vous aimerez aussi » over the sample edition, with a model whose factors were drawn once."""

import numpy as np
from flask import Flask

from contracts.base import canonical
from contracts.model import Card, Dial, Model, ModelItem, SignedModel
from contracts.visit import Discipline
from hub.web import headers, observatory, widget
from tests.support import sample_edition as sample
from tests.support.sample_edition import CLUSTERS, HOUSES, PLACES

ORIGIN = "https://hub.exemple.fr"
KINDS = (Discipline.DANCE, Discipline.THEATRE, Discipline.CONTEMPORARY_ART)
ALONE = next(h.slug for h in HOUSES if h.slug in PLACES)
INSIDE, GROUP = next((v, c) for c, (_, inside) in CLUSTERS.items() for v in inside)


def model(seed: int = 7, *, better: bool = True, dial: Dial | None = None) -> Model:
    """A model of the sample's places: factors drawn once, disciplines in turn."""
    count = len(PLACES)
    factors = np.random.default_rng(seed).integers(0, 10**6, (count, 4))
    return Model(
        network="demonstration", edition="saison-2025-2026", edition_sha256="00" * 32, charter_sha256="00" * 32,
        matrix="pairs-cell", places=4, rho_micro=20_000, sigma_micro=10**6, unit_milli=1000,
        items=[ModelItem(item=place, discipline=KINDS[n % 3]) for n, place in enumerate(PLACES)],
        popularity_milli=[1000 * (n + 1) for n in range(count)], disciplines=list(KINDS), lifts_milli=[[1000] * 3] * 3,
        method="spectral", factors_micro=[[int(x) for x in row] for row in factors], scale_micro=[10**6] * count,
        allies=[[]] * count, dial=dial or Dial(),
        card=Card(persons_milli=0, kappa_milli=0, eta_micro=0, rank=4, retained_percent=0, better_than_popularity=better),
    )  # fmt: skip


def served(*, kept: Model | None) -> Flask:
    body = canonical(SignedModel(model=kept, signature="11" * 64)) if kept else None
    shelf = sample.Shelf(sample.published(), charter=sample.charter())
    if body:
        shelf.models["saison-2025-2026"] = body
    app = Flask("widget")
    headers.install(app)
    observatory.install(app, shelf)
    widget.install(app, shelf, ORIGIN)
    return app
