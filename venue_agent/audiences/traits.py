"""What a house knows of its own people, in the traits that an order may speak of."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from contracts.audience import History, Rung
from contracts.season import first_day, first_month, season_of
from venue_agent import bands, geo
from venue_agent.frames import Consented
from venue_agent.visits import HISTORY_DAYS, VisitRules, make_visits

NEVER: Final = np.iinfo(np.int64).max
_RUNGS: Final = (*("", Rung.ONE, Rung.TWO), *(Rung.FEW,) * 3, Rung.MANY)


@dataclass(frozen=True)
class Setting:
    """From where and when the house looks at its people."""

    venue: str
    today: dt.date
    partner_at: tuple[float, float] | None  # degrees; None where nobody says where the partner is
    retention_months: int
    rules: VisitRules
    incidents: frozenset[tuple[str, str]] = frozenset()  # event id, ISO day


@dataclass(frozen=True)
class Traits:
    """Row by row the same people as ``persons``.

    ``persons``: index = person; ``age, distance, home, loyalty, history`` (one value each, "" where she has none:
    who did not come this season stands on no step), ``subscriber`` (bool), ``visits`` (that took place),
    ``contacted`` (days since the last offer, NEVER without).
    ``visits``: ``person, discipline, event_id, event_date`` (ISO day), ``past`` (bool: it took place).
    """

    persons: pd.DataFrame
    visits: pd.DataFrame
    setting: Setting


def traits_of(consented: Consented, contacted: pd.Series, setting: Setting) -> Traits:
    """Return what is known of everybody in *consented*; *contacted*: days since an offer, by person.

    Visits older than the charter's retention count for nothing; those to come count as tickets alone.
    """
    people, lines = consented.persons, consented.tickets
    oldest = pd.Timestamp(setting.today) - pd.DateOffset(months=setting.retention_months)
    visits = _visits(lines[lines["event_at"] >= oldest], setting)
    past = visits[visits["past"]]
    where = zip(people["postcode"].tolist(), people["country"].tolist(), strict=True)
    persons = pd.DataFrame(
        {
            "age": bands.age_bands(people["age"]),
            "distance": _distances(people, setting),
            "home": [geo.departement_of(p, c) for p, c in where],
            "subscriber": people["subscriber"] == "yes",
            "visits": past.groupby("person").size().reindex(people.index, fill_value=0),
            "loyalty": _loyalty(past, people.index, setting.today),
            "history": _history(past, lines, people.index, setting.today),
            "contacted": contacted.reindex(people.index, fill_value=NEVER),
        },
        index=people.index,
    )
    return Traits(persons, visits, setting)


def _visits(lines: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    if lines.empty:
        none = {"person": pd.Series(dtype="int64"), "past": pd.Series(dtype="bool")}
        return pd.DataFrame(none | dict.fromkeys(("discipline", "event_id", "event_date"), ""))
    visits = make_visits(lines, setting.rules)[["person", "discipline", "event_id", "event_date"]]
    return visits.assign(past=visits["event_date"].astype("str") <= setting.today.isoformat())


def _distances(people: pd.DataFrame, setting: Setting) -> pd.Series:
    if setting.partner_at is None:
        return pd.Series("unknown", index=people.index, dtype="str")
    return geo.distance_bands(people["postcode"], *setting.partner_at)


def _season_start(today: dt.date) -> str:
    return first_day(first_month(season_of(today))).isoformat()


def _loyalty(past: pd.DataFrame, index: pd.Index, today: dt.date) -> pd.Series:
    """Return the step of each person: her visits of this season so far."""
    season = past[past["event_date"].astype("str") >= _season_start(today)]
    counts = season.groupby("person").size().reindex(index, fill_value=0)
    places = np.minimum(counts.to_numpy(), len(_RUNGS) - 1)
    return pd.Series(np.array([str(rung) for rung in _RUNGS])[places], index=index, dtype="str")


def _history(past: pd.DataFrame, lines: pd.DataFrame, index: pd.Index, today: dt.date) -> pd.Series:
    """Return « new » where her first visit is of this season, « returning » where one is older.

    New only where the export goes back a year before: a short one would call everybody new.
    """
    first = past["event_date"].astype("str").groupby(past["person"]).min().reindex(index)
    start = _season_start(today)
    returning = (first < start).fillna(value=False).to_numpy(dtype=bool)
    known_since = lines["event_at"].min() if len(lines) else pd.Timestamp(today)
    known = (pd.to_datetime(first) - known_since.normalize()).dt.days.ge(HISTORY_DAYS)
    new = (first >= start).fillna(value=False).to_numpy(dtype=bool) & known.to_numpy(dtype=bool)
    told = np.where(returning, History.RETURNING.value, np.where(new, History.NEW.value, ""))
    return pd.Series(told, index=index, dtype="str")
