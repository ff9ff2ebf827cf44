"""What this house's lists owe other houses by the charter: so many people are told of them, whatever the dial says.

Those people are the likeliest to like them, chosen by score alone: the dial does not come into it, so
that moving it up still takes no discovery away.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts.advice import AdviceRules
from contracts.charter import Charter
from venue_agent.recommend.dial import Items, Lists, small
from venue_agent.recommend.people import People
from venue_agent.recommend.places import place_of
from venue_agent.recommend.scores import Scorer, shares


@dataclass(frozen=True)
class Kinds:
    """People, and their kinds: one row of each kind, and each person's kind."""

    people: People
    first: NDArray[np.int64]
    kind: NDArray[np.int64]


def debts(scorer: Scorer, charter: Charter, venue: str, told: int) -> dict[int, int]:
    """Return for each item owed something how many of *told* places it is due, the greatest debt first.

    - « à soutenir »: its part of ``supported_percent`` of all places told;
    - the less visited half: ``floor_percent`` of its share of the visits to the other houses.
    """
    rules = charter.advice or AdviceRules()
    slugs = [item.item for item in scorer.model.items]
    own = place_of(charter, venue)
    due = dict.fromkeys(range(len(slugs)), 0)
    supported = sorted({place_of(charter, each) for each in rules.supported} & {*slugs} - {own})
    for place in supported:
        due[slugs.index(place)] = math.ceil(told * rules.supported_percent / 100 / len(supported))
    others = np.array([slug != own for slug in slugs])
    share = np.where(others, scorer.popularity, 0.0)
    share /= float(share.sum())
    for item in np.flatnonzero(small(scorer) & others).tolist():
        floor = math.ceil(told * rules.floor_percent / 100 * float(share[item]))
        due[item] = max(due[item], floor)
    return dict(sorted(((i, n) for i, n in due.items() if n), key=lambda each: -each[1]))


def assign(scorer: Scorer, kinds: Kinds, due: dict[int, int]) -> Items:
    """Return for each person the item that her list must hold, -1 for none; one each at most.

    The greatest debt is served first; when there are too few people the last ones are not met, and
    the report says so.
    """
    given = np.full(len(kinds.kind), -1, dtype=np.int64)
    if not due:
        return given
    items = list(due)
    found = [
        (shares(scorer.scores(part))[:, items], part.closed[:, items])
        for part in kinds.people.parts(kinds.first, scorer.batch)
    ]
    likely, closed = (np.concatenate(each) for each in zip(*found, strict=True))
    for column, item in enumerate(items):
        free = np.flatnonzero((given < 0) & ~closed[kinds.kind, column])
        order = np.argsort(-likely[kinds.kind[free], column], kind="stable")
        given[free[order[: due[item]]]] = item
    return given


def paid(scorer: Scorer, due: dict[int, int], lists: Lists) -> dict[str, dict[str, int]]:
    """Return for each place owed something what it was due and how often it is told of."""
    counts = np.bincount(lists.items[lists.told], minlength=len(scorer.popularity))
    slugs = [item.item for item in scorer.model.items]
    return {slugs[item]: {"due": n, "told": int(counts[item])} for item, n in due.items()}
