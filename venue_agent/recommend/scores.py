"""Scores each person of the house by the network's model and by her own visits here, and nothing else."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contracts.model import MICRO, MILLI, Model

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LEAST_LIFT: Final = 0.1  # no discipline is so foreign that a single visit settles everything
TRACE: Final = 1e-6  # of popularity: orders what the model does not


@dataclass(frozen=True)
class People:
    """What the house knows of its own people, as arrays; row by row the same person everywhere."""

    mix: (
        Floats  # persons × disciplines of the model: shares of her visits here; noughts without any
    )
    seen: Flags  # persons × items: what she knows already
    visits: NDArray[np.int64]  # persons
    told: Flags | None = None  # persons × items: what she was told of lately

    @property
    def closed(self) -> Flags:
        """Persons × items: what may not be told."""
        return self.seen if self.told is None else self.seen | self.told

    def __len__(self) -> int:
        """The number of people."""
        return len(self.visits)

    def part(self, at: slice | NDArray[np.int64]) -> "People":
        """Return some of the rows."""
        told = None if self.told is None else self.told[at]
        return People(self.mix[at], self.seen[at], self.visits[at], told)

    def distinct(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return one row of each kind of person, and for each person the position of her kind.

        Same mix, same places, some visit or none: the same list. People of about three visits are
        of few kinds.
        """
        flags = [self.seen, self.closed, self.visits > 0]
        said = np.packbits(np.column_stack(flags), axis=1)
        rows = np.hstack([np.ascontiguousarray(self.mix).view(np.uint8), said])
        packed = np.ascontiguousarray(rows).view(f"V{rows.shape[1]}").ravel()
        _, first, kind = np.unique(packed, return_index=True, return_inverse=True)
        return first, kind.ravel()


@dataclass(frozen=True)
class Scorer:
    """A model ready to score with: its integers as numbers, once."""

    model: Model

    @cached_property
    def popularity(self) -> Floats:
        """Popularity of the items, over their mean."""
        counts = np.asarray(self.model.popularity_milli, dtype=np.float64) / MILLI
        floored = np.maximum(counts, 1.0)
        return floored / float(floored.mean())

    @cached_property
    def discipline(self) -> NDArray[np.int64]:
        """For each item, the position of its discipline."""
        known = {kind: n for n, kind in enumerate(self.model.disciplines)}
        return np.asarray([known[item.discipline] for item in self.model.items], dtype=np.int64)

    @cached_property
    def small(self) -> Flags:
        """Which items are small houses: the less popular half."""
        order = np.argsort(self.popularity, kind="stable")
        flags = np.zeros(len(order), dtype=np.bool_)
        flags[order[: len(order) // 2]] = True
        return flags

    @cached_property
    def shelves(self) -> tuple[NDArray[np.int64], ...]:
        """For each discipline, the positions of its items."""
        kinds = range(len(self.model.disciplines))
        return tuple(np.flatnonzero(self.discipline == kind) for kind in kinds)

    @cached_property
    def weights(self) -> Floats:
        """From an item that she knows (row) to an item that she may like (column)."""
        if self.model.method == "popularity":
            return np.tile(self.popularity, (len(self.popularity), 1))
        factors = self._factors
        link = factors if self.model.method == "full-rank" else factors @ factors.T
        weights: Floats = link * self._scale[None, :] / self._scale[:, None]
        return weights

    def scores(self, people: People) -> Floats:
        """Return persons × items: never negative, -inf where she knows the item or was told of it lately.

        What the items that she knows say, times how the disciplines that she visits here draw to
        that of the item, against how those of the items themselves do. Whoever has no visit gets
        the network's popularity.
        """
        seen = people.seen.astype(np.float64)
        linked = self._linked(seen) if self.model.method != "popularity" else self._popular(people)
        scores = np.maximum(linked, 0.0) * self._personal(people, seen)
        scores += self._trace
        new = people.visits == 0
        scores[new] = self.popularity
        scores[people.closed] = -np.inf
        return scores

    def _linked(self, seen: Floats) -> Floats:
        """Return seen · weights: through the factors where they are few, for that is less work."""
        if self.model.method != "spectral" or 2 * self._factors.shape[1] >= len(self._scale):
            return seen @ self.weights
        linked: Floats = ((seen / self._scale) @ self._factors) @ self._factors.T * self._scale
        return linked

    @cached_property
    def _factors(self) -> Floats:
        return np.asarray(self.model.factors_micro, dtype=np.float64) / MICRO

    @cached_property
    def _scale(self) -> Floats:
        return np.asarray(self.model.scale_micro, dtype=np.float64) / MICRO

    @cached_property
    def _trace(self) -> Floats:
        return TRACE * self.popularity / float(self.popularity.max())

    @cached_property
    def _lifts(self) -> Floats:
        return np.maximum(np.asarray(self.model.lifts_milli, dtype=np.float64) / MILLI, LEAST_LIFT)

    @cached_property
    def _kinds(self) -> Floats:
        """Items × disciplines."""
        kinds: Floats = np.eye(len(self.model.disciplines))[self.discipline]
        return kinds

    def _popular(self, people: People) -> Floats:
        return np.tile(self.popularity, (len(people), 1))

    def _personal(self, people: People, seen: Floats) -> Floats:
        lifts = self._lifts
        shown = seen @ self._kinds
        total = shown.sum(axis=1, keepdims=True)
        expected = np.divide(shown, total, out=np.zeros_like(shown), where=total > 0)
        ratio = np.divide(
            people.mix @ lifts, expected @ lifts, out=np.ones_like(shown), where=total > 0
        )
        personal: Floats = ratio[:, self.discipline]
        return personal


def shares(scores: Floats) -> Floats:
    """Return each person's scores as shares of their sum: what ranks people for one item.

    The share, not the score: whoever scores high everywhere is no better for one house.
    """
    known = np.where(np.isfinite(scores), scores, 0.0)
    total = known.sum(axis=1, keepdims=True)
    part: Floats = np.divide(known, total, out=np.zeros_like(known), where=total > 0)
    return part
