"""Priority districts (Q27): what share of audiences lives in a « quartier prioritaire de la ville ».

Question: quelle part des publics habite en quartier prioritaire (QPV), comparée à la part d'habitants ? /
What share of the audience lives in a priority district, compared with the share of inhabitants? (Repère :
environ 8 % des habitants en France, Insee.)

Keys: places of the frame × in a district, out of any, unknown; the same three for the network; public. The
venue's agent says in or out, from the address that it keeps; the address never leaves.

Bounds and sensitivity, add or remove one person_key with all her rows, m places read (at most 32), one
class (in before out before unknown over her rows, hers alone), weight w = ⌊1000·min(1, √(k/m))⌋,
k = ``bounds.venues``:
- ``qpv-place``: w in each of m distinct cells. Squared norm m·w² ≤ k·10⁶.
- ``qpv-network``: 1 in exactly one of three cells. Squared norm 1.
Nobody else's weight moves, for m is hers alone.

Noise: discrete Gaussian on each vector, rho shared 85/15.

Estimand: share of distinct linked persons with consent to statistics of whom it is known; in a place,
whoever goes to more than k places weighs less. Of how many it is known is a table beside it.
"""

from collections.abc import Mapping
from itertools import product
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures import qpv_words as words
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

CLASSES: Final = ("in", "out", "unknown")
"""In the order of contracts.visit.YesNo: yes, no, unknown."""
IN, OUT, UNKNOWN = range(3)
NETWORK: Final = "network"

_SHARES = (85, 15)
_DISTRICT = "SELECT person_key, min(qpv)::INTEGER AS class FROM visit GROUP BY person_key"
_PLACE = """
SELECT person_key, (((item >> 16) & 1023)::INTEGER * $classes + class)::INTEGER AS cell, weight
FROM (SELECT person_key, unnest(items) AS item, class, $weights[len(items)] AS weight
      FROM bounded JOIN district USING (person_key))
"""
_NETWORK = "SELECT person_key, class AS cell, 1 AS weight FROM district"


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the two vectors: by place, and of the network."""
    place, network = split(spec.rho_micro, _SHARES)
    keys = tuple(product(frame.places, CLASSES))
    return (
        VectorPlan("qpv-place", keys, UNIT_MILLI, clip(frame).l2_squared, place),
        VectorPlan("qpv-network", tuple((name,) for name in CLASSES), 1, 1, network),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    del plan
    district = Relation("district", _DISTRICT)
    parameters: dict[str, Parameter] = {
        "weights": list(clip(frame).weights),
        "classes": len(CLASSES),
    }
    return (
        Query("qpv-place", _PLACE, parameters, (bounded(frame), district)),
        Query("qpv-network", _NETWORK, {}, (district,)),
    )


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the share in a district, of the network and of each place, and of how many it is known."""
    place, network = noised["qpv-place"], noised["qpv-network"]
    whole, spread = amounts(network), (sigma(place), sigma(network))
    known: list[Row] = [((NETWORK,), share(whole, spread[1], (IN, OUT), range(3)))]
    inside: list[Row] = []
    for slug, own in zip(frame.places, amounts(place).reshape(-1, len(CLASSES)), strict=True):
        inside.append(((slug,), share(own, spread[0], (IN,), (IN, OUT))))
        known.append(((slug,), share(own, spread[0], (IN, OUT), range(3))))
    return (
        write(words.NETWORK, [((NETWORK,), share(whole, spread[1], (IN,), (IN, OUT)))]),
        write(words.PLACES, inside),
        write(words.KNOWN, known),
    )
