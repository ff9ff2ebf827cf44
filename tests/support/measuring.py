"""Run a measure's queries as vault.scan does, and draw its noise as publish does, on a test's visits."""

from collections.abc import Mapping

import duckdb
import numpy as np
from numpy.typing import NDArray

from contracts.charter import MeasureSpec
from hub.measures.base import Query
from hub.measures.catalogue import MEASURES
from hub.measures.frame import Frame
from hub.privacy.noise import noise
from hub.privacy.values import Charge, Exact, Noised, VectorPlan


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


def plan_of(measure: str, frame: Frame, *, rho_micro: int = 20_000, delta_pico: int = 0):
    """Return the spec and the plan of a measure."""
    spec = MeasureSpec(measure=measure, rho_micro=rho_micro, delta_pico=delta_pico)
    return spec, MEASURES[measure].plan(spec, frame)


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
    answers = {}
    for vector, query in zip(plan, MEASURES[measure].queries(plan, frame), strict=True):
        prepare(connection, query)
        rows = connection.execute(query.sql, dict(query.parameters)).fetchall()
        answers[vector.name] = dense(rows, vector)
    return answers


def norms(
    connection: duckdb.DuckDBPyConnection, measure: str, frame: Frame, plan: tuple[VectorPlan, ...]
) -> dict[str, int]:
    """Return, per vector, the largest squared L2 norm of one person's term over everybody."""
    answers = {}
    for vector, query in zip(plan, MEASURES[measure].queries(plan, frame), strict=True):
        prepare(connection, query)
        found = connection.execute(query.norms_sql, dict(query.parameters)).fetchone()
        assert found is not None
        answers[vector.name] = int(found[0])
    return answers


def drawn(
    values: Mapping[str, NDArray[np.int64]], spec: MeasureSpec, plan: tuple[VectorPlan, ...]
) -> dict[str, Noised]:
    """Return the noised vectors of a measure."""
    charge = Charge("0" * 64, "edition", spec.measure, spec.rho_micro, spec.delta_pico)
    return {p.name: noise(Exact(p.name, values[p.name]), charge, p) for p in plan}
