"""The core measures once more, in Ibis: the same sums on engines that are not DuckDB, such as Spark on many machines.

The tuned SQL of each measure stays the product's; here is the same meaning in a form that says nothing of an
engine, with the very constants that the measure binds (``Query.parameters``), so that nothing can drift apart but the
text. Neither an item packed in 64 bits nor an unsigned number is needed: Spark has none.

What bounds a person is the same: at most ``cap`` of her places, by her keyed order; weights by how many there are;
one sum of one term per person. The sensitivity argument of each measure holds word for word.

Nothing here draws or publishes: what comes out are exact vectors, for the vault's process alone.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from hub.measures.base import Parameter, Query

Rows = Any
"""A table of Ibis, which has no types of its own columns."""
Said = Mapping[str, Any]
"""The parameters of a query and of the relations that it needs."""

_PRIORITY_BITS: Final = 26  # that a packed item cuts off
_YEAR, _QUARTER, _MONTH = 365, 90, 30


def signed(visits: pa.Table) -> pa.Table:
    """Return a frozen view as every engine reads it: signed integers, and the part of the priority that orders.

    Persons are numbered anew, from 0: their number means nothing, and Spark holds no unsigned one.
    """
    persons = visits["person_key"].combine_chunks().dictionary_encode().indices.cast(pa.int64())
    order = pc.shift_right(visits["priority"], pa.scalar(_PRIORITY_BITS, pa.uint64()))
    columns = {"person_key": persons, "priority": order.cast(pa.int64())}
    for name in ("venue", "discipline", "event_day", "lead_days", "age", "distance"):
        columns[name] = visits[name].cast(pa.int64())
    return pa.table({**columns, "departement": visits["departement"].cast(pa.string())})


@dataclass
class Visits:
    """The visits of one edition on some engine, and what several vectors read of them, made once."""

    visit: Rows  # the relation that ``signed`` gives
    _kept: dict[str, Rows] = field(default_factory=dict)

    def vector(self, query: Query) -> Rows:
        """Return the rows (cell, value) of a query's vector, one per cell that is not empty.

        The query's parameters and those of what it needs are read; its SQL is not.

        Raises:
            KeyError: the vector has no portable form.
        """
        said: dict[str, Parameter] = {}
        for relation in query.needs:
            said |= relation.parameters
        terms = VECTORS[query.vector](self, {**said, **query.parameters})
        return terms.group_by("cell").aggregate(value=terms.weight.sum())

    def read(self, said: Said) -> Rows:
        """Return one row per person and place that is read: the day of her first visit, how many places she has."""
        key = json.dumps([said["place_of"], said["cap"]])
        if key not in self._kept:
            self._kept[key] = _read(self.visit, said).cache()
        return self._kept[key]


def _at(values: Sequence[int], place: Any) -> Any:
    """Return the entry of a list of public constants at a place counted from 0; Spark counts in 32 bits."""
    return ibis.literal(list(values), type="array<int64>")[place.cast("int32")]


def _read(visit: Rows, said: Said) -> Rows:
    placed = visit.mutate(place=_at(said["place_of"], visit.venue))
    each = placed.group_by("person_key", "place").aggregate(
        order=placed.priority.min(), day=placed.event_day.min(), came=placed.count()
    )
    hers = ibis.window(group_by="person_key")
    ranked = each.mutate(
        position=ibis.row_number().over(
            ibis.window(group_by="person_key", order_by=[each.order, each.place])
        ),
        places=each.place.count().over(hers),
        visits=each.came.sum().over(hers),
    )
    return ranked.filter(ranked.position < said["cap"])


def _persons(visits: Visits, said: Said) -> Rows:
    read = visits.read(said)
    return read.filter(read.position == 0)


def _weighed(visits: Visits, said: Said) -> Rows:
    read = visits.read(said)
    known = ibis.least(read.places, said["cap"])
    return read.mutate(weight=_at(said["weights"], known - 1))


def _place(visits: Visits, said: Said) -> Rows:
    read = _weighed(visits, said)
    return read.select(cell=read.place, weight=read.weight)


def _spread(visits: Visits, said: Said) -> Rows:
    persons = _persons(visits, said)
    few = ibis.least(persons.places, said["last"])
    return persons.select(cell=_at(said["class_of"], few - 1), weight=ibis.literal(1, "int64"))


def _correction(visits: Visits, said: Said) -> Rows:
    persons = _persons(visits, said)
    amount = _at(said["amounts"], ibis.least(persons.places, said["last"]) - 1)
    terms = persons.select(cell=ibis.literal(0, "int64"), weight=amount)
    return terms.filter(terms.weight > 0)


def _rungs(visits: Visits, said: Said) -> Rows:
    persons = _persons(visits, said)
    return persons.select(
        cell=ibis.least(persons.visits, said["top"]) - 1, weight=ibis.literal(1, "int64")
    )


def _extra(visits: Visits, said: Said) -> Rows:
    persons = _persons(visits, said)
    beyond = persons.filter(persons.visits > said["top"])
    return beyond.select(
        cell=ibis.literal(0, "int64"), weight=ibis.least(beyond.visits, said["most"]) - said["top"]
    )


def _met(visits: Visits, said: Said) -> Rows:
    """Return every two different places of a person, in both orders, with the days between."""
    read = _weighed(visits, said)
    one = read.select("person_key", "weight", a=read.place, since=read.day)
    other = read.select("person_key", b=read.place, until=read.day)
    both = one.join(other, "person_key")
    return both.filter(both.a != both.b).mutate(lag=both.until - both.since)


def _pairs(visits: Visits, said: Said) -> Rows:
    met = _met(visits, said)
    met = met.filter(met.a < met.b)
    before = met.a * (2 * len(said["before"]) - met.a - 1) // 2
    return met.select(cell=(before + met.b - met.a - 1).cast("int64"), weight=met.weight)


def _flows(visits: Visits, said: Said) -> Rows:
    met = _met(visits, said)
    met = met.filter(met.lag.between(1, _YEAR))
    window = ibis.cases((met.lag <= _MONTH, 0), (met.lag <= _QUARTER, 1), else_=2)
    order = met.a * (said["places"] - 1) + met.b - (met.b > met.a).cast("int64")
    return met.select(cell=(order * 3 + window).cast("int64"), weight=met.weight)


def _lead(visits: Visits, said: Said) -> Rows:
    visit = visits.visit
    placed = visit.mutate(kind=_at(said["position"], visit.discipline))
    known = placed.filter(
        (placed.lead_days >= 0)
        & (placed.age < said["ages"])
        & (placed.distance < said["distances"])
        & (placed.kind >= 0)
    )
    found = _at(said["bin_of"], ibis.least(known.lead_days, said["cap"]))
    segment = (known.age * said["distances"] + known.distance) * said["disciplines"] + known.kind
    cells = known.select("person_key", cell=segment * said["bins"] + found).distinct()
    held = cells.mutate(held=cells.cell.count().over(ibis.window(group_by="person_key")))
    return held.select("cell", weight=_at(said["weights"], held.held - 1))


def _homes(visits: Visits, said: Said) -> Rows:
    visit = visits.visit
    least = visit.group_by("person_key").aggregate(departement=visit.departement.min())
    codes = ibis.literal(list(said["departements"]), type="array<string>")
    at = codes.index(least.departement)
    home = ibis.ifelse(at >= 0, at, said["unknown"] - 1)
    read = _weighed(visits, said).join(least.select("person_key", home=home), "person_key")
    return read.select(
        cell=(read.place * said["homes"] + read.home).cast("int64"), weight=read.weight
    )


VECTORS: Final[Mapping[str, Callable[[Visits, Said], Rows]]] = {
    "reach-venue": _place,
    "reach-spread": _spread,
    "reach-slack": _correction,
    "reach-missing": _correction,
    "ladder-rungs": _rungs,
    "ladder-extra": _extra,
    "pairs-cell": _pairs,
    "pairs-slack": _correction,
    "pairs-missing": _correction,
    "flows-cell": _flows,
    "flows-slack": _correction,
    "lead-time-cell": _lead,
    "provenance-cell": _homes,
    "provenance-place": _place,
}
"""Reach, ladder, pairs, flows, lead times and provenance: what a large network waits for most."""
MEASURES: Final = ("reach", "ladder", "pairs", "flows", "lead-time", "provenance")
"""The measures whose every vector has a portable form."""
