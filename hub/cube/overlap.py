"""Any set of places that no plan named: how many people came to one, or to all, by a model, never measured.

Of all ways in which people may spread over the set, the most even one that has the published reach of each
place and the published pairs (greatest entropy, by iterative proportional fitting). A model of more places
than two has no honest interval, so none is given.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from contracts.edition import Edition, Estimate
from hub.cube.design import Floats
from hub.cube.found import tables
from hub.errors import NoCube

MOST_PLACES: Final = 8
_SWEEPS: Final = 300
_TWO: Final = 2
_JOIN: Final = "+"


@dataclass(frozen=True)
class Overlap:
    """People who came to any place of the set, and to all; the intervals only where it was measured."""

    anybody: int
    everywhere: int
    any_between: tuple[int, int] | None = None
    all_between: tuple[int, int] | None = None


def overlap(edition: Edition, places: Sequence[str]) -> Overlap:
    """Return the overlap of a set of places: as the edition measured it, else by the model.

    Args:
        edition: as it was published.
        places: distinct places of the edition, in any order.

    Raises:
        NoCube: the edition lacks reach or pairs, a place is unknown, or they are too few or too many.
    """
    reach = {row.keys[0]: _people(row) for row in _rows(edition, "reach-venues")}
    chosen = sorted(set(places), key=list(reach).index if set(places) <= set(reach) else str)
    if not set(chosen) <= set(reach) or not _TWO <= len(chosen) <= MOST_PLACES:
        raise NoCube(
            "Found {chosen}; expected {two} to {most_places} of the edition's places: {reach}.",
            chosen=", ".join(chosen),
            two=_TWO,
            most_places=MOST_PLACES,
            reach=", ".join(reach),
        )
    told = _measured(edition, chosen)
    if told is not None:
        return told
    whole = next(_people(row) for row in _rows(edition, "reach-network"))
    return _modelled(max(whole, 1.0), [reach[place] for place in chosen], _pairs(edition, chosen))


def _measured(edition: Edition, places: list[str]) -> Overlap | None:
    wanted = frozenset(places)
    found = {
        row.keys[1]: row
        for row in _rows(edition, "overlaps", needed=False)
        if frozenset(row.keys[0].split(_JOIN)) == wanted
    }
    if not found:
        return None
    one, every = found["any"], found["all"]
    return Overlap(round(_people(one)), round(_people(every)), _between(one), _between(every))


def _modelled(whole: float, reach: list[float], pairs: dict[tuple[int, int], float]) -> Overlap:
    """Return the table of greatest entropy, a cell for each way to have come or not to each place."""
    count = len(reach)
    table: Floats = np.full((2,) * count, 1 / 2**count)
    shares = [min(max(people / whole, 1e-9), 1 - 1e-9) for people in reach]
    for _sweep in range(_SWEEPS):
        for (a, b), people in pairs.items():
            both = min(max(people / whole, 1e-9), shares[a], shares[b])
            away = tuple(axis for axis in range(count) if axis not in (a, b))
            target = np.array(
                [[1 - shares[a] - shares[b] + both, shares[b] - both], [shares[a] - both, both]]
            )
            have = table.sum(axis=away)
            shape = [2 if axis in (a, b) else 1 for axis in range(count)]
            ratio = np.maximum(target, 0.0) / np.maximum(have, 1e-15)
            table = table * ratio.reshape(shape)
        table = table / table.sum()
    nobody, every = float(table[(0,) * count]), float(table[(1,) * count])
    anybody = round(min(max(whole * (1 - nobody), *reach), sum(reach), whole))
    return Overlap(anybody, round(min(whole * every, *pairs.values())))


def _pairs(edition: Edition, places: list[str]) -> dict[tuple[int, int], float]:
    """Return the people of each two places, from the denoised matrix where there is one."""
    denoised = any(tables(edition, "pairs-ranking"))
    rows = _rows(edition, "pairs-ranking" if denoised else "pairs")
    known = {frozenset(row.keys[:2]): _people(row) for row in rows}
    return {
        (a, b): known[frozenset((places[a], places[b]))]
        for a, b in combinations(range(len(places)), 2)
    }


def _rows(edition: Edition, name: str, *, needed: bool = True) -> Iterator[Estimate]:
    found = list(tables(edition, name))
    if not found and needed:
        raise NoCube(
            "Edition {edition} has no table {name}; overlaps are read from reach and pairs.",
            edition=edition.edition,
            name=name,
        )
    for table in found:
        yield from table.rows


def _people(row: Estimate) -> float:
    return max(row.value_milli, 0) / 1000


def _between(row: Estimate) -> tuple[int, int]:
    return row.low_milli // 1000, -(-row.high_milli // 1000)
