"""Contact pressure, a courtesy and no privacy bound: who has had enough lists, and what she was told already."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from venue_agent.desk import Desk
from venue_agent.people.handles import Handles
from venue_agent.people.tellings import Tellings
from venue_agent.recommend.people import Flags
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
        lately = [
            {known[p] for places in each.values() for p in places if p in known} for each in past
        ]
        people = replace(public.people, told=_open_enough(public.people.seen, lately, length))
        public = replace(public, people=people)
    rows: NDArray[np.int64] = np.flatnonzero(~enough)
    return public.part(rows), int(enough.sum())


def _open_enough(seen: Flags, lately: list[set[int]], length: int) -> NDArray[np.int64] | None:
    """Return what each was told lately, -1 where nothing; nothing of whoever has fewer than *length* places left."""
    widest = max(map(len, lately), default=0)
    if not widest:
        return None
    told = np.array([sorted(each) + [-1] * (widest - len(each)) for each in lately])
    rows = np.arange(len(told))[:, None]
    closed = seen.sum(axis=1) + ((told >= 0) & ~seen[rows, told]).sum(axis=1)
    told[seen.shape[1] - closed < length] = -1
    return told


def remember(desk: Desk, lists: list[tuple[tuple[str, ...], list[str]]]) -> None:
    """Write down today's lists: each person's keys, and the places that she is told of."""
    today = desk.clock.now().date()
    tellings(desk).write(today.isoformat(), lists, _day(today, KEPT_DAYS))


def tellings(desk: Desk) -> Tellings:
    """Return this house's memory of what it told."""
    return Tellings(Handles(desk.home.state, desk.config.venue))


def _day(today: dt.date, days: int) -> str:
    return (today - dt.timedelta(days=days)).isoformat()
