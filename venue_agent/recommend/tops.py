"""Each person's best items by score alone, for many people: block by block, or by a compiled loop where there is one."""

import importlib
import importlib.util
from typing import Any, Final

import numpy as np

from venue_agent.recommend.dial import Lists
from venue_agent.recommend.gauges import lists_of, most_relevant
from venue_agent.recommend.people import People
from venue_agent.recommend.scores import MOST, Scorer

TOGETHER: Final = 4096  # people handed to the compiled loop at once
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
    """Return what ``tops`` does, by the compiled loop; people without any visit, or who know many items, go by blocks.

    Raises:
        ModuleNotFoundError: the extra ``fast`` is not installed.
    """
    compiled: Any = importlib.import_module("venue_agent.recommend.compiled")
    width = min(length, len(scorer.popularity))
    lists, keys = Lists.empty(len(people), width), np.empty((TOGETHER, width), dtype=np.int64)
    apart = people.visits == 0
    for at in range(0, len(people), TOGETHER):
        part = people.part(slice(at, at + TOGETHER))
        known = scorer.known(part)
        told = np.empty((len(part), 0), np.int64) if part.told is None else part.told
        best = keys[: len(part)]
        compiled.fill(best, scorer.columns, (*known, scorer.drawn(part, known), told))
        lists.put(at, lists_of(best))
        apart[at : at + TOGETHER] |= known[0] > MOST
    rest = np.flatnonzero(apart)
    lists.put(rest, tops_by_blocks(scorer, people.part(rest), length))
    return lists
