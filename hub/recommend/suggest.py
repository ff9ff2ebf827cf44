"""« Vous aimerez aussi » : from a place or a discipline, which places come next, read in the published model and nothing else.

Whoever looks is not known: the list is the same for everybody, a function of the edition, of where it starts from and of
the dial. It is the agents' rule for somebody of whom one thing is known (Jannach et al. 2015 on popularity bias for β).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contracts.model import MICRO, MILLI, Model
from contracts.visit import Discipline
from hub.recommend.observed import Floats

BETA_START: Final = 0.2
BETA_MORE: Final = 0.1
EXPOSURE: Final = 1.0  # a small place's worth doubles at 100
FULL: Final = 100


@dataclass(frozen=True)
class Suggestions:
    """A model ready to suggest with."""

    model: Model

    def from_place(self, place: str, openness: int, length: int) -> list[str]:
        """Return the places that come next for somebody who knows *place*; none when the model does not hold it.

        Raises:
            ValueError: the dial goes from 0 to 100.
        """
        known = [n for n, item in enumerate(self.model.items) if item.item == place]
        return self._next(known, openness, length)

    def from_discipline(self, discipline: Discipline, openness: int, length: int) -> list[str]:
        """Return the places that come next for somebody who goes to *discipline*, those of it among them.

        Raises:
            ValueError: the dial goes from 0 to 100.
        """
        known = [n for n, item in enumerate(self.model.items) if item.discipline is discipline]
        return self._next(known, openness, length, told=known)

    @cached_property
    def _popularity(self) -> Floats:
        counts = np.asarray(self.model.popularity_milli, dtype=np.float64) / MILLI
        floored = np.maximum(counts, 1.0)
        return floored / float(floored.mean())

    @cached_property
    def _weights(self) -> Floats:
        """From a place that she knows (row) to one that she may like (column)."""
        if self.model.method == "popularity":
            return np.tile(self._popularity, (len(self._popularity), 1))
        factors = np.asarray(self.model.factors_micro, dtype=np.float64) / MICRO
        scale = np.asarray(self.model.scale_micro, dtype=np.float64) / MICRO
        link = factors if self.model.method == "full-rank" else factors @ factors.T
        weights: Floats = link * scale[None, :] / scale[:, None]
        return weights

    def _next(
        self, known: list[int], openness: int, length: int, told: list[int] | None = None
    ) -> list[str]:
        if not 0 <= openness <= FULL:
            raise ValueError("the dial goes from 0 to 100")
        if not known:
            return []
        opened = openness / FULL
        scores = np.maximum(self._weights[known].sum(axis=0), 0.0)
        scores += 1e-6 * self._popularity / float(self._popularity.max())
        closed = np.zeros(len(scores), dtype=np.bool_)
        closed[known if told is None else []] = True
        chosen = self._chosen(scores, closed, self._outside(known), (opened, length))
        return [self.model.items[n].item for n in chosen]

    def _chosen(
        self, scores: Floats, closed: NDArray[np.bool_], outside: NDArray[np.bool_], wish: tuple[float, int]
    ) -> list[int]:  # fmt: skip
        """Return the best places, as many discoveries among them as without the dial, or more: never fewer."""
        opened, length = wish
        natural = np.flatnonzero(~closed)[
            np.argsort(-self._worth(scores, 0.0)[~closed], kind="stable")
        ]
        kinds = len(self.model.disciplines)
        asked = int(np.floor(length * opened * (1 - 1 / kinds) + 0.5))
        found = max(int(outside[natural[:length]].sum()), asked)
        worth = self._worth(scores, opened)
        order = [int(n) for n in np.argsort(-worth, kind="stable") if not closed[n]]
        far = [n for n in order if outside[n]]
        near = [n for n in order if not outside[n]]
        quota = min(max(found, length - len(near)), len(far), length)
        kept = {*far[:quota], *near[: length - quota]}
        return [n for n in order if n in kept]

    def _worth(self, scores: Floats, opened: float) -> Floats:
        beta = BETA_START + BETA_MORE * opened
        worth: Floats = scores * self._popularity**-beta * (1 + EXPOSURE * opened * self._small)
        return worth

    @cached_property
    def _small(self) -> NDArray[np.bool_]:
        """Which places are small: the less popular half."""
        flags = np.zeros(len(self._popularity), dtype=np.bool_)
        flags[np.argsort(self._popularity, kind="stable")[: len(flags) // 2]] = True
        return flags

    def _outside(self, known: list[int]) -> NDArray[np.bool_]:
        """Which places are of another discipline than what she knows."""
        usual = {self.model.items[n].discipline for n in known}
        return np.asarray([item.discipline not in usual for item in self.model.items])
