"""Each person's best items by score alone, for many people: block by block, or by a compiled loop where there is one."""

import importlib
import importlib.util
from typing import Any, Final

import numpy as np

from venue_agent.recommend.dial import Lists
from venue_agent.recommend.gauges import lists_of, most_relevant
from venue_agent.recommend.people import People
from venue_agent.recommend.ranks import PLACES
from venue_agent.recommend.scores import Scorer

WORTH_COMPILING: Final = 50_000  # kinds of people: below, compiling takes longer than the work


def tops(scorer: Scorer, people: People, length: int) -> Lists:
    """Return the *length* best items of each person by score, without any dial."""
    if len(people) >= WORTH_COMPILING and scorer.compiles and can_compile():
        return tops_compiled(scorer, people, length)
    return tops_by_blocks(scorer, people, length)


def can_compile() -> bool:
    """Return whether the extra ``fast`` is installed."""
    return importlib.util.find_spec("numba") is not None


def tops_by_blocks(scorer: Scorer, people: People, length: int) -> Lists:
    """Return what ``tops`` does, a few people at a time in one piece of memory."""
    count = len(scorer.popularity)
    scores = np.empty((min(scorer.batch, max(len(people), 1)), count))
    lists = Lists.empty(len(people), min(length, count))
    for at in range(0, len(people), scorer.batch):
        part = people.part(slice(at, at + scorer.batch))
        scorer.write(scores[: len(part)], part)
        lists.put(at, most_relevant(scores[: len(part)], length))
    return lists


def tops_compiled(scorer: Scorer, people: People, length: int) -> Lists:
    """Return what ``tops`` does, by the compiled loop; people without any visit go by blocks.

    Raises:
        ModuleNotFoundError: the extra ``fast`` is not installed.
    """
    compiled: Any = importlib.import_module("venue_agent.recommend.compiled")
    count = len(scorer.popularity)
    order = np.argsort(scorer.discipline, kind="stable")
    place = np.argsort(order)
    edges = np.searchsorted(scorer.discipline[order], np.arange(len(scorer.shelves) + 1))
    weights = np.ascontiguousarray(scorer.weights[:, order])
    tables = (weights, scorer.trace[order], edges, PLACES - order)
    keys = np.empty((len(people), min(length, count)), dtype=np.int64)
    counts, items = known = scorer.known(people)
    starts = np.concatenate([[0], np.cumsum(counts)])
    shut_starts, shut = starts, items
    if people.told is not None:
        rows, shut = np.divmod(np.flatnonzero(people.closed), count)
        shut_starts = np.searchsorted(rows, np.arange(len(people) + 1))
    who = (starts, items, scorer.drawn(people, known), shut_starts, place[shut])
    compiled.fill(keys, tables, who)
    lists = lists_of(keys[:, ::-1])
    new = np.flatnonzero(people.visits == 0)
    lists.put(new, tops_by_blocks(scorer, people.part(new), length))
    return lists
