"""The house's own people who said yes to recommendations, with their visits here, and nobody else."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contracts.model import Model
from contracts.season import season_of
from contracts.typology import ASSIDUOUS
from contracts.visit import Discipline
from venue_agent.catalogue import LocalCatalogue
from venue_agent.errors import NobodyToAdvise
from venue_agent.frames import Consented
from venue_agent.recommend.people import People
from venue_agent.recommend.programs import Seen
from venue_agent.visits import VisitRules, make_visits
from venue_agent.words import _

Counts = NDArray[np.int64]
ADULT: Final = 18
SAW: Final = 24  # things that somebody saw here, as many as weigh in what suits her
LEVELS: Final = ("none", "one", "some", "assiduous")
"""Evidence: no visit, one, two or more, two or more in each of two seasons that follow each other."""


@dataclass(frozen=True)
class Public:
    """Row by row: who she is to this house, what the scorer needs, how much is known of her."""

    keys: tuple[tuple[str, ...], ...]
    people: People
    level: Counts  # positions in LEVELS
    regular: (
        Counts  # persons × every discipline: visits of her two assiduous seasons, the last ones
    )
    saw: Counts | None = None  # persons × few: positions in things, the latest ones, -1 for none
    things: tuple[Seen, ...] = ()  # what this house's people saw here

    def part(self, rows: Counts) -> "Public":
        """Return some of the rows."""
        keys = tuple(self.keys[n] for n in rows.tolist())
        saw = None if self.saw is None else self.saw[rows]
        people, level, regular = self.people.part(rows), self.level[rows], self.regular[rows]
        return Public(keys, people, level, regular, saw, self.things)

    def of(self, kind: str) -> list[str]:
        """Return each person's first key of a kind ("email", "customer"), "" without."""
        start = f"{kind}:"
        return [
            next((key.removeprefix(start) for key in keys if key.startswith(start)), "")
            for keys in self.keys
        ]


def public_of(
    consented: Consented, rules: VisitRules, model: Model, own: str, *, only: Collection[str] = ()
) -> Public:
    """Return the adults who consent to recommendations.

    Args:
        consented: people who said yes to something.
        rules: how a ticket line becomes a visit.
        model: whose items and disciplines count.
        own: the place of this house.
        only: local keys ("customer:12"); nobody else is looked at when there are any.

    Raises:
        NobodyToAdvise: there is nobody.
    """
    persons = consented.persons
    willing = persons["recommendation"].astype(bool) & ~persons["age"].between(0, ADULT - 1)
    if only:
        wanted = set(only)
        willing &= persons["keys"].map(lambda keys: not wanted.isdisjoint(keys)).astype(bool)
    persons = persons[willing]
    if persons.empty:
        raise NobodyToAdvise(
            _(
                "Nobody of this venue said yes to recommendations under this charter. Nothing was "
                "written. See in the mapping which consent grants it, and in the charter its purposes."
            )
        )
    lines = consented.tickets[consented.tickets["person"].isin(persons.index)]
    visits = _visits(lines, rules)
    counts = _by_discipline(visits, persons.index, model)
    total = counts.sum(axis=1)
    mix = np.divide(counts, total[:, None], out=np.zeros_like(counts), where=total[:, None] > 0)
    here = np.array([item.item == own for item in model.items])
    seen = np.broadcast_to(here, (len(persons), len(here)))  # one row for everybody
    sizes = visits.groupby("person").size().reindex(persons.index, fill_value=0)
    visited = np.asarray(sizes.to_numpy(), dtype=np.int64)
    regular = _regular(visits, persons.index)
    level = np.minimum(visited, LEVELS.index("some"))
    level[regular.any(axis=1)] = LEVELS.index("assiduous")
    saw, things = _things(visits, persons.index, rules.catalogue)
    people = People(mix, seen, visited)
    return Public(tuple(persons["keys"]), people, level, regular, saw, things)


def _visits(lines: pd.DataFrame, rules: VisitRules) -> pd.DataFrame:
    wanted = ["person", "discipline", "event_date", "event_id"]
    if lines.empty:
        return pd.DataFrame({name: [] for name in wanted})
    return make_visits(lines, rules)[wanted]


def _things(
    visits: pd.DataFrame, persons: pd.Index, catalogue: LocalCatalogue
) -> tuple[Counts, tuple[Seen, ...]]:
    """Return what each person saw here, the latest ones, and what that was; a sensitive event is its discipline."""
    named = {event.event: event for event in catalogue.public.events if not event.sensitive}
    kinds = ["event_id", "discipline"]
    latest = visits.sort_values("event_date", ascending=False, kind="stable")
    each = latest.drop_duplicates(["person", *kinds])
    each = each[each.groupby("person").cumcount() < SAW]
    code = each.groupby(kinds, sort=True).ngroup().to_numpy()
    apart = each.iloc[np.unique(code, return_index=True)[1]]
    things = tuple(
        Seen(Discipline(kind), named.get(event))
        for event, kind in zip(apart["event_id"], apart["discipline"], strict=True)
    )
    column = each.groupby("person").cumcount().to_numpy()
    saw = np.full((len(persons), int(column.max(initial=-1)) + 1), -1, dtype=np.int64)
    saw[persons.get_indexer(pd.Index(each["person"])), column] = code
    return saw, things


def _by_discipline(visits: pd.DataFrame, persons: pd.Index, model: Model) -> NDArray[np.float64]:
    """Return persons × disciplines of the model; a discipline that it does not know counts for none."""
    kinds = [Discipline(kind).value for kind in model.disciplines]
    table = pd.crosstab(visits["person"], visits["discipline"])
    whole = table.reindex(index=persons, columns=kinds, fill_value=0)
    return np.asarray(whole.to_numpy(), dtype=np.float64)


def _regular(visits: pd.DataFrame, persons: pd.Index) -> Counts:
    """Return the visits of assiduous people by discipline, of the last two seasons that make them so; else noughts."""
    kinds = [kind.value for kind in Discipline]
    if visits.empty:
        return np.zeros((len(persons), len(kinds)), dtype=np.int64)
    days = pd.to_datetime(visits["event_date"])
    named = {day: int(season_of(day.date())[:4]) for day in days.unique()}
    season = days.map(named).astype("int64").rename("season")
    often = visits.groupby(["person", season]).size()
    kept = set(often[often >= ASSIDUOUS].index)
    last = {person: year for person, year in sorted(kept) if (person, year + 1) in kept}
    began = visits["person"].map(last)
    counted = visits[(season >= began) & (season <= began + 1)]
    table = pd.crosstab(counted["person"], counted["discipline"])
    whole = table.reindex(index=persons, columns=kinds, fill_value=0)
    return np.asarray(whole.to_numpy(), dtype=np.int64)
