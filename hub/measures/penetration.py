"""Penetration (Q11, Q13): how many inhabitants of each département the network reaches, and where too few.

Question: quel pourcentage des habitants de chaque territoire a fréquenté au moins un lieu du réseau ? Où,
tout près d'un lieu, la fréquentation est-elle anormalement basse ? / What share of the inhabitants of each
territory came to at least one place? Where, close to one, do abnormally few come?

Keys: the public list of départements, with abroad and unknown. (Where a charter lets the
intercommunalité leave, ``provenance_epci`` alone reads it.)

Bounds and sensitivity, add or remove one person_key with all her rows, one département (the least of hers):
- ``penetration-home``: 1 in exactly one cell. Squared norm 1.

Noise: discrete Gaussian, the whole rho on one vector. Inhabitants are public (``populations``).

Estimand: distinct linked persons with consent to statistics who live in the département, per 10,000
inhabitants of all ages. Départements are shown by their noisy size, so their intervals hold together. A
white zone is a département whose centre is within 120 km of a venue; what is expected there is the rate of
the others of its ring (30, 70, 120 km from the nearest venue). 100 = as many as expected, or more.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from contracts.charter import MeasureSpec
from contracts.earth import kilometres
from contracts.edition import Table
from hub.measures import penetration_words as words
from hub.measures.base import Query
from hub.measures.frame import Frame
from hub.measures.populations import INHABITANTS, points
from hub.measures.provenance import home
from hub.measures.tables import Row, write
from hub.privacy.intervals import Noisy, amounts, around, ratio, sigma, simultaneous
from hub.privacy.values import Noised, VectorPlan

PER: Final = 10_000
RINGS: Final = (30.0, 70.0, 120.0)
_TWO: Final = 2

_HOME = "SELECT person_key, home::INTEGER AS cell, 1 AS weight FROM home"


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure."""
    keys = tuple((code,) for code in frame.departements)
    return (VectorPlan("penetration-home", keys, 1, 1, spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    del plan
    return (Query("penetration-home", _HOME, {}, (home(frame),)),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the people per 10,000 inhabitants, and how near départements stand to what is expected."""
    cells = noised["penetration-home"]
    counts = dict(zip((key for (key,) in cells.plan.keys), amounts(cells).tolist(), strict=True))
    return (
        write(words.RATES, _rates(counts, sigma(cells))),
        write(words.WHITE, _white(counts, sigma(cells), frame)),
    )


def _rates(counts: Mapping[str, float], spread: float) -> Iterator[Row]:
    noise = simultaneous(len(INHABITANTS)) / simultaneous(1) * spread
    for code, (inhabitants, *_) in INHABITANTS.items():
        if counts[code] >= simultaneous(len(INHABITANTS)) * spread:
            scale = PER / inhabitants
            yield (code,), around(counts[code] * scale, noise * scale)


def _white(counts: Mapping[str, float], spread: float, frame: Frame) -> Iterator[Row]:
    for ring in rings(frame):
        people = np.array([INHABITANTS[code][0] for code in ring], dtype=float)
        noisy = Noisy(np.array([counts[code] for code in ring]), np.full(len(ring), spread))
        for place, code in enumerate(ring if len(ring) >= _TWO else ()):
            here = np.eye(len(ring))[place]
            expected = (1 - here) * people[place] / (people.sum() - people[place])
            yield (code,), ratio(here.tolist(), expected.tolist(), noisy)


def rings(frame: Frame) -> tuple[tuple[str, ...], ...]:
    """Return the départements of each ring around the venues, nearest first."""
    venues = points(frame)
    far = {
        code: min(kilometres((lat, lon), venue) for venue in venues)
        for code, (_, lat, lon) in INHABITANTS.items()
    }
    starts = (0.0, *RINGS[:-1])
    return tuple(
        tuple(code for code in INHABITANTS if start <= far[code] < end)
        for start, end in zip(starts, RINGS, strict=True)
    )
