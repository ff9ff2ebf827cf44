"""Tags (for the model): which disciplines, periods, works, authors, companies people see together.

Question: qui aime le baroque aime aussi quoi, pour placer un spectacle que personne n'a encore vu ? / Whoever likes
baroque also likes what, so that a show has a place before its first visitor?

Keys: the disciplines of the frame, and the values of each tag that the charter names, each alone and in unordered
pairs, each with itself too; public. Which event says which value is the public catalogue's, pinned at the freeze.

Bounds and sensitivity, add or remove one person_key with all her rows. On each axis she has items: her different
couples (place, value). With d different values, N items of which n_a of value a, P = N(N-1)/2:
- ``tags-<axis>-value``: weight w = ⌊1000·min(1, √(2/d))⌋ in each of d distinct cells. Squared norm d·w² ≤ 2·10⁶.
- ``tags-<axis>-pair``: one unit spread over her pairs of items, ⌊1000·p/P⌋ in a cell of p of them (n_a·n_b, or
  n_a(n_a-1)/2 with itself). The p sum to P, so that the entries sum to 1000 at most: squared norm ≤ 10⁶, for a sum
  of squares is at most the square of the sum. No order and no cut is needed, whatever she did.
Nobody else's weight moves: d, N and P are hers alone.

Noise: discrete Gaussian on each vector; each axis has the same part of rho, a twentieth of it for its values' people: a
value draws hundreds where a pair of values draws tens.

Estimand: of a random pair of the (place, value) couples of a random person with two at least, how often its values
are a and b. Nothing is read from it here: the model is (``hub.recommend.tastes``).
"""

from collections.abc import Iterator, Mapping
from itertools import combinations_with_replacement
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from contracts.tags import BITS, TAGS
from hub.errors import ConfigError
from hub.measures.base import Parameter, Query, Relation
from hub.measures.frame import DISCIPLINES, Frame
from hub.measures.laws import once
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.budget import split
from hub.privacy.values import Noised, VectorPlan

VALUES: Final = 2
"""Values within which a person weighs one."""
_SHARES: Final = (1, 19)
_TWO: Final = 2

_ITEMS: Final = """
SELECT person_key, value, count(*)::BIGINT AS items
FROM (SELECT DISTINCT person_key, $place_of[venue + 1] AS place, $position[({said}) + 1] AS value FROM visit)
WHERE value >= 0 GROUP BY person_key, value
"""
_TAG: Final = "least((tags >> {shift}) & 32767, $values)"
_VALUE: Final = "SELECT person_key, value::INTEGER AS cell FROM {items}"
_PAIR: Final = """
SELECT person_key, cell, weight
FROM (SELECT person_key, (a * $values - a * (a - 1) // 2 + b - a)::INTEGER AS cell,
             ($unit * CASE WHEN a = b THEN many * (many - 1) // 2 ELSE many * often END // pairs)::BIGINT AS weight
      FROM (SELECT person_key, x >> 32 AS a, y >> 32 AS b, x & 4294967295 AS many, y & 4294967295 AS often, pairs
            FROM (SELECT person_key, x, unnest(tastes) AS y, pairs
                  FROM (SELECT person_key, tastes, unnest(tastes) AS x, items * (items - 1) // 2 AS pairs
                        FROM (SELECT person_key, list((value::BIGINT << 32) | items) AS tastes,
                                     sum(items)::BIGINT AS items
                              FROM {items} GROUP BY person_key)
                        WHERE items > 1)))
      WHERE a <= b)
WHERE weight > 0
"""


def axes(frame: Frame) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what is counted: the disciplines where there are two, then the tags that the charter names."""
    if len(frame.disciplines) >= _TWO:
        yield "discipline", frame.disciplines
    yield from frame.tags


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the vectors: for each axis its popularity, then for each its table.

    Raises:
        ConfigError: the network has one discipline, and its charter names no tag.
    """
    known = tuple(axes(frame))
    if not known:
        raise ConfigError(
            "The network has one discipline and its charter names no tag (editions.model.tags); tags "
            "need two values at least."
        )
    rho = split(spec.rho_micro, [share for share in _SHARES for _axis in known])
    alone = [
        VectorPlan(f"tags-{axis}-value", tuple((value,) for value in values), UNIT_MILLI,
                   min(VALUES, len(values)) * UNIT_MILLI**2, price)
        for (axis, values), price in zip(known, rho, strict=False)
    ]  # fmt: skip
    both = [
        VectorPlan(f"tags-{axis}-pair", tuple(combinations_with_replacement(values, 2)), UNIT_MILLI,
                   UNIT_MILLI**2, price)
        for (axis, values), price in zip(known, rho[len(known):], strict=True)
    ]  # fmt: skip
    return (*alone, *both)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    del plan
    known = tuple(axes(frame))
    items = [_items(axis, len(values), frame) for axis, values in known]
    alone = [
        once(Query(f"tags-{axis}-value", _VALUE.format(items=own.name), {}, (own,)),
             cells=len(values), room=VALUES)
        for (axis, values), own in zip(known, items, strict=True)
    ]  # fmt: skip
    both = [
        Query(f"tags-{axis}-pair", _PAIR.format(items=own.name),
              {"values": len(values), "unit": UNIT_MILLI}, (own,))
        for (axis, values), own in zip(known, items, strict=True)
    ]  # fmt: skip
    return (*alone, *both)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return no table: what it says is the model's to read."""
    del noised, frame
    return ()


def _items(axis: str, values: int, frame: Frame) -> Relation:
    """Return, for each person and value, how many of her places showed it to her."""
    parameters: dict[str, Parameter] = {"place_of": list(frame.place_of)}
    if axis == "discipline":
        at = {slug: place for place, slug in enumerate(frame.disciplines)}
        said = "discipline"
        parameters["position"] = [at.get(slug, -1) for slug in DISCIPLINES]
    else:
        said = _TAG.format(shift=BITS * [str(tag) for tag in TAGS].index(axis))
        parameters |= {"position": [*range(values), -1], "values": values}
    return Relation(f"tags_{axis}", _ITEMS.format(said=said), parameters)
