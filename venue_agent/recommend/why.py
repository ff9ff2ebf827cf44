"""Says in words why a place is on somebody's list: her own visits here, and what publics do together."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from contracts.tags import spoken
from contracts.visit import Discipline
from venue_agent.recommend.dial import Items, Lists, habits, small
from venue_agent.recommend.people import Flags, People
from venue_agent.recommend.scores import Scorer, sum_rows
from venue_agent.recommend.shows import ShowScorer, Suits
from venue_agent.words import _, mark

TOGETHER: Final = 1.1  # times what popularity alone would give: then the publics go to both
LIKED: Final = MappingProxyType(
    {
        Discipline.MUSEUM: mark("going to museums"),
        Discipline.CONTEMPORARY_ART: mark("seeing contemporary art"),
        Discipline.HERITAGE: mark("visiting heritage sites"),
        Discipline.SCIENCE: mark("science exhibitions"),
        Discipline.THEATRE: mark("going to the theatre"),
        Discipline.DANCE: mark("seeing dance"),
        Discipline.BALLET: mark("going to the ballet"),
        Discipline.OPERA: mark("going to the opera"),
        Discipline.CLASSICAL: mark("listening to classical music"),
        Discipline.CONTEMPORARY_MUSIC: mark("listening to contemporary music"),
        Discipline.CIRCUS: mark("going to the circus"),
        Discipline.CINEMA: mark("going to the cinema"),
        Discipline.YOUNG_AUDIENCE: mark("shows for the young"),
        Discipline.SPORT: mark("watching sport"),
        Discipline.OTHER: mark("going out"),
    }
)
"""Each discipline after « you like »."""

AXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "period": mark("period"),
        "work": mark("work"),
        "author": mark("author or composer"),
        "company": mark("company"),
    }
)
"""Each tag of the catalogue, as it is named."""


@dataclass(frozen=True)
class Reasons:
    """Persons × length: which of the reasons hold for each place of a list."""

    together: Flags
    taste: Flags
    modest: Flags  # a small house
    popular: Flags  # nothing but that
    owed: Flags  # nothing but the charter's word


def reasons(scorer: Scorer, people: People, lists: Lists, due: Items | None = None) -> Reasons:
    """Return why; a reason never names an event, only disciplines and what the model published.

    *due*: for each person, the item that the charter put on her list, -1 for none.
    """
    told, items = lists.told, np.maximum(lists.items, 0)
    known = (people.visits > 0)[:, None] & told
    usual = habits(people)
    taste = np.take_along_axis(usual, scorer.discipline[items], 1) & known
    together: Flags = np.zeros_like(told)
    if scorer.model.method != "popularity":
        lift = np.empty(people.seen.shape)
        sum_rows(lift, scorer.draws, scorer.known(people))
        typical = np.median(lift, axis=1, keepdims=True)
        together = (np.take_along_axis(lift, items, 1) >= TOGETHER * typical) & known
    popular = told & ~taste & ~together
    owed = popular & (lists.items == (-1 if due is None else due[:, None]))
    return Reasons(together, taste, small(scorer)[items] & told, popular & ~owed, owed)


def by_tag(scorer: ShowScorer, suits: Suits, words: list[list[str]]) -> list[list[str]]:
    """Return *words* with the tag named where one speaks for the show: what she saw here, what its publics see too."""
    said = [list(row) for row in words]
    for row, rank in zip(*np.nonzero(suits.axis >= 0), strict=True):
        axis = scorer.axes[suits.axis[row, rank]]
        show, thing = scorer.shows[suits.show[row, rank]], scorer.things[suits.thing[row, rank]]
        if axis.axis == "discipline":
            if show.event.discipline == thing.discipline:  # of another one than its place
                said[row][rank] = _("Because you like {liked}.").format(liked=_(LIKED[thing.discipline]))  # fmt: skip
            continue
        shown, seen = (getattr(event, axis.axis) for event in (show.event, thing.event))
        told = _("Because you saw {tag} here ({kind}).") if spoken(shown) == spoken(seen) else _("Because those who see {seen} also see {tag} ({kind}).")  # fmt: skip
        said[row][rank] = told.format(tag=shown, seen=seen, kind=_(AXES[axis.axis]))
    return said


def sentence(reasons_: Reasons, row: int, place: int, discipline: Discipline) -> str:
    """Return the reason in the language spoken, as somebody at the counter would say it."""
    together, taste = bool(reasons_.together[row, place]), bool(reasons_.taste[row, place])
    liked = _(LIKED[discipline])
    if taste and together:
        said = _("Because you like {liked}, and our public goes there too.").format(liked=liked)
    elif taste:
        said = _("Because you like {liked}.").format(liked=liked)
    elif together:
        said = _("Because our public goes there too: a change from what you usually see.")
    elif bool(reasons_.owed[row, place]):
        return _("Because the network wants this house to be discovered.")
    else:
        said = _("Because it is much visited in the network.")
    if bool(reasons_.modest[row, place]) and not bool(reasons_.popular[row, place]):
        return f"{said} {_('A smaller house, to discover.')}"
    return said
