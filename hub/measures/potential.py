"""Potential (Q31): how many people of the network, close to this place, like its discipline and never came.

Question: combien de personnes du réseau, à 20 km au plus de ce lieu, aiment cette discipline sans y être
jamais venues ? / How many network people within 20 km of this place like its discipline but never came?

Keys: places of the frame; public.

The hub knows no address; it knows in which band of distance a person lives from a venue that she visited,
and where venues are. Close to place A = she lives 0-5 km from a venue at most 20 km from one of A's, or
5-20 km from one at most 5 km from one of A's: 20 km, give or take 5. Likes its discipline = she came to
that of one of A's venues, in another place.

Bounds and sensitivity, add or remove one person_key with all her rows, m places that she could come to,
k = ``bounds.venues``:
- ``potential-place``: weight w = ⌊1000·min(1, √(k/m))⌋ in each of m distinct cells. Squared norm
  m·w² ≤ k·10⁶. Nobody else's weight moves, for m is hers alone.
- ``potential-slack``: 1 - w, what she may lack in any one cell; ``potential-missing``: m·(1 - w), what she
  lacks over all, 32 at most. Squared norms those of the largest entry of public tables.
The last two are absent where nobody can be clipped (no more places than k).

Noise: discrete Gaussian on each vector, rho shared 80/10/10.

Estimand: distinct linked persons with consent to statistics, uncapped: the interval holds the noise and the
clipping (``clipped.Correction``). "Never" is within the window.
"""

from collections.abc import Mapping
from typing import Final

from contracts.charter import MeasureSpec
from contracts.earth import kilometres
from contracts.edition import Table
from hub.measures import potential_words as words
from hub.measures.base import Query, Relation
from hub.measures.clipped import clip_of, correction, correction_plan, correction_query
from hub.measures.frame import DISCIPLINES, Frame
from hub.measures.populations import points
from hub.measures.tables import Row, holding, write
from hub.privacy.bound import HARD_CAP, UNIT_MILLI, Clip
from hub.privacy.budget import split
from hub.privacy.consistency import whole_number
from hub.privacy.intervals import amounts, sigma
from hub.privacy.values import Noised, VectorPlan

REACH_KM: Final = (20.0, 5.0)
"""How far from a venue another may be, for whoever lives 0-5 km and 5-20 km from the other."""

_SHARES = (80, 10, 10)

_PROSPECTS = """
SELECT person_key, list(place ORDER BY place) AS items, count(*)::INTEGER AS places
FROM (
    (SELECT DISTINCT person_key, place FROM visit JOIN
        (SELECT unnest($close_place) AS place, unnest($close_venue) AS venue, unnest($close_band) AS band)
        USING (venue) WHERE distance <= band
     INTERSECT
     SELECT DISTINCT person_key, place FROM visit JOIN
        (SELECT unnest($likes_place) AS place, unnest($likes_discipline) AS discipline) USING (discipline))
    EXCEPT SELECT DISTINCT person_key, $place_of[venue + 1] FROM visit)
GROUP BY person_key
"""
_PLACE = """
SELECT person_key, place::INTEGER AS cell, weight
FROM (SELECT person_key, unnest(items) AS place, $weights[len(items)] AS weight FROM prospects)
"""


def clip(frame: Frame) -> Clip:
    """Return the weights by number of places that one could come to."""
    cells = tuple(range(1, len(frame.places) + 1))
    return clip_of(cells, frame.bounds.venues, beyond=False, most_missing=HARD_CAP)


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the vectors: people by place, and the two corrections."""
    clipping = clip(frame)
    rho = split(spec.rho_micro, _SHARES if clipping.clips else _SHARES[:1])
    keys = tuple((place,) for place in frame.places)
    people = VectorPlan("potential-place", keys, UNIT_MILLI, clipping.l2_squared, rho[0])
    if not clipping.clips:
        return (people,)
    return (
        people,
        correction_plan("potential-slack", clipping.slack, rho[1]),
        correction_plan("potential-missing", clipping.missing, rho[2]),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    clipping, relation = clip(frame), prospects(frame)
    known = (
        Query("potential-place", _PLACE, {"weights": list(clipping.weights)}, (relation,)),
        correction_query("potential-slack", clipping.slack, relation),
        correction_query("potential-missing", clipping.missing, relation),
    )
    return known[: len(plan)]


def prospects(frame: Frame) -> Relation:
    """Return the relation of one row per person: the places that she could come to."""
    close = close_venues(frame)
    likes = sorted(
        {
            (place, DISCIPLINES.index(venue.discipline))
            for place, venue in zip(frame.place_of, frame.venues, strict=True)
        }
    )
    return Relation(
        "prospects",
        _PROSPECTS,
        {
            "close_place": [place for place, _, _ in close],
            "close_venue": [venue for _, venue, _ in close],
            "close_band": [band for _, _, band in close],
            "likes_place": [place for place, _ in likes],
            "likes_discipline": [discipline for _, discipline in likes],
            "place_of": list(frame.place_of),
        },
    )


def close_venues(frame: Frame) -> list[tuple[int, int, int]]:
    """Return (place, venue, widest band of distance): who lives so far from that venue is close to the place."""
    where = points(frame)
    found: dict[tuple[int, int], int] = {}
    for a, place in enumerate(frame.place_of):
        for b, other in enumerate(frame.place_of):
            apart = kilometres(where[a], where[b])
            bands = [band for band, reach in enumerate(REACH_KM) if apart <= reach]
            if other != place and bands:
                found[place, b] = max(bands[-1], found.get((place, b), 0))
    return sorted((place, venue, band) for (place, venue), band in found.items())


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the people that each place could draw."""
    people = noised["potential-place"]
    clipped = amounts(people)
    taken = correction(noised, "potential", clipped, clip(frame))
    rows: list[Row] = []
    for place, value in zip(frame.places, clipped.tolist(), strict=True):
        found = taken.interval(value, sigma(people))
        rows.append(((place,), holding(whole_number(found.value), found)))
    return (write(words.POTENTIAL, rows),)
