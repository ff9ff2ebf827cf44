"""What a house may say of its regulars' tastes, by published rules: five families, five levels between two disciplines.

Assigned here, for assiduous people alone; nobody else has a profile, and no profile leaves the house.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from contracts.model import Bridge, Model
from contracts.typology import FAMILIES, LEVELS, affinity, family
from contracts.visit import Discipline
from venue_agent.desk import Desk
from venue_agent.hearing import Progress
from venue_agent.home import lists as files
from venue_agent.recommend.advise import Asked, open_public
from venue_agent.recommend.public import Public
from venue_agent.recommend.scores import Scorer, shares
from venue_agent.screen import values
from venue_agent.words import _, mark

Pair = tuple[Discipline, Discipline]
KINDS: Final = tuple(Discipline)
HEADER: Final = ("customer", "email", "profile", "first_discipline", "affinity")
TOWARDS: Final = ("customer", "email", "profile", "affinity", "rank", "share")
FAMILY: Final = MappingProxyType(
    {
        "single": mark("one discipline only"),
        "anchored": mark("one discipline first"),
        "pair": mark("two disciplines together"),
        "eclectic": mark("eclectic"),
        "curious": mark("curious"),
    }
)
"""Each family in words."""
LEVEL: Final = MappingProxyType(
    {
        "only-a": mark("{a} only"),
        "mostly-a": mark("above all {a}"),
        "both": mark("{a} and {b} alike"),
        "mostly-b": mark("above all {b}"),
        "only-b": mark("{b} only"),
    }
)
"""Each level in words."""
LOVERS: Final = ("only-a", "mostly-a")
"""Levels of those who love the first of two disciplines and could discover the second."""


@dataclass(frozen=True)
class Profiles:
    """Row by row of the public: her family and her level between two disciplines, "" without a profile."""

    public: Public
    family: list[str]
    first: list[str]  # the discipline that she sees most, by its short name
    level: list[str]

    @property
    def known(self) -> int:
        """How many people have a profile."""
        return sum(map(bool, self.family))

    def counts(self) -> dict[str, int]:
        """Return how many people are of each family and of each level."""
        named = [*self.family, *self.level]
        return {name: named.count(name) for name in (*FAMILIES, *LEVELS)}


def profiles(desk: Desk, pair: Pair | None, progress: Progress) -> tuple[Profiles, Model]:
    """Return the profiles of the house's consenting adults; errors as ``advise.open_public``."""
    have, public = open_public(desk, Asked(), progress)
    return profiles_of(public, pair), have.model


def profiles_of(public: Public, pair: Pair | None) -> Profiles:
    """Return the profiles; people of the same visits have the same one."""
    rows, kind = np.unique(public.regular, axis=0, return_inverse=True)
    made = [_profile(row, pair) for row in rows.tolist()]
    each = [made[n] for n in kind.ravel()]
    return Profiles(public, *([found[part] for found in each] for part in range(3)))


def _profile(visits: list[int], pair: Pair | None) -> tuple[str, str, str]:
    if not any(visits):
        return "", "", ""
    level = ""
    if pair is not None:
        a, b = (visits[KINDS.index(kind)] for kind in pair)
        level = affinity(a, b) if a or b else ""
    return family(visits), KINDS[int(np.argmax(visits))].value, level


def write(desk: Desk, found: Profiles, pair: Pair | None) -> Path:
    """Write everybody's profile in words; return the file."""
    return files.write(desk.home, "profiles.csv", files.as_csv(HEADER, _rows(found, pair)))


def _rows(found: Profiles, pair: Pair | None) -> Iterator[tuple[str, ...]]:
    customers, emails = found.public.of("customer"), found.public.of("email")
    for n, hers in enumerate(found.family):
        said = _(FAMILY[hers]) if hers else _("insufficient profile")
        first = values.said("discipline", found.first[n]) if hers else ""
        yield customers[n], emails[n], said, first, in_words(found.level[n], pair)


def in_words(level: str, pair: Pair | None) -> str:
    """Return a level in words, "" without one."""
    if not level or pair is None:
        return ""
    a, b = (values.said("discipline", kind.value) for kind in pair)
    return _(LEVEL[level]).format(a=a, b=b)


def towards(model: Model, found: Profiles, pair: Pair) -> list[tuple[int, float]]:
    """Return the lovers of the first discipline, those likeliest to go to the second before the others.

    Each with the share of the second discipline's places in her scores by the network's model. Those who
    saw it already, a little, go before those who never did.
    """
    lovers = np.array([n for n, level in enumerate(found.level) if level in LOVERS], dtype=np.int64)
    scorer = Scorer(model)
    wanted = np.array([item.discipline == pair[1] for item in model.items])
    parts = [
        shares(scorer.scores(part))[:, wanted].sum(axis=1)
        for part in found.public.people.parts(lovers, scorer.batch)
    ]
    share = np.concatenate([np.zeros(0), *parts])
    tasted = np.array([found.level[n] == "mostly-a" for n in lovers.tolist()], dtype=np.bool_)
    order = np.lexsort((-share, ~tasted))
    return [(int(lovers[n]), float(share[n])) for n in order]


def write_towards(desk: Desk, found: Profiles, pair: Pair, ranked: list[tuple[int, float]]) -> Path:
    """Write the lovers of one discipline who are open to another, the likeliest first; return the file."""
    customers, emails = found.public.of("customer"), found.public.of("email")
    rows = (
        (customers[n], emails[n], _(FAMILY[found.family[n]]), in_words(found.level[n], pair), rank, f"{share:.4f}")
        for rank, (n, share) in enumerate(ranked, start=1)
    )  # fmt: skip
    name = f"bridge-{pair[0].value}-{pair[1].value}.csv"
    return files.write(desk.home, name, files.as_csv(TOWARDS, rows))


def works(model: Model, discipline: Discipline) -> list[Bridge]:
    """Return the programmes that led the network's people to a discipline, the strongest first."""
    found = [bridge for bridge in model.bridges if bridge.discipline == discipline]
    return sorted(found, key=lambda bridge: -bridge.persons_milli)
