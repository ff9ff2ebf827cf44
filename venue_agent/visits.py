"""Makes visits of ticket lines: one per person, event and day, whatever number of seats."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contracts.visit import LEAD_CAP_DAYS, LEAD_UNKNOWN, Channel, Discipline, YesNo
from venue_agent.bands import party_bands, price_bands
from venue_agent.catalogue import LocalCatalogue
from venue_agent.settings.mapping import Values
from venue_agent.sources.tables import same_words
from venue_agent.texts import taken

GROUP_SIZE: Final = 10  # seats in one order from which it is a group's, not a household's
HISTORY_DAYS: Final = 365  # how far back the export must go before a first visit is called one
ONE_VISIT: Final = ["person", "event_date", "event_id", "discipline"]
CHANNELS: Final = tuple(channel.value for channel in Channel)
LEADS: Final = tuple(str(days) for days in range(LEAD_UNKNOWN, LEAD_CAP_DAYS + 1))
MARKS: Final = ("", *(str(mark) for mark in range(11)))  # out of ten; -1 unknown
FIRST_TIME: Final = (YesNo.UNKNOWN.value, YesNo.NO.value, YesNo.YES.value)


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
    and the month is that of the day which leaves. Sorted by person, then by ONE_VISIT.
    """
    frame = _described(lines, rules).sort_values("booked", kind="stable")
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
    for column, words, least in (
        ("lead_days", LEADS, LEAD_UNKNOWN),
        ("satisfaction", MARKS, -1),
        ("channel", CHANNELS, 0),
    ):
        visits[column] = taken(words, visits[column].to_numpy() - least, visits.index)
    days, dates = pd.factorize(visits["event_date"])
    for column, form in (("month", "%Y-%m"), ("event_date", "%Y-%m-%d")):
        visits[column] = taken(pd.DatetimeIndex(dates).strftime(form).tolist(), days, visits.index)
    for column in ("event_id", "discipline"):
        visits[column] = visits[column].astype("str")
    return visits


def _described(lines: pd.DataFrame, rules: VisitRules) -> pd.DataFrame:
    day = lines["event_at"].dt.normalize()
    event, discipline = _events(lines, rules)
    party = lines.groupby([lines["person"], lines["order"], day], observed=True)["person"]
    seats = party.transform("size")
    channel = _channels(lines["channel"], rules.values)
    return pd.DataFrame(
        {
            "person": lines["person"],
            "event_id": event,
            "discipline": discipline,
            "event_date": _monday(day) if rules.granularity == "week" else day,
            "day": day,
            "booked": lines["booked"],
            "lead_days": _leads(day, lines["booked"]),
            "channel": np.where(seats >= GROUP_SIZE, CHANNELS.index(Channel.GROUP), channel),
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
    return _coded(ids, places, lines.index), _coded(kinds, places, lines.index)


def _monday(day: pd.Series) -> pd.Series:
    monday: pd.Series = day - pd.to_timedelta(day.dt.day_of_week, unit="D").astype("timedelta64[s]")
    return monday


def _coded(words: list[str], places: NDArray[np.integer], index: pd.Index) -> pd.Series:
    """Return the words at *places* as categories in alphabetical order: to sort them is to sort numbers."""
    each = sorted(set(words))
    codes = np.searchsorted(np.array(each), np.array(words)) if words else np.zeros(0, dtype=int)
    return pd.Series(
        pd.Categorical.from_codes(codes[places], categories=pd.Index(each)), index=index
    )


def _leads(day: pd.Series, booked: pd.Series) -> pd.Series:
    """Return whole days from purchase to event, 0 to the cap; -1 where the purchase has no date."""
    days = (day - booked.dt.normalize()).dt.days.clip(0, LEAD_CAP_DAYS)
    return pd.Series(days.fillna(LEAD_UNKNOWN), index=day.index, dtype="int64")


def _channels(texts: pd.Series, values: Values) -> NDArray[np.integer]:
    """Return the place of each line's channel in CHANNELS."""
    known = {same_words(word): channel for word, channel in values.channel.items()}
    words = texts.cat.categories
    table = [CHANNELS.index(known.get(same_words(w), values.default_channel)) for w in words]
    found: NDArray[np.integer] = np.array(table, dtype="int8")[texts.cat.codes.to_numpy()]
    return found


def _first_times(visits: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    """Return whether each visit is the person's first here, among the rows that may leave.

    "yes" only where these rows go back a year before it: a short export would call everyone new.
    """
    earliest = visits.groupby("person")["day"].transform("min")
    first = visits["day"] == earliest
    known_since = lines["event_at"].min()
    seen = (visits["day"] - known_since) >= pd.Timedelta(days=HISTORY_DAYS)
    return taken(FIRST_TIME, np.where(~first, 1, np.where(seen, 2, 0)), visits.index)
