"""The relations that measures share: each person's places, cut at 32 by a keyed order, and arrivals."""

from typing import Final

from hub.measures.base import Relation
from hub.measures.frame import Frame
from hub.privacy.bound import HARD_CAP

MAX_PLACES: Final = 1 << 10
"""Room for a place in a packed item: 38 bits of priority, 10 of place, 16 of day."""

_BOUNDED = """
SELECT person_key,
       list_transform(CASE WHEN places <= $cap THEN packed ELSE list_sort(packed)[:$cap] END,
                      lambda item: (item & 67108863)::INTEGER) AS items,
       places, visits
FROM (
    SELECT person_key, list(packed) AS packed, count(*)::INTEGER AS places,
           sum(visits)::BIGINT AS visits
    FROM (
        SELECT person_key, ($place_of[venue + 1])::UBIGINT AS place, count(*) AS visits,
               ((min(priority) >> 26) << 26) | (place << 16)
                   | (min(event_day) & 65535)::UBIGINT AS packed
        FROM visit GROUP BY person_key, place)
    GROUP BY person_key)
"""


KNOWN, NEW, UNKNOWN = range(3)
"""What a place says of a person on the day of her first visit of the window."""
STANDING_OF: Final = (NEW, KNOWN, UNKNOWN)
"""The same by its answer to "first time here?", in the order of contracts.visit.YesNo."""

_ARRIVALS = """
SELECT person_key, place, packed >> 6 AS day, (packed >> 4) & 3 AS standing, packed & 15 AS channel
FROM (
    SELECT person_key, $place_of[venue + 1] AS place,
           min((event_day::BIGINT << 6) | ($standing_of[first_time + 1] << 4) | channel) AS packed
    FROM visit GROUP BY person_key, place)
"""


def bounded(frame: Frame) -> Relation:
    """Return the relation of one row per person: items, places, visits.

    ``items`` holds, for at most 32 of her places, place (10 bits) and day (16 bits) of her first
    visit there in the window. Before the cut the priority stands above them, in 64 bits, and
    whoever has more places is sorted by it; after it nobody needs to know it. Nobody else is sorted, which is most
    of what cutting cost: her items are then in no order, and no query may read one from it. Which
    places stay depends on her own rows and on the vault's keyed priority alone. ``places`` and
    ``visits`` count all her places and visits.

    Raises:
        ValueError: the network has more places than an item can hold.
    """
    if len(frame.places) > MAX_PLACES:
        raise ValueError(f"at most {MAX_PLACES} places fit; gather venues in clusters")
    return Relation("bounded", _BOUNDED, {"place_of": list(frame.place_of), "cap": HARD_CAP})


def arrivals(frame: Frame) -> Relation:
    """Return the relation of one row per person and place: day, standing, channel of her first visit.

    On one day the word of a venue that knows her stands before that of one that does not, and
    the first of the public list of channels before the others.
    """
    standing = list(STANDING_OF)
    return Relation(
        "arrivals", _ARRIVALS, {"place_of": list(frame.place_of), "standing_of": standing}
    )


def visible_places(frame: Frame) -> int:
    """Return how many places of one person can be read at most: a public constant."""
    return min(len(frame.places), HARD_CAP)
