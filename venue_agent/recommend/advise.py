"""Advises the house's own people: reads its export, scores them with the model that is here, writes lists.

No connection is opened: what is needed was fetched by ``venue-agent model pull``.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from contracts.clock import stamp
from venue_agent.config import source_of
from venue_agent.desk import Desk
from venue_agent.errors import ConfigError, NobodyToAdvise
from venue_agent.hearing import Progress
from venue_agent.home import lists as files
from venue_agent.minimise import rules_of
from venue_agent.people.handles import Handles
from venue_agent.pipeline import consenting
from venue_agent.recommend import sheet
from venue_agent.recommend.courtesy import USUAL, Courtesy, remember, spared
from venue_agent.recommend.dial import Items, Lists, choose
from venue_agent.recommend.gauges import Gauges, gauges
from venue_agent.recommend.kept import Kept, kept, with_shows
from venue_agent.recommend.owed import Kinds, assign, debts, paid
from venue_agent.recommend.paper import paper
from venue_agent.recommend.places import Places, place_of, places_of
from venue_agent.recommend.programs import here
from venue_agent.recommend.public import LEVELS, Public, public_of
from venue_agent.recommend.scores import Scorer, shares
from venue_agent.recommend.shows import ShowScorer, Suits, joined, scorer_of
from venue_agent.recommend.tops import tops
from venue_agent.recommend.why import Reasons, by_tag, reasons, sentence
from venue_agent.rights.suppress import Suppressions
from venue_agent.visits import VisitRules
from venue_agent.words import _

HEADER: Final = ("customer", "email", "evidence", "rank", "place", "name", "discipline", "discovery", "why")  # fmt: skip
SHOWN: Final = ("house", "title", "first_day", "last_day")
RANKED: Final = ("customer", "email", "evidence", "rank", "share")


@dataclass(frozen=True)
class Asked:
    """What a run is asked for."""

    openness: int | None = None  # the network's default when None
    length: int = 3
    only: Collection[str] = ()  # local keys: nobody else
    courtesy: Courtesy | None = USUAL  # None: for the counter, where people come by themselves
    shows: bool = True  # name shows to come, where the network's catalogues are here


@dataclass(frozen=True)
class Advice:
    """Everybody's list, and what they amount to."""

    kept: Kept
    public: Public
    places: Places
    lists: Lists
    why: list[list[str]]
    openness: int
    gauges: Gauges
    rested: int = 0  # people left in peace this time
    named: Suits | None = None  # the show that each line names, where there are any
    owed: dict[str, dict[str, int]] = field(default_factory=dict)  # by place: due, told

    @property
    def header(self) -> tuple[str, ...]:
        """The names of a row's cells: those of a show come last, where any is to come."""
        return HEADER + SHOWN if self.named else HEADER

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield one row of ``header`` for each place told."""
        customers, emails = self.public.of("customer"), self.public.of("email")
        for n, items in enumerate(self.lists.items.tolist()):
            for rank, item in enumerate(items):
                if item >= 0:
                    yield (
                        customers[n], emails[n], LEVELS[self.public.level[n]], rank + 1,
                        self.places.slugs[item], self.places.names[item],
                        self._kind(n, rank, item),
                        "yes" if self.lists.discovery[n, rank] else "no", self.why[n][rank],
                        *self._shown(n, rank),
                    )  # fmt: skip

    def _kind(self, n: int, rank: int, item: int) -> str:
        at = -1 if self.named is None else int(self.named.show[n, rank])
        kind = self.places.disciplines[item] if at < 0 else self.kept.shows[at].event.discipline
        return kind.value

    def _shown(self, n: int, rank: int) -> tuple[str, ...]:
        if self.named is None:
            return ()
        at = int(self.named.show[n, rank])
        if at < 0:
            return ("",) * len(SHOWN)
        show = self.kept.shows[at]
        return show.house, show.name, show.event.first_day or "", show.event.last_day or ""


def open_public(desk: Desk, asked: Asked, progress: Progress) -> tuple[Kept, Public]:
    """Return the model that is here and the people to advise.

    Raises:
        ModelMissing, ModelRefused, CharterRefused: there is no model to use.
        NobodyToAdvise: nobody said yes.
        AgentError: the export cannot be read, as for ``preview``.
    """
    have = kept(desk.home, desk.clock)
    source = source_of(desk.home, desk.config)
    barred = Suppressions(Handles(desk.home.state, desk.config.venue)).barred()
    people = consenting(source, barred, have.charter, desk.clock, progress)[1]
    rules = rules_of(have.charter, desk.config.venue, desk.catalogue(), source.mapping.values)
    own = place_of(have.charter, desk.config.venue)
    visits = VisitRules(rules.catalogue, rules.values, rules.member.discipline, rules.granularity)
    return have, public_of(people, visits, have.model, own, only=asked.only)


def advise(desk: Desk, asked: Asked, progress: Progress) -> Advice:
    """Return everybody's list; errors as ``open_public``.

    Raises:
        NobodyToAdvise: besides, when everybody has had enough lists for now.
    """
    have, public = open_public(desk, asked, progress)
    if asked.shows:
        have = with_shows(have, here(desk.home), desk.clock.now().date())
    places = places_of(have.model, have.charter, desk.config.venue)
    if asked.courtesy is None:
        return lists_for(have, public, places, asked, progress)
    public, rested = spared(
        desk, public, places.slugs, asked.length, _courtesy(have, asked.courtesy)
    )
    if not public.keys:
        raise NobodyToAdvise(
            _(
                "Everybody has had as many lists as one person may get in 30 days. Nothing was "
                "written. Wait, or allow more with --at-most."
            )
        )
    advice = lists_for(have, public, places, asked, progress)
    return replace(advice, rested=rested)


def lists_for(
    have: Kept, public: Public, places: Places, asked: Asked, progress: Progress
) -> Advice:
    """Return the lists of people who are known already, in batches."""
    scorer, public = scorer_of(have.model, have.shows, public)
    openness = _openness(have, asked.openness)
    kinds = Kinds(public.people, *public.people.distinct())
    debt = debts(scorer, have.charter, places.venue, len(kinds.kind) * asked.length)
    rows, due, kind = _lists_apart(kinds, assign(scorer, kinds, debt))
    lists, why, named, at = [], [], [], 0
    for part in public.people.parts(rows, scorer.batch):
        progress("score", at, len(rows))
        hers = due[at : at + len(part)]
        told = choose(scorer, part, openness, asked.length, hers)
        words = _sentences(reasons(scorer, part, told, hers), told, places)
        if isinstance(scorer, ShowScorer):
            named.append(scorer.suits(part, told))
            words = by_tag(scorer, named[-1], words)
        why += words
        lists.append(told)
        at += len(part)
    whole = _joined(lists).of(kind)
    best = tops(scorer, public.people.part(rows), asked.length).of(kind)
    found = gauges(scorer, whole, best, places.kilometres)
    owed = paid(scorer, debt, whole)
    said = [why[n] for n in kind]
    shown = joined(named).of(kind) if named else None
    return Advice(have, public, places, whole, said, openness, found, owed=owed, named=shown)


def _lists_apart(kinds: Kinds, due: Items) -> tuple[Items, Items, Items]:
    """Return a row of people for each list that differs, what that list owes, and each person's list."""
    pairs = np.column_stack([kinds.kind, due])
    apart, kind = np.unique(pairs, axis=0, return_inverse=True)
    return kinds.first[apart[:, 0]], apart[:, 1], kind.ravel()


def _sentences(given: Reasons, lists: Lists, places: Places) -> list[list[str]]:
    return [
        [
            sentence(given, n, rank, places.disciplines[item]) if item >= 0 else ""
            for rank, item in enumerate(items)
        ]
        for n, items in enumerate(lists.items.tolist())
    ]


def write_lists(desk: Desk, advice: Advice, shape: str) -> Path:
    """Write everybody's list as "csv", "json", "sheet" or "pdf", and the run's report beside it; return the first."""
    files.write(desk.home, "report.json", files.as_json(report(desk, advice)))
    names = {member.venue: member.name for member in advice.kept.charter.members}
    house = names.get(desk.config.venue, desk.config.venue)
    about = advice.header, house, sheet.day_of(stamp(desk.clock.now()))
    if shape == "sheet":
        return files.write(desk.home, "counter-sheet.html", sheet.page(advice.rows(), *about))
    if shape == "pdf":
        return files.write(desk.home, "counter-sheet.pdf", paper(advice.rows(), *about))
    _remember(desk, advice)
    if shape == "json":
        rows = (dict(zip(advice.header, row, strict=True)) for row in advice.rows())
        return files.stream(desk.home, "suggestions.json", files.json_pieces(rows))
    return files.stream(desk.home, "suggestions.csv", files.csv_pieces(advice.header, advice.rows()))  # fmt: skip


def _remember(desk: Desk, advice: Advice) -> None:
    slugs = advice.places.slugs
    lists = advice.lists.items.tolist()
    told = ([slugs[item] for item in items if item >= 0] for items in lists)
    remember(desk, list(zip(advice.public.keys, told, strict=True)))


def rank_for(desk: Desk, asked: Asked, target: str, progress: Progress) -> tuple[Path, int]:
    """Write the house's people ranked for one place of the network, likeliest first; return the file and how many.

    By the share of the place in a person's scores, not by the score: who likes everything says little.

    Raises:
        ConfigError: the model does not know that place, or it is this house itself.
        AgentError: as ``open_public``.
    """
    have, public = open_public(desk, asked, progress)
    slugs = [item.item for item in have.model.items]
    own = place_of(have.charter, desk.config.venue)
    place = place_of(have.charter, target)
    if place not in slugs or place == own:
        raise ConfigError(
            _("The model knows no other place {target}. It knows: {known}.").format(
                target=target, known=", ".join(slug for slug in slugs if slug != own)
            )
        )
    if asked.courtesy is not None:
        public = spared(desk, public, tuple(slugs), asked.length, replace(_courtesy(have, asked.courtesy), again=True))[0]  # fmt: skip
    scorer, item = Scorer(have.model), slugs.index(place)
    first, kind = public.people.distinct()
    parts = [
        shares(scorer.scores(part))[:, item] for part in public.people.parts(first, scorer.batch)
    ]
    share = np.concatenate(parts)[kind]
    order = np.lexsort((-public.people.visits, -share))
    customers, emails = public.of("customer"), public.of("email")
    rows = (
        (customers[n], emails[n], LEVELS[public.level[n]], rank, f"{share[n]:.4f}")
        for rank, n in enumerate(order.tolist(), start=1)
    )
    path = files.write(desk.home, f"for-{place}.csv", files.as_csv(RANKED, rows))
    return path, len(share)


def report(desk: Desk, advice: Advice) -> dict[str, Any]:
    """Return the run's report: gauges, how much was known of people, the model's card; nobody in it."""
    card = advice.kept.model.card
    levels = np.bincount(advice.public.level, minlength=len(LEVELS))
    return {
        "made": stamp(desk.clock.now()),
        "edition": advice.kept.model.edition,
        "method": advice.kept.model.method,
        "better_than_popularity": card.better_than_popularity,
        "retained_percent": card.retained_percent,
        "openness": advice.openness,
        "rested": advice.rested,
        "owed": advice.owed,
        "evidence": dict(zip(LEVELS, levels.tolist(), strict=True)),
        **advice.gauges.plain(),
        **shows_told(advice),
    }


def shows_told(advice: Advice) -> dict[str, Any]:
    """Return how many shows are to come, and how many different ones the lists name; what is left out, if anything."""
    have, said = advice.kept, advice.kept.said_of_shows()
    if advice.named is None:
        return said
    told = np.unique(advice.named.show)
    return {"shows": len(have.shows), "shows_told": int((told >= 0).sum()), **said}


def _courtesy(have: Kept, asked: Courtesy) -> Courtesy:
    """Return what the house allows itself, no more than the charter does."""
    most = have.charter.advice.lists if have.charter.advice else 0
    return replace(asked, lists=min(asked.lists or most, most)) if most else asked


def _openness(have: Kept, asked: int | None) -> int:
    """Return where the dial stands: no lower than the model or the charter that is obeyed now says."""
    rules = have.charter.advice or have.model.dial
    stands = rules.openness if asked is None else asked
    return max(stands, have.model.dial.least, rules.least)


def _joined(parts: list[Lists]) -> Lists:
    names = [field.name for field in fields(Lists)]
    return Lists(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in names})
