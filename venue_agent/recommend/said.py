"""What shows, and things that people saw, say on the axes of a model: as positions, and what that lets expect."""

from collections.abc import Sequence

import numpy as np

from contracts.catalogue import Event
from contracts.model import Model
from contracts.tags import MOST_EXPECTED, AxisTastes, spoken, tag_of
from venue_agent.recommend.dial import Items
from venue_agent.recommend.people import Floats


def names(event: Event) -> tuple[object, ...]:
    """Return what a show is known by: its title; its work with who plays it, where it says a work."""
    work = tag_of(event, "work")
    title = spoken(event.title)
    return (title,) if work is None else (title, (work, tag_of(event, "company")))


def positions(axis: AxisTastes, said: Sequence[str | None]) -> Items:
    """Return the position on an axis of each thing said, as it is compared; -1 for none that it lists."""
    known = {spoken(value): n for n, value in enumerate(axis.values)}
    return np.array([known.get(each or "", -1) for each in said], dtype=np.int64)


def expected(axis: AxisTastes) -> Floats:
    """Return for each value the logarithm of the public that a show may expect, beside the mean; nan for no value."""
    if not sum(axis.events):
        return np.full(len(axis.values) + 1, np.nan)
    persons, events = np.array(axis.persons_milli, dtype=float), np.maximum(axis.events, 1)
    mean = max(sum(axis.persons_milli) / sum(axis.events), 1.0)
    own = np.log(np.maximum(persons / events, 1.0) / mean)
    bound = np.log(MOST_EXPECTED)
    found: Floats = np.append(np.clip(own, -bound, bound), np.nan)
    return found


def disciplines(model: Model) -> AxisTastes:
    """Return the disciplines of the pair matrix as an axis of which nothing is expected."""
    names = [kind.value for kind in model.disciplines]
    lifts = [[min(max(lift, 100), 10_000) for lift in row] for row in model.lifts_milli]
    none = [0] * len(names)
    return AxisTastes.model_construct(
        axis="discipline", values=names, persons_milli=none, events=none, shown=[], affinity_milli=lifts
    )  # fmt: skip
