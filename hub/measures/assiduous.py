"""What measures of habits share: the assiduous, and how often each of them saw each discipline."""

from contracts.typology import ASSIDUOUS
from hub.measures.base import Relation
from hub.measures.frame import DISCIPLINES, Frame
from hub.measures.seasons import turn

_TASTES = """
SELECT person_key, discipline::INTEGER AS discipline, count(*) AS visits
FROM visit
WHERE person_key IN (SELECT person_key FROM visit GROUP BY person_key
                     HAVING count(*) FILTER (event_day < $turn) >= $least
                        AND count(*) FILTER (event_day >= $turn) >= $least)
GROUP BY person_key, discipline
"""


def tastes(frame: Frame) -> Relation:
    """Return the relation of one row per assiduous person and discipline: how often she saw it.

    Assiduous = at least two visits in each of the two seasons of the window; disciplines are those of the
    public list, in its order. Each row is a function of one person's rows.

    Raises:
        ConfigError: the window does not read two seasons.
    """
    return Relation("tastes", _TASTES, {"turn": turn(frame), "least": ASSIDUOUS})


def positions(frame: Frame) -> list[int]:
    """Return, for each discipline of the public list, its place among the keys of the frame; -1 without."""
    known = {slug: place for place, slug in enumerate(frame.disciplines)}
    return [known.get(slug, -1) for slug in DISCIPLINES]
