"""Scores a place by the show there that suits each person best: the model's tags, before anybody has seen it.

A person is what she saw in this house: things, each of a discipline and of what its catalogue line says. The
model's affinities between such values multiply the place's score (``contracts.tags``); a show that she saw here
under the same title, or the same work by the same company, is not proposed again.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contracts.catalogue import Event
from contracts.model import MILLI, Model
from contracts.tags import TAGS, AxisTastes, spoken, tag_of
from venue_agent.recommend.dial import Items, Lists
from venue_agent.recommend.people import Floats, People
from venue_agent.recommend.programs import Show, Thing
from venue_agent.recommend.public import Public
from venue_agent.recommend.scores import BLOCK, Places, Scorer, sum_rows

SEEN: Final = -50.0  # below every sum of logarithms
GONE: Final = -25.0
MOST: Final = 3.0  # no show is worth more than twenty times its place, nor less than a twentieth
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
    things: tuple[Thing, ...] = ()

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
        return (_disciplines(self.model), *told)

    def write(self, scores: Floats, people: People) -> None:
        """Write the scores of places, each times what its best show is worth to her."""
        super().write(scores, people)
        if not self.shows:
            return
        best = np.maximum.reduceat(self.worths(people), self._starts, axis=1)
        scores[:, self._shown] *= np.exp(np.clip(best, -MOST, MOST))

    def worths(self, people: People) -> Floats:
        """Return persons × shows: the logarithm of what each show is worth beside the others of its place."""
        known = _flat(people)
        worth = np.empty((len(people), len(self.shows)))
        sum_rows(worth, self._seen, known)
        worth += self._expected
        more = np.empty_like(worth)
        for n in range(len(self.axes)):
            worth += self._share(n, known, more)
        return worth

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
            said = self._tables[n][liked[rows[here]], shows[here][:, None]]
            said = np.where(liked[rows[here]] >= 0, said, -np.inf)
            thing[rows[here], ranks[here]] = liked[rows[here], said.argmax(axis=1)]
            axis[rows[here], ranks[here]] = n
        return Suits(found, axis, thing)

    def _share(self, axis: int, known: tuple[Places, Places], out: Floats) -> Floats:
        """Return what an axis adds: logarithms over √n of the n things that say something on it."""
        sum_rows(out, self._tables[axis], known)
        counts, things = known
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
        spoken_ = [{spoken(v) for v in axis.values} for axis in self.axes]
        return [
            np.array([float((t.says(axis.axis) or "") in known) for t in self.things])
            for axis, known in zip(self.axes, spoken_, strict=True)
        ]

    @cached_property
    def _tables(self) -> list[Table]:
        """For each axis, things × shows: the logarithm of their affinity, 0 where one says nothing."""
        return [self._table(axis) for axis in self.axes]

    def _table(self, axis: AxisTastes) -> Table:
        lifts = np.log(np.maximum(np.array(axis.affinity_milli), 1) / MILLI)
        lifts = np.pad(lifts, ((0, 1), (0, 1)))  # the last: a value that the axis does not list
        known = {spoken(value): n for n, value in enumerate(axis.values)}

        def at(said: str | None) -> int:
            return known.get(said or "", -1)

        things = np.array([at(thing.says(axis.axis)) for thing in self.things], dtype=np.int64)
        events = np.array([at(tag_of(show.event, axis.axis)) for show in self.shows])
        table: Floats = lifts[np.ix_(things, events)]
        if (
            axis.axis == "discipline"
        ):  # beside its place's own, which the place's score knows already
            homes = np.array([at(self.model.items[s.place].discipline.value) for s in self.shows])
            table = table - lifts[np.ix_(things, homes)]
        return table.astype(np.float32)

    @cached_property
    def _seen(self) -> Table:
        """Things × shows: far below nought where they are the same."""
        same = [[float(_is_same(thing.event, show)) for show in self.shows] for thing in self.things]  # fmt: skip
        return (SEEN * np.array(same).reshape(len(self.things), len(self.shows))).astype(np.float32)

    @cached_property
    def _expected(self) -> Floats:
        """For each show, the logarithm of the public it may expect, beside the best placed of its place."""
        parts = [
            [_expected(axis, tag_of(show.event, axis.axis)) for axis in self.axes]
            for show in self.shows
        ]
        worth = np.array([np.mean([p for p in each if p is not None] or [0.0]) for each in parts])
        worth += [self._cells(show) for show in self.shows]
        most = np.maximum.reduceat(worth, self._starts)
        beside: Floats = worth - np.repeat(most, np.diff([*self._starts, len(worth)]))
        return beside

    def _cells(self, show: Show) -> float:
        """Return the logarithm of its discipline's part of the place's public; 0 where nobody says."""
        place = self.model.items[show.place].item
        cells = {cell.discipline: cell.popularity_milli for cell in self.model.cells if cell.place == place}  # fmt: skip
        if show.event.discipline not in cells:
            return 0.0
        return float(np.log(max(cells[show.event.discipline], 1) / max(*cells.values(), 1)))


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


def _alike(thing: Thing, titles: set[str]) -> tuple[str | None, ...]:
    title = None if thing.event is None else spoken(thing.event.title)
    tags = (thing.says(axis) for axis in TAGS)
    return (thing.discipline.value, title if title in titles else None, *tags)


def _flat(people: People) -> tuple[Places, Places]:
    if people.liked is None:
        return np.zeros(len(people), dtype=np.int64), np.zeros(0, dtype=np.int64)
    there = people.liked >= 0
    return there.sum(axis=1), people.liked[there]


def _is_same(seen: Event | None, show: Show) -> bool:
    if seen is None:
        return False
    work = tag_of(seen, "work")
    alike = work is not None and work == tag_of(show.event, "work")
    return show.title == spoken(seen.title) or (
        alike and tag_of(seen, "company") == tag_of(show.event, "company")
    )


def _expected(axis: AxisTastes, said: str | None) -> float | None:
    known = [spoken(value) for value in axis.values]
    if said not in known or not sum(axis.events):
        return None
    at = known.index(said)
    mean = sum(axis.persons_milli) / sum(axis.events)
    own = axis.persons_milli[at] / max(axis.events[at], 1)
    return float(np.log(max(own, 1.0) / max(mean, 1.0)))


def _disciplines(model: Model) -> AxisTastes:
    """Return the disciplines of the pair matrix as an axis of which nothing is expected."""
    names = [kind.value for kind in model.disciplines]
    lifts = [[min(max(lift, 100), 10_000) for lift in row] for row in model.lifts_milli]
    none = [0] * len(names)
    return AxisTastes.model_construct(
        axis="discipline", values=names, persons_milli=none, events=none, shown=[], affinity_milli=lifts
    )  # fmt: skip
