"""Effect of cooperation (Q29): of people whom houses selected for a partner, who came, and what the offer changed.

Question: les échanges entre A et B ont-ils augmenté après l'opération croisée, comparés au groupe témoin ? / Did
flows between A and B rise after the cross-promotion, compared with a hold-out?

Keys: requests of partners that houses answered and whose campaign lies in the window; public, as their orders are.

Bounds and sensitivity, add or remove one person_key with all her rows, visits and activations alike:
- ``cooperation-arm``: for each operation with a partner inside the network she is in one cell of four (written to
  or held out, came or not); with n operations she weighs w = ⌊1000·min(1, √(1/n))⌋ in each: squared norm
  n·w² ≤ 10⁶ (``laws.once``, room 1).
- ``cooperation-contact``: w' = ⌊1000·min(1, √(c/m))⌋ in each of the m cells (operation, place that wrote to her),
  c = ``bounds.cells``: squared norm m·w'² ≤ c·10⁶.
All her houses and all operations count together, under one person_key: what houses promise on contact pressure is
no part of it. n and m are hers alone, so nobody else's weight moves.

Noise: discrete Gaussian on each vector, rho shared 85/15. The budget's share of audiences pays.

Estimand: distinct linked persons with consent to statistics. The lift is what being selected to be written to
changed (intention to treat), in points of per cent. n does not depend on the arm, so weighing keeps the
comparison fair. Its interval holds two doubts, told apart in a table of their own: the noise that was drawn, and
chance in who came, which would be there without any noise (``effect``).

A partner without visits here (outside the network) gets the contacts alone.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from contracts.visit import Arm
from hub.measures import cooperation_words as words
from hub.measures.base import Parameter, Query
from hub.measures.effect import Group, lift, rate
from hub.measures.frame import Frame
from hub.measures.laws import once
from hub.measures.operations import CONTACTED, OUTSIDE, outcomes, partner_places, source_places
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.budget import split
from hub.privacy.intervals import Floats, Interval, amounts, around, sigma
from hub.privacy.values import Noised, VectorPlan

CAME: Final = ("came", "stayed")
NOISE, CHANCE = "noise", "chance"
"""The two doubts of a lift."""
_SHARES = (85, 15)
_ROOM = 1  # a person is worth one, over all operations together: what is compared is shares

_ARM = """
SELECT person_key, ($position[operation + 1] * 4 + arm * 2 + 1 - came)::INTEGER AS cell
FROM outcomes WHERE $position[operation + 1] >= 0
"""
_CONTACT = """
SELECT person_key, cell
FROM (SELECT person_key, $cell_of[operation * $places + $place_of[venue + 1] + 1] AS cell
      FROM activation WHERE arm = $contacted)
WHERE cell >= 0
"""


def inside(frame: Frame) -> list[str]:
    """Return the requests whose partner is seen from inside the network."""
    places = partner_places(frame)
    return [
        operation.request
        for operation, place in zip(frame.operations, places, strict=True)
        if place != OUTSIDE
    ]


def contacts(frame: Frame) -> list[tuple[int, int]]:
    """Return each operation (its code) with each place that answered it."""
    return [
        (code, place)
        for code, operation in enumerate(frame.operations)
        for place in source_places(operation, frame)
    ]


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the vectors: arms where the partner's visits are seen, then contacts; none without operations."""
    who = tuple(
        (frame.operations[code].request, frame.places[place]) for code, place in contacts(frame)
    )
    if not who:
        return ()
    room = frame.bounds.cells * UNIT_MILLI**2
    seen = inside(frame)
    rho = split(spec.rho_micro, _SHARES if seen else _SHARES[:1])
    told = VectorPlan("cooperation-contact", who, UNIT_MILLI, room, rho[-1])
    if not seen:
        return (told,)
    keys = tuple(product(seen, tuple(Arm), CAME))
    return VectorPlan("cooperation-arm", keys, UNIT_MILLI, _ROOM * UNIT_MILLI**2, rho[0]), told


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    places, cells = len(frame.places), contacts(frame)
    known = {(code, place): cell for cell, (code, place) in enumerate(cells)}
    everywhere = product(range(len(frame.operations)), range(places))
    seen = inside(frame)
    position = [seen.index(o.request) if o.request in seen else -1 for o in frame.operations]
    arm = Query("cooperation-arm", _ARM, {"position": position}, (outcomes(frame),))
    parameters: dict[str, Parameter] = {
        "cell_of": [known.get(each, -1) for each in everywhere],
        "places": places,
        "place_of": list(frame.place_of),
        "contacted": CONTACTED,
    }
    contact = Query("cooperation-contact", _CONTACT, parameters)
    made = {
        "cooperation-arm": lambda: once(arm, cells=len(frame.operations), room=_ROOM),
        "cooperation-contact": lambda: once(contact, cells=len(cells), room=frame.bounds.cells),
    }
    return tuple(made[vector.name]() for vector in plan)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the lift of each operation, who came by arm, whom each place wrote to, and what the doubt is made of."""
    told = noised["cooperation-contact"]
    spread = sigma(told)
    rows = [
        (key, around(count, spread))
        for key, count in zip(told.plan.keys, amounts(told).tolist(), strict=True)
    ]
    written = write(words.CONTACTS, rows)
    if "cooperation-arm" not in noised:
        return (written,)
    arms = list(_arms(noised["cooperation-arm"], frame))
    return (
        write(words.LIFT, [((name,), lift(*groups)) for name, groups in arms]),
        write(words.CAME, [row for name, groups in arms for row in _came(name, groups)]),
        written,
        write(words.DOUBT, [row for name, groups in arms for row in _doubts(name, groups)]),
    )


def _arms(cells: Noised, frame: Frame) -> Iterator[tuple[str, tuple[Group, Group]]]:
    counts: Floats = amounts(cells).reshape(-1, len(Arm), len(CAME))
    for name, (contacted, held_out) in zip(inside(frame), counts.tolist(), strict=True):
        yield name, (_group(contacted, sigma(cells)), _group(held_out, sigma(cells)))


def _group(counts: list[float], spread: float) -> Group:
    came, stayed = counts
    return Group(came, stayed, spread)


def _came(name: str, groups: tuple[Group, Group]) -> Iterator[Row]:
    for arm, group in zip(Arm, groups, strict=True):
        yield (name, arm.value), rate(group, chance=False)


def _doubts(name: str, groups: tuple[Group, Group]) -> Iterator[Row]:
    """Yield half the width of the lift's interval with one doubt alone: a figure without any doubt of its own."""
    for doubt in (NOISE, CHANCE):
        found = lift(*groups, noise=doubt == NOISE, chance=doubt == CHANCE)
        half = (found.high - found.low) / 2
        yield (name, doubt), Interval(half, half, half)
