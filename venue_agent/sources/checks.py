"""Catches a mapping that points at the wrong column, by looking at what the column holds."""

import re
from typing import Final

import pandas as pd

from venue_agent.errors import ColumnSwapped
from venue_agent.sources.tidy import has_rounded
from venue_agent.words import _

DATE: Final = r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}"
PLAUSIBLE: Final = {
    "email": re.compile(r"[^@]*@[^@]*"),
    "phone": re.compile(rf"(?!{DATE}\b)(?!\d+[.,]\d+$)[\d\s+().\-/']{{6,}}"),
    "postcode": re.compile(
        r"(?!(?:19\d\d|200\d|201[0-5])$)\d{4,5}|(?=.*\d)(?=.*[A-Z])[A-Z0-9]{2,5}[ -]?[A-Z0-9]{2,4}",
        re.IGNORECASE,
    ),
    "age": re.compile(r"(?:\d{1,2}|1[01]\d)(?:[.,]0+)?"),
    "birth_date": re.compile(rf"{DATE}(?:[ T].*)?|\d{{8}}"),
    "price": re.compile(r"-?\d{1,6}(?:[.,]\d{1,4})?\s*(?:€|EUR)?"),
    "last_name": re.compile(r"[^@\d]+"),
    "first_name": re.compile(r"[^@\d]+"),
    "title": re.compile(r"[^@]+"),
    "country": re.compile(r"[^@\d]+"),
    "satisfaction": re.compile(r"\d{1,2}(?:[.,]\d+)?"),
}
DATE_LIKE: Final = re.compile(rf"{DATE}(?:[ T].*)?|\d{{8}}")
ENOUGH: Final = 0.5  # share of the distinct values that must look right
KEYS: Final = ("ticket", "order", "customer", "event_key")
FEW: Final = 3  # distinct values below which nothing can be said


def check_content(frame: pd.DataFrame, columns: dict[str, str]) -> None:
    """Refuse a column whose values do not look like the field it is mapped to.

    ``columns``: field -> column of *frame* (categorical). Values are never echoed.

    Raises:
        ColumnSwapped: fewer than half of the distinct values look like the field, or a key was
            rounded by a spreadsheet.
    """
    for field, column in columns.items():
        if field in PLAUSIBLE:
            _check(field, column, frame[column])
        if field in KEYS and has_rounded(frame[column]):
            raise ColumnSwapped(
                _(
                    "The column « {column} » holds numbers that a spreadsheet rounded (1,23E+12): "
                    "different tickets or people would look the same. Export it again, and do not "
                    "save it from a spreadsheet."
                ).format(column=column)
            )


def check_order(booked: pd.Series, event_at: pd.Series) -> None:
    """Refuse dates of booking and event that are crossed; raise ColumnSwapped."""
    both = booked.notna() & event_at.notna()
    if both.sum() >= FEW and (booked[both].dt.normalize() > event_at[both]).mean() > ENOUGH:
        raise ColumnSwapped(
            _(
                "Most bookings are dated after their event: the columns mapped to booked and "
                "event_date are probably swapped. Correct the mapping."
            )
        )


def _check(field: str, column: str, values: pd.Series) -> None:
    uniques = [text.strip() for text in values.cat.categories if text.strip()]
    if len(uniques) < FEW:
        return
    good = sum(PLAUSIBLE[field].fullmatch(text) is not None for text in uniques)
    if good >= ENOUGH * len(uniques):
        return
    dates = sum(DATE_LIKE.fullmatch(text) is not None for text in uniques)
    seen = _("dates") if dates > ENOUGH * len(uniques) else _("something else")
    raise ColumnSwapped(
        _(
            "The column « {column} » is mapped to {field}, but most of its values look "
            "like {seen}. Correct the mapping."
        ).format(column=column, field=field, seen=seen)
    )
