"""Contact pressure, a courtesy and no privacy bound: who has had enough lists, and what she was told already."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from venue_agent.desk import Desk
from venue_agent.people.handles import Handles
from venue_agent.people.tellings import Tellings
from venue_agent.recommend.public import Public

WITHIN_DAYS: Final = 30
FRESH_DAYS: Final = 90
KEPT_DAYS: Final = 400  # afterwards nothing is kept of what was told
LISTS: Final = 2


@dataclass(frozen=True)
class Courtesy:
    """How often one person may hear from this house, and whether of the same place again."""

    lists: int = LISTS  # in 30 days; 0: no cap
    again: bool = False  # places told in the last 90 days may be told again


USUAL: Final = Courtesy()


def spared(
    desk: Desk, public: Public, slugs: tuple[str, ...], length: int, courtesy: Courtesy
) -> tuple[Public, int]:
    """Return whom to advise now, without what she was told lately, and how many are left in peace.

    A place told lately may come again when fewer than *length* others are left to her.
    """
    today = desk.clock.now().date()
    past = tellings(desk).past(public.keys, _day(today, FRESH_DAYS), today.isoformat())
    start = _day(today, WITHIN_DAYS)
    counts = np.array([sum(day >= start for day in each) for each in past], dtype=np.int64)
    enough = (counts >= courtesy.lists) if courtesy.lists else np.zeros(len(counts), dtype=np.bool_)
    if not courtesy.again:
        known = {slug: at for at, slug in enumerate(slugs)}
        lately = np.zeros(public.people.seen.shape, dtype=np.bool_)
        for row, each in enumerate(past):
            lately[row, [known[p] for places in each.values() for p in places if p in known]] = True
        lately[(~(public.people.seen | lately)).sum(axis=1) < length] = False
        public = replace(public, people=replace(public.people, told=lately))
    rows: NDArray[np.int64] = np.flatnonzero(~enough)
    return public.part(rows), int(enough.sum())


def remember(desk: Desk, lists: list[tuple[tuple[str, ...], list[str]]]) -> None:
    """Write down today's lists: each person's keys, and the places that she is told of."""
    today = desk.clock.now().date()
    tellings(desk).write(today.isoformat(), lists, _day(today, KEPT_DAYS))


def tellings(desk: Desk) -> Tellings:
    """Return this house's memory of what it told."""
    return Tellings(Handles(desk.home.state, desk.config.venue))


def _day(today: dt.date, days: int) -> str:
    return (today - dt.timedelta(days=days)).isoformat()
