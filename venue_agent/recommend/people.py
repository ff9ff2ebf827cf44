"""The house's people as arrays: what the scorer needs of each, and who is of the same kind."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.util import hash_array

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_ODD: Final = 0x9E3779B97F4A7C15  # spreads the bits of what is hashed (Knuth's golden ratio)
_WORD: Final = 8
_LISTED: Final = 32  # places of one person, above which flags say it as shortly
_PART: Final = 1 << 16  # people whose places are listed at once


@dataclass(frozen=True)
class People:
    """What the house knows of its own people, as arrays; row by row the same person everywhere.

    ``seen`` may be one row broadcast to all: everybody knows this house, and no memory is spent on it.
    """

    mix: (
        Floats  # persons × disciplines of the model: shares of her visits here; noughts without any
    )
    seen: Flags  # persons × items: what she knows already
    visits: NDArray[np.int64]  # persons
    told: NDArray[np.int64] | None = None  # persons × few: items told of lately, -1 for none
    liked: NDArray[np.int64] | None = None  # persons × few: things that she saw here, -1 for none
    places: NDArray[np.int16] | None = (
        None  # persons × few: those of seen, once listed; -1 for none
    )

    @property
    def alike(self) -> bool:
        """Whether one row is everybody's."""
        return len(self) > 1 and self.seen.strides[0] == 0

    @property
    def closed(self) -> Flags:
        """Persons × items: what may not be told."""
        if self.told is None:
            return self.seen
        rows, columns = np.nonzero(self.told >= 0)
        closed: Flags = self.seen.copy()
        closed[rows, self.told[rows, columns]] = True
        return closed

    def __len__(self) -> int:
        """The number of people."""
        return len(self.visits)

    def part(self, at: slice | NDArray[np.int64]) -> "People":
        """Return some of the rows."""
        told = None if self.told is None else self.told[at]
        visits = self.visits[at]
        if self.alike:
            seen: Flags = np.broadcast_to(self.seen[:1], (len(visits), self.seen.shape[1]))
        else:
            seen = self.seen[at]
        liked = None if self.liked is None else self.liked[at]
        places = None if self.places is None else self.places[at]
        return People(self.mix[at], seen, visits, told, liked, places)

    def listed(self) -> "People":
        """Return the same people with the places that each knows listed, so that no flag is looked for again."""
        places = _listing(self.seen, 0 if self.alike else _LISTED + 1)
        return self if self.alike or places.shape[1] > _LISTED else replace(self, places=places)

    def first_places(self, most: int) -> NDArray[np.int16]:
        """Return persons × few: the first places that each knows, -1 for none; *most* at least, where she knows as many."""
        if self.places is not None:
            return self.places
        places = np.full((len(self), most), -1, dtype=np.int16)
        for at in range(0, len(self), _PART):
            some = _listing(self.seen[at : at + _PART], most)
            places[at : at + _PART, : some.shape[1]] = some
        return places

    def parts(self, rows: NDArray[np.int64], size: int) -> Iterator["People"]:
        """Yield some of the rows, so many at a time."""
        for at in range(0, len(rows), size):
            yield self.part(rows[at : at + size])

    def distinct(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return one row of each kind of person, and for each person the position of her kind.

        Same mix, same places, some visit or none: the same list. People of about three visits are
        of few kinds. Kinds come in the order in which the first of each does.
        """
        words = self._words()
        # Stirred first: shares of visits differ in their highest bits alone, which no product brings down.
        stirred = hash_array(words.ravel(), categorize=False).reshape(words.shape)
        kind, apart = pd.factorize(
            stirred @ spread(words.shape[1])
        )  # sums of 64 bits wrap around, as a hash should
        first = np.empty(len(apart), dtype=np.int64)
        first[kind[::-1]] = np.arange(len(kind))[::-1]
        if np.array_equal(words.take(first[kind], axis=0), words):
            return first, kind
        _, first, kind = np.unique(words, axis=0, return_index=True, return_inverse=True)
        return _in_order(first, kind.ravel())

    def _words(self) -> NDArray[np.uint64]:
        """Return persons × words: all that makes a kind, eight bytes at a time."""
        parts = [(self.visits > 0)[:, None].view(np.uint8)]
        parts += [] if self.alike else [np.packbits(self.seen, axis=1)]
        parts += [
            np.sort(each, axis=1).astype(np.int16).view(np.uint8)
            for each in (self.told, self.liked)
            if each is not None
        ]
        said = np.hstack(parts)
        short = -said.shape[1] % _WORD
        words = np.pad(said, ((0, 0), (0, short))).view(np.uint64)
        return np.hstack([np.ascontiguousarray(self.mix).view(np.uint64), words])


def spread(count: int) -> NDArray[np.uint64]:
    """Return so many odd numbers to hash with: sums of products by them wrap around at 64 bits."""
    return np.cumprod(np.full(count, _ODD, dtype=np.uint64), dtype=np.uint64)


def _listing(seen: Flags, most: int) -> NDArray[np.int16]:
    """Return persons × few: the first places known to each, -1 for none, *most* of them at most."""
    rows, items = np.divmod(np.flatnonzero(seen), max(seen.shape[1], 1))
    counts = np.bincount(rows, minlength=len(seen))
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = nth < most
    places = np.full((len(seen), min(most, int(counts.max(initial=0)))), -1, dtype=np.int16)
    places[rows[kept], nth[kept]] = items[kept]
    return places


def _in_order(
    first: NDArray[np.int64], kind: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return first[order], place[kind]
