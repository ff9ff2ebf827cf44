"""What the cube says of a person: one value for each of eight traits, from her own rows alone."""

from typing import Final

import numpy as np

from contracts.earth import kilometres
from contracts.visit import LEAD_CAP_DAYS, AgeBand, Channel, DistanceBand
from hub.cube.design import Axis
from hub.measures.base import Parameter, Relation
from hub.measures.departements import ABROAD, UNKNOWN
from hub.measures.frame import DISCIPLINES, Frame
from hub.measures.lead_time import BINS, CLASSES
from hub.measures.populations import INHABITANTS, points

NEAREST: Final = 8
"""Départements that are told apart: those whose centres are nearest to a venue."""
MOST_HOUSES: Final = 24
"""Places that are told apart as somebody's usual one; with more of them, their disciplines are."""
REST: Final = "rest"
NOT_SAID: Final = "unknown"
SEVERAL: Final = "several"
RUNGS: Final = ("1", "2", "3-5", "6+")
_FIRST_OF_RUNG: Final = (1, 2, 3, 6)
_LEADS: Final = (*(name for name, _, _ in CLASSES), NOT_SAID)

# The code that most of her visits bear; of several, the first in the public order.
_USUAL = """(SELECT person_key, 1023 - (max((n << 10) | (1023 - code)) & 1023) AS {name}, max(n) AS {name}_n
             FROM (SELECT person_key, {name} AS code, count(*) AS n FROM coded WHERE {name} >= 0
                   GROUP BY person_key, {name}) GROUP BY person_key)"""
_PROFILE = f"""
WITH coded AS (
    SELECT person_key, $house_of[venue + 1] AS house, $position[discipline + 1] AS taste,
           channel::INTEGER AS channel,
           CASE WHEN lead_days < 0 THEN -1 ELSE $class_of[least(lead_days, $cap) + 1] END AS lead
    FROM visit)
SELECT person_key, age, distance, home,
       CASE WHEN 2 * coalesce(taste_n, 0) >= visits THEN taste ELSE $several END AS taste,
       $rung_of[least(visits, $top)] AS loyalty, channel, coalesce(lead, $not_said) AS lead, house
FROM (SELECT person_key, min(age)::INTEGER AS age, min(distance)::INTEGER AS distance,
             $coarse[coalesce(nullif(list_position($departements, min(departement)), 0), $nowhere)] AS home,
             count(*) AS visits
      FROM visit GROUP BY person_key)
JOIN {_USUAL.format(name="house")} USING (person_key)
JOIN {_USUAL.format(name="channel")} USING (person_key)
LEFT JOIN {_USUAL.format(name="taste")} USING (person_key)
LEFT JOIN {_USUAL.format(name="lead")} USING (person_key)
"""  # noqa: S608 — our own text; every value is bound


def traits(frame: Frame) -> tuple[Axis, ...]:
    """Return the traits and their public values.

    A network of one place has no usual place to tell.
    """
    found = (
        Axis("age", tuple(band.value for band in AgeBand)),
        Axis("distance", tuple(band.value for band in DistanceBand)),
        Axis("home", (*nearby(frame), REST, ABROAD, NOT_SAID)),
        Axis("taste", (*frame.disciplines, SEVERAL)),
        Axis("loyalty", RUNGS),
        Axis("channel", tuple(channel.value for channel in Channel)),
        Axis("lead", _LEADS),
    )
    houses = _houses(frame)[0]
    return found if len(houses) == 1 else (*found, Axis("house", houses))


def profile(frame: Frame) -> Relation:
    """Return the relation of one row per person: her code in each trait, a function of her rows alone.

    Age and distance are the least of her rows, home the least of her départements; taste is the
    discipline of half of her visits or more; channel, lead and usual place are those of most of
    her visits, the first in the public order where several are.
    """
    known = {slug: place for place, slug in enumerate(frame.disciplines)}
    days = np.arange(LEAD_CAP_DAYS + 1)
    bins = np.searchsorted(BINS.first, days, side="right") - 1
    ends = [after for _, _, after in CLASSES]
    parameters: dict[str, Parameter] = {
        "house_of": list(_houses(frame)[1]),
        "position": [known.get(slug, -1) for slug in DISCIPLINES],
        "class_of": np.searchsorted(ends, bins, side="right").tolist(),
        "cap": LEAD_CAP_DAYS,
        "not_said": len(CLASSES),
        "several": len(frame.disciplines),
        "rung_of": [
            sum(visits >= first for first in _FIRST_OF_RUNG) - 1
            for visits in range(1, _FIRST_OF_RUNG[-1] + 1)
        ],
        "top": _FIRST_OF_RUNG[-1],
        "departements": list(frame.departements),
        "coarse": _coarse(frame),
        "nowhere": frame.departements.index(UNKNOWN) + 1,
    }
    return Relation("cube_profile", _PROFILE, parameters)


def nearby(frame: Frame) -> tuple[str, ...]:
    """Return the départements that are told apart, in the order of the public list."""
    venues = points(frame)
    far = {
        code: min(kilometres((lat, lon), venue) for venue in venues)
        for code, (_, lat, lon) in INHABITANTS.items()
        if code in frame.departements
    }
    near = sorted(far, key=lambda code: (far[code], code))[:NEAREST]
    return tuple(code for code in frame.departements if code in near)


def _coarse(frame: Frame) -> list[int]:
    near = nearby(frame)
    apart = {code: place for place, code in enumerate(near)}
    apart |= {ABROAD: len(near) + 1, UNKNOWN: len(near) + 2}
    return [apart.get(code, len(near)) for code in frame.departements]


def _houses(frame: Frame) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return what usual places are called, and the position of each venue's among them."""
    if len(frame.places) <= MOST_HOUSES:
        return frame.places, frame.place_of
    kinds = tuple(dict.fromkeys(venue.discipline for venue in frame.venues))
    return kinds, tuple(kinds.index(venue.discipline) for venue in frame.venues)
