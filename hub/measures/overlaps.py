"""Overlaps (Q15): of sets of places that the plan names, how many people came to any, and to all of them.

Question: combien de personnes distinctes ont fréquenté au moins un des lieux {A, B, C} ; et les trois ? /
How many distinct people came to at least one of the places {A, B, C}; and to all three?

Keys: each set that the edition names in the charter × the number of its places, from 1 to all; public.

Bounds and sensitivity, add or remove one person_key with all her rows, s sets named:
- ``overlaps-set``: for each set of which she visited h places, h ≥ 1, weight 1 in the one cell (set, h). So
  at most one cell a set, whatever she does: squared norm at most s. Nobody is clipped, no place is cut.

Noise: discrete Gaussian, the whole rho on one vector.

Estimand: distinct linked persons with consent to statistics, each counted once, uncapped. « Any » is the
sum over h, so that « all » is never above it. Sets that the plan does not name are not measured:
``hub cube overlap`` estimates them from the pairs, and says that it is a model.
"""

import math
from collections.abc import Mapping
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.errors import ConfigError
from hub.measures import overlaps_words as words
from hub.measures.base import Query
from hub.measures.frame import Frame
from hub.measures.reach import network_reach, place_figures
from hub.measures.tables import Row, holding, write
from hub.privacy.consistency import whole_number
from hub.privacy.intervals import amounts, around, sigma
from hub.privacy.values import Noised, VectorPlan

ANY: Final = "any"
ALL: Final = "all"
JOIN: Final = "+"
_MOST_LETTERS: Final = 120  # of a key

_CELL = """
SELECT person_key, ($starts[named + 1] + count(*) - 1)::INTEGER AS cell, 1 AS weight
FROM (SELECT DISTINCT person_key, $place_of[venue + 1] AS place FROM visit)
JOIN (SELECT unnest($sets) AS named, unnest($members) AS place) USING (place)
GROUP BY person_key, named
"""


def named_sets(frame: Frame) -> tuple[tuple[str, ...], ...]:
    """Return the sets, each once, their places in the frame's order.

    Raises:
        ConfigError: none is named, or one names a place twice, or what is not seen alone.
    """
    found = []
    for places in frame.overlaps:
        unknown = sorted(set(places).difference(frame.places))
        if unknown or len(set(places)) != len(places):
            raise ConfigError(
                "The edition names the set {places}; expected distinct places that are seen: {places_2}.",
                places=", ".join(places),
                places_2=", ".join(frame.places),
            )
        if len(JOIN.join(places)) > _MOST_LETTERS:
            raise ConfigError(
                "The names of {places} are too long together.", places=", ".join(places)
            )
        found.append(tuple(sorted(places, key=frame.places.index)))
    if not found:
        raise ConfigError("The edition names no set of places (overlaps). Name one, or drop it.")
    return tuple(dict.fromkeys(found))


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure; errors as ``named_sets``."""
    sets = named_sets(frame)
    keys = tuple((JOIN.join(s), str(h)) for s in sets for h in range(1, len(s) + 1))
    return (VectorPlan("overlaps-set", keys, 1, len(sets), spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    del plan
    sets = named_sets(frame)
    members = [(n, frame.places.index(place)) for n, s in enumerate(sets) for place in s]
    parameters: dict[str, int | list[int] | list[str]] = {
        "place_of": list(frame.place_of),
        "sets": [n for n, _ in members],
        "members": [place for _, place in members],
        "starts": [sum(len(s) for s in sets[:n]) for n in range(len(sets))],
    }
    return (Query("overlaps-set", _CELL, parameters),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return, for each set, the people who came to any and to all of its places."""
    cells = noised["overlaps-set"]
    counts, spread = amounts(cells), sigma(cells)
    most = network_reach(noised).value if "reach-spread" in noised else math.inf
    alone = _alone(noised, frame)
    rows: list[Row] = []
    start = 0
    for places in named_sets(frame):
        own = counts[start : start + len(places)]
        start += len(places)
        whole = around(float(own.sum()), spread * len(places) ** 0.5)
        every = around(float(own[-1]), spread)
        own_reach = [alone[place] for place in places if place in alone]
        together = sum(own_reach) if own_reach else math.inf
        anybody = min(max(whole_number(whole.value), *own_reach, 0), together, most)
        everybody = min(whole_number(every.value), *own_reach, anybody)
        name = JOIN.join(places)
        rows.append(((name, ANY), holding(anybody, whole)))
        rows.append(((name, ALL), holding(everybody, every)))
    return (write(words.OVERLAPS, rows),)


def _alone(noised: Mapping[str, Noised], frame: Frame) -> dict[str, float]:
    """Return each place's reach as published: any of a set is at least each, all of it at most each."""
    if "reach-venue" not in noised:
        return {}
    figures = place_figures(noised, frame)
    return {place: reach.value for place, reach in zip(frame.places, figures, strict=True)}
