"""Finds how a column writes its dates, and whether they say the hour."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import pandas as pd

from venue_agent.sources.dates import parse, with_time

FORMATS: Final = (
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%d/%m/%y %H:%M:%S",
    "%d/%m/%y %H:%M",
    "%d/%m/%y",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d/%m/%Y à %H:%M",
    "%d/%m/%Y %Hh%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%m/%d/%y %H:%M",
    "%m/%d/%y",
)
ENOUGH: Final = 0.99
WORTH: Final = 0.005  # of the cells, that one more format must read
PLAUSIBLE: Final = (1950, 2060)  # %y reads « 2015 » as 2020: years beside these betray a format
TIMES: Final = 0.9


class Dates(NamedTuple):
    """The formats of a column, the share of its filled cells that they read, and what is doubtful."""

    formats: tuple[str, ...]
    share: float
    hours: bool  # some cell says another hour than midnight
    doubtful: bool  # the day could be the month


def find_dates(texts: pd.Series) -> Dates:
    """Return how *texts* (categorical) writes dates; ``share`` is 0 where it writes none."""
    filled = texts[texts.astype("str").str.strip() != ""]
    if filled.empty:
        return Dates((), 0.0, hours=False, doubtful=False)
    reads = {written: _read(filled, [written]) for written in FORMATS}
    chosen: list[str] = []
    unread = pd.Series(data=True, index=filled.index)
    while unread.mean() > 1 - ENOUGH:
        gains = {written: int((read.notna() & unread).sum()) for written, read in reads.items()}
        best = max(FORMATS, key=lambda written: gains[written])  # the first of equals: day first
        if gains[best] < max(1.0, WORTH * len(filled)):
            break
        chosen.append(best)
        unread &= reads[best].isna()
    found = _read(filled, chosen)
    hours = bool(((found.dt.hour * 60 + found.dt.minute).fillna(0) > 0).any())
    return Dates(tuple(chosen), float(1 - unread.mean()), hours, _doubtful(chosen, reads))


def are_times(texts: pd.Series) -> bool:
    """Return whether *texts* (categorical) are hours of the day, most of them not midnight."""
    filled = texts[texts.astype("str").str.strip() != ""]
    if filled.empty:
        return False
    days = pd.Series(pd.Timestamp("2000-01-01"), index=filled.index).astype("datetime64[s]")
    return bool((with_time(days, filled) != days).mean() > TIMES)


def _read(texts: pd.Series, formats: Sequence[str]) -> pd.Series:
    found = parse(texts, formats, iso=False)
    first, last = PLAUSIBLE
    return found.where(found.dt.year.between(first, last))


def _doubtful(chosen: list[str], reads: dict[str, pd.Series]) -> bool:
    """Whether the same cells read as well with the month first."""
    for written in chosen:
        other = written.replace("%d/%m", "%m/%d")
        if other != written and other in reads and bool(reads[other].notna().all()):
            return True
    return False
