"""Each person's best items by score alone, for many people: block by block, or by a compiled loop where there is one."""

import importlib
import importlib.util
from typing import Any, Final

import numpy as np

from venue_agent.recommend.dial import Lists
from venue_agent.recommend.gauges import most_relevant
from venue_agent.recommend.people import People, spread
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
    twins: Any = importlib.import_module("venue_agent.recommend.twins")
    lists = Lists.empty(len(people), min(length, len(scorer.popularity)))
    places, told = people.first_places(MOST + 1), people.told
    told = np.empty((len(people), 0), np.int64) if told is None else told
    mix, places, told = map(np.ascontiguousarray, (people.mix, places, told))
    apart = people.visits == 0
    if places.shape[1] > MOST:
        apart |= places[:, MOST] >= 0
    before = -apart.astype(np.int64)
    who = mix.view(np.uint64), places, told
    odd = spread(sum(numbers.shape[1] for numbers in who))
    twins.look_back(before, twins.slots_for(len(people)), odd, who)
    for at in range(0, len(people), TOGETHER):
        drawn = mix[at : at + TOGETHER] @ scorer.lifts
        compiled.fill(at, before, (lists.items, lists.relevance), scorer.columns, (places, told, drawn))  # fmt: skip
    rest = np.flatnonzero(apart)
    lists.put(rest, tops_by_blocks(scorer, people.part(rest), length))
    return lists
