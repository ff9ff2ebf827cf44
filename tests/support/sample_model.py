"""A recommendation model of the sample edition, whose allies are said by hand."""

from contracts.base import canonical
from contracts.model import Card, Dial, Model, ModelItem, SignedModel
from contracts.visit import Discipline
from tests.support.sample_edition import PLACES


def model(allies: dict[str, list[str]], edition: str = "saison-2025-2026") -> bytes:
    """Return the bytes of a model that is popularity, with those allies and no others."""
    made = Model(
        network="demonstration", edition=edition, edition_sha256="00" * 32, charter_sha256="00" * 32,
        matrix="pairs-cell", places=4, rho_micro=20_000, sigma_micro=10**6, unit_milli=1000,
        items=[ModelItem(item=place, discipline=Discipline.OTHER) for place in PLACES],
        popularity_milli=[1000] * len(PLACES), disciplines=[Discipline.OTHER], lifts_milli=[[1000]],
        method="popularity", factors_micro=[], scale_micro=[],
        allies=[[PLACES.index(ally) for ally in allies.get(place, [])] for place in PLACES], dial=Dial(),
        card=Card(persons_milli=0, kappa_milli=0, eta_micro=0, rank=0, retained_percent=0, better_than_popularity=False),
    )  # fmt: skip
    return canonical(SignedModel(model=made, signature="11" * 64))
