"""Two laws by which one person's rows weigh in a histogram, whatever they say: once a cell, or counted."""

from dataclasses import replace
from typing import Final

from hub.measures.base import Query
from hub.privacy.bound import UNIT_MILLI, weight_of

MOST: Final = 5
"""Visits of one person that count in one cell."""

_ONCE = """
SELECT person_key, unnest(cells) AS cell, $weights[len(cells)] AS weight
FROM (SELECT person_key, list(DISTINCT cell) AS cells FROM ({rows}) GROUP BY person_key)
"""
_COUNTED = """
SELECT person_key, cell,
       amount * least($unit, floor(sqrt($room // squares)))::BIGINT AS weight
FROM (SELECT person_key, cell, amount,
             sum(amount * amount) OVER (PARTITION BY person_key)::BIGINT AS squares
      FROM (SELECT person_key, cell, least(count(*), $most) AS amount FROM ({rows})
            GROUP BY person_key, cell))
"""


def once(rows: Query, *, cells: int, room: int) -> Query:
    """Return the query in which a person counts once in each different cell of her rows.

    With n of them she weighs w = ⌊1000·min(1, √(room/n))⌋ in each: squared norm n·w² ≤ room·10⁶.

    Args:
        rows: whose contributions select (person_key, cell), any number of times.
        cells: how many different cells there are.
        room: how many of them one person fills before she weighs less.
    """
    weights = [weight_of(count, room) for count in range(1, cells + 1)]
    text = _ONCE.format(rows=rows.contributions)
    return replace(rows, contributions=text, parameters={**rows.parameters, "weights": weights})


def counted(rows: Query, *, room: int) -> Query:
    """Return the query in which each row counts, five in a cell at most.

    With counts c and s = Σc² she weighs w = ⌊1000·min(1, √(room/s))⌋ a row: squared norm
    s·w² ≤ room·10⁶. w is the whole root of ⌊room·10⁶/s⌋; below 2⁵² a double's root gives it.

    Args:
        rows: whose contributions select (person_key, cell), one row a visit.
        room: visits, each in a cell of its own, before she weighs less.
    """
    text = _COUNTED.format(rows=rows.contributions)
    own = {"unit": UNIT_MILLI, "room": room * UNIT_MILLI**2, "most": MOST}
    return replace(rows, contributions=text, parameters={**rows.parameters, **own})
