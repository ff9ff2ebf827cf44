"""The model's own pairs: how many people two places share, for the recommendation model alone, with k = 2.

Question: quels lieux conseiller à qui en aime un autre ? / Which places to advise to whoever likes another?

Keys: places of the frame, and their unordered pairs; public.

Bounds and sensitivity, add or remove one person_key with all her rows: those of ``reach-venue`` and ``pairs-cell``,
with k = 2 whatever ``bounds.venues`` says, m places read (at most 32, by her keyed order), P = m(m-1)/2 pairs:
- ``model-pairs-place``: weight w = ⌊1000·min(1, √(2/m))⌋ in each of m distinct cells. Squared norm m·w² ≤ 2·10⁶.
- ``model-pairs-cell``: weight w = ⌊1000·min(1, √(1/P))⌋ in each of P distinct cells. Squared norm P·w² ≤ 10⁶.
Nobody else's weight moves, for m is hers alone.

Noise: discrete Gaussian on each vector; rho split by the public rule on κ (``hub.measures.kappa``).

Estimand: distinct linked persons with consent to statistics seen in each place, and in both of each pair; whoever
goes to more than two places weighs less. Nothing is read from it here: the model of the edition is (``hub.recommend.bundle``), and says that it used it. k = 2
asks for less noise than the circulation's own k, and ranks the better for it in small networks (recommendation needs
an order, circulation a count); a charter pays for it where that is worth more than its price.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.measures import pairs, reach
from hub.measures.base import Query
from hub.measures.frame import Frame
from hub.measures.kappa import shared
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.values import Noised, VectorPlan

PLACES: Final = 2
"""k: places within which a person weighs one."""


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the vectors: popularity, and the matrix.

    Raises:
        ConfigError: the network shows one place only.
    """
    own = _bounded(frame)
    rho = shared(frame, spec.rho_micro)
    places = tuple((place,) for place in frame.places)
    both = tuple(combinations(frame.places, 2))
    return (
        VectorPlan("model-pairs-place", places, UNIT_MILLI, reach.clip(own).l2_squared, rho[0]),
        VectorPlan("model-pairs-cell", both, UNIT_MILLI, pairs.clip(own).l2_squared, rho[1]),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector: those of reach and pairs, with a bound of their own."""
    own = _bounded(frame)
    sums = zip((reach, pairs), ("reach-venue", "pairs-cell"), plan, strict=True)
    return tuple(
        replace(measure.queries((replace(vector, name=known),), own)[0], vector=vector.name)
        for measure, known, vector in sums
    )


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return no table: what it says of pairs, the circulation says better."""
    del noised, frame
    return ()


def _bounded(frame: Frame) -> Frame:
    return replace(frame, bounds=frame.bounds.model_copy(update={"venues": PLACES}))
