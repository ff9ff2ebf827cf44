"""Scores a place by the show there that suits each person best: the model's tags, before anybody has seen it.

A person is what she saw in this house: things, each of a discipline and of what its catalogue line says. The
model's affinities between such values multiply the place's score, by the law of ``contracts.tags``: its nearest
shows on the average and within bounds, so that a house gains nothing by declaring many. A show that she saw here
under the same title, or the same work by the same company, is not proposed again.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contracts.model import MILLI, Model
from contracts.tags import MOST_EXPECTED, MOST_LIFT, NEAREST, TAGS, AxisTastes, spoken, tag_of
from contracts.visit import Discipline
from venue_agent.recommend.dial import Items, Lists
from venue_agent.recommend.people import Floats, People
from venue_agent.recommend.programs import Seen, Show
from venue_agent.recommend.public import Public
from venue_agent.recommend.said import disciplines, expected, names, positions
from venue_agent.recommend.scores import BLOCK, Places, Scorer, sum_rows

SEEN: Final = -50.0
GONE: Final = -25.0  # between what was seen and everything else
FAR: Final = 10.0  # tastes order the shows of one place as far as e^±10
TELLING: Final = 1.1  # times likelier than by chance: then a tag is a reason
Table = NDArray[np.float32]


@dataclass(frozen=True)
class Suits:
    """For each place of each list: the show to name there, -1 for none; and why, by its tags."""

    show: Items  # persons × length
    axis: Items  # persons × length: position in ``ShowScorer.axes``, -1 where no tag is a reason
    thing: Items  # persons × length: what she saw that says so

    def of(self, rows: Items) -> "Suits":
        """Return those rows, each as often as it is named."""
        return Suits(self.show[rows], self.axis[rows], self.thing[rows])


@dataclass(frozen=True)
class ShowScorer(Scorer):
    """A scorer whose places are worth what their best show is to each person.

    ``People.liked`` holds positions in *things*.
    """

    shows: tuple[Show, ...] = ()
    things: tuple[Seen, ...] = ()

    @property
    def batch(self) -> int:
        """How many people are worked on together."""
        return max(BLOCK // max(len(self.popularity), len(self.shows)), 64)

    @cached_property
    def axes(self) -> tuple[AxisTastes, ...]:
        """The model's axes; disciplines by the pair matrix where its tags do not tell of them."""
        told = tuple(self.model.tags.axes) if self.model.tags else ()
        if any(axis.axis == "discipline" for axis in told):
            return told
        return (disciplines(self.model), *told)

    def write(self, scores: Floats, people: People) -> None:
        """Write the scores of places, each times what its nearest shows are worth to her on the average."""
        super().write(scores, people)
        if self.shows:
            scores[:, self._shown] *= self._lifted(people)

    def worths(self, people: People) -> Floats:
        """Return persons × shows: the logarithm of what each show is worth beside the others of its place."""
        worth = self._tastes(people)
        worth += self._expected
        return worth

    def _tastes(self, people: People) -> Floats:
        """Return persons × shows: the sum of what the axes add; far below nought for what she saw here."""
        known = _flat(people)
        tastes = np.zeros((len(people), len(self.shows)))
        more = np.empty_like(tastes)
        for n in range(len(self.axes)):
            tastes += self._share(n, known, more)
        np.clip(tastes, -FAR, FAR, out=tastes)
        sum_rows(more, self._seen, known)
        tastes += np.maximum(more, SEEN)
        return tastes

    def _lifted(self, people: People) -> Floats:
        """Return persons × places with shows: the mean lift of their nearest different shows, by expected public."""
        columns, starts, weights, places = self._nearest
        bound = np.log(MOST_LIFT)
        lifts = np.exp(np.clip(self._tastes(people)[:, columns], -bound, bound))
        best = np.maximum.reduceat(lifts, starts, axis=1)
        found: Floats = np.add.reduceat(best * weights, places, axis=1)
        found /= np.add.reduceat(weights, places)
        return found

    @cached_property
    def _nearest(self) -> tuple[Items, Items, Floats, Items]:
        """The shows that lift places: columns, alike ones side by side; where each kind begins; its weight; where places begin.

        Shows of a place that say the same on every axis are one kind; the NEAREST kinds of each place count.
        """
        place = np.array([show.place for show in self.shows])
        said = np.column_stack([place, *self._events])
        _, first, kind = np.unique(said, axis=0, return_index=True, return_inverse=True)
        by_day = np.argsort(first)  # shows come place by place, the first day first
        rank = np.empty_like(by_day)
        rank[by_day] = np.arange(len(by_day))
        whose = place[first[by_day]]
        few = np.arange(len(whose)) - np.searchsorted(whose, whose) < NEAREST
        each = rank[kind.ravel()]
        columns = np.argsort(each, kind="stable")
        columns = columns[few[each[columns]]]
        starts = np.flatnonzero(np.diff(each[columns], prepend=-1))
        weights = np.maximum.reduceat(np.exp(self._expected)[columns], starts)
        return columns, starts, weights, np.flatnonzero(np.diff(whose[few], prepend=-1))

    def suits(self, people: People, lists: Lists) -> Suits:
        """Return the show to name for each place of each list, and the tag that speaks for it."""
        found = np.full(lists.items.shape, -1)
        if not self.shows:
            return Suits(found, found.copy(), found.copy())
        worth = self.worths(people)
        ends = [*self._starts[1:].tolist(), len(self.shows)]
        for place, start, end in zip(self._shown.tolist(), self._starts.tolist(), ends, strict=True):  # fmt: skip
            rows, ranks = np.nonzero(lists.items == place)
            some = worth[rows, start:end]
            at = some.argmax(axis=1)
            found[rows, ranks] = np.where(some[np.arange(len(rows)), at] > GONE, start + at, -1)
        return self._named(people, found)

    def _named(self, people: People, found: Items) -> Suits:
        known = _flat(people)
        rows, ranks = np.nonzero(found >= 0)
        shows = found[rows, ranks]
        each = np.stack([self._share(n, known, np.empty((len(people), len(self.shows))))[rows, shows] for n in range(len(self.axes))])  # fmt: skip
        axis, thing = np.full(found.shape, -1), np.full(found.shape, -1)
        most = each.argmax(axis=0)
        liked = np.full((len(people), 1), -1) if people.liked is None else people.liked
        for n in range(len(self.axes)):
            here = np.flatnonzero((most == n) & (each[n] >= np.log(TELLING)))
            said = self._tables[n][self._values[n][liked[rows[here]]], shows[here][:, None]]
            said = np.where(liked[rows[here]] >= 0, said, -np.inf)
            thing[rows[here], ranks[here]] = liked[rows[here], said.argmax(axis=1)]
            axis[rows[here], ranks[here]] = n
        return Suits(found, axis, thing)

    def _share(self, axis: int, known: tuple[Places, Places], out: Floats) -> Floats:
        """Return what an axis adds: logarithms over √n of the n things that say something on it."""
        counts, things = known
        sum_rows(out, self._tables[axis], (counts, self._values[axis][things]))
        whose = np.repeat(np.arange(len(counts)), counts)
        said = np.bincount(whose, weights=self._speaks[axis][things], minlength=len(counts))
        out /= np.sqrt(np.maximum(said, 1.0))[:, None]
        return out

    @cached_property
    def _shown(self) -> Items:
        """The places that have a show, in order."""
        return np.unique([show.place for show in self.shows])

    @cached_property
    def _starts(self) -> Items:
        """Where each such place's shows begin."""
        starts: Items = np.searchsorted([show.place for show in self.shows], self._shown)
        return starts

    @cached_property
    def _speaks(self) -> list[Floats]:
        """For each axis, which things say something on it."""
        return [(values >= 0).astype(np.float64) for values in self._values]

    @cached_property
    def _values(self) -> list[Items]:
        """For each axis, the position of what each thing says; -1 for nothing that the axis lists."""
        return [positions(axis, [t.says(axis.axis) for t in self.things]) for axis in self.axes]

    @cached_property
    def _events(self) -> list[Items]:
        """For each axis, the position of what each show says."""
        return [positions(axis, [tag_of(show.event, axis.axis) for show in self.shows]) for axis in self.axes]  # fmt: skip

    @cached_property
    def _tables(self) -> list[Table]:
        """For each axis, values × shows: the logarithm of their affinity; the last row, of nothing said, is 0."""
        return [self._table(axis, at) for axis, at in zip(self.axes, self._events, strict=True)]

    def _table(self, axis: AxisTastes, events: Items) -> Table:
        lifts = np.log(np.maximum(np.array(axis.affinity_milli), 1) / MILLI)
        lifts = np.pad(lifts, ((0, 1), (0, 1)))  # the last: a value that the axis does not list
        table: Floats = lifts[:, events]
        if (
            axis.axis == "discipline"
        ):  # beside its place's own, which the place's score knows already
            homes = [self.model.items[show.place].discipline.value for show in self.shows]
            table = table - lifts[:, positions(axis, homes)]
        return table.astype(np.float32)

    @cached_property
    def _seen(self) -> Table:
        """Things × shows: far below nought where they are the same."""
        named: dict[object, list[int]] = defaultdict(list)
        for n, show in enumerate(self.shows):
            for name in names(show.event):
                named[name].append(n)
        table = np.zeros((len(self.things), len(self.shows)), dtype=np.float32)
        for row, thing in enumerate(self.things):
            for name in names(thing.event) if thing.event else ():
                table[row, named.get(name, [])] = SEEN
        return table

    @cached_property
    def _expected(self) -> Floats:
        """For each show, the logarithm of the public it may expect, beside the best placed of its place."""
        told = np.stack([expected(axis)[at] for axis, at in zip(self.axes, self._events, strict=True)])  # fmt: skip
        said = ~np.isnan(told)
        worth = np.where(said, told, 0.0).sum(axis=0) / np.maximum(said.sum(axis=0), 1)
        worth += [self._cells.get((show.place, show.event.discipline), 0.0) for show in self.shows]
        most = np.maximum.reduceat(worth, self._starts)
        beside: Floats = worth - np.repeat(most, np.diff([*self._starts, len(worth)]))
        return beside

    @cached_property
    def _cells(self) -> dict[tuple[int, Discipline], float]:
        """By place and discipline, the logarithm of its part of the place's public beside the place's largest."""
        most: dict[str, int] = defaultdict(lambda: 1)
        for cell in self.model.cells:
            most[cell.place] = max(most[cell.place], cell.popularity_milli)
        at = {item.item: n for n, item in enumerate(self.model.items)}
        least = -np.log(MOST_EXPECTED)
        return {
            (at[cell.place], cell.discipline): float(
                max(np.log(max(cell.popularity_milli, 1) / most[cell.place]), least)
            )
            for cell in self.model.cells
            if cell.place in at
        }


def joined(parts: list[Suits]) -> Suits:
    """Return the rows of all parts."""
    return Suits(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("show", "axis", "thing")))  # fmt: skip


def scorer_of(model: Model, shows: tuple[Show, ...], public: Public) -> tuple[Scorer, Public]:
    """Return how to score, and the people who carry what shows are weighed by; without any show, as before.

    Things that say the same are one, unless a show to come has the title of one of them: so few kinds of
    people are left.
    """
    if not shows:
        return Scorer(model), public
    titles = {show.title for show in shows}
    said = [_alike(thing, titles) for thing in public.things]
    first = {each: n for n, each in reversed(list(enumerate(said)))}
    apart = sorted(first.values())
    place = np.array([apart.index(first[each]) for each in said] + [-1])
    saw = place[public.saw] if public.saw is not None else np.full((len(public.people), 0), -1)
    people = replace(public.people, liked=saw if saw.shape[1] else None)
    things = tuple(public.things[n] for n in apart)
    return ShowScorer(model, shows, things), replace(public, people=people)


def _alike(thing: Seen, titles: set[str]) -> tuple[str | None, ...]:
    title = None if thing.event is None else spoken(thing.event.title)
    tags = (thing.says(axis) for axis in TAGS)
    return (thing.discipline.value, title if title in titles else None, *tags)


def _flat(people: People) -> tuple[Places, Places]:
    if people.liked is None:
        return np.zeros(len(people), dtype=np.int64), np.zeros(0, dtype=np.int64)
    there = people.liked >= 0
    return there.sum(axis=1), people.liked[there]
