"""The openness dial: from 0, what the network's publics do, to 100, every discipline and small houses alike.

Moving it up never takes a discovery off anybody's list: how many there are at least is fixed by the
list at 0 and by a number that only grows.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from venue_agent.recommend.people import Flags, Floats, People
from venue_agent.recommend.ranks import NOTHING, PLACES, as_keys, keys_of, value_of
from venue_agent.recommend.scores import Scorer

BETA_START: Final = 0.2
BETA_MORE: Final = 0.1
EXPOSURE: Final = 1.0  # a small house's worth doubles at 100
DIVERSITY: Final = 0.4
USUAL_SHARE: Final = 0.2  # of her visits, from which a discipline is one of her habits
_FULL: Final = 100
_FIRST: Final = 1e3  # above every worth
Items = NDArray[np.int64]


@dataclass(frozen=True)
class Lists:
    """What each person is told: positions of items, best first; -1 where there is nothing left."""

    items: NDArray[np.int64]  # persons × length
    relevance: Floats  # persons × length, share of her best score, before the dial
    discovery: Flags  # persons × length: outside her habits

    @property
    def told(self) -> Flags:
        """Where there is an item."""
        return self.items >= 0

    @classmethod
    def empty(cls, people: int, length: int) -> "Lists":
        """Return room for the lists of so many people."""
        shape = people, length
        return cls(np.full(shape, -1), np.zeros(shape), np.zeros(shape, dtype=np.bool_))

    def put(self, at: int | NDArray[np.int64], part: "Lists") -> None:
        """Write the lists of some people where theirs stand: from a row on, or in those rows."""
        rows = slice(at, at + len(part.items)) if isinstance(at, int) else at
        self.items[rows], self.relevance[rows], self.discovery[rows] = (
            part.items,
            part.relevance,
            part.discovery,
        )

    def of(self, rows: NDArray[np.int64]) -> "Lists":
        """Return the lists of those rows, each as often as it is named."""
        return Lists(self.items[rows], self.relevance[rows], self.discovery[rows])


@dataclass(frozen=True)
class _Wish:
    """What a choice goes by."""

    worth: Floats  # persons × items, -inf where it may not be chosen
    outside: Flags  # persons × items
    quota: NDArray[np.int64]  # persons: discoveries among the chosen
    diversity: float
    due: Items  # persons: the item to hold last, -1 for none


def habits(people: People) -> Flags:
    """Return persons × disciplines: the fifth of her visits at least, and always the first of them."""
    most = people.mix.max(axis=1, keepdims=True)
    usual: Flags = (people.mix > 0) & ((people.mix >= USUAL_SHARE) | (people.mix >= most))
    return usual


def choose(
    scorer: Scorer, people: People, openness: int, length: int, due: Items | None = None
) -> Lists:
    """Return the *length* best items of each person at that *openness*.

    Args:
        scorer: the model.
        people: whom to advise.
        openness: from 0 to 100.
        length: items in a list.
        due: for each person, an item that her list holds whatever the dial says, last; -1 for none.

    Raises:
        ValueError: the dial goes from 0 to 100.
    """
    if not 0 <= openness <= _FULL:
        raise ValueError("the dial goes from 0 to 100")
    opened = openness / _FULL
    scores = scorer.scores(people)
    usual = habits(people)
    outside = ~usual[:, scorer.discipline] & (people.visits > 0)[:, None]
    worth = _worth(scorer, scores, opened)
    asked = _asked(usual, opened, length)
    due = np.full(len(people), -1) if due is None else due
    natural = _worth(scorer, scores, 0.0)
    held = np.flatnonzero(due >= 0)
    natural[held, due[held]] = _FIRST
    quota = _quota(natural, outside, asked, length)
    habit = np.zeros(len(people), dtype=np.int64)
    habit[held] = ~outside[held, due[held]]
    wish = _Wish(worth, outside, np.minimum(quota, length - habit), DIVERSITY * opened, due)
    items = _whole(_in_quota(scorer, wish, length))
    there = items >= 0
    rows, told = np.arange(len(people))[:, None], np.maximum(items, 0)
    best = scores.max(axis=1, keepdims=True)
    return Lists(
        items=items,
        relevance=np.divide(scores[rows, told], best, out=np.zeros(items.shape), where=there),
        discovery=there & outside[rows, told],
    )


def small(scorer: Scorer) -> Flags:
    """Return which items are small houses: the less popular half."""
    return scorer.small


def _worth(scorer: Scorer, scores: Floats, opened: float) -> Floats:
    """Return score × popularity^-β over the best of it, times what small houses are given."""
    beta = BETA_START + BETA_MORE * opened
    worth = scores * scorer.tempered(beta)
    best = worth.max(axis=1, keepdims=True)
    worth /= np.where(np.isfinite(best), best, 1.0)  # -inf stays where it may not be chosen
    worth *= 1.0 + EXPOSURE * opened * small(scorer)
    return worth


def _asked(usual: Flags, opened: float, length: int) -> NDArray[np.int64]:
    """Return the discoveries that the dial asks for: its share of an even spread over disciplines."""
    even = 1.0 - usual.sum(axis=1) / usual.shape[1]
    asked: NDArray[np.int64] = np.floor(length * opened * even + 0.5).astype(np.int64)
    return asked


def _quota(
    natural: Floats, outside: Flags, asked: NDArray[np.int64], length: int
) -> NDArray[np.int64]:
    """Return how many discoveries each list holds: those of the list at 0, or what is asked if more."""
    keys = keys_of(natural, length)
    rows, first = np.arange(len(natural))[:, None], PLACES - (keys & PLACES)
    already = (outside[rows, first] & np.isfinite(value_of(keys))).sum(axis=1)
    allowed = np.isfinite(natural)
    possible = (outside & allowed).sum(axis=1)
    inside = allowed.sum(axis=1) - possible
    quota: NDArray[np.int64] = np.minimum(
        np.maximum(np.maximum(already, asked), length - inside), possible
    )
    return quota


def _in_quota(scorer: Scorer, wish: _Wish, length: int) -> Items:
    """Choose one item after the other; a discipline that was chosen counts less the next time.

    The nth of a discipline is thus worth a known amount less, and comes after the others of it: all are put in one
    order, and so many are taken in it as there are places left for discoveries and for habits.
    """
    held = np.flatnonzero(wish.due >= 0)
    fresh = wish.outside[held, wish.due[held]]
    discoveries, habitual = wish.quota.copy(), length - wish.quota
    discoveries[held] -= fresh
    habitual[held] -= ~fresh
    keys = _best_of_each(scorer, wish, length)
    worth = value_of(keys) - wish.diversity * np.arange(length) / length
    people, room = len(worth), worth[0].size if len(worth) else 0
    order = np.argsort(-worth.reshape(people, room), axis=1, kind="stable")
    order += np.arange(people)[:, None] * room
    items = PLACES - (keys.take(order) & PLACES)
    there = worth.take(order) > -np.inf
    new = wish.outside.take(items + np.arange(people)[:, None] * wish.outside.shape[1]) & there
    old = there & ~new
    kept = new & (new.cumsum(axis=1) <= discoveries[:, None])
    kept |= old & (old.cumsum(axis=1) <= habitual[:, None])
    chosen = _whole(np.where(kept, items, -1))[:, :length]
    chosen[held, length - 1] = wish.due[held]
    return chosen


def _best_of_each(scorer: Scorer, wish: _Wish, length: int) -> Items:
    """Return persons × disciplines × length: keys of the best items of each, as ``keys_of`` makes them; -inf after the last."""
    held = np.flatnonzero(wish.due >= 0)
    left = wish.worth.copy()
    left[held, wish.due[held]] = -np.inf
    keys = as_keys(left)
    best = np.full((len(keys), len(scorer.shelves), length), NOTHING)
    for kind, inside in enumerate(scorer.shelves):  # a model's disciplines are those of its items
        some = keys.take(inside, axis=1)
        least = max(len(inside) - length, 0)
        if least:
            some.partition(least, axis=1)
        top = some[:, least:]
        top.sort(axis=1)
        best[:, kind, : top.shape[1]] = top[:, ::-1]
    return best


def _whole(items: Items) -> Items:
    """Return the lists with what is told first: where too few items are left, a hole stands last."""
    order = np.argsort(items < 0, axis=1, kind="stable")
    whole: Items = np.take_along_axis(items, order, 1)
    return whole
