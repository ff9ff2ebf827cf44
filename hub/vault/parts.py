"""Cuts the people of one computation into parts that fit in memory; nobody is ever in two of them.

Every query of the catalogue is a sum of one term per person, so the sums over the parts add up to the sum over
everybody, to the last unit: integers have no order of addition.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hub.vault.engine import Limits, MemoryRanOut

ROW_BYTES: Final = 250
"""Memory that the usual queries take for one visit; where that is too little, the part is cut in two again."""
_MOST: Final = 1 << 14  # parts: when so few people do not fit, no cut will help

Done = TypeVar("Done")


@dataclass(frozen=True)
class Part:
    """The persons whose number leaves a remainder: their number says nothing of them."""

    remainder: int = 0
    parts: int = 1

    def halves(self) -> tuple["Part", "Part"]:
        """Return two parts that hold the same people between them."""
        return Part(self.remainder, 2 * self.parts), Part(
            self.remainder + self.parts, 2 * self.parts
        )

    def of(self, table: pa.Table) -> pa.Table:
        """Return the rows of the persons of this part."""
        if self.parts == 1:
            return table
        keys: NDArray[np.uint64] = table["person_key"].to_numpy()
        return table.filter(pa.array(keys % np.uint64(self.parts) == self.remainder))


WHOLE: Final = Part()
"""Everybody at once."""


def parts_for(rows: int, limits: Limits) -> list[Part]:
    """Return the parts into which so many visits are cut to begin with; one when they should fit at once."""
    parts = min(_MOST, max(1, -(-rows * ROW_BYTES // limits.bytes)))
    return [Part(remainder, parts) for remainder in range(parts)]


def over(parts: list[Part], work: Callable[[Part], Done]) -> Iterator[Done]:
    """Yield what *work* makes of each part; a part that does not fit is cut in two and done again.

    Raises:
        MemoryRanOut: not even a handful of people fits.
    """
    waiting = list(parts)
    while waiting:
        part = waiting.pop()
        try:
            done = work(part)
        except MemoryRanOut:
            if part.parts >= _MOST:
                raise
            waiting += part.halves()
            continue
        yield done
