"""What a venue may still evaluate: season and daily quotas in identifiers, charged before the key is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from types import MappingProxyType
from typing import Final

from sqlalchemy import Table, insert, select, update

from contracts.api import SMALLEST_REQUEST, Counters, SeasonCounter, Use
from hub.custodian import log, tables
from hub.custodian.errors import Malformed, QuotaExceeded
from hub.custodian.store import Transaction

MARGIN: Final = Fraction(5, 4)
"""Season quota over declared identifiers: newcomers and the padding of a large first upload."""
WEEKLY_REQUESTS: Final = 53
"""A small house's weekly newcomers are padded up; without this its quota would go in padding alone."""
DAILY_CAP: Final = 200_000
"""Default for one day: a first upload of a large house, not a dictionary of the country's phones."""


ERASURE_SHARE: Final = Fraction(1, 20)
"""Erasure quota over season quota, beside a small request a week: it pays for guesses as well as any other."""
_TABLES: Final[Mapping[Use, Table]] = MappingProxyType(
    {"linkage": tables.quota, "erasure": tables.erasure_quota}
)


@dataclass(frozen=True)
class Usage:
    """One venue's season: what it has spent, and of how much."""

    venue: str
    season: str
    spent: int
    cap: int
    use: Use = "linkage"


def cap_for(declared: int) -> int:
    """Return the season quota of a venue that declared so many identifiers."""
    return ceil(declared * MARGIN) + WEEKLY_REQUESTS * SMALLEST_REQUEST


def erasure_cap_for(cap: int) -> int:
    """Return the erasure quota of a venue whose season quota is *cap*."""
    return ceil(cap * ERASURE_SHARE) + WEEKLY_REQUESTS * SMALLEST_REQUEST


def charge(tx: Transaction, venue: str, season: str, count: int) -> None:
    """Spend *count* identifiers of the season and of the day, or nothing.

    Each is one guarded UPDATE, so that the caps hold whoever else is spending; nothing is ever refunded.

    Raises:
        QuotaExceeded: the season's or the day's quota would be passed.
    """
    with tx.connection.begin_nested():
        _spend_season(tx, Usage(venue, season, count, 0))
        _spend_day(tx, venue, count)


def charge_erasure(tx: Transaction, venue: str, season: str, count: int) -> None:
    """Spend *count* identifiers of the season's erasure quota; neither season nor day quota counts here.

    Raises:
        QuotaExceeded: it would be passed, or the venue has no quota of that season.
    """
    _open_erasure(tx, venue, season)
    _spend_season(tx, Usage(venue, season, count, 0, "erasure"))


def _open_erasure(tx: Transaction, venue: str, season: str) -> None:
    """Give *venue* the erasure quota that its season quota entails, the first time it is needed."""
    table, season_row = tables.erasure_quota, tables.quota.c
    if tx.run(select(table).where(table.c.venue == venue, table.c.season == season)).first():
        return
    here = (season_row.venue == venue, season_row.season == season)
    cap = tx.run(select(season_row.cap).where(*here)).scalar_one_or_none()
    if cap is not None:
        cap = erasure_cap_for(cap)
        tx.run(insert(table).values(venue=venue, season=season, cap=cap, spent=0))
        body = {"venue": venue, "season": season, "cap": cap, "use": "erasure"}
        log.append(tx, "quota-opened", body)


def _spend_season(tx: Transaction, asked: Usage) -> None:
    table, venue, season, count = _TABLES[asked.use], asked.venue, asked.season, asked.spent
    row = table.c
    changed = tx.run(
        update(table)
        .where(row.venue == venue, row.season == season, row.spent + count <= row.cap)
        .values(spent=row.spent + count)
    )
    if changed.rowcount != 1:
        raise QuotaExceeded(
            "{venue} asked for {count} identifiers, more than its {use} quota of season {season} holds. "
            "Approve a rebuild with `quota raise`.",
            venue=venue,
            count=count,
            use=asked.use,
            season=season,
        )


def _spend_day(tx: Transaction, venue: str, count: int) -> None:
    row, today = tables.day.c, tx.now()[:10]
    here = (row.venue == venue, row.day == today)
    if tx.run(select(tables.day).where(*here)).first() is None:
        tx.run(insert(tables.day).values(venue=venue, day=today, spent=0))
    cap = select(tables.venue.c.daily_cap).where(tables.venue.c.venue == venue).scalar_subquery()
    changed = tx.run(
        update(tables.day).where(*here, row.spent + count <= cap).values(spent=row.spent + count)
    )
    if changed.rowcount != 1:
        raise QuotaExceeded(
            "{venue} asked for {count} identifiers, more than its daily quota holds. Wait until tomorrow.",
            venue=venue,
            count=count,
        )


def open_season(tx: Transaction, venue: str, season: str, cap: int) -> None:
    """Give *venue* a season quota where it has none yet; an existing one is left as it is."""
    row = tables.quota.c
    here = (row.venue == venue, row.season == season)
    if tx.run(select(tables.quota).where(*here)).first() is None:
        tx.run(insert(tables.quota).values(venue=venue, season=season, cap=cap, spent=0))
        log.append(tx, "quota-opened", {"venue": venue, "season": season, "cap": cap})


def raise_cap(tx: Transaction, usage: Usage, *, approved_by: str) -> None:
    """Set the season's cap to ``usage.cap``, for a rebuild that somebody approved.

    Raises:
        Malformed: there is no such quota, or the new cap is not above the present one.
    """
    if usage.use == "erasure":
        _open_erasure(tx, usage.venue, usage.season)
    table = _TABLES[usage.use]
    row = table.c
    changed = tx.run(
        update(table)
        .where(row.venue == usage.venue, row.season == usage.season, row.cap < usage.cap)
        .values(cap=usage.cap)
    )
    if changed.rowcount != 1:
        raise Malformed(
            "Found no quota of {venue} for {season} below {cap}; expected to raise one. See `quota show`.",
            venue=usage.venue,
            season=usage.season,
            cap=usage.cap,
        )
    body = {
        "venue": usage.venue,
        "season": usage.season,
        "cap": usage.cap,
        "approved_by": approved_by,
    }
    log.append(tx, "quota-raised", body | ({"use": usage.use} if usage.use == "erasure" else {}))


def usages(tx: Transaction, use: Use = "linkage", venue: str = "") -> list[Usage]:
    """Return every quota of that use, or one venue's, by venue and season."""
    table = _TABLES[use]
    asked = select(table).order_by(table.c.venue, table.c.season)
    rows = tx.run(asked.where(table.c.venue == venue) if venue else asked)
    return [Usage(row.venue, row.season, row.spent, row.cap, use) for row in rows]


def counters(tx: Transaction, venue: str) -> Counters:
    """Return what *venue* has spent today and each season, and of how much; nothing is changed."""
    day, row = tables.day.c, tables.venue.c
    spent = tx.run(select(day.spent).where(day.venue == venue, day.day == tx.now()[:10]))
    cap = tx.run(select(row.daily_cap).where(row.venue == venue))
    return Counters(
        venue=venue,
        day_spent=spent.scalar_one_or_none() or 0,
        day_cap=cap.scalar_one(),
        seasons=[
            SeasonCounter(season=each.season, use=each.use, spent=each.spent, cap=each.cap)
            for use in _TABLES
            for each in usages(tx, use, venue)
        ],
    )
