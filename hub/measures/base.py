"""The shape of a measure: a plan of public constants, queries that sum over persons, a reading of noise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures.frame import Frame
from hub.privacy.values import Noised, VectorPlan

Parameter = int | list[int] | list[str]
"""A named parameter of a query: public constants of the frame, never a value from the data."""


@dataclass(frozen=True)
class Relation:
    """A table that several queries share: made once, before them, from ``visit``.

    Each of its rows is a function of one person's rows in ``visit`` and names her
    ``person_key``: so what one person changes stays hers.
    """

    name: str
    select: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def sql(self) -> str:
        """The statement that makes the table in memory; bind ``parameters``."""
        return f"CREATE TEMP TABLE {self.name} AS {self.select}"


@dataclass(frozen=True)
class Query:
    """What each person adds to one vector, and the fixed sum around it.

    ``contributions`` selects rows (person_key, cell, weight): cell is the position of a key in
    the plan, weight an integer in the plan's units. The sum over persons stands outside,
    written once here, so that a query cannot be anything but a sum of one term per person, and
    the L2 norm of each term can be checked in SQL over everybody.
    """

    vector: str
    contributions: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    needs: tuple[Relation, ...] = ()

    @property
    def sql(self) -> str:
        """The statement to run: rows (cell INTEGER, value BIGINT), one per cell that is not empty."""
        return (
            "SELECT cell, sum(weight)::BIGINT AS value FROM "  # noqa: S608 — our text, bound values
            f"({self.contributions}) GROUP BY cell"
        )

    @property
    def norms_sql(self) -> str:
        """The check of the sensitivity: the largest squared L2 norm of one person's term."""
        return (
            "SELECT coalesce(max(norm), 0)::BIGINT FROM (SELECT sum(weight * weight) AS norm FROM "  # noqa: S608
            "(SELECT person_key, cell, sum(weight)::HUGEINT AS weight FROM "
            f"({self.contributions}) GROUP BY person_key, cell) GROUP BY person_key)"
        )


class Measure(Protocol):
    """A statistic of the catalogue; a module with these three functions is one."""

    def plan(self, spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
        """Return the vectors that will be drawn, from public constants only.

        Raises:
            ConfigError: the measure has no meaning in this network (one place has no pairs).
        """
        ...

    def queries(self, plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
        """Return one query per vector of the plan, in its order."""
        ...

    def read(self, noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
        """Return the tables that people read: post-processing of noisy values alone.

        Args:
            noised: by vector name, this measure's vectors and those of the measures that the
                edition drew before it; from those a measure takes consistency (the ladder sums
                to the reach, an overlap is at most either reach), at no cost.
            frame: the public facts.
        """
        ...
