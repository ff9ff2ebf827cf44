"""What reach, pairs and flows share: vectors clipped by weight, and the way back to whole persons."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from hub.measures.base import Query, Relation
from hub.privacy.bound import UNIT_MILLI, Clip
from hub.privacy.intervals import Z95, Floats, Interval, amounts, sigma
from hub.privacy.values import Noised, VectorPlan

_WHOLE = (("all",),)

_ONE_PER_PERSON = """
SELECT person_key, 0 AS cell, $amounts[least(places, $last)] AS weight
FROM bounded WHERE $amounts[least(places, $last)] > 0
"""


def correction_plan(name: str, per_person: tuple[int, ...], rho_micro: int) -> VectorPlan:
    """Return the plan of one number to which a person adds an entry of *per_person*."""
    return VectorPlan(
        name=name,
        keys=_WHOLE,
        unit_milli=UNIT_MILLI,
        l2_sensitivity_squared=max(per_person) ** 2,
        rho_micro=rho_micro,
    )


def correction_query(name: str, per_person: tuple[int, ...], relation: Relation) -> Query:
    """Return its query: one term per person, looked up by her number of places."""
    return Query(
        vector=name,
        contributions=_ONE_PER_PERSON,
        parameters={"amounts": list(per_person), "last": len(per_person)},
        needs=(relation,),
    )


@dataclass(frozen=True)
class Correction:
    """What clipping took, as far as the noisy corrections tell, in persons."""

    slack: float  # at most so much from any one cell
    slack_sigma: float
    factor: float  # whole over clipped, on the whole vector

    def interval(self, clipped: float, spread: float) -> Interval:
        """Return the interval of the unclipped cell.

        The truth lies between the clipped sum and that sum plus the slack, for each person
        lacks in one cell at most what she adds to the slack. So the low end is that of the
        clipped sum, and the high end that of the sum of both, whose noise adds in squares.
        """
        low = max(clipped - Z95 * spread, 0.0)
        both = math.hypot(spread, self.slack_sigma)
        high = max(clipped + max(self.slack, 0.0) + Z95 * both, 0.0)
        return Interval(min(max(clipped * self.factor, low), high), low, high)


def correction(noised: Mapping[str, Noised], measure: str, clipped: Floats) -> Correction:
    """Return the correction of a measure; none when its plan holds no such vectors."""
    slack = noised.get(f"{measure}-slack")
    missing = noised.get(f"{measure}-missing")
    factor = 1.0
    if missing is not None:
        factor += max(float(amounts(missing)[0]), 0.0) / max(float(clipped.sum()), 1.0)
    if slack is None:
        return Correction(0.0, 0.0, factor)
    return Correction(float(amounts(slack)[0]), sigma(slack), factor)


def clip_of(cells: tuple[int, ...], room: int, *, beyond: bool, most_missing: int) -> Clip:
    """Return the clip of a measure, with at most the room that its cells can fill."""
    return Clip(min(room, cells[-1]), cells, beyond, most_missing)
