"""The one form of a request's meaning: whoever means the same people by it says the same thing, byte for byte.

Estimates are computed on this form alone, so that two ways to say one thing have one answer: a second way
would draw nothing new, for the answers are read in what is published.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from contracts.audience import (
    Ages,
    AudienceSpec,
    Bought,
    Contacted,
    Distances,
    Histories,
    History,
    Homes,
    Houses,
    Incident,
    Level,
    Loyalties,
    Predicate,
    Rung,
    Subscribers,
    Tastes,
)
from contracts.base import canonical
from contracts.visit import AgeBand, DistanceBand

Single = Ages | Distances | Loyalties | Histories
"""Predicates on traits of which everybody has exactly one value."""

_WHOLE: Final[Mapping[type[Single], tuple[str, ...]]] = {
    Ages: tuple(AgeBand),
    Distances: tuple(DistanceBand),
    Loyalties: tuple(Rung),
    Histories: tuple(History),
}
_NAMES: Final[Mapping[type[Predicate], str]] = {
    Ages: "age",
    Distances: "distance",
    Loyalties: "loyalty",
    Histories: "history",
    Homes: "home",
    Tastes: "taste",
    Houses: "house",
    Bought: "bought",
}
_LEVELS: Final = tuple(Level)


class NobodyMeant(ValueError):
    """The predicates contradict each other: whoever the houses know, nobody can be meant."""


def canonical_spec(spec: AudienceSpec) -> AudienceSpec:
    """Return the one form of *spec*: the same for every order, repetition and redundant predicate.

    - A trait with one value each is one predicate: what is left of it after every predicate has spoken.
    - A predicate that everybody fulfils, or that another one implies, is gone.
    - « Not contacted for 30 days » holds « not for 7 days »; « has seen dance or opera » holds « has seen dance ».

    Raises:
        NobodyMeant: no person can fulfil it, whatever the houses know.
    """
    wanted, unwanted = _tidy(spec.include), _tidy(spec.exclude)
    kept = [*_single(wanted, unwanted), *_narrowest(wanted)]
    left = _widest(unwanted)
    if homes := _homes(wanted, unwanted):
        kept.append(homes)
        left = [predicate for predicate in left if not isinstance(predicate, Homes)]
    if any(_implies(one, other) for one in kept for other in left):
        raise NobodyMeant("A predicate is asked for and excluded at once; take one of them out.")
    return AudienceSpec(include=sorted(kept, key=canonical), exclude=sorted(left, key=canonical))


def _single(wanted: Sequence[Predicate], unwanted: Sequence[Predicate]) -> Iterator[Predicate]:
    for kind, whole in _WHOLE.items():
        values = set(whole)
        for predicate in wanted:
            if isinstance(predicate, kind):
                values &= set(predicate.values)
        for predicate in unwanted:
            if isinstance(predicate, kind):
                values -= set(predicate.values)
        if not values:
            raise NobodyMeant(f"No value of « {_NAMES[kind]} » is left; widen what is asked for.")
        if len(values) < len(whole):
            yield _with(kind, values)


def _homes(wanted: Sequence[Predicate], unwanted: Sequence[Predicate]) -> Homes | None:
    """Where départements are asked for, those that are excluded are taken out of them."""
    asked = [set(p.values) for p in wanted if isinstance(p, Homes)]
    if not asked:
        return None
    left = set.intersection(*asked)
    left -= {code for p in unwanted if isinstance(p, Homes) for code in p.values}
    if not left:
        raise NobodyMeant("No département is left; widen what is asked for.")
    return Homes(trait="home", values=sorted(left))


def _narrowest(wanted: Sequence[Predicate]) -> list[Predicate]:
    """Of what must all be true, what no other one implies."""
    rest = [p for p in wanted if not isinstance(p, Single | Homes)]
    return [p for p in rest if not any(q != p and _implies(q, p) for q in rest)]


def _widest(unwanted: Sequence[Predicate]) -> list[Predicate]:
    """Of what must all be false, what implies no other one; lists of one kind are one list."""
    rest = [p for p in unwanted if not isinstance(p, Single)]
    joined = _tidy([_joined(predicate, rest) for predicate in rest])
    return [p for p in joined if not any(q != p and _implies(p, q) for q in joined)]


def _joined(predicate: Predicate, rest: Sequence[Predicate]) -> Predicate:
    """Return *predicate* with the values of all others that differ from it by their values alone."""
    if isinstance(predicate, Homes | Bought):
        kin = [p for p in rest if isinstance(p, type(predicate))]
        return _with(type(predicate), {value for p in kin for value in p.values})
    if isinstance(predicate, Tastes | Houses):
        same = [p for p in rest if isinstance(p, type(predicate)) and p.level == predicate.level]
        return _with(type(predicate), {v for p in same for v in p.values}, level=predicate.level)
    return predicate


def _implies(one: Predicate, other: Predicate) -> bool:
    """Tell that whoever fulfils *one* fulfils *other*."""
    if isinstance(one, Contacted | Incident):
        return isinstance(other, type(one)) and one.days <= other.days
    if isinstance(one, Subscribers):
        return isinstance(other, Subscribers)
    if not isinstance(other, type(one)) or not set(one.values) <= set(other.values):
        return False
    if isinstance(one, Tastes | Houses) and isinstance(other, Tastes | Houses):
        return _holds(one.level, other.level)
    return True


def _holds(one: Level, other: Level) -> bool:
    """Tell that a level holds another: often is once; half of few visits may be one visit."""
    if Level.MAIN in (one, other):
        return one is other or (one is Level.MAIN and other is Level.ONCE)
    return _LEVELS.index(one) >= _LEVELS.index(other)


def _tidy(predicates: Iterable[Predicate]) -> list[Predicate]:
    """Return them once each, their lists in one order and without repetition."""
    found: dict[bytes, Predicate] = {}
    for predicate in predicates:
        plain = predicate.model_dump()
        if "values" in plain:
            plain["values"] = sorted(set(plain["values"]))
        tidied = type(predicate).model_validate(plain)
        found[canonical(tidied)] = tidied
    return list(found.values())


def _with(kind: type[Predicate], values: Iterable[str], **more: object) -> Predicate:
    plain = {"trait": _NAMES[kind], "values": sorted(values), **more}
    return kind.model_validate(plain, strict=False)
