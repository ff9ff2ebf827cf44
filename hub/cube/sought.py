"""Reads a partner's request in the published cube: about how many people it means, without asking any house.

Only what an edition tells is read, on the one form of the request, so that every way to say the same thing
has the same answer, at no charge and as often as one likes. What the cube does not tell (what somebody bought,
whom a house wrote to, how far she lives from the partner) can only leave fewer people: the answer then says
« at most », and which of the predicates the houses alone can apply.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from contracts.audience import Ages, AudienceSpec, Homes, Level, Loyalties, Predicate, Tastes
from contracts.audience_form import canonical_spec
from contracts.cube import Cube
from hub.cube.asked import Asked, asked
from hub.cube.estimate import Book, Estimate, Refusal, estimate

FEWEST: Final = 500
"""Under so many people no house would send anything: no figure is told either."""
_STEPS: Final = (100, 150, 200, 300, 500, 700)
"""Where the two first figures of a told number may stand; neighbours differ by half at most."""

Known = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Sought:
    """The answer to a request.

    Attributes:
        spec: the one form that was answered.
        read: what of it the cube could be asked.
        left: predicates that the houses alone can apply; with any, ``people`` is a most, not a middle.
        people, low, high: steps of the public scale; 0 is « fewer than FEWEST »; None: no answer.
        nearest: a question of the cube that has an answer, where this one has none.
    """

    spec: AudienceSpec
    read: Asked
    left: tuple[Predicate, ...]
    people: int | None
    low: int | None
    high: int | None
    nearest: Asked | None


def sought(book: Book, spec: AudienceSpec, house: str = "", *more: str) -> Sought:
    """Return about how many people of the network *spec* means, of those whose usual place is one of those named if any is.

    Raises:
        NobodyMeant: the predicates contradict each other.
        NoCube: the cube tells of no such place.
    """
    form = canonical_spec(spec)
    known, left = _readable(book.cube, form)
    if house:
        known["house"] = frozenset({house, *more})
    question = asked(book.cube, known)
    answer = estimate(book, question)
    if isinstance(answer, Refusal):
        few = 0 if answer.cause == "too-few" else None
        return Sought(form, question, left, few, few, few, answer.nearest)
    return _told(form, left, answer)


def _told(form: AudienceSpec, left: tuple[Predicate, ...], answer: Estimate) -> Sought:
    low = 0 if left else step(answer.low)
    return Sought(form, answer.asked, left, step(answer.people), low, ceiling(answer.high), None)


def ceiling(people: int) -> int:
    """Return the first step of the public scale that is not under *people*: an interval never shrinks by rounding."""
    below = step(people)
    if below in (0, people):
        return max(below, FEWEST)
    scale: int = 10 ** (len(str(below)) - len(str(_STEPS[0])))
    above = [each * scale for each in (*_STEPS, 10 * _STEPS[0]) if each * scale >= people]
    return min(above)


def step(people: int) -> int:
    """Return the step of the public scale that *people* has reached; 0 under FEWEST."""
    if people < FEWEST:
        return 0
    scale = 1
    while people >= 10 * _STEPS[0] * scale:
        scale *= 10
    return max(each * scale for each in _STEPS if each * scale <= people)


def _readable(cube: Cube, form: AudienceSpec) -> tuple[Known, tuple[Predicate, ...]]:
    """Return what the cube can be asked, and the predicates that it cannot."""
    values = {trait.trait: frozenset(trait.values) for trait in cube.traits}
    known: Known = {}
    left: list[Predicate] = []
    sides: tuple[tuple[Iterable[Predicate], Callable[[frozenset[str], frozenset[str]], frozenset[str]]], ...] = (
        (form.include, frozenset.intersection),
        (form.exclude, frozenset.difference),
    )  # fmt: skip
    for predicates, narrowed in sides:
        for predicate in predicates:
            whole = values.get(predicate.trait, frozenset())
            meant = _values(predicate)
            had = known.get(predicate.trait, whole)
            if not meant or not meant <= whole or not narrowed(had, meant):
                left.append(predicate)
            else:
                known[predicate.trait] = narrowed(had, meant)
    return known, tuple(left)


def _values(predicate: Predicate) -> frozenset[str]:
    """Return the values of the cube's trait of that name that mean the same; none where none does.

    The cube's taste is the discipline of half of somebody's visits: the main one, and no other level.
    """
    if isinstance(predicate, Tastes):
        main = predicate.level is Level.MAIN
        return frozenset(map(str, predicate.values)) if main else frozenset()
    if isinstance(predicate, Ages | Homes | Loyalties):
        return frozenset(map(str, predicate.values))
    return frozenset()
