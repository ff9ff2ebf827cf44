"""What reach, pairs and flows share: vectors clipped by weight, and the way back to whole persons."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from hub.measures.base import Query, Relation
from hub.privacy.bound import UNIT_MILLI, Clip
from hub.privacy.intervals import Z95, Z9875, Floats, Interval, amounts, around, sigma
from hub.privacy.values import Noised, VectorPlan

_WHOLE = (("all",),)

_ONE_PER_PERSON = """
SELECT person_key, 0 AS cell, $amounts[least(places, $last)] AS weight
FROM {relation} WHERE $amounts[least(places, $last)] > 0
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
        contributions=_ONE_PER_PERSON.format(relation=relation.name),
        parameters={"amounts": list(per_person), "last": len(per_person)},
        needs=(relation,),
    )


@dataclass(frozen=True)
class Correction:
    """What clipping took, as far as the noisy corrections tell, in persons."""

    slack: float  # at most so much from any one cell
    slack_sigma: float
    factor: float  # whole over clipped, on the whole vector
    least_weight: float  # no person in a cell weighs less; 0 when some places are not read

    def interval(self, clipped: float, spread: float) -> Interval:
        """Return the interval of the unclipped cell.

        The truth is at least the clipped sum. It is at most that sum plus the slack, for each
        person lacks in one cell at most what she adds to the slack; the noise of both adds in
        squares. And it is at most that sum over the least weight. The low end fails in 2.5 % of
        draws; each high end, at Z9875, in 1.25 %, so that the lesser of the two may be taken.
        """
        low = max(clipped - Z95 * spread, 0.0)
        if self.slack_sigma == 0:
            return around(clipped, spread)
        both = math.hypot(spread, self.slack_sigma)
        high = clipped + max(self.slack, 0.0) + Z9875 * both
        if self.least_weight > 0:
            high = min(high, max(clipped + Z9875 * spread, 0.0) / self.least_weight)
        high = max(high, low)
        return Interval(min(max(clipped * self.factor, low), high), low, high)


def correction(
    noised: Mapping[str, Noised], measure: str, clipped: Floats, clip: Clip
) -> Correction:
    """Return the correction of a measure; none when its plan holds no such vectors.

    What is missing counts only where noise cannot have made it, and never for more than the
    least weight allows: a factor made of noise would spoil every figure.
    """
    least = min(clip.weights) / UNIT_MILLI
    read_all = 0.0 if clip.beyond else least
    slack = noised.get(f"{measure}-slack")
    if slack is None:
        return Correction(0.0, 0.0, 1.0, read_all)
    factor = 1.0
    missing = noised.get(f"{measure}-missing")
    if missing is not None and amounts(missing)[0] > Z95 * sigma(missing):
        factor += float(amounts(missing)[0]) / max(float(clipped.sum()), 1.0)
    return Correction(float(amounts(slack)[0]), sigma(slack), min(factor, 1 / least), read_all)


def clip_of(cells: tuple[int, ...], room: int, *, beyond: bool, most_missing: int) -> Clip:
    """Return the clip of a measure, with at most the room that its cells can fill."""
    return Clip(min(room, cells[-1]), cells, beyond, most_missing)
