"""A crowd whose traits go together, the cube of it drawn as an edition would, and the truth beside."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from contracts.charter import MeasureSpec
from contracts.edition import PublishedEdition, Release, Vector
from hub.measures.catalogue import MEASURES
from hub.measures.cube import design
from hub.measures.frame import Frame
from hub.measures.profile import profile
from hub.privacy.values import Noised, VectorPlan
from tests.support import measuring, sample_edition, town


def crowd(persons: int, frame: Frame, *, seed: int) -> pa.Table:
    """Return visits of people of six kinds: each kind has its ages, distances, disciplines and ways."""
    draw = np.random.default_rng(seed)
    kind = draw.choice(6, persons, p=(0.3, 0.25, 0.2, 0.12, 0.08, 0.05))

    def leaning(values: int) -> NDArray[np.int64]:
        own = draw.dirichlet(np.full(values, 0.7), 6)
        return np.array([draw.choice(values, p=own[k]) for k in kind])

    often = np.where(draw.random(persons) < 0.6, 1, 1 + draw.geometric(0.35, persons))
    person = np.repeat(np.arange(persons), often)
    rows, own = len(person), leaning(len(frame.venues))
    leaves = draw.random(rows) < 0.25
    venue = np.where(leaves, draw.integers(0, len(frame.venues), rows), own[person])
    tastes = np.array([venue % 4]).ravel()
    codes = np.array([0, 1, 4, 5])  # museum, contemporary art, theatre, dance
    homes = np.array(["69", "38", "42", "01", "", "99", "75"])
    return pa.table(
        {
            "person_key": (person + 1).astype(np.uint64),
            "venue": venue,
            "discipline": codes[tastes],
            "event_day": (frame.first_day - town.EPOCH).days + draw.integers(0, 360, rows),
            "lead_days": np.array([0, 2, 9, 40, 90, -1])[leaning(6)][person],
            "age": leaning(6)[person],
            "distance": leaning(6)[person],
            "departement": homes[leaning(7)][person],
            "priority": draw.integers(0, 2**62, rows).astype(np.uint64),
            "channel": leaning(6)[person],
            "first_time": np.full(rows, 2),
            "country": np.full(rows, ""),
            "qpv": np.full(rows, 2),
            "satisfaction": np.full(rows, 255),
            "party": np.full(rows, 4),
        }
    )


class World:
    """A crowd, its exact cells, and everybody's traits."""

    def __init__(self, persons: int, *, seed: int, rho_micro: int, venues: int = 8) -> None:
        self.frame = town.frame(venues)
        self.seed = seed
        visits = crowd(persons, self.frame, seed=seed)
        self.spec, self.plan = measuring.plan_of("cube", self.frame, rho_micro=rho_micro)
        self.design = design(self.frame)
        with town.opened(visits) as connection:
            self.exact = measuring.exact(connection, "cube", self.frame, self.plan)
            names = ", ".join(axis.name for axis in self.design.axes)
            relation = profile(self.frame)
            found = connection.execute(f"SELECT {names} FROM {relation.name}").fetchnumpy()
            self.people = np.column_stack([np.asarray(found[a.name]) for a in self.design.axes])

    def edition(self, number: int = 0) -> PublishedEdition:
        """Return an edition of the cube alone: each number has noise of its own, always the same."""
        rng = np.random.default_rng((self.seed, number))
        noised = measuring.drawn(self.exact, self.spec, self.plan, rng)
        return published(self.spec, noised, self.frame)

    def truth(self, wanted: Mapping[int, tuple[int, ...]]) -> int:
        """Return how many people have one of the values of each trait."""
        keep = np.ones(len(self.people), dtype=bool)
        for axis, values in wanted.items():
            keep &= np.isin(self.people[:, axis], values)
        return int(keep.sum())


def published(spec: MeasureSpec, noised: Mapping[str, Noised], frame: Frame) -> PublishedEdition:
    """Return an edition that holds one measure."""
    tables = MEASURES[spec.measure].read(noised, frame)
    release = sample_edition.reach().model_copy(
        update={
            "measure": spec.measure,
            "rho_micro": spec.rho_micro,
            "vectors": [vector(each.plan, each) for each in noised.values()],
            "tables": list(tables),
        }
    )
    return sample_edition.published(releases=[Release.model_validate(release.model_dump())])


def vector(plan: VectorPlan, noised: Noised) -> Vector:
    """Return a vector as an edition holds it."""
    return Vector(
        name=plan.name,
        mechanism="discrete-gaussian",
        unit_milli=plan.unit_milli,
        l2_sensitivity_squared=plan.l2_sensitivity_squared,
        sigma_micro=noised.sigma_micro,
        rho_micro=plan.rho_micro,
        delta_pico=0,
        threshold=None,
        keys=[list(key) for key in plan.keys],
        values=[int(value) for value in noised.values],
    )
