"""The tags block and the cells of a model, from the edition's noisy tables and the public catalogues alone.

All is post-processing of what was published: no visit is read, nothing is charged.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

import numpy as np

from contracts.catalogue import Catalogue, shown
from contracts.edition import Edition, Vector, sigma_of
from contracts.model import MILLI
from contracts.tags import Axis, AxisTastes, Cell, TagTastes, catalogues_sha256, spoken, tag_of
from contracts.tags_shown import MOST_EVENTS, meets, widely_shown
from contracts.visit import Discipline
from hub.recommend.attributes import Tagged, lifts_of
from hub.recommend.observed import Floats

MEASURE: Final = "tags"
AXES: Final[tuple[Axis, ...]] = ("discipline", "period", "work", "author", "company")
FEW, MANY = 1 / 3, 3.0
"""Bounds of what a value's own count may change of what its shows let expect."""
_LEAST: Final = 1e-9


@dataclass(frozen=True)
class Shows:
    """What places show, by public catalogues: all that a model takes from them."""

    sha256: str  # of the catalogues
    totals: list[int]  # events of each place in the window
    counts: dict[Axis, list[list[int]]]  # places × values: of these, events that say the value


@dataclass(frozen=True)
class Houses:
    """The places of an edition: their people by its figures, what the charter says of them, and what they show."""

    kinds: list[Discipline]  # by place; stands where a catalogue says nothing
    popularity: Floats  # by place, in persons, floored
    sigma: float  # of the noise of one place's popularity
    shows: Shows

    def parts(self, axis: Axis, values: Sequence[str]) -> Floats:
        """Return places × values: the part of each place's events that says the value."""
        counts = np.asarray(self.shows.counts[axis], dtype=np.float64)
        totals = np.asarray(self.shows.totals, dtype=np.float64)
        found: Floats = counts / np.maximum(totals, 1.0)[:, None]
        if axis == "discipline":
            for row, kind, total in zip(found, self.kinds, totals, strict=True):
                if not total and kind.value in values:
                    row[values.index(kind.value)] = 1.0
        return found


def axes_of(edition: Edition) -> dict[Axis, list[str]]:
    """Return the axes of an edition's release of tags, with their values; none where it has no such release."""
    vectors = {
        v.name: v for each in edition.releases if each.measure == MEASURE for v in each.vectors
    }
    named: list[tuple[Axis, Vector | None]] = [(a, vectors.get(f"tags-{a}-value")) for a in AXES]
    return {axis: [key[0] for key in vector.keys] for axis, vector in named if vector is not None}


def shows_of(
    catalogues: Iterable[Catalogue],
    place_of: dict[str, str],
    places: Sequence[str],
    edition: Edition,
) -> Shows:
    """Return what places show in an edition's window, by public catalogues.

    Args:
        catalogues: of any venues; those that are no member's are left out.
        place_of: the place of each member.
        places: in the order of the model's items.
        edition: whose tags are counted. An event whose days lie all outside its window does not count, nor one that
            is sensitive, which nobody is shown; one without days does. Nor is a value shown that too few houses of
            groups say (``contracts.tags_shown``): nobody was counted for it. A house's events weigh no more than
            ``MOST_EVENTS`` in a value.
    """
    own = sorted((shown(c) for c in catalogues if c.venue in place_of), key=lambda each: each.venue)
    window, axes = (edition.first_day, edition.last_day), axes_of(edition)
    row_of = {place: n for n, place in enumerate(places)}
    totals = [0] * len(places)
    counts = {axis: [[0] * len(values) for _ in places] for axis, values in axes.items()}
    at = {axis: _counted(axis, axes[axis], own, place_of, window) for axis in axes}
    for catalogue in own:
        row = row_of[place_of[catalogue.venue]]
        events = [event for event in catalogue.events if meets(event, window)]
        totals[row] += len(events)
        for axis, values in at.items():
            for said, often in Counter(tag_of(event, axis) for event in events).items():
                if said in values:
                    counts[axis][row][values[said]] += min(often, MOST_EVENTS)
    return Shows(catalogues_sha256(own), totals, counts)


def _counted(
    axis: Axis,
    values: list[str],
    own: Iterable[Catalogue],
    place_of: dict[str, str],
    window: tuple[str, str],
) -> dict[str | None, int]:
    """Return the position of each value that was counted, as it is compared."""
    held = Counter(place_of.values())
    gathered = {venue for venue, place in place_of.items() if held[place] > 1}
    shown_widely = widely_shown(own, gathered, axis, window)
    every = axis == "discipline"  # of the charter's own word, whatever catalogues show
    return {
        spoken(value): n for n, value in enumerate(values) if every or spoken(value) in shown_widely
    }


def fits(shows: Shows, edition: Edition, places: int) -> bool:
    """Return whether *shows* tells of the axes and values of the edition's release of tags, and of so many places."""
    sizes = {axis: len(values) for axis, values in axes_of(edition).items()}
    return (
        len(shows.totals) == places
        and shows.counts.keys() == sizes.keys()
        and all(len(shows.counts[axis]) == places for axis in sizes)
        and all(len(row) == sizes[axis] for axis in sizes for row in shows.counts[axis])
    )


def shows_in(said: TagTastes) -> Shows:
    """Return what a model says that the places show: what anybody makes it again from."""
    return Shows(said.catalogue_sha256, said.events, {axis.axis: axis.shown for axis in said.axes})


def tastes_of(edition: Edition, known: Houses) -> TagTastes | None:
    """Return the tags block; None where the edition has no such measure."""
    release = next((each for each in edition.releases if each.measure == MEASURE), None)
    if release is None:
        return None
    vectors = {vector.name: vector for vector in release.vectors}
    axes = [
        _axis(axis, vectors[f"tags-{axis}-value"], vectors[f"tags-{axis}-pair"], known)
        for axis in axes_of(edition)
    ]
    return TagTastes(
        catalogue_sha256=known.shows.sha256,
        rho_micro=release.rho_micro,
        events=known.shows.totals,
        axes=axes,
    )


def _axis(axis: Axis, alone: Vector, pairs: Vector, known: Houses) -> AxisTastes:
    values = [key[0] for key in alone.keys]
    persons = np.asarray(alone.values, dtype=np.float64) / alone.unit_milli
    sigma = sigma_of(alone)
    items = _items(persons, sigma, known.parts(axis, values), known)
    lifts = _lifts(values, pairs, items)
    return AxisTastes(
        axis=axis,
        values=values,
        persons_milli=[round(max(float(count), 0.0) * MILLI) for count in persons],
        events=[sum(column) for column in zip(*known.shows.counts[axis], strict=True)],
        shown=known.shows.counts[axis],
        affinity_milli=[[round(float(lift) * MILLI) for lift in row] for row in lifts],
    )


def _items(persons: Floats, sigma: float, parts: Floats, known: Houses) -> Floats:
    """Return places × values: the public of each value by place, from both margins, each as far as it tells.

    A value's public is that of its places by what they show, times how far its own count stands from it beside other
    values: shrunk to one by the noise of both against the spread of all. Unlike ``attributes.lifts_of``, it shrinks
    to one and to no mean of their own, for the usual is taken off before; and their spread is found at once, without
    rounds.
    """
    table = parts * known.popularity[:, None]
    sums, seen = table.sum(axis=0), np.maximum(persons, 1.0)
    told = sums > _LEAST  # else no catalogue shows it any more: seen evenly, for nothing says where
    if not told.any():
        return np.outer(known.popularity / known.popularity.sum(), seen)
    usual = float(seen[told].sum() / sums[told].sum())
    shift = np.divide(seen, sums * usual, out=np.ones_like(seen), where=told) - 1.0
    own = (sigma / usual) ** 2 + known.sigma**2 * (parts**2).sum(axis=0)
    noise = own[told] / sums[told] ** 2
    weight = np.maximum(noise, _LEAST) ** -2.0
    spread = max(float(((shift[told] ** 2 - noise) * weight).sum() / weight.sum()), 0.0)
    shift[told] *= spread / np.maximum(spread + noise, _LEAST)
    table[:, ~told] = (known.popularity / known.popularity.sum())[:, None] * seen[~told] / usual
    found: Floats = table * np.clip(1.0 + shift, FEW, MANY)
    return found


def _lifts(values: list[str], pairs: Vector, items: Floats) -> Floats:
    """Return the lifts of the values, from the noisy table of their pairs, shrunk by its noise."""
    count = len(values)
    cells = np.asarray(pairs.values, dtype=np.float64) / pairs.unit_milli
    table = np.zeros((count, count))
    for (a, b), value in zip(combinations_with_replacement(range(count), 2), cells, strict=True):
        table[a, b] = table[b, a] = value if a == b else value / 2
    there = np.nonzero(items > _LEAST)
    sigma = sigma_of(pairs)
    lifts = lifts_of(Tagged(there[1], table, sigma), items[there])
    return (lifts + lifts.T) / 2


def cells_of(known: Houses, places: Sequence[str], said: TagTastes) -> list[Cell]:
    """Return places by discipline, for places whose catalogue shows several: each place's people by its events' parts.

    No charge: the place's popularity is published, and what it shows is public.
    """
    axis = next((each for each in said.axes if each.axis == "discipline"), None)
    if axis is None:
        return []
    parts = known.parts("discipline", axis.values)
    return [
        Cell(
            place=place, discipline=Discipline(value), popularity_milli=round(part * people * MILLI)
        )
        for place, people, row in zip(
            places, known.popularity.tolist(), parts.tolist(), strict=True
        )
        if sum(part > 0 for part in row) > 1
        for value, part in zip(axis.values, row, strict=True)
        if part > 0
    ]


def discipline_lifts(said: TagTastes | None, disciplines: Sequence[Discipline]) -> Floats | None:
    """Return disciplines × disciplines from the release of tags; None where it does not tell of disciplines.

    One that the release does not name (of a group of several) goes by chance.
    """
    axis = next((a for a in said.axes if a.axis == "discipline"), None) if said else None
    if axis is None:
        return None
    at = [axis.values.index(k.value) if k.value in axis.values else -1 for k in disciplines]
    table = np.asarray(axis.affinity_milli, dtype=np.float64) / MILLI
    lifts = np.ones((len(at), len(at)))
    for i, a in enumerate(at):
        for j, b in enumerate(at):
            if min(a, b) >= 0:
                lifts[i, j] = table[a, b]
    return lifts
