"""Coverage (Q32): what share of tickets, at least, has a buyer who is identified and consents.

Question: quelle part des billets a un acheteur identifié et consentant, par lieu ? / What share of tickets
has an identified, consenting buyer, by venue?

Keys: places of the frame; public. The tickets that each venue says it sold are in the charter, rounded to
two significant digits: a public figure, no count of ours.

Bounds and sensitivity, add or remove one person_key with all her rows: t seats in each place, fifty at most,
w = ⌊1000·min(1, √(b/Σt²))⌋ a seat, b = (``bounds.visits``/2)², rounded down and one at least:
- ``coverage-seats``: squared norm Σt²·w² ≤ b·10⁶. Nobody else's weight moves, for t is hers alone.

Noise: discrete Gaussian, the whole rho on one vector.

Estimand: seats of linked persons with consent to statistics, over the tickets declared. A visit counts the
least of its band of seats (1, 2, 3, 6; one when unknown) and an assiduous person fewer than all: it is a
share that is reached at least. A place of which one venue has declared nothing has no share.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from contracts.visit import PartyBand
from hub.errors import ConfigError
from hub.measures import coverage_words as words
from hub.measures.base import Parameter, Query
from hub.measures.frame import Frame
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.intervals import amounts, around, sigma
from hub.privacy.values import Noised, VectorPlan

MOST: Final = 50
"""Seats of one person that count in one place."""
LEAST_OF: Final = {
    PartyBand.ONE: 1,
    PartyBand.TWO: 2,
    PartyBand.FEW: 3,
    PartyBand.MANY: 6,
    PartyBand.UNKNOWN: 1,
}
"""Seats that a visit took at least, by its band."""

_SEATS = """
SELECT person_key, cell, amount * least($unit, floor(sqrt($room // squares)))::BIGINT AS weight
FROM (SELECT person_key, cell, amount, sum(amount * amount) OVER (PARTITION BY person_key)::BIGINT AS squares
      FROM (SELECT person_key, $place_of[venue + 1] AS cell, least(sum($seats[party + 1]), $most)::BIGINT AS amount
            FROM visit GROUP BY person_key, cell))
"""


def room_of(frame: Frame) -> int:
    """Return the sum of squared seats up to which one person weighs one a seat."""
    return max(1, frame.bounds.visits**2 // 4)


def declared(frame: Frame) -> dict[str, int]:
    """Return the tickets of each place of which every venue has declared some."""
    said = dict(frame.attendance)
    tickets: dict[str, int] = {}
    silent: set[str] = set()
    for venue, place in zip(frame.venues, frame.place_of, strict=True):
        name = frame.places[place]
        tickets[name] = tickets.get(name, 0) + said.get(venue.slug, 0)
        silent |= set() if venue.slug in said else {name}
    return {name: count for name, count in tickets.items() if name not in silent}


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure.

    Raises:
        ConfigError: the charter declares no tickets: a share would have no denominator.
    """
    if not declared(frame):
        raise ConfigError(
            "The charter declares the tickets of no place in this edition; coverage is a share of them. "
            "Write them under attendance, to two significant digits, or drop the measure."
        )
    keys = tuple((place,) for place in frame.places)
    room = room_of(frame) * UNIT_MILLI**2
    return (VectorPlan("coverage-seats", keys, UNIT_MILLI, room, spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    del plan
    parameters: dict[str, Parameter] = {
        "place_of": list(frame.place_of),
        "seats": [LEAST_OF[band] for band in PartyBand],
        "most": MOST,
        "unit": UNIT_MILLI,
        "room": room_of(frame) * UNIT_MILLI**2,
    }
    return (Query("coverage-seats", _SEATS, parameters),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the share of each place whose tickets are declared."""
    return (write(words.COVERAGE, _rows(noised["coverage-seats"], frame)),)


def _rows(seats: Noised, frame: Frame) -> Iterator[Row]:
    tickets = declared(frame)
    for place, count in zip(frame.places, amounts(seats).tolist(), strict=True):
        if place in tickets:
            scale = 100 / tickets[place]
            yield (place,), around(count * scale, sigma(seats) * scale, inside=(0.0, 100.0))
