"""Finds whom a request means among the house's own people; give it the canonical form: its meaning is that one's."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contracts.audience import (
    Ages,
    AudienceSpec,
    Bought,
    Contacted,
    Distances,
    Histories,
    Homes,
    Houses,
    Incident,
    Level,
    Loyalties,
    Predicate,
    Subscribers,
    Tastes,
)
from venue_agent.audiences.traits import Traits

Flags = NDArray[np.bool_]


def matching(spec: AudienceSpec, traits: Traits) -> Flags:
    """Return, in the order of ``traits.persons``, who fulfils all that is asked and nothing that is excluded.

    A house knows its own visits alone: nobody is known to have been anywhere else.
    """
    found = np.ones(len(traits.persons), dtype=np.bool_)
    for predicate in spec.include:
        found &= _fulfils(predicate, traits)
    for predicate in spec.exclude:
        found &= ~_fulfils(predicate, traits)
    return found


def elsewhere(spec: AudienceSpec, venue: str) -> list[str]:
    """Return the other houses that a request speaks of: this one cannot know who went there."""
    named = [p.values for p in (*spec.include, *spec.exclude) if isinstance(p, Houses)]  # noqa: PD011
    return sorted({house for houses in named for house in houses} - {venue})


def _fulfils(predicate: Predicate, traits: Traits) -> Flags:
    match predicate:
        case Ages() | Distances() | Homes() | Loyalties() | Histories():
            return _is_one(traits.persons[predicate.trait], predicate.values)
        case Subscribers():
            return traits.persons["subscriber"].to_numpy(dtype=np.bool_)
        case Contacted():
            return np.asarray(traits.persons["contacted"] <= predicate.days, dtype=np.bool_)
    return _by_visits(predicate, traits)


def _by_visits(predicate: Tastes | Houses | Bought | Incident, traits: Traits) -> Flags:
    match predicate:
        case Tastes():
            return _fond(traits, predicate)
        case Houses():
            here = traits.setting.venue in predicate.values  # noqa: PD011 - no frame
            least = 2 if predicate.level is Level.OFTEN else 1  # her known visits are all here
            return np.asarray((traits.persons["visits"] >= least) & here, dtype=np.bool_)
        case Bought():
            return _has(traits, traits.visits["event_id"].isin(list(predicate.values)))
    return _has(traits, _troubled(traits, predicate.days))


def _is_one(values: pd.Series, wanted: Iterable[str]) -> Flags:
    return np.asarray(values.isin([str(value) for value in wanted]), dtype=np.bool_)


def _fond(traits: Traits, taste: Tastes) -> Flags:
    """Return who is fond of one of the disciplines, each counted by itself."""
    counts = _counts(traits, [kind.value for kind in taste.values])  # noqa: PD011 - no frame
    total = traits.persons["visits"].to_numpy()[:, None]
    enough = {
        Level.ONCE: counts >= 1,
        Level.OFTEN: counts >= 2,  # noqa: PLR2004 - twice
        Level.MAIN: (counts >= 1) & (2 * counts >= total),
    }
    return np.asarray(enough[taste.level].any(axis=1), dtype=np.bool_)


def _counts(traits: Traits, kinds: list[str]) -> NDArray[np.int64]:
    """Return persons × kinds: visits that took place."""
    past = traits.visits[traits.visits["past"]]
    table = pd.crosstab(past["person"], past["discipline"])
    whole = table.reindex(index=traits.persons.index, columns=kinds, fill_value=0)
    return np.asarray(whole.to_numpy(), dtype=np.int64)


def _has(traits: Traits, visits: pd.Series) -> Flags:
    """Return who has one of the visits that are flagged."""
    return np.asarray(
        traits.persons.index.isin(traits.visits.loc[visits, "person"]), dtype=np.bool_
    )


def _troubled(traits: Traits, days: int) -> pd.Series:
    """Return the visits to an event that went wrong on that day, so many days ago at most."""
    today = traits.setting.today
    recent = {
        f"{event}|{day}"
        for event, day in traits.setting.incidents
        if 0 <= (today - pd.Timestamp(day).date()).days <= days
    }
    whole = traits.visits["event_id"].astype("str") + "|" + traits.visits["event_date"].astype("str")  # fmt: skip
    return whole.isin(recent)
