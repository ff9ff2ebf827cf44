"""Bounding by weight: one person's L2 norm stays the same however much she goes out."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

HARD_CAP: Final = 32
"""Places per person that are read at all: the first by keyed priority, before any sum."""
UNIT_MILLI: Final = 1000
"""The weight of one whole person in one cell."""


def pairs_of(places: int) -> int:
    """Return the number of unordered pairs among *places*."""
    return places * (places - 1) // 2


def weight_of(cells: int, room: int) -> int:
    """Return w = min(1, √(room/cells)) in thousandths, rounded down.

    In integers, so that cells · w² ≤ room · 1000² exactly: whoever reaches more cells than
    *room* weighs less in each, and her norm stays that of *room* whole persons.
    """
    return UNIT_MILLI if cells <= room else math.isqrt(UNIT_MILLI**2 * room // cells)


@dataclass(frozen=True)
class Clip:
    """The weights of people by their number of places, and what weighing takes from the truth.

    Every tuple has one entry for 1, 2, … places read, then a last one for whoever has more
    places than are read. All are public constants.
    """

    room: int  # cells in which a person still weighs one
    cells: tuple[int, ...]  # cells that 1, 2, … places make
    beyond: bool  # whether a person may have more places than are read
    most_missing: int = 10**6  # cells, cap of what one person adds to ``missing``

    @cached_property
    def weights(self) -> tuple[int, ...]:
        """Weight in each of her cells, in thousandths; one entry per number of places read."""
        return tuple(weight_of(count, self.room) for count in self.cells)

    @property
    def l2_squared(self) -> int:
        """The squared L2 sensitivity of a vector clipped so: room · 1000², in units²."""
        return min(self.room, self.cells[-1]) * UNIT_MILLI**2

    @cached_property
    def slack(self) -> tuple[int, ...]:
        """What one person may lack in any one cell: 1 - w, or 1 where a place was not read."""
        inside = tuple(UNIT_MILLI - weight for weight in self.weights)
        return (*inside, UNIT_MILLI if self.beyond else inside[-1])

    @cached_property
    def missing(self) -> tuple[int, ...]:
        """What one person lacks over all her cells that are read, capped at ``most_missing``."""
        most = self.most_missing * UNIT_MILLI
        inside = tuple(
            min(count * (UNIT_MILLI - weight), most)
            for count, weight in zip(self.cells, self.weights, strict=True)
        )
        return (*inside, inside[-1])

    @property
    def clips(self) -> bool:
        """Whether anybody at all may weigh less than one; else there is nothing to de-bias."""
        return max(self.slack) > 0 and max(self.missing) > 0
