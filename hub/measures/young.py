"""Young public (Q25): what share of the audience is 18 to 25, in each place and in the network.

Question: quelle part de 18-25 ans dans chaque lieu et dans le réseau ? / What share of 18-25s in each
place and in the network?

Keys: places of the frame × young, older, unknown; the same three classes for the network. Public.

Bounds and sensitivity, add or remove one person_key with all her rows, m places read (at most 32), one
class (by the least of her age bands, so hers alone), weight w = ⌊1000·min(1, √(k/m))⌋,
k = ``bounds.venues``:
- ``young-place``: w in each of m distinct cells. Squared norm m·w² ≤ k·10⁶.
- ``young-network``: 1 in exactly one of three cells. Squared norm 1.
Nobody else's weight moves, for m is hers alone.

Noise: discrete Gaussian on each vector, rho shared 85/15.

Estimand: share of distinct linked persons with consent to statistics whose age is known; in a place,
whoever goes to more than k places weighs less. How many ages are known is a table beside it.
"""

from collections.abc import Mapping
from itertools import product
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from contracts.visit import AgeBand
from hub.measures import young_words as words
from hub.measures.base import Parameter, Query, Relation
from hub.measures.frame import Frame
from hub.measures.reach import clip
from hub.measures.relations import bounded
from hub.measures.shares import share
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.budget import split
from hub.privacy.intervals import amounts, sigma
from hub.privacy.values import Noised, VectorPlan

CLASSES: Final = ("18-25", "older", "unknown")
YOUNG, OLDER, UNKNOWN = range(3)
NETWORK: Final = "network"

_SHARES = (85, 15)
_CLASS_OF: Final = [
    {AgeBand.A18: YOUNG, AgeBand.UNKNOWN: UNKNOWN}.get(band, OLDER) for band in AgeBand
]
_AGE = "SELECT person_key, $class_of[min(age) + 1] AS class FROM visit GROUP BY person_key"
_PLACE = """
SELECT person_key, (((item >> 16) & 1023)::INTEGER * $classes + class)::INTEGER AS cell, weight
FROM (SELECT person_key, unnest(items) AS item, class, $weights[len(items)] AS weight
      FROM bounded JOIN age_class USING (person_key))
"""
_NETWORK = "SELECT person_key, class AS cell, 1 AS weight FROM age_class"


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the two vectors: by place, and of the network."""
    place, network = split(spec.rho_micro, _SHARES)
    keys = tuple(product(frame.places, CLASSES))
    return (
        VectorPlan("young-place", keys, UNIT_MILLI, clip(frame).l2_squared, place),
        VectorPlan("young-network", tuple((name,) for name in CLASSES), 1, 1, network),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    del plan
    ages = Relation("age_class", _AGE, {"class_of": _CLASS_OF})
    parameters: dict[str, Parameter] = {
        "weights": list(clip(frame).weights),
        "classes": len(CLASSES),
    }
    return (
        Query("young-place", _PLACE, parameters, (bounded(frame), ages)),
        Query("young-network", _NETWORK, {}, (ages,)),
    )


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the share of the young, of the network and of each place, and of ages that are known."""
    place, network = noised["young-place"], noised["young-network"]
    counts = amounts(place).reshape(-1, len(CLASSES))
    whole, spread = amounts(network), (sigma(place), sigma(network))
    known: list[Row] = [((NETWORK,), share(whole, spread[1], (YOUNG, OLDER), range(3)))]
    young: list[Row] = []
    for slug, own in zip(frame.places, counts, strict=True):
        young.append(((slug,), share(own, spread[0], (YOUNG,), (YOUNG, OLDER))))
        known.append(((slug,), share(own, spread[0], (YOUNG, OLDER), range(3))))
    everybody = share(whole, spread[1], (YOUNG,), (YOUNG, OLDER))
    return (
        write(words.NETWORK, [((NETWORK,), everybody)]),
        write(words.PLACES, young),
        write(words.KNOWN, known),
    )
