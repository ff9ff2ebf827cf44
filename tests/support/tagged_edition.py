"""What an edition's own measures say of an invented world: popularity and tags, by their SQL, their plan and their noise."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from contracts.charter import MeasureSpec
from contracts.edition import Vector
from contracts.tags import UNSAID, AxisTastes
from contracts.visit import Discipline
from hub.evaluate.metrics import Held, quality
from hub.evaluate.sums import rho_of
from hub.evaluate.world import Floats, Integers, World
from hub.measures import model_pairs, tags
from hub.measures.frame import Frame, Venue
from hub.publish import _vector
from hub.recommend.tastes import Houses, Shows, _axis
from tests.support import measuring, town

POPULARITY = 0.30  # of the price of ε = 1, under κ = 12
AXES = ("period", "company")
"""Where the world's two tags are said: what its catalogue tells of a work, and where it is shown; -1, where it says nothing."""
MILLION = 1_000_000


@dataclass(frozen=True)
class Said:
    """What the model would say: noisy popularity of the items, and its tags block."""

    popularity: Floats
    axes: list[AxisTastes]
    groups: list[Integers]


def frame_of(world: World) -> Frame:
    """Each item is a venue of one discipline, and shows one thing."""
    groups = dict(zip(AXES, world.tags[::-1], strict=True))
    return Frame(
        season="2024-2025", first_day=town.FIRST, last_day=town.LAST,
        venues=tuple(Venue(f"v{n:04d}", f"v{n:04d}", "theatre", 0, 0) for n in range(world.items)),
        clusters=(), bounds=town.BOUNDS, disciplines=("theatre",), persons=len(world.known),
        tags=tuple((axis, tuple(f"t{n}" for n in range(int(of.max()) + 1))) for axis, of in groups.items()),
    )  # fmt: skip


def visits_of(world: World) -> pa.Table:
    person, place = np.nonzero(world.known >= 0)
    venue = world.known[person, place]
    where = world.tags[0][venue]
    said = town.tags_of(world.tags[1][venue], np.full(len(venue), -1))
    cut = ~np.int64(((1 << 15) - 1) << 45)
    rows = len(venue)
    ones = np.ones(rows, dtype=np.int64)
    return pa.table(
        {
            "person_key": person.astype(np.uint64), "venue": venue, "discipline": 4 * ones, "event_day": 20_000 + place,
            "lead_days": ones, "age": ones, "distance": ones, "departement": np.full(rows, "44"),
            "priority": (person * 1000 + place).astype(np.uint64), "channel": ones, "first_time": ones,
            "country": np.full(rows, ""), "qpv": ones, "satisfaction": 255 * ones, "party": ones,
            "tags": (said & cut) | (np.where(where < 0, UNSAID, where) << 45),
        }
    )  # fmt: skip


def edition(world: World, epsilon: float, seed: int | None) -> Said:
    """Return what is said at that price, with noise of a seed; without noise where there is none."""
    frame, rho = frame_of(world), int(rho_of(epsilon) * MILLION)
    popular = MeasureSpec(measure="model-pairs", rho_micro=int(rho * POPULARITY))
    tagged = MeasureSpec(measure="tags", rho_micro=rho - popular.rho_micro)
    place = model_pairs.plan(popular, frame)[:1]
    # All of its price to popularity: this network has no use for a matrix.
    place = (type(place[0])(**{**vars(place[0]), "rho_micro": popular.rho_micro}),)
    plan = tags.plan(tagged, frame)
    with town.opened(visits_of(world)) as connection:
        both = model_pairs.plan(popular, frame)
        queries = (model_pairs.queries(both, frame)[0], *tags.queries(plan, frame))
        exact = {
            p.name: measuring.value(connection, q, p)
            for q, p in zip(queries, (*place, *plan), strict=True)
        }
    draw = np.random.default_rng(seed)
    vectors: dict[str, Vector] = {}
    for vector in (*place, *plan):
        noised = measuring.seeded(exact[vector.name], vector, draw)
        if seed is None:
            noised = type(noised)(noised.plan, 1, exact[vector.name])
        vectors[vector.name] = _vector(noised)
    popularity = np.maximum(np.asarray(vectors["model-pairs-place"].values) / 1000, 1.0)
    groups = dict(zip(AXES, world.tags[::-1], strict=True))
    counts = {
        axis: [[int(n == said) for n in range(int(of.max()) + 1)] for said in of]
        for axis, of in groups.items()
    }
    shows = Shows("0" * 64, [1] * world.items, counts)
    counted = vectors["model-pairs-place"]
    sigma = counted.sigma_micro / MILLION / counted.unit_milli
    houses = Houses([Discipline.THEATRE] * world.items, popularity, sigma, shows)
    axes = [_axis(a, vectors[f"tags-{a}-value"], vectors[f"tags-{a}-pair"], houses) for a in AXES]
    return Said(popularity, axes, [groups[axis] for axis in AXES])


def judged(said: Said, held: Held) -> float:
    """Return NDCG@10 of what the contract says of scores: popularity times the factors of each axis."""
    known = held.looked_at(len(said.popularity))
    scores = np.log(said.popularity)[None, :] * np.ones((len(known), 1))
    for axis, of in zip(said.axes, said.groups, strict=True):
        says = of >= 0
        logs = np.log(np.asarray(axis.affinity_milli) / 1000)[np.ix_(of, of)]
        logs = np.where(says[:, None] & says[None, :], logs, 0.0)
        scores += known @ logs / np.sqrt(np.maximum(known @ says[:, None], 1.0))
    return quality(scores, held).ndcg
