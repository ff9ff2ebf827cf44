"""Makes visits of ticket lines: one per person, event and day, whatever number of seats."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from contracts.visit import LEAD_CAP_DAYS, LEAD_UNKNOWN, Channel, Discipline, YesNo
from venue_agent.bands import party_bands, price_bands
from venue_agent.catalogue import LocalCatalogue
from venue_agent.settings.mapping import Values
from venue_agent.sources.tables import same_words

GROUP_SIZE: Final = 10  # seats in one order from which it is a group's, not a household's
HISTORY_DAYS: Final = 365  # how far back the export must go before a first visit is called one
ONE_VISIT: Final = ["person", "event_id", "discipline", "event_date"]


@dataclass(frozen=True)
class VisitRules:
    """What decides how a line becomes a visit."""

    catalogue: LocalCatalogue
    values: Values
    discipline: Discipline  # of the venue, where the event is not in the catalogue
    granularity: Literal["day", "week"]


def make_visits(lines: pd.DataFrame, rules: VisitRules) -> pd.DataFrame:
    """Return ``person, month`` and VISIT_COLUMNS but the handle and the distance, as wire text.

    The first purchase gives lead time and channel; the largest order gives the party; the dearest
    seat gives the price. The event's day is the Monday of its week where the charter says week,
    and the month is that of the day which leaves.
    """
    frame = _described(lines, rules).sort_values([*ONE_VISIT, "booked"], kind="stable")
    grouped = frame.groupby(ONE_VISIT, sort=True, observed=True)
    visits = grouped.agg(
        lead_days=("lead_days", "max"),
        channel=("channel", "first"),
        party=("party", "max"),
        price_cents=("price_cents", "max"),
        satisfaction=("satisfaction", "max"),
        day=("day", "min"),
    ).reset_index()
    visits["first_time_here"] = _first_times(visits, lines)
    visits["party_band"] = party_bands(visits["party"])
    visits["price_band"] = price_bands(visits["price_cents"])
    visits["lead_days"] = visits["lead_days"].astype("str")
    rated = visits["satisfaction"].astype("str")
    visits["satisfaction"] = rated.where(visits["satisfaction"] >= 0, "")
    visits["month"] = visits["event_date"].dt.strftime("%Y-%m").astype("str")
    visits["event_date"] = visits["event_date"].dt.strftime("%Y-%m-%d").astype("str")
    return visits


def _described(lines: pd.DataFrame, rules: VisitRules) -> pd.DataFrame:
    day = lines["event_at"].dt.normalize()
    weekday = pd.to_timedelta(day.dt.day_of_week, unit="D").astype("timedelta64[s]")
    event, discipline = _events(lines, rules)
    party = lines.groupby([lines["person"], lines["order"], day], observed=True)["person"]
    seats = party.transform("size")
    channel = _channels(lines["channel"], rules.values)
    return pd.DataFrame(
        {
            "person": lines["person"],
            "event_id": event,
            "discipline": discipline,
            "event_date": day - weekday if rules.granularity == "week" else day,
            "day": day,
            "booked": lines["booked"],
            "lead_days": _leads(day, lines["booked"]),
            "channel": np.where(seats >= GROUP_SIZE, Channel.GROUP.value, channel),
            "party": seats,
            "price_cents": lines["price_cents"],
            "satisfaction": lines["satisfaction"],
        }
    )


def _events(lines: pd.DataFrame, rules: VisitRules) -> tuple[pd.Series, pd.Series]:
    """Return event id and discipline of each line; a sensitive event is its discipline only."""
    titles, keys = lines["title"], lines["event_key"]
    codes = titles.cat.codes.to_numpy("int64") * (len(keys.cat.categories) + 1)
    codes += keys.cat.codes.to_numpy("int64")
    _, first, places = np.unique(codes, return_index=True, return_inverse=True)
    found = [
        rules.catalogue.find(t, k)
        for t, k in zip(titles.iloc[first], keys.iloc[first], strict=True)
    ]
    ids = ["" if event is None or event.sensitive else event.event for event in found]
    kinds = [(event.discipline if event else rules.discipline).value for event in found]
    return (
        pd.Series(np.array(ids, dtype=object)[places], index=lines.index),
        pd.Series(np.array(kinds, dtype=object)[places], index=lines.index),
    )


def _leads(day: pd.Series, booked: pd.Series) -> pd.Series:
    """Return whole days from purchase to event, 0 to the cap; -1 where the purchase has no date."""
    days = (day - booked.dt.normalize()).dt.days.clip(0, LEAD_CAP_DAYS)
    return pd.Series(days.fillna(LEAD_UNKNOWN), index=day.index, dtype="int64")


def _channels(texts: pd.Series, values: Values) -> pd.Series:
    known = {same_words(word): channel.value for word, channel in values.channel.items()}
    table = [
        known.get(same_words(word), values.default_channel.value) for word in texts.cat.categories
    ]
    return pd.Series(np.array(table, dtype=object)[texts.cat.codes.to_numpy()], index=texts.index)


def _first_times(visits: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    """Return whether each visit is the person's first here, among the rows that may leave.

    "yes" only where these rows go back a year before it: a short export would call everyone new.
    """
    earliest = visits.groupby("person")["day"].transform("min")
    first = visits["day"] == earliest
    known_since = lines["event_at"].min()
    seen = (visits["day"] - known_since) >= pd.Timedelta(days=HISTORY_DAYS)
    words = np.where(~first, YesNo.NO.value, np.where(seen, YesNo.YES.value, YesNo.UNKNOWN.value))
    return pd.Series(words, index=visits.index, dtype="str")
