"""Runs the queries of measures over a frozen view: the only place where exact values are made."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, Protocol

import duckdb
import numpy as np
import pyarrow as pa

from contracts.tags import NOTHING_SAID
from contracts.visit import EPCI, Channel, PartyBand, YesNo
from hub.errors import HubError
from hub.privacy.values import Exact, VectorPlan
from hub.vault.engine import Limits, Opener, open_engine
from hub.vault.fields import ABSENT
from hub.vault.parts import Part, over, parts_for
from hub.vault.snapshot import Snapshot, frozen_rows, read_frozen
from hub.vault.vault import Vault

_VISIT: Final = {
    "person_key": "UBIGINT", "venue": "USMALLINT", "discipline": "USMALLINT", "event_day": "INTEGER",
    "lead_days": "SMALLINT", "age": "UTINYINT", "distance": "UTINYINT", "departement": "VARCHAR",
    "priority": "UBIGINT", "channel": "UTINYINT", "first_time": "UTINYINT", "country": "VARCHAR",
    "qpv": "UTINYINT", "satisfaction": "UTINYINT", "party": "UTINYINT", "tags": "BIGINT", EPCI: "VARCHAR",
}  # fmt: skip
_ACTIVATION: Final = {
    "person_key": "UBIGINT", "venue": "USMALLINT", "operation": "USMALLINT", "arm": "UTINYINT",
    "event_day": "INTEGER", "priority": "UBIGINT",
}  # fmt: skip
_ALWAYS: Final = frozenset({"person_key", "arm"})
"""What tells people and the two relations apart, whatever is asked."""
COLUMNS: Final = frozenset(_VISIT) | frozenset(_ACTIVATION)
"""Of a frozen view."""
_LATER: Final = {
    "channel": pa.scalar(list(Channel).index(Channel.OTHER), pa.uint8()),
    "first_time": pa.scalar(list(YesNo).index(YesNo.UNKNOWN), pa.uint8()),
    "country": pa.scalar("", pa.string()),
    "qpv": pa.scalar(list(YesNo).index(YesNo.UNKNOWN), pa.uint8()),
    "satisfaction": pa.scalar(ABSENT, pa.uint8()),
    "party": pa.scalar(list(PartyBand).index(PartyBand.UNKNOWN), pa.uint8()),
    "tags": pa.scalar(NOTHING_SAID, pa.int64()),
    EPCI: pa.scalar("", pa.string()),
    "operation": pa.scalar(None, pa.uint16()),
    "arm": pa.scalar(None, pa.uint8()),
}
"""Columns that a view frozen by an earlier version lacks, and what says nothing in them: no measure
of an edition planned then reads them."""
_WORD: Final = re.compile(r"\w+")


class QueryFailed(HubError):
    """A query gave what its plan does not hold, or failed; says which vector, never a value."""


class _Relation(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def sql(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...


class _Query(Protocol):
    """What ``hub.measures.base.Query`` is: SQL for rows (cell, value) and the tables it needs."""

    @property
    def vector(self) -> str: ...
    @property
    def sql(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...
    @property
    def needs(self) -> Sequence[_Relation]: ...


Asked = Sequence[tuple[_Query, VectorPlan]]


def columns_of(asked: Asked) -> frozenset[str]:
    """Return the columns that these queries name: the others are not even decoded.

    A column that is only a word of a text is read for nothing, which changes no sum; one that is read is named.
    """
    texts = [query.sql for query, _ in asked]
    texts += [relation.sql for query, _ in asked for relation in query.needs]
    return _ALWAYS | (COLUMNS & {word for text in texts for word in _WORD.findall(text)})


class Relations:
    """The ``visit`` and ``activation`` relations of one frozen view, and what queries made from them."""

    def __init__(self, engine: duckdb.DuckDBPyConnection) -> None:
        self._engine = engine
        self._made: set[str] = set()

    def run(self, query: _Query, plan: VectorPlan) -> Exact:
        """Return the exact vector of *plan*, zeros included.

        Raises:
            QueryFailed: the query is of another vector, fails, or gives cells outside the plan.
        """
        if query.vector != plan.name:
            raise QueryFailed(f"The query of {query.vector} cannot fill the vector {plan.name}.")
        try:
            for relation in query.needs:
                if relation.name not in self._made:
                    self._engine.execute(relation.sql, dict(relation.parameters))
                    self._made.add(relation.name)
            found = self._engine.execute(query.sql, dict(query.parameters)).fetchnumpy()
        except duckdb.OutOfMemoryException:
            raise  # open_engine says so
        except duckdb.Error as error:
            # `from None`: an engine's message may quote a value.
            raise QueryFailed(
                f"The query of vector {plan.name} failed ({type(error).__name__}); nothing was drawn."
            ) from None
        cells, values = list(found.values())[:2]
        return Exact(plan.name, _dense(cells, values, plan))

    def forget(self, names: Iterable[str]) -> None:
        """Give back the memory of relations that no later query needs; one that is needed is made anew."""
        for name in self._made & set(names):
            self._engine.execute(f"DROP TABLE {name}")
            self._made.discard(name)


class Sums:
    """The exact vectors of queries that were known beforehand, summed over parts of the people."""

    def __init__(self, asked: Asked) -> None:
        self._asked = {plan.name: (query, plan) for query, plan in asked}
        self._sums = {name: np.zeros(len(p.keys), np.int64) for name, (_, p) in self._asked.items()}

    def of(self, relations: Relations) -> list[Exact]:
        """Return what one part of the people adds to each vector; raises as ``Relations.run`` does."""
        last = {each.name: name for name, (query, _) in self._asked.items() for each in query.needs}
        terms = []
        for name, (query, plan) in self._asked.items():
            terms.append(relations.run(query, plan))
            relations.forget(each.name for each in query.needs if last[each.name] == name)
        return terms

    def add(self, terms: list[Exact]) -> None:
        """Add what one part adds."""
        for term in terms:
            self._sums[term.name] += term.values

    def run(self, query: _Query, plan: VectorPlan) -> Exact:
        """Return the exact vector of *plan*, zeros included.

        Raises:
            QueryFailed: another query was announced under that name, or none.
        """
        if self._asked.get(plan.name) != (query, plan):
            raise QueryFailed(f"The vector {plan.name} was not announced so; nothing was drawn.")
        return Exact(plan.name, self._sums[plan.name])


@contextmanager
def scan(
    vault: Vault, snapshot: Snapshot, limits: Limits, asked: Asked = ()
) -> Iterator[Relations | Sums]:
    """Give the relations of a frozen view, in memory, until the end of the block.

    Args:
        vault: where the view is frozen.
        snapshot: the view.
        limits: of memory and threads.
        asked: every query that will be run. Where they are known, the people are read part by part when the view
            does not fit in memory at once; the sums are the same.

    Raises:
        StateConflict: the frozen view cannot be read.
        VaultUnavailable: the vault database does not answer.
        QueryFailed: a query failed.
        MemoryRanOut: the view does not fit, and no query was announced.
    """
    if asked:
        parts = parts_for(frozen_rows(vault, snapshot), limits)
        read = partial(read_frozen, vault, snapshot, columns=columns_of(asked))
        yield sum_over(parts, read, limits, asked)
        return
    with relations_of(read_frozen(vault, snapshot), limits) as relations:
        yield relations


def sum_over(
    parts: list[Part],
    read: Callable[[Part], pa.Table],
    limits: Limits,
    asked: Asked,
    opener: Opener = open_engine,
) -> Sums:
    """Return the sums of the announced queries, made from the visits that *read* gives for each part.

    Raises:
        QueryFailed: a query failed.
        MemoryRanOut: not even a handful of people fits.
    """
    sums, columns = Sums(asked), columns_of(asked)

    def terms(part: Part) -> list[Exact]:
        with relations_of(read(part), limits, opener, columns) as relations:
            return sums.of(relations)

    for found in over(parts, terms):
        sums.add(found)
    return sums


@contextmanager
def relations_of(
    frozen: pa.Table,
    limits: Limits,
    opener: Opener = open_engine,
    columns: frozenset[str] = COLUMNS,
) -> Iterator[Relations]:
    """Give the relations of these visits, of some columns; raises MemoryRanOut when they do not fit."""
    with opener(limits) as engine:
        engine.register("frozen", _completed(frozen, columns))
        engine.execute(_table("visit", _VISIT, columns, "arm IS NULL"))
        engine.execute(_table("activation", _ACTIVATION, columns, "arm IS NOT NULL"))
        engine.unregister("frozen")
        del frozen
        yield Relations(engine)


def _table(name: str, types: Mapping[str, str], columns: frozenset[str], where: str) -> str:
    chosen = ", ".join(f"{each}::{type_} AS {each}" for each, type_ in types.items() if each in columns)  # fmt: skip
    return f"CREATE TABLE {name} AS SELECT {chosen} FROM frozen WHERE {where}"  # noqa: S608 — our own names


def _completed(frozen: pa.Table, columns: frozenset[str]) -> pa.Table:
    for name, silent in _LATER.items():
        if name in columns and name not in frozen.column_names:
            frozen = frozen.append_column(name, pa.repeat(silent, frozen.num_rows))
    return frozen


def _dense(cells: Any, values: Any, plan: VectorPlan) -> Any:
    size = len(plan.keys)
    places = np.asarray(cells).astype(np.int64)
    inside = bool(((places >= 0) & (places < size)).all())
    inside &= not (
        np.ma.is_masked(cells) or np.ma.is_masked(values)
    )  # a NULL is no cell and no sum
    if not inside or len(np.unique(places)) != len(places):
        raise QueryFailed(f"The query of vector {plan.name} gave cells outside the plan's keys.")
    dense = np.zeros(size, np.int64)
    dense[places] = np.asarray(values).astype(np.int64)
    return dense
