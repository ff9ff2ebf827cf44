"""What an edition will draw and cost, from the charter alone: nothing is read, nothing is charged."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contracts.base import Instant, canonical, digest
from contracts.charter import Charter, EditionSpec, MeasureSpec
from contracts.charter_check import seasons_read
from contracts.order import Order, Request
from hub.errors import ConfigError
from hub.measures.base import Measure
from hub.measures.catalogue import MEASURES, OF_BOTH_SEASONS
from hub.measures.frame import Frame, Operation, frame_of
from hub.measures.seasons import for_one_season, seasons_of
from hub.privacy.budget import check_covered
from hub.privacy.intervals import half_width
from hub.privacy.values import VectorPlan


@dataclass(frozen=True)
class PlannedMeasure:
    """One paid measure and the vectors that its charge is split into."""

    spec: MeasureSpec
    measure: Measure
    vectors: tuple[VectorPlan, ...]

    def request_sha256(self, plan: "EditionPlan") -> str:
        """Return the digest of all that decides this release: one key never pays for two of them."""
        vectors = [
            {**dataclasses.asdict(v), "keys": [list(k) for k in v.keys]} for v in self.vectors
        ]
        body = {
            "edition": plan.spec.model_dump(mode="json"),
            "charter_bounds": plan.charter.bounds.model_dump(mode="json"),
            "measure": self.spec.model_dump(mode="json"),
            "vectors": vectors,
        }
        return digest(canonical(body))


@dataclass(frozen=True)
class EditionPlan:
    """An edition before anything is charged."""

    charter: Charter
    spec: EditionSpec
    frame: Frame
    seasons: tuple[str, ...]
    measures: tuple[PlannedMeasure, ...]


@dataclass(frozen=True)
class PlanLine:
    """One vector of the plan as people read it."""

    measure: str
    vector: str
    cells: int
    rho_micro: int
    delta_pico: int
    half_width: float  # ± of the 95 % noise interval of a cell, in persons or visits


def operations_of(
    orders: Iterable[Order], spec: EditionSpec, until: Instant
) -> tuple[Operation, ...]:
    """Return the operations that an edition measures: requests whose whole campaign lies in its window.

    Args:
        orders: signed by the hub and measured, of any house.
        spec: the edition.
        until: orders issued later do not count, so that a publication taken up again measures the same ones.
    """
    houses: dict[str, dict[str, Request]] = {}
    for order in orders:
        asked = order.request
        inside = spec.first_day <= asked.first_day and asked.last_day <= spec.last_day
        if inside and order.issued_at <= until:
            houses.setdefault(asked.request, {})[order.venue] = asked
    found = []
    for request, answers in sorted(houses.items()):
        one = answers[min(answers)]
        first, last = map(dt.date.fromisoformat, (one.first_day, one.last_day))
        found.append(Operation(request, one.partner, first, last, tuple(sorted(answers))))
    return tuple(found)


def plan_edition(
    charter: Charter, edition: str, operations: Iterable[Operation] = ()
) -> EditionPlan:
    """Return the plan of one edition of the charter, with the operations that it measures.

    Raises:
        ConfigError: the charter has no such edition, or names a measure that does not exist.
        SensitivityBroken: the vectors of a measure would cost more than its charge.
    """
    spec = next((e for e in charter.editions if e.edition == edition), None)
    if spec is None:
        known = ", ".join(e.edition for e in charter.editions) or "none"
        raise ConfigError(
            "The charter plans no edition {edition}. It plans: {known}.",
            edition=edition,
            known=known,
        )
    frame = frame_of(charter, spec, operations)
    return EditionPlan(
        charter=charter,
        spec=spec,
        frame=frame,
        seasons=seasons_read(spec),
        measures=plan_measures(spec.measures, frame),
    )


def plan_measures(specs: Iterable[MeasureSpec], frame: Frame) -> tuple[PlannedMeasure, ...]:
    """Return the plan of each measure, in their order; one that has nothing to measure is left out, unpaid.

    Raises:
        ConfigError: a measure does not exist, or means nothing in this network.
        SensitivityBroken: the vectors of a measure would cost more than its charge.
    """
    planned = (_planned(spec, frame) for spec in specs)
    return tuple(each for each in planned if each.vectors)


def lines(plan: EditionPlan) -> Iterator[PlanLine]:
    """Yield the price and the expected half-width of each vector."""
    for planned in plan.measures:
        for vector in planned.vectors:
            yield PlanLine(
                measure=planned.spec.measure,
                vector=vector.name,
                cells=len(vector.keys),
                rho_micro=vector.rho_micro,
                delta_pico=vector.delta_pico,
                half_width=half_width(vector),
            )


def _planned(spec: MeasureSpec, frame: Frame) -> PlannedMeasure:
    measure = MEASURES.get(spec.measure)
    if measure is None:
        raise ConfigError(
            "The charter plans the measure {measure}, which this hub does not know. It knows: {measures}.",
            measure=spec.measure,
            measures=", ".join(MEASURES),
        )
    apart = 1 if spec.measure in OF_BOTH_SEASONS else len(seasons_of(frame))
    vectors = tuple(for_one_season(vector, apart) for vector in measure.plan(spec, frame))
    check_covered(vectors, rho_micro=spec.rho_micro, delta_pico=spec.delta_pico)
    return PlannedMeasure(spec=spec, measure=measure, vectors=vectors)
