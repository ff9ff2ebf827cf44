"""What the measures of partners' requests share: which operations are seen from inside, and who came after being selected."""

import datetime as dt
from typing import Final

from hub.measures.base import Parameter, Relation
from hub.measures.frame import Frame, Operation

CONTACTED, HELD_OUT = range(2)
"""Codes of activation.arm, in the order of contracts.visit.Arm."""
OUTSIDE: Final = -1
_EPOCH: Final = dt.date(1970, 1, 1)

# Her arm is the word of one of her houses, chosen by the keyed priority, which knows nothing of arms: so each arm
# holds people of every kind alike even where two houses know her by different identifiers. Whom one of them wrote
# to in spite of it dilutes the effect and never makes one up.
_OUTCOMES = """
SELECT chosen.person_key, chosen.operation, chosen.arm, (count(seen.person_key) > 0)::INTEGER AS came
FROM (SELECT person_key, operation, (min(priority::HUGEINT * 2 + arm) % 2)::INTEGER AS arm,
             min(event_day) AS since
      FROM activation GROUP BY person_key, operation) AS chosen
LEFT JOIN (SELECT DISTINCT person_key, $place_of[venue + 1] AS place, event_day FROM visit) AS seen
    ON seen.person_key = chosen.person_key AND seen.place = $partner[chosen.operation + 1]
    AND seen.event_day BETWEEN chosen.since AND $until[chosen.operation + 1]
GROUP BY chosen.person_key, chosen.operation, chosen.arm
"""


def partner_places(frame: Frame) -> list[int]:
    """Return, for each operation, the place of its partner; ``OUTSIDE`` for one that sends no visits."""
    place = {venue.slug: at for venue, at in zip(frame.venues, frame.place_of, strict=True)}
    return [place.get(operation.partner, OUTSIDE) for operation in frame.operations]


def source_places(operation: Operation, frame: Frame) -> list[int]:
    """Return the places of the houses that answered an operation, each once, in the frame's order."""
    place = {venue.slug: at for venue, at in zip(frame.venues, frame.place_of, strict=True)}
    return sorted({place[source] for source in operation.sources if source in place})


def calendar(frame: Frame) -> dict[str, Parameter]:
    """Return what queries know of the operations: place of each venue, place of each partner, last day."""
    return {
        "place_of": list(frame.place_of),
        "partner": partner_places(frame),
        "until": [(operation.last_day - _EPOCH).days for operation in frame.operations],
    }


def outcomes(frame: Frame) -> Relation:
    """Return the relation of one row per person and operation: her arm, and whether she came to the partner since.

    Since: from the day when the first of her houses selected her, written to or not, to the campaign's last.
    Each row is a function of one person's rows in ``activation`` and ``visit``.
    """
    return Relation("outcomes", _OUTCOMES, calendar(frame))
