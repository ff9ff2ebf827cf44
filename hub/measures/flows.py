"""Directed flows (Q14, Q30): of a place's visitors, how many come to another within 30, 90, 365 days.

Question: parmi les visiteurs de A, combien viennent dans B dans les 30 / 90 / 365 jours ? / Of
A's visitors how many come to B within 30 / 90 / 365 days?

Keys: ordered pairs of places × three disjoint lags (1-30, 31-90, 91-365 days) between the first
visit to A and the first visit to B in the window; public.

Bounds and sensitivity, add or remove one person_key with all her rows: a pair of her places
falls in one cell at most (one order, one lag; none on the same day or beyond a year), so with
the weights of ``pairs`` (same room D² = k(k-1)/2) she is in at most P cells with w each:
- ``flows-cell``: squared norm at most P·w² ≤ D²·10⁶.
- ``flows-slack``: 1 - w, what she may lack in any one cell; one number, largest entry of a
  public table. Absent where nobody can be clipped.

Noise: discrete Gaussian on each vector, rho shared 90/10. The windows 30, 90, 365 are sums of
disjoint cells: three answers for one price.

Estimand: distinct linked persons with consent to statistics, uncapped: the interval holds noise
and clipping. De-biased by the factor of the pair matrix where the edition has drawn it, whose slack
is the same sum: the two readings of it are then taken together. The balance (Q30) is of clipped flows.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from typing import Final

import numpy as np

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures import pairs_words as words
from hub.measures.base import Parameter, Query
from hub.measures.clipped import Correction, correction, correction_plan, correction_query
from hub.measures.frame import Frame
from hub.measures.pairs import clip
from hub.measures.relations import bounded
from hub.measures.tables import Row, holding, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.budget import split
from hub.privacy.consistency import whole_number
from hub.privacy.intervals import Floats, amounts, around, sigma
from hub.privacy.values import Noised, VectorPlan

LAGS: Final = ("1-30", "31-90", "91-365")
WINDOWS: Final = ("0-30", "0-90", "0-365")
"""Sums of the first one, two and three lags."""

_SHARES = (90, 10)

_CELL = """
SELECT person_key,
       before + 3 * ((y >> 16) - (x < y)::INTEGER)
           + CASE WHEN lag <= 30 THEN 0 WHEN lag <= 90 THEN 1 ELSE 2 END AS cell,
       weight
FROM (SELECT person_key, x, y, before, (y & 65535) - day AS lag, weight
      FROM (SELECT person_key, x, before, day, unnest(items) AS y, weight
            FROM (SELECT person_key, items, x, 3 * ($places - 1) * (x >> 16) AS before,
                         x & 65535 AS day, weight
                  FROM (SELECT person_key, items, unnest(items) AS x,
                               ($weights::INTEGER[])[len(items)] AS weight
                        FROM bounded WHERE len(items) > 1))))
WHERE lag BETWEEN 1 AND 365
"""


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the vectors: the cells, and the correction.

    Raises:
        ConfigError: the network shows one place only.
    """
    clipping = clip(frame)
    rho = split(spec.rho_micro, _SHARES if clipping.clips else _SHARES[:1])
    cells = VectorPlan(
        name="flows-cell",
        keys=tuple((a, b, lag) for a, b in permutations(frame.places, 2) for lag in LAGS),
        unit_milli=UNIT_MILLI,
        l2_sensitivity_squared=clipping.l2_squared,
        rho_micro=rho[0],
    )
    if not clipping.clips:
        return (cells,)
    return cells, correction_plan("flows-slack", clipping.slack, rho[1])


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    clipping, relation = clip(frame), bounded(frame)
    parameters: dict[str, Parameter] = {
        "places": len(frame.places),
        "weights": list(clipping.weights),
    }
    known = (
        Query("flows-cell", _CELL, parameters, (relation,)),
        correction_query("flows-slack", clipping.slack, relation),
    )
    return known[: len(plan)]


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the flows by window, and each place's balance."""
    cells = noised["flows-cell"]
    lags = amounts(cells).reshape(-1, len(LAGS))
    taken = _correction(noised, frame)
    rows: list[Row] = []
    for (a, b), values in zip(permutations(frame.places, 2), lags, strict=True):
        least = 0
        for size, window in enumerate(WINDOWS, start=1):
            found = taken.interval(float(values[:size].sum()), sigma(cells) * math.sqrt(size))
            least = max(least, whole_number(found.value))  # a longer window holds the shorter one
            rows.append(((a, b, window), holding(least, found)))
    return write(words.FLOWS, rows), write(words.BALANCE, _balance_rows(lags, cells, frame))


def _correction(noised: Mapping[str, Noised], frame: Frame) -> Correction:
    """Return this measure's slack and that of the pair matrix, taken together, and the matrix's factor.

    The same weights made both: two readings of one sum, each unbiased, weigh by their precision.
    """
    own = correction(noised, "flows", np.zeros(1), clip(frame))
    if "pairs-missing" not in noised:
        return own
    matrix = correction(noised, "pairs", amounts(noised["pairs-cell"]), clip(frame))
    if own.slack_sigma == 0 or matrix.slack_sigma == 0:
        return replace(own, factor=matrix.factor)
    mine, theirs = own.slack_sigma**-2, matrix.slack_sigma**-2
    slack = (own.slack * mine + matrix.slack * theirs) / (mine + theirs)
    return replace(own, slack=slack, slack_sigma=(mine + theirs) ** -0.5, factor=matrix.factor)


def _balance_rows(lags: Floats, cells: Noised, frame: Frame) -> list[Row]:
    places = len(frame.places)
    sent = lags.sum(axis=1).reshape(places, places - 1)
    flow = np.zeros((places, places))
    flow[~np.eye(places, dtype=bool)] = sent.ravel()
    balance = flow.sum(axis=0) - flow.sum(axis=1)
    spread = sigma(cells) * math.sqrt(2 * (places - 1) * len(LAGS))
    everywhere = (-math.inf, math.inf)
    return [
        ((place,), around(float(value), spread, inside=everywhere))
        for place, value in zip(frame.places, balance, strict=True)
    ]
