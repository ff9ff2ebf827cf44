"""Run a measure's queries as vault.scan does, and draw its noise as publish does, on a test's visits."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from contracts.charter import MeasureSpec
from contracts.scopes import OF_AUDIENCES
from contracts.season import season_of
from contracts.visit import BY_EPCI
from hub.measures.base import Query
from hub.measures.catalogue import MEASURES, OVER_TWO_SEASONS
from hub.measures.frame import Frame
from hub.privacy.budget import MICRO, sigma_micro
from hub.privacy.charge import Charge
from hub.privacy.noise import noise
from hub.privacy.values import Exact, Noised, VectorPlan
from tests.support import town


def dense(rows: list[tuple[int, int]], plan: VectorPlan) -> NDArray[np.int64]:
    """Return the whole vector of the plan, zeros included, from a query's rows.

    Raises:
        ValueError: a cell is not one of the plan's keys, or comes twice.
    """
    values = np.zeros(len(plan.keys), dtype=np.int64)
    cells = [cell for cell, _ in rows]
    if len(set(cells)) != len(cells) or any(not 0 <= cell < len(values) for cell in cells):
        raise ValueError(f"vector {plan.name}: a query gave cells outside the plan's keys")
    for cell, value in rows:
        values[cell] = value
    return values


def suited(measure: str, frame: Frame) -> Frame:
    """Return the frame, widened to two seasons for a measure that follows people from one to the next.

    For a measure of partners' requests, the frame with three of them; for that of intercommunalités, with some.
    """
    if measure == BY_EPCI and not frame.epcis:
        return replace(frame, epcis=town.EPCIS)
    if measure in OF_AUDIENCES:
        return town.with_operations(frame)
    if measure not in OVER_TWO_SEASONS:
        return frame
    last = frame.first_day.replace(year=frame.first_day.year + 2) - dt.timedelta(days=1)
    return replace(frame, season=season_of(last), last_day=last)


def plan_of(measure: str, frame: Frame, *, rho_micro: int = 20_000, delta_pico: int = 0):
    """Return the spec and the plan of a measure, over a frame that is wide enough for it."""
    spec = MeasureSpec(measure=measure, rho_micro=rho_micro, delta_pico=delta_pico)
    return spec, MEASURES[measure].plan(spec, suited(measure, frame))


def prepare(connection: duckdb.DuckDBPyConnection, query: Query) -> None:
    """Make the relations that the query needs and that are not there yet."""
    for relation in query.needs:
        known = connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [relation.name]
        ).fetchone()
        if known == (0,):
            connection.execute(relation.sql, dict(relation.parameters))


def exact(
    connection: duckdb.DuckDBPyConnection, measure: str, frame: Frame, plan: tuple[VectorPlan, ...]
) -> dict[str, NDArray[np.int64]]:
    """Return the exact vectors of a measure."""
    queries = MEASURES[measure].queries(plan, suited(measure, frame))
    return {p.name: value(connection, q, p) for p, q in zip(plan, queries, strict=True)}


def drawn(
    values: Mapping[str, NDArray[np.int64]],
    spec: MeasureSpec,
    plan: tuple[VectorPlan, ...],
    rng: np.random.Generator | None = None,
) -> dict[str, Noised]:
    """Return the noised vectors of a measure.

    With a generator, rounded Gaussian noise of the same scale, from its seed: for tests of what is read, which
    one draw in twenty may miss; the noise that publishes has no seed.
    """
    if rng is not None:
        return {p.name: seeded(values[p.name], p, rng) for p in plan}
    charge = Charge("0" * 64, "edition", spec.measure, spec.rho_micro, spec.delta_pico)
    return {p.name: noise(Exact(p.name, values[p.name]), charge, p) for p in plan}


def seeded(values: NDArray[np.int64], plan: VectorPlan, rng: np.random.Generator) -> Noised:
    """Return a vector with rounded Gaussian noise of the planned scale; a threshold keeps what passes it."""
    spread = sigma_micro(plan.l2_sensitivity_squared, plan.rho_micro)
    noisy = values + np.rint(rng.normal(0, spread / MICRO, len(values))).astype(np.int64)
    if plan.threshold is None:
        return Noised(plan, spread, noisy)
    kept = np.flatnonzero((values != 0) & (noisy >= plan.threshold))
    return Noised(replace(plan, keys=tuple(plan.keys[i] for i in kept)), spread, noisy[kept])


def value(
    connection: duckdb.DuckDBPyConnection, query: Query, plan: VectorPlan
) -> NDArray[np.int64]:
    """Return the exact vector of one query."""
    prepare(connection, query)
    return dense(connection.execute(query.sql, dict(query.parameters)).fetchall(), plan)


def norm(connection: duckdb.DuckDBPyConnection, query: Query) -> int:
    """Return the largest squared L2 norm of one person's term, over everybody."""
    prepare(connection, query)
    found = connection.execute(query.norms_sql, dict(query.parameters)).fetchone()
    assert found is not None
    return int(found[0])


def least_weight(connection: duckdb.DuckDBPyConnection, query: Query) -> int:
    """Return the least weight of a person in a cell: none may be negative, seasons stand on it."""
    prepare(connection, query)
    text = f"SELECT coalesce(min(weight), 0) FROM ({query.contributions})"
    found = connection.execute(text, dict(query.parameters)).fetchone()
    assert found is not None
    return int(found[0])


def worst_season(visits: pa.Table, query: Query, turn: int) -> int:
    """Return the largest squared L2 distance by which one season of anybody moves her term.

    Args:
        visits: of two seasons.
        query: what each person adds.
        turn: the first day of the later season.
    """
    days = visits["event_day"].to_numpy()
    worlds = [visits, visits.filter(pa.array(days >= turn)), visits.filter(pa.array(days < turn))]
    terms = []
    for world in worlds:
        with town.opened(world) as connection:
            prepare(connection, query)
            text = f"SELECT person_key, cell, weight FROM ({query.contributions})"
            found = connection.sql(text, params=dict(query.parameters)).to_arrow_table()
            terms.append(found)
    whole, *rests = terms
    worst = 0
    for rest in rests:
        with duckdb.connect() as connection:
            connection.register("whole", whole)
            connection.register("rest", rest)
            square = connection.execute(_DISTANCE).fetchone()
            worst = max(worst, int(square[0]) if square else 0)
    return worst


_DISTANCE = """
SELECT coalesce(max(square), 0) FROM (
    SELECT sum(weight * weight) AS square FROM (
        SELECT person_key, cell, sum(weight)::HUGEINT AS weight FROM (
            SELECT person_key, cell, weight FROM whole
            UNION ALL SELECT person_key, cell, -weight FROM rest)
        GROUP BY person_key, cell)
    GROUP BY person_key)
"""


def heaviest(visits: pa.Table, count: int) -> list[int]:
    """Return the person keys with most rows, then as many others in a fixed order."""
    keys, rows = np.unique(visits["person_key"].to_numpy(), return_counts=True)
    ranked = keys[np.argsort(-rows, kind="stable")]
    return [int(key) for key in (*ranked[:count], *ranked[count :: max(1, len(ranked) // count)])]


def without(visits: pa.Table, person: int) -> pa.Table:
    """Return the visits of everybody else."""
    return visits.filter(pc.not_equal(visits["person_key"], pa.scalar(person, pa.uint64())))


def worst_move(visits: pa.Table, query: Query, plan: VectorPlan, persons: list[int]) -> int:
    """Return the largest squared L2 distance by which the whole vector moves when one person leaves."""
    with town.opened(visits) as connection:
        everybody = value(connection, query, plan)
    moves = []
    for person in persons:
        with town.opened(without(visits, person)) as connection:
            moved = (everybody - value(connection, query, plan)).astype(object)
            moves.append(int((moved * moved).sum()))
    return max(moves)


def breaks(visits: pa.Table, query: Query, plan: VectorPlan, persons: list[int]) -> bool:
    """Return whether one person moves the vector by more than its plan claims."""
    with town.opened(visits) as connection:
        norms = norm(connection, query)
    claimed = plan.l2_sensitivity_squared
    return norms > claimed or worst_move(visits, query, plan, persons) > claimed
