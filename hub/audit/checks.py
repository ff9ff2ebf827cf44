"""What the audit asks of draws: nobody shows more than was paid, and noise is noise, fresh every time."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.audit.draws import Drawn, Floats
from hub.audit.statistic import Apart, apart, correlation, quantile, rarest
from hub.audit.worlds import Neighbours
from hub.plan import EditionPlan
from hub.privacy.budget import MICRO, PICO, sigma_micro
from hub.privacy.values import VectorPlan

ALARM: Final = 0.001
"""Probability that an honest run sounds one alarm or more: it is shared out among all its tests."""
TESTS: Final = 1200
"""More tests than any run makes; each has its share of ``ALARM``."""
EACH: Final = ALARM / TESTS
_PAIRS: Final = 20  # of neighbouring cells whose noise is compared

Gaps = Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True)
class Finding:
    """What came of one neighbour shape, or of one check of the noise."""

    name: str
    bound: float = 0.0  # of μ: √(2ρ) for each person of the map that moves
    found: Apart | None = None
    problems: tuple[str, ...] = field(default_factory=tuple)
    figures: Mapping[str, float] = field(default_factory=dict)  # by what was counted or measured

    @property
    def alarm(self) -> bool:
        """Tell whether something was found that the promise excludes."""
        return bool(self.problems)


def vectors(plan: EditionPlan) -> dict[str, VectorPlan]:
    """Return the edition's vectors by name."""
    return {v.name: v for planned in plan.measures for v in planned.vectors}


def distances(plan: EditionPlan, pair: Neighbours, gaps: Gaps) -> Iterator[str]:
    """Yield each vector that moves by more than its plan claims; exact, without a draw."""
    if pair.moved > pair.shape.moves:
        yield f"{pair.shape.name}: {pair.moved} persons of the map move, not {pair.shape.moves}"
    for name, vector in vectors(plan).items():
        moved = int((gaps[name].astype(object) ** 2).sum())
        if moved > pair.moved**2 * vector.l2_sensitivity_squared:
            yield f"{pair.shape.name}: {name} moves by more than its sensitivity"
        if vector.threshold is not None:
            yield from _keys_moved(vector, pair, gaps[name])


def _keys_moved(vector: VectorPlan, pair: Neighbours, gap: NDArray[np.int64]) -> Iterator[str]:
    """Yield what a threshold's δ does not allow for, though the vector's norm may: δ is fixed by both of these."""
    if int(np.abs(gap).max(initial=0)) > pair.moved * vector.unit_milli:
        yield f"{pair.shape.name}: one person weighs more than one in a key of {vector.name}"
    if np.count_nonzero(gap) > pair.moved * vector.max_cells:
        yield f"{pair.shape.name}: one person is in more keys of {vector.name} than planned"


def farthest(plan: EditionPlan, pair: Neighbours, gaps: Gaps) -> float:
    """Return how near the vector that moves most comes to its bound: 1 is at it."""
    moved = (
        math.sqrt(int((gaps[name].astype(object) ** 2).sum()) / vector.l2_sensitivity_squared)
        for name, vector in vectors(plan).items()
    )
    return max(moved) / max(pair.moved, 1)


def compare(plan: EditionPlan, pair: Neighbours, gaps: Gaps, sides: tuple[Drawn, Drawn]) -> Finding:
    """Return how far the best attacker tells the two worlds of a shape apart, in one vector and in all."""
    problems = [*distances(plan, pair, gaps)]
    figures = {"draws": float(len(next(iter(sides[0].values())))), "persons moved": pair.moved}
    total = [np.zeros(len(next(iter(side.values())))) for side in sides]
    rho = 0
    for name, vector in vectors(plan).items():
        if vector.threshold is not None:  # its keys vary: what they tell is counted apart
            shown = _keys_shown(vector, pair, _lone(vector, pair, gaps[name], sides))
            problems += shown.problems
            figures |= shown.figures
            continue
        weights = gaps[name] / sigma_micro(vector.l2_sensitivity_squared, vector.rho_micro) ** 2
        seen = [side[name] @ weights for side in sides]
        problems += _beyond(pair, name, vector.rho_micro, apart(seen[0], seen[1], EACH))
        total = [whole + part for whole, part in zip(total, seen, strict=True)]
        rho += vector.rho_micro
    found = apart(total[0], total[1], EACH)
    problems += _beyond(pair, "all vectors together", rho, found)
    return Finding(pair.shape.name, _bound(pair, rho), found, tuple(problems), figures)


def noise(plan: EditionPlan, exact: Gaps, drawn: Drawn) -> Finding:
    """Check that each vector's noise is as large as was planned, apart in each cell, and in each draw."""
    problems: list[str] = []
    spreads: list[float] = []
    for name, vector in vectors(plan).items():
        if vector.threshold is None:
            errors = drawn[name] - exact[name]
            problems += [f"{name}: {each}" for each in _law(vector, errors)]
            spreads.append(float(errors.std() / _claimed(vector)))
    figures = {"least spread": min(spreads), "most spread": max(spreads)}
    return Finding("noise", problems=tuple(problems), figures=figures)


def _claimed(vector: VectorPlan) -> float:
    return sigma_micro(vector.l2_sensitivity_squared, vector.rho_micro) / MICRO


def _law(vector: VectorPlan, errors: NDArray[np.float64]) -> Iterator[str]:
    draws, cells = errors.shape
    claimed, z = _claimed(vector), quantile(EACH)
    if errors.std() < claimed * (1 - z / math.sqrt(2 * errors.size)):
        yield "its noise is smaller than planned"
    if abs(errors.mean()) > z * claimed / math.sqrt(errors.size) + 0.5:
        yield "its noise is not centred"
    if (errors != np.round(errors)).any():
        yield "a value is no integer"
    limit = z / math.sqrt(draws)
    for cell in range(min(cells - 1, _PAIRS)):
        if abs(correlation(errors[:, cell], errors[:, cell + 1])) > limit:
            yield f"cells {cell} and {cell + 1} share noise"
    if abs(correlation(errors[:-1, 0], errors[1:, 0])) > z / math.sqrt(draws - 1):
        yield "one draw tells of the next"
    wide = cells * math.log(2 * math.sqrt(math.pi) * claimed) > math.log(draws**2 / EACH)
    if wide and len(np.unique(errors, axis=0)) < draws:  # no tie by chance in so wide a law
        yield "a draw came twice"


def _lone(
    vector: VectorPlan, pair: Neighbours, gap: NDArray[np.int64], sides: tuple[Drawn, Drawn]
) -> tuple[Floats, Floats]:
    """Return, with her and without, the draws of the keys that one person holds there and nobody in the other world.

    δ speaks of no other key: one that others hold too may be seen in one world alone, by right. Where one person
    moves, such a key is hers whatever it weighs; where several do, one that weighs more than a unit is a group's.
    """
    nobody_without: NDArray[np.bool_] = pair.absent.exact[vector.name] == 0
    nobody_with: NDArray[np.bool_] = pair.present.exact[vector.name] == 0
    ones: NDArray[np.bool_] = (np.abs(gap) <= vector.unit_milli) | (pair.moved == 1)
    hers = (nobody_without & (gap > 0) & ones, nobody_with & (gap < 0) & ones)
    return sides[0][vector.name][:, hers[0]], sides[1][vector.name][:, hers[1]]


def _keys_shown(vector: VectorPlan, pair: Neighbours, lone: tuple[Floats, Floats]) -> Finding:
    """Check δ: how often a key that one person alone holds is seen, and how far its threshold stands."""
    name, delta = vector.name, pair.moved * vector.delta_pico / PICO  # for each person who moves
    shown = [int((~np.isnan(keys)).any(axis=1).sum()) for keys in lone]
    problems = []
    if any(rarest(count, len(keys), EACH) > delta for count, keys in zip(shown, lone, strict=True)):
        problems.append(f"{name}: a key that one person holds shows more often than δ")
    reach = quantile(2 * vector.delta_pico / PICO / vector.max_cells)
    if (vector.threshold or 0) - vector.unit_milli < reach * _claimed(vector) * 0.99:
        problems.append(f"{name}: its threshold is too low for its δ")
    figures = {
        "lone keys": float(sum(keys.shape[1] for keys in lone)),
        "draws that show one": float(sum(shown)),
    }
    return Finding(name, problems=tuple(problems), figures=figures)


def _beyond(pair: Neighbours, name: str, rho_micro: int, found: Apart) -> list[str]:
    bound = _bound(pair, rho_micro)
    if max(found.low, found.low_counted) <= bound:
        return []
    return [f"{pair.shape.name}: μ of {name} is at least {found.low:.3f}, above {bound:.3f}"]


def _bound(pair: Neighbours, rho_micro: int) -> float:
    return pair.moved * math.sqrt(2 * rho_micro / MICRO)
