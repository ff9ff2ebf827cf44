"""Takes a made-up crowd through the whole pipeline: linkage, freezing, sums; exact vectors, once a shape."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hub.audit.crowd import MadeUpFacts, Record, crowd
from hub.audit.shapes import Shape
from hub.plan import EditionPlan
from hub.publish import asked
from hub.vault.engine import KeptEngine, Limits
from hub.vault.parts import WHOLE
from hub.vault.scan import Sums, sum_over
from hub.vault.view import Window, view

LIMITS: Final = Limits(memory="500MB", threads=1)
_ENGINE: Final = KeptEngine()
"""Nobody real is ever in it, so that one engine will do for every crowd."""


@dataclass(frozen=True)
class World:
    """One crowd after the pipeline: its sums, and its people as sets of records."""

    sums: Sums
    exact: Mapping[str, NDArray[np.int64]]  # by vector
    persons: frozenset[frozenset[int]]


@dataclass(frozen=True)
class Neighbours:
    """Two worlds that differ by who leaves.

    ``moved`` is how many persons of the frozen maps differ: 1 where one person leaves; more where her leaving
    joins or parts others. The promise is for one person of the map, so for ``moved`` of them it is that of a
    group: the distance is at most ``moved`` times the sensitivity.
    """

    shape: Shape
    present: World
    absent: World
    moved: int


def neighbours(plan: EditionPlan, shape: Shape, alone: World) -> Neighbours:
    """Return both worlds of a shape, each taken through the whole pipeline; *alone* is that of the crowd."""
    absent = world(plan, (*crowd(), *shape.stays)) if shape.stays else alone
    present = world(plan, (*crowd(), *shape.stays, *shape.leaves))
    return Neighbours(shape, present, absent, len(present.persons ^ absent.persons))


def world(plan: EditionPlan, records: Iterable[Record]) -> World:
    """Return what the edition's queries sum to over these made-up records."""
    facts = MadeUpFacts(tuple(records))
    frame = plan.frame
    window = Window(
        plan.spec.edition,
        frame.first_day,
        frame.last_day,
        tuple(venue.slug for venue in frame.venues),
        epci=bool(frame.epcis),
    )
    who, visits = view(facts, facts.refs(), window, LIMITS, _ENGINE.open)
    frozen = pa.concat_tables(visits)
    queries = asked(plan)
    sums = sum_over([WHOLE], lambda part: part.of(frozen), LIMITS, queries, _ENGINE.open)
    exact = {vector.name: sums.run(query, vector).values for query, vector in queries}
    return World(sums, exact, _persons(who))


def gaps(pair: Neighbours) -> dict[str, NDArray[np.int64]]:
    """Return by vector what the two worlds differ by."""
    return {name: pair.present.exact[name] - pair.absent.exact[name] for name in pair.absent.exact}


def _persons(who: pa.Table) -> frozenset[frozenset[int]]:
    found: dict[int, set[int]] = {}
    pairs = zip(who["person_key"].to_pylist(), who["contribution_key"].to_pylist(), strict=True)
    for person, contribution in pairs:
        found.setdefault(person, set()).add(contribution)
    return frozenset(frozenset(each) for each in found.values())
