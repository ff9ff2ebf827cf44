"""French school holidays, by the ministry's calendar: days on which at least one zone has no school.

Source: arrêtés fixing the school calendars 2023-2024 to 2026-2027 (education.gouv.fr), mainland zones
A, B and C; the last day of each line is the eve of the return to class. People from afar may come from
any zone, so the union is what tells a tourist season.
"""

import datetime as dt
from typing import Final

_SPANS: Final = (
    # all zones, then winter and spring from the first zone that leaves to the last that returns
    ("2023-09-01", "2023-09-03"), ("2023-10-21", "2023-11-05"), ("2023-12-23", "2024-01-07"),
    ("2024-02-10", "2024-03-10"), ("2024-04-06", "2024-05-05"), ("2024-07-06", "2024-09-01"),
    ("2024-10-19", "2024-11-03"), ("2024-12-21", "2025-01-05"),
    ("2025-02-08", "2025-03-09"), ("2025-04-05", "2025-05-04"), ("2025-07-05", "2025-08-31"),
    ("2025-10-18", "2025-11-02"), ("2025-12-20", "2026-01-04"),
    ("2026-02-07", "2026-03-08"), ("2026-04-04", "2026-05-03"), ("2026-07-04", "2026-08-31"),
    ("2026-10-17", "2026-11-01"), ("2026-12-19", "2027-01-03"),
    ("2027-02-06", "2027-03-07"), ("2027-04-03", "2027-05-02"), ("2027-07-03", "2027-08-31"),
)  # fmt: skip
FIRST: Final = dt.date(2023, 9, 1)
LAST: Final = dt.date(2027, 8, 31)
"""The days that the calendar is known for."""

_EPOCH: Final = dt.date(1970, 1, 1)


def spans() -> tuple[list[int], list[int]]:
    """Return the first and last days of each span, in days since 1970."""
    numbers = [[(dt.date.fromisoformat(day) - _EPOCH).days for day in span] for span in _SPANS]
    return [first for first, _ in numbers], [last for _, last in numbers]


def days(first: dt.date, last: dt.date) -> list[int]:
    """Return, for each day from *first* to *last*, 1 when at least one zone is on holiday, else 0."""
    start = first.toordinal()
    every = [0] * (last.toordinal() - start + 1)
    epoch = _EPOCH.toordinal()
    for began, ended in zip(*spans(), strict=True):
        for day in range(max(began + epoch - start, 0), min(ended + epoch - start + 1, len(every))):
            every[day] = 1
    return every


def covers(first: dt.date, last: dt.date) -> bool:
    """Tell whether the calendar is known for every day of a window."""
    return first >= FIRST and last <= LAST


def is_holiday(day: dt.date) -> bool:
    """Tell whether at least one zone is on holiday."""
    return any(first <= day.isoformat() <= last for first, last in _SPANS)
