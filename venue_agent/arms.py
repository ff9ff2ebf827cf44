"""Which activations may leave: of people who leave anyway and said yes to statistics, where the charter names them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from contracts.charter import Charter
from contracts.season import month_of
from contracts.visit import ACTIVATION_COLUMNS, ARM
from venue_agent.frames import Activation


def leaving(
    activations: Iterable[Activation], persons: pd.DataFrame, charter: Charter
) -> Mapping[str, pd.DataFrame]:
    """Return the rows of ``activations.csv`` by month, one for each person and order; nothing for most months.

    Args:
        activations: of measured orders alone; the earliest of a person and order stands.
        persons: who leaves, with her consent: without one to statistics no arm of hers does.
        charter: names the field ``arm``, or nothing leaves; keeps days, or the Mondays of their weeks.
    """
    if ARM not in charter.fields:
        return {}
    may = set(persons.loc[persons["statistics"] == "yes", "contribution_id"])
    first: dict[tuple[str, str], Activation] = {}
    for each in sorted(activations, key=lambda one: (one.day, one.arm)):
        if each.contribution_id in may:
            first.setdefault((each.contribution_id, each.order), each)
    weekly = charter.date_granularity == "week"
    rows = pd.DataFrame(
        list(_rows(first.values(), weekly=weekly)), columns=["month", *ACTIVATION_COLUMNS]
    )
    return {str(month): here for month, here in rows.groupby("month")}


def _rows(activations: Iterable[Activation], *, weekly: bool) -> Iterator[tuple[str, ...]]:
    for each in activations:
        day = dt.date.fromisoformat(each.day)
        told = day - dt.timedelta(days=day.weekday() if weekly else 0)
        yield month_of(day), each.contribution_id, each.order, each.arm, told.isoformat()
