"""The relation that most measures share: each person's places, cut at 32 by a keyed order."""

from typing import Final

from hub.measures.base import Relation
from hub.measures.frame import Frame
from hub.privacy.bound import HARD_CAP

MAX_PLACES: Final = 1 << 10
"""Room for a place in a packed item: 38 bits of priority, 10 of place, 16 of day."""

_BOUNDED = """
SELECT person_key, min(packed, $cap) AS items, count(*)::INTEGER AS places,
       sum(visits)::BIGINT AS visits
FROM (
    SELECT person_key, ($place_of[venue + 1])::UBIGINT AS place, count(*) AS visits,
           ((min(priority) >> 26) << 26) | (place << 16)
               | (min(event_day) & 65535)::UBIGINT AS packed
    FROM visit GROUP BY person_key, place)
GROUP BY person_key
"""


def bounded(frame: Frame) -> Relation:
    """Return the relation of one row per person: items, places, visits.

    ``items`` holds, for at most 32 of her places, priority, place and day of her first visit
    there in the window, packed in 64 bits so that one aggregate both orders and cuts. Which
    places stay depends on her own rows and on the vault's keyed priority alone. ``places`` and
    ``visits`` count all her places and visits.

    Raises:
        ValueError: the network has more places than an item can hold.
    """
    if len(frame.places) > MAX_PLACES:
        raise ValueError(f"at most {MAX_PLACES} places fit; gather venues in clusters")
    return Relation("bounded", _BOUNDED, {"place_of": list(frame.place_of), "cap": HARD_CAP})


def visible_places(frame: Frame) -> int:
    """Return how many places of one person can be read at most: a public constant."""
    return min(len(frame.places), HARD_CAP)
