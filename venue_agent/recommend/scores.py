"""Scores each person of the house by the network's model and by her own visits here, and nothing else."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from contracts.model import MICRO, MILLI, Model
from venue_agent.recommend.people import Flags, Floats, People
from venue_agent.recommend.ranks import PLACES

LEAST_LIFT: Final = (
    100  # thousandths: no discipline is so foreign that a single visit settles everything
)
TRACE: Final = 1e-6  # of popularity: orders what the model does not
FEW: Final = 8  # people whose rows are sooner summed one after the other
RUN: Final = 16  # items of one discipline whose greatest guess is kept; half as many where there are few items
SHORT: Final = 2**15 - 1  # the greatest whole number of two bytes
MOST: Final = 16  # items known to one person whose weights' roundings two bytes are sure to hold
BLOCK: Final = 1 << 17  # scores that stay in a processor's own memory
Places = NDArray[np.int64]


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

    def tempered(self, beta: float) -> Floats:
        """Popularity^-β, worked out once for each β."""
        if beta not in self._tempered:
            self._tempered[beta] = self.popularity**-beta
        return self._tempered[beta]

    @cached_property
    def _tempered(self) -> dict[float, Floats]:
        return {}

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

    @property
    def batch(self) -> int:
        """How many people are worked on together: their scores stay in a processor's own memory."""
        return max(BLOCK // len(self.popularity), 64)

    @property
    def compiles(self) -> bool:
        """Whether the compiled loop knows how to score so."""
        return type(self) is Scorer and self.model.method != "popularity"

    @cached_property
    def columns(self) -> tuple[Any, ...]:
        """What the compiled loop scores with: as ``compiled.fill`` says.

        Runs of items of one discipline, the first of each run, then the second of each; where a run is shorter, a column
        that scores less than any item.
        """
        run = RUN if len(self.popularity) > RUN**2 else RUN // 2
        runs = [shelf[at : at + run] for shelf in self.shelves for at in range(0, len(shelf), run)]
        placed = np.full((run, len(runs)), -1)
        for n, some in enumerate(runs):
            placed[: len(some), n] = some
        standing = placed.ravel()
        there = standing >= 0
        exact = self.weights.astype(np.float64)
        np.fill_diagonal(exact, 0.0)  # nobody is told of what she knows
        step = float(np.abs(exact).max()) / (SHORT // MOST) or 1.0
        table = np.zeros((len(exact) + 1, len(standing)), dtype=np.int16)
        table[:-1] = np.rint(exact[:, standing] / step) * there
        return (
            table,
            step,
            self.weights[:, standing],
            np.where(there, self.trace[standing], -np.inf),
            self.discipline[standing],
            PLACES - standing * there,
            np.argsort(np.where(there, standing, len(standing)))[: len(exact)],
            self.discipline[standing[: len(runs)]],
            self.lifts,
            self.discipline,
        )

    @cached_property
    def draws(self) -> NDArray[np.float32]:
        """The weights above nought, over the popularity of the item that they lead to."""
        return (np.maximum(self.weights, 0.0) / self.popularity).astype(np.float32)

    @cached_property
    def weights(self) -> NDArray[np.float32]:
        """From an item that she knows (row) to an item that she may like (column); finer than the model's millionths."""
        if self.model.method == "popularity":
            alike: NDArray[np.float32] = self.popularity.astype(np.float32)
            return np.tile(alike, (len(alike), 1))
        factors = self._factors
        link: Floats = factors if self.model.method == "full-rank" else factors @ factors.T
        rows: Floats = link * self._scale[None, :] / self._scale[:, None]
        return rows.astype(np.float32)

    def scores(self, people: People) -> Floats:
        """Return persons × items: never negative, -inf where she knows the item or was told of it lately.

        What the items that she knows say, times how the disciplines that she visits here draw to
        that of the item, against how those of the items themselves do. Whoever has no visit gets
        the network's popularity.
        """
        scores = np.empty((len(people), len(self.popularity)))
        for at in range(0, len(people), self.batch):
            self.write(scores[at : at + self.batch], people.part(slice(at, at + self.batch)))
        return scores

    def write(self, scores: Floats, people: People) -> None:
        """Write the scores of few enough people that everything stays in a processor's own memory."""
        known = self.known(people)
        if self.model.method == "popularity":
            scores[:] = self.popularity
        else:
            sum_rows(scores, self.weights, known)
            np.maximum(scores, 0.0, out=scores)
        scores *= np.take(self.drawn(people, known), self.discipline, axis=1)
        scores += self.trace
        scores[people.visits == 0] = self.popularity
        scores[people.closed] = -np.inf

    def known(self, people: People) -> tuple[Places, Places]:
        """Return how many items each person knows, and those items, person by person."""
        if people.alike:
            here = np.flatnonzero(people.seen[0])
            return np.full(len(people), len(here)), np.tile(here, len(people))
        if people.places is not None:
            there = people.places >= 0
            return np.count_nonzero(there, axis=1), people.places[there].astype(np.int64)
        rows, items = np.divmod(np.flatnonzero(people.seen), len(self.popularity))
        return np.bincount(rows, minlength=len(people)), items

    @cached_property
    def _factors(self) -> Floats:
        return np.asarray(self.model.factors_micro, dtype=np.float64) / MICRO

    @cached_property
    def _scale(self) -> Floats:
        return np.asarray(self.model.scale_micro, dtype=np.float64) / MICRO

    @cached_property
    def trace(self) -> Floats:
        """Return what is added to every score, by popularity, so that nothing is tied at nought."""
        return TRACE * self.popularity / float(self.popularity.max())

    @cached_property
    def lifts(self) -> Floats:
        """Disciplines × disciplines, in thousandths: how a visit to the one (row) draws to the other."""
        return np.maximum(np.asarray(self.model.lifts_milli, dtype=np.float64), LEAST_LIFT)

    def drawn(self, people: People, known: tuple[Places, Places]) -> Floats:
        """Return persons × disciplines: how her visits here draw to each, against how the items known do.

        Thousandths of whole numbers of items are whole: their sum is the same in whatever order it is taken.
        """
        kinds = len(self.model.disciplines)
        counts, items = known
        whose = np.repeat(np.arange(len(people)), counts) * kinds
        flat = np.bincount(whose + self.discipline[items], minlength=len(people) * kinds)
        shown = flat.reshape(len(people), kinds).astype(np.float64)
        total = counts[:, None].astype(np.float64)
        drawn: Floats = np.divide(
            people.mix @ self.lifts * total,
            shown @ self.lifts,
            out=np.ones_like(shown),
            where=total > 0,
        )
        return drawn


def sum_rows(sums: Floats, table: NDArray[np.float32], known: tuple[Places, Places]) -> None:
    """Write to each of *sums*' rows the sum of the rows of *table* that are known to that person."""
    counts, items = known
    start = np.cumsum(counts) - counts
    if len(sums) <= FEW:
        sums[:] = 0.0
        for n, (at, count) in enumerate(zip(start.tolist(), counts.tolist(), strict=True)):
            for item in items[at : at + count].tolist():
                sums[n] += table[item]
        return
    order = np.argsort(-counts, kind="stable")  # whoever knows another one stands first
    some, start = np.zeros_like(sums), start[order]
    for nth in range(int(counts.max(initial=0))):
        those = int(np.count_nonzero(counts > nth))
        some[:those] += table.take(items[start[:those] + nth], axis=0)
    sums[order] = some


def shares(scores: Floats) -> Floats:
    """Return each person's scores as shares of their sum: what ranks people for one item.

    The share, not the score: whoever scores high everywhere is no better for one house.
    """
    known = np.where(np.isfinite(scores), scores, 0.0)
    total = known.sum(axis=1, keepdims=True)
    part: Floats = np.divide(known, total, out=np.zeros_like(known), where=total > 0)
    return part
