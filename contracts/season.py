"""Seasons: from 1 September to 31 August, the period over which a person's privacy loss is capped."""

import datetime as dt

SEASON_START_MONTH = 9


def season_of(day: dt.date) -> str:
    """Return the season that *day* belongs to, as ``2025-2026``."""
    first = day.year if day.month >= SEASON_START_MONTH else day.year - 1
    return f"{first}-{first + 1}"


def season_of_month(month: str) -> str:
    """Return the season of a month written ``2025-10``."""
    return season_of(first_day(month))


def first_day(month: str) -> dt.date:
    """Return the first day of a month written ``2025-10``."""
    return dt.date.fromisoformat(f"{month}-01")


def month_of(day: dt.date) -> str:
    """Return the month of *day*, as ``2025-10``."""
    return f"{day.year:04d}-{day.month:02d}"


def months_of(season: str) -> tuple[str, ...]:
    """Return the twelve months of a season, September first."""
    year = int(season[:4])
    return tuple(
        f"{year if m >= SEASON_START_MONTH else year + 1}-{m:02d}"
        for m in (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8)
    )


def first_month(season: str) -> str:
    """Return the month in which a season starts, as ``2025-09``."""
    return f"{season[:4]}-{SEASON_START_MONTH:02d}"
